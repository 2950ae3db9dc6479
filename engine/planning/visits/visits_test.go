package visits_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/planning"
	"h48/engine/planning/plantest"
	"h48/engine/planning/practice"
	"h48/engine/planning/visits"
)

// problem is what is planned here, for the promises that every problem keeps.
func problem() plantest.Problem[visits.Instance, visits.Solution] {
	return plantest.Problem[visits.Instance, visits.Solution]{
		Sizes: []int{6, 20, 60, 300}, Draw: practice.Visits, Decode: visits.Decode, Solve: visits.Solve,
		Check: func(in *visits.Instance, sol *visits.Solution) (said, is int64, err error) {
			cost, err := visits.Check(in, sol)
			return sol.Cost, cost.Total(), err
		},
		Any: func(t *rapid.T) *visits.Instance { in, _ := small(t); return in },
		Shuffle: func(r *rand.Rand, in *visits.Instance) {
			plantest.Shuffle(r, in.Projects)
			plantest.Shuffle(r, in.Jurors)
		},
		Narrow: func(r *rand.Rand, in *visits.Instance) {
			j := &in.Jurors[r.IntN(len(in.Jurors))]
			j.Conflicts = append(j.Conflicts, in.Projects[r.IntN(len(in.Projects))].ID)
		},
		Bound: func(sol *visits.Solution) int64 { return sol.Bound },
		Unreadable: map[string]string{
			`{"format":"judging-instance/1","visits":-1}`:                         "visits",
			`{"format":"judging-instance/1","projects":[{"id":"a","x":9000000}]}`: "projects[0].x",
			`{"format":"judging-instance/1","jurors":[{"id":"a"},{"id":"a"}]}`:    "jurors[1].id",
		},
	}
}

func TestSolve_keepsItsPromises(t *testing.T) {
	t.Parallel()
	problem().Kept(t)
}

func FuzzDecode(f *testing.F) { problem().Fuzz(f) }

func TestSolve_infeasible(t *testing.T) {
	t.Parallel()
	projects := []visits.Project{{ID: "p1"}, {ID: "p2"}, {ID: "p3"}}
	for name, c := range map[string]struct {
		in   visits.Instance
		want string
	}{
		"too few jurors": {
			visits.Instance{Visits: 3, Slots: 9, Projects: projects, Jurors: []visits.Juror{{ID: "a", Max: 9}, {ID: "b", Max: 9}}},
			"wants 3 different jurors, and the jury has 2",
		},
		"one visit and nobody to make it": {
			visits.Instance{Visits: 1, Slots: 9, Projects: projects},
			"each project wants a juror, and there is none",
		},
		"too few slots": {
			visits.Instance{Visits: 2, Slots: 1, Projects: projects, Jurors: []visits.Juror{{ID: "a", Max: 9}, {ID: "b", Max: 9}}},
			"wants 2 visits, one a slot, and the round has 1 slot",
		},
		"limits too low": {
			visits.Instance{Visits: 2, Slots: 9, Projects: projects, Jurors: []visits.Juror{{ID: "a", Max: 2}, {ID: "b", Max: 3}}},
			"p3 cannot get 2 visits: the jurors without a conflict of interest that could go there or make room (a, b) make at most 5 visits in all",
		},
		"a juror in conflict with all": {
			visits.Instance{Visits: 1 + 1, Slots: 9, Projects: projects, Jurors: []visits.Juror{
				{ID: "a", Max: 9}, {ID: "b", Max: 9}, {ID: "c", Max: 9, Conflicts: []string{"p1", "p2", "p3"}},
			}},
			"juror c has a conflict of interest with every project",
		},
		"a jury of two halves": {
			visits.Instance{Visits: 2, Slots: 9, Projects: append(projects, visits.Project{ID: "p4"}), Jurors: []visits.Juror{
				{ID: "a", Max: 9, Conflicts: []string{"p1", "p2"}}, {ID: "b", Max: 9, Conflicts: []string{"p3", "p4"}},
				{ID: "c", Max: 9, Conflicts: []string{"p1", "p2"}}, {ID: "d", Max: 9, Conflicts: []string{"p3", "p4"}},
			}},
			"no project may be seen by one of a, c and by one of b, d",
		},
		"too many jurors to compare": {
			visits.Instance{Visits: 2, Slots: 9, Projects: projects[:1], Jurors: []visits.Juror{{ID: "a", Max: 9}, {ID: "b", Max: 9}, {ID: "c", Max: 9}}},
			"cannot link 3 jurors",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := visits.Solve(t.Context(), &c.in, planning.Options{})
			var clash *planning.Infeasible
			if !errors.As(err, &clash) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an Infeasible that says %q", err, c.want)
			}
		})
	}
}

// Whatever the limits and conflicts, a plan is valid; and when every juror may see
// every project and has room, there is one.
func TestSolve_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in, tight := small(t)
		sol, err := visits.Solve(context.Background(), in, planning.Options{Budget: 0.002})
		if err != nil {
			if !tight {
				t.Fatalf("refused, though there is room: %v", err)
			}
			return
		}
		if cost, err := visits.Check(in, sol); err != nil || cost.Total() != sol.Cost {
			t.Fatalf("cost %d, not %d; %v", cost.Total(), sol.Cost, err)
		}
	})
}

// small also tells whether room is so tight that there may be no plan.
func small(t *rapid.T) (in *visits.Instance, tight bool) {
	in = &visits.Instance{
		Visits: rapid.IntRange(1, 3).Draw(t, "visits"), Slots: rapid.IntRange(1, 8).Draw(t, "slots"),
		Weights: visits.Weights{Pair: 4, Load: 10, Walk: 1, Track: 6},
	}
	for i := range rapid.IntRange(3, 7).Draw(t, "projects") {
		in.Projects = append(in.Projects, visits.Project{ID: fmt.Sprint("p", i), X: i})
	}
	for i := range rapid.IntRange(3, 5).Draw(t, "jurors") {
		j := visits.Juror{ID: fmt.Sprint("j", i), Max: rapid.IntRange(2, 8).Draw(t, "max")}
		if rapid.Bool().Draw(t, "conflict") {
			j.Conflicts = []string{"p0"}
		}
		tight = tight || j.Max < len(in.Projects) || j.Conflicts != nil
		in.Jurors = append(in.Jurors, j)
	}
	tight = tight || in.Slots < len(in.Projects) ||
		in.Visits > 1 && len(in.Projects)*in.Visits < len(in.Projects)+len(in.Jurors)-1
	return in, tight
}

func ExampleSolve() {
	_, err := visits.Solve(context.Background(), &visits.Instance{
		Visits: 2, Slots: 4,
		Projects: []visits.Project{{ID: "herons"}, {ID: "otters", X: 1}},
		Jurors:   []visits.Juror{{ID: "Ada", Max: 4}, {ID: "Blaise", Max: 4, Conflicts: []string{"herons"}}},
	}, planning.Options{})
	fmt.Println(err)
	// Output: no solution: herons cannot get 2 visits: the jurors without a conflict of interest that could go there or make room (Ada) make at most 4 visits in all
}
