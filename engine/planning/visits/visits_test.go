package visits_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/engine/planning"
	"h48/engine/planning/practice"
	"h48/engine/planning/visits"
)

// Every plan keeps every rule and costs what it says, at every size.
func TestSolve_validAtEverySize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{6, 20, 60, 300} {
		in := practice.Visits(n, 3)
		sol, err := visits.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.05})
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
			continue
		}
		cost, err := visits.Check(in, sol)
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
		}
		if cost.Total() != sol.Cost {
			t.Errorf("%s: it says it costs %d, it costs %d", in.Name, sol.Cost, cost.Total())
		}
	}
}

func TestSolve_sameSeedSamePlan(t *testing.T) {
	t.Parallel()
	in := practice.Visits(20, 4)
	o := planning.Options{Seed: 9, Budget: 0.05}
	first, err := visits.Solve(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	second, err := visits.Solve(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two runs differ (-first +second):\n%s", diff)
	}
}

func TestSolve_cancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := visits.Solve(ctx, practice.Visits(60, 1), planning.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestSolve_reportsProgress(t *testing.T) {
	t.Parallel()
	last := 0.0
	o := planning.Options{Budget: 0.02, Progress: func(share float64, _ int64) {
		if share < last || share > 1 {
			t.Errorf("progress went from %v to %v", last, share)
		}
		last = share
	}}
	if _, err := visits.Solve(t.Context(), practice.Visits(20, 1), o); err != nil {
		t.Fatal(err)
	}
	if last == 0 {
		t.Error("no progress was reported")
	}
}

func TestDecode_unreadable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``:                     "empty",
		`{"format":"other/1"}`: "format",
		`{"format":"judging-instance/1","visits":-1}`:                         "visits",
		`{"format":"judging-instance/1","projects":[{"id":"a","x":9000000}]}`: "projects[0].x",
		`{"format":"judging-instance/1","jurors":[{"id":"a"},{"id":"a"}]}`:    "jurors[1].id",
	} {
		_, err := visits.Decode([]byte(text))
		if !errors.Is(err, planning.ErrUnreadable) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want ErrUnreadable about %q", text, err, want)
		}
	}
}

// No input makes the package panic, and what it solves it solves validly.
func FuzzDecode(f *testing.F) {
	for _, n := range []int{2, 6} {
		text, err := json.Marshal(practice.Visits(n, 1))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := visits.Decode(data)
		if err != nil {
			return
		}
		sol, err := visits.Solve(t.Context(), in, planning.Options{Budget: 0.0005})
		var clash *planning.Infeasible
		if errors.As(err, &clash) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if cost, err := visits.Check(in, sol); err != nil || cost.Total() != sol.Cost {
			t.Fatalf("cost %d, %v", cost.Total(), err)
		}
	})
}

func TestSolve_infeasible(t *testing.T) {
	t.Parallel()
	projects := []visits.Project{{ID: "p1"}, {ID: "p2"}, {ID: "p3"}}
	for name, c := range map[string]struct {
		in   visits.Instance
		want string
	}{
		"too few jurors": {
			visits.Instance{Visits: 3, Slots: 9, Projects: projects, Jurors: []visits.Juror{{ID: "a", Max: 9}, {ID: "b", Max: 9}}},
			"3 different jurors, and there are 2",
		},
		"too few slots": {
			visits.Instance{Visits: 2, Slots: 1, Projects: projects, Jurors: []visits.Juror{{ID: "a", Max: 9}, {ID: "b", Max: 9}}},
			"there are 1 slots",
		},
		"limits too low": {
			visits.Instance{Visits: 2, Slots: 9, Projects: projects, Jurors: []visits.Juror{{ID: "a", Max: 2}, {ID: "b", Max: 3}}},
			"cannot get 2 visits",
		},
		"a juror in conflict with all": {
			visits.Instance{Visits: 1 + 1, Slots: 9, Projects: projects, Jurors: []visits.Juror{
				{ID: "a", Max: 9}, {ID: "b", Max: 9}, {ID: "c", Max: 9, Conflicts: []string{"p1", "p2", "p3"}},
			}},
			"juror c has a conflict of interest with every project",
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
		in := &visits.Instance{
			Visits: rapid.IntRange(1, 3).Draw(t, "visits"), Slots: rapid.IntRange(1, 8).Draw(t, "slots"),
			Weights: visits.Weights{Pair: 4, Load: 10, Walk: 1, Track: 6},
		}
		tight := false
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

func ExampleSolve() {
	_, err := visits.Solve(context.Background(), &visits.Instance{
		Visits: 2, Slots: 4,
		Projects: []visits.Project{{ID: "herons"}, {ID: "otters", X: 1}},
		Jurors:   []visits.Juror{{ID: "Ada", Max: 4}, {ID: "Blaise", Max: 4, Conflicts: []string{"herons"}}},
	}, planning.Options{})
	fmt.Println(err)
	// Output: no solution: herons cannot get 2 visits: the jurors without a conflict of interest that could go there or make room (Ada) make at most 4 visits in all
}
