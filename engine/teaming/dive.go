package teaming

import (
	"cmp"
	"slices"
)

// dive rounds the relaxation to whole teams: it fixes the teams taken almost fully,
// and at least one, then solves a smaller relaxation for the people left, with new
// columns for them, and so on. The teams returned may leave some people out; polish
// places them.
func (g *generator) dive(meter *meter) []column {
	var fixed []column
	at := g
	for {
		chosen := at.nextFixed()
		fixed = append(fixed, chosen...)
		if len(chosen) == 0 {
			return fixed
		}
		rest := at.without(chosen)
		if len(rest.part.units) == 0 {
			return fixed
		}
		if !rest.settle(meter) {
			return fixed
		}
		for _, c := range rest.pool.columns[rest.inherited:] {
			g.pool.offer(c.units, c.challenge, c.ident, c.cost)
		}
		at = rest
	}
}

// settle solves the relaxation, prices around its teams once and solves again; what is small
// is priced exhaustively.
func (g *generator) settle(meter *meter) bool {
	if g.exact {
		g.converge(meter)
		return !meter.empty()
	}
	if !g.master.lp.Solve(meter.spend) {
		return false
	}
	g.prices = g.master.prices()
	if g.priceNear(meter) > 0 {
		g.master.sync()
		return g.master.lp.Solve(meter.spend)
	}
	return !meter.empty()
}

// nextFixed chooses columns of the present solution to fix: all that are nearly whole
// and the largest others up to a share of the part, as long as they do not overlap.
func (g *generator) nextFixed() []column {
	support := g.master.support()
	slices.SortStableFunc(support, func(a, b fraction) int {
		if c := cmp.Compare(b.level, a.level); c != 0 {
			return c
		}
		return cmp.Compare(a.column, b.column)
	})
	width := max(1, len(g.part.units)/40)
	var chosen []column
	busy := map[int32]bool{}
	used := make([]int, len(g.m.need))
	for _, f := range support {
		c := &g.pool.columns[f.column]
		if slices.ContainsFunc(c.units, func(u int32) bool { return busy[u] }) || used[c.challenge] >= g.part.hi[c.challenge] {
			continue
		}
		if f.level < 0.95 && len(chosen) >= width || f.level < 0.6 && len(chosen) > 0 {
			break
		}
		chosen = append(chosen, *c)
		used[c.challenge]++
		for _, u := range c.units {
			busy[u] = true
		}
	}
	return chosen
}

// without is the generator for what is left when some teams are fixed: the columns
// that do not touch them, started from the teams the relaxation liked.
func (g *generator) without(fixed []column) *generator {
	p := &part{lo: slices.Clone(g.part.lo), hi: slices.Clone(g.part.hi)}
	gone := make([]bool, len(g.m.units))
	goneID := map[int32]bool{}
	for _, c := range fixed {
		p.lo[c.challenge] = max(0, p.lo[c.challenge]-1)
		p.hi[c.challenge] = max(0, p.hi[c.challenge]-1)
		goneID[c.ident] = true
		for _, u := range c.units {
			gone[u] = true
		}
	}
	for _, u := range g.part.units {
		if !gone[u] {
			p.units = append(p.units, u)
		}
	}
	for _, k := range g.part.idents {
		if !goneID[k] {
			p.idents = append(p.idents, k)
		}
	}
	pool := newPool(g.pool.limit + 10_000)
	fits := func(c *column) bool {
		return !slices.ContainsFunc(c.units, func(u int32) bool { return gone[u] }) && (c.ident < 0 || !goneID[c.ident])
	}
	for i := range g.pool.columns {
		if c := &g.pool.columns[i]; fits(c) {
			pool.inherit(c)
		}
	}
	rest := newGenerator(g.m, p, pool, g.rnd)
	rest.exact = g.mayFinish && len(p.units) <= finishUnits
	rest.mayFinish = g.mayFinish
	rest.inherited = len(pool.columns)
	rest.master.sync()
	for _, f := range g.master.support() {
		if c := &g.pool.columns[f.column]; fits(c) {
			rest.master.lp.Prime(rest.master.varOf[pool.index[hashColumn(c.units, c.challenge, c.ident)]])
		}
	}
	return rest
}
