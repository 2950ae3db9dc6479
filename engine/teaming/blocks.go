package teaming

import "slices"

// improveBlocks re-solves some of the teams at a time, all their people together, and
// keeps what is better, until the meter is empty. A block is a part like any other:
// what the teams outside leave of each challenge's limits is what it may use.
func (s *solver) improveBlocks(meter *meter) {
	size := s.blockSize(meter)
	e := effort{anneal: int64(size) * 1500, runs: 1, columns: 20_000, rounds: 1}
	visited := make([]bool, len(s.m.units))
	for s.best.broken == 0 && !s.settled() && !meter.empty() {
		chosen := s.chooseBlock(size, visited)
		part, inside := s.blockPart(chosen)
		if len(part.units) == 0 {
			return
		}
		sub := &solver{m: s.m, part: part, rnd: s.rnd, table: s.table, at: s.at, best: inside}
		sub.improve(e, meter)
		if sub.best.cost < inside.cost {
			s.splice(chosen, sub.best.teams, sub.best.cost-inside.cost)
		}
		meter.spend(1000)
	}
}

// blockSize is the largest block for which the budget left allows one sweep over
// everybody.
func (s *solver) blockSize(meter *meter) int {
	const least, most = 60, 400
	sweep := float64(meter.left) / workPerSecond
	size := least
	for size < most && relaxation(size+1)*float64(len(s.part.units)) <= sweep*float64(size+1) {
		size++
	}
	return size
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

// chooseBlock picks teams until they hold about size units: alternately one linked by
// a wish to a team chosen and a random one, among those the present sweep has not
// visited yet.
func (s *solver) chooseBlock(size int, visited []bool) []int {
	teams := s.best.teams
	at := make([]int32, len(s.m.units))
	for k := range teams {
		for _, u := range teams[k].units {
			at[u] = int32(k)
		}
	}
	open := s.unvisited(size/2, visited)
	in := make([]bool, len(teams))
	var chosen, frontier []int
	for tries, units := 0, 0; units < size && len(open) > 0; tries++ {
		list := &open
		if tries%2 == 1 && len(frontier) > 0 {
			list = &frontier
		}
		k := s.drawOut(list)
		if in[k] || s.untouchable(&teams[k]) || visited[teams[k].units[0]] {
			continue
		}
		in[k] = true
		chosen = append(chosen, k)
		units += len(teams[k].units)
		frontier = s.appendWished(frontier, &teams[k], at, in)
	}
	for _, k := range chosen {
		for _, u := range teams[k].units {
			visited[u] = true
		}
	}
	slices.Sort(chosen)
	return chosen
}

// unvisited lists the teams that the present sweep may still take. Where they hold
// fewer than least units, a new sweep begins and all that can change may be taken.
func (s *solver) unvisited(least int, visited []bool) []int {
	var open, seen []int
	left := 0
	for k := range s.best.teams {
		c := &s.best.teams[k]
		switch {
		case s.untouchable(c):
		case visited[c.units[0]]:
			seen = append(seen, k)
		default:
			open = append(open, k)
			left += len(c.units)
		}
	}
	if left < least {
		clear(visited)
		open = append(open, seen...)
	}
	return open
}

// drawOut takes a random element out of a list, whose order does not matter.
func (s *solver) drawOut(list *[]int) int {
	l := *list
	i, last := s.rnd.below(len(l)), len(l)-1
	k := l[i]
	l[i] = l[last]
	*list = l[:last]
	return k
}

// appendWished appends the teams, but for those in the block, where somebody is whom
// this team wishes for or who wishes for it.
func (s *solver) appendWished(frontier []int, c *column, at []int32, in []bool) []int {
	for _, u := range c.units {
		for _, l := range s.m.adj[u] {
			if l.gain > 0 && !in[at[l.to]] {
				frontier = append(frontier, int(at[l.to]))
			}
		}
	}
	return frontier
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
