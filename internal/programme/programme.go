// Package programme is what happens when and where: sessions with rooms, hours and
// seats, who comes to them, and the calendar feeds that people subscribe to.
//
// A session is free or has so many seats; who signs up for a full one waits and moves up
// by themselves when a place is left. Two sessions at once are never refused, to a person
// or in a room: they are shown, and people decide. A session that is cancelled stays, in
// the programme and in the feeds, so that everybody's calendar hears of it.
//
// The room does not make the timetable (engine/planning can) and does not know what
// happens inside a session: pitches and meals have rooms of their own.
package programme

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

// ID names a session.
type ID string

// Kind is what sort of session it is.
type Kind string

// The kinds of session.
const (
	Plenary  Kind = "plenary"
	Workshop Kind = "workshop"
	Meal     Kind = "meal"
	Pitch    Kind = "pitch"
	Ceremony Kind = "ceremony"
	Other    Kind = "other"
)

// Kinds lists the kinds.
var Kinds = []Kind{Plenary, Workshop, Meal, Pitch, Ceremony, Other}

// Limits of what is written, in characters, and of what is planned.
const (
	MostTitle   = 140
	MostText    = 8000
	MostRoom    = 80
	MostName    = 160
	MostSeats   = 20_000
	longest     = 72 * time.Hour
	mostSpeaker = 12
)

// Person is a name to show.
type Person struct {
	ID   account.ID
	Name string
}

// Session is one thing on the programme.
type Session struct {
	ID         ID
	Edition    edition.ID
	Kind       Kind
	Title      string
	Text       string // Markdown
	Room       string
	Start, End time.Time
	// Seats is how many may come; 0 is as many as like.
	Seats int
	// Public sessions are for everybody to see; the others for the edition's people.
	Public    bool
	Cancelled bool
	// Speakers have accounts; SpeakerName is for those who have none.
	Speakers    []Person
	SpeakerName string
	// Seated and Waiting count who signed up.
	Seated, Waiting int
	// Sequence grows with each change that matters to who comes; Updated is the wall's
	// time of the last change, Moved the edition's of the last change of room or hour.
	Sequence int
	Updated  time.Time
	Moved    time.Time

	sourceUID string
}

// Free is how many seats are left; ok is false where there is no limit.
func (s Session) Free() (free int, ok bool) {
	return max(s.Seats-s.Seated, 0), s.Seats > 0
}

// Full says whether who signs up now has to wait.
func (s Session) Full() bool {
	free, limited := s.Free()
	return limited && free == 0
}

// On says whether the session is under way.
func (s Session) On(now time.Time) bool {
	return !s.Cancelled && !now.Before(s.Start) && now.Before(s.End)
}

// Over says whether the session has ended.
func (s Session) Over(now time.Time) bool { return !now.Before(s.End) }

// Overlaps says whether both sessions take place and share a moment.
func (s Session) Overlaps(other Session) bool {
	return !s.Cancelled && !other.Cancelled && s.Start.Before(other.End) && other.Start.Before(s.End)
}

// By says who leads the session, in words; "" where nobody does.
func (s Session) By() string {
	var names []string
	for _, p := range s.Speakers {
		names = append(names, p.Name)
	}
	if s.SpeakerName != "" {
		names = append(names, s.SpeakerName)
	}
	return strings.Join(names, ", ")
}

// LedBy says whether the person is one of the speakers.
func (s Session) LedBy(who account.ID) bool {
	return slices.ContainsFunc(s.Speakers, func(p Person) bool { return p.ID == who })
}

// Clashes lists the sessions that share a moment and the room with this one.
func (s Session) Clashes(all []Session) []Session {
	var same []Session
	for _, other := range all {
		if other.ID != s.ID && s.Room != "" && strings.EqualFold(s.Room, other.Room) && s.Overlaps(other) {
			same = append(same, other)
		}
	}
	return same
}

// Plan is what an organiser writes of a session.
type Plan struct {
	Kind        Kind
	Title       string
	Text        string
	Room        string
	Start, End  time.Time
	Seats       int
	Public      bool
	Speakers    []account.ID
	SpeakerName string
}

