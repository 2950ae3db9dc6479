package ranking_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"h48/engine/ranking"
)

// open is an event with nothing said yet.
func open(t interface{ Fatal(...any) }, projects, jurors int, opt ranking.Options) *ranking.Posterior {
	e := ranking.Event{Criteria: []ranking.Criterion{{ID: "c", Min: 0, Max: 10, Weight: 1}}}
	for i := range projects {
		e.Projects = append(e.Projects, ranking.Project{ID: fmt.Sprint("p", i), Table: i})
	}
	for j := range jurors {
		e.Jurors = append(e.Jurors, ranking.Juror{ID: fmt.Sprint("j", j)})
	}
	p, err := ranking.New(e, opt)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func next(t interface{ Fatal(...any) }, p *ranking.Posterior, juror string) string {
	id, ok, err := p.Next(juror)
	if err != nil {
		t.Fatal(err)
	}
	if !ok {
		return ""
	}
	return id
}

func score(t interface{ Fatal(...any) }, p *ranking.Posterior, juror, project string, x float64) {
	if err := p.AddVisit(ranking.Visit{Juror: juror, Project: project, Scores: map[string]float64{"c": x}}, nil); err != nil {
		t.Fatal(err)
	}
}

func TestEveryProjectGetsItsFloor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const projects, jurors, total = 10, 5, 30
		p := open(t, projects, jurors, ranking.Options{Floor: 2, VisitsTotal: total})
		together := rapid.Bool().Draw(t, "together")
		made, visits := 0, map[string]int{}
		seen := map[[2]string]bool{}
		for made < total {
			going := map[string]string{}
			for j := range jurors {
				juror := fmt.Sprint("j", j)
				to := next(t, p, juror)
				if to == "" {
					continue
				}
				if seen[[2]string{juror, to}] {
					t.Fatalf("%s is sent to %s again", juror, to)
				}
				going[juror], seen[[2]string{juror, to}] = to, true
				if !together {
					score(t, p, juror, to, float64(rapid.IntRange(0, 10).Draw(t, "score")))
				}
			}
			if len(going) == 0 {
				t.Fatalf("nobody is sent anywhere after %d of %d visits", made, total)
			}
			for juror, to := range going {
				if together {
					score(t, p, juror, to, float64(rapid.IntRange(0, 10).Draw(t, "score")))
				}
				made++
				visits[to]++
			}
		}
		for i := range projects {
			if n := visits[fmt.Sprint("p", i)]; n < 2 {
				t.Fatalf("project %d has %d visits", i, n)
			}
		}
		if to := next(t, p, "j0"); to != "" {
			t.Fatalf("%s after the last visit", to)
		}
	})
}

func TestOneAtATableAndAnnouncementsStand(t *testing.T) {
	t.Parallel()
	p := open(t, 3, 3, ranking.Options{})
	first := next(t, p, "j0")
	if second := next(t, p, "j1"); second == first {
		t.Errorf("two jurors are sent to %s at once", first)
	}
	if again := next(t, p, "j0"); again != first {
		t.Errorf("announced %s, then %s", first, again)
	}
	if err := p.Skip("j0", first, ranking.Busy); err != nil {
		t.Fatal(err)
	}
	if again := next(t, p, "j0"); again == first {
		t.Errorf("sent back at once to %s, which is busy", first)
	}
}

// When all are out at once, contenders get several jurors, a first look has one, and a
// hall whose tables turn out to hold one at a time gets one again.
func TestContendersTablesAreShared(t *testing.T) {
	t.Parallel()
	const projects, jurors = 12, 8
	p := open(t, projects, jurors, ranking.Options{Floor: 1, VisitsTotal: 60, Together: 3})
	round := func() (most int, going map[string]string) {
		going = map[string]string{}
		at := map[string]int{}
		for j := range jurors {
			juror := fmt.Sprint("j", j)
			if going[juror] = next(t, p, juror); going[juror] != "" {
				at[going[juror]]++
				most = max(most, at[going[juror]])
			}
		}
		return most, going
	}
	finish := func(going map[string]string) {
		for j := range jurors {
			juror := fmt.Sprint("j", j)
			if to := going[juror]; to != "" {
				score(t, p, juror, to, max(map[string]float64{"p3": 9, "p7": 8}[to], float64(2+j%3)))
			}
		}
	}
	most, going := round()
	if most != 1 {
		t.Fatalf("%d jurors are at one table for a first look", most)
	}
	finish(going)
	_, going = round()
	finish(going)
	if most, going = round(); most < 2 || most > 3 {
		t.Fatalf("%d jurors at the fullest table, want 2 or 3", most)
	}
	at := map[string]string{}
	for juror, to := range going {
		other, shared := at[to]
		at[to] = juror
		if !shared {
			continue
		}
		if err := p.Skip(juror, to, ranking.Busy); err != nil {
			t.Fatal(err)
		}
		if next(t, p, juror); next(t, p, other) != to {
			t.Error("an announcement was changed")
		}
		break
	}
	for j := range jurors {
		if err := p.Skip(fmt.Sprint("j", j), next(t, p, fmt.Sprint("j", j)), ranking.Absent); err != nil {
			t.Fatal(err)
		}
	}
	if most, _ := round(); most != 1 {
		t.Errorf("%d jurors at one table after one was turned away", most)
	}
}

