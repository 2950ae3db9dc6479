package award

import (
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
)

// PrizeID names a prize.
type PrizeID string

// PrizeState is what became of a prize.
type PrizeState string

// The states of a prize.
const (
	Planned PrizeState = "planned"
	Awarded PrizeState = "awarded"
	Paid    PrizeState = "paid"
	Dropped PrizeState = "dropped"
)

// Prize is what a team can win.
type Prize struct {
	ID      PrizeID
	Edition edition.ID
	Title   string
	Text    string
	// Cents is the cheque; 0 is a prize without one.
	Cents int64
	// Unplanned prizes were added in the deliberation, for the Reason.
	Unplanned bool
	Reason    string
	Position  int
	// SplitOf is the prize that this one is a part of, "" for a whole one.
	SplitOf PrizeID
	// Team is the jury's choice, "" while there is none.
	Team  string
	State PrizeState
	Steps []Movement
}

// Movement is one step of what became of a prize.
type Movement struct {
	ID        string
	Prize     PrizeID
	Step      int
	State     PrizeState
	Reason    string
	Actor     account.ID
	ActorName string
	At        time.Time
}

// follows says which state may come after which. A payment or a withdrawal recorded by
// mistake is taken back by another step.
var follows = map[PrizeState][]PrizeState{
	Planned: {Awarded, Dropped}, Awarded: {Paid, Dropped}, Paid: {Awarded}, Dropped: {Planned, Awarded},
}

// mayBecome says whether the step is possible: a prize is awarded to somebody, and what
// nobody has won cannot return to being awarded.
func (p Prize) mayBecome(to PrizeState) bool {
	if !slices.Contains(follows[p.State], to) {
		return false
	}
	if p.State == Dropped {
		wasWon := slices.ContainsFunc(p.Steps, func(m Movement) bool { return m.State == Awarded })
		return wasWon == (to == Awarded)
	}
	return true
}

// Live says whether the prize can be won or has been.
func (p Prize) Live() bool { return p.State != Dropped }

// Won says whether the prize was ever awarded: what falls away afterwards was won all the
// same.
func (p Prize) Won() bool {
	return slices.ContainsFunc(p.Steps, func(m Movement) bool { return m.State == Awarded })
}
