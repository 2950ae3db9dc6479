package teaming

import (
	"testing"

	"pgregory.net/rapid"
)

// Every way of giving each row a column of its own, compared.
func TestAssign_isTheCheapest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "n")
		cost := rapid.SliceOfN(rapid.SampledFrom([]int64{0, 1, 2, 3, 7, 40, impassable}), n*n, n*n).Draw(t, "cost")
		for i := range n {
			cost[i*n+i] = min(cost[i*n+i], 50)
		}
		var x assigner
		x.assign(cost, n)
		taken := make([]bool, n)
		got := int64(0)
		for i, j := range x.match {
			if taken[j] {
				t.Fatalf("column %d is given twice: %v", j, x.match)
			}
			taken[j] = true
			got += cost[i*n+int(j)]
		}
		clear(taken)
		if want := cheapest(cost, n, 0, taken); got != want {
			t.Fatalf("%v costs %d, the cheapest %d", x.match, got, want)
		}
	})
}

func cheapest(cost []int64, n, i int, taken []bool) int64 {
	if i == n {
		return 0
	}
	best := int64(n * impassable)
	for j := range n {
		if !taken[j] {
			taken[j] = true
			best = min(best, cost[i*n+j]+cheapest(cost, n, i+1, taken))
			taken[j] = false
		}
	}
	return best
}
