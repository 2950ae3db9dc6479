package teaming

import (
	"cmp"
	"math/bits"
	"slices"
)

// pricer searches depth first for teams of one challenge whose reduced cost is below
// a bar. A branch is cut when no completion can get below it: coverage is submodular,
// so what a candidate can still repair only shrinks as others join, and the fractional
// knapsack over repairs per person bounds the rest (Dantzig, "Discrete-Variable
// Extremum Problems", Operations Research 5, 1957). The convex surcharge is bounded by
// its two tangents.
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

	meet     []int64 // by unit: links to the units chosen
	meetGain []int64
	never    []int32
	chosen   []int32
	sizeFrom []int64 // by team size: least size cost of a valid size not below it
	frames   [][]candidate
	budget   int
	wanted   int
	stopped  bool
}

// candidate is a unit that may still join, with what it is worth per person.
type candidate struct {
	unit    int32
	density float64
}

func newPricer(m *model, p *part, pr *prices, meter *meter) *pricer {
	x := &pricer{m: m, part: p, prices: pr, meter: meter,
		meet: make([]int64, len(m.units)), meetGain: make([]int64, len(m.units)), never: make([]int32, len(m.units))}
	x.sizeFrom = make([]int64, m.in.Size.Max+2)
	x.sizeFrom[m.in.Size.Max+1] = 1 << 40
	for n := m.in.Size.Max; n >= 0; n-- {
		cost := m.in.Weights.Size * abs(int64(n-m.in.Size.Target))
		if n < m.in.Size.Min {
			cost = 1 << 40
		}
		x.sizeFrom[n] = min(x.sizeFrom[n+1], cost)
	}
	x.frames = make([][]candidate, m.in.Size.Max+2)
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
	if !x.meter.spend(60 + 14*int64(len(cands))) {
		x.complete, x.stopped = false, true
		return
	}
	if len(x.chosen) > 0 && int(t.size) >= x.m.in.Size.Min {
		x.price(t, sums, dual)
	}
	room := x.m.in.Size.Max - int(t.size)
	if room == 0 || len(cands) == 0 || x.stopped {
		return
	}
	floor, ok := x.rate(t, sums, dual, cands, room)
	if !ok {
		return
	}
	slices.SortFunc(cands, func(a, b candidate) int {
		if c := cmp.Compare(b.density, a.density); c != 0 {
			return c
		}
		return cmp.Compare(a.unit, b.unit)
	})
	for i, c := range cands {
		if len(x.chosen) > 0 && floor-float64(max(c.density, 0)*float64(room)) >= x.bar {
			return
		}
		if x.stopped || x.spentBranch() {
			x.complete = false
			return
		}
		x.descend(t, sums, dual, c.unit, cands[i+1:])
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

func (x *pricer) descend(t *trait, sums int64, dual float64, u int32, later []candidate) {
	unit := &x.m.units[u]
	next := *t
	x.m.join(&next, &unit.trait)
	nextSums := sums + unit.base + x.m.prefOf(u, x.challenge) + x.meet[u]
	nextDual := float64(dual + x.prices.unit[u])
	x.choose(u, 1)
	depth := len(x.chosen)
	frame := x.frames[depth][:0]
	room := int32(x.m.in.Size.Max) - next.size
	closed := unit.lock >= 0 && x.m.locks[unit.lock].closed
	for _, c := range later {
		v := &x.m.units[c.unit]
		if v.size > room || x.never[c.unit] > 0 || v.comp != next.comp || x.m.mute(&next, &v.trait) || closed {
			continue
		}
		if v.lock >= 0 && (x.m.locks[v.lock].closed || x.anchored()) {
			continue
		}
		frame = append(frame, c)
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
	for i := range x.m.adj[u] {
		l := &x.m.adj[u][i]
		x.meet[l.to] += int64(d) * l.cost
		x.meetGain[l.to] += int64(d) * l.gain
		if l.never {
			x.never[l.to] += int32(d)
		}
	}
}

// rate gives every candidate its density and returns a floor for the reduced cost
// before any joins; ok is false if even the best completion stays above the bar.
func (x *pricer) rate(t *trait, sums int64, dual float64, cands []candidate, room int) (float64, bool) {
	w := &x.m.in.Weights
	var short, roles flags
	missed := 0
	for k := range x.m.words {
		short[k] = x.m.need[x.challenge][k] &^ t.have[k]
		roles[k] = x.m.roles[k] &^ t.have[k]
		missed += bits.OnesCount64(x.m.misses[k] & t.have[k])
	}
	alone := t.once &^ t.twice
	raw := sums + w.Skill*x.m.count(&short, &short) + w.Mix*x.m.count(&roles, &roles) +
		w.Isolation*int64(bits.OnesCount64(alone)) + w.Slots*int64(max(0, x.m.in.SlotsNeeded-x.m.slots+missed)) +
		x.sizeFrom[min(int(t.size)+1, x.m.in.Size.Max)]
	base := float64(dual + x.prices.challenge[x.challenge])
	floor := float64(raw) - base
	slope := float64(1 + w.Fair)
	steep := float64(slope*float64(raw)) - float64(w.Fair*w.FairOver) - base
	var best [2]knapsack
	best[0].room, best[1].room = room, room
	for i := range cands {
		u := cands[i].unit
		v := &x.m.units[u]
		repair := w.Skill*x.m.count(&short, &v.have) + w.Mix*x.m.count(&roles, &v.have) + w.Isolation*int64(bits.OnesCount64(alone&v.once)) -
			v.base - x.m.prefOf(u, x.challenge) - x.meet[u]
		hope := float64(repair) + float64(0.5*float64(x.m.hope[u]-x.meetGain[u]))
		size := float64(v.size)
		cands[i].density = float64(x.prices.unit[u]+hope) / size
		best[0].take(cands[i].density, int(v.size))
		if w.Fair > 0 {
			best[1].take(float64(x.prices.unit[u]+float64(slope*hope))/size, int(v.size))
		}
	}
	if floor-best[0].total() >= x.bar {
		return floor, false
	}
	if w.Fair > 0 && steep-best[1].total() >= x.bar {
		return floor, false
	}
	return floor, true
}

// knapsack keeps the densest items that fill a room of a few persons.
type knapsack struct {
	room  int
	held  [12]float64 // densities, best first, one a person
	count int
}

// take offers an item of the given size. Rooms above the array's length are bounded by
// repeating the densest item.
func (k *knapsack) take(density float64, size int) {
	if density <= 0 {
		return
	}
	limit := min(k.room, len(k.held))
	for range min(size, limit) {
		if k.count == limit {
			if density <= k.held[limit-1] {
				return
			}
			k.count--
		}
		i := k.count
		for i > 0 && k.held[i-1] < density {
			k.held[i] = k.held[i-1]
			i--
		}
		k.held[i] = density
		k.count++
	}
}

func (k *knapsack) total() float64 {
	sum := 0.0
	for _, d := range k.held[:k.count] {
		sum += d
	}
	if k.room > len(k.held) && k.count > 0 {
		sum += float64(float64(k.room-len(k.held)) * k.held[0])
	}
	return sum
}

// price offers the chosen units with the best identity they can have.
func (x *pricer) price(t *trait, sums int64, dual float64) {
	cost := x.m.fair(x.m.raw(t, &none, x.challenge, sums))
	value := float64(cost) - dual - x.prices.challenge[x.challenge]
	if value >= x.bar {
		return
	}
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
