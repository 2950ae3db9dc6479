package seats

import (
	"cmp"
	"context"
	"slices"

	"h48/engine/planning/internal/dual"
)

// floor is a cost that no timetable and no seating can be below. The seats of each workshop
// get a price, the workshop stands in the largest room that suits it, and everyone takes the
// best they can afford, as if all they want could be at different times.
type floor struct {
	*demand
	ascent *dual.Ascent
	supply []int64  // seats of each workshop, at most
	within [][]wish // of each person: what they could attend at all
	most   []int    // workshops of each person, at most
	cost   int64
}

// newFloor begins at the prices of a search.
func newFloor(c *prices) *floor {
	f := &floor{demand: c.demand, supply: make([]int64, len(c.by)), within: make([][]wish, len(c.of)), most: make([]int, len(c.of))}
	open := c.t.open(f.supply)
	for p, person := range c.in.People {
		free := 0
		for s := range c.t.slots {
			if !c.away(int32(p), s) {
				free++
			}
		}
		f.most[p] = min(person.Max, free)
		for _, x := range c.of[p] {
			if slices.ContainsFunc(open[x.who], func(s int32) bool { return !c.away(int32(p), s) }) {
				f.within[p] = append(f.within[p], x)
			}
		}
	}
	price := make([]int64, len(c.price))
	for w, x := range c.price {
		price[w] = x * (dual.Unit / unit)
	}
	most, sold := int64(1), int64(1)
	for _, w := range c.in.Weights.Rank {
		most += 4 * w
	}
	for _, n := range f.supply {
		sold += n
	}
	if most > mostCost/sold {
		return f
	}
	f.ascent = dual.From(f.relaxed, price, most*dual.Unit)
	return f
}

// mostCost is up to where the sums stay exact.
const mostCost = 1 << 48

// open lists the slots in which each workshop can be, and sets how many it can seat.
func (t *timetable) open(supply []int64) [][]int32 {
	open := make([][]int32, len(t.place))
	for w := range int32(len(t.place)) {
		for s := range t.slots {
			if t.possible(w, s) {
				open[w] = append(open[w], s)
			}
		}
		for r := range int32(len(t.in.Rooms)) {
			if t.in.Workshops[w].suits(&t.in.Rooms[r]) {
				supply[w] = max(supply[w], int64(t.seats(w, r*t.slots)))
			}
		}
	}
	return open
}

// raise seeks a better floor under the given cost of a plan, for so many steps.
func (f *floor) raise(ctx context.Context, cost int64, steps int) {
	const stepsPerWish = 4
	if f.ascent != nil {
		f.cost = max(f.cost, f.ascent.Raise(ctx, 1+steps/(stepsPerWish*(1+f.wishes())), cost))
	}
}

func (f *floor) relaxed(price, excess []int64) int64 {
	value := f.total * dual.Unit
	for w, n := range f.supply {
		value -= price[w] * n
		excess[w] = -n
	}
	for p, list := range f.within {
		wanted := 0
		for _, x := range list {
			if v := x.gain*dual.Unit - price[x.who]; v > 0 {
				wanted++
				excess[x.who]++
				value -= v
			}
		}
		if wanted > f.most[p] {
			value += f.giveUp(list, f.most[p], price, excess)
		}
	}
	return value
}

// giveUp takes back from a person all but the best that they have time for; the answer is
// what that costs them.
func (f *floor) giveUp(list []wish, most int, price, excess []int64) int64 {
	v := func(x wish) int64 { return x.gain*dual.Unit - price[x.who] }
	wanted := slices.Clone(list)
	slices.SortStableFunc(wanted, func(a, b wish) int { return cmp.Compare(v(b), v(a)) })
	sum := int64(0)
	for _, x := range wanted[most:] {
		if v(x) > 0 {
			sum += v(x)
			excess[x.who]--
		}
	}
	return sum
}
