package teaming_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/engine/teaming"
	"h48/engine/teaming/instances"
)

// What is too large to relax is cooled and its seats are handed out anew: the rules hold
// there too, the search prices every answer on the way as the definition does, and a run
// can be repeated.
func TestLargeEventsKeepTheRules(t *testing.T) {
	t.Parallel()
	for _, family := range []instances.Family{instances.Real, instances.Rerun} {
		in := instances.Generate(family, 900, 2)
		in.People[3].Avoids = []string{in.People[5].ID}
		in.People[4].Never = []string{in.People[6].ID, in.People[9].ID}
		if family == instances.Real { // the other has its own
			in.Locks = append(in.Locks, teaming.Lock{Team: "held", People: []string{in.People[20].ID}, Challenge: in.Challenges[0].ID})
		}
		var answers []teaming.Result
		for range 2 {
			r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 0.3, Seed: 3, Progress: func(p teaming.Progress) {
				if p.Answer == nil {
					return
				}
				if sol, _ := p.Answer(); sol.ClaimedCost != p.Cost {
					t.Errorf("%s: the search thinks that teams of %d cost %d", family, sol.ClaimedCost, p.Cost)
				}
			}})
			if err != nil {
				t.Fatal(err)
			}
			answers = append(answers, r)
		}
		r := answers[0]
		if broken := teaming.Check(in, r.Solution); len(broken) > 0 {
			t.Errorf("%s: broken: %v", family, broken)
		}
		if d := cmp.Diff(answers[0], answers[1]); d != "" {
			t.Errorf("%s: the same run, other teams: %s", family, d)
		}
	}
}

// Where teams without any fault exist, all of the size wanted, hardly one fault is left after
// three seconds: most depends on how many teams there are, which only founding and
// dissolving change.
func TestAHiddenAnswerIsNearlyFound(t *testing.T) {
	t.Parallel()
	in := instances.Generate(instances.Plant, 450, 1)
	r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 3})
	if err != nil {
		t.Fatal(err)
	}
	if broken := teaming.Check(in, r.Solution); len(broken) > 0 || r.Cost > 450/20 {
		t.Errorf("%d teams cost %d; broken: %v", len(r.Solution.Teams), r.Cost, broken)
	}
}
