package seats

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// The floor is below every plan: also when it is told of none that is good, and nothing
// stops it.
func TestFloor_isBelowEveryPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := &Instance{Slots: 3, Weights: Weights{Rank: []int64{8, 5, 3}}}
		for i := range 3 {
			r := Room{ID: fmt.Sprint("r", i), Capacity: rapid.IntRange(1, 3).Draw(t, "room")}
			if rapid.Bool().Draw(t, "closed") {
				r.Closed = []int{rapid.IntRange(0, 2).Draw(t, "slot")}
			}
			in.Rooms = append(in.Rooms, r)
		}
		var ids []string
		for i := range rapid.IntRange(1, 4).Draw(t, "workshops") {
			ids = append(ids, fmt.Sprint("w", i))
			in.Workshops = append(in.Workshops, Workshop{ID: ids[i], Capacity: rapid.IntRange(0, 3).Draw(t, "capacity"), Speaker: fmt.Sprint("s", i/2)})
		}
		for i := range rapid.IntRange(1, 8).Draw(t, "people") {
			p := Person{ID: fmt.Sprint("p", i), Max: rapid.IntRange(0, 3).Draw(t, "max"), Prefs: rapid.Permutation(ids).Draw(t, "prefs")}
			if rapid.Bool().Draw(t, "away") {
				p.Away = []int{rapid.IntRange(0, 2).Draw(t, "when")}
			}
			in.People = append(in.People, p)
		}
		sol, err := Solve(t.Context(), in, planning.Options{Budget: 0.01})
		if err != nil {
			return // no timetable keeps the rules
		}
		start, err := first(t.Context(), in, anneal.NewRand(1, 0))
		if err != nil {
			t.Fatal(err)
		}
		f := newFloor(newPrices(newDemand(in), start))
		f.raise(t.Context(), sol.Cost+1000, 50_000)
		if f.cost > sol.Cost {
			t.Fatalf("the floor is %d, and a plan costs %d", f.cost, sol.Cost)
		}
	})
}

// Where seats alone are short, the floor is what the best plan costs.
func TestFloor_provesTheBest(t *testing.T) {
	t.Parallel()
	in := &Instance{Slots: 2, Rooms: []Room{{ID: "r", Capacity: 2}}, Weights: Weights{Rank: []int64{8, 5}},
		Workshops: []Workshop{{ID: "loud", Capacity: 9}, {ID: "quiet", Capacity: 9}}}
	for i := range 5 {
		in.People = append(in.People, Person{ID: fmt.Sprint("p", i), Max: 2, Prefs: []string{"loud", "quiet"}})
	}
	sol, err := Solve(t.Context(), in, planning.Options{Budget: 0.1})
	if err != nil || sol.Cost != 3*8+3*5 || sol.Bound != sol.Cost {
		t.Errorf("%+v, %v", sol, err)
	}
}
