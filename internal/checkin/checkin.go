// Package checkin is the door of the building: who has come, who is inside now, and the
// badge that says who somebody is.
//
// A door works on a phone, with or without network. What it saw is sent when it can be,
// with the time at which it happened, and counts once in whatever order it arrives: where
// a person is follows from all of their passes, replayed in the order of their times. Two
// doors that let one badge in without knowing of each other are both right; the pair is
// listed for the organisers and the person counted once.
//
// Everybody in an edition has a badge, mentors and jurors too. A seat is the matter of
// the room registration, which is asked here for who comes without one.
package checkin

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/registration"
)

// Way is the direction of a pass.
type Way string

// The ways; Undo takes an earlier pass back.
const (
	In   Way = "in"
	Out  Way = "out"
	Undo Way = "undo"
)

// How somebody was recognised.
type How string

// The ways of recognising somebody.
const (
	ByBadge How = "badge"
	ByName  How = "name"
	WalkIn  How = "walk_in"
)

// Result is what a pass came to when it was received.
type Result string

// The results. A person who is not let in makes no pass: that is an error.
const (
	Welcome Result = "welcome" // the first time
	Again   Result = "again"   // was inside already
	Back    Result = "back"    // inside again, after having left
	Left    Result = "left"
	Undone  Result = "undone"
)

// Pass is somebody going in or out, as a door saw it.
type Pass struct {
	ID      string
	Account account.ID
	Way     Way
	How     How
	Result  Result
	// Station is which door; two of them may share one account.
	Station string
	By      account.ID
	// Undoes is the pass that this one takes back, for Undo.
	Undoes string
	// At is when it happened, Received when it was known here.
	At, Received time.Time
}

// Presence is where somebody is.
type Presence struct {
	// First is when they came; zero for who has not.
	First  time.Time
	Inside bool
	// Since is when they went in or out last.
	Since time.Time
	// Doubles are passes that let in somebody who was inside, through doors that could
	// not know it.
	Doubles []Double
}

// Double is one person let in by two doors that knew nothing of each other.
type Double struct{ First, Second Pass }

// Replay says where somebody is after the passes, whatever order they arrived in.
func Replay(passes []Pass) Presence {
	undone := map[string]bool{}
	for _, p := range passes {
		if p.Way == Undo {
			undone[p.Undoes] = true
		}
	}
	passes = slices.DeleteFunc(slices.Clone(passes), func(p Pass) bool { return p.Way == Undo || undone[p.ID] })
	slices.SortFunc(passes, func(a, b Pass) int {
		return cmp.Or(a.At.Compare(b.At), a.Received.Compare(b.Received), cmp.Compare(a.ID, b.ID))
	})
	var now Presence
	var in Pass // the pass through which they are inside
	for _, p := range passes {
		switch {
		case p.Way == Out:
			now.Inside, now.Since = false, p.At
		case now.Inside:
			if in.blind(p) {
				now.Doubles = append(now.Doubles, Double{in, p})
			}
		default:
			now.Inside, now.Since, in = true, p.At, p
			if now.First.IsZero() {
				now.First = p.At
			}
		}
	}
	return now
}

// blind says whether the door of the later pass could not know of this one.
func (p Pass) blind(later Pass) bool {
	other := p.By != later.By || p.Station != later.Station
	return other && p.Received.After(later.At)
}

// result is what one more pass means to who sees it at the door.
func (now Presence) result(way Way) Result {
	switch {
	case way == Out:
		return Left
	case now.Inside:
		return Again
	case !now.First.IsZero():
		return Back
	}
	return Welcome
}

// Someone is a person as the door sees them: enough to know them and nothing else.
type Someone struct {
	Account account.ID
	Name    string
	Roles   edition.Roles
	// State is the registration's; "" for who is here in another role only.
	State registration.State
	Photo registration.Photo
	// Mark is what a device knows a badge by without network; it does not tell the code.
	Mark   string
	Code   string
	First  time.Time
	Since  time.Time
	Inside bool
}

// Expected says whether the person has a right to come in without a seat being asked for.
func (s Someone) Expected() bool { return len(s.Roles) > 0 || s.State == registration.Confirmed }

// MarkOf is the mark of a badge's code: the start of a hash of it with the edition's name.
// The page of a door computes the same.
func MarkOf(e edition.ID, code string) string {
	sum := sha256.Sum256([]byte(string(e) + ":" + code))
	return hex.EncodeToString(sum[:8])
}

// codeLength is how many signs are read aloud from a badge.
const codeLength = 6

// ParseCode reads what a scanner or a person gives: a badge's address, or its code with
// or without blanks. ok is false for what cannot be a code.
func ParseCode(text string) (code string, ok bool) {
	text = strings.TrimSpace(text)
	if u, err := url.Parse(text); err == nil && strings.Contains(text, "/") {
		text = u.Path[strings.LastIndex(u.Path, "/")+1:]
	}
	code = strings.ToUpper(strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "").Replace(text))
	if len(code) != codeLength {
		return "", false
	}
	for _, c := range code {
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') {
			return "", false
		}
	}
	return code, true
}

// Refusals that callers decide on.
var (
	// ErrUnknown is a code that no badge of the edition has.
	ErrUnknown = errs.New(errs.Invalid, "checkin.unknown")
	// ErrFull is a building that holds as many as it may.
	ErrFull = errs.New(errs.Conflict, "checkin.full")
	// ErrNoSeat is somebody who comes without a seat when none is free.
	ErrNoSeat = errs.New(errs.Conflict, "checkin.no_seat")
)

// Summary are the door's figures.
type Summary struct {
	// Expected is how many people have a right to come, Arrived how many of them all
	// have come at least once, Inside how many are in the building.
	Expected, Arrived, Inside int
	// Max is how many the building may hold; 0 sets no alarm.
	Max int
	// Doubles is how many pairs of passes nobody has looked at.
	Doubles int
}

// Alarm says that the building holds as many people as it may, or more.
func (s Summary) Alarm() bool { return s.Max > 0 && s.Inside >= s.Max }
