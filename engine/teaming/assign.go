package teaming

import (
	"math"
	"slices"
)

// assigner gives every row a column of its own at the least total cost, by shortest
// augmenting paths after a reduction that settles most rows at once (Jonker and
// Volgenant, "A Shortest Augmenting Path Algorithm for Dense and Sparse Linear
// Assignment Problems", Computing 38, 1987). It keeps its memory between problems.
type assigner struct {
	match []int32 // by row: its column
	row   []int32 // by column: its row, -1 for none
	price []int64 // by column
	far   []int64 // by column: the length of the shortest path found to it
	from  []int32 // by column: the row before it on that path
	queue []int32 // columns: settled, then those at the present distance, then the others
	free  []int32
	scans int64
}

// assign solves an n by n problem given row by row. The identity must be possible. It
// returns how many cells it looked at.
func (x *assigner) assign(cost []int64, n int) int64 {
	x.match, x.row, x.from, x.queue = sized(x.match, n), sized(x.row, n), sized(x.from, n), sized(x.queue, n)
	x.price, x.far = sized(x.price, n), sized(x.far, n)
	x.scans = 0
	x.reduce(cost, n)
	for range 2 {
		x.settle(cost, n)
	}
	for _, i := range x.free {
		x.augment(cost, n, i)
	}
	return x.scans
}

func sized[T any](s []T, n int) []T { return slices.Grow(s[:0], n)[:n] }

// reduce prices every column at its cheapest row, and gives that row the column if it has
// none yet.
func (x *assigner) reduce(cost []int64, n int) {
	for i := range n {
		x.match[i], x.row[i] = -1, -1
	}
	best := x.from // by column: the cheapest row
	for j := range n {
		best[j], x.price[j] = 0, cost[j]
	}
	for i := 1; i < n; i++ {
		for j, c := range cost[i*n:][:n] {
			if c < x.price[j] {
				best[j], x.price[j] = int32(i), c
			}
		}
	}
	for j := n - 1; j >= 0; j-- {
		if i := best[j]; x.match[i] < 0 {
			x.match[i], x.row[j] = int32(j), i
		}
	}
	x.free = x.free[:0]
	for i := range n {
		if x.match[i] < 0 {
			x.free = append(x.free, int32(i))
		}
	}
	x.scans += int64(n * n)
}

// settle gives each free row its cheapest column, lowering the column's price as far as the
// row's second choice allows; who loses a column so looks again.
func (x *assigner) settle(cost []int64, n int) {
	waiting := x.free
	var still []int32
	for k := 0; k < len(waiting); {
		i := waiting[k]
		k++
		least, second, at, next := int64(math.MaxInt64), int64(math.MaxInt64), -1, -1
		for j, c := range cost[int(i)*n:][:n] {
			h := c - x.price[j]
			if h >= second {
				continue
			}
			if h < least {
				second, next = least, at
				least, at = h, j
			} else {
				second, next = h, j
			}
		}
		x.scans += int64(n)
		loser := x.row[at]
		switch {
		case least < second && next >= 0:
			x.price[at] -= second - least
		case loser >= 0 && next >= 0:
			at = next
			loser = x.row[at]
		}
		x.match[i], x.row[at] = int32(at), i
		if loser < 0 {
			continue
		}
		x.match[loser] = -1
		if least < second && k > 0 {
			k--
			waiting[k] = loser
		} else {
			still = append(still, loser)
		}
	}
	x.free = append(x.free[:0], still...)
}

// augment finds the cheapest chain of changes that gives row i a column.
func (x *assigner) augment(cost []int64, n int, i int32) {
	for j := range n {
		x.far[j], x.from[j], x.queue[j] = cost[int(i)*n+j]-x.price[j], i, int32(j)
	}
	settled, ready, last := 0, 0, 0 // queue[:settled] are done, queue[settled:ready] are at the distance
	end := int32(-1)
	least := int64(0)
	for end < 0 {
		if settled == ready {
			last = settled
			least = x.far[x.queue[ready]]
			ready++
			for k := ready; k < n; k++ {
				j := x.queue[k]
				if h := x.far[j]; h <= least {
					if h < least {
						ready, least = settled, h
					}
					x.queue[k], x.queue[ready] = x.queue[ready], j
					ready++
				}
			}
			x.scans += int64(n - settled)
			for _, j := range x.queue[settled:ready] {
				if x.row[j] < 0 {
					end = j
					break
				}
			}
			if end >= 0 {
				break
			}
		}
		j0 := x.queue[settled]
		settled++
		r := x.row[j0]
		line := cost[int(r)*n:][:n]
		base := line[j0] - x.price[j0] - least
		x.scans += int64(n - ready)
		for k := ready; k < n; k++ {
			j := x.queue[k]
			h := line[j] - x.price[j] - base
			if h >= x.far[j] {
				continue
			}
			x.far[j], x.from[j] = h, r
			if h == least {
				if x.row[j] < 0 {
					end = j
					break
				}
				x.queue[k], x.queue[ready] = x.queue[ready], j
				ready++
			}
		}
	}
	for _, j := range x.queue[:last] {
		x.price[j] += x.far[j] - least
	}
	for j := end; ; {
		r := x.from[j]
		x.row[j] = r
		x.match[r], j = j, x.match[r]
		if r == i {
			return
		}
	}
}
