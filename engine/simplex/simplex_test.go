package simplex_test

import (
	"math"
	"testing"

	"h48/engine/simplex"

	"pgregory.net/rapid"
)

// The duals prove the optimum: no column costs less than they grant it, and they are worth
// as much as the columns in the basis cost.
func TestSolve_isProvenByItsDuals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const big = 1000
		rows := rapid.IntRange(1, 6).Draw(t, "rows")
		rhs := make([]float64, rows)
		for r := range rhs {
			rhs[r] = float64(rapid.IntRange(1, 3).Draw(t, "rhs"))
		}
		p := simplex.New(rhs, big, func(int) int { return 0 })
		type column struct {
			rows []int32
			cost float64
		}
		var columns []column
		enough := func(int64) bool { return true }
		for range rapid.IntRange(0, 12).Draw(t, "columns") {
			var c column
			for r := range rows {
				if rapid.Bool().Draw(t, "in") {
					c.rows = append(c.rows, int32(r))
				}
			}
			if len(c.rows) == 0 {
				continue
			}
			c.cost = float64(rapid.IntRange(0, 50).Draw(t, "cost"))
			columns = append(columns, c)
			p.Add(c.rows, 1, c.cost)
			if rapid.Bool().Draw(t, "solve already") {
				p.Solve(enough)
			}
		}
		if !p.Solve(enough) {
			t.Fatal("stopped")
		}
		for _, c := range columns {
			granted := 0.0
			for _, r := range c.rows {
				granted += p.Dual[r]
			}
			if granted > c.cost+1e-6 {
				t.Fatalf("%v would lower the cost", c)
			}
		}
		var paid, worth float64
		for i, v := range p.Basis {
			cost := float64(big)
			if v >= 0 {
				cost = columns[v].cost
			}
			paid += cost * p.Level[i]
		}
		for r, y := range p.Dual {
			worth += y * (rhs[r] + 1e-5)
		}
		if math.Abs(paid-worth) > 1e-4 {
			t.Fatalf("costs %v, the duals prove %v", paid, worth)
		}
	})
}
