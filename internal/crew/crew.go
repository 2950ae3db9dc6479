// Package crew plans who of the crew works where and when. The organiser writes posts with
// their hours and how many people each needs; the crew say on their phones when they can,
// what they know and what they would rather not do; engine/planning/shifts makes a plan; the
// organiser moves people, sees what that would break, and publishes. Who finds that they
// cannot says so, and the organiser sees who could step in.
//
// Nobody learns of a plan before it is published, and nobody is ever planned on a shift that
// they said they cannot work. The room counts no hours that were worked: it plans.
package crew

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"h48/engine/planning/shifts"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
)

// PostID names a post, ShiftID a shift.
type (
	PostID  string
	ShiftID string
)

// Post is a place at which the crew works.
type Post struct {
	ID      PostID
	Name    string
	Place   string
	Task    string
	Contact string // who leads it and how to reach them
	Skill   string // that everybody there needs; "" for none
	// Position is its place in the list.
	Position int
}

// Shift is a stretch of time at a post.
type Shift struct {
	ID     ShiftID
	Post   PostID
	Start  time.Time
	End    time.Time
	Wanted int
}

// Length is how long the shift is.
func (s Shift) Length() time.Duration { return s.End.Sub(s.Start) }

// On says whether the shift is being worked.
func (s Shift) On(now time.Time) bool { return !now.Before(s.Start) && now.Before(s.End) }

// Duty is one person on one shift.
type Duty struct {
	Shift   ShiftID
	Who     account.ID
	Planned bool // stands in the organiser's plan
	Told    bool // stands in what the person was told
	Locked  bool // planning leaves it alone
	No      time.Time
	Why     string // why they cannot, in their words
}

// Span is a stretch of time in which somebody can work.
type Span struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Offer is what somebody of the crew says of themselves.
type Offer struct {
	Free   []Span   `json:"free"`
	Skills []string `json:"skills"`
	Rather []PostID `json:"rather_not"`
	Never  []PostID `json:"never"`
	// Wish is how many hours they would like, Most how many they can at most; 0 leaves it
	// to the organiser.
	Wish int `json:"wish"`
	Most int `json:"most"`
	// Said is when they said so; the zero time for never.
	Said time.Time `json:"-"`
}

// Silent says whether nothing was said yet: nobody is planned before they say when they can.
func (o Offer) Silent() bool { return o.Said.IsZero() }

// Member is somebody of the crew.
type Member struct {
	ID    account.ID
	Name  string
	Email string
	Offer Offer
}

// Book is what holds for the whole crew, and how the plan stands.
type Book struct {
	Rest      time.Duration // between two turns of work
	Most      time.Duration // of anybody, in all
	Job       string        // the last that was to make a plan
	Planned   time.Time
	Published time.Time
}

// usualBook is what holds where nobody said otherwise: six hours of rest let somebody who
// watched until two be there again at eight.
var usualBook = Book{Rest: 6 * time.Hour, Most: 16 * time.Hour}

// Limits of what can be written.
const (
	mostName   = 80
	mostText   = 1000
	mostWanted = 200
	mostShifts = 48 // of one stretch of time cut into shifts
	longest    = 24 * time.Hour
)

// MaxBlock is the longest time that anybody works without a rest.
const MaxBlock = shifts.MaxBlock * time.Minute

// Refusals that callers decide on.
var (
	ErrPlanning  = errs.New(errs.Conflict, "crew.being_planned")
	ErrNoShifts  = errs.New(errs.Conflict, "crew.no_shifts")
	ErrNobody    = errs.New(errs.Conflict, "crew.nobody_said")
	ErrNotYours  = errs.New(errs.Conflict, "crew.not_yours")
	ErrOver      = errs.New(errs.Conflict, "crew.over")
	ErrRefused   = errs.New(errs.Conflict, "crew.they_refused")
	ErrUnchanged = errs.New(errs.Conflict, "crew.nothing_new")
)

// Topic is what the pages of an edition's crew listen to.
func Topic(id edition.ID) string { return "crew:" + string(id) }

