package teaming

// A proposal to dissolve or to found a team is seldom carried out, and each is one of the few
// that can change how many teams there are. It is worth looking around for.
const (
	roomDraws   = 12 // teams asked for somebody who must leave
	comerDraws  = 24 // people asked to join a team that is founded,
	friendDraws = 4  // of whom so many are linked to the one who joined last
)

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

// betterOf is the best of some teams with room for a unit that must leave team k: those
// of people it is linked to, and others drawn at random.
func (a *annealer) betterOf(u, k int32) int32 {
	best, bestDelta := int32(-1), int64(0)
	weigh := func(to int32) {
		t := a.look(to)
		if to == k || a.state.closed(t) || t.whole.size+a.m.units[u].size > int32(a.m.in.Size.Max) {
			return
		}
		w := a.joined(t, &t.whole, u, to, -1)
		delta := w.cost - t.cost + int64(w.broken-t.broken)*a.penalty
		if best < 0 || delta < bestDelta {
			best, bestDelta = to, delta
		}
	}
	for _, l := range a.m.adj[u] {
		if to := a.at[l.to]; to >= 0 {
			weigh(to)
		}
	}
	for range roomDraws {
		weigh(a.at[a.part.units[a.rnd.below(len(a.part.units))]])
	}
	return best
}

// establish founds a team on a challenge that has room, one person after the other: each is
// the one of a few, most of whom ask for the challenge, whose coming costs least in both teams.
func (a *annealer) establish(moves []relocation) []relocation {
	challenge := int32(a.rnd.below(len(a.used)))
	if a.useChange(int(challenge), 1) > 0 {
		return moves
	}
	k := a.emptyTeam()
	a.give(k, challenge)
	size := a.m.in.Size
	want := int32(max(1, size.Min))
	if want < int32(size.Max) && a.rnd.next()&1 == 0 {
		want++
	}
	for have := int32(0); have < want && len(moves) < cap(moves); {
		u := a.comer(k, int32(size.Max)-have)
		if u < 0 {
			break
		}
		from := a.at[u]
		a.relocate(u, k)
		moves = append(moves, relocation{u, from})
		have += a.m.units[u].size
	}
	return moves
}

// comer is the best of a few units, none larger than room, for joining team k.
func (a *annealer) comer(k, room int32) int32 {
	best, bestDelta := int32(-1), int64(0)
	t := a.look(k)
	var friends []link
	if n := len(t.units); n > 0 {
		friends = a.m.adj[t.units[n-1]]
	}
	crowd := a.fans[t.challenge]
	if len(crowd) == 0 {
		crowd = a.part.units
	}
	for d := range comerDraws {
		var u int32
		if d < friendDraws && len(friends) > 0 {
			u = friends[a.rnd.below(len(friends))].to
		} else {
			u = crowd[a.rnd.below(len(crowd))]
		}
		from := a.at[u]
		if from < 0 || from == k || a.frozen(u) || a.m.units[u].size > room {
			continue
		}
		f := a.look(from)
		left := a.value(f, f.rest(u), f.challenge)
		w := a.joined(t, &t.whole, u, k, -1)
		delta := left.cost - f.cost + w.cost - t.cost + int64(left.broken-f.broken+w.broken-t.broken)*a.penalty
		if best < 0 || delta < bestDelta {
			best, bestDelta = u, delta
		}
	}
	return best
}
