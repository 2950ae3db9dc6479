package shifts_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/planning"
	"h48/engine/planning/plantest"
	"h48/engine/planning/practice"
	"h48/engine/planning/shifts"
)

// problem is what is planned here, for the promises that every problem keeps.
func problem() plantest.Problem[shifts.Instance, shifts.Solution] {
	return plantest.Problem[shifts.Instance, shifts.Solution]{
		Sizes: []int{1, 2, 6, 20, 60, 300}, Draw: practice.Shifts, Decode: shifts.Decode, Solve: shifts.Solve,
		Check: func(in *shifts.Instance, sol *shifts.Solution) (said, is int64, err error) {
			cost, err := shifts.Check(in, sol)
			return sol.Cost, cost.Total(), err
		},
		Any: small,
		Shuffle: func(r *rand.Rand, in *shifts.Instance) {
			plantest.Shuffle(r, in.Shifts)
			plantest.Shuffle(r, in.Volunteers)
		},
		Narrow: func(r *rand.Rand, in *shifts.Instance) {
			v := &in.Volunteers[r.IntN(len(in.Volunteers))]
			v.Free = v.Free[:len(v.Free)/2]
		},
		Bound: func(sol *shifts.Solution) int64 { return sol.Bound },
		Unreadable: map[string]string{
			`{"format":"shifts-instance/1","shifts":[{"id":"a","start":60,"end":60}]}`:                   "shifts[0].end",
			`{"format":"shifts-instance/1","volunteers":[{"id":"a"},{"id":"a"}]}`:                        "volunteers[1].id",
			`{"format":"shifts-instance/1","weights":{"fair":-1}}`:                                       "weights.fair",
			`{"format":"shifts-instance/1","volunteers":[{"id":"a","free":[[1]]}]}`:                      "column 63: field volunteers[0].free[0]: wants two times, has 1",
			`{"format":"shifts-instance/1","volunteers":[{"id":"a"},{"id":"b","free":[[1,2],[1,2,3]]}]}`: "field volunteers[1].free[1]: wants two times, has 3",
			`{"format":"shifts-instance/1","volunteers":[{"id":"a","free":[null]}]}`:                     "field volunteers[0].free[0]: wants two times, has 0",
		},
	}
}

func TestSolve_keepsItsPromises(t *testing.T) {
	t.Parallel()
	problem().Kept(t)
}

func FuzzDecode(f *testing.F) { problem().Fuzz(f) }

// On rotas small enough to try every assignment, the search finds the best.
func TestSolve_optimalWhenSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := small(t)
		sol, err := shifts.Solve(context.Background(), in, planning.Options{Budget: 0.005})
		if err != nil {
			t.Fatal(err)
		}
		if best := cheapest(in); sol.Cost != best {
			t.Fatalf("cost %d, the best is %d", sol.Cost, best)
		}
		if sol.Bound > sol.Cost {
			t.Fatalf("the bound is %d, a rota costs %d", sol.Bound, sol.Cost)
		}
	})
}

func small(t *rapid.T) *shifts.Instance {
	in := &shifts.Instance{Weights: shifts.Weights{Uncovered: 40, Dislike: 3, Fair: 2}}
	for i := range rapid.IntRange(1, 4).Draw(t, "shifts") {
		start := 120 * rapid.IntRange(0, 4).Draw(t, "start")
		in.Shifts = append(in.Shifts, shifts.Shift{ID: string(rune('a' + i)), Start: start, End: start + 120, Demand: rapid.IntRange(0, 2).Draw(t, "demand")})
	}
	for i := range rapid.IntRange(1, 2).Draw(t, "volunteers") {
		v := shifts.Volunteer{
			ID: string(rune('u' + i)), Free: [][2]int{{0, 600}},
			Max: 120 * rapid.IntRange(0, 4).Draw(t, "max"), Target: 60 * rapid.IntRange(0, 6).Draw(t, "target"),
			Rest: 120 * rapid.IntRange(0, 2).Draw(t, "rest"),
		}
		if rapid.Bool().Draw(t, "dislikes") {
			v.Dislikes = []string{"a"}
		}
		in.Volunteers = append(in.Volunteers, v)
	}
	return in
}

// Whoever leaves the middle of a block would rest too little between its ends.
func TestSolve_leavesNoBlockInTheMiddle(t *testing.T) {
	t.Parallel()
	in := &shifts.Instance{
		Shifts: []shifts.Shift{
			{ID: "a", Start: 120, End: 240, Demand: 1}, {ID: "b", Start: 0, End: 120, Demand: 1},
			{ID: "c", Start: 0, End: 120, Demand: 1}, {ID: "d", Start: 240, End: 360, Demand: 2},
		},
		Volunteers: []shifts.Volunteer{
			{ID: "u", Max: 360, Rest: 240, Free: [][2]int{{0, 600}}}, {ID: "v", Max: 360, Free: [][2]int{{0, 600}}},
		},
		Weights: shifts.Weights{Uncovered: 40, Dislike: 3, Fair: 2},
	}
	for seed := range uint64(50) {
		sol, err := shifts.Solve(t.Context(), in, planning.Options{Seed: seed, Budget: 0.002})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := shifts.Check(in, sol); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// cheapest tries every assignment.
func cheapest(in *shifts.Instance) int64 {
	cells := len(in.Shifts) * len(in.Volunteers)
	best := int64(-1)
	for mask := range 1 << cells {
		sol := &shifts.Solution{}
		for s, shift := range in.Shifts {
			a := shifts.Assignment{Shift: shift.ID}
			for v, person := range in.Volunteers {
				if mask>>(s*len(in.Volunteers)+v)&1 == 1 {
					a.Volunteers = append(a.Volunteers, person.ID)
				}
			}
			sol.Assign = append(sol.Assign, a)
		}
		if cost, err := shifts.Check(in, sol); err == nil && (best < 0 || cost.Total() < best) {
			best = cost.Total()
		}
	}
	return best
}

func ExampleSolve() {
	sol, err := shifts.Solve(context.Background(), &shifts.Instance{
		Shifts: []shifts.Shift{{ID: "doors", Start: 480, End: 600, Demand: 1}, {ID: "night", Start: 1200, End: 1320, Demand: 1}},
		Volunteers: []shifts.Volunteer{
			{ID: "Ada", Max: 240, Target: 120, Free: [][2]int{{0, 1440}}, Dislikes: []string{"night"}},
			{ID: "Blaise", Max: 240, Target: 120, Free: [][2]int{{0, 1440}}},
		},
		Weights: shifts.Weights{Uncovered: 40, Dislike: 3, Fair: 2},
	}, planning.Options{Budget: 0.01})
	fmt.Println(sol.Assign, sol.Cost, err)
	// Output: [{doors [Ada]} {night [Blaise]}] 0 <nil>
}