// check says what is wrong with the post, field by field.
func (p Post) check() error {
	var wrong errs.Fields
	if p.Name == "" {
		wrong.Add("name", "error.required")
	}
	for _, f := range []struct {
		name, text string
		most       int
	}{{"name", p.Name, mostName}, {"place", p.Place, mostName}, {"skill", p.Skill, mostName}, {"contact", p.Contact, mostName}, {"task", p.Task, mostText}} {
		if len([]rune(f.text)) > f.most {
			wrong.Add(f.name, "crew.too_text", "most", f.most)
		}
	}
	return wrong.Err()
}

func (p Post) trimmed() Post {
	for _, text := range []*string{&p.Name, &p.Place, &p.Task, &p.Contact, &p.Skill} {
		*text = strings.TrimSpace(*text)
	}
	return p
}

// Hours asks for people at a post from one time to another, in shifts of Every; an Every of
// zero makes one shift of it all.
type Hours struct {
	Start, End time.Time
	Wanted     int
	Every      time.Duration
}

func (h Hours) check() error {
	var wrong errs.Fields
	switch {
	case h.Start.IsZero():
		wrong.Add("start", "error.required")
	case h.End.IsZero():
		wrong.Add("end", "error.required")
	case !h.End.After(h.Start):
		wrong.Add("end", "crew.end_first")
	case h.Every == 0 && h.End.Sub(h.Start) > longest:
		wrong.Add("end", "crew.too_long")
	case h.Every > 0 && h.End.Sub(h.Start) > mostShifts*h.Every:
		wrong.Add("every", "crew.too_many")
	}
	if h.Wanted < 1 || h.Wanted > mostWanted {
		wrong.Add("wanted", "crew.wanted_range", "most", mostWanted)
	}
	if h.Every < 0 || h.Every > longest {
		wrong.Add("every", "crew.every_range")
	}
	return wrong.Err()
}

// cut makes shifts of the hours; what is left at the end and is shorter than half a shift
// belongs to the last one.
func (h Hours) cut() []Shift {
	every := h.Every
	if every == 0 {
		every = h.End.Sub(h.Start)
	}
	var all []Shift
	for at := h.Start; at.Before(h.End); {
		end := at.Add(every)
		if h.End.Sub(end) < every/2 {
			end = h.End
		}
		all = append(all, Shift{Start: at, End: end, Wanted: h.Wanted})
		at = end
	}
	return all
}

// inOrder puts shifts in the order in which they are worked.
func inOrder(all []Shift) {
	slices.SortStableFunc(all, func(a, b Shift) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), cmp.Compare(a.ID, b.ID))
	})
}

// joined sorts spans and makes one of those that touch.
func joined(spans []Span) []Span {
	spans = slices.DeleteFunc(slices.Clone(spans), func(s Span) bool { return !s.To.After(s.From) })
	slices.SortFunc(spans, func(a, b Span) int { return a.From.Compare(b.From) })
	var all []Span
	for _, s := range spans {
		if n := len(all); n > 0 && !s.From.After(all[n-1].To) {
			if s.To.After(all[n-1].To) {
				all[n-1].To = s.To
			}
			continue
		}
		all = append(all, s)
	}
	return all
}

// covers says whether one of the spans holds the whole shift.
func covers(spans []Span, s Shift) bool {
	return slices.ContainsFunc(spans, func(f Span) bool { return !s.Start.Before(f.From) && !s.End.After(f.To) })
}

// cuts are the hours at which a day is cut into parts that somebody can tick on a phone.
var cuts = []int{0, 6, 9, 12, 15, 18, 21, 24}

// parts are the parts of the days from one time to another, in the zone.
func parts(from, to time.Time, zone *time.Location) []Span {
	var all []Span
	y, m, d := from.In(zone).Date()
	for day := 0; day < 60; day++ {
		for i := range len(cuts) - 1 {
			p := Span{From: time.Date(y, m, d+day, cuts[i], 0, 0, 0, zone), To: time.Date(y, m, d+day, cuts[i+1], 0, 0, 0, zone)}
			if !p.From.Before(to) {
				return all
			}
			if p.To.After(from) {
				all = append(all, p)
			}
		}
	}
	return all
}
