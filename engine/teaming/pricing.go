package teaming

import (
	"cmp"
	"slices"
)

// pricer searches depth first for teams of one challenge whose reduced cost is below
// a bar. A branch is cut when its promise does not get there.
type pricer struct {
	m         *model
	part      *part
	prices    *prices
	challenge int32
	bar       float64
	found     func(units []int32, challenge, ident int32, cost int64, value float64) bool
	perBranch int // columns wanted from one first unit, 0 for all
	nodes     int // nodes allowed below one first unit, 0 for all
	meter     *meter
	complete  bool // nothing was cut short

	meet    []int64 // by unit: links to the units chosen
	never   []int32
	held    []int32 // by identity: people among the chosen who had it
	chosen  []int32
	frames  [][]candidate
	promise promise
	budget  int
	wanted  int
	stopped bool
	seen    int64 // candidates looked at since work was last counted
}

// Work of the search: a node, a candidate rated, a candidate looked at again one level down.
const (
	visitWork = 100
	ratedWork = 55
	seenWork  = 12
)

// candidate is a unit that may still join, with what it is worth per person.
type candidate struct {
	unit  int32
	worth [2]float64
}

func newPricer(m *model, p *part, pr *prices, meter *meter) *pricer {
	x := &pricer{m: m, part: p, prices: pr, meter: meter,
		meet: make([]int64, len(m.units)), never: make([]int32, len(m.units)), held: make([]int32, len(m.ident))}
	x.frames = make([][]candidate, m.in.Size.Max+2)
	x.promise = newPromise(m)
	return x
}

// search visits every team of the challenge that can be below the bar. After it,
// complete says whether the search was exhaustive.
func (x *pricer) search(challenge int32, bar float64) {
	x.challenge, x.bar = challenge, bar
	x.complete, x.stopped = true, false
	if x.part.hi[challenge] == 0 {
		return
	}
	root := x.frames[0][:0]
	for _, u := range x.part.units {
		if x.m.prefOf(u, challenge) == forbidden || !x.lockAllows(u) {
			continue
		}
		root = append(root, candidate{unit: u})
	}
	x.frames[0] = root
	x.chosen = x.chosen[:0]
	start := none
	x.visit(&start, 0, 0, root)
}

// lockAllows says whether a unit's lock permits the challenge.
func (x *pricer) lockAllows(u int32) bool {
	k := x.m.units[u].lock
	return k < 0 || x.m.locks[k].challenge < 0 || x.m.locks[k].challenge == x.challenge
}

// visit prices the chosen units as a team, then tries to add each candidate in turn;
// the ones before it are left out for good, so no team is met twice.
func (x *pricer) visit(t *trait, sums int64, dual float64, cands []candidate) {
	x.budget--
	if !x.meter.spend(visitWork + ratedWork*x.promise.rated + seenWork*x.seen) {
		x.complete, x.stopped = false, true
		return
	}
	x.promise.rated, x.seen = 0, 0
	if len(x.chosen) > 0 && int(t.size) >= x.m.in.Size.Min {
		x.price(t, sums, dual)
	}
	room := x.m.in.Size.Max - int(t.size)
	if room == 0 || x.stopped {
		return
	}
	cands = x.promising(t, sums, dual, cands)
	if len(cands) == 0 {
		return
	}
	if x.lastSeat(t, cands) {
		x.finish(t, sums, dual, cands)
		return
	}
	floor := x.promise.floor[0]
	slices.SortFunc(cands, func(a, b candidate) int {
		if c := cmp.Compare(b.worth[0], a.worth[0]); c != 0 {
			return c
		}
		return cmp.Compare(a.unit, b.unit)
	})
	for i := range cands {
		if len(x.chosen) > 0 && floor-x.ahead(int(t.size), cands[i:]) >= x.bar {
			return
		}
		if x.stopped || x.spentBranch() {
			x.complete = false
			return
		}
		x.descend(t, sums, dual, cands[i], cands[i+1:])
	}
}

// spentBranch applies the limits of a heuristic search below one first unit.
func (x *pricer) spentBranch() bool {
	if len(x.chosen) == 0 {
		x.budget, x.wanted = x.nodes, x.perBranch
		return false
	}
	return x.nodes > 0 && x.budget <= 0 || x.perBranch > 0 && x.wanted <= 0
}

