package visits_test

import (
	"testing"

	"h48/engine/planning"
	"h48/engine/planning/practice"
	"h48/engine/planning/visits"
)

// No plan is below the bound, and in a room where nobody walks and loads come out even it
// is the optimum.
func TestBound_isNeverAboveAPlan(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		for _, n := range []int{6, 20, 60} {
			in := practice.Visits(n, seed)
			sol, err := visits.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.05})
			if err != nil {
				t.Fatalf("%s: %v", in.Name, err)
			}
			if sol.Bound != visits.Bound(in) || sol.Bound > sol.Cost {
				t.Errorf("%s: bound %d, cost %d", in.Name, sol.Bound, sol.Cost)
			}
		}
	}
	in := &visits.Instance{Format: visits.Format, Visits: 2, Slots: 4, Weights: visits.Weights{Pair: 1, Load: 5, Walk: 1},
		Projects: []visits.Project{{ID: "a"}, {ID: "b", X: 1}}, Jurors: []visits.Juror{{ID: "j", Max: 2}, {ID: "k", Max: 2}}}
	sol, err := visits.Solve(t.Context(), in, planning.Options{Budget: 0.01})
	if err != nil || sol.Bound != 2 || sol.Cost != 2 {
		t.Errorf("two tables, two jurors: %+v, %v", sol, err)
	}
}
