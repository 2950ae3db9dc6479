// Package team is who works with whom: people found a team, join one by its code or are
// placed by an organiser, who sees who is left over and settles the teams.
//
// The size of a team is the edition's rule. A team that forms may be smaller; nobody can
// join beyond the rule, and the teams are not frozen while one breaks it or somebody has
// no team, unless an organiser decided so and said why. The room never changes a team by
// itself and knows nothing of what the teams make; proposals are the room forming's.
package team

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
)

// ID names a team.
type ID string

// State is how far a team is.
type State string

// The states of a team. A dissolved team is kept for what it left behind.
const (
	Forming   State = "forming"  // people may join by the code
	Complete  State = "complete" // nobody joins any more
	Dissolved State = "dissolved"
)

// Team is a group of participants.
type Team struct {
	ID         ID
	Edition    edition.ID
	Name       string
	Code       string // six signs that can be read aloud
	LookingFor string
	Table      int // 0 is none
	State      State
	// Exception says why the team may break the size rule; empty where it may not.
	Exception string
	Created   time.Time
	Members   []Member // in the order in which they came
}

// Member is a person in a team.
type Member struct {
	ID     account.ID
	Name   string
	Email  string
	Lang   i18n.Lang
	Team   ID
	Placed bool // by an organiser
	Joined time.Time
}

// Has says whether the person is in the team.
func (t Team) Has(who account.ID) bool {
	for _, m := range t.Members {
		if m.ID == who {
			return true
		}
	}
	return false
}

// Limits are the fewest and the most people of a team, both allowed.
type Limits struct{ Min, Max int }

// Fit says how a size stands to the limits.
type Fit string

// How a size stands to the limits.
const (
	Fits     Fit = "fits"
	TooSmall Fit = "too_small"
	TooLarge Fit = "too_large"
)

// Of says how a team of n people stands to the limits.
func (l Limits) Of(n int) Fit {
	switch {
	case n < l.Min:
		return TooSmall
	case n > l.Max:
		return TooLarge
	}
	return Fits
}

// Board is what the organiser decided about the teams of an edition.
type Board struct {
	Limits Limits
	// Relaxed says why the limits differ from the edition's; empty where they do not.
	Relaxed string
	Frozen  time.Time // zero while teams form
	// Revision grows with every change of a team.
	Revision int64
}

// Person is a confirmed participant as the registration knows them.
type Person struct {
	ID      account.ID
	Name    string
	Profile string         // student, professional, other: an edition's own words
	Trade   string         // what they do: development, marketing
	Skills  map[string]int // level by skill, 0 to 4
	// Group is the word that people who registered together share; empty for others.
	Group     string
	Wishes    []account.ID // with whom they would like to be
	Avoids    []account.ID // with whom they would rather not
	Languages []string
}

// Roster says who takes part.
type Roster interface {
	// Confirmed lists the people whose place is confirmed, in no order.
	Confirmed(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Person, error)
}

// Left is a confirmed participant without a team. Reason is why an organiser leaves them
// apart; empty for those who still need a team.
type Left struct {
	Person
	Reason string
}

// Obstacles are what keeps the teams from being frozen.
type Obstacles struct {
	Left     []Left
	Small    []Team
	Large    []Team
	NoTeam   bool // there is no team at all
	Existing int  // how many teams there are
}

// None says whether the teams can be frozen.
func (o Obstacles) None() bool {
	return len(o.Left) == 0 && len(o.Small) == 0 && len(o.Large) == 0 && !o.NoTeam
}

// Count is how many obstacles there are.
func (o Obstacles) Count() int {
	n := len(o.Left) + len(o.Small) + len(o.Large)
	if o.NoTeam {
		n++
	}
	return n
}

// findObstacles compares the teams and the people left over with the limits.
func findObstacles(teams []Team, left []Left, limits Limits) Obstacles {
	o := Obstacles{NoTeam: len(teams) == 0, Existing: len(teams)}
	for _, p := range left {
		if p.Reason == "" {
			o.Left = append(o.Left, p)
		}
	}
	for _, t := range teams {
		if t.Exception != "" {
			continue
		}
		switch limits.Of(len(t.Members)) {
		case TooSmall:
			o.Small = append(o.Small, t)
		case TooLarge:
			o.Large = append(o.Large, t)
		}
	}
	return o
}

// Summary counts the teams of an edition.
type Summary struct {
	Teams    int
	Complete int
	People   int // in a team
	Left     int // confirmed, without a team, and not left apart by a decision
	Small    int // teams under the limits, exceptions not counted
	Large    int
	Limits   Limits
	Frozen   bool
}

// Refusals that callers decide on.
var (
	// ErrNone is what OfAccount answers for a person without a team.
	ErrNone      = errs.New(errs.NotFound, "team.none")
	ErrFrozen    = errs.New(errs.Conflict, "team.frozen")
	ErrFull      = errs.New(errs.Conflict, "team.full")
	ErrClosed    = errs.New(errs.Conflict, "team.closed")
	ErrInOther   = errs.New(errs.Conflict, "team.in_other")
	ErrNotPerson = errs.New(errs.Forbidden, "team.participants_only")
	ErrCode      = errs.New(errs.NotFound, "team.code_unknown")
	ErrBlocked   = errs.New(errs.Conflict, "team.freeze_blocked")
	ErrOutdated  = errs.New(errs.Conflict, "team.outdated")
)

// Lengths of what people write, in characters.
const (
	MaxName       = 60
	MaxLookingFor = 280
	MaxReason     = 500
)

// Details are what a team says of itself.
type Details struct {
	Name       string `json:"name"`
	LookingFor string `json:"looking_for"`
}

// clean trims the details and says what is wrong with them.
func (d Details) clean() (Details, error) {
	d.Name, d.LookingFor = strings.Join(strings.Fields(d.Name), " "), strings.TrimSpace(d.LookingFor)
	var f errs.Fields
	switch {
	case nameKey(d.Name) == "":
		f.Add("name", "error.required")
	case utf8.RuneCountInString(d.Name) > MaxName:
		f.Add("name", "team.too_long", "max", MaxName)
	}
	if utf8.RuneCountInString(d.LookingFor) > MaxLookingFor {
		f.Add("looking_for", "team.too_long", "max", MaxLookingFor)
	}
	return d, f.Err()
}

// nameKey folds a name, so that no two teams differ only by case or signs.
func nameKey(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// ParseCode folds a code as people type it or say it: without spaces and hyphens, in
// capitals.
func ParseCode(typed string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '-' {
			return -1
		}
		return r
	}, typed))
}

// needReason wants a reason for a decision that breaks a rule, and returns it trimmed.
func needReason(f *errs.Fields, reason string) string {
	reason = strings.TrimSpace(reason)
	switch {
	case reason == "":
		f.Add("reason", "team.reason_needed")
	case utf8.RuneCountInString(reason) > MaxReason:
		f.Add("reason", "team.too_long", "max", MaxReason)
	}
	return reason
}
