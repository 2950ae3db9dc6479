package seats

import (
	"math"
	"slices"
)

// unit is the resolution of seat prices.
const unit = 16

// prices estimate what a timetable is worth without seating anyone: every seat of
// workshop w costs price[w], and each person takes, for themselves, the best they
// can afford. The sum is an upper bound on what seating can gain (Lagrange), and
// near it when the prices are those of demand and supply.
type prices struct {
	*demand
	t      *timetable
	price  []int64 // of each workshop, in units
	values []int64 // of each person, in units
	best   []int64 // by slot, for one person
	steps  int
	slots  []int32
}

func newPrices(d *demand, t *timetable) *prices {
	return &prices{
		demand: d, t: t, price: make([]int64, len(d.by)), values: make([]int64, len(d.of)),
		best: make([]int64, t.slots),
	}
}

// surplus is what a wish gains above the price of the seat, in units.
func (c *prices) surplus(x wish) int64 { return x.gain*unit - c.price[x.who] }

// value is what person p gains in the timetable at these prices.
func (c *prices) value(p int32) int64 {
	slots := c.slots[:0]
	c.steps += len(c.of[p])
	for _, x := range c.of[p] {
		v := c.surplus(x)
		if v <= 0 {
			continue
		}
		s := c.t.slot(x.who)
		if c.best[s] == 0 {
			if c.away(p, s) {
				continue
			}
			slots = append(slots, s)
		}
		c.best[s] = max(c.best[s], v)
	}
	var sum int64
	limit := c.in.People[p].Max
	if len(slots) > limit {
		slices.SortFunc(slots, func(a, b int32) int { return int(c.best[b] - c.best[a]) })
	}
	for i, s := range slots {
		if i < limit {
			sum += c.best[s]
		}
		c.best[s] = 0
	}
	c.slots = slots
	return sum
}

// change is what a move costs, in units; it leaves the timetable moved and the
// people's values not yet updated.
func (c *prices) change(m move) int64 {
	delta := c.price[m.w] * int64(c.t.seats(m.w, m.from)-c.t.seats(m.w, m.to))
	if m.v != none {
		delta += c.price[m.v] * int64(c.t.seats(m.v, m.to)-c.t.seats(m.v, m.from))
	}
	c.t.make(m)
	if m.from%c.t.slots == m.to%c.t.slots {
		return delta
	}
	for _, x := range c.by[m.w] {
		delta += c.values[x.who] - c.value(x.who)
	}
	if m.v != none {
		for _, x := range c.by[m.v] {
			if c.gain(x.who, m.w) == 0 { // else already counted
				delta += c.values[x.who] - c.value(x.who)
			}
		}
	}
	return delta
}

// settle updates the values of the people a move concerns.
func (c *prices) settle(m move) {
	for _, w := range [2]int32{m.w, m.v} {
		if w != none {
			for _, x := range c.by[w] {
				c.values[x.who] = c.value(x.who)
			}
		}
	}
}

// adjust moves each price with demand over supply, by at most step units, and
// brings the values up to date.
func (c *prices) adjust(step float64) {
	wanted := make([]int, len(c.by))
	for p := range c.of {
		c.count(int32(p), wanted)
	}
	for w := range c.price {
		supply := c.t.seats(int32(w), c.t.place[w])
		over := float64(wanted[w]-supply) / float64(max(1, supply))
		c.price[w] = max(0, c.price[w]+int64(math.Round(step*max(-1, min(1, over)))))
	}
	for p := range c.of {
		c.values[p] = c.value(int32(p))
	}
}

// count adds what person p would take at these prices, slot by slot.
func (c *prices) count(p int32, wanted []int) {
	for _, x := range c.of[p] {
		v := c.surplus(x)
		s := c.t.slot(x.who)
		if v <= 0 || c.away(p, s) {
			continue
		}
		best := true
		for _, y := range c.of[p] {
			if y.who != x.who && c.t.slot(y.who) == s && c.surplus(y) > v {
				best = false
			}
		}
		if best {
			wanted[x.who]++
		}
	}
	c.steps += len(c.of[p])
}
