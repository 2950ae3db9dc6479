package recap

import (
	"fmt"
	"io"
	"strconv"

	"h48/internal/kit/i18n"
	"h48/internal/kit/sheet"
)

// figure is one number with its name; a number of 0 was not counted.
type figure struct {
	key string // of its name
	n   int
}

// list are the plain counts, in the order of the story.
func (f Figures) list() []figure {
	all := []figure{
		{"recap.figure.registered", f.Registered}, {"recap.figure.came", f.Came}, {"recap.figure.teams", f.Teams},
		{"recap.figure.submitted", f.Submitted}, {"recap.figure.mentors", f.Mentors}, {"recap.figure.jurors", f.Jurors},
		{"recap.figure.crew", f.Crew}, {"recap.figure.requests", f.Requests}, {"recap.figure.sessions", f.Sessions}, {"recap.figure.ballots", f.Ballots},
		{"recap.figure.meals", f.Meals}, {"recap.figure.cups_out", f.CupsOut}, {"recap.figure.cups_back", f.CupsBack},
	}
	var counted []figure
	for _, one := range all {
		if one.n > 0 {
			counted = append(counted, one)
		}
	}
	return counted
}

// label names a row of the profiles.
func label(l i18n.Locale, r Row) string {
	switch {
	case r.Other:
		return l.T("recap.other")
	case r.Key != "" && l.Has(r.Key):
		return l.T(r.Key)
	case r.Label != "":
		return r.Label
	}
	return r.Key
}

// writeNumbers writes the figures as a file for spreadsheets: what, how many, percent.
func writeNumbers(w io.Writer, l i18n.Locale, f Figures) error {
	separator := ','
	if l.Lang == i18n.French {
		separator = ';'
	}
	out, err := sheet.NewWriter(w, separator)
	if err != nil {
		return fmt.Errorf("writing the numbers: %w", err)
	}
	lines := [][]string{{l.T("recap.csv.what"), l.T("recap.csv.number"), l.T("recap.csv.percent")}}
	for _, one := range f.list() {
		lines = append(lines, []string{l.T(one.key), strconv.Itoa(one.n), ""})
	}
	if f.MedianWait > 0 {
		lines = append(lines, []string{l.T("recap.csv.wait"), strconv.Itoa(int(f.MedianWait.Seconds())), ""})
	}
	for _, r := range Rows(f.Profiles, f.People()) {
		lines = append(lines, []string{label(l, r), strconv.Itoa(r.N), strconv.Itoa(r.Percent)})
	}
	for _, won := range f.Prizes {
		lines = append(lines, []string{won.Prize + " · " + won.Project + " · " + won.Team, strconv.FormatInt(won.Cents/100, 10), ""})
	}
	for _, line := range lines {
		if err := out.Write(line...); err != nil {
			return fmt.Errorf("writing the numbers: %w", err)
		}
	}
	return out.Flush()
}
