package assign

import (
	"math/bits"
	"slices"
)

// Impassable is the price of a place that somebody must not have.
const Impassable = 1 << 50

// Crowd is everybody at the place that is cheapest for them, whatever its room; each call
// of Relieve takes one person off a place that has too many. It is a flow, found by
// cheapest augmenting paths (Busacker and Gowen 1961): the cost only grows, so that at any time it
// is a bound of what places for all cost.
type Crowd struct {
	Cost  int64
	Looks int // prices looked at, the measure of its work
	room  []int
	price [][]int64 // person, place
	at    [][]int   // place: people
	step  [][]int64 // place, place: the least that one person's change costs
	mover [][]int   // who that is, as a place in the list at
}

// NewCrowd takes each person's prices, one a place, not all of them impassable, and how many
// people each place has room for.
func NewCrowd(price [][]int64, room []int) *Crowd {
	n := len(room)
	c := &Crowd{room: room, price: price, at: make([][]int, n), step: make([][]int64, n), mover: make([][]int, n)}
	for i, p := range price {
		best := 0
		for k := range p {
			if p[k] < p[best] {
				best = k
			}
		}
		c.at[best] = append(c.at[best], i)
		c.Cost += p[best]
	}
	for k := range n {
		c.step[k], c.mover[k] = make([]int64, n), make([]int, n)
		c.look(k)
	}
	return c
}

// look finds again what a change away from place k costs at least.
func (c *Crowd) look(k int) {
	for d := range c.step[k] {
		c.step[k][d] = Impassable
	}
	for place, i := range c.at[k] {
		for d, p := range c.price[i] {
			if d != k && p < Impassable && p-c.price[i][k] < c.step[k][d] {
				c.step[k][d], c.mover[k][d] = p-c.price[i][k], place
			}
		}
	}
	c.Looks += (1 + len(c.at[k])) * len(c.step)
}

// Relieve takes one person off some place that has too many, by the cheapest chain of
// changes that ends where there is room; false if nobody need or can.
func (c *Crowd) Relieve() bool {
	n := len(c.at)
	far, from := make([]int64, n), make([]int, n)
	for k := range n {
		far[k], from[k] = Impassable, -1
		if len(c.at[k]) > c.room[k] {
			far[k] = 0
		}
	}
	for changed, rounds := true, 0; changed && rounds < n; rounds++ {
		changed = false
		for k := range n {
			for d := range n {
				if far[k] < Impassable && c.step[k][d] < Impassable && far[k]+c.step[k][d] < far[d] {
					far[d], from[d], changed = far[k]+c.step[k][d], k, true
				}
			}
		}
	}
	c.Looks += n * n * bits.Len(uint(n))
	end := -1
	for k := range n {
		if from[k] >= 0 && len(c.at[k]) < c.room[k] && (end < 0 || far[k] < far[end]) {
			end = k
		}
	}
	if end < 0 {
		return false
	}
	c.Cost += far[end]
	path := []int{end}
	for k := end; from[k] >= 0 && len(path) <= n; k = from[k] {
		path = append(path, from[k])
	}
	slices.Reverse(path)
	c.carry(path)
	return true
}

// carry moves one person along every step of the path.
func (c *Crowd) carry(path []int) {
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
