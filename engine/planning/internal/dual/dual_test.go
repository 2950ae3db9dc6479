package dual_test

import (
	"testing"

	"h48/engine/planning/internal/dual"
)

// seats is a room of so many seats and people to whom one is worth something; the price of
// a plan is what those who stand miss.
func seats(places int64, worth ...int64) dual.Relaxed {
	return func(price, excess []int64) int64 {
		excess[0] = -places
		value := -price[0] * places
		for _, w := range worth {
			value += w * dual.Unit
			if gain := w*dual.Unit - price[0]; gain > 0 {
				value -= gain
				excess[0]++
			}
		}
		return value
	}
}

func TestRaise_findsWhatMustBeMissed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		relaxed      dual.Relaxed
		known, bound int64
	}{
		"one seat for three":      {seats(1, 8, 5, 3), 8, 8},
		"a worse plan is known":   {seats(1, 8, 5, 3), 11, 8},
		"two seats, all the same": {seats(2, 4, 4, 4, 4), 8, 8},
		"seats for all":           {seats(9, 8, 5, 3), 3, 0},
		"no seat":                 {seats(0, 8, 5, 3), 16, 16},
		"many want what few want": {seats(3, 9, 9, 9, 9, 9, 1, 1, 1), 21, 21},
		"nobody is there":         {seats(1), 0, 0},
	} {
		if got := dual.From(c.relaxed, make([]int64, 1), 10*dual.Unit).Raise(t.Context(), 300, c.known); got != c.bound {
			t.Errorf("%s: bound %d, want %d", name, got, c.bound)
		}
	}
}

// The bound only rises, goes on where it was, and looks no further than the target.
func TestRaise_goesOn(t *testing.T) {
	t.Parallel()
	looks := 0
	relaxed := seats(2, 9, 8, 7, 6, 5)
	a := dual.From(func(price, excess []int64) int64 { looks++; return relaxed(price, excess) }, make([]int64, 1), 10*dual.Unit)
	last := a.Raise(t.Context(), 1, 18)
	for range 60 {
		next := a.Raise(t.Context(), 5, 18)
		if next < last {
			t.Fatalf("the bound fell from %d to %d", last, next)
		}
		last = next
	}
	if last != 18 {
		t.Fatalf("the bound is %d, want 18", last)
	}
	before := looks
	a.Raise(t.Context(), 100, 18)
	if looks != before {
		t.Errorf("%d looks after the target was reached", looks-before)
	}
}
