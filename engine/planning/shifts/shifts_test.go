package shifts_test

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
	"h48/engine/planning/shifts"
)

// Every plan keeps every rule and costs what it says, at every size.
func TestSolve_validAtEverySize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 6, 20, 60, 300} {
		in := practice.Shifts(n, 3)
		sol, err := shifts.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.05})
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
			continue
		}
		cost, err := shifts.Check(in, sol)
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
	in := practice.Shifts(20, 4)
	o := planning.Options{Seed: 9, Budget: 0.05}
	first, err := shifts.Solve(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	second, err := shifts.Solve(t.Context(), in, o)
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
	if _, err := shifts.Solve(ctx, practice.Shifts(60, 1), planning.Options{}); !errors.Is(err, context.Canceled) {
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
	if _, err := shifts.Solve(t.Context(), practice.Shifts(20, 1), o); err != nil {
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
		`{"format":"shifts-instance/1","shifts":[{"id":"a","start":60,"end":60}]}`: "shifts[0].end",
		`{"format":"shifts-instance/1","volunteers":[{"id":"a"},{"id":"a"}]}`:      "volunteers[1].id",
		`{"format":"shifts-instance/1","weights":{"fair":-1}}`:                     "weights.fair",
	} {
		_, err := shifts.Decode([]byte(text))
		if !errors.Is(err, planning.ErrUnreadable) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want ErrUnreadable about %q", text, err, want)
		}
	}
}

// No input makes the package panic, and what it solves it solves validly.
func FuzzDecode(f *testing.F) {
	for _, n := range []int{1, 6} {
		text, err := json.Marshal(practice.Shifts(n, 1))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := shifts.Decode(data)
		if err != nil {
			return
		}
		sol, err := shifts.Solve(t.Context(), in, planning.Options{Budget: 0.0005})
		var clash *planning.Infeasible
		if errors.As(err, &clash) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if cost, err := shifts.Check(in, sol); err != nil || cost.Total() != sol.Cost {
			t.Fatalf("cost %d, %v", cost.Total(), err)
		}
	})
}

// On rotas small enough to try every assignment, the search finds the best.
func TestSolve_optimalWhenSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
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
