package plantest

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/planning"
)

// shuffled tests that the order of the input decides nothing that was proven: a plan made
// from one order is a plan of the other, and neither is cheaper than the other's bound. So
// where both are proven optimal they cost the same.
func (p Problem[I, S]) shuffled(t *testing.T) {
	proven := 0
	rapid.Check(t, func(t *rapid.T) {
		in, one, _, two := p.both(t, p.Shuffle)
		if (one == nil) != (two == nil) {
			t.Fatalf("in one order of the input there is a plan (%t), in the other there is one (%t)", one != nil, two != nil)
		}
		if one == nil {
			return
		}
		first, second := p.cost(t, in, one), p.cost(t, in, two)
		if first < p.Bound(two) || second < p.Bound(one) {
			t.Fatalf("one order costs %d (bound %d), the other %d (bound %d)", first, p.Bound(one), second, p.Bound(two))
		}
		if first == p.Bound(one) && second == p.Bound(two) {
			proven++
		}
	})
	if proven == 0 {
		t.Error("no plan was proven optimal in both orders: nothing was compared")
	}
}

// narrowed tests that what is forbidden on top never makes the best plan cheaper, nor a
// plan possible: the plan made with the conflict is a plan without it.
func (p Problem[I, S]) narrowed(t *testing.T) {
	dearer := 0
	rapid.Check(t, func(t *rapid.T) {
		in, wide, narrow, tight := p.both(t, p.Narrow)
		if tight == nil {
			return
		}
		if wide == nil {
			t.Fatal("there is a plan with the conflict and none without")
		}
		if p.cost(t, narrow, tight) < p.Bound(wide) {
			t.Fatalf("without the conflict no plan costs less than %d, with it one costs %d", p.Bound(wide), p.cost(t, narrow, tight))
		}
		p.cost(t, in, tight)
		if p.Bound(tight) > p.Bound(wide) {
			dearer++
		}
	})
	if dearer == 0 {
		t.Error("no conflict changed anything: nothing was tested")
	}
}

// both solves an instance and a changed copy of it.
func (p Problem[I, S]) both(t *rapid.T, change func(*rand.Rand, *I)) (in *I, sol *S, changed *I, other *S) {
	in = p.draw(t)
	changed = again(t, in)
	change(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "random"), 1)), changed)
	return in, p.plan(t, in), changed, p.plan(t, changed)
}

// draw is an instance of every kind, or one as events have.
func (p Problem[I, S]) draw(t *rapid.T) *I {
	if rapid.Bool().Draw(t, "any") {
		return p.Any(t)
	}
	return p.Draw(rapid.SampledFrom([]int{6, 9, 15}).Draw(t, "teams"), rapid.Uint64Range(0, 99).Draw(t, "seed"))
}

// plan solves an instance and checks the solution; it is nil where there is none.
func (p Problem[I, S]) plan(t *rapid.T, in *I) *S {
	sol, err := p.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.002})
	var clash *planning.Infeasible
	if errors.As(err, &clash) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	if said, is, err := p.Check(in, sol); err != nil || said != is || p.Bound(sol) > said {
		t.Fatalf("it says it costs %d (bound %d), it costs %d; %v", said, p.Bound(sol), is, err)
	}
	return sol
}

// cost is what a solution costs as one of the instance, whichever it was made for.
func (p Problem[I, S]) cost(t *rapid.T, in *I, sol *S) int64 {
	_, is, err := p.Check(in, sol)
	if err != nil {
		t.Fatalf("it is no plan of the other instance: %v", err)
	}
	return is
}

// again is a deep copy.
func again[I any](t *rapid.T, in *I) *I {
	text, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	other := new(I)
	if err := json.Unmarshal(text, other); err != nil {
		t.Fatal(err)
	}
	return other
}

// Shuffle puts a list in a random order.
func Shuffle[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}
