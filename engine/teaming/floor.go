package teaming

import (
	"math"
	"math/bits"
	"slices"
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

// crowd is everybody at the challenge that is cheapest for them, as far as there is room.
type crowd struct {
	price [][]int64 // person, challenge
	at    [][]int   // challenge: people
	step  [][]int64 // challenge, challenge: the least that one person's change costs
	mover [][]int   // who that is
	looks int
}

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
	c := m.newCrowd()
	cost := int64(0)
	for k, there := range c.at {
		for _, i := range there {
			cost += c.price[i][k]
		}
	}
	for c.looks < mostLooks {
		delta, ok := c.relieve(func(k int) int {
			if m.hi[k] >= people {
				return people
			}
			return m.hi[k] * m.in.Size.Max
		})
		if !ok {
			break
		}
		cost += delta
	}
	return cost
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

// newCrowd prices each person alone; what a unit excludes is excluded for all in it.
func (m *model) newCrowd() *crowd {
	n := len(m.need)
	c := &crowd{at: make([][]int, n), step: make([][]int64, n), mover: make([][]int, n)}
	for u := range m.units {
		for _, i := range m.units[u].people {
			p := &m.in.People[i]
			price := make([]int64, n)
			best := -1
			for k := range price {
				price[k] = prefCost(m.in.Weights, p.Prefs, m.in.Challenges[k].ID)
				if m.prefOf(int32(u), int32(k)) == forbidden {
					price[k] = impassable
				} else if best < 0 || price[k] < price[best] {
					best = k
				}
			}
			if best >= 0 {
				c.at[best] = append(c.at[best], len(c.price))
			}
			c.price = append(c.price, price)
		}
	}
	for k := range n {
		c.step[k], c.mover[k] = make([]int64, n), make([]int, n)
		c.look(k)
	}
	return c
}

// look finds again what a change away from challenge k costs at least.
func (c *crowd) look(k int) {
	for d := range c.step[k] {
		c.step[k][d] = impassable
	}
	for place, i := range c.at[k] {
		for d, p := range c.price[i] {
			if d != k && p < impassable && p-c.price[i][k] < c.step[k][d] {
				c.step[k][d], c.mover[k][d] = p-c.price[i][k], place
			}
		}
	}
	c.looks += (1 + len(c.at[k])) * len(c.step)
}

// relieve takes one person off some challenge that has too many, by the cheapest chain of
// changes that ends where there is room, and tells what it costs.
func (c *crowd) relieve(room func(k int) int) (cost int64, ok bool) {
	n := len(c.at)
	far, from := make([]int64, n), make([]int, n)
	for k := range n {
		far[k], from[k] = impassable, -1
		if len(c.at[k]) > room(k) {
			far[k] = 0
		}
	}
	for changed, rounds := true, 0; changed && rounds < n; rounds++ {
		changed = false
		for k := range n {
			for d := range n {
				if far[k] < impassable && c.step[k][d] < impassable && far[k]+c.step[k][d] < far[d] {
					far[d], from[d], changed = far[k]+c.step[k][d], k, true
				}
			}
		}
	}
	c.looks += n * n * bits.Len(uint(n))
	end := -1
	for k := range n {
		if from[k] >= 0 && len(c.at[k]) < room(k) && (end < 0 || far[k] < far[end]) {
			end = k
		}
	}
	if end < 0 {
		return 0, false
	}
	cost = far[end]
	path := []int{end}
	for k := end; from[k] >= 0 && len(path) <= n; k = from[k] {
		path = append(path, from[k])
	}
	slices.Reverse(path)
	c.carry(path)
	return cost, true
}

// carry moves one person along every step of the path.
func (c *crowd) carry(path []int) {
	movers := make([]int, len(path)-1)
	for s := range movers {
		movers[s] = c.at[path[s]][c.mover[path[s]][path[s+1]]]
	}
	for s, i := range movers {
		k := path[s]
		c.at[k] = slices.Delete(c.at[k], slices.Index(c.at[k], i), slices.Index(c.at[k], i)+1)
		c.at[path[s+1]] = append(c.at[path[s+1]], i)
	}
	for _, k := range path {
		c.look(k)
	}
}
