// Package planning holds what every planning problem of the event shares, and the
// one problem that is a draw rather than a search: the order of the pitches.
//
// The searches live one level down, a package a problem: visits (who judges what
// and when), seats (workshops, rooms and who sits where), meetings (which mentor
// sees which team) and shifts (who of the crew works when). Each reads a typed
// instance, solves it in a fixed number of steps and can check any solution, its
// own or another's, against the definition.
//
// The package does no I/O, reads no clock and holds no state: the same instance,
// seed and budget give the same bytes on every machine.
package planning

import (
	"errors"
	"fmt"
	"strings"
)

// Options steer a search. The zero value is usable: seed 0 and a budget of
// DefaultBudget seconds.
type Options struct {
	// Seed chooses the random stream. Two runs with the same instance, seed and
	// budget return the same solution.
	Seed uint64
	// Budget is how long to search, in seconds of one core of an ordinary
	// machine. Each package turns it into a fixed number of steps by a constant
	// of its own and never looks at a clock. Zero or less means DefaultBudget.
	Budget float64
	// Progress, if set, is called now and then from the searching goroutine with
	// the share of the work done, from 0 to 1, and the best cost so far.
	Progress func(share float64, cost int64)
}

// DefaultBudget is the budget, in seconds, of a search that was given none.
const DefaultBudget = 2.0

// maxBudget bounds the number of steps, so that no product of it overflows.
const maxBudget = 1e6

// Steps is the budget as a number of steps, at the given steps a second; at least 1.
func (o Options) Steps(perSecond float64) int {
	b := o.Budget
	if !(b > 0) {
		b = DefaultBudget
	}
	return max(1, int(min(b, maxBudget)*perSecond))
}

// Report calls Progress if there is one.
func (o Options) Report(share float64, cost int64) {
	if o.Progress != nil {
		o.Progress(share, cost)
	}
}

// Infeasible says that no solution satisfies every hard constraint, and which of
// them clash, in words an organiser can act on.
type Infeasible struct {
	Reasons []string
}

func (e *Infeasible) Error() string {
	return "no solution: " + strings.Join(e.Reasons, "; ")
}

// Clash makes an Infeasible error with one reason.
func Clash(format string, args ...any) error {
	return &Infeasible{Reasons: []string{fmt.Sprintf(format, args...)}}
}

// Many is a number with its noun, for messages: 1 slot, 3 slots.
func Many(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Invalid lists every hard constraint that a solution breaks.
type Invalid struct {
	Faults []string
}

func (e *Invalid) Error() string {
	return "not a valid solution: " + strings.Join(e.Faults, "; ")
}

// maxFaults bounds the list: after a few dozen the reader has understood.
const maxFaults = 50

// Add records one broken constraint.
func (e *Invalid) Add(format string, args ...any) {
	if len(e.Faults) < maxFaults {
		e.Faults = append(e.Faults, fmt.Sprintf(format, args...))
	}
}

// Err is nil when nothing is broken.
func (e *Invalid) Err() error {
	if len(e.Faults) == 0 {
		return nil
	}
	return e
}

// ErrUnreadable is wrapped by every error about an instance that cannot be read;
// the message says where and why.
var ErrUnreadable = errors.New("the instance cannot be read")

// Unreadable makes an error that wraps ErrUnreadable.
func Unreadable(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{ErrUnreadable}, args...)...)
}
