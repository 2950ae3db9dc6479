// Package recap tells the story of an edition from its facts: numbers, teams, winners,
// pictures, thanks to the partners.
//
// The program writes a draft, the organiser makes it theirs and publishes it; writing it
// anew brings the numbers up to date and leaves their words alone. Counts come first and
// percentages from them, so that every table adds up, with a row for what nobody said.
// The package counts nothing itself: it asks for the figures.
package recap

import (
	"context"
	"slices"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Facts are where the figures come from.
type Facts interface {
	Figures(ctx context.Context, q sqldb.Querier, e edition.ID) (Figures, error)
}

// Figures are what an edition can count. A figure that nobody counted is 0 and is not
// told.
type Figures struct {
	Registered int `json:"registered"`
	Came       int `json:"came"`
	// Profiles count those who came, or who registered where nobody was checked in; those
	// who said nothing need not be among them.
	Profiles   []Count       `json:"profiles"`
	Teams      int           `json:"teams"`
	Submitted  int           `json:"submitted"`
	Mentors    int           `json:"mentors"`
	Jurors     int           `json:"jurors"`
	Crew       int           `json:"crew"`
	Requests   int           `json:"requests"` // for help
	MedianWait time.Duration `json:"median_wait"`
	Sessions   int           `json:"sessions"`
	Meals      int           `json:"meals"`
	Ballots    int           `json:"ballots"`  // of the public's votes
	CupsOut    int           `json:"cups_out"` // handed out with a deposit
	CupsBack   int           `json:"cups_back"`
	Prizes     []Won         `json:"prizes"`
	Partners   []string      `json:"partners"`
}

// Count is how many there are of something: Key names it in the catalogue, Label in
// words where it is not there.
type Count struct {
	Key   string `json:"key,omitempty"`
	Label string `json:"label,omitempty"`
	N     int    `json:"n"`
}

// Won is a prize with its laureates.
type Won struct {
	Prize   string `json:"prize"`
	Cents   int64  `json:"cents"`
	Team    string `json:"team"`
	Project string `json:"project"`
	Pitch   string `json:"pitch"`
}

// People is how many the profiles are of: those who came, or who registered where nobody
// was checked in.
func (f Figures) People() int {
	if f.Came > 0 {
		return f.Came
	}
	return f.Registered
}

// Row is one line of a table that adds up.
type Row struct {
	Count
	Percent int
	// Other marks the line of what was not said or fits nowhere else.
	Other bool
}

// Rows are the counts with their percentages and the line of the rest, which is there
// even where it is empty: whole numbers that sum to 100, or to 0 for nobody. Where the
// counts are more than there are people, the table is of the counts.
func Rows(counts []Count, people int) []Row {
	rows, numbers, said := make([]Row, 0, len(counts)+1), make([]int, 0, len(counts)+1), 0
	for _, c := range counts {
		c.N = max(c.N, 0)
		said += c.N
		rows, numbers = append(rows, Row{Count: c}), append(numbers, c.N)
	}
	rest := max(people-said, 0)
	rows = append(rows, Row{Count: Count{N: rest}, Other: true})
	for i, p := range Percentages(append(numbers, rest)) {
		rows[i].Percent = p
	}
	return rows
}

// Percentages are the counts' shares in whole percent by the largest remainder: each is
// its exact share rounded up or down, and together they are 100, or 0 where all counts
// are. Equal remainders favour the larger count, then the earlier one.
func Percentages(counts []int) []int {
	total := 0
	for _, n := range counts {
		total += n
	}
	percent, left := make([]int, len(counts)), 100
	if total == 0 {
		return percent
	}
	order := make([]int, len(counts))
	for i, n := range counts {
		percent[i] = n * 100 / total
		left -= percent[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if d := counts[b]*100%total - counts[a]*100%total; d != 0 {
			return d
		}
		return counts[b] - counts[a]
	})
	for _, i := range order[:left] {
		percent[i]++
	}
	return percent
}

// Recap is the story as it stands.
type Recap struct {
	Edition   edition.ID
	Text      string // Markdown
	Edited    bool
	Figures   Figures
	Written   time.Time // zero before the first draft
	Published time.Time // zero while it is not public
}

// Public says whether everybody may read it.
func (r Recap) Public() bool { return !r.Published.IsZero() }

// Picture is one picture of the recap.
type Picture struct {
	ID          string
	Edition     edition.ID
	Key         string // of the file
	ContentType string
	Alt         string // what it shows, to who cannot see it
	Credit      string
	// Consent says how those who are seen agreed; it is not published.
	Consent string
}

// Bounds of what an organiser writes and uploads.
const (
	longestText    = 10_000 // bytes, as kit/markdown asks
	longestLine    = 500
	mostPictures   = 40
	largestPicture = 12 << 20
)
