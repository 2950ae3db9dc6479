package shifts

import (
	"testing"

	"pgregory.net/rapid"

	"h48/engine/planning/internal/anneal"
)

// Whatever the prices, the floor is below every rota: also when it is told of none that is
// good, and nothing stops it.
func TestFloor_isBelowEveryRota(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := &Instance{Weights: Weights{
			Uncovered: rapid.Int64Range(0, 40).Draw(t, "uncovered"),
			Dislike:   rapid.Int64Range(0, 5).Draw(t, "dislike"), Fair: rapid.Int64Range(0, 5).Draw(t, "fair"),
		}}
		for i := range rapid.IntRange(1, 6).Draw(t, "shifts") {
			start := 60 * rapid.IntRange(0, 12).Draw(t, "start")
			in.Shifts = append(in.Shifts, Shift{
				ID: string(rune('a' + i)), Start: start, End: start + 60*rapid.IntRange(1, 7).Draw(t, "hours"),
				Demand: rapid.IntRange(0, 3).Draw(t, "demand"),
			})
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "volunteers") {
			in.Volunteers = append(in.Volunteers, Volunteer{
				ID: string(rune('u' + i)), Free: [][2]int{{0, 60 * rapid.IntRange(1, 20).Draw(t, "free")}},
				Max: 60 * rapid.IntRange(0, 12).Draw(t, "max"), Target: 30 * rapid.IntRange(0, 20).Draw(t, "target"),
				Rest: 60 * rapid.IntRange(0, 3).Draw(t, "rest"), Dislikes: []string{"a"},
			})
		}
		r := newRota(in)
		if err := r.anneal(t.Context(), anneal.NewRand(1, 1), 3000); err != nil {
			t.Fatal(err)
		}
		f := newFloor(newRota(in))
		f.raise(t.Context(), 1<<40, 20_000)
		if f.cost > r.cost {
			t.Fatalf("the floor is %d, and a rota costs %d", f.cost, r.cost)
		}
		w := newFloor(r)
		for v := range w.ways {
			w.ways[v].nodes, w.ways[v].free = nil, true // as if there were too many
		}
		w.raise(t.Context(), r.cost+100, 20_000)
		if w.cost > r.cost {
			t.Fatalf("the floor without rules is %d, and a rota costs %d", w.cost, r.cost)
		}
	})
}
