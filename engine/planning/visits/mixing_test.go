package visits

import (
	"math"
	"testing"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// hall is a first plan for a hall of n projects in one row and half as many jurors.
func hall(t *testing.T, n int) *plan {
	t.Helper()
	in := &Instance{Visits: 3, Slots: 9, Weights: Weights{Pair: 4, Load: 10, Walk: 1, Track: 6}}
	for i := range n {
		in.Projects = append(in.Projects, Project{ID: string(rune('A' + i)), X: i})
	}
	for i := range n / 2 {
		in.Jurors = append(in.Jurors, Juror{ID: string(rune('a' + i)), Max: 8})
	}
	first, err := start(in, anneal.NewRand(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	return first
}

// The efficiency is had from the jurors' side; from the projects' side, where it is
// defined, it takes a larger matrix.
func TestEfficiency_isThatOfTheDefinition(t *testing.T) {
	t.Parallel()
	for _, n := range []int{6, 10, 16} {
		plan := hall(t, n)
		if got, want := efficiency(plan, plan.inverseLaplacian()), byProjects(plan); math.Abs(got-want) > 1e-4 {
			t.Errorf("%d projects: %.6f, by definition %.6f", n, got, want)
		}
	}
}

func byProjects(t *plan) float64 {
	n := len(t.in.Projects)
	c := make([]float64, n*n)
	for p, list := range t.by() {
		c[p*n+p] += float64(t.in.Visits)
		for q, others := range t.by() {
			c[p*n+q] += 1 / float64(n)
			for _, j := range list {
				for _, k := range others {
					if j == k {
						c[p*n+q] -= 1 / float64(t.load[j])
					}
				}
			}
		}
	}
	invert(c, n)
	trace := -1.0
	for p := range n {
		trace += c[p*n+p]
	}
	return float64(n-1) / trace / float64(t.in.Visits)
}

// A pair's worth is the slope of the precision: the exchange that the bonus praises makes
// the plan more efficient, and the one that it blames less.
func TestMixing_bonusPointsToEfficiency(t *testing.T) {
	t.Parallel()
	plan := hall(t, 16)
	m, _ := ready(plan, 1_000_000)
	m.measure(plan)
	m.strength = 1
	rnd := anneal.NewRand(7, 0)
	before := efficiency(plan, plan.inverseLaplacian())
	right, tried := 0, 0
	for range 20_000 {
		a, b := int32(rnd.Below(len(plan.cell))), int32(rnd.Below(len(plan.cell)))
		p, q := plan.cell[a], plan.cell[b]
		if p == none || q == none || p == q || plan.juror(a) == plan.juror(b) || !plan.mayExchange(a, b) {
			continue
		}
		bonus := m.bonus(plan, p, q, plan.juror(a), plan.juror(b))
		if math.Abs(bonus) < 0.5 {
			continue
		}
		plan.exchange(a, b)
		after := efficiency(plan, plan.inverseLaplacian())
		plan.exchange(a, b)
		tried++
		if (after > before) == (bonus > 0) {
			right++
		}
	}
	if tried < 100 || right < tried*9/10 {
		t.Errorf("%d of %d exchanges did what the bonus said", right, tried)
	}
}

// A jury of 72 for 240 projects keeps more of the precision than a plan whose cost alone
// counts: with this seed that one keeps 0.944.
func TestSolve_keepsJurorsComparable(t *testing.T) {
	t.Parallel()
	in := &Instance{Visits: 3, Slots: 12, Weights: Weights{Pair: 4, Load: 10, Walk: 1, Track: 6}}
	for i := range 240 {
		in.Projects = append(in.Projects, Project{ID: string(rune(0x4e00 + i)), X: i % 20, Y: i / 20 * 3})
	}
	for i := range 72 {
		in.Jurors = append(in.Jurors, Juror{ID: string(rune('a' + i)), Max: 11})
	}
	sol, err := Solve(t.Context(), in, planning.Options{Seed: 1, Budget: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	plan := sol.efficiency(in)
	if plan < 0.946 {
		t.Errorf("the plan keeps %.4f of the precision that is possible", plan)
	}
}

// efficiency is the solution's, as a share of the upper bound.
func (sol *Solution) efficiency(in *Instance) float64 {
	t := newPlan(in)
	at := map[string]int{}
	for p, project := range in.Projects {
		at[project.ID] = p
	}
	by := make([][]int, len(in.Projects))
	for j, route := range sol.Routes {
		for _, id := range route.Visits {
			if id != "" {
				by[at[id]] = append(by[at[id]], j)
			}
		}
	}
	t.schedule(by)
	return efficiency(t, t.inverseLaplacian()) / mostEfficiency(t)
}
