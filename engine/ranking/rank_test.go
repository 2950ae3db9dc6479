package ranking_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"h48/engine/ranking"
)

// anyEvent draws events of every shape: ragged, tied, constant, scattered, empty.
func anyEvent(t *rapid.T) ranking.Event {
	e := ranking.Event{}
	for c := range rapid.IntRange(0, 3).Draw(t, "criteria") {
		e.Criteria = append(e.Criteria, ranking.Criterion{ID: fmt.Sprint("c", c), Min: -10, Max: 100, Weight: float64(c + 1)})
	}
	for i := range rapid.IntRange(0, 7).Draw(t, "projects") {
		e.Projects = append(e.Projects, ranking.Project{ID: fmt.Sprint("p", i), Table: i})
	}
	score := rapid.SampledFrom([]float64{1, 2, 2.5, 3, 4, 5})
	for j := range rapid.IntRange(0, 9).Draw(t, "jurors") {
		juror := fmt.Sprint("j", j)
		e.Jurors = append(e.Jurors, ranking.Juror{ID: juror})
		var seen []string
		for i, p := range e.Projects {
			switch rapid.IntRange(0, 9).Draw(t, "fate") {
			case 0:
				e.Conflicts = append(e.Conflicts, ranking.Conflict{Juror: juror, Project: p.ID})
			case 1, 2, 3, 4, 5, 6:
				v := ranking.Visit{Juror: juror, Project: p.ID, Seq: i + 1, Scores: map[string]float64{}}
				for _, c := range e.Criteria {
					if rapid.IntRange(0, 4).Draw(t, "given") > 0 {
						v.Scores[c.ID] = score.Draw(t, "score")
					}
				}
				e.Visits = append(e.Visits, v)
				seen = append(seen, p.ID)
			}
		}
		say(t, &e, juror, seen)
	}
	return e
}

// say lets a juror order what it saw, or compare, or neither.
func say(t *rapid.T, e *ranking.Event, juror string, seen []string) {
	if len(seen) < 2 {
		return
	}
	order := rapid.Permutation(seen).Draw(t, "order")
	switch rapid.IntRange(0, 2).Draw(t, "says") {
	case 0:
		var places [][]string
		for _, id := range order[:rapid.IntRange(1, len(order)).Draw(t, "listed")] {
			if len(places) > 0 && rapid.Bool().Draw(t, "tied") {
				places[len(places)-1] = append(places[len(places)-1], id)
				continue
			}
			places = append(places, []string{id})
		}
		e.Orders = append(e.Orders, ranking.Order{Juror: juror, Places: places})
	case 1:
		for k := range rapid.IntRange(1, 6).Draw(t, "answers") {
			a, b := rapid.SampledFrom(order).Draw(t, "winner"), rapid.SampledFrom(order).Draw(t, "loser")
			if a != b { // cycles and repetitions included
				e.Comparisons = append(e.Comparisons, ranking.Comparison{Juror: juror, Winner: a, Loser: b, Seq: k})
			}
		}
	}
}

