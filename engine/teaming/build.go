package teaming

import (
	"fmt"
	"math/bits"
	"slices"
)

// buildModel translates an instance that has passed the checks of findClash.
func buildModel(in *Instance) (*model, error) {
	m := &model{in: in}
	m.mergeUnits()
	m.buildChallenges()
	person := make(map[string]int32, len(in.People))
	for i, p := range in.People {
		person[p.ID] = int32(i)
	}
	m.buildIdentities(person)
	m.buildLinks(person)
	m.buildLiking()
	if err := m.buildLanguages(); err != nil {
		return nil, err
	}
	m.buildTraits()
	return m, nil
}

// mergeUnits joins people of one group or one lock.
func (m *model) mergeUnits() {
	root := clusters(m.in)
	m.unitOf = make([]int32, len(m.in.People))
	index := map[int]int32{}
	for i := range m.in.People {
		k, ok := index[root[i]]
		if !ok {
			k = int32(len(m.units))
			index[root[i]] = k
			m.units = append(m.units, unit{lock: -1, lang: 1})
		}
		m.units[k].people = append(m.units[k].people, int32(i))
		m.units[k].size++
		m.unitOf[i] = k
	}
}

// clusters gives every person the index of the first person they must stay with.
func clusters(in *Instance) []int {
	root := make([]int, len(in.People))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	join := func(a, b int) {
		a, b = find(a), find(b)
		root[max(a, b)] = min(a, b)
	}
	first := map[string]int{}
	person := make(map[string]int, len(in.People))
	for i, p := range in.People {
		person[p.ID] = i
		if p.Group == "" {
			continue
		}
		if k, ok := first[p.Group]; ok {
			join(k, i)
		} else {
			first[p.Group] = i
		}
	}
	anchor := map[string]int{}
	for _, l := range in.Locks {
		for _, id := range l.People {
			i, known := person[id]
			if !known {
				continue
			}
			if k, ok := anchor[l.Team]; ok {
				join(k, i)
			} else {
				anchor[l.Team] = i
			}
		}
	}
	for i := range root {
		root[i] = find(i)
	}
	return root
}

func (m *model) buildChallenges() {
	if len(m.in.Challenges) == 0 { // one nameless challenge without needs
		m.need = make([]flags, 1)
		m.lo, m.hi = []int{0}, []int{Unlimited}
		m.pref = make([]int64, len(m.units))
		return
	}
	for _, c := range m.in.Challenges {
		m.lo = append(m.lo, c.MinTeams)
		m.hi = append(m.hi, c.MaxTeams)
	}
	m.need = make([]flags, len(m.in.Challenges))
	m.pref = make([]int64, len(m.units)*len(m.need))
	index := make(map[string]int, len(m.need))
	for c, ch := range m.in.Challenges {
		index[ch.ID] = c
	}
	for u := range m.units {
		row := m.pref[u*len(m.need):][:len(m.need)]
		for _, i := range m.units[u].people {
			m.addPrefs(row, &m.in.People[i], index)
		}
	}
}

func (m *model) addPrefs(row []int64, p *Person, index map[string]int) {
	w := &m.in.Weights
	if len(p.Prefs) > 0 {
		for c := range row {
			if row[c] != forbidden {
				row[c] += w.Unranked
			}
		}
	}
	for r, id := range p.Prefs {
		c, ok := index[id]
		if ok && row[c] != forbidden && r < len(w.Pref) && !slices.Contains(p.Prefs[:r], id) {
			row[c] += w.Pref[r] - w.Unranked
		}
	}
	for _, id := range p.Excluded {
		if c, ok := index[id]; ok {
			row[c] = forbidden
		}
	}
}

// buildLiking copies the preferences, rounded down to half of what 16 bits hold.
func (m *model) buildLiking() {
	m.liking = make([]int16, len(m.pref))
	for i, p := range m.pref {
		if p == forbidden {
			p = dislike
		}
		m.liking[i] = int16(min(p, dislike))
	}
}

// buildIdentities numbers the team ids that matter and records who was where.
func (m *model) buildIdentities(person map[string]int32) {
	index := map[string]int32{}
	challenge := map[string]int32{}
	for c, ch := range m.in.Challenges {
		challenge[ch.ID] = int32(c)
	}
	for _, l := range m.in.Locks {
		k, ok := index[l.Team]
		if !ok {
			k = int32(len(m.locks))
			index[l.Team] = k
			m.ident = append(m.ident, l.Team)
			m.locks = append(m.locks, lockedTeam{unit: -1, challenge: -1})
		}
		lock := &m.locks[k]
		lock.closed = lock.closed || l.Closed
		if l.Challenge != "" {
			lock.challenge = challenge[l.Challenge]
		}
		for _, id := range l.People {
			lock.unit = m.unitOf[person[id]]
			m.units[lock.unit].lock = k
		}
	}
	last := make(map[int32]int32) // person → identity, the last mention counts
	for _, t := range m.in.Previous {
		for _, id := range t.People {
			i, here := person[id]
			if !here {
				continue
			}
			k, ok := index[t.Team]
			if !ok && t.Team != "" {
				k = int32(len(m.ident))
				index[t.Team] = k
				m.ident = append(m.ident, t.Team)
			} else if t.Team == "" {
				k = -2 // no team can have this id, so the person moves in any case
			}
			last[i] = k
		}
	}
	m.moves = len(last) > 0 && m.in.Weights.Move > 0
	for i := range m.in.People {
		if k, ok := last[int32(i)]; ok {
			m.units[m.unitOf[i]].addPrevious(k)
		}
	}
}

