package teaming

import (
	"cmp"
	"slices"
)

// dive rounds the relaxation to whole teams: it fixes the teams taken almost fully,
// and at least one, prices anew for the people left, and goes on. The teams returned
// may leave some people out, which repair places.
func (g *generator) dive(meter *meter, width int) []column {
	taken := make([]bool, len(g.m.units))
	fixed := map[int32]bool{}
	var order []int32
	g.near.blocked = taken
	defer func() { g.near.blocked = nil }()
	left := len(g.part.units)
	for left > 0 && !meter.empty() {
		g.master.sync()
		g.ban(taken, fixed)
		if !g.master.lp.solve(meter) {
			break
		}
		if len(fixed) > 0 && g.priceDive(meter, taken, fixed) > 0 {
			g.master.sync()
			g.ban(taken, fixed)
			if !g.master.lp.solve(meter) {
				break
			}
		}
		chosen := g.nextFixed(taken, fixed, width)
		if len(chosen) == 0 {
			break
		}
		for _, k := range chosen {
			fixed[k] = true
			order = append(order, k)
			for _, u := range g.pool.columns[k].units {
				taken[u] = true
				left--
			}
		}
	}
	g.unban()
	teams := make([]column, 0, len(order))
	for _, k := range order {
		teams = append(teams, g.pool.columns[k])
	}
	return teams
}

// nextFixed chooses columns of the present solution to fix: all that are nearly whole
// and the largest others up to width, as long as they do not overlap.
func (g *generator) nextFixed(taken []bool, fixed map[int32]bool, width int) []int32 {
	support := g.master.support()
	slices.SortStableFunc(support, func(a, b fraction) int {
		if c := cmp.Compare(b.level, a.level); c != 0 {
			return c
		}
		return cmp.Compare(a.column, b.column)
	})
	var chosen []int32
	busy := map[int32]bool{}
	for _, f := range support {
		c := &g.pool.columns[f.column]
		if fixed[f.column] || slices.ContainsFunc(c.units, func(u int32) bool { return taken[u] || busy[u] }) {
			continue
		}
		if f.level < 0.98 && len(chosen) >= width || f.level < 0.6 && len(chosen) > 0 {
			break
		}
		chosen = append(chosen, f.column)
		for _, u := range c.units {
			busy[u] = true
		}
	}
	return chosen
}

// ban makes columns that overlap a fixed team too dear to use; the basis stays
// feasible, so the next solution starts from the last one.
func (g *generator) ban(taken []bool, fixed map[int32]bool) {
	lp := g.master.lp
	for k, v := range g.master.varOf {
		c := &g.pool.columns[k]
		cost := float64(c.cost)
		if !fixed[int32(k)] && slices.ContainsFunc(c.units, func(u int32) bool { return taken[u] }) {
			cost += lp.big
		}
		lp.vars[v].cost = cost
	}
	lp.restate()
}

func (g *generator) unban() {
	for k, v := range g.master.varOf {
		g.master.lp.vars[v].cost = float64(g.pool.columns[k].cost)
	}
	g.master.lp.restate()
}

// priceDive looks for teams among the people left.
func (g *generator) priceDive(meter *meter, taken []bool, fixed map[int32]bool) int {
	g.prices = g.master.prices()
	g.near.prices = &g.prices
	added := 0
	for _, f := range g.master.support() {
		c := g.pool.columns[f.column]
		if fixed[f.column] || slices.ContainsFunc(c.units, func(u int32) bool { return taken[u] }) {
			continue
		}
		n, work := g.near.around(c, g.pool)
		added += n
		if !meter.spend(work) {
			break
		}
	}
	return added
}
