package meetings_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/engine/planning"
	"h48/engine/planning/meetings"
	"h48/engine/planning/practice"
)

// Every plan keeps every rule and costs what it says, at every size.
func TestSolve_validAtEverySize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 6, 20, 60, 300} {
		in := practice.Meetings(n, 3)
		sol, err := meetings.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.05})
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
			continue
		}
		cost, err := meetings.Check(in, sol)
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
	in := practice.Meetings(20, 4)
	o := planning.Options{Seed: 9, Budget: 0.05}
	first, err := meetings.Solve(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	second, err := meetings.Solve(t.Context(), in, o)
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
	if _, err := meetings.Solve(ctx, practice.Meetings(60, 1), planning.Options{}); !errors.Is(err, context.Canceled) {
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
	if _, err := meetings.Solve(t.Context(), practice.Meetings(20, 1), o); err != nil {
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
		`{"format":"mentors-instance/1","slots":2,"mentors":[{"id":"a","free":[2]}]}`: "mentors[0].free",
		`{"format":"mentors-instance/1","requests":[{"id":""}]}`:                      "requests[0].id",
		`{"format":"mentors-instance/1","mentors":[{"id":"a","skills":{"go":5}}]}`:    "skills.go",
	} {
		_, err := meetings.Decode([]byte(text))
		if !errors.Is(err, planning.ErrUnreadable) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want ErrUnreadable about %q", text, err, want)
		}
	}
}

// No input makes the package panic, and what it solves it solves validly.
func FuzzDecode(f *testing.F) {
	for _, n := range []int{1, 6} {
		text, err := json.Marshal(practice.Meetings(n, 1))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := meetings.Decode(data)
		if err != nil {
			return
		}
		sol, err := meetings.Solve(t.Context(), in, planning.Options{Budget: 0.0005})
		var clash *planning.Infeasible
		if errors.As(err, &clash) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if cost, err := meetings.Check(in, sol); err != nil || cost.Total() != sol.Cost {
			t.Fatalf("cost %d, %v", cost.Total(), err)
		}
	})
}

// On days small enough to try every plan, the search finds the best, and the bound
// is never above it.
func TestSolve_optimalWhenSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := &meetings.Instance{Slots: 3, Weights: meetings.Weights{
			Unserved: int64(rapid.IntRange(0, 60).Draw(t, "unserved")), Mismatch: 4,
			Load: int64(rapid.IntRange(0, 5).Draw(t, "load")),
		}}
		for i := range rapid.IntRange(1, 2).Draw(t, "mentors") {
			in.Mentors = append(in.Mentors, meetings.Mentor{
				ID: fmt.Sprint("m", i), Max: rapid.IntRange(0, 3).Draw(t, "max"), Free: slots(t),
				Skills: map[string]int{"a": rapid.IntRange(0, 4).Draw(t, "a"), "b": rapid.IntRange(0, 4).Draw(t, "b")},
			})
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "requests") {
			in.Requests = append(in.Requests, meetings.Request{
				ID: fmt.Sprint("q", i), Team: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "team"),
				Topic: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "topic"), Free: slots(t),
				Urgency: int64(rapid.IntRange(0, 5).Draw(t, "urgency")),
			})
		}
		sol, err := meetings.Solve(context.Background(), in, planning.Options{Budget: 0.01})
		if err != nil {
			t.Fatal(err)
		}
		best := cheapest(in, &meetings.Solution{}, 0)
		if sol.Cost != best || sol.Bound > best {
			t.Fatalf("cost %d, bound %d, the best is %d", sol.Cost, sol.Bound, best)
		}
	})
}

// The bound is the optimum of a problem without order: no seed may change it.
func TestSolve_sameBoundWhateverTheSeed(t *testing.T) {
	t.Parallel()
	in := practice.Meetings(300, 2)
	bounds := map[int64]bool{}
	for seed := range uint64(4) {
		sol, err := meetings.Solve(t.Context(), in, planning.Options{Seed: seed, Budget: 0.01})
		if err != nil {
			t.Fatal(err)
		}
		bounds[sol.Bound] = true
	}
	if len(bounds) != 1 {
		t.Errorf("different bounds: %v", bounds)
	}
}

func slots(t *rapid.T) []int {
	var free []int
	for s := range 3 {
		if rapid.Bool().Draw(t, "free") {
			free = append(free, s)
		}
	}
	return free
}

// cheapest tries every way to serve the requests from the given one on.
func cheapest(in *meetings.Instance, sol *meetings.Solution, q int) int64 {
	if q == len(in.Requests) {
		cost, err := meetings.Check(in, sol)
		if err != nil {
			return 1 << 40
		}
		return cost.Total()
	}
	best := cheapest(in, sol, q+1)
	for _, m := range in.Mentors {
		for s := range in.Slots {
			with := &meetings.Solution{Meetings: append(slices.Clone(sol.Meetings), meetings.Meeting{Request: in.Requests[q].ID, Mentor: m.ID, Slot: s})}
			if _, err := meetings.Check(in, with); err == nil {
				best = min(best, cheapest(in, with, q+1))
			}
		}
	}
	return best
}

func ExampleSolve() {
	sol, err := meetings.Solve(context.Background(), &meetings.Instance{
		Slots:   2,
		Mentors: []meetings.Mentor{{ID: "Grace", Skills: map[string]int{"data": 4}, Free: []int{0, 1}, Max: 2}},
		Requests: []meetings.Request{
			{ID: "q1", Team: "herons", Topic: "data", Urgency: 1, Free: []int{0, 1}},
			{ID: "q2", Team: "otters", Topic: "data", Urgency: 3, Free: []int{0, 1}},
		},
		Weights: meetings.Weights{Unserved: 60, Mismatch: 4, Load: 1},
	}, planning.Options{})
	fmt.Println(sol.Meetings, sol.Cost == sol.Bound, err)
	// Output: [{q1 Grace 1} {q2 Grace 0}] true <nil>
}