func TestSkips(t *testing.T) {
	t.Parallel()
	p := open(t, 2, 2, ranking.Options{})
	if err := p.Skip("j0", "p0", ranking.Barred); err != nil {
		t.Fatal(err)
	}
	if to := next(t, p, "j0"); to != "p1" {
		t.Errorf("sent to %q with a conflict at p0", to)
	}
	score(t, p, "j0", "p1", 5)
	if to := next(t, p, "j0"); to != "" {
		t.Errorf("sent to %q with nothing left", to)
	}
	for range 2 {
		if err := p.Skip("j1", "p0", ranking.Absent); err != nil {
			t.Fatal(err)
		}
	}
	if to := next(t, p, "j1"); to != "p1" {
		t.Errorf("sent to %q, which was absent twice", to)
	}
	score(t, p, "j1", "p1", 5)
	if to := next(t, p, "j1"); to != "p0" {
		t.Errorf("sent to %q; the absent one is all that is left", to)
	}
	if err := p.Skip("j1", "p0", "bored"); err == nil {
		t.Error("a reason that does not exist was taken")
	}
	if err := p.AddVisit(ranking.Visit{Juror: "j0", Project: "p0"}, nil); err == nil {
		t.Error("a visit in spite of a conflict was taken")
	}
}

func TestSpareVisitsGoToContenders(t *testing.T) {
	t.Parallel()
	p := open(t, 20, 12, ranking.Options{Floor: 1, VisitsTotal: 100})
	visits := map[string]int{}
	for k := range 100 {
		juror := fmt.Sprint("j", k%12)
		to := next(t, p, juror)
		merit := map[string]float64{"p3": 9, "p7": 8.5}[to]
		score(t, p, juror, to, max(merit, float64(2+k%3)))
		visits[to]++
	}
	if visits["p3"] < 9 || visits["p7"] < 9 {
		t.Errorf("the two that stand out have %d and %d of 100 visits", visits["p3"], visits["p7"])
	}
}