// descend adds a candidate; of the later ones those stay with whom it may be in one team.
func (x *pricer) descend(t *trait, sums int64, dual float64, first candidate, later []candidate) {
	u := first.unit
	unit := &x.m.units[u]
	next := *t
	x.m.join(&next, &unit.trait)
	nextSums := sums + unit.base + x.m.prefOf(u, x.challenge) + x.meet[u]
	nextDual := float64(dual + x.prices.unit[u])
	seats := &x.promise.seats[len(x.chosen)]
	x.choose(u, 1)
	depth := len(x.chosen)
	frame := x.frames[depth][:0]
	room := int32(x.m.in.Size.Max) - next.size
	if unit.lock >= 0 && x.m.locks[unit.lock].closed {
		later = nil
	}
	x.seen += int64(len(later))
	for i := range later {
		c := &later[i]
		v := &x.m.units[c.unit]
		if v.size > room || x.above(seats, unit.size+v.size, &first, c) ||
			x.never[c.unit] > 0 || v.comp != next.comp || x.m.mute(&next, &v.trait) {
			continue
		}
		if v.lock >= 0 && (x.m.locks[v.lock].closed || x.anchored()) {
			continue
		}
		frame = append(frame, *c)
	}
	x.frames[depth] = frame
	x.visit(&next, nextSums, nextDual, frame)
	x.choose(u, -1)
}

// anchored says whether a locked unit is chosen.
func (x *pricer) anchored() bool {
	return slices.ContainsFunc(x.chosen, func(u int32) bool { return x.m.units[u].lock >= 0 })
}

// choose adds a unit to the chosen ones, or takes the last one back.
func (x *pricer) choose(u int32, d int) {
	if d > 0 {
		x.chosen = append(x.chosen, u)
	} else {
		x.chosen = x.chosen[:len(x.chosen)-1]
	}
	if x.m.moves {
		for _, p := range x.m.units[u].prev {
			if p.ident >= 0 {
				x.held[p.ident] += int32(d) * p.n
			}
		}
	}
	for i := range x.m.adj[u] {
		l := &x.m.adj[u][i]
		x.meet[l.to] += int64(d) * l.cost
		if l.never {
			x.never[l.to] += int32(d)
		}
	}
}

// lastSeat says whether after any candidate no other fits.
func (x *pricer) lastSeat(t *trait, cands []candidate) bool {
	room := int32(x.m.in.Size.Max) - t.size
	for _, c := range cands {
		if 2*x.m.units[c.unit].size <= room {
			return false
		}
	}
	return true
}

// finish prices the chosen units with each candidate as the last.
func (x *pricer) finish(t *trait, sums int64, dual float64, cands []candidate) {
	for _, c := range cands {
		if x.stopped || x.spentBranch() {
			x.complete = false
			return
		}
		x.budget--
		v := &x.m.units[c.unit]
		if int(t.size+v.size) < x.m.in.Size.Min {
			continue
		}
		cost := x.m.fair(x.m.raw(t, &v.trait, x.challenge, sums+v.base+x.m.prefOf(c.unit, x.challenge)+x.meet[c.unit]))
		if value := float64(cost) - dual - x.prices.unit[c.unit] - x.prices.challenge[x.challenge]; value < x.bar {
			x.choose(c.unit, 1)
			x.offer(cost, value)
			x.choose(c.unit, -1)
		}
	}
}

// price offers the chosen units.
func (x *pricer) price(t *trait, sums int64, dual float64) {
	cost := x.m.fair(x.m.raw(t, &none, x.challenge, sums))
	if value := float64(cost) - dual - x.prices.challenge[x.challenge]; value < x.bar {
		x.offer(cost, value)
	}
}

// offer gives the chosen units the best identity they can have, and passes them on if they stay
// below the bar.
func (x *pricer) offer(cost int64, value float64) {
	ident, moves, extra := x.m.bestIdentity(x.chosen, x.prices.ident, x.part.idents)
	value += float64(moves) + extra
	if value < x.bar && !x.stopped {
		x.wanted--
		if !x.found(x.chosen, x.challenge, ident, cost+moves, value) {
			x.complete, x.stopped = false, true
		}
	}
}

// bestIdentity is the team id these units should take at the given prices of ids: the
// lock's if one is locked, else one of their previous ones or none. It returns the cost
// of moving and what the price of the id adds to a reduced cost.
func (m *model) bestIdentity(us []int32, price []float64, allowed []int32) (ident int32, moves int64, extra float64) {
	total := func(k int32) (sum int64) {
		for _, u := range us {
			sum += m.moveCost(&m.units[u], k)
		}
		return sum
	}
	for _, u := range us {
		if k := m.units[u].lock; k >= 0 {
			return k, total(k), 0
		}
	}
	if !m.moves {
		return -1, 0, 0
	}
	ident, moves = -1, total(-1)
	for _, u := range us {
		for _, p := range m.units[u].prev {
			if int(p.ident) < len(m.locks) || p.ident == ident {
				continue
			}
			if _, ok := slices.BinarySearch(allowed, p.ident); !ok {
				continue
			}
			n, e := total(p.ident), 0.0
			if price != nil {
				e = -price[p.ident]
			}
			if float64(n)+e < float64(moves)+extra {
				ident, moves, extra = p.ident, n, e
			}
		}
	}
	return ident, moves, extra
}
