package meetings_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/planning"
	"h48/engine/planning/meetings"
	"h48/engine/planning/plantest"
	"h48/engine/planning/practice"
)

// problem is what is planned here, for the promises that every problem keeps.
func problem() plantest.Problem[meetings.Instance, meetings.Solution] {
	return plantest.Problem[meetings.Instance, meetings.Solution]{
		Sizes: []int{1, 2, 6, 20, 60, 300}, Draw: practice.Meetings, Decode: meetings.Decode, Solve: meetings.Solve,
		Check: func(in *meetings.Instance, sol *meetings.Solution) (said, is int64, err error) {
			cost, err := meetings.Check(in, sol)
			return sol.Cost, cost.Total(), err
		},
		Any: small,
		Shuffle: func(r *rand.Rand, in *meetings.Instance) {
			plantest.Shuffle(r, in.Mentors)
			plantest.Shuffle(r, in.Requests)
			plantest.Shuffle(r, in.Conflicts)
		},
		Narrow: func(r *rand.Rand, in *meetings.Instance) {
			mentor, request := in.Mentors[r.IntN(len(in.Mentors))], in.Requests[r.IntN(len(in.Requests))]
			in.Conflicts = append(in.Conflicts, [2]string{mentor.ID, request.Team})
		},
		Bound: func(sol *meetings.Solution) int64 { return sol.Bound },
		Unreadable: map[string]string{
			`{"format":"mentors-instance/1","slots":2,"mentors":[{"id":"a","free":[2]}]}`: "mentors[0].free",
			`{"format":"mentors-instance/1","requests":[{"id":""}]}`:                      "requests[0].id",
			`{"format":"mentors-instance/1","mentors":[{"id":"a","skills":{"go":5}}]}`:    "skills.go",
			`{"format":"mentors-instance/1","conflicts":[["m"]]}`:                         "column 45: field conflicts[0]: wants two ids, has 1",
			`{"format":"mentors-instance/1","conflicts":[["m","t"],["m","t",7]]}`:         "field conflicts[1]: wants two ids, has 3",
			`{"format":"mentors-instance/1","conflicts":[null]}`:                          "field conflicts[0]: wants two ids, has 0",
		},
	}
}

func TestSolve_keepsItsPromises(t *testing.T) {
	t.Parallel()
	problem().Kept(t)
}

func FuzzDecode(f *testing.F) { problem().Fuzz(f) }

// On days small enough to try every plan, the search finds the best, and the bound
// is never above it.
func TestSolve_optimalWhenSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := small(t)
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

func small(t *rapid.T) *meetings.Instance {
	in := &meetings.Instance{Slots: 3, Weights: meetings.Weights{
		Unserved: int64(rapid.IntRange(0, 60).Draw(t, "unserved")), Mismatch: 4,
		Load: int64(rapid.IntRange(0, 5).Draw(t, "load")),
	}}
	for i := range rapid.IntRange(1, 2).Draw(t, "mentors") {
		m := meetings.Mentor{
			ID: fmt.Sprint("m", i), Max: rapid.IntRange(0, 3).Draw(t, "max"), Free: slots(t),
			Skills: map[string]int{"a": rapid.IntRange(0, 4).Draw(t, "a"), "b": rapid.IntRange(0, 4).Draw(t, "b")},
		}
		in.Mentors = append(in.Mentors, m)
		if rapid.IntRange(0, 4).Draw(t, "conflict") == 0 {
			in.Conflicts = append(in.Conflicts, [2]string{m.ID, "x"})
		}
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "requests") {
		in.Requests = append(in.Requests, meetings.Request{
			ID: fmt.Sprint("q", i), Team: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "team"),
			Topic: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "topic"), Free: slots(t),
			Urgency: int64(rapid.IntRange(0, 5).Draw(t, "urgency")),
		})
	}
	return in
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