func TestJurorsServeTheirOwnPrizes(t *testing.T) {
	t.Parallel()
	e := hall(6, 12, 6, 4)
	green := []string{"p02", "p05", "p09"}
	e.Prizes = []ranking.Prize{
		{ID: "grand", Jurors: []string{"j00", "j01", "j02", "j03", "j04"}},
		{ID: "green", Projects: green, Jurors: []string{"j05"}},
	}
	e.Visits = slices.DeleteFunc(e.Visits, func(v ranking.Visit) bool { return v.Juror == "j05" })
	p, err := ranking.New(e, ranking.Options{Floor: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12 { // the coverage first, by the others
		v := ranking.Visit{Juror: fmt.Sprintf("j%02d", i%5), Project: fmt.Sprintf("p%02d", i), Scores: map[string]float64{"c": 1}}
		if err := p.AddVisit(v, nil); err != nil {
			t.Fatal(err)
		}
	}
	for range green {
		to := next(t, p, "j05")
		if !slices.Contains(green, to) {
			t.Fatalf("the green juror is sent to %s", to)
		}
		score(t, p, "j05", to, 2)
	}
}

func TestVisitByVisitIsTheSameAsAtOnce(t *testing.T) {
	t.Parallel()
	e := hall(5, 12, 5, 6)
	whole := rank(t, e)
	visits := e.Visits
	e.Visits = nil
	p, err := ranking.New(e, ranking.Options{Draws: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range visits {
		wrong := v
		wrong.Scores = map[string]float64{"c": -5}
		for _, v := range []ranking.Visit{wrong, v} { // a misclick and its correction
			if err := p.AddVisit(v, nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	grown, err := p.Result(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(whole, grown, cmpopts.EquateNaNs()); d != "" {
		t.Error(d)
	}
}

func TestRefusedVisitLeavesNoTrace(t *testing.T) {
	t.Parallel()
	p := open(t, 3, 2, ranking.Options{Draws: 100})
	score(t, p, "j0", "p0", 7)
	before, _ := p.Result(context.Background())
	if err := p.AddVisit(ranking.Visit{Juror: "j0", Project: "p1"}, [][]string{{"p1"}, {"nowhere"}}); err == nil {
		t.Fatal("an order with an unknown project was taken")
	}
	after, _ := p.Result(context.Background())
	if d := cmp.Diff(before, after, cmpopts.EquateNaNs()); d != "" {
		t.Error(d)
	}
}

func TestExpectedPBest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		projects, visits int
		want             float64 // by simulation, to two digits
	}{{6, 1, .50}, {6, 3, .66}, {20, 3, .52}, {60, 1, .26}, {60, 3, .45}, {150, 5, .49}, {400, 20, .68}} {
		got := ranking.ExpectedPBest(tc.projects, tc.visits, 1)
		if d := got - tc.want; d < -0.015 || d > 0.015 {
			t.Errorf("%d projects, %d visits: %.3f, want %.2f", tc.projects, tc.visits, got, tc.want)
		}
	}
	if got := ranking.VisitsFor(6, 20, 1, 0.70); got != 5 {
		t.Errorf("6 projects want 0.70: %d visits, the table has 5", got)
	}
	if got := ranking.VisitsFor(400, 20, 1, 0.9); got != 0 {
		t.Errorf("400 projects cannot have 0.90: %d visits", got)
	}
	if got := ranking.ExpectedPBest(5, 0, 1); got != 0.2 {
		t.Errorf("without a visit: %v", got)
	}
}

func TestAdvice(t *testing.T) {
	t.Parallel()
	p := open(t, 4, 9, ranking.Options{Floor: 2, Draws: 400})
	advice := func() ranking.Advice {
		r, err := p.Result(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		return r.Advice
	}
	if a := advice(); a.Stop || a.Reason != ranking.BelowFloor {
		t.Errorf("before any visit: %+v", a)
	}
	for j := range 9 {
		for i, x := range []float64{9, 5, 4, 1} {
			score(t, p, fmt.Sprint("j", j), fmt.Sprint("p", i), x+float64((i+j)%2))
		}
	}
	if a := advice(); !a.Stop || a.Reason != ranking.Decided {
		t.Errorf("with nine of nine for p0: %+v", a)
	}
}

// One more visit among 400 projects and 40 jurors is to take less than 5 ms, with 3 visits a
// project as with all of them.
func BenchmarkOneMoreVisit(b *testing.B) {
	for _, each := range []int{30, 400} {
		b.Run(fmt.Sprint(40*each, " visits"), func(b *testing.B) { oneMoreVisit(b, each) })
	}
}

func oneMoreVisit(b *testing.B, each int) {
	e := hall(1, 400, 40, each)
	for k := range e.Visits {
		j := e.Visits[k].Juror
		if len(e.Orders) == 0 || e.Orders[len(e.Orders)-1].Juror != j {
			e.Orders = append(e.Orders, ranking.Order{Juror: j})
		}
		o := &e.Orders[len(e.Orders)-1]
		o.Places = append(o.Places, []string{e.Visits[k].Project})
	}
	p, err := ranking.New(e, ranking.Options{})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := p.AddVisit(e.Visits[7], nil); err != nil {
			b.Fatal(err)
		}
		to, ok, err := p.Next("j05")
		if err != nil {
			b.Fatal(err)
		}
		if !ok { // it has seen all
			continue
		}
		if err := p.Skip("j05", to, ranking.Busy); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRank is a whole result with its 2000 draws and forty jurors left out.
func BenchmarkRank(b *testing.B) {
	e := hall(1, 400, 40, 30)
	for b.Loop() {
		if _, err := ranking.Rank(context.Background(), e, ranking.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
