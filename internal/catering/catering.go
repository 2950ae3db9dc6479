// Package catering serves the meals of an edition: a badge eats once a meal, and the
// cook learns how many plates of which kind to make.
//
// The cook sees counts, never whose diet is whose. A person who comes a second time is
// told so, and may have more with a reason; two phones without network that served the
// same badge are shown to the crew afterwards, and nobody goes hungry for it.
package catering

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
)

// Meal is one sitting.
type Meal struct {
	ID      string
	Edition edition.ID
	Name    string
	At      time.Time
}

// State is what a serving counts as.
type State string

// The states of a serving: the badge's own, one more with a reason, or a second one that
// a phone without network could not know of.
const (
	First State = "first"
	Extra State = "extra"
	Twice State = "twice"
)

// Serving is one plate handed out.
type Serving struct {
	ID      string
	Meal    string
	Account account.ID
	State   State
	Reason  string
	By      string
	At      time.Time
}

// Tally is a meal with how much of it is served.
type Tally struct {
	Meal
	Served, Extra, Twice int
}

// Plates is how many plates are wanted that meet the same diets together: two who eat
// neither meat nor gluten are two plates of one kind. Diets are the registration's words;
// none is a plate of any kind.
type Plates struct {
	Diets []string
	Count int
}

// Badges finds who wears a badge.
type Badges interface {
	// Holder returns the account and the name behind a badge's code; what is wrong with the
	// field badge where nobody wears it.
	Holder(ctx context.Context, actor account.Actor, e edition.ID, code string) (account.ID, string, error)
}

// Diets counts the plates of those who are expected, for the crew and the organisers.
type Diets interface {
	Plates(ctx context.Context, actor account.Actor, e edition.ID) ([]Plates, error)
}

// ErrServed is a badge that has eaten at this meal.
var ErrServed = errs.New(errs.Conflict, "catering.served", "name", "", "at", "")

// Eaten is ErrServed with who wears the badge, and when they got their plate.
type Eaten struct {
	Name string
	At   time.Time
}

func (e *Eaten) Error() string { return e.Name + " was served at " + e.At.Format(time.RFC3339) }

// Unwrap is ErrServed.
func (e *Eaten) Unwrap() error { return ErrServed }
