package meetings

import (
	"math"
	"slices"
)

// maxChain bounds the moves in one chain; no event has chains as long.
const maxChain = 1000

// chains finds the cheapest chain of moves that serves a request: a shortest path,
// by label correction, over the requests that a chain would displace. A label
// carries its whole chain, so that no team ever gets two meetings in one slot.
type chains struct {
	diary *diary
	steps int   // seats looked at so far
	limit int32 // moves allowed in a chain

	epoch int32
	seen  []int32 // epoch in which the request's label was set
	label []label
	queue []int32 // a heap of displaced requests, the lowest floor first
	place []int32 // of each request in the heap, or none

	// toll of a seat: what claiming it costs at least beyond the claimant's own
	// price, learnt from earlier searches (the dual price of the assignment). It
	// only grows while requests are added one by one; reached are the requests
	// labelled in this search.
	toll    []int64
	reached []int32
	open    []int32 // by slot: stamp of the slots a request may use now
	stamp   int32

	lifted []int32
	moves  []move
}

// label says how a request came to be displaced: parent took the seat taken.
type label struct {
	dist   int64 // cost of the chain so far, the displaced request's price refunded
	floor  int64 // no chain through here costs less
	parent int32
	taken  int32
	length int32
}

// ending is the best way to finish found so far: last takes the free seat, or
// stays unserved when the seat is none.
type ending struct {
	cost  int64
	last  int32
	seat  int32
	price int64
}

func newChains(d *diary) *chains {
	n := len(d.in.Requests)
	return &chains{
		diary: d, seen: make([]int32, n), label: make([]label, n), place: filled(n), toll: make([]int64, len(d.slot)),
		open: make([]int32, d.in.Slots),
	}
}

// serve finds the cheapest chain that starts with request q, which has no seat,
// and applies it.
func (c *chains) serve(q int32) {
	for _, limit := range [...]int32{maxChain, 1} {
		best := c.search(q, limit)
		if limit == maxChain {
			c.learn(best.cost)
		}
		if c.follow(best) {
			return
		}
	}
}

func (c *chains) search(q, limit int32) ending {
	c.limit = limit
	c.epoch++
	c.seen[q] = c.epoch
	c.label[q] = label{floor: math.MinInt64, parent: none, taken: none}
	c.queue = append(c.queue[:0], q)
	c.place[q] = 0
	c.reached = c.reached[:0]
	best := ending{cost: math.MaxInt64, last: none}
	for len(c.queue) > 0 {
		p := c.pop()
		if c.label[p].floor >= best.cost {
			break // and so are all the others
		}
		if lone := c.label[p].dist + c.diary.in.Weights.Unserved; lone < best.cost {
			best = ending{cost: lone, last: p, seat: none}
		}
		c.expand(p, &best)
	}
	return best
}

// learn raises the tolls after a search whose cheapest chain costs least: what
// reached a seat at some cost still had the rest to pay.
func (c *chains) learn(least int64) {
	d := c.diary
	for _, q := range c.reached {
		x := d.at[q]
		c.toll[x] = max(c.toll[x], least-c.label[q].dist-d.price[q])
	}
}

// forget drops the tolls: they hold no more once a request is lifted.
func (c *chains) forget() { clear(c.toll) }

// expand tries every seat that request p could take.
func (c *chains) expand(p int32, best *ending) {
	d := c.diary
	l := c.label[p]
	c.openSlots(p)
	request := &d.in.Requests[p]
	barred := d.barred[d.team[p]]
	for _, h := range d.helpers[p] {
		if slices.Contains(barred, h.mentor) {
			continue
		}
		seats := d.seats[h.mentor]
		c.steps += len(seats)
		base := l.dist + h.mismatch
		load := d.in.Weights.Load * int64(max(0, d.load[h.mentor]-1))
		earliest := none // the mentor's first free seat is the cheapest one
		for _, x := range seats {
			if c.open[d.slot[x]] != c.stamp {
				continue
			}
			q := d.owner[x]
			if q == none {
				if earliest == none && !c.takes(p, x) {
					earliest = x
				}
				continue
			}
			price := base + request.Urgency*int64(d.slot[x])
			if price+load >= best.cost {
				break // later slots cost no less
			}
			c.displace(p, q, x, price, price+max(load, c.toll[x]), best)
		}
		if earliest != none {
			c.finish(p, earliest, h, best)
		}
	}
}

// finish lets p take a free seat: the chain ends there, or another meeting of the
// same mentor is displaced so that the load stays.
func (c *chains) finish(p, x int32, h helper, best *ending) {
	d := c.diary
	load, limit := d.load[h.mentor], d.in.Mentors[h.mentor].Max
	own := h.mismatch + d.in.Requests[p].Urgency*int64(d.slot[x])
	price := c.label[p].dist + own
	if int(load) < limit {
		if cost := price + d.in.Weights.Load*int64(load); cost < best.cost {
			*best = ending{cost: cost, last: p, seat: x, price: own}
		}
		if d.in.Weights.Load == 0 {
			return
		}
	}
	share := d.in.Weights.Load * int64(max(0, load-1))
	if price+share >= best.cost {
		return
	}
	for _, y := range d.seats[h.mentor] {
		if q := d.owner[y]; q != none {
			c.displace(p, q, x, price, price+max(share, c.toll[y]), best)
		}
	}
}

