package teaming

import "slices"

// holding is what some members of a team come to: all that pricing needs, so that a
// change is priced without going through those who stay.
type holding struct {
	sums   int64 // what each costs on the challenge, and the links among them
	moves  int64 // what they pay for the team's identity
	broken int32 // members who exclude the challenge, and pairs that refuse each other
	trait
}

var nobody = holding{trait: none}

// rest is the team without one of its members.
func (t *team) rest(u int32) *holding { return &t.rests[slices.Index(t.units, u)] }

// look is a team with its holdings up to date.
func (s *state) look(k int32) *team {
	t := &s.teams[k]
	if !t.known {
		s.learn(t, k)
	}
	return t
}

// learn works out what the team holds, whole and without each member, by unions from
// the front and from the back.
func (s *state) learn(t *team, k int32) {
	n := len(t.units)
	t.rests = slices.Grow(t.rests[:0], n)[:n]
	before, after := nobody, nobody
	links, never := int64(0), int32(0)
	for i, u := range t.units {
		t.rests[i] = before
		cost, refused := s.meet(u, k, -1)
		links += cost
		never += refused
		s.gather(&before, u, t)
		t.rests[i].sums -= cost // of the links, those of this member are missing
		t.rests[i].broken -= refused
	}
	links /= 2 // each was met from both ends
	never /= 2
	for i := n - 1; i >= 0; i-- {
		r := &t.rests[i]
		s.m.join(&r.trait, &after.trait)
		r.sums += after.sums + links
		r.moves += after.moves
		r.broken += after.broken + never
		s.gather(&after, t.units[i], t)
	}
	t.whole = before
	t.whole.sums += links
	t.whole.broken += never
	t.known = true
}

// gather adds a member without its links.
func (s *state) gather(h *holding, u int32, t *team) {
	x := &s.m.units[u]
	s.m.join(&h.trait, &x.trait)
	h.sums += x.base
	if p := s.m.prefOf(u, t.challenge); p != forbidden {
		h.sums += p
	} else {
		h.broken++
	}
	if s.m.moves {
		h.moves += s.m.moveCost(x, t.ident)
	}
}

// meet is what unit u adds to the links of team t, leaving the unit `without` aside.
func (s *state) meet(u, t, without int32) (cost int64, never int32) {
	for i := range s.m.adj[u] {
		l := &s.m.adj[u][i]
		if s.at[l.to] == t && l.to != without {
			cost += l.cost
			if l.never {
				never++
			}
		}
	}
	return cost, never
}

// joined is the worth of team k if it consisted of h and unit u. The unit `without`
// may still be counted as one of the team.
func (s *state) joined(t *team, h *holding, u, k, without int32) worth {
	x := &s.m.units[u]
	sums, broken := s.meet(u, k, without)
	sums += h.sums + x.base
	broken += h.broken
	if p := s.m.prefOf(u, t.challenge); p != forbidden {
		sums += p
	} else {
		broken++
	}
	moves := h.moves
	if s.m.moves {
		moves += s.m.moveCost(x, t.ident)
	}
	return s.both(t, &h.trait, &x.trait, t.challenge, worth{sums, broken}, moves)
}

// assembled is the worth of any units as a team, worked out from nothing.
func (s *state) assembled(t *team, us []int32) worth {
	h := s.holdingOf(t, us)
	return s.value(t, &h, t.challenge)
}

// holdingOf is what any units would come to in a team.
func (s *state) holdingOf(t *team, us []int32) holding {
	h := nobody
	for i, u := range us {
		s.gather(&h, u, t)
		for n := range s.m.adj[u] {
			l := &s.m.adj[u][n]
			if slices.Contains(us[:i], l.to) {
				h.sums += l.cost
				if l.never {
					h.broken++
				}
			}
		}
	}
	return h
}

// onChallenge is the worth of a team's members on another challenge.
func (s *state) onChallenge(k, challenge int32) worth {
	t := s.look(k)
	h := t.whole
	for _, u := range t.units {
		was, is := s.m.prefOf(u, t.challenge), s.m.prefOf(u, challenge)
		if was == forbidden {
			was = 0
			h.broken--
		}
		if is == forbidden {
			is = 0
			h.broken++
		}
		h.sums += is - was
	}
	return s.value(t, &h, challenge)
}

// value is what a holding is worth as a team.
func (s *state) value(t *team, h *holding, challenge int32) worth {
	return s.both(t, &h.trait, &none, challenge, worth{h.sums, h.broken}, h.moves)
}

// both is what two sets of people are worth as one team, given what its members and
// pairs add up to.
func (s *state) both(t *team, h, x *trait, challenge int32, sums worth, moves int64) worth {
	in := s.m.in
	size := h.size + x.size
	if size == 0 {
		if t.lock >= 0 { // a locked team must exist
			return worth{broken: int32(max(1, in.Size.Min))}
		}
		return worth{}
	}
	w := worth{broken: sums.broken + max(0, int32(in.Size.Min)-size) + max(0, size-int32(in.Size.Max))}
	if s.m.mute(h, x) {
		w.broken++
	}
	w.cost = s.m.fair(s.m.raw(h, x, challenge, sums.cost)) + moves
	return w
}
