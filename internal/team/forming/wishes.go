package forming

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/names"
)

// Refusal is somebody with whom a person would rather not be. It is theirs alone.
type Refusal struct {
	Name  string `json:"name"`
	Never bool   `json:"never,omitempty"` // in no case, instead of "rather not"
}

// Wishes are what one person would like of their team. Every one may stay open.
type Wishes struct {
	With      []string  `json:"with,omitempty"` // names, as they typed them
	Not       []Refusal `json:"not,omitempty"`
	Languages []string  `json:"languages,omitempty"`
	// Prefs are challenges, the one they like best first; Excluded those that they do not
	// want to work on at all.
	Prefs    []string `json:"prefs,omitempty"`
	Excluded []string `json:"excluded,omitempty"`
	// Away are the half-days at which they are not there, counted from 0.
	Away []int `json:"away,omitempty"`
	// Tags are the organiser's words that they tick so as not to be the only one.
	Tags []string `json:"tags,omitempty"`
	// Group is the code that those who want to stay together share.
	Group string `json:"-"`
}

// How many wishes there may be.
const (
	mostWith = 5
	mostNot  = 3
	mostName = 80
)

// tidy trims what was typed, keeps what can be chosen and says what is wrong.
func (w Wishes) tidy(r Rules, challenges []Challenge, halfDays int) (Wishes, error) {
	var f errs.Fields
	w.With = words(w.With)
	if len(w.With) > mostWith {
		f.Add("with", "forming.wishes.with_many", "most", mostWith)
	}
	var not []Refusal
	for _, n := range w.Not {
		if n.Name = strings.Join(strings.Fields(n.Name), " "); n.Name != "" {
			not = append(not, n)
		}
	}
	w.Not = not
	if len(w.Not) > mostNot {
		f.Add("not", "forming.wishes.not_many", "most", mostNot)
	}
	for _, name := range w.With {
		if utf8.RuneCountInString(name) > mostName {
			f.Add("with", "forming.wishes.name_long", "most", mostName)
		}
		if slices.ContainsFunc(w.Not, func(n Refusal) bool { return names.Fold(n.Name) == names.Fold(name) }) {
			f.Add("not_1", "forming.wishes.both", "name", name)
		}
	}
	known := func(id string) bool {
		return slices.ContainsFunc(challenges, func(c Challenge) bool { return c.ID == id })
	}
	w.Prefs, w.Excluded = kept(w.Prefs, known), kept(w.Excluded, known)
	w.Prefs = kept(w.Prefs, func(id string) bool { return !slices.Contains(w.Excluded, id) })
	if len(challenges) > 0 && len(w.Excluded) == len(challenges) {
		f.Add("excluded", "forming.wishes.all_excluded")
	}
	w.Languages = kept(w.Languages, func(l string) bool { return slices.Contains(r.Languages, l) })
	w.Tags = kept(w.Tags, func(t string) bool { return slices.Contains(r.Tags, t) })
	w.Away = slices.DeleteFunc(slices.Clone(w.Away), func(n int) bool { return n < 0 || n >= halfDays })
	slices.Sort(w.Away)
	w.Away = slices.Compact(w.Away)
	return w, f.Err()
}

// kept are the values that pass, once each.
func kept(values []string, pass func(string) bool) []string {
	var all []string
	for _, v := range values {
		if pass(v) && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

// said says whether the person wished for anything.
func (w Wishes) said() bool {
	return len(w.With)+len(w.Not)+len(w.Languages)+len(w.Prefs)+len(w.Excluded)+len(w.Away)+len(w.Tags) > 0 || w.Group != ""
}

// HalfDay is a part of the event in which people are there or not.
type HalfDay struct {
	From time.Time
	Part string // morning, afternoon, evening
}

// mostHalfDays keeps the page of a long event readable.
const mostHalfDays = 30

// halfDays cuts the working time of an edition, from its start to the hand-in, into the
// mornings, afternoons and evenings of its zone. Nights are nobody's duty.
func halfDays(e edition.Edition) []HalfDay {
	from, to := e.At[edition.Starts], e.At[edition.HandIn]
	if to.IsZero() {
		to = e.At[edition.Ends]
	}
	if from.IsZero() || !from.Before(to) {
		return nil
	}
	from = from.In(e.Zone)
	var all []HalfDay
	day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, e.Zone)
	for ; day.Before(to) && len(all) < mostHalfDays; day = day.AddDate(0, 0, 1) {
		for _, p := range []struct {
			part        string
			begin, ends int
		}{{"morning", 8, 13}, {"afternoon", 13, 19}, {"evening", 19, 23}} {
			at := func(hour int) time.Time { return time.Date(day.Year(), day.Month(), day.Day(), hour, 0, 0, 0, e.Zone) }
			if begin := at(p.begin); begin.Before(to) && at(p.ends).After(from) {
				all = append(all, HalfDay{From: begin, Part: p.part})
			}
		}
	}
	return all
}
