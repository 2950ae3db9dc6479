// Package dual raises lower bounds by prices: things that are scarce get a price, everyone
// then takes the best for themselves, and what that costs, less what the scarce things
// bring in, is below the cost of any plan (Lagrange's relaxation; Held, Wolfe and Crowder,
// "Validation of subgradient optimization", Mathematical Programming 6, 1974). It knows no
// problem.
package dual

import (
	"context"
	"math"
	"slices"
)

// Unit is the resolution of prices: a cost of 1 is a price of Unit.
const Unit = 1 << 10

// Relaxed is a problem whose scarce things have prices of at least 0, in units. It returns
// the bound at these prices, in units, and writes by how much each thing is asked for more
// than there is.
type Relaxed func(price, excess []int64) int64

// Ascent is a bound being raised.
//
// The prices follow the mean of what was asked for too much in the looks so far, the last
// weighing most: everyone's best changes from look to look (Barahona and Anbil, "The volume
// algorithm", Mathematical Programming 87, 2000).
type Ascent struct {
	relaxed Relaxed
	ceiling int64   // no price is above it
	best    int64   // bound, in units
	at      []int64 // prices of the next look
	excess  []int64
	mean    []float64
	pace    float64
	waited  int // looks without a better bound
	begun   bool
}

// firstPace is the share of the way to the target that the first step goes; it and the other
// constants of the steps were chosen by trial on rotas and workshops of 6 to 1,000 teams.
const firstPace = 0.2

// From begins at the given prices. None is ever above the ceiling, which keeps sums far from
// overflow; it should be a few times what anything is worth to anybody.
func From(relaxed Relaxed, price []int64, ceiling int64) *Ascent {
	n := len(price)
	return &Ascent{
		relaxed: relaxed, ceiling: ceiling, at: slices.Clone(price), best: math.MinInt64,
		excess: make([]int64, n), mean: make([]float64, n), pace: firstPace,
	}
}

// Raise looks at the problem so many times, and no more than it takes to reach the target,
// the cost of a known plan, or until it is cancelled. It returns the best bound so far,
// rounded up to a full cost.
func (a *Ascent) Raise(ctx context.Context, looks int, target int64) int64 {
	for range max(1, looks) {
		if a.begun && (up(a.best) >= target || ctx.Err() != nil) || !a.look(target) {
			break
		}
	}
	return min(up(a.best), target)
}

// look prices once and moves the prices; the answer is false when none need move.
func (a *Ascent) look(target int64) bool {
	const (
		memory   = 0.7 // of the mean, from look to look
		patience = 15  // looks without a better bound before the steps are made smaller
		slower   = 0.8
		faster   = 1.05 // after a better bound
		fastest  = 1.5
	)
	value := a.relaxed(a.at, a.excess)
	if value > a.best {
		a.best, a.waited, a.pace = value, 0, min(fastest, a.pace*faster)
	} else if a.waited++; a.waited == patience {
		a.pace, a.waited = a.pace*slower, 0
	}
	length := 0.0
	for i, x := range a.excess {
		if !a.begun {
			a.mean[i] = float64(x)
		}
		a.mean[i] = float64(memory*a.mean[i]) + float64((1-memory)*float64(x))
		if a.mean[i] > 0 || a.at[i] > 0 {
			length += float64(a.mean[i] * a.mean[i])
		}
	}
	a.begun = true
	if length < 1e-9 {
		return false
	}
	step := a.pace * float64(max(target*Unit-value, Unit)) / length
	for i, x := range a.mean {
		next := float64(a.at[i]) + math.Round(step*x)
		a.at[i] = int64(max(0, min(next, float64(a.ceiling))))
	}
	return true
}

// up is the least full cost that is not below the value: costs are integers.
func up(value int64) int64 {
	if value >= 0 {
		return (value + Unit - 1) / Unit
	}
	return value / Unit
}
