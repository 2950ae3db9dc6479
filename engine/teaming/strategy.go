package teaming

import (
	"math"
	"slices"
)

// Sizes at which the way of working changes, in units (people who stay together count
// once).
const (
	exactUnits   = 250     // up to here every column is priced and the optimum proven
	proofUnits   = 600     // and up to here where the budget buys a relaxation five times over
	wholeUnits   = 400     // up to here one relaxation of everything is worth its price
	finishUnits  = 50      // what a dive leaves is priced exhaustively from here down
	siteUnits    = 20      // components smaller than this are not solved on their own
	blockSeconds = 9.0     // work of one relaxation of 500 units; it grows like size^2.5
	reseatWork   = 900_000 // a unit: after so much handing out of seats little is found
	handUnits    = 5000    // up to here the cooling hands seats out too,
	handBelow    = 3.0     // from so many times its cold end down,
	handShare    = 0.55    // which so large a part of its steps is
	quickSteps   = 1000    // annealing steps a unit for a first answer, in case somebody stops soon
	enoughSteps  = 100_000 // a unit: cooling more slowly gains nothing
)

// run chooses the way of working by size and budget.
func (s *solver) run(meter *meter) {
	if s.m.bareLocks() { // a team that must exist but names nobody is no column
		s.onlyAnneal(meter)
		return
	}
	if sites := s.sites(); len(sites) > 1 {
		if s.runSites(sites, meter) {
			s.improveBlocks(meter)
			return
		}
	}
	s.restart(meter)
	n := len(s.part.units)
	seconds := float64(meter.left) / workPerSecond
	switch {
	case n <= exactUnits:
		s.solve(effort{anneal: int64(n)*6000 + 10_000, runs: 2, exact: true, columns: 30_000, rounds: 1}, meter)
	case n <= proofUnits && seconds > 5*relaxation(n):
		s.solve(effort{anneal: int64(n) * 2000, runs: 2, exact: true, columns: 40_000, rounds: 1}, meter)
	case n <= wholeUnits && seconds > 1.3*relaxation(n):
		s.solve(effort{anneal: int64(n) * 2000, runs: 2, columns: 40_000, rounds: 1}, meter)
	default:
		s.live(meter)
	}
	s.secure(meter)
	s.improveBlocks(meter)
}

// live is for parts that are not worth relaxing: a quick answer, then a long cooling after which
// seats are handed out anew until little is found. Where a round of that reaches a good
// part of the teams, the cooling's lower part does it too.
func (s *solver) live(meter *meter) {
	n := int64(len(s.part.units))
	s.quick(meter, 1)
	cooling := float64(meter.left - min(meter.left/4, n*reseatWork))
	below := 0.0
	if n <= handUnits {
		cooling, below = cooling/(1+handShare), handBelow
	}
	s.cool(min(int64(cooling)/proposalWork(len(s.part.units)), n*enoughSteps), below, nil, meter)
	s.reseat(nil, meter)
}

// quick is a first answer, for a twentieth of what is left shared among so many parts, or
// for what a first answer takes where that is more; an interruption does not end it.
func (s *solver) quick(meter *meter, parts int64) {
	n := int64(len(s.part.units))
	price := proposalWork(len(s.part.units))
	steps := max(n*quickSteps/4, min(n*quickSteps, meter.left/20/parts/price))
	s.start(steps, nil, meter.grace(2*steps*price))
}

// relaxation is the seconds that one relaxation of so many units takes, with its dive.
func relaxation(units int) float64 {
	r := float64(units) / 500
	return blockSeconds * r * r * math.Sqrt(r) // a power may differ in its last bit between processors
}

// restart begins from the previous teams, if any, so that few people move.
func (s *solver) restart(meter *meter) {
	if !s.m.moves {
		return
	}
	byIdent := make([]column, len(s.m.ident))
	for u := range s.m.units {
		x := &s.m.units[u]
		if len(x.prev) == 0 || x.prev[0].ident < int32(len(s.m.locks)) || x.lock >= 0 {
			continue
		}
		c := &byIdent[x.prev[0].ident]
		c.ident = x.prev[0].ident
		c.units = append(c.units, int32(u))
	}
	byIdent = slices.DeleteFunc(byIdent, func(c column) bool { return len(c.units) == 0 })
	s.polish(byIdent, int64(len(s.m.units))*1000, nil, meter.sub(meter.left/5))
}

// secure spends more annealing while hard constraints are still broken.
func (s *solver) secure(meter *meter) {
	for tries := 0; s.best.broken > 0 && tries < 8 && !meter.empty(); tries++ {
		s.start(int64(len(s.part.units))*2000+50_000, nil, meter)
	}
}

// rescue gives whoever stops before the first valid answer, or has no budget for one, one
// all the same where it can.
func (s *solver) rescue(meter *meter) {
	n := int64(len(s.part.units))
	for each := int64(quickSteps / 4); s.best.broken > 0 && each <= quickSteps; each *= 4 {
		s.start(n*each, nil, meter.grace(math.MaxInt64))
	}
}

