package jury_test

import (
	"context"
	"errors"
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

// scoreEach has every juror give each team the value that stands for it, on all criteria.
func (b *bench) scoreEach(values map[string]int) {
	b.T.Helper()
	for _, j := range b.jurors {
		for team, v := range values {
			b.must(b.Score(context.Background(), j, b.id, team, b.sheet(v, v), once.Action{}))
		}
	}
}

// places are the names of the standings with their ranks.
func places(all []jury.Standing) (names []string, ranks []int) {
	for _, st := range all {
		names, ranks = append(names, st.Team.Name), append(ranks, st.Rank)
	}
	return names, ranks
}

func TestRound_ordinaryUntilSetUp(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		r, err := b.Round(ctx, db, b.id)
		b.must(err)
		if diff := cmp.Diff(jury.Setup{Format: jury.OnStage, Way: jury.ByCriterion}, r.Setup); diff != "" || r.Compares() || !r.Scores() {
			t.Error(diff)
		}
		want := jury.Setup{Format: jury.Expo, Way: jury.ByBoth, Floor: 2, Minutes: 5, Window: 60, Finalists: 3, FinalMinutes: 10}
		b.must(b.SetUp(ctx, b.Boss, b.id, want, ""))
		r, err = b.Round(ctx, db, b.id)
		b.must(err)
		if diff := cmp.Diff(want, r.Setup); diff != "" || !r.Compares() || !r.Scores() {
			t.Error(diff)
		}
		if err := b.SetUp(ctx, b.Boss, b.id, jury.Setup{Format: "tent", Way: jury.ByBoth, Minutes: 999}, ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("a tent for 999 minutes: %v", err)
		}
		b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4), once.Action{}))
		if err := b.SetUp(ctx, b.Boss, b.id, want, ""); !lacksReason(err) {
			t.Errorf("set up after the first mark: %v", err)
		}
	})
}

func TestOpenFinal_takesTheBestAndThoseTiedWithTheLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		b.must(b.SetUp(ctx, b.Boss, b.id, jury.Setup{Format: jury.Expo, Way: jury.ByCriterion, Finalists: 2, FinalMinutes: 10}, ""))
		// Guichet and Chaleur are exactly alike: no rule leaves one of them out.
		b.scoreEach(map[string]int{"t-Voisins": 5, "t-Guichet": 4, "t-Chaleur": 4, "t-Cour": 3, "t-Palier": 2, "t-Jardin": 1})
		if err := b.OpenFinal(ctx, b.Boss, b.id); !errors.Is(err, jury.ErrOpen) {
			t.Errorf("a final while jurors score: %v", err)
		}
		b.must(b.Close(ctx, b.Boss, b.id))
		b.must(b.OpenFinal(ctx, b.Boss, b.id))
		r, err := b.Round(ctx, db, b.id)
		b.must(err)
		if diff := cmp.Diff([]string{"t-Chaleur", "t-Guichet", "t-Voisins"}, r.Teams); diff != "" || r.Of != 1 || r.Minutes != 10 || r.Format != jury.OnStage {
			t.Errorf("the final is %+v: %s", r, diff)
		}
		if b.criteria, err = b.Criteria(ctx, db, b.id); err != nil || len(b.criteria) != 2 {
			t.Fatalf("the final has the criteria %v: %v", b.criteria, err)
		}
		if err := b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(5), once.Action{}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a team that is not in the final was scored: %v", err)
		}
		mine, err := b.Mine(ctx, db, b.jurors[0], b.id)
		if err != nil || mine.Expected != 3 {
			t.Errorf("a juror has %d teams before them: %v", mine.Expected, err)
		}
		b.scoreEach(map[string]int{"t-Voisins": 3, "t-Guichet": 4, "t-Chaleur": 5})
		all, err := b.Standings(ctx, db, b.id)
		b.must(err)
		names, ranks := places(all)
		if diff := cmp.Diff([]string{"Chaleur", "Guichet", "Voisins", "Cour", "Palier", "Jardin"}, names); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]int{1, 2, 3, 4, 5, 6}, ranks); diff != "" {
			t.Error(diff)
		}
		for _, st := range all[3:] {
			if st.PBest != 0 || st.RankLo < 4 {
				t.Errorf("%s was not in the final and may be first", st.Team.Name)
			}
		}
	})
}

func TestOpenFinal_onlyWhereOneIsPlannedAndTheRankingIsSealed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		b.must(b.Close(ctx, b.Boss, b.id))
		if err := b.OpenFinal(ctx, b.Boss, b.id); !errs.Is(err, errs.Conflict) {
			t.Errorf("a final that nobody planned: %v", err)
		}
		b.must(b.SetUp(ctx, b.Boss, b.id, jury.Setup{Format: jury.OnStage, Way: jury.ByCriterion, Finalists: 2}, ""))
		if err := b.OpenFinal(ctx, b.Boss, b.id); !errs.Is(err, errs.Conflict) {
			t.Errorf("a final of teams that nobody marked: %v", err)
		}
		b.must(b.Deliberate(ctx, b.Boss, b.id))
		if err := b.OpenFinal(ctx, b.Boss, b.id); !errs.Is(err, errs.Conflict) {
			t.Errorf("a final after the jury saw the ranking: %v", err)
		}
	})
}

func TestPages_calculatorToRound(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	b.shows(b.Boss, "/format", "6 équipes × 10 minutes = 60 minutes\u00a0: chaque juré voit chaque équipe.", "Conseillé\u00a0: Tout le jury, sur scène")
	b.shows(b.Boss, "/format?teams=20&jurors=6&minutes=5&window=60", "20 équipes, 6 jurés, 60 minutes\u00a0: 3 visites par équipe.", "Ne tient pas en 60 minutes",
		"Chance que la meilleure équipe gagne\u00a0: environ ", " de plus\u00a0: ")
	b.shows(b.Boss, "/format?teams=many", "Un nombre de 2 à 2\u202f000.", "Il manque un nombre")
	b.shows(b.Boss, "/format?teams=60&jurors=2&minutes=10&window=60", "Rien ne tient dans ce temps")
	c := b.Client(b.Boss)
	numbers := url.Values{"teams": {"20"}, "jurors": {"6"}, "minutes": {"5"}, "window": {"60"}, "form": {"visits"}, "way": {"both"}}
	if status, body := c.Post("/e/amiens-2018/jury/format", numbers); status != 200 ||
		!strings.Contains(html.UnescapeString(body), "Les équipes restent à leur table et les jurés passent les voir.") {
		t.Errorf("taking an expo over answers %d", status)
	}
	r, err := b.Round(context.Background(), b.DB, b.id)
	b.must(err)
	if diff := cmp.Diff(jury.Setup{Format: jury.Expo, Way: jury.ByBoth, Floor: 2, Minutes: 5, Window: 60}, r.Setup); diff != "" {
		t.Error(diff)
	}
	numbers.Set("form", "whole")
	if status, _ := c.Post("/e/amiens-2018/jury/format", numbers); status != 422 {
		t.Errorf("a form that does not fit answers %d", status)
	}
	status, body := c.Get("/api/v1/e/amiens-2018/jury/format?teams=6&jurors=4&minutes=10&window=60")
	if status != 200 || !strings.Contains(body, `"recommended":{"form":"whole"`) {
		t.Errorf("the API answers %d: %s", status, body)
	}
}
