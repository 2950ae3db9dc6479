// Package plantest tests what every planning problem promises, whatever it plans: valid
// plans that cost what they say, the same seed the same plan, an end when it is cancelled,
// progress that only grows, and an error that names the place of what cannot be read. What
// a good plan is, each problem's own tests say.
package plantest

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/engine/planning"
)

// Problem is a planning problem as its package solves it.
type Problem[Instance, Solution any] struct {
	// Sizes are numbers of teams for which Draw makes an instance that can be solved.
	Sizes  []int
	Draw   func(teams int, seed uint64) *Instance
	Decode func([]byte) (*Instance, error)
	Solve  func(context.Context, *Instance, planning.Options) (*Solution, error)
	// Check recomputes a solution: the cost that it says it has, the one that it has, and
	// the rules that it breaks.
	Check func(*Instance, *Solution) (said, is int64, err error)
	// Unreadable are texts that Decode refuses, with the place that its error names.
	Unreadable map[string]string

	// Any makes small instances of every kind, also such as have no plan.
	Any func(*rapid.T) *Instance
	// Shuffle puts the lists of an instance, whose order means nothing, in another order.
	Shuffle func(*rand.Rand, *Instance)
	// Narrow forbids something that was allowed, if anything was: a conflict more.
	Narrow func(*rand.Rand, *Instance)
	// Bound is what a solution says that no plan of the instance can cost less than.
	Bound func(*Solution) int64
}

// Kept tests the promises, each as a test of its own.
func (p Problem[I, S]) Kept(t *testing.T) {
	for name, test := range map[string]func(*testing.T){
		"valid at every size":  p.valid,
		"same seed, same plan": p.repeats,
		"cancelled":            p.cancelled,
		"progress":             p.progress,
		"unreadable":           p.unreadable,
		"whatever the order":   p.shuffled,
		"a conflict more":      p.narrowed,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func (p Problem[I, S]) valid(t *testing.T) {
	for _, n := range p.Sizes {
		in := p.Draw(n, 3)
		sol, err := p.Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.05})
		if err != nil {
			t.Errorf("%d teams: %v", n, err)
			continue
		}
		if said, is, err := p.Check(in, sol); err != nil || said != is {
			t.Errorf("%d teams: it says it costs %d, it costs %d; %v", n, said, is, err)
		}
	}
}

func (p Problem[I, S]) repeats(t *testing.T) {
	in, o := p.Draw(20, 4), planning.Options{Seed: 9, Budget: 0.05}
	first, err := p.Solve(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	second, err := p.Solve(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("two runs differ (-first +second):\n%s", diff)
	}
}

func (p Problem[I, S]) cancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.Solve(ctx, p.Draw(60, 1), planning.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func (p Problem[I, S]) progress(t *testing.T) {
	last := 0.0
	o := planning.Options{Budget: 0.02, Progress: func(share float64, _ int64) {
		if share < last || share > 1 {
			t.Errorf("progress went from %v to %v", last, share)
		}
		last = share
	}}
	if _, err := p.Solve(t.Context(), p.Draw(20, 1), o); err != nil {
		t.Fatal(err)
	}
	if last == 0 {
		t.Error("no progress was reported")
	}
}

func (p Problem[I, S]) unreadable(t *testing.T) {
	refused := map[string]string{``: "empty", `{"format":"other/1"}`: "format"}
	for text, place := range p.Unreadable {
		refused[text] = place
	}
	for text, place := range refused {
		_, err := p.Decode([]byte(text))
		if !errors.Is(err, planning.ErrUnreadable) || !strings.Contains(err.Error(), place) {
			t.Errorf("%s: got %v, want ErrUnreadable about %q", text, err, place)
		}
	}
}

// Fuzz tests that no input makes the package panic, and that what it solves it solves
// validly.
func (p Problem[I, S]) Fuzz(f *testing.F) {
	for _, n := range []int{p.Sizes[0], 6} {
		text, err := json.Marshal(p.Draw(n, 1))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := p.Decode(data)
		if err != nil {
			return
		}
		sol, err := p.Solve(t.Context(), in, planning.Options{Budget: 0.0005})
		var clash *planning.Infeasible
		if errors.As(err, &clash) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if said, is, err := p.Check(in, sol); err != nil || said != is {
			t.Fatalf("it says it costs %d, it costs %d; %v", said, is, err)
		}
	})
}
