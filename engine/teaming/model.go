package teaming

import (
	"math/bits"
	"slices"
)

// model is an instance in the form the search works on: people who must stay
// together merged into units, names turned into numbers, traits packed into as few
// words as hold them, so that a team's terms are a few OR and popcount instructions.
// Immutable once built.
type model struct {
	in     *Instance
	units  []unit
	unitOf []int32 // by person
	adj    [][]link
	need   []flags  // by challenge: the skill levels that it asks for
	lo, hi []int    // teams by challenge
	pref   []int64  // unit × challenge, forbidden = -1
	liking []int16  // pref in a form that stays in the nearest cache, for choosing what to try
	ident  []string // team ids with a meaning: first the locks', then the previous teams'
	locks  []lockedTeam
	moves  bool // whether team ids have a price
	packing
}

// flags are facts of which a team has those that any of its members has. Six words hold the
// most that an instance may have: four levels of each of maxSkills, maxTraits roles, maxSlots
// time slots and 64 languages.
type flags [(4*maxSkills + maxTraits + maxSlots + 64) / 64]uint64

// packing says where in the flags what stands. Facts that only hold for all members, such as
// a language, stand there as their opposite, so that everything is an OR.
type packing struct {
	words  int   // in use, at least one; nearly always one
	roles  flags // of the mix
	misses flags // a time slot that somebody misses
	lacks  flags // a language that somebody lacks
	slots  int   // time slots in all
}

// unit is a set of people who are always in one team.
type unit struct {
	base    int64 // unmet wishes and avoids as seen from outside, before the links
	lock    int32 // index into locks, -1 if none
	stayers int32 // people with a previous team
	trait
	lang   uint64 // in common
	prev   []prevCount
	people []int32
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
// over members and pairs. What pricing nearly always needs comes first.
type trait struct {
	once, twice uint64 // tags held at least once, at least twice
	dev         int64  // strength above the mean
	size        int32
	comp        int32 // connected component of languages, -1 while there is nobody
	have        flags
}

var none = trait{comp: -1}

// join adds u to t.
func (m *model) join(t, u *trait) {
	t.twice |= u.twice | t.once&u.once
	t.once |= u.once
	t.dev += u.dev
	t.size += u.size
	for w := range m.words {
		t.have[w] |= u.have[w]
	}
	if u.comp < 0 {
		return
	}
	if t.comp >= 0 && t.comp != u.comp {
		for w := range m.words {
			t.have[w] |= m.lacks[w]
		}
	}
	t.comp = u.comp
}

// mute says whether these two together have no language in common.
func (m *model) mute(t, u *trait) bool {
	if !m.in.CommonLanguage {
		return false
	}
	if t.comp != u.comp && t.comp >= 0 && u.comp >= 0 {
		return true
	}
	for w := range m.words {
		if m.lacks[w]&^(t.have[w]|u.have[w]) != 0 {
			return false
		}
	}
	return true
}

// count is how many facts are in both.
func (m *model) count(a, b *flags) int64 {
	n := bits.OnesCount64(a[0] & b[0])
	for k := 1; k < m.words; k++ {
		n += bits.OnesCount64(a[k] & b[k])
	}
	return int64(n)
}

// raw is the cost of t and u as one team before fairness and moves; sums holds what its
// members and pairs add up to (base, preference and link costs).
func (m *model) raw(t, u *trait, challenge int32, sums int64) int64 {
	w := &m.in.Weights
	need := &m.need[challenge]
	have := t.have[0] | u.have[0]
	short := bits.OnesCount64(need[0] &^ have)
	roles := bits.OnesCount64(m.roles[0] &^ have)
	missed := bits.OnesCount64(m.misses[0] & have)
	for k := 1; k < m.words; k++ {
		have = t.have[k] | u.have[k]
		short += bits.OnesCount64(need[k] &^ have)
		roles += bits.OnesCount64(m.roles[k] &^ have)
		missed += bits.OnesCount64(m.misses[k] & have)
	}
	alone := (t.once | u.once) &^ (t.twice | u.twice | t.once&u.once)
	raw := sums + w.Size*abs(int64(t.size+u.size)-int64(m.in.Size.Target)) + w.Skill*int64(short) +
		w.Mix*int64(roles) + w.Isolation*int64(bits.OnesCount64(alone))
	if few := m.in.SlotsNeeded - m.slots + missed; few > 0 {
		raw += w.Slots * int64(few)
	}
	if d := abs(t.dev+u.dev) - int64(m.in.StrengthTolerance); d > 0 {
		raw += w.Balance * d
	}
	return raw
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
	t := none
	sums, never := m.pairs(us)
	moves := int64(0)
	for _, u := range us {
		p := m.prefOf(u, challenge)
		if p == forbidden {
			return 0, false
		}
		m.join(&t, &m.units[u].trait)
		sums += m.units[u].base + p
		moves += m.moveCost(&m.units[u], ident)
	}
	if never > 0 || m.mute(&t, &none) || int(t.size) < m.in.Size.Min || int(t.size) > m.in.Size.Max {
		return 0, false
	}
	return m.fair(m.raw(&t, &none, challenge, sums)) + moves, true
}
