package teaming

import (
	"math/bits"
	"slices"
)

// model is an instance in the form the search works on: people who must stay
// together merged into units, names turned into numbers, traits into bit sets so
// that a team's terms are a few OR and popcount instructions. Immutable once built.
type model struct {
	in     *Instance
	units  []unit
	unitOf []int32 // by person
	adj    [][]link
	hope   []int64     // by unit: all the wishes that company could meet, given or received
	need   [][2]uint64 // by challenge; thermometer code, four bits a skill
	lo, hi []int       // teams by challenge
	pref   []int64     // unit × challenge, forbidden = -1
	liking []int16     // pref in a form that stays in the nearest cache, for choosing what to try
	ident  []string    // team ids with a meaning: first the locks', then the previous teams'
	locks  []lockedTeam
	full   uint64 // one bit a mix entry
	moves  bool   // whether team ids have a price
}

// unit is a set of people who are always in one team.
type unit struct {
	trait
	base    int64 // unmet wishes and avoids as seen from outside, before the links
	lock    int32 // index into locks, -1 if none
	stayers int32 // people with a previous team
	prev    []prevCount
	people  []int32
}

type prevCount struct{ ident, n int32 }

// link is what it changes that two units share a team; never makes it impossible.
type link struct {
	to    int32
	never bool
	cost  int64 // avoids minus wishes met
	gain  int64 // the part of it that is wishes
}

type lockedTeam struct {
	unit      int32 // -1 if the lock names no people
	challenge int32 // -1 if free
	closed    bool
}

const (
	forbidden = -1
	dislike   = 16_000 // the most that liking tells apart
)

// trait is the union of some people, all that a team's cost depends on besides sums
// over members and pairs.
type trait struct {
	skill       [2]uint64 // thermometer code, four bits a skill
	roles       uint64
	once, twice uint64 // tags held at least once, at least twice
	lang        uint64
	slots       [2]uint64
	dev         int64 // strength above the mean
	size        int32
	comp        int32 // connected component of languages, -1 while there is nobody
}

func emptyTrait() trait {
	return trait{lang: ^uint64(0), slots: [2]uint64{^uint64(0), ^uint64(0)}, comp: -1}
}

func (t *trait) add(u *trait) {
	if t.comp >= 0 && u.comp >= 0 && t.comp != u.comp {
		t.lang = 0
	}
	if u.comp >= 0 {
		t.comp = u.comp
	}
	t.skill[0] |= u.skill[0]
	t.skill[1] |= u.skill[1]
	t.roles |= u.roles
	t.twice |= u.twice | t.once&u.once
	t.once |= u.once
	t.lang &= u.lang
	t.slots[0] &= u.slots[0]
	t.slots[1] &= u.slots[1]
	t.dev += u.dev
	t.size += u.size
}

// raw is the team's cost before fairness and moves; sums holds what its members and
// pairs add up to (base, preference and link costs).
func (m *model) raw(t *trait, challenge int32, sums int64) int64 {
	w := &m.in.Weights
	need := &m.need[challenge]
	short := bits.OnesCount64(need[0]&^t.skill[0]) + bits.OnesCount64(need[1]&^t.skill[1])
	raw := sums + w.Size*abs(int64(t.size)-int64(m.in.Size.Target)) + w.Skill*int64(short) +
		w.Mix*int64(bits.OnesCount64(m.full&^t.roles)) +
		w.Isolation*int64(bits.OnesCount64(t.once&^t.twice)) +
		m.slotCost(t)
	if d := abs(t.dev) - int64(m.in.StrengthTolerance); d > 0 {
		raw += w.Balance * d
	}
	return raw
}

func (m *model) slotCost(t *trait) int64 {
	free := bits.OnesCount64(t.slots[0]) + bits.OnesCount64(t.slots[1])
	if free >= m.in.SlotsNeeded {
		return 0
	}
	return m.in.Weights.Slots * int64(m.in.SlotsNeeded-free)
}

// fair adds the surcharge of a bad team.
func (m *model) fair(raw int64) int64 {
	w := &m.in.Weights
	if raw > w.FairOver {
		return raw + w.Fair*(raw-w.FairOver)
	}
	return raw
}

// moveCost is what the members pay for their team having this identity (-1: a new id).
func (m *model) moveCost(u *unit, ident int32) int64 {
	if u.stayers == 0 || !m.moves {
		return 0
	}
	n := u.stayers
	if ident >= 0 {
		for _, p := range u.prev {
			if p.ident == ident {
				n -= p.n
			}
		}
	}
	return m.in.Weights.Move * int64(n)
}

func (m *model) prefOf(u, challenge int32) int64 {
	return m.pref[int(u)*len(m.need)+int(challenge)]
}

// pairs sums the links inside a set of units and counts the forbidden ones.
func (m *model) pairs(us []int32) (cost int64, never int32) {
	for i, u := range us {
		for _, l := range m.adj[u] {
			if slices.Contains(us[:i], l.to) {
				cost += l.cost
				if l.never {
					never++
				}
			}
		}
	}
	return cost, never
}

// teamCost prices a set of units as a team; ok is false if a hard constraint of the
// team itself (H2, H4, H5, H6) is broken.
func (m *model) teamCost(us []int32, challenge, ident int32) (cost int64, ok bool) {
	t := emptyTrait()
	sums, never := m.pairs(us)
	moves := int64(0)
	for _, u := range us {
		p := m.prefOf(u, challenge)
		if p == forbidden {
			return 0, false
		}
		t.add(&m.units[u].trait)
		sums += m.units[u].base + p
		moves += m.moveCost(&m.units[u], ident)
	}
	if never > 0 || t.lang == 0 || int(t.size) < m.in.Size.Min || int(t.size) > m.in.Size.Max {
		return 0, false
	}
	return m.fair(m.raw(&t, challenge, sums)) + moves, true
}
