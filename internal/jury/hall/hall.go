// Package hall leads jurors through the room: a plan of visits with tables and times, the
// changes when somebody is missing, the next visit where it helps most, and the desk of
// the head of the jury, who sees who is behind and sends jurors.
//
// It plans nothing itself (engine/planning/visits does), ranks nothing (the jury does) and
// takes no marks: a visit is made once its sheet is complete.
package hall

import (
	"cmp"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
)

// Source is who wants a visit.
type Source string

// The sources of an errand.
const (
	Planned Source = "plan"
	Sent    Source = "sent" // by the head of the jury
	Offered Source = "next" // by the ranking's uncertainty
)

// State is what became of an errand. One whose sheet is complete stays open and is done.
type State string

// The states of an errand.
const (
	Open    State = "open"
	Skipped State = "skipped" // by the juror, for the reason Why
	Dropped State = "dropped" // by a change of plan
)

// Why a juror skipped a visit.
const (
	Busy   = "busy"
	Absent = "absent"
)

// Errand is a visit to be made.
type Errand struct {
	ID     string
	Juror  account.ID
	Team   string
	Slot   int       // of the plan, from 1; 0 where it has none
	At     time.Time // the zero time is now
	Source Source
	State  State
	Why    string
	// ChangeID is the change of plan that made or moved the visit, "" where none did; it
	// then was at WasAt, or is new to the juror.
	ChangeID string
	WasSlot  int
	WasAt    time.Time
}

// Stop is an errand as its juror sees it.
type Stop struct {
	Errand
	Ref jury.TeamRef
}

var (
	errNoErrand = errs.New(errs.Conflict, "hall.no_errand")
	errNothing  = errs.New(errs.Conflict, "hall.nothing_left")
	errPlanning = errs.New(errs.Conflict, "hall.being_planned")
)

// Topic is what the pages of the hall listen to besides the jury's.
func Topic(id edition.ID) string { return "hall:" + string(id) }

// inOrder puts errands in the order in which they are made: what the head of the jury
// asked for first, the newest before the others, then by the plan.
func inOrder(all []Errand) []Errand {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Errand) int {
		if a.Source == Planned && b.Source == Planned {
			return cmp.Or(cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.ID, b.ID))
		}
		return cmp.Or(cmp.Compare(urgency(a), urgency(b)), cmp.Compare(b.ID, a.ID))
	})
	return all
}

func urgency(e Errand) int { return slices.Index([]Source{Sent, Offered, Planned}, e.Source) }