func rank(t interface{ Fatal(...any) }, e ranking.Event) ranking.Result {
	r, err := ranking.Rank(context.Background(), e, ranking.Options{Draws: 200})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestResultKeepsItsPromisesOnAnyEvent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		r := rank(t, e)
		n := len(e.Projects)
		if len(r.Projects) != n || len(r.Jurors) != len(e.Jurors) {
			t.Fatalf("%d of %d projects and %d of %d jurors", len(r.Projects), n, len(r.Jurors), len(e.Jurors))
		}
		best, top, tiered := 0.0, 0.0, 0
		for k, s := range r.Projects {
			if s.Rank != k+1 || s.RankLo < 1 || s.RankLo > s.RankHi || s.RankHi > n {
				t.Fatalf("rank %d, interval %d to %d at place %d", s.Rank, s.RankLo, s.RankHi, k+1)
			}
			if k > 0 && s.Score > r.Projects[k-1].Score+1e-6 {
				t.Fatalf("place %d scores more than the one above", k+1)
			}
			if !(s.PBest > 0 && s.PBest <= s.PTop3+1e-9 && s.PTop3 <= 1+1e-9) || math.IsNaN(s.Score) || !(s.SD > 0) {
				t.Fatalf("project %+v", s)
			}
			best, top = best+s.PBest, top+s.PTop3
		}
		for _, tier := range r.Tiers {
			tiered += len(tier)
		}
		if n > 0 && (math.Abs(best-1) > 1e-9 || math.Abs(top-math.Min(3, float64(n))) > 1e-9 || tiered != n) {
			t.Fatalf("best sums to %v, top three to %v, tiers hold %d of %d", best, top, tiered, n)
		}
		for _, j := range r.Jurors {
			if !(j.Weight > 0) || math.IsNaN(j.Severity) || !(j.PCareless+j.PHostile >= 0 && j.PCareless+j.PHostile <= 1) {
				t.Fatalf("juror %+v", j)
			}
		}
	})
}

func TestOrderOfRowsIsWithoutMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := anyEvent(t)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		f := e
		f.Projects, f.Jurors, f.Criteria, f.Conflicts = mixed(rng, e.Projects), mixed(rng, e.Jurors), mixed(rng, e.Criteria), mixed(rng, e.Conflicts)
		f.Visits, f.Orders, f.Comparisons = mixed(rng, e.Visits), mixed(rng, e.Orders), mixed(rng, e.Comparisons)
		if d := cmp.Diff(rank(t, e), rank(t, f), cmpopts.EquateNaNs()); d != "" {
			t.Fatal(d)
		}
	})
}

func mixed[T any](rng *rand.Rand, rows []T) []T {
	rows = slices.Clone(rows)
	rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}

// hall is an ordinary event: so many jurors see so many of the projects each.
func hall(seed uint64, projects, jurors, each int) ranking.Event {
	rng := rand.New(rand.NewPCG(seed, 0))
	e := ranking.Event{Criteria: []ranking.Criterion{{ID: "c", Min: -100, Max: 100, Weight: 1}}}
	merit := make([]float64, projects)
	for i := range merit {
		merit[i] = rng.NormFloat64()
		e.Projects = append(e.Projects, ranking.Project{ID: fmt.Sprintf("p%02d", i)})
	}
	for j := range jurors {
		id := fmt.Sprintf("j%02d", j)
		e.Jurors = append(e.Jurors, ranking.Juror{ID: id})
		severity := rng.NormFloat64()
		for k, i := range rng.Perm(projects)[:each] {
			e.Visits = append(e.Visits, ranking.Visit{Juror: id, Project: e.Projects[i].ID, Seq: k + 1,
				Scores: map[string]float64{"c": merit[i] + severity + rng.NormFloat64()}})
		}
	}
	return e
}

func places(r ranking.Result) []string {
	var ids []string
	for _, s := range r.Projects {
		ids = append(ids, s.Project)
	}
	return ids
}

func TestConstantShiftOfAJurorChangesNoRank(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := hall(rapid.Uint64().Draw(t, "seed"), 12, 5, 6)
		before := rank(t, e)
		strict := e.Jurors[rapid.IntRange(0, 4).Draw(t, "juror")].ID
		shift := rapid.Float64Range(-50, 50).Draw(t, "shift")
		for k, v := range e.Visits {
			if v.Juror == strict {
				e.Visits[k].Scores = map[string]float64{"c": v.Scores["c"] + shift}
			}
		}
		after := rank(t, e)
		if d := cmp.Diff(places(before), places(after)); d != "" {
			t.Fatal(d)
		}
		for k := range before.Projects {
			if math.Abs(before.Projects[k].PBest-after.Projects[k].PBest) > 1e-6 {
				t.Fatalf("the chances moved: %v, %v", before.Projects[k], after.Projects[k])
			}
		}
	})
}

func TestNamesCarryNoOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := hall(rapid.Uint64().Draw(t, "seed"), 10, 4, 7)
		other := func(id string) string { return fmt.Sprint("x", 99-int(id[1]-'0')*10-int(id[2]-'0')) }
		f := ranking.Event{Criteria: e.Criteria}
		for _, p := range e.Projects {
			f.Projects = append(f.Projects, ranking.Project{ID: other(p.ID)})
		}
		for _, j := range e.Jurors {
			f.Jurors = append(f.Jurors, ranking.Juror{ID: other(j.ID)})
		}
		for _, v := range e.Visits {
			f.Visits = append(f.Visits, ranking.Visit{Juror: other(v.Juror), Project: other(v.Project), Seq: v.Seq, Scores: v.Scores})
		}
		a, b := rank(t, e), rank(t, f)
		for k, s := range a.Projects {
			now := b.Projects[slices.IndexFunc(b.Projects, func(r ranking.Standing) bool { return r.Project == other(s.Project) })]
			// Only what nothing tells apart, such as two projects that nobody visited, may
			// stand in the order of names.
			alike := slices.ContainsFunc(a.Projects, func(r ranking.Standing) bool {
				return r.Project != s.Project && math.Abs(r.Score-s.Score) < 1e-9
			})
			near := 1e-6
			if alike { // each has its own draws
				near = 0.03
			}
			if math.Abs(now.PBest-s.PBest) > near || now.Project != b.Projects[k].Project && !alike {
				t.Fatalf("%+v became %+v", s, now)
			}
		}
	})
}

func TestScaleOfTheRubricIsWithoutMeaning(t *testing.T) {
	t.Parallel()
	e := hall(4, 12, 5, 6)
	f := hall(4, 12, 5, 6)
	f.Criteria = []ranking.Criterion{{ID: "c", Min: -1e9, Max: 1e9, Weight: 7}}
	for k, v := range f.Visits {
		f.Visits[k].Scores = map[string]float64{"c": 1e6 * v.Scores["c"]}
	}
	if d := cmp.Diff(places(rank(t, e)), places(rank(t, f))); d != "" {
		t.Fatal(d)
	}
}

func TestAnOrderBreaksWhatScoresTie(t *testing.T) {
	t.Parallel()
	e := ranking.Event{
		Criteria: []ranking.Criterion{{ID: "c", Min: 1, Max: 5, Weight: 1}},
		Projects: []ranking.Project{{ID: "a"}, {ID: "b"}, {ID: "c"}},
	}
	for _, j := range []string{"x", "y"} {
		e.Jurors = append(e.Jurors, ranking.Juror{ID: j})
		for _, p := range e.Projects {
			e.Visits = append(e.Visits, ranking.Visit{Juror: j, Project: p.ID, Scores: map[string]float64{"c": 3}})
		}
		e.Orders = append(e.Orders, ranking.Order{Juror: j, Places: [][]string{{"c"}, {"a"}, {"b"}}})
	}
	if d := cmp.Diff([]string{"c", "a", "b"}, places(rank(t, e))); d != "" {
		t.Error(d)
	}
	e.Orders = nil
	for _, j := range []string{"x", "y"} {
		e.Comparisons = append(e.Comparisons, ranking.Comparison{Juror: j, Winner: "b", Loser: "a"}, ranking.Comparison{Juror: j, Winner: "a", Loser: "c"})
	}
	if d := cmp.Diff([]string{"b", "a", "c"}, places(rank(t, e))); d != "" {
		t.Error(d)
	}
}

