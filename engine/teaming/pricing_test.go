package teaming

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// At any prices the search that cuts branches finds the same teams below the bar as one that
// tries every set of units.
func TestNoPromisingTeamIsCutOff(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := canonical(drawInstance(t, 12))
		if len(findClashes(&in)) > 0 {
			return
		}
		m, err := buildModel(&in)
		if err != nil {
			t.Fatal(err)
		}
		part := m.wholePart()
		pr := &prices{unit: make([]float64, len(m.units)), challenge: make([]float64, len(m.need)), ident: make([]float64, len(m.ident))}
		for u := range pr.unit {
			pr.unit[u] = float64(rapid.IntRange(-8, 40).Draw(t, "price")) / 2 * float64(m.units[u].size)
		}
		for c := range pr.challenge {
			pr.challenge[c] = -float64(rapid.IntRange(0, 12).Draw(t, "limit")) / 2
		}
		for k := len(m.locks); k < len(pr.ident); k++ { // a lock's people hold its id by themselves
			pr.ident[k] = -float64(rapid.IntRange(0, 6).Draw(t, "identity")) / 2
		}
		bar := float64(rapid.IntRange(-12, 12).Draw(t, "bar")) + 0.25
		x := newPricer(m, part, pr, newMeter(context.Background(), math.MaxInt64/2))
		got := map[uint64]float64{}
		x.found = func(us []int32, challenge, ident int32, _ int64, value float64) bool {
			got[hashColumn(us, challenge, -1)] = value
			return true
		}
		for c := range m.need {
			x.search(int32(c), bar)
			if !x.complete {
				t.Fatal("a search without limits was cut short")
			}
		}
		if d := cmp.Diff(everyTeam(m, part, pr, bar), got, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-6 })); d != "" {
			t.Fatal(d)
		}
	})
}

// everyTeam prices every set of units on every challenge.
func everyTeam(m *model, p *part, pr *prices, bar float64) map[uint64]float64 {
	all := map[uint64]float64{}
	for set := 1; set < 1<<len(m.units); set++ {
		var us []int32
		var locks []int32
		for u := range m.units {
			if set>>u&1 == 1 {
				us = append(us, int32(u))
				if k := m.units[u].lock; k >= 0 {
					locks = append(locks, k)
				}
			}
		}
		if len(locks) > 1 || len(locks) == 1 && m.locks[locks[0]].closed && len(us) > 1 {
			continue
		}
		for c := range m.need {
			if p.hi[c] == 0 || len(locks) == 1 && !slices.Contains([]int32{-1, int32(c)}, m.locks[locks[0]].challenge) {
				continue
			}
			ident, _, _ := m.bestIdentity(us, pr.ident, p.idents)
			cost, ok := m.teamCost(us, int32(c), ident)
			if v := pr.value(&column{us, int32(c), ident, cost}); ok && v < bar {
				all[hashColumn(us, int32(c), -1)] = v
			}
		}
	}
	return all
}

// A pair is worth more than the single people after it, and too large to come next: the team
// with a later, smaller unit is found all the same.
func TestPricer_looksPastAUnitThatIsTooLarge(t *testing.T) {
	t.Parallel()
	in := canonical(Instance{Size: Size{Min: 2, Target: 2, Max: 4}, Weights: Weights{Size: 2},
		People: []Person{{ID: "c"}, {ID: "z"}, {ID: "a1", Group: "a"}, {ID: "a2", Group: "a"}, {ID: "b"}}})
	m, err := buildModel(&in)
	if err != nil {
		t.Fatal(err)
	}
	worth := map[string]float64{"c": 10, "z": 4, "a1": 2, "b": 1}
	pr := &prices{unit: make([]float64, len(m.units)), challenge: make([]float64, len(m.need)), ident: make([]float64, len(m.ident))}
	for u := range m.units {
		pr.unit[u] = worth[in.People[m.units[u].people[0]].ID]
	}
	const bar = -10.5
	x := newPricer(m, m.wholePart(), pr, newMeter(t.Context(), math.MaxInt64/2))
	found := map[uint64]float64{}
	x.found = func(us []int32, c, _ int32, _ int64, value float64) bool {
		found[hashColumn(us, c, -1)] = value
		return true
	}
	x.search(0, bar)
	if want := everyTeam(m, m.wholePart(), pr, bar); len(found) != len(want) || !x.complete {
		t.Errorf("found %v, there are %v", found, want)
	}
}
