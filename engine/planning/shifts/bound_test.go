package shifts_test

import (
	"testing"

	"h48/engine/planning"
	"h48/engine/planning/practice"
	"h48/engine/planning/shifts"
)

// No rota is below the bound; who is missing whatever anybody does is in it.
func TestBound_isNeverAboveARota(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		for _, n := range []int{6, 20, 60} {
			in := practice.Shifts(n, seed)
			sol, err := shifts.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.05})
			if err != nil {
				t.Fatalf("%s: %v", in.Name, err)
			}
			if quick := shifts.Bound(in); quick > sol.Cost || sol.Bound > sol.Cost {
				t.Errorf("%s: bounds %d and %d, cost %d", in.Name, quick, sol.Bound, sol.Cost)
			}
		}
	}
}

// On rotas of a usual shape the bound meets the best rota: nothing is left to wish for.
func TestBound_provesTheBest(t *testing.T) {
	t.Parallel()
	for _, n := range []int{6, 20, 60, 200} {
		in := practice.Shifts(n, 1)
		sol, err := shifts.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 1})
		if err != nil {
			t.Fatalf("%s: %v", in.Name, err)
		}
		if sol.Bound != sol.Cost {
			t.Errorf("%s: cost %d, and no plan costs less than %d", in.Name, sol.Cost, sol.Bound)
		}
	}
}

func TestBound_ofRotasCountedByHand(t *testing.T) {
	t.Parallel()
	// Both parts of the night are eight hours, too long for one: each of three works a part.
	night := &shifts.Instance{Format: shifts.Format, Weights: shifts.Weights{Uncovered: 1}, Shifts: []shifts.Shift{{ID: "dinner", Start: 1080, End: 1200, Demand: 0},
		{ID: "early", Start: 1320, End: 1560, Demand: 2}, {ID: "late", Start: 1560, End: 1800, Demand: 2}, {ID: "lunch", Start: 2160, End: 2280, Demand: 2}}}
	for _, id := range []string{"ana", "bilal", "cleo"} {
		night.Volunteers = append(night.Volunteers, shifts.Volunteer{ID: id, Max: 900, Rest: 300, Free: [][2]int{{0, 3000}}})
	}
	if got := shifts.Bound(night); got != 1 {
		t.Errorf("three people work three of the night's four places; the bound says %d stay open", got)
	}
	in := &shifts.Instance{Format: shifts.Format, Weights: shifts.Weights{Uncovered: 10, Fair: 1},
		Shifts: []shifts.Shift{{ID: "bar", Start: 0, End: 60, Demand: 2}, {ID: "door", Start: 30, End: 90, Demand: 1}},
		Volunteers: []shifts.Volunteer{
			{ID: "ana", Max: 600, Target: 60, Free: [][2]int{{0, 100}}},
			{ID: "bilal", Max: 600, Target: 240, Free: [][2]int{{0, 100}}}}}
	sol, err := shifts.Solve(t.Context(), in, planning.Options{Budget: 0.01})
	if err != nil || sol.Bound != 13 || sol.Cost != 13 { // one of three is missing; each works once, and Bilal has one hour of his four
		t.Errorf("%+v, %v", sol, err)
	}
}
