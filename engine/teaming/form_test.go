package teaming_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/engine/teaming"
	"h48/engine/teaming/instances"
)

func TestTheSameRunGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	in := instances.Generate(instances.Real, 80, 7)
	var texts []string
	for range 2 {
		r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 0.3, Seed: 5})
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(r.Solution)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error(cmp.Diff(texts[0], texts[1]))
	}
}

func TestAnInterruptGivesTheBestSoFar(t *testing.T) {
	t.Parallel()
	in := instances.Generate(instances.Real, 200, 3)
	ctx, cancel := context.WithCancel(context.Background())
	r, err := teaming.Form(ctx, in, teaming.Options{Budget: 1000, Progress: func(p teaming.Progress) {
		if p.Broken == 0 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Stopped || len(teaming.Check(in, r.Solution)) > 0 {
		t.Errorf("stopped %v, broken %v", r.Stopped, teaming.Check(in, r.Solution))
	}
}

// Whoever stops before the first answer has valid teams all the same, also where people
// who share no language live on many sites.
func TestAnInterruptAtOnceGivesValidTeams(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, f := range []struct {
		family instances.Family
		people int
	}{{instances.Real, 24}, {instances.Real, 700}, {instances.Multi, 240}} {
		in := instances.Generate(f.family, f.people, 1)
		r, err := teaming.Form(ctx, in, teaming.Options{Budget: 100})
		if err != nil {
			t.Fatalf("%v of %d: %v", f.family, f.people, err)
		}
		if broken := teaming.Check(in, r.Solution); len(broken) > 0 || !r.Stopped && !r.Proven {
			t.Errorf("%v of %d: stopped %v, broken %v", f.family, f.people, r.Stopped, broken)
		}
	}
}

// A budget of next to nothing is no reason to call an instance impossible.
func TestNoBudgetGivesValidTeams(t *testing.T) {
	t.Parallel()
	for family, people := range map[instances.Family]int{instances.Real: 1500, instances.Multi: 300} {
		in := instances.Generate(family, people, 1)
		r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 1e-3})
		if err != nil {
			t.Fatalf("%v of %d: %v", family, people, err)
		}
		if broken := teaming.Check(in, r.Solution); len(broken) > 0 {
			t.Errorf("%v of %d: broken %v", family, people, broken)
		}
	}
}

// The cheap bound holds: it is never above what is proven to be the best.
func TestTheBoundHoldsAtOnce(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for seed := range uint64(6) {
		in := instances.Generate(instances.Real, 24, seed)
		best, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 5})
		if err != nil {
			t.Fatal(err)
		}
		early, err := teaming.Form(ctx, in, teaming.Options{Budget: 5})
		if err != nil {
			t.Fatal(err)
		}
		if !best.Proven || early.Bound > best.Cost || early.Bound == 0 {
			t.Errorf("seed %d: bound %d, best %d, proven %v", seed, early.Bound, best.Cost, best.Proven)
		}
	}
}

func TestAPlainEventNeedsNothingButPeople(t *testing.T) {
	t.Parallel()
	in := teaming.Instance{Format: teaming.Format, Size: teaming.Size{Min: 3, Max: 5, Target: 4}, Weights: teaming.Weights{Size: 1, Wish: 1}}
	for i := range 23 {
		in.People = append(in.People, teaming.Person{ID: fmt.Sprint("p", i), Wants: []string{fmt.Sprint("p", (i+7)%23)}})
	}
	r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 1})
	if err != nil {
		t.Fatal(err)
	}
	if broken := teaming.Check(in, r.Solution); len(broken) > 0 || len(r.Solution.Teams) < 5 {
		t.Errorf("%d teams, broken: %v", len(r.Solution.Teams), broken)
	}
}

func TestPeopleStayWhenTwoDoNotCome(t *testing.T) {
	t.Parallel()
	in := instances.Generate(instances.Real, 60, 1)
	first, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, team := range first.Solution.Teams {
		in.Previous = append(in.Previous, teaming.Previous{team.ID, team.People})
	}
	in.People = in.People[2:]
	second, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 1})
	if err != nil {
		t.Fatal(err)
	}
	moved := 0
	for _, team := range second.Terms {
		moved += len(team.Moved)
	}
	if moved > 12 {
		t.Errorf("%d of 58 people change team", moved)
	}
}
