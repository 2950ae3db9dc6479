package teaming

import (
	"cmp"
	"slices"
)

// cover finishes a proof. An answer better than the incumbent uses only teams whose
// reduced costs add up to less than the gap, so it is searched among those alone, an
// exact cover by the person with fewest teams left (Knuth, "Dancing Links", 2000).
type cover struct {
	g        *generator
	columns  []valued
	byUnit   [][]int32
	used     []int
	idents   map[int32]bool
	covered  []bool
	left     int
	gap      float64
	chosen   []int32
	best     []column
	bestCost int64
	cost     int64
	meter    *meter
	stopped  bool
}

type valued struct {
	column
	value float64
}

const coverLimit = 60_000

// prove searches the gap between the relaxation's value and an incumbent's cost, one
// unit of cost at a time from below: the first answer met is the optimum, and a search
// that ends without one raises the bound. It returns the better teams if there are any
// and the bound reached.
func (g *generator) prove(cost int64, meter *meter) (better []column, betterCost, bound int64) {
	for bound = g.bound; bound < cost; bound++ {
		c := &cover{g: g, bestCost: bound + 1, meter: meter, idents: map[int32]bool{}}
		c.gap = float64(bound) - g.prices.total + 1e-4
		if !c.collect() {
			return nil, cost, bound
		}
		c.byUnit = make([][]int32, len(g.m.units))
		for k := range c.columns {
			for _, u := range c.columns[k].units {
				c.byUnit[u] = append(c.byUnit[u], int32(k))
			}
		}
		c.covered = make([]bool, len(g.m.units))
		c.used = make([]int, len(g.m.need))
		c.left = len(g.part.units)
		complete := c.search(0)
		if c.best != nil {
			return c.best, c.bestCost, c.bestCost
		}
		if !complete {
			return nil, cost, bound
		}
	}
	return nil, cost, cost
}

// collect enumerates every team with a reduced cost inside the gap.
func (c *cover) collect() bool {
	x := newPricer(c.g.m, c.g.part, &c.g.prices, c.meter)
	x.found = func(us []int32, challenge, ident int32, cost int64, value float64) bool {
		if c.g.m.moves { // one set of people under each identity that fits the gap
			return c.identities(us, challenge)
		}
		c.keep(us, challenge, ident, cost)
		return len(c.columns) < coverLimit
	}
	for ch := range c.g.m.need {
		x.search(int32(ch), c.gap)
		if !x.complete {
			return false
		}
	}
	slices.SortStableFunc(c.columns, func(a, b valued) int { return cmp.Compare(a.value, b.value) })
	return true
}

func (c *cover) identities(us []int32, challenge int32) bool {
	lock, _, _ := c.g.m.bestIdentity(us, nil, nil)
	names := []int32{lock}
	if lock < 0 {
		for _, u := range us {
			for _, p := range c.g.m.units[u].prev {
				if int(p.ident) >= len(c.g.m.locks) && !slices.Contains(names, p.ident) && slices.Contains(c.g.part.idents, p.ident) {
					names = append(names, p.ident)
				}
			}
		}
	}
	for _, k := range names {
		if cost, ok := c.g.m.teamCost(us, challenge, k); ok {
			c.keep(us, challenge, k, cost)
		}
	}
	return len(c.columns) < coverLimit
}

func (c *cover) keep(us []int32, challenge, ident int32, cost int64) {
	col := column{slices.Clone(us), challenge, ident, cost}
	slices.Sort(col.units)
	if v := c.g.prices.value(&col); v <= c.gap {
		c.columns = append(c.columns, valued{col, v})
	}
}

// search covers the remaining units, spending at most the gap; false means it was
// stopped.
func (c *cover) search(spent float64) bool {
	if c.left == 0 {
		c.accept()
		return true
	}
	unit, options := c.scarcest(spent)
	if options == 0 || c.stopped {
		return !c.stopped
	}
	for _, k := range c.byUnit[unit] {
		col := &c.columns[k]
		if spent+col.value > c.gap {
			break
		}
		if !c.fits(col) {
			continue
		}
		c.place(k, true)
		ok := c.search(spent + max(col.value, 0))
		c.place(k, false)
		if !ok {
			return false
		}
	}
	return !c.stopped
}

// scarcest is the uncovered unit with the fewest teams that still fit.
func (c *cover) scarcest(spent float64) (unit int32, options int) {
	unit, options = -1, 1<<30
	work := int64(100)
	for _, u := range c.g.part.units {
		if c.covered[u] {
			continue
		}
		n := 0
		for _, k := range c.byUnit[u] {
			col := &c.columns[k]
			if n >= options || spent+col.value > c.gap {
				break
			}
			work += 12
			if c.fits(col) {
				n++
			}
		}
		if n < options {
			unit, options = u, n
		}
		if n == 0 {
			break
		}
	}
	if !c.meter.spend(work) {
		c.stopped = true
	}
	return unit, options
}

func (c *cover) fits(col *valued) bool {
	if c.used[col.challenge] >= c.g.part.hi[col.challenge] || col.ident >= 0 && c.idents[col.ident] {
		return false
	}
	for _, u := range col.units {
		if c.covered[u] {
			return false
		}
	}
	return true
}

func (c *cover) place(k int32, on bool) {
	col := &c.columns[k]
	d := 1
	if !on {
		d = -1
		c.chosen = c.chosen[:len(c.chosen)-1]
	} else {
		c.chosen = append(c.chosen, k)
	}
	for _, u := range col.units {
		c.covered[u] = on
	}
	c.left -= d * len(col.units)
	c.used[col.challenge] += d
	c.cost += int64(d) * col.cost
	if col.ident >= 0 {
		c.idents[col.ident] = on
	}
}

// accept records a cover of the cost looked for and ends the search.
func (c *cover) accept() {
	for ch, n := range c.used {
		if n < c.g.part.lo[ch] {
			return
		}
	}
	if c.cost >= c.bestCost {
		return
	}
	c.bestCost = c.cost
	c.stopped = true // nothing cheaper exists, or this search would not have been reached
	c.best = c.best[:0:0]
	for _, k := range c.chosen {
		c.best = append(c.best, c.columns[k].column)
	}
}
