package teaming

import "slices"

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
