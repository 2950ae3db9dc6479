package teaming

import "math/bits"

// promise is what the best team with the chosen units and one or more of the candidates can
// cost at least, after prices. Adding a candidate repairs what the team lacks, and what it can
// repair only shrinks as others join; so the repairs of each candidate alone, counted as its
// worth, and the worthiest company for the seats left bound them all (a fractional knapsack:
// Dantzig, "Discrete-Variable Extremum Problems", Operations Research 5, 1957).
//
// Two candidates who bring the same skill are so paid twice for one repair. What the worthiest
// company repairs more than once is therefore taken to be repaired by half, then wholly, for
// nothing, in rounds: a Lagrangian relaxation of "repaired at most once" with multipliers 1, ½
// and 0 (Fisher, "The Lagrangian Relaxation Method", Management Science 27, 1981). The convex
// surcharge of a bad team is bounded by its two tangents.
type promise struct {
	tangents int
	slope    [2]float64
	floor    [2]float64 // cost of the chosen after prices, with what is taken to be repaired
	best     [2]worthiest
	seats    [][2][]float64 // by depth, tangent and persons joining: the floor with the others' worth
	sizes    []float64      // cost by team size
	alive    []int32        // by unit: the last list of candidates that it was in
	list     int32
	left     []int32 // by identity: people among the candidates
	rated    int64   // candidates rated since work was last counted
}

// rounds of handing out what is repaired more than once.
const promiseRounds = 2

func newPromise(m *model) promise {
	w := &m.in.Weights
	p := promise{tangents: 1, alive: make([]int32, len(m.units)), left: make([]int32, len(m.ident))}
	if w.Fair > 0 {
		p.tangents = 2
	}
	p.slope = [2]float64{1, float64(1 + w.Fair)}
	for n := range m.in.Size.Max + 1 {
		p.sizes = append(p.sizes, float64(w.Size*abs(int64(n-m.in.Size.Target))))
		p.seats = append(p.seats, [2][]float64{make([]float64, m.in.Size.Max+1), make([]float64, m.in.Size.Max+1)})
	}
	return p
}

// lacking is what a team still lacks, in the places of the flags: skills and roles whose repair
// counts whole, and those that count half.
type lacking struct{ skills, roles, halfSkills, halfRoles flags }

// cost is what those of the lacking flags cost that are in have.
func (m *model) cost(l *lacking, have *flags) float64 {
	w := &m.in.Weights
	whole := w.Skill*m.count(&l.skills, have) + w.Mix*m.count(&l.roles, have)
	half := w.Skill*m.count(&l.halfSkills, have) + w.Mix*m.count(&l.halfRoles, have)
	return float64(whole) + float64(float64(half)*0.5)
}

// promising leaves those of the candidates with whom some team may be below the bar.
func (x *pricer) promising(t *trait, sums int64, dual float64, cands []candidate) []candidate {
	var l lacking
	for k := range x.m.words {
		l.skills[k] = x.m.need[x.challenge][k] &^ t.have[k]
		l.roles[k] = x.m.roles[k] &^ t.have[k]
	}
	room := x.m.in.Size.Max - int(t.size)
	for round := 0; ; round++ {
		x.rate(t, sums, dual, cands, &l, room)
		cands = x.sift(int(t.size), cands, room)
		if round == promiseRounds || room == 1 || len(cands) == 0 || !x.share(&l) {
			return cands
		}
	}
}

// rate gives every candidate its worth and sets the floor.
func (x *pricer) rate(t *trait, sums int64, dual float64, cands []candidate, l *lacking, room int) {
	m, p := x.m, &x.promise
	w := &m.in.Weights
	missed := 0
	all := flags{}
	for k := range m.words {
		missed += bits.OnesCount64(m.misses[k] & t.have[k])
		all[k] = ^uint64(0)
	}
	alone := t.once &^ t.twice
	raw := m.cost(l, &all) + float64(sums+w.Isolation*int64(bits.OnesCount64(alone))+
		w.Slots*int64(max(0, m.in.SlotsNeeded-m.slots+missed)))
	moves := 0.0
	if m.moves {
		moves = x.leastMoves(cands, int32(room))
		p.rated += int64(len(cands)) / 2 // what that takes
	}
	p.list++
	for i := range cands {
		p.alive[cands[i].unit] = p.list
	}
	p.best[0].clear(room)
	p.best[1].clear(room)
	for i := range cands {
		u := cands[i].unit
		v := &m.units[u]
		repair := m.cost(l, &v.have) + float64(w.Isolation*int64(bits.OnesCount64(alone&v.once))-
			v.base-m.prefOf(u, x.challenge)-x.meet[u])
		if room > 1 {
			repair += float64(0.5 * float64(x.hope(u)))
		}
		price := x.prices.unit[u]
		if m.moves {
			price -= float64(w.Move * int64(v.stayers))
		}
		for g := range p.tangents {
			worth := float64(price+float64(p.slope[g]*repair)) / float64(v.size)
			cands[i].worth[g] = worth
			p.best[g].take(worth, u, int(v.size))
		}
	}
	base := dual + x.prices.challenge[x.challenge] - moves
	p.floor[0] = raw - base
	p.floor[1] = float64(p.slope[1]*raw) - float64(w.Fair*w.FairOver) - base
	p.rated += int64(len(cands))
}

