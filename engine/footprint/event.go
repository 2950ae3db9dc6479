package footprint

import (
	"slices"
	"time"
)

// Split is F17: n things over shares by largest remainder; of equal remainders the
// larger share goes first, then the earlier one. Shares need not sum to one; when
// they are all zero or n is not positive, nobody gets anything.
func Split(n int, shares []float64) []int {
	parts := make([]int, len(shares))
	var sum float64
	for _, s := range shares {
		sum += max(0, s)
	}
	if n <= 0 || !(sum > 0) || sum > 1e300 {
		return parts
	}
	rest := n
	remainders := make([]float64, len(shares))
	order := make([]int, len(shares))
	for i, s := range shares {
		exact := float64(n) * max(0, s) / sum
		parts[i] = int(exact + 1e-9)
		remainders[i] = max(0, exact-float64(parts[i]))
		rest -= parts[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if d := remainders[a] - remainders[b]; d > 1e-9 || d < -1e-9 {
			return sign(-d)
		}
		return sign(shares[b] - shares[a])
	})
	for i := 0; rest > 0; i, rest = (i+1)%len(order), rest-1 {
		parts[order[i]]++
	}
	return parts
}

func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}

// Fountains is F18: the water fountains that French law asks of a place open to
// the public of that capacity (connected to the mains, categories 1 to 3): one
// from 301 people, one more for each further 300.
// Source: https://cdos79.fr/?p=3610 (decree of 2020, from 2022-01-01).
func Fountains(capacity int) int {
	if capacity < 301 {
		return 0
	}
	return 1 + (capacity-301)/300
}

// maxWorkingDays bounds LastProof: a decade of work.
const maxWorkingDays = 3000

// LastProof is F19: the last day to approve the printer's proof, so many working
// days (transit, production and buffer together) before the event. Saturdays,
// Sundays and the holidays given are no working days; the answer is one. More than
// ten years of days count as ten years.
func LastProof(event time.Time, workingDays int, holidays []time.Time) time.Time {
	off := map[string]bool{}
	for _, h := range holidays {
		off[h.Format(time.DateOnly)] = true
	}
	day := event
	for left := min(workingDays, maxWorkingDays); left > 0; {
		day = day.AddDate(0, 0, -1)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if !weekend && !off[day.Format(time.DateOnly)] {
			left--
		}
	}
	return day
}