// check trims the plan and says what is wrong with it.
func (p Plan) check() (Plan, error) {
	p.Title, p.Text = strings.TrimSpace(p.Title), strings.TrimSpace(p.Text)
	p.Room, p.SpeakerName = strings.Join(strings.Fields(p.Room), " "), strings.TrimSpace(p.SpeakerName)
	slices.Sort(p.Speakers)
	p.Speakers = slices.Compact(p.Speakers)
	var f errs.Fields
	if !slices.Contains(Kinds, p.Kind) {
		f.Add("kind", "programme.kind_unknown")
	}
	if p.Title == "" {
		f.Add("title", "error.required")
	}
	for _, text := range []struct {
		name, text string
		most       int
	}{{"title", p.Title, MostTitle}, {"text", p.Text, MostText}, {"room", p.Room, MostRoom}, {"speaker_name", p.SpeakerName, MostName}} {
		if utf8.RuneCountInString(text.text) > text.most {
			f.Add(text.name, "programme.too_long", "most", text.most)
		}
	}
	switch {
	case p.Start.IsZero():
		f.Add("start", "error.required")
	case !p.End.After(p.Start):
		f.Add("end", "programme.end_order")
	case p.End.Sub(p.Start) > longest:
		f.Add("end", "programme.too_lengthy")
	}
	if p.Seats < 0 || p.Seats > MostSeats {
		f.Add("seats", "programme.seats_range", "most", MostSeats)
	}
	if len(p.Speakers) > mostSpeaker {
		f.Add("speakers", "programme.speakers_many", "most", mostSpeaker)
	}
	return p, f.Err()
}

// apply makes the session of the plan, and says what changed that matters to who comes.
func (p Plan) apply(s Session) (after Session, moved bool) {
	after = s
	after.Kind, after.Title, after.Text, after.Room = p.Kind, p.Title, p.Text, p.Room
	after.Start, after.End, after.Seats, after.Public, after.SpeakerName = p.Start, p.End, p.Seats, p.Public, p.SpeakerName
	moved = after.Room != s.Room || !after.Start.Equal(s.Start) || !after.End.Equal(s.End)
	if moved || after.Title != s.Title {
		after.Sequence++
	}
	return after, moved
}

// PlaceState is how a person stands towards a session they signed up for.
type PlaceState string

// The states of a place; "" is nobody's.
const (
	Seated  PlaceState = "seated"
	Waiting PlaceState = "waiting"
)

// Place is a person's place in a session.
type Place struct {
	Session  ID
	Person   Person
	State    PlaceState
	Signed   time.Time
	Attended time.Time // zero where they were not seen
}

// Sort puts sessions in the order of the programme.
func Sort(sessions []Session) {
	slices.SortFunc(sessions, func(a, b Session) int {
		return cmp.Or(a.Start.Compare(b.Start), a.End.Compare(b.End), strings.Compare(a.Room, b.Room), strings.Compare(string(a.ID), string(b.ID)))
	})
}

// NowAndNext picks what is on and what begins next: all sessions that begin at the same
// next moment.
func NowAndNext(sessions []Session, now time.Time) (on, next []Session) {
	for _, s := range sessions {
		switch {
		case s.Cancelled || s.Over(now):
		case s.On(now):
			on = append(on, s)
		case len(next) == 0 || s.Start.Before(next[0].Start):
			next = []Session{s}
		case s.Start.Equal(next[0].Start):
			next = append(next, s)
		}
	}
	Sort(on)
	Sort(next)
	return on, next
}

// Refusals that callers decide on.
var (
	// ErrCancelled is a sign-up for a session that will not take place.
	ErrCancelled = errs.New(errs.Conflict, "programme.is_cancelled")
	// ErrOver is a sign-up for a session that has ended.
	ErrOver = errs.New(errs.Conflict, "programme.is_over")
	// ErrProblems is an import of a file with events that cannot be taken.
	ErrProblems = errs.New(errs.Conflict, "programme.import_problems")
	// ErrNothing is an import of a file without any event that can be taken.
	ErrNothing = errs.New(errs.Invalid, "programme.import_nothing")
)