// displace labels q as displaced by p, who takes seat x, if that is the cheapest
// way so far and the chain stays valid. When no chain alone could make the plan
// cheaper, q finds no other seat for less than it costs now, its part of its
// mentor's load included, and no less than the toll of its seat; hence the floor.
func (c *chains) displace(p, q, x int32, price, floor int64, best *ending) {
	if floor >= best.cost {
		return
	}
	dist := price - c.diary.price[q]
	labelled := c.seen[q] == c.epoch
	if labelled && c.label[q].dist <= dist {
		return
	}
	length := c.label[p].length + 1
	if length > c.limit || c.inChain(p, q) {
		return
	}
	if !labelled {
		c.place[q] = none
		c.reached = append(c.reached, q)
	}
	c.seen[q] = c.epoch
	c.label[q] = label{dist: dist, floor: floor, parent: p, taken: x, length: length}
	c.push(q)
}

// push puts q in the heap, or moves it up when its floor has fallen.
func (c *chains) push(q int32) {
	i := c.place[q]
	if i == none {
		i = int32(len(c.queue))
		c.queue = append(c.queue, q)
	}
	for i > 0 {
		up := (i - 1) / 2
		if c.label[c.queue[up]].floor <= c.label[q].floor {
			break
		}
		c.queue[i] = c.queue[up]
		c.place[c.queue[i]] = i
		i = up
	}
	c.queue[i], c.place[q] = q, i
}

// pop takes the request with the lowest floor out of the heap.
func (c *chains) pop() int32 {
	top := c.queue[0]
	c.place[top] = none
	n := int32(len(c.queue) - 1)
	last := c.queue[n]
	c.queue = c.queue[:n]
	if n == 0 {
		return top
	}
	i := int32(0)
	for {
		child := 2*i + 1
		if child >= n {
			break
		}
		if child+1 < n && c.label[c.queue[child+1]].floor < c.label[c.queue[child]].floor {
			child++
		}
		if c.label[c.queue[child]].floor >= c.label[last].floor {
			break
		}
		c.queue[i] = c.queue[child]
		c.place[c.queue[i]] = i
		i = child
	}
	c.queue[i], c.place[last] = last, i
	return top
}

// inChain says whether q is already displaced on the way to p.
func (c *chains) inChain(p, q int32) bool {
	for ; p != none; p = c.label[p].parent {
		if p == q {
			return true
		}
	}
	return false
}

// takes says whether the free seat x is already taken on the way to p.
func (c *chains) takes(p, x int32) bool {
	for ; p != none; p = c.label[p].parent {
		if c.label[p].taken == x {
			return true
		}
	}
	return false
}

// openSlots stamps the slots in which p's team could meet: those p is free in,
// less those of the team's other requests, where they stand or where the chain
// takes them.
func (c *chains) openSlots(p int32) {
	d := c.diary
	c.stamp++
	for _, s := range d.in.Requests[p].Free {
		c.open[s] = c.stamp
	}
	asks := d.asks[d.team[p]]
	if len(asks) == 1 || d.relaxed {
		return
	}
	for _, q := range asks {
		if x := d.at[q]; q != p && x != none {
			c.open[d.slot[x]] = 0
		}
	}
	for child := p; child != none; child = c.label[child].parent {
		if l := c.label[child]; l.parent != none && d.team[l.parent] == d.team[p] {
			c.open[d.slot[l.taken]] = 0
		}
	}
}

type move struct{ request, seat int32 }

// follow makes the moves of the chain that ends as given. A label improved after
// the ending was found can have spoiled the chain: then nothing moves and the
// answer is false.
func (c *chains) follow(e ending) bool {
	moves := c.moves[:0]
	seat := e.seat
	for q := e.last; q != none; q = c.label[q].parent {
		moves = append(moves, move{q, seat})
		seat = c.label[q].taken
	}
	c.moves = moves
	for _, m := range moves {
		c.diary.lift(m.request)
	}
	for i, m := range moves {
		if m.seat == none {
			continue
		}
		if !c.diary.may(m.request, m.seat) {
			c.takeBack(moves, i)
			return false
		}
		c.diary.sit(m.request, m.seat, c.diary.worth(m.request, m.seat))
	}
	return true
}

// takeBack undoes a chain of which the first n moves were made.
func (c *chains) takeBack(moves []move, n int) {
	d := c.diary
	for _, m := range moves[:n] {
		d.lift(m.request)
	}
	d.journal = d.journal[:len(d.journal)-n]
	for i, m := range moves {
		if x := d.journal[len(d.journal)-len(moves)+i].from; x != none {
			d.sit(m.request, x, d.worth(m.request, x))
		}
	}
	d.journal = d.journal[:len(d.journal)-len(moves)]
}