func TestComparisonsSayWhatAListLeavesOut(t *testing.T) {
	t.Parallel()
	e := ranking.Event{Projects: []ranking.Project{{ID: "a"}, {ID: "b"}, {ID: "c"}, {ID: "d"}}}
	for _, j := range []string{"x", "y"} {
		e.Jurors = append(e.Jurors, ranking.Juror{ID: j})
		e.Orders = append(e.Orders, ranking.Order{Juror: j, Places: [][]string{{"a"}, {"b"}}})
		e.Comparisons = append(e.Comparisons,
			ranking.Comparison{Juror: j, Winner: "b", Loser: "a"}, // the list says otherwise, and it is the later word
			ranking.Comparison{Juror: j, Winner: "c", Loser: "a"}, ranking.Comparison{Juror: j, Winner: "b", Loser: "d"})
	}
	if d := cmp.Diff([]string{"c", "a", "b", "d"}, places(rank(t, e))); d != "" {
		t.Error(d)
	}
}

func TestACriterionMayWeighNothing(t *testing.T) {
	t.Parallel()
	e := hall(3, 8, 4, 5)
	plain := places(rank(t, e))
	e.Criteria = append(e.Criteria, ranking.Criterion{ID: "remark", Min: 0, Max: 9})
	for k, v := range e.Visits {
		if k%2 == 0 {
			v.Scores["remark"] = float64(k % 10)
		}
	}
	if d := cmp.Diff(plain, places(rank(t, e))); d != "" {
		t.Error(d)
	}
}

func TestWhatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*ranking.Event)
		want   string
	}{
		"unknown juror":     {func(e *ranking.Event) { e.Visits[0].Juror = "nobody" }, `juror "nobody" is not in the event`},
		"unknown project":   {func(e *ranking.Event) { e.Visits[0].Project = "none" }, `project "none" is not in the event`},
		"project twice":     {func(e *ranking.Event) { e.Projects = append(e.Projects, e.Projects[0]) }, "stands twice"},
		"not a number":      {func(e *ranking.Event) { e.Visits[0].Scores = map[string]float64{"c": math.NaN()} }, "is not between"},
		"beyond the scale":  {func(e *ranking.Event) { e.Visits[0].Scores = map[string]float64{"c": 101} }, "is not between"},
		"foreign score":     {func(e *ranking.Event) { e.Visits[0].Scores = map[string]float64{"d": 1} }, "the rubric does not have"},
		"no weight":         {func(e *ranking.Event) { e.Criteria = []ranking.Criterion{{ID: "c", Max: 1}} }, "no criterion has a weight"},
		"weight below zero": {func(e *ranking.Event) { e.Criteria = []ranking.Criterion{{ID: "c", Max: 1, Weight: -1}} }, "is negative"},
		"ordered twice": {func(e *ranking.Event) {
			e.Orders = []ranking.Order{{Juror: "j00", Places: [][]string{{"p01", "p01"}}}}
		}, "stands twice"},
		"against itself": {func(e *ranking.Event) {
			e.Comparisons = []ranking.Comparison{{Juror: "j00", Winner: "p01", Loser: "p01"}}
		}, "with itself"},
		"prize of a stranger": {func(e *ranking.Event) { e.Prizes = []ranking.Prize{{Projects: []string{"none"}}} }, "is not in the event"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := hall(1, 4, 2, 3)
			tc.change(&e)
			_, err := ranking.Rank(context.Background(), e, ranking.Options{})
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
		})
	}
}

func TestPrizesShareOnePosterior(t *testing.T) {
	t.Parallel()
	e := hall(2, 10, 6, 8)
	e.Prizes = []ranking.Prize{{ID: "grand"}, {ID: "green", Projects: []string{"p03", "p07", "p08"}}}
	r := rank(t, e)
	if d := cmp.Diff(places(r), r.Prizes[0].Order); d != "" {
		t.Error(d)
	}
	var green []string
	for _, id := range places(r) {
		if slices.Contains(e.Prizes[1].Projects, id) {
			green = append(green, id)
		}
	}
	if d := cmp.Diff(green, r.Prizes[1].Order); d != "" {
		t.Error(d)
	}
}

func TestRankStopsWhenCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	opt := ranking.Options{Progress: func(done float64) {
		if done > 0.1 {
			cancel()
		}
	}}
	if _, err := ranking.Rank(ctx, hall(3, 20, 5, 9), opt); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
}