func (s *solver) onlyAnneal(meter *meter) {
	for first := true; (first || !meter.empty()) && !s.settled(); first = false {
		s.start(int64(len(s.part.units))*2000+20_000, nil, meter)
	}
}

// bareLocks says whether a lock names a team but no people.
func (m *model) bareLocks() bool {
	return slices.ContainsFunc(m.locks, func(l lockedTeam) bool { return l.unit < 0 })
}

// sites splits the units by component of languages: no team can cross them. Small
// components give up the idea, since limits on challenges cannot be shared out fairly.
func (s *solver) sites() [][]int32 {
	byComp := map[int32]int{}
	var sites [][]int32
	for _, u := range s.part.units {
		c := s.m.units[u].comp
		k, ok := byComp[c]
		if !ok {
			k = len(sites)
			byComp[c] = k
			sites = append(sites, nil)
		}
		sites[k] = append(sites[k], u)
	}
	if slices.ContainsFunc(sites, func(l []int32) bool { return len(l) < siteUnits }) {
		return nil
	}
	return sites
}

// atOnce is the size of the largest part that is worked on as one.
func (s *solver) atOnce() int {
	most := 0
	for _, site := range s.sites() {
		most = max(most, len(site))
	}
	if most == 0 {
		return len(s.part.units)
	}
	return most
}

// runSites solves the sites one after the other, each with its share of the limits,
// and reports whether together they are a valid answer. All have a quick answer before the
// first is solved for good, so that there are teams for everybody whenever it is stopped.
func (s *solver) runSites(sites [][]int32, meter *meter) bool {
	parts := s.shares(sites)
	subs := make([]*solver, len(parts))
	for k, p := range parts {
		subs[k] = &solver{m: s.m, part: p, rnd: s.rnd, table: s.table, at: s.at}
		subs[k].quick(meter, int64(len(parts)))
	}
	s.gather(subs)
	bound, certain := int64(0), true
	for k, sub := range subs {
		n := len(sub.part.units)
		allowance := meter.sub(int64(float64(meter.left) * 0.95 / float64(len(parts)-k)))
		switch {
		case allowance.empty():
		case n <= wholeUnits:
			sub.solve(effort{anneal: int64(n)*1500 + 10_000, runs: 2, exact: n <= exactUnits, columns: 30_000}, allowance)
		default:
			sub.live(allowance)
			sub.improveBlocks(allowance)
		}
		s.gather(subs)
		certain = certain && s.m.capsFree(s.part, sub.part)
		bound += sub.bound
	}
	if certain {
		s.bound = max(s.bound, bound)
	}
	return s.best.teams != nil && s.best.broken == 0
}

// gather takes the sites' answers together, if each has one.
func (s *solver) gather(subs []*solver) {
	var all plan
	for _, sub := range subs {
		if sub.best.teams == nil || sub.best.broken > 0 {
			return
		}
		all.teams = append(all.teams, sub.best.teams...)
		all.cost += sub.best.cost
	}
	s.take(all)
}

// capsFree says whether the part's share of the limits can never bind, so that its
// bound holds whatever the other sites do.
func (m *model) capsFree(whole, p *part) bool {
	people := 0
	for _, u := range p.units {
		people += int(m.units[u].size)
	}
	for c := range p.hi {
		if whole.lo[c] > 0 || p.hi[c] < people/max(1, m.in.Size.Min) {
			return false
		}
	}
	return true
}

// shares gives every site its part of the limits in proportion to its people, rounding
// so that the sums are exact, and the identities of its own people.
func (s *solver) shares(sites [][]int32) []*part {
	parts := make([]*part, len(sites))
	people := make([]int, len(sites)+1)
	siteOf := make([]int, len(s.m.units))
	for k, site := range sites {
		parts[k] = &part{units: site, lo: make([]int, len(s.m.need)), hi: make([]int, len(s.m.need))}
		people[k+1] = people[k]
		for _, u := range site {
			people[k+1] += int(s.m.units[u].size)
			siteOf[u] = k
		}
	}
	all := people[len(sites)]
	for c := range s.m.need {
		for k := range sites {
			share := func(limit int) int { return limit*people[k+1]/all - limit*people[k]/all }
			parts[k].lo[c] = share(s.part.lo[c])
			parts[k].hi[c] = s.part.hi[c]
			if s.part.hi[c] < all {
				parts[k].hi[c] = share(s.part.hi[c])
			}
		}
	}
	home := filled(len(s.m.ident), 0)
	for u := range s.m.units {
		x := &s.m.units[u]
		for _, p := range x.prev {
			if p.ident >= 0 {
				home[p.ident] = int32(siteOf[u])
			}
		}
	}
	for k, l := range s.m.locks {
		home[k] = int32(siteOf[max(l.unit, 0)])
	}
	for k, h := range home {
		parts[h].idents = append(parts[h].idents, int32(k))
	}
	return parts
}
