package teaming

import "slices"

// improveBlocks re-solves some of the teams at a time, all their people together, and
// keeps what is better, until the meter is empty. A block is a part like any other:
// what the teams outside leave of each challenge's limits is what it may use.
func (s *solver) improveBlocks(size int, e effort, meter *meter) {
	for !meter.empty() {
		chosen := s.chooseBlock(size)
		part, inside := s.blockPart(chosen)
		if len(part.units) == 0 {
			return
		}
		sub := &solver{m: s.m, part: part, rnd: s.rnd, table: s.table, at: s.at, best: inside}
		before := inside.cost
		sub.improve(e, meter)
		if sub.best.broken > 0 || sub.best.cost >= before {
			continue
		}
		s.splice(chosen, sub.best.teams, sub.best.cost-before)
	}
}

// improve looks for something better than a valid incumbent.
func (s *solver) improve(e effort, meter *meter) {
	pool := newPool(e.columns)
	s.polish(s.best.teams, e.anneal/4, pool, meter)
	for range e.runs {
		s.start(e.anneal, pool, meter)
	}
	s.generate(e, pool, meter)
}

// chooseBlock picks teams until they hold about size units: a first one at random,
// then alternately a team linked by a wish to one chosen and a random one.
func (s *solver) chooseBlock(size int) []int {
	teams := s.best.teams
	at := make([]int32, len(s.m.units))
	for k := range teams {
		for _, u := range teams[k].units {
			at[u] = int32(k)
		}
	}
	in := make([]bool, len(teams))
	var chosen, frontier []int
	units := 0
	add := func(k int) {
		if in[k] || s.untouchable(&teams[k]) {
			return
		}
		in[k] = true
		chosen = append(chosen, k)
		units += len(teams[k].units)
		for _, u := range teams[k].units {
			for _, l := range s.m.adj[u] {
				if l.gain > 0 && !in[at[l.to]] {
					frontier = append(frontier, int(at[l.to]))
				}
			}
		}
	}
	for tries := 0; units < size && tries < 4*len(teams); tries++ {
		if n := len(frontier); n > 0 && tries%2 == 1 {
			i := s.rnd.below(n)
			k := frontier[i]
			frontier[i] = frontier[n-1]
			frontier = frontier[:n-1]
			add(k)
			continue
		}
		add(s.rnd.below(len(teams)))
	}
	slices.Sort(chosen)
	return chosen
}

// untouchable says whether a team cannot change at all but for its challenge.
func (s *solver) untouchable(c *column) bool {
	return c.ident >= 0 && int(c.ident) < len(s.m.locks) && (s.m.locks[c.ident].closed || s.m.locks[c.ident].unit < 0)
}

// blockPart is the part made of some teams of the incumbent, and these teams as a plan.
func (s *solver) blockPart(chosen []int) (*part, plan) {
	p := &part{lo: slices.Clone(s.part.lo), hi: slices.Clone(s.part.hi)}
	var inside plan
	in := make(map[int]bool, len(chosen))
	for _, k := range chosen {
		in[k] = true
	}
	outsideIDs := map[int32]bool{}
	for k := range s.best.teams {
		c := &s.best.teams[k]
		if in[k] {
			inside.teams = append(inside.teams, *c)
			inside.cost += c.cost
			p.units = append(p.units, c.units...)
			continue
		}
		p.lo[c.challenge]--
		p.hi[c.challenge]--
		outsideIDs[c.ident] = true
	}
	for c := range p.lo {
		p.lo[c] = max(p.lo[c], 0)
	}
	slices.Sort(p.units)
	for _, k := range s.part.idents {
		if !outsideIDs[k] {
			p.idents = append(p.idents, k)
		}
	}
	return p, inside
}

// splice replaces the chosen teams of the incumbent by others of the same people.
func (s *solver) splice(chosen []int, teams []column, delta int64) {
	next := plan{cost: s.best.cost + delta, broken: s.best.broken}
	for k := range s.best.teams {
		if _, out := slices.BinarySearch(chosen, k); !out {
			next.teams = append(next.teams, s.best.teams[k])
		}
	}
	next.teams = append(next.teams, teams...)
	s.take(next)
}
