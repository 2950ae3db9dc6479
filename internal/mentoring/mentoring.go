// Package mentoring is the help queue: a team asks for help, a mentor takes the request,
// walks to the table and closes it; the waiting and the helping are kept.
//
// A request waits (open) until a mentor claims it. From there it is resolved, released
// back to the queue, or handed over to another expertise; the team may withdraw it. A
// team has one live request. Each turn of a mentor at a table is a contact, and the log
// of contacts tells who met whom: a jury must know it.
//
// The room does not decide who is a mentor (the edition's roles do) nor who is in a team
// (it asks Teams), and it never sends a mentor away: the queue proposes, people choose.
package mentoring

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
)

// ID names a request.
type ID string

// ThemeID names a theme.
type ThemeID string

// Theme is something that a team may ask about and a mentor knows.
type Theme struct {
	ID   ThemeID
	Name string
}

// TeamRef is what this room needs to know of a team.
type TeamRef struct {
	ID    string
	Name  string
	Table string
	// Members are told what concerns the team.
	Members []account.ID
}

// Person is a name to show.
type Person struct {
	ID   account.ID
	Name string
}

// State is where a request stands.
type State string

// The states of a request. Resolved and Withdrawn are final.
const (
	Open      State = "open"
	Claimed   State = "claimed"
	Resolved  State = "resolved"
	Withdrawn State = "withdrawn"
)

// Live says whether the request still waits for something.
func (s State) Live() bool { return s == Open || s == Claimed }

// Limits of what is written, in characters, and of what is declared.
const (
	MostText   = 600
	MostLine   = 200
	MostPlace  = 60
	MostTheme  = 60
	mostThemes = 40
	mostSlots  = 12
)

// Patience is how long a request waits before the organisers are told, in the edition's
// time.
const Patience = 15 * time.Minute

// Request is one team's question.
type Request struct {
	ID      ID
	Edition edition.ID
	Team    TeamRef
	// Place is where the team sits, as it said.
	Place string
	// Theme has no ID where the team did not know what its question is about.
	Theme Theme
	Text  string
	// Note is what a mentor who handed the request over wrote for the next one.
	Note    string
	State   State
	AskedBy account.ID
	// Mentor helps or has helped last; nobody while the request is open.
	Mentor Person
	// Asked is the first time, whatever happens later: who is released or handed over
	// does not go to the end of the queue.
	Asked time.Time
	// OpenSince is when the request last began to wait.
	OpenSince time.Time
	// Waited sums the times without a mentor that have ended; see Wait.
	Waited          time.Duration
	Claimed, Closed time.Time
	// Reminded is when the organisers were told that nobody came.
	Reminded time.Time
	// Outcome is the mentor's one line at the end.
	Outcome string
}

// Wait is how long the team has been without a mentor, up to now.
func (r Request) Wait(now time.Time) time.Duration {
	if r.State == Open {
		return r.Waited + max(now.Sub(r.OpenSince), 0)
	}
	return r.Waited
}

// Late says whether the request has waited for longer than Patience this time.
func (r Request) Late(now time.Time) bool {
	return r.State == Open && now.Sub(r.OpenSince) >= Patience
}

// Slot is a time for which a mentor said they would be there.
type Slot struct{ From, To time.Time }

// Mentor is a person with the edition's role of mentor and what they offer.
type Mentor struct {
	Person
	Themes []Theme
	OnDuty bool
	Slots  []Slot
	// With is the team that they are helping now, if any.
	With TeamRef
}

// Knows says whether the theme is among the mentor's.
func (m Mentor) Knows(id ThemeID) bool {
	return slices.ContainsFunc(m.Themes, func(t Theme) bool { return t.ID == id })
}

// Match says how well a request suits a mentor.
type Match int

// The matches, from the weakest.
const (
	OtherTheme Match = iota
	AnyTheme         // the team did not say what it is about
	OwnTheme
)

// Match says how well the request suits the mentor.
func (m Mentor) Match(r Request) Match {
	switch {
	case r.Theme.ID == "":
		return AnyTheme
	case m.Knows(r.Theme.ID):
		return OwnTheme
	}
	return OtherTheme
}

// Sort puts the requests in the order in which the mentor should look at them: the best
// match first, then who asked first.
func (m Mentor) Sort(requests []Request) {
	slices.SortFunc(requests, func(a, b Request) int {
		return cmp.Or(cmp.Compare(m.Match(b), m.Match(a)), a.Asked.Compare(b.Asked), strings.Compare(string(a.ID), string(b.ID)))
	})
}

