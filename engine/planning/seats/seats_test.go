package seats_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/planning"
	"h48/engine/planning/plantest"
	"h48/engine/planning/practice"
	"h48/engine/planning/seats"
)

// problem is what is planned here, for the promises that every problem keeps.
func problem() plantest.Problem[seats.Instance, seats.Solution] {
	return plantest.Problem[seats.Instance, seats.Solution]{
		Sizes: []int{1, 2, 6, 20, 60, 300}, Draw: practice.Seats, Decode: seats.Decode, Solve: seats.Solve,
		Check: func(in *seats.Instance, sol *seats.Solution) (said, is int64, err error) {
			cost, err := seats.Check(in, sol)
			return sol.Cost, cost, err
		},
		Any: small,
		Shuffle: func(r *rand.Rand, in *seats.Instance) {
			plantest.Shuffle(r, in.Rooms)
			plantest.Shuffle(r, in.Workshops)
			plantest.Shuffle(r, in.People)
		},
		Narrow: func(r *rand.Rand, in *seats.Instance) {
			p := &in.People[r.IntN(len(in.People))]
			p.Away = append(p.Away, r.IntN(in.Slots))
		},
		Bound: func(sol *seats.Solution) int64 { return sol.Bound },
		Unreadable: map[string]string{
			`{"format":"rooms-instance/1","slots":9000000}`:                     "slots",
			`{"format":"rooms-instance/1","rooms":[{"id":"a","capacity":-1}]}`:  "rooms[0].capacity",
			`{"format":"rooms-instance/1","workshops":[{"id":"w"},{"id":"w"}]}`: "workshops[1].id",
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
	room := []seats.Room{{ID: "r1", Capacity: 9}}
	for name, c := range map[string]struct {
		in   seats.Instance
		want string
	}{
		"a speaker with too many workshops": {
			seats.Instance{Slots: 2, Rooms: append(room, seats.Room{ID: "r2"}), Workshops: []seats.Workshop{
				{ID: "w1", Speaker: "Zoe"}, {ID: "w2", Speaker: "Zoe"}, {ID: "w3", Speaker: "Zoe"},
			}},
			"speaker Zoe gives 3 workshops",
		},
		"equipment nobody has": {
			seats.Instance{Slots: 2, Rooms: room, Workshops: []seats.Workshop{{ID: "w1", Equip: []string{"kiln"}}}},
			"workshop w1 needs kiln, and no room has all of it",
		},
		"a speaker who is never there": {
			seats.Instance{Slots: 2, Rooms: room, Workshops: []seats.Workshop{{ID: "w1", Speaker: "Zoe", Blocked: []int{0, 1}}}},
			"the speaker of workshop w1 is away in every slot",
		},
		"the one room is closed": {
			seats.Instance{Slots: 2, Rooms: []seats.Room{{ID: "r1", Closed: []int{0}}}, Workshops: []seats.Workshop{{ID: "w1", Blocked: []int{1}}}},
			"workshop w1 fits in rooms r1 alone",
		},
		"no room at all": {
			seats.Instance{Slots: 2, Workshops: []seats.Workshop{{ID: "w1"}}},
			"workshop w1 has no room",
		},
		"too few rooms": {
			seats.Instance{Slots: 1, Rooms: room, Workshops: []seats.Workshop{{ID: "w1"}, {ID: "w2"}}},
			"2 workshops",
		},
		"speakers and rooms together": {
			seats.Instance{Slots: 2, Rooms: []seats.Room{{ID: "r1", Closed: []int{1}}, {ID: "r2", Closed: []int{1}}, {ID: "r3", Equip: []string{"oven"}}},
				Workshops: []seats.Workshop{{ID: "w1", Speaker: "Zoe"}, {ID: "w2", Speaker: "Zoe"}, {ID: "w3", Equip: []string{"oven"}, Blocked: []int{0}}}},
			"every way to place",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := seats.Solve(t.Context(), &c.in, planning.Options{})
			var clash *planning.Infeasible
			if !errors.As(err, &clash) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an Infeasible that says %q", err, c.want)
			}
		})
	}
}

// On programmes small enough to try everything, the search finds the best.
func TestSolve_optimalWhenSmall(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := small(t)
		sol, err := seats.Solve(context.Background(), in, planning.Options{Budget: 0.005})
		if err != nil {
			t.Fatal(err)
		}
		if best := cheapest(in, &seats.Solution{}); sol.Cost != best {
			t.Fatalf("cost %d, the best is %d", sol.Cost, best)
		}
	})
}

func small(t *rapid.T) *seats.Instance {
	in := &seats.Instance{Slots: 2, Rooms: []seats.Room{{ID: "r1", Capacity: 1}, {ID: "r2", Capacity: 2}}, Weights: seats.Weights{Rank: []int64{8, 5, 3}}}
	ids := []string{"w1", "w2", "w3"}
	for _, id := range ids {
		in.Workshops = append(in.Workshops, seats.Workshop{ID: id, Capacity: rapid.IntRange(0, 2).Draw(t, "capacity")})
	}
	for i := range rapid.IntRange(1, 2).Draw(t, "people") {
		p := seats.Person{ID: fmt.Sprint("p", i), Max: rapid.IntRange(0, 2).Draw(t, "max"), Prefs: rapid.Permutation(ids).Draw(t, "prefs")}
		if rapid.Bool().Draw(t, "away") {
			p.Away = []int{rapid.IntRange(0, 1).Draw(t, "slot")}
		}
		in.People = append(in.People, p)
	}
	return in
}

// cheapest tries every timetable, then every seating.
func cheapest(in *seats.Instance, sol *seats.Solution) int64 {
	best := int64(1 << 40)
	if w := len(sol.Sessions); w < len(in.Workshops) {
		for _, r := range in.Rooms {
			for s := range in.Slots {
				if slices.ContainsFunc(sol.Sessions, func(x seats.Session) bool { return x.Room == r.ID && x.Slot == s }) {
					continue
				}
				next := &seats.Solution{Sessions: append(slices.Clone(sol.Sessions), seats.Session{Workshop: in.Workshops[w].ID, Room: r.ID, Slot: s})}
				best = min(best, cheapest(in, next))
			}
		}
		return best
	}
	if p := len(sol.Seats); p < len(in.People) {
		for mask := range 1 << len(in.Workshops) {
			seat := seats.Seat{Person: in.People[p].ID}
			for w, workshop := range in.Workshops {
				if mask>>w&1 == 1 {
					seat.Workshops = append(seat.Workshops, workshop.ID)
				}
			}
			next := &seats.Solution{Sessions: sol.Sessions, Seats: append(slices.Clone(sol.Seats), seat)}
			if _, err := seats.Check(in, next); err == nil {
				best = min(best, cheapest(in, next))
			}
		}
		return best
	}
	cost, err := seats.Check(in, sol)
	if err != nil {
		return best
	}
	return cost
}

func ExampleSolve() {
	_, err := seats.Solve(context.Background(), &seats.Instance{
		Slots: 1, Rooms: []seats.Room{{ID: "attic", Capacity: 9}, {ID: "cellar", Capacity: 9}},
		Workshops: []seats.Workshop{{ID: "pitching", Speaker: "Zoe"}, {ID: "prototyping", Speaker: "Zoe"}},
	}, planning.Options{})
	fmt.Println(err)
	// Output: no solution: speaker Zoe gives 2 workshops (prototyping, pitching) that fit in only 1 slot (of 1)
}
