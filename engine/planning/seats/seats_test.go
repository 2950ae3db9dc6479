package seats_test

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
	"h48/engine/planning/practice"
	"h48/engine/planning/seats"
)

// Every plan keeps every rule and costs what it says, at every size.
func TestSolve_validAtEverySize(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 6, 20, 60, 300} {
		in := practice.Seats(n, 3)
		sol, err := seats.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.05})
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
			continue
		}
		cost, err := seats.Check(in, sol)
		if err != nil {
			t.Errorf("%s: %v", in.Name, err)
		}
		if cost != sol.Cost {
			t.Errorf("%s: it says it costs %d, it costs %d", in.Name, sol.Cost, cost)
		}
	}
}

func TestSolve_sameSeedSamePlan(t *testing.T) {
	t.Parallel()
	in := practice.Seats(20, 4)
	o := planning.Options{Seed: 9, Budget: 0.05}
	first, err := seats.Solve(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	second, err := seats.Solve(t.Context(), in, o)
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
	if _, err := seats.Solve(ctx, practice.Seats(60, 1), planning.Options{}); !errors.Is(err, context.Canceled) {
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
	if _, err := seats.Solve(t.Context(), practice.Seats(20, 1), o); err != nil {
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
		`{"format":"rooms-instance/1","slots":9000000}`:                     "slots",
		`{"format":"rooms-instance/1","rooms":[{"id":"a","capacity":-1}]}`:  "rooms[0].capacity",
		`{"format":"rooms-instance/1","workshops":[{"id":"w"},{"id":"w"}]}`: "workshops[1].id",
	} {
		_, err := seats.Decode([]byte(text))
		if !errors.Is(err, planning.ErrUnreadable) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want ErrUnreadable about %q", text, err, want)
		}
	}
}

// No input makes the package panic, and what it solves it solves validly.
func FuzzDecode(f *testing.F) {
	for _, n := range []int{1, 6} {
		text, err := json.Marshal(practice.Seats(n, 1))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := seats.Decode(data)
		if err != nil {
			return
		}
		sol, err := seats.Solve(t.Context(), in, planning.Options{Budget: 0.0005})
		var clash *planning.Infeasible
		if errors.As(err, &clash) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if cost, err := seats.Check(in, sol); err != nil || cost != sol.Cost {
			t.Fatalf("cost %d, %v", cost, err)
		}
	})
}

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
		sol, err := seats.Solve(context.Background(), in, planning.Options{Budget: 0.005})
		if err != nil {
			t.Fatal(err)
		}
		if best := cheapest(in, &seats.Solution{}); sol.Cost != best {
			t.Fatalf("cost %d, the best is %d", sol.Cost, best)
		}
	})
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
	// Output: no solution: speaker Zoe gives 2 workshops (prototyping, pitching) that fit in only 1 slots (of 1)
}
