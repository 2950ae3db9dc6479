package teaming

// relocation is one unit's move, kept so that it can be taken back.
type relocation struct{ unit, from int32 }

// tryReshape changes the number of teams: it dissolves one into others, or founds one
// with people of several. Single moves cannot, because the teams in between would
// be too small.
func (a *annealer) tryReshape() {
	cost, broken := a.cost, a.broken
	var done [16]relocation
	var moves []relocation
	if a.rnd.next()&1 == 0 {
		moves = a.dissolve(done[:0])
	} else {
		moves = a.establish(done[:0])
	}
	if len(moves) == 0 {
		return
	}
	if a.accept(a.cost-cost, a.broken-broken) {
		for _, r := range moves {
			a.reap(a.at[r.unit])
			if len(a.teams[r.from].units) > 0 {
				a.reap(r.from)
			}
		}
		return
	}
	for i := len(moves) - 1; i >= 0; i-- {
		a.relocate(moves[i].unit, moves[i].from)
	}
}

func (a *annealer) relocate(u, to int32) {
	a.remove(u)
	a.insert(u, to)
}

func (a *annealer) dissolve(moves []relocation) []relocation {
	k := a.at[a.part.units[a.rnd.below(len(a.part.units))]]
	t := &a.teams[k]
	if t.lock >= 0 || len(t.units) > cap(moves) {
		return moves
	}
	for len(a.teams[k].units) > 0 {
		u := a.teams[k].units[0]
		to := a.betterOf(u, k)
		if to < 0 {
			break
		}
		a.relocate(u, to)
		moves = append(moves, relocation{u, k})
	}
	return moves
}

// betterOf is the best of a few random teams for a unit that must leave team k.
func (a *annealer) betterOf(u, k int32) int32 {
	best, bestDelta := int32(-1), int64(0)
	for range 6 {
		to := a.at[a.part.units[a.rnd.below(len(a.part.units))]]
		if to == k || a.state.closed(&a.teams[to]) {
			continue
		}
		t := a.look(to)
		w := a.joined(t, &t.whole, u, to, -1)
		delta := w.cost - t.cost + int64(w.broken-t.broken)*a.penalty
		if best < 0 || delta < bestDelta {
			best, bestDelta = to, delta
		}
	}
	return best
}

func (a *annealer) establish(moves []relocation) []relocation {
	k := a.emptyTeam()
	a.give(k, int32(a.rnd.below(len(a.used))))
	want, have := int32(max(1, a.m.in.Size.Min)), int32(0)
	if want+1 <= int32(a.m.in.Size.Max) && a.rnd.next()&1 == 0 {
		want++
	}
	for tries := 0; tries < 24 && have < want && len(moves) < cap(moves); tries++ {
		u, gain := int32(-1), int64(0)
		for range 4 {
			v := a.part.units[a.rnd.below(len(a.part.units))]
			from := a.at[v]
			if a.frozen(v) || from == k || have+a.m.units[v].size > int32(a.m.in.Size.Max) {
				continue
			}
			f := a.look(from)
			left := a.value(f, f.rest(v), f.challenge)
			g := left.cost - f.cost + int64(left.broken-f.broken)*a.penalty
			if u < 0 || g < gain {
				u, gain = v, g
			}
		}
		if u < 0 {
			continue
		}
		from := a.at[u]
		a.relocate(u, k)
		moves = append(moves, relocation{u, from})
		have += a.m.units[u].size
	}
	return moves
}