func (u *unit) addPrevious(ident int32) {
	u.stayers++
	for i := range u.prev {
		if u.prev[i].ident == ident {
			u.prev[i].n++
			return
		}
	}
	u.prev = append(u.prev, prevCount{ident, 1})
}

// buildTraits packs what every unit has. Skill levels stand as a thermometer, a bit a level:
// the best level of a team is then an OR, the shortfall a popcount. Levels that no
// challenge asks for have no bit.
func (m *model) buildTraits() {
	free := 0 // the first bit not in use
	take := func(n int) (first int) {
		free += n
		return free - n
	}
	levels := make([]int, len(m.in.Skills))
	for _, c := range m.in.Challenges {
		for k, v := range c.Need[:min(len(c.Need), len(levels))] {
			levels[k] = max(levels[k], v)
		}
	}
	skill := make([]int, len(levels))
	for k, n := range levels {
		skill[k] = take(n)
	}
	for c, ch := range m.in.Challenges {
		for k, v := range ch.Need[:min(len(ch.Need), len(levels))] {
			m.need[c].set(skill[k], v)
		}
	}
	role := take(len(m.in.Mix))
	m.roles.set(role, len(m.in.Mix))
	for _, p := range m.in.People {
		m.slots = max(m.slots, len(p.Slots))
	}
	slot := take(m.slots)
	m.misses.set(slot, m.slots)
	languages := 0
	for k := range m.units {
		if m.in.CommonLanguage {
			languages = max(languages, bits.Len64(m.units[k].lang))
		}
	}
	language := take(languages)
	m.lacks.set(language, languages)
	m.words = max(1, (free+63)/64)
	for k := range m.units {
		u := &m.units[k]
		for l := range languages {
			if u.lang>>l&1 == 0 {
				u.have.set(language+l, 1)
			}
		}
		for _, i := range u.people {
			p := &m.in.People[i]
			for s, level := range p.Skills[:min(len(p.Skills), len(levels))] {
				u.have.set(skill[s], min(level, levels[s]))
			}
			u.dev += int64(p.Strength - m.in.StrengthMean)
			for s := range m.slots {
				if s >= len(p.Slots) || p.Slots[s] != '1' {
					u.have.set(slot+s, 1)
				}
			}
			for b, name := range m.in.Mix {
				if p.Role == name {
					u.have.set(role+b, 1)
				}
			}
			for b, tag := range m.in.Isolate {
				if slices.Contains(p.Tags, tag) {
					u.twice |= u.once & (1 << b)
					u.once |= 1 << b
				}
			}
		}
	}
}

// set sets n bits.
func (f *flags) set(first, n int) {
	for b := first; b < first+n; b++ {
		f[b/64] |= 1 << (b % 64)
	}
}

// buildLinks turns wishes, avoids and refusals between people into links between
// units. A wish counts as unmet until a link takes it back.
func (m *model) buildLinks(person map[string]int32) {
	w := &m.in.Weights
	m.adj = make([][]link, len(m.units))
	for i, p := range m.in.People {
		u := m.unitOf[i]
		for _, id := range p.Wants {
			j, here := person[id]
			if here && m.unitOf[j] == u {
				continue
			}
			m.units[u].base += w.Wish
			if here {
				m.link(u, m.unitOf[j], link{cost: -w.Wish, gain: w.Wish})
			}
		}
		for _, id := range p.Avoids {
			if j, here := person[id]; here && m.unitOf[j] == u {
				m.units[u].base += w.Avoid
			} else if here {
				m.link(u, m.unitOf[j], link{cost: w.Avoid})
			}
		}
		for _, id := range p.Never {
			if j, here := person[id]; here {
				m.link(u, m.unitOf[j], link{never: true})
			}
		}
	}
	for u := range m.adj {
		slices.SortFunc(m.adj[u], func(a, b link) int { return int(a.to - b.to) })
		m.adj[u] = slices.DeleteFunc(m.adj[u], func(l link) bool { return l.cost == 0 && !l.never && l.gain == 0 })
	}
}

// link merges what holds between two units into both their lists.
func (m *model) link(a, b int32, l link) {
	for _, side := range [2][2]int32{{a, b}, {b, a}} {
		l.to = side[1]
		list := m.adj[side[0]]
		k := slices.IndexFunc(list, func(x link) bool { return x.to == l.to })
		if k < 0 {
			m.adj[side[0]] = append(list, l)
			continue
		}
		list[k].cost += l.cost
		list[k].gain += l.gain
		list[k].never = list[k].never || l.never
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
