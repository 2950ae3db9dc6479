package teaming

import "slices"

// state is a list of teams under change: some units of a model, all in one team
// each, with the cost and the number of broken hard constraints kept up to date.
type state struct {
	m      *model
	part   *part
	at     []int32 // by unit: its team here, -1 if the unit is not of this part
	teams  []team
	on     []int32   // by team: its challenge once more, close together
	fans   [][]int32 // by challenge: who would rather work on it than on some other
	used   []int     // teams by challenge
	fresh  int       // empty teams without an identity, never fewer than two
	vacant int       // where the last one was found
	cost   int64
	broken int64 // weighted by nothing: 0 means valid
}

// part is what one state is about: units to place and how many teams of each
// challenge they may form. The whole instance is a part, and so is a block of it.
type part struct {
	units  []int32
	idents []int32 // identities of teams that may be formed here
	lo, hi []int
}

type team struct {
	units     []int32
	people    int32 // in all units
	challenge int32
	ident     int32 // -1: a new id
	lock      int32 // -1: none
	known     bool  // whole and rests are those of the present members and challenge
	worth
	whole holding
	rests []holding // by position in units: the team without that one
}

// worth is what a team costs and how many hard constraints it breaks on its own.
type worth struct {
	cost   int64
	broken int32
}

// wholePart is the part of all units, with every identity.
func (m *model) wholePart() *part {
	p := &part{lo: m.lo, hi: m.hi}
	for u := range m.units {
		p.units = append(p.units, int32(u))
	}
	for k := range m.ident {
		p.idents = append(p.idents, int32(k))
	}
	return p
}

// newState has the part's identities as empty teams and no unit placed.
func newState(m *model, p *part, at []int32) *state {
	for i := range at {
		at[i] = -1
	}
	s := &state{m: m, part: p, at: at, used: make([]int, len(m.need))}
	for _, k := range p.idents {
		t := team{ident: k, lock: -1, challenge: -1}
		if int(k) < len(m.locks) {
			t.lock = k
			t.challenge = m.locks[k].challenge
		}
		s.found(t)
	}
	for c := range s.used {
		s.broken += s.capBroken(c, 0)
	}
	s.findFans()
	for k := range s.teams {
		t := &s.teams[k]
		s.give(int32(k), max(t.challenge, 0))
		t.worth = s.value(t, &nobody, t.challenge)
		s.broken += int64(t.broken)
		if t.lock >= 0 && m.locks[t.lock].unit >= 0 {
			s.insert(m.locks[t.lock].unit, int32(k))
		}
	}
	s.ensureFresh()
	return s
}

// findFans lists by challenge who would rather work on it than on some other, or does
// not mind: of them it is worth asking who could come.
func (s *state) findFans() {
	s.fans = make([][]int32, len(s.used))
	for _, u := range s.part.units {
		row := s.m.liking[int(u)*len(s.used):][:len(s.used)]
		least, most := slices.Min(row), slices.Max(row)
		for c, l := range row {
			if l < most || least == most {
				s.fans[c] = append(s.fans[c], u)
			}
		}
	}
}

func (s *state) ensureFresh() {
	for s.fresh < 2 {
		s.found(team{ident: -1, lock: -1})
		s.fresh++
	}
}

// found adds a team.
func (s *state) found(t team) {
	s.teams = append(s.teams, t)
	s.on = append(s.on, t.challenge)
}

// give notes that a team works on a challenge.
func (s *state) give(k, challenge int32) {
	s.teams[k].challenge, s.teams[k].known = challenge, false
	s.on[k] = challenge
}

// frozen says whether a unit may not leave its team.
func (s *state) frozen(u int32) bool { return s.m.units[u].lock >= 0 }

// closed says whether nobody may join a team.
func (s *state) closed(t *team) bool { return t.lock >= 0 && s.m.locks[t.lock].closed }

func (s *state) capBroken(c, n int) int64 {
	return int64(max(0, s.part.lo[c]-n) + max(0, n-s.part.hi[c]))
}