// Ending is how a mentor's turn at a table ended.
type Ending string

// The endings of a contact. Helping is no ending yet; Met is a contact without a request.
const (
	Helping    Ending = "helping"
	Solved     Ending = "resolved"
	HandedOver Ending = "handed_over"
	Released   Ending = "released"
	Dropped    Ending = "withdrawn"
	Met        Ending = "met"
)

// Counts says whether mentor and team have really met: who gives a request back, or is
// told that it is no longer needed, has not helped.
func (e Ending) Counts() bool { return e != Released && e != Dropped }

// Contact is a mentor's turn with a team.
type Contact struct {
	ID      string
	Request ID // "" where they met in passing
	Mentor  Person
	Team    TeamRef
	// From and To bound it in the edition's time; To is zero while it lasts.
	From, To time.Time
	// Minutes is what the mentor said it took, or else what the clock says.
	Minutes int
	Ending  Ending
	Line    string
}

// Question is what a team fills in.
type Question struct {
	Theme ThemeID // "" for "we do not know"
	Text  string
	Place string // "" for the team's own table
}

// Outcome is what a mentor says at the end of a turn.
type Outcome struct {
	Line string
	// Minutes is how long it took; 0 takes the time since the claim.
	Minutes int
}

// Handover is a request for another expertise.
type Handover struct {
	Theme   ThemeID
	Note    string
	Minutes int
}

// Refusals that callers decide on.
var (
	// ErrTaken is a claim that came second; its argument "mentor" says who was first.
	ErrTaken = errs.New(errs.Conflict, "mentoring.taken")
	// ErrAsked is a second question of a team that already waits.
	ErrAsked = errs.New(errs.Conflict, "mentoring.asked_already")
	// ErrNoTeam is a question of somebody who is in no team.
	ErrNoTeam = errs.New(errs.Conflict, "mentoring.no_team")
	// ErrClosed is something done to a request that has ended.
	ErrClosed = errs.New(errs.Conflict, "mentoring.closed")
	// ErrNotYours is something that only the mentor who holds the request may do.
	ErrNotYours = errs.New(errs.Forbidden, "mentoring.not_yours")
	// ErrHelping is a mentor who would leave while a team counts on them.
	ErrHelping = errs.New(errs.Conflict, "mentoring.still_helping")
)

func (q Question) check() (Question, error) {
	q.Text, q.Place = strings.TrimSpace(q.Text), strings.TrimSpace(q.Place)
	var f errs.Fields
	checkText(&f, "text", q.Text, MostText)
	if utf8.RuneCountInString(q.Place) > MostPlace {
		f.Add("place", "mentoring.too_long", "most", MostPlace)
	}
	return q, f.Err()
}

func (o Outcome) check() (Outcome, error) {
	o.Line = strings.TrimSpace(o.Line)
	var f errs.Fields
	checkText(&f, "line", o.Line, MostLine)
	checkMinutes(&f, o.Minutes)
	return o, f.Err()
}

func (h Handover) check() (Handover, error) {
	h.Note = strings.TrimSpace(h.Note)
	var f errs.Fields
	checkText(&f, "note", h.Note, MostLine)
	checkMinutes(&f, h.Minutes)
	return h, f.Err()
}

func checkText(f *errs.Fields, name, text string, most int) {
	if text == "" {
		f.Add(name, "error.required")
	} else if utf8.RuneCountInString(text) > most {
		f.Add(name, "mentoring.too_long", "most", most)
	}
}

func checkMinutes(f *errs.Fields, minutes int) {
	if minutes < 0 || minutes > 12*60 {
		f.Add("minutes", "mentoring.minutes_range")
	}
}

// checkSlots refuses slots that end before they begin or overlap, and sorts the others.
func checkSlots(slots []Slot) ([]Slot, error) {
	slots = slices.Clone(slots)
	slices.SortFunc(slots, func(a, b Slot) int { return a.From.Compare(b.From) })
	var f errs.Fields
	if len(slots) > mostSlots {
		f.Add("slots", "mentoring.slots_many", "most", mostSlots)
	}
	for i, s := range slots {
		if !s.To.After(s.From) {
			f.Add("slots", "mentoring.slot_order")
		} else if i > 0 && s.From.Before(slots[i-1].To) {
			f.Add("slots", "mentoring.slots_overlap")
		}
	}
	return slots, f.Err()
}

// Median is the middle of the times, the mean of the two middle ones where they are
// even in number, and 0 where there is none.
func Median(times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}
