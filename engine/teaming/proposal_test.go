package teaming

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawnState is an annealer on drawn teams, not necessarily valid ones.
func drawnState(t *rapid.T) (a *annealer, drawn bool) {
	in := canonical(drawInstance(t, 24))
	if len(findClashes(&in)) > 0 {
		return nil, false
	}
	m, err := buildModel(&in)
	if err != nil {
		t.Fatal(err)
	}
	rnd := random(rapid.Uint64().Draw(t, "seed"))
	s := &solver{m: m, part: m.wholePart(), rnd: &rnd, table: deviates(), at: make([]int32, len(m.units))}
	a = s.annealer()
	a.penalty = s.penalty()
	a.open()
	a.scatter(4)
	a.temp = 3
	for range 50 {
		a.step()
	}
	return a, true
}

// bold makes the proposals that look around: teams founded and dissolved, and everybody with
// links brought to one of those.
func bold(a *annealer) {
	for range 30 {
		a.tryReshape()
	}
	for _, u := range a.part.units {
		if len(a.m.adj[u]) > 0 && !a.frozen(u) {
			a.tryUnite(u)
		}
	}
}

// A team founded or dissolved for trial is taken back person by person: what is refused leaves
// everybody where they were.
func TestARefusedProposalLeavesNoTrace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, drawn := drawnState(t)
		if !drawn {
			return
		}
		before := a.snapshot()
		a.limit = -1 << 40
		bold(a)
		if d := cmp.Diff(before, a.snapshot(), cmp.AllowUnexported(plan{}, column{})); d != "" {
			t.Fatal(d)
		}
	})
}

// What is carried out keeps to the limit, and is priced as a state built anew prices it.
func TestAProposalKeepsToItsLimit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, drawn := drawnState(t)
		if !drawn {
			return
		}
		before := a.cost + a.broken*a.penalty
		a.limit = 0
		bold(a)
		if after := a.cost + a.broken*a.penalty; after > before {
			t.Fatalf("nothing may get dearer, and it does: from %d to %d", before, after)
		}
		kept := a.snapshot()
		again := newState(a.m, a.part, make([]int32, len(a.m.units)))
		again.load(kept.teams)
		if again.cost != kept.cost || again.broken != kept.broken {
			t.Fatalf("kept %d with %d broken, built anew %d with %d", kept.cost, kept.broken, again.cost, again.broken)
		}
	})
}
