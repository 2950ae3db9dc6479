package teaming

import (
	"fmt"
	"math/bits"
	"slices"
)

// traits says which bits of flags stand for what. Skill levels stand as a thermometer, a
// bit a level: the best level of a team is then an OR, the shortfall a popcount. Levels
// that no challenge asks for have no bit.
type traits struct {
	levels    []int // of each skill, how many are asked for
	skill     []int // its first bit
	role      int   // the first bit of the roles, and so on
	slot      int
	language  int
	languages int
	end       int // the first bit not in use
}

// buildTraits packs what every unit has and every challenge needs.
func (m *model) buildTraits() {
	for _, p := range m.in.People {
		m.slots = max(m.slots, len(p.Slots))
	}
	t := m.layOut()
	for c, ch := range m.in.Challenges {
		for k, v := range ch.Need[:min(len(ch.Need), len(t.levels))] {
			m.need[c].set(t.skill[k], v)
		}
	}
	m.roles.set(t.role, len(m.in.Mix))
	m.misses.set(t.slot, m.slots)
	m.lacks.set(t.language, t.languages)
	m.words = max(1, (t.end+63)/64)
	for k := range m.units {
		u := &m.units[k]
		for l := range t.languages {
			if u.lang>>l&1 == 0 {
				u.have.set(t.language+l, 1)
			}
		}
		for _, i := range u.people {
			p := &m.in.People[i]
			m.packPerson(u, p, &t)
			u.dev += int64(p.Strength - m.in.StrengthMean)
			u.addTags(p.Tags, m.in.Isolate)
		}
	}
}

// layOut gives everything that is counted in bits its place.
func (m *model) layOut() traits {
	t := traits{levels: make([]int, len(m.in.Skills))}
	take := func(n int) (first int) {
		t.end += n
		return t.end - n
	}
	for _, c := range m.in.Challenges {
		for k, v := range c.Need[:min(len(c.Need), len(t.levels))] {
			t.levels[k] = max(t.levels[k], v)
		}
	}
	t.skill = make([]int, len(t.levels))
	for k, n := range t.levels {
		t.skill[k] = take(n)
	}
	t.role = take(len(m.in.Mix))
	t.slot = take(m.slots)
	if m.in.CommonLanguage {
		for k := range m.units {
			t.languages = max(t.languages, bits.Len64(m.units[k].lang))
		}
	}
	t.language = take(t.languages)
	return t
}

// packPerson adds the skills, absences and role of one person to their unit.
func (m *model) packPerson(u *unit, p *Person, t *traits) {
	for k, level := range p.Skills[:min(len(p.Skills), len(t.levels))] {
		u.have.set(t.skill[k], min(level, t.levels[k]))
	}
	for s := range m.slots {
		if s >= len(p.Slots) || p.Slots[s] != '1' {
			u.have.set(t.slot+s, 1)
		}
	}
	for b, name := range m.in.Mix {
		if p.Role == name {
			u.have.set(t.role+b, 1)
		}
	}
}

// addTags counts, to two, who of the unit has a tag that should not stand alone.
func (u *unit) addTags(tags, isolate []string) {
	for b, tag := range isolate {
		if slices.Contains(tags, tag) {
			u.twice |= u.once & (1 << b)
			u.once |= 1 << b
		}
	}
}

// set sets n bits.
func (f *flags) set(first, n int) {
	for b := first; b < first+n; b++ {
		f[b/64] |= 1 << (b % 64)
	}
}

// buildLanguages finds the connected components of people and languages, and gives
// every language a bit inside its component: sites that share no language need no
// bits in common, however many they are.
func (m *model) buildLanguages() error {
	if !m.in.CommonLanguage {
		return nil
	}
	speakers := map[string][]int32{}
	var names []string
	for k := range m.units {
		for _, l := range unitLanguages(m.in, m.units[k].people) {
			if speakers[l] == nil {
				names = append(names, l)
			}
			speakers[l] = append(speakers[l], int32(k))
		}
		m.units[k].comp, m.units[k].lang = int32(k), 0
	}
	for changed := true; changed; { // every unit takes the smallest number it is linked to
		changed = false
		for _, l := range names {
			low := m.units[speakers[l][0]].comp
			for _, u := range speakers[l] {
				low = min(low, m.units[u].comp)
			}
			for _, u := range speakers[l] {
				changed = changed || m.units[u].comp != low
				m.units[u].comp = low
			}
		}
	}
	byComponent := map[int32][]string{}
	for _, l := range names {
		c := m.units[speakers[l][0]].comp
		byComponent[c] = append(byComponent[c], l)
	}
	for _, l := range names {
		c := m.units[speakers[l][0]].comp
		list := byComponent[c]
		if len(list) > 64 {
			list = dropCovered(list, speakers)
			byComponent[c] = list
		}
		if len(list) > 64 {
			return fmt.Errorf("people: more than 64 languages are needed to tell who can share a team")
		}
		if bit := slices.Index(list, l); bit >= 0 {
			for _, u := range speakers[l] {
				m.units[u].lang |= 1 << bit
			}
		}
	}
	return nil
}

// dropCovered leaves out languages whose speakers all speak another one of the list:
// no team needs them.
func dropCovered(list []string, speakers map[string][]int32) []string {
	var kept []string
	for i, l := range list {
		covered := slices.ContainsFunc(list, func(other string) bool {
			j := slices.Index(list, other)
			a, b := speakers[l], speakers[other]
			if other == l || len(b) < len(a) || len(b) == len(a) && j > i {
				return false
			}
			return !slices.ContainsFunc(a, func(u int32) bool { _, in := slices.BinarySearch(b, u); return !in })
		})
		if !covered {
			kept = append(kept, l)
		}
	}
	return kept
}

// unitLanguages lists the languages all these people speak.
func unitLanguages(in *Instance, people []int32) []string {
	var common []string
	for _, l := range in.People[people[0]].Languages {
		if slices.Contains(common, l) {
			continue
		}
		all := true
		for _, i := range people[1:] {
			all = all && slices.Contains(in.People[i].Languages, l)
		}
		if all {
			common = append(common, l)
		}
	}
	return common
}