// insert puts an unplaced unit into a team; remove takes it out again.
func (s *state) insert(u, k int32) {
	t := s.look(k)
	s.replace(k, -1, u, s.joined(t, &t.whole, u, k, -1))
}

func (s *state) remove(u int32) {
	k := s.at[u]
	t := s.look(k)
	s.replace(k, u, -1, s.value(t, t.rest(u), t.challenge))
}

// replace carries out a change whose worth is already known.
func (s *state) replace(k, without, with int32, w worth) {
	t := &s.teams[k]
	was := len(t.units)
	if without >= 0 {
		i := slices.Index(t.units, without)
		t.units[i] = t.units[len(t.units)-1]
		t.units = t.units[:len(t.units)-1]
		t.people -= s.m.units[without].size
		if s.at[without] == k {
			s.at[without] = -1
		}
	}
	if with >= 0 {
		t.units = append(t.units, with)
		t.people += s.m.units[with].size
		s.at[with] = k
	}
	t.known = false
	s.cost += w.cost - t.cost
	s.broken += int64(w.broken - t.broken)
	t.worth = w
	if (was == 0) != (len(t.units) == 0) {
		s.countTeam(t, was == 0)
	}
}

// countTeam notes that a team came to life or was dissolved.
func (s *state) countTeam(t *team, born bool) {
	c, d := int(t.challenge), 1
	if !born {
		d = -1
	}
	s.broken += s.capBroken(c, s.used[c]+d) - s.capBroken(c, s.used[c])
	s.used[c] += d
	if t.ident < 0 {
		s.fresh -= d
		s.ensureFresh()
	}
}

// rename gives a team another challenge.
func (s *state) rename(k, challenge int32) {
	t := &s.teams[k]
	if len(t.units) > 0 {
		s.shiftUse(int(t.challenge), -1)
		s.shiftUse(int(challenge), 1)
	}
	w := s.onChallenge(k, challenge)
	s.give(k, challenge)
	s.cost += w.cost - t.cost
	s.broken += int64(w.broken - t.broken)
	t.worth = w
}

func (s *state) shiftUse(c, d int) {
	s.broken += s.capBroken(c, s.used[c]+d) - s.capBroken(c, s.used[c])
	s.used[c] += d
}

// plan is the bare content of a state: its living teams.
type plan struct {
	teams  []column
	cost   int64
	broken int64
}

func (s *state) snapshot() plan {
	p := plan{cost: s.cost, broken: s.broken}
	for i := range s.teams {
		t := &s.teams[i]
		if len(t.units) > 0 {
			us := slices.Clone(t.units)
			slices.Sort(us)
			p.teams = append(p.teams, column{units: us, challenge: t.challenge, ident: t.ident, cost: t.cost})
		}
	}
	return p
}

// load replaces the state's content by a plan's teams; units the plan does not hold
// stay unplaced.
func (s *state) load(teams []column) {
	fresh := newState(s.m, s.part, s.at)
	*s = *fresh
	byIdent := map[int32]int32{}
	for k := range s.teams {
		if s.teams[k].ident >= 0 {
			byIdent[s.teams[k].ident] = int32(k)
		}
	}
	for _, c := range teams {
		k, named := byIdent[c.ident]
		if c.ident < 0 || !named {
			k = s.emptyTeam()
		}
		if s.teams[k].challenge != c.challenge {
			s.rename(k, c.challenge)
		}
		for _, u := range c.units {
			if s.at[u] != k {
				s.insert(u, k)
			}
		}
	}
}

// emptyTeam is an empty team without an identity.
func (s *state) emptyTeam() int32 {
	for {
		if k := s.vacant; k < len(s.teams) && s.teams[k].ident < 0 && len(s.teams[k].units) == 0 {
			return int32(k)
		}
		s.vacant++
		if s.vacant >= len(s.teams) {
			s.vacant = 0
		}
	}
}