// hope is what the unit and the other candidates could save by each other's company; half of
// it is the unit's, half the others'.
func (x *pricer) hope(u int32) (saved int64) {
	for i := range x.m.adj[u] {
		if l := &x.m.adj[u][i]; l.cost < 0 && x.promise.alive[l.to] == x.promise.list {
			saved -= l.cost
		}
	}
	return saved
}

// leastMoves is what the chosen pay for moving, less what the best team id could give back
// to them and to as many candidates as there are seats; candidates are rated as if all moved.
func (x *pricer) leastMoves(cands []candidate, room int32) float64 {
	left := x.promise.left
	each := func(u int32, visit func(prevCount)) {
		for _, p := range x.m.units[u].prev {
			if p.ident >= 0 {
				visit(p)
			}
		}
	}
	move := x.m.in.Weights.Move
	stayers, refund := int32(0), 0.0
	try := func(p prevCount) {
		kept := float64(move * int64(x.held[p.ident]+min(left[p.ident], room)))
		refund = max(refund, kept+x.prices.ident[p.ident])
	}
	for i := range cands {
		each(cands[i].unit, func(p prevCount) { left[p.ident] += p.n })
	}
	for _, u := range x.chosen {
		stayers += x.m.units[u].stayers
		each(u, try)
	}
	for i := range cands {
		each(cands[i].unit, try)
	}
	for i := range cands {
		each(cands[i].unit, func(p prevCount) { left[p.ident] = 0 })
	}
	return float64(move*int64(stayers)) - refund
}

// sift drops the candidates with whom every team stays above the bar. size is that of the
// chosen.
func (x *pricer) sift(size int, cands []candidate, room int) []candidate {
	p := &x.promise
	seats := &p.seats[len(x.chosen)]
	for g := range p.tangents {
		for n := range room + 1 {
			least := endless
			for k := max(n, x.m.in.Size.Min-size, 1); k <= room; k++ {
				if worth, ok := p.best[g].sum(k - n); ok {
					least = min(least, float64(p.slope[g]*p.sizes[size+k])-worth)
				}
			}
			seats[g][n] = p.floor[g] + least
		}
		if seats[g][0] >= x.bar {
			return cands[:0]
		}
	}
	kept := cands[:0]
	for _, c := range cands {
		if !x.above(seats, x.m.units[c.unit].size, &c, nil) {
			kept = append(kept, c)
		}
	}
	return kept
}

const endless = 1e18

// above says whether every team with one candidate, or with two, stays above the bar; together
// they take n seats.
func (x *pricer) above(seats *[2][]float64, n int32, a, b *candidate) bool {
	for g := range x.promise.tangents {
		least := seats[g][n] - float64(float64(x.m.units[a.unit].size)*a.worth[g])
		if b != nil {
			least -= float64(float64(x.m.units[b.unit].size) * b.worth[g])
		}
		if least >= x.bar {
			return true
		}
	}
	return false
}

// ahead is the most that any of the sorted candidates are worth together, less what the
// size costs.
func (x *pricer) ahead(size int, cands []candidate) float64 {
	most, sum, n := -endless, 0.0, size
	first := size + 1 // a later candidate may be smaller than the first
	for _, c := range cands {
		for range x.m.units[c.unit].size {
			sum += c.worth[0]
			n++
			if n >= max(first, x.m.in.Size.Min) {
				most = max(most, sum-x.promise.sizes[n])
			}
			if n == x.m.in.Size.Max {
				return most
			}
		}
	}
	return most
}

// share lowers what the worthiest company is paid for more than once, and reports whether
// there is any such thing.
func (x *pricer) share(l *lacking) bool {
	best := &x.promise.best[0]
	any := false
	for k := range x.m.words {
		once, twice := uint64(0), uint64(0)
		for i, u := range best.who[:best.count] {
			if i > 0 && u == best.who[i-1] {
				continue
			}
			twice |= once & x.m.units[u].have[k]
			once |= x.m.units[u].have[k]
		}
		lower := func(whole, half *uint64) {
			any = any || (*whole|*half)&twice != 0
			*half, *whole = *half&^twice|*whole&twice, *whole&^twice
		}
		lower(&l.skills[k], &l.halfSkills[k])
		lower(&l.roles[k], &l.halfRoles[k])
	}
	return any
}
