package ranking

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// Counting the projects that nearly all jurors saw as if all had, less those missing, must
// say what adding every visit on its own says: within 1e-9 of a standard deviation.
func TestMixed_nearlyAllSeenIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		jurors := rapid.IntRange(2, 9).Draw(t, "jurors")
		projects := jurors + rapid.IntRange(0, 12).Draw(t, "projects")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		seen := rapid.SampledFrom([]float64{0.3, 0.7, 0.95, 1}).Draw(t, "seen")
		ev := evidence{unit: 1, mean: make([]float64, jurors), unscored: make([]bool, jurors)}
		for j := range jurors {
			for i := range projects {
				if rng.Float64() < seen {
					ev.project, ev.juror, ev.value = append(ev.project, i), append(ev.juror, j), append(ev.value, rng.NormFloat64())
				}
			}
		}
		fast, plain := newMixed(ev, projects, jurors, nil), newMixed(ev, projects, jurors, nil)
		for e := range plain.bundles {
			plain.bundles[e].near = false
		}
		fast.fit(3)
		plain.fit(3)
		for name, pair := range map[string][2][]float64{
			"merit": {fast.merit, plain.merit}, "its variance": {fast.meritVar, plain.meritVar},
			"severity": {fast.severity, plain.severity}, "its variance ": {fast.sevVar, plain.sevVar}, "weight": {fast.weight, plain.weight},
		} {
			for k := range pair[0] {
				if d := math.Abs(pair[0][k] - pair[1][k]); !(d < 1e-9) {
					t.Fatalf("%s %d: %v, one by one %v", name, k, pair[0][k], pair[1][k])
				}
			}
		}
	})
}

// After any visits one by one, what the live model thinks of a project stays within a
// quarter of its standard deviation of what a fit of everything from nothing thinks.
func TestPosterior_staysNearTheFitFromNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const projects, jurors = 12, 5
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		e := Event{Criteria: []Criterion{{ID: "a", Min: 1, Max: 5, Weight: 2}, {ID: "b", Min: 1, Max: 5, Weight: 1}}}
		for i := range projects {
			e.Projects = append(e.Projects, Project{ID: string(rune('A' + i))})
		}
		for j := range jurors {
			e.Jurors = append(e.Jurors, Juror{ID: string(rune('a' + j))})
		}
		p, err := New(e, Options{})
		if err != nil {
			t.Fatal(err)
		}
		visits := rapid.IntRange(1, projects*jurors).Draw(t, "visits")
		for _, k := range rng.Perm(projects * jurors)[:visits] {
			i, j := k/jurors, k%jurors
			v := Visit{Project: e.Projects[i].ID, Juror: e.Jurors[j].ID, Scores: map[string]float64{}}
			for _, c := range []string{"a", "b"} {
				if rng.IntN(8) > 0 {
					v.Scores[c] = min(5, max(1, math.Round(3+float64(i%5-2)/2+rng.NormFloat64())))
				}
			}
			var order [][]string
			if rng.IntN(3) == 0 {
				order = [][]string{{v.Project}}
			}
			if err := p.AddVisit(v, order); err != nil {
				t.Fatal(err)
			}
		}
		if d := p.offFresh(); d > 0.25 {
			t.Fatalf("after %d visits a project is %v of its standard deviation off", visits, d)
		}
	})
}

// offFresh is the most by which a merit of the live model differs from that of a fit from
// nothing, in its standard deviations.
func (p *Posterior) offFresh() (most float64) {
	fresh := p.fitted(nil, coldRounds)
	for i, merit := range fresh.merit {
		most = max(most, math.Abs(merit-p.model.merit[i])/math.Sqrt(fresh.meritVar[i]))
	}
	return most
}

// With thousands of visits it is a fiftieth.
func TestPosterior_staysNearWithManyVisits(t *testing.T) {
	t.Parallel()
	const projects, jurors = 200, 30
	rng := rand.New(rand.NewPCG(5, 0))
	e := Event{Criteria: []Criterion{{ID: "a", Min: 1, Max: 5, Weight: 1}}}
	for i := range projects {
		e.Projects = append(e.Projects, Project{ID: fmt.Sprint("p", i)})
	}
	for j := range jurors {
		e.Jurors = append(e.Jurors, Juror{ID: fmt.Sprint("j", j)})
	}
	visits := make([]Visit, 0, projects*jurors)
	for k := range projects * jurors {
		i, j := k/jurors, k%jurors
		x := 3 + float64(i%7-3)/3 + float64(j%3-1)/2 + rng.NormFloat64()
		visits = append(visits, Visit{Project: e.Projects[i].ID, Juror: e.Jurors[j].ID, Scores: map[string]float64{"a": min(5, max(1, x))}})
	}
	rng.Shuffle(len(visits), func(a, b int) { visits[a], visits[b] = visits[b], visits[a] })
	e.Visits = visits[40:]
	p, err := New(e, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range visits[:40] {
		if err := p.AddVisit(v, nil); err != nil {
			t.Fatal(err)
		}
	}
	if d := p.offFresh(); d > 0.02 {
		t.Errorf("a project is %v of its standard deviation off", d)
	}
}
