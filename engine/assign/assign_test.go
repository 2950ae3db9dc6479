package assign_test

import (
	"testing"

	"h48/engine/assign"

	"pgregory.net/rapid"
)

// Every way of giving each row a column of its own, compared. One solver for all problems:
// nothing of the last one may be left.
func TestSolve_isTheCheapest(t *testing.T) {
	t.Parallel()
	var x assign.Solver
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		cost := rapid.SliceOfN(rapid.SampledFrom([]int64{0, 1, 2, 3, 7, 40, dear}), n*n, n*n).Draw(t, "cost")
		for i := range n {
			cost[i*n+i] = min(cost[i*n+i], 50)
		}
		x.Solve(cost, n)
		taken := make([]bool, n)
		got := int64(0)
		for i, j := range x.Match {
			if taken[j] {
				t.Fatalf("column %d is given twice: %v", j, x.Match)
			}
			taken[j] = true
			got += cost[i*n+int(j)]
		}
		clear(taken)
		if want := cheapest(cost, n, 0, taken); got != want {
			t.Fatalf("%v costs %d, the cheapest %d", x.Match, got, want)
		}
	})
}

const dear = 1 << 50

func cheapest(cost []int64, n, i int, taken []bool) int64 {
	if i == n {
		return 0
	}
	best := int64(n * dear)
	for j := range n {
		if !taken[j] {
			taken[j] = true
			best = min(best, cost[i*n+j]+cheapest(cost, n, i+1, taken))
			taken[j] = false
		}
	}
	return best
}
