// Package assign gives every row of a square table a column of its own at the least total
// cost, exactly, and everybody of a crowd one of a few places with room for many. It knows nothing
// of what rows, columns and places are; who has fewer rows than columns adds rows that cost
// nothing.
package assign

import (
	"math"
	"slices"
)

// Solver works by shortest augmenting paths after a reduction that settles most rows at
// once (Jonker and Volgenant, "A Shortest Augmenting Path Algorithm for Dense and Sparse
// Linear Assignment Problems", Computing 38, 1987). It keeps its memory between problems.
type Solver struct {
	Match []int32 // by row: its column; valid until the next problem
	row   []int32 // by column: its row, -1 for none
	price []int64 // by column
	far   []int64 // by column: the length of the shortest path found to it
	from  []int32 // by column: the row before it on that path
	queue []int32 // columns: settled, then those at the present distance, then the others
	free  []int32 // rows without a column
	scans int64
}

// Solve fills in Match for n by n costs given row by row, in any unit; n times the largest must
// stay below 1<<60. What must not be costs more than all the rest together. It returns how many
// costs it looked at, the measure of its work.
func (x *Solver) Solve(cost []int64, n int) int64 {
	x.Match, x.row, x.from, x.queue = sized(x.Match, n), sized(x.row, n), sized(x.from, n), sized(x.queue, n)
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
func (x *Solver) reduce(cost []int64, n int) {
	for i := range n {
		x.Match[i], x.row[i] = -1, -1
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
		if i := best[j]; x.Match[i] < 0 {
			x.Match[i], x.row[j] = int32(j), i
		}
	}
	x.free = x.free[:0]
	for i := range n {
		if x.Match[i] < 0 {
			x.free = append(x.free, int32(i))
		}
	}
	x.scans += int64(n * n)
}

// settle gives each free row its cheapest column, lowering the column's price as far as the
// row's second choice allows; who loses a column so looks again.
func (x *Solver) settle(cost []int64, n int) {
	waiting, still := x.free, x.free[:0] // never more still free than have been looked at
	for k := 0; k < len(waiting); {
		i := waiting[k]
		k++
		least, second, at, next := int64(math.MaxInt64), int64(math.MaxInt64), 0, 0
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
		if least < second {
			x.price[at] -= second - least
		} else if loser >= 0 {
			at = next
			loser = x.row[at]
		}
		x.Match[i], x.row[at] = int32(at), i
		if loser < 0 {
			continue
		}
		x.Match[loser] = -1
		if least < second {
			k--
			waiting[k] = loser
		} else {
			still = append(still, loser)
		}
	}
	x.free = still
}

// augment finds the cheapest chain of changes that gives row i a column (Dijkstra), and
// carries it out.
func (x *Solver) augment(cost []int64, n int, i int32) {
	for j := range n {
		x.far[j], x.from[j], x.queue[j] = cost[int(i)*n+j]-x.price[j], i, int32(j)
	}
	settled, ready, last := 0, 0, 0 // queue[:settled] are done, queue[settled:ready] are at the distance
	end, least := int32(-1), int64(0)
	for end < 0 {
		if settled == ready {
			last = settled
			least, ready = x.nearest(n, settled)
			if end = x.unowned(settled, ready); end >= 0 {
				break
			}
		}
		j := x.queue[settled]
		settled++
		end, ready = x.relax(cost[int(x.row[j])*n:][:n], j, least, ready)
	}
	for _, j := range x.queue[:last] {
		x.price[j] += x.far[j] - least
	}
	for j := end; ; {
		r := x.from[j]
		x.row[j] = r
		x.Match[r], j = j, x.Match[r]
		if r == i {
			return
		}
	}
}

// nearest brings the columns at the least distance to the front of those not settled.
func (x *Solver) nearest(n, settled int) (least int64, ready int) {
	least, ready = x.far[x.queue[settled]], settled+1
	for k := ready; k < n; k++ {
		j := x.queue[k]
		h := x.far[j]
		if h > least {
			continue
		}
		if h < least {
			least, ready = h, settled
		}
		x.queue[k], x.queue[ready] = x.queue[ready], j
		ready++
	}
	x.scans += int64(n - settled)
	return least, ready
}

// unowned is a column at the present distance that no row has, or -1.
func (x *Solver) unowned(settled, ready int) int32 {
	for _, j := range x.queue[settled:ready] {
		if x.row[j] < 0 {
			return j
		}
	}
	return -1
}

// relax looks for shorter paths through a settled column's row, whose costs line holds. It
// returns a column that no row has, if it meets one at the present distance.
func (x *Solver) relax(line []int64, from int32, least int64, ready int) (end int32, now int) {
	r := x.row[from]
	base := line[from] - x.price[from] - least
	n := len(line)
	x.scans += int64(n - ready)
	for k := ready; k < n; k++ {
		j := x.queue[k]
		h := line[j] - x.price[j] - base
		if h >= x.far[j] {
			continue
		}
		x.far[j], x.from[j] = h, r
		if h > least {
			continue
		}
		if x.row[j] < 0 {
			return j, ready
		}
		x.queue[k], x.queue[ready] = x.queue[ready], j
		ready++
	}
	return -1, ready
}
