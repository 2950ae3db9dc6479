package teaming

// uniteShare is how many sixteenths of the moves and exchanges bring somebody to one who is
// wished for. Wishes are half of what large events pay, and settle early in a cooling: met by
// chance, among everybody who might be exchanged for somebody else, they settle badly.
const uniteShare = 3

// tryUnite brings u into the team of one of the people it is linked to by a wish: in exchange
// for whoever of that team is missed least, or for nobody where there is room.
func (a *annealer) tryUnite(u int32) {
	l := &a.m.adj[u][a.rnd.below(len(a.m.adj[u]))]
	i, j := a.at[u], a.at[l.to]
	if l.cost >= 0 || j < 0 || i == j || a.state.closed(&a.teams[i]) || a.state.closed(&a.teams[j]) {
		return
	}
	f, t := a.look(i), a.look(j)
	left := f.rest(u)
	var best change
	if len(f.units) > 1 && t.whole.size+a.m.units[u].size <= int32(a.m.in.Size.Max) {
		best = change{-1, a.value(f, left, f.challenge), a.joined(t, &t.whole, u, j, -1), 0, true}
		best.delta = a.delta(f, t, &best)
	}
	for k, v := range t.units {
		if v == l.to || a.frozen(v) {
			continue
		}
		first := a.joined(f, left, v, i, u)
		if first.cost-f.cost-t.cost > a.limit {
			continue // not even if it made the other team perfect
		}
		c := change{v, first, a.joined(t, &t.rests[k], u, j, v), 0, true}
		if c.delta = a.delta(f, t, &c); !best.possible || c.delta < best.delta {
			best = c
		}
	}
	if !best.possible || best.delta > a.limit {
		return
	}
	a.replace(i, u, best.out, best.first)
	a.replace(j, best.out, u, best.second)
	a.reap(i)
	a.reap(j)
}

// change is who leaves a team for another one's newcomer, and what both teams then are.
type change struct {
	out           int32 // -1 for nobody
	first, second worth
	delta         int64
	possible      bool
}

// delta is what a change of two teams costs, broken constraints at their price.
func (a *annealer) delta(f, t *team, c *change) int64 {
	return c.first.cost - f.cost + c.second.cost - t.cost + int64(c.first.broken-f.broken+c.second.broken-t.broken)*a.penalty
}
