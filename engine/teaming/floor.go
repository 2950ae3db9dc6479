package teaming

import (
	"math"
	"slices"

	"h48/engine/assign"
)

// floor is a bound that costs next to nothing: what preferences, wishes, roles and skills
// cost at least, each as if it were alone in the world. It is weak, but it holds at any
// size, where pricing every team does not finish.
func (m *model) floor() int64 {
	return m.prefFloor() + m.wishFloor() + m.rareFloor()
}

// wishFloor lets every unit have the best company that there is room for. A wish met is
// seen from both its ends, so half of what the units could save is the most that is saved.
func (m *model) wishFloor() int64 {
	var base, saved int64
	var gains []int64
	for u := range m.units {
		base += m.units[u].base
		gains = gains[:0]
		for _, l := range m.adj[u] {
			if l.gain > 0 && !l.never {
				gains = append(gains, l.gain)
			}
		}
		slices.Sort(gains)
		room := max(0, m.in.Size.Max-int(m.units[u].size))
		for _, g := range gains[max(0, len(gains)-room):] {
			saved += g
		}
	}
	return max(0, base-saved/2)
}

// rareFloor counts the teams that there are too few people for: of those who fill a role,
// or who reach a level of a skill that every challenge needs.
func (m *model) rareFloor() int64 {
	people := 0
	var roles, levels [128]int
	for u := range m.units {
		for _, i := range m.units[u].people {
			people++
			p := &m.in.People[i]
			for k, role := range m.in.Mix {
				if role == p.Role {
					roles[k]++
				}
			}
			for k, level := range p.Skills {
				for l := range level {
					levels[4*k+l]++
				}
			}
		}
	}
	teams := (people + m.in.Size.Max - 1) / max(1, m.in.Size.Max)
	least := int64(0)
	for k := range m.in.Mix {
		least += m.in.Weights.Mix * int64(max(0, teams-roles[k]))
	}
	for k := range m.in.Skills {
		for l := range m.alwaysNeeded(k) {
			least += m.in.Weights.Skill * int64(max(0, teams-levels[4*k+l]))
		}
	}
	return least
}

// alwaysNeeded is the level of skill k that every challenge asks for at least.
func (m *model) alwaysNeeded(k int) int {
	if len(m.in.Challenges) == 0 {
		return 0
	}
	least := 4
	for _, c := range m.in.Challenges {
		if k >= len(c.Need) {
			return 0
		}
		least = min(least, c.Need[k])
	}
	return least
}

// Limits on what prefFloor spends.
const (
	mostPrices = 5_000_000   // people times challenges
	mostLooks  = 200_000_000 // prices looked at
)

// prefFloor is the least that preferences can cost while no challenge has more people
// than its teams can hold: a flow, found by cheapest augmenting paths (Busacker and Gowen
// 1961). Its cost only grows, so it may stop at any time.
func (m *model) prefFloor() int64 {
	people := 0
	for u := range m.units {
		people += len(m.units[u].people)
	}
	if m.in.Challenges == nil || people*len(m.need) > mostPrices {
		return m.cheapestPrefs()
	}
	room := make([]int, len(m.need))
	for k := range room {
		room[k] = people
		if m.hi[k] < people {
			room[k] = m.hi[k] * m.in.Size.Max
		}
	}
	c := assign.NewCrowd(m.prefPrices(), room)
	for c.Looks < mostLooks && c.Relieve() {
	}
	return c.Cost
}

// cheapestPrefs has everybody at the cheapest challenge, however full it is.
func (m *model) cheapestPrefs() int64 {
	cost := int64(0)
	for u := range m.units {
		least := int64(math.MaxInt64)
		for c := range m.need {
			if p := m.prefOf(int32(u), int32(c)); p != forbidden {
				least = min(least, p)
			}
		}
		if least < math.MaxInt64 {
			cost += least
		}
	}
	return cost
}

// prefPrices prices each person alone on every challenge; what a unit excludes is excluded for
// all in it. Who is excluded from all of them is left out.
func (m *model) prefPrices() [][]int64 {
	var all [][]int64
	for u := range m.units {
		for _, i := range m.units[u].people {
			price := make([]int64, len(m.need))
			open := false
			for k := range price {
				price[k] = prefCost(m.in.Weights, m.in.People[i].Prefs, m.in.Challenges[k].ID)
				if m.prefOf(int32(u), int32(k)) == forbidden {
					price[k] = assign.Impassable
				} else {
					open = true
				}
			}
			if open {
				all = append(all, price)
			}
		}
	}
	return all
}
