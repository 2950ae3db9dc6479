package jury_test

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/web"
)

func TestCriteria_haveWordsForEachLevel(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		levels := []string{"Personne n’en veut", "", "Utile à certains", "", "On le réclame"}
		b.must(b.SetCriteria(ctx, b.Boss, b.id, []jury.Criterion{{Name: "Utile", Weight: 3, Levels: levels}, {Name: "Réalisable", Weight: 1, Max: 3, Min: 1}}))
		got, err := b.Criteria(ctx, db, b.id)
		b.must(err)
		if diff := cmp.Diff(levels, got[0].Levels); diff != "" || got[0].Level(5) != "On le réclame" || got[0].Level(9) != "" || got[1].HasWords() {
			t.Errorf("%+v: %s", got, diff)
		}
		// A row of before levels had their own words.
		b.must(db.InTx(ctx, func(tx *sqldb.Tx) error {
			_, err := sqldb.Exec(ctx, tx, `UPDATE jury_criteria SET levels = '', low = 'peu', middle = 'assez', high = 'très' WHERE id = $1`, got[0].ID)
			return err
		}))
		got, err = b.Criteria(ctx, db, b.id)
		b.must(err)
		if diff := cmp.Diff([]string{"peu", "", "assez", "", "très"}, got[0].Levels); diff != "" {
			t.Error(diff)
		}
	})
}

// lacksReason says whether frozen rules were kept because nobody said why they change.
func lacksReason(err error) bool {
	wrong, _ := web.Fields(err).Of("reason")
	return wrong.Key == "jury.amend_needs_reason"
}

func TestAmend_takesAReasonAndStaysVisible(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		for _, j := range b.jurors {
			b.must(b.Acknowledge(ctx, j, b.id))
		}
		b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4, 2), once.Action{}))
		heavier := slices.Clone(b.criteria)
		heavier[0].Weight, heavier[0].Description = 70, "pour qui y habite"
		if err := b.AmendCriteria(ctx, b.Boss, b.id, heavier, " "); !lacksReason(err) {
			t.Errorf("changed without a reason: %v", err)
		}
		setup := jury.Setup{Format: jury.OnStage, Way: jury.ByCriterion, Minutes: 8}
		if err := b.SetUp(ctx, b.Boss, b.id, setup, ""); !lacksReason(err) {
			t.Errorf("set up anew without a reason: %v", err)
		}
		if err := b.SetLadder(ctx, b.Boss, b.id, jury.Ladder{{Kind: jury.Shared}}, ""); !lacksReason(err) {
			t.Errorf("another ladder without a reason: %v", err)
		}
		db.Clock.Advance(1e9)
		b.must(b.AmendCriteria(ctx, b.Boss, b.id, heavier, "le poids était une coquille"))
		b.must(b.SetUp(ctx, b.Boss, b.id, setup, "la salle ferme plus tôt"))
		b.must(b.SetLadder(ctx, b.Boss, b.id, jury.Ladder{{Kind: jury.ByOne, Name: "Réalisable"}, {Kind: jury.Shared}}, "le règlement le dit"))
		got, err := b.Criteria(ctx, db, b.id)
		b.must(err)
		if diff := cmp.Diff(heavier, got); diff != "" {
			t.Errorf("the marks' criteria are not the same any more: %s", diff)
		}
		if diff := cmp.Diff([]int{4, 2}, b.values(b.jurors[0], "t-Cour")); diff != "" {
			t.Errorf("marks were lost: %s", diff)
		}
		all, err := b.Amendments(ctx, db, b.id)
		b.must(err)
		var said []string
		for _, a := range all {
			said = append(said, a.What+": "+a.Reason)
		}
		if diff := cmp.Diff([]string{"criteria: le poids était une coquille", "setup: la salle ferme plus tôt", "ladder: le règlement le dit"}, said); diff != "" {
			t.Error(diff)
		}
		if !strings.Contains(all[0].Before, "60") || !strings.Contains(all[0].After, "70") || strings.Contains(all[0].After, "Réalisable") {
			t.Errorf("the amendment says %q and then %q", all[0].Before, all[0].After)
		}
		jurors, err := b.Jurors(ctx, db, b.id)
		b.must(err)
		if unread, err := b.Unread(ctx, db, b.id, jurors[0]); err != nil || !unread {
			t.Errorf("a juror goes on without having read the change: %v", err)
		}
		b.must(b.Acknowledge(ctx, b.jurors[0], b.id))
		jurors, err = b.Jurors(ctx, db, b.id)
		b.must(err)
		if unread, err := b.Unread(ctx, db, b.id, jurors[0]); err != nil || unread {
			t.Errorf("a juror who has read it does not go on: %v", err)
		}
	})
}

func TestAmend_leavesTheMarksTheirMeaning(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4), once.Action{}))
		longer := slices.Clone(b.criteria)
		longer[0].Max = 10
		another := append(slices.Clone(b.criteria), jury.Criterion{Name: "Original", Weight: 1})
		for what, all := range map[string][]jury.Criterion{"another scale": longer, "a criterion more": another, "a criterion less": b.criteria[:1]} {
			if err := b.AmendCriteria(ctx, b.Boss, b.id, all, "il le faut"); !errs.Is(err, errs.Conflict) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if err := b.SetUp(ctx, b.Boss, b.id, jury.Setup{Format: jury.OnStage, Way: jury.ByBoth}, "il le faut"); !errs.Is(err, errs.Conflict) {
			t.Errorf("another way of judging: %v", err)
		}
		b.must(b.Close(ctx, b.Boss, b.id))
		b.must(b.Deliberate(ctx, b.Boss, b.id))
		heavier := slices.Clone(b.criteria)
		heavier[0].Weight = 99
		if err := b.AmendCriteria(ctx, b.Boss, b.id, heavier, "il le faut"); !errs.Is(err, errs.Conflict) {
			t.Errorf("the weights changed after the jury saw the ranking: %v", err)
		}
	})
}

func TestLadder_refusesWhatWouldSettleNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t, dbtest.SQLite(t))
	for what, l := range map[string]jury.Ladder{
		"no step":                  nil,
		"an open end":              {{Kind: jury.ByHeaviest}},
		"a step after the end":     {{Kind: jury.Shared}, {Kind: jury.ByHeaviest}},
		"an unknown criterion":     {{Kind: jury.ByOne, Name: "Beau"}, {Kind: jury.Shared}},
		"the same step twice":      {{Kind: jury.ByHeaviest}, {Kind: jury.ByHeaviest}, {Kind: jury.Shared}},
		"a step that is no step":   {{Kind: "draw"}, {Kind: jury.Shared}},
		"a lot after a first step": {{Kind: jury.ByHeaviest}, {Kind: "draw"}},
	} {
		if err := b.SetLadder(context.Background(), b.Boss, b.id, l, ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// Two teams with the same total: the ladder as it was written decides, step by step.
func TestLadder_decidesAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		ladder jury.Ladder
		first  string
		tie    jury.Tie
		ranks  []int
	}{
		{"the heaviest criterion", jury.Ladder{{Kind: jury.ByHeaviest}, {Kind: jury.Shared}}, "Cour", jury.TieCriterion, []int{1, 2}},
		{"a chosen criterion", jury.Ladder{{Kind: jury.ByOne, Name: "Réalisable"}, {Kind: jury.Shared}}, "Palier", jury.TieCriterion, []int{1, 2}},
		{"shared at once", jury.Ladder{{Kind: jury.Shared}}, "", jury.TieShared, []int{1, 1}},
		{"somebody decides", jury.Ladder{{Kind: jury.ByFirstPlaces}, {Kind: jury.ByDecider, Name: "Ada Exemple"}}, "", jury.TieOpen, []int{1, 1}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			ctx, b := context.Background(), newBench(t, dbtest.SQLite(t))
			b.near.teams = slices.DeleteFunc(b.near.teams, func(ref jury.TeamRef) bool { return ref.Name != "Cour" && ref.Name != "Palier" })
			b.must(b.SetCriteria(ctx, b.Boss, b.id, []jury.Criterion{{Name: "Utile", Weight: 60}, {Name: "Réalisable", Weight: 40}}))
			var err error
			b.criteria, err = b.Criteria(ctx, b.DB, b.id)
			b.must(err)
			b.must(b.SetLadder(ctx, b.Boss, b.id, c.ladder, ""))
			for _, j := range b.jurors { // 60 × 4 + 40 × 2 = 60 × 2 + 40 × 5
				b.must(b.Score(ctx, j, b.id, "t-Cour", b.sheet(4, 2), once.Action{}))
				b.must(b.Score(ctx, j, b.id, "t-Palier", b.sheet(2, 5), once.Action{}))
			}
			all, err := b.Standings(ctx, b.DB, b.id)
			b.must(err)
			names, ranks := places(all)
			if c.first != "" && names[0] != c.first || all[0].Tie != c.tie || cmp.Diff(c.ranks, ranks) != "" {
				t.Errorf("%v %v, by %q", names, ranks, all[0].Tie)
			}
			if c.tie != jury.TieOpen {
				return
			}
			b.must(b.Close(ctx, b.Boss, b.id))
			if err := b.Decide(ctx, b.Boss, b.id, "t-Palier", "Quelqu’un d’autre", "parce que"); !errs.Is(err, errs.Invalid) {
				t.Errorf("somebody decided whom the rule does not name: %v", err)
			}
			b.must(b.Decide(ctx, b.Boss, b.id, "t-Palier", "Ada Exemple", "elle a vu les deux"))
			all, err = b.Standings(ctx, b.DB, b.id)
			b.must(err)
			if all[0].Team.Name != "Palier" || all[0].Tie != jury.TieDecision {
				t.Errorf("after the decision %s is first by %q", all[0].Team.Name, all[0].Tie)
			}
		})
	}
}

func TestPages_rulesAreWrittenFrozenAndChangedWithAReason(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	ctx, c := context.Background(), b.Client(b.Boss)
	b.shows(b.Boss, "/criteria", "Utile aux locataires", "60\u00a0%", "Ce que veut dire 5")
	form := url.Values{"step_0": {"heaviest"}, "step_1": {"decider"}, "decider": {"Ada Exemple"}}
	if status, body := c.Post("/e/amiens-2018/jury/ladder", form); status != 200 || !strings.Contains(body, "Ada Exemple") {
		t.Errorf("the ladder answers %d", status)
	}
	rows := url.Values{}
	for i, one := range b.criteria {
		n := string(rune('0' + i))
		rows.Set("id_"+n, one.ID)
		rows.Set("name_"+n, one.Name)
		rows.Set("weight_"+n, []string{"60", "40"}[i])
		rows.Set("max_"+n, "5")
		rows.Set("level1_"+n, "presque rien")
		rows.Set("level5_"+n, "tout à fait")
	}
	rows.Set("do", "up_1")
	if status, _ := c.Post("/e/amiens-2018/jury/criteria", rows); status != 200 {
		t.Errorf("moving a criterion up answers %d", status)
	}
	var err error
	b.criteria, err = b.Criteria(ctx, b.DB, b.id)
	b.must(err)
	if b.criteria[0].Name != "Réalisable" || b.criteria[0].Level(5) != "tout à fait" {
		t.Errorf("the criteria are %+v", b.criteria)
	}
	b.must(b.Acknowledge(ctx, b.jurors[0], b.id))
	b.must(b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4, 3), once.Action{}))
	b.shows(b.Boss, "/criteria", "figés depuis la première note", "Pourquoi ce changement")
	db := b.DB
	later := url.Values{}
	for i, one := range b.criteria {
		n := string(rune('0' + i))
		later.Set("id_"+n, one.ID)
		later.Set("name_"+n, one.Name)
		later.Set("weight_"+n, "50")
		later.Set("level1_"+n, "presque rien")
	}
	if status, _ := c.Post("/e/amiens-2018/jury/criteria", later); status != http.StatusUnprocessableEntity {
		t.Errorf("a change without a reason answers %d", status)
	}
	body := `{"ladder": [{"kind": "shared"}]}`
	if status, answer := c.Do(http.MethodPut, "/api/v1/e/amiens-2018/jury/ladder", "application/json", body); status != http.StatusUnprocessableEntity ||
		!strings.Contains(answer, `"reason"`) {
		t.Errorf("a program that gives no reason is answered %d: %s", status, answer)
	}
	open := url.Values{"teams": {"20"}, "jurors": {"6"}, "minutes": {"5"}, "window": {"60"}, "form": {"visits"}, "way": {"criteria"}}
	if status, answer := c.Post("/e/amiens-2018/jury/format", open); status != http.StatusConflict || !strings.Contains(answer, "figés depuis la première note") {
		t.Errorf("a page of the time before the first mark is answered %d", status)
	}
	b.House.DB.Clock.Advance(1e9)
	later.Set("reason", "les poids étaient inversés")
	if status, _ := c.Post("/e/amiens-2018/jury/criteria", later); status != 200 {
		t.Errorf("a change with a reason answers %d", status)
	}
	got, err := b.Criteria(ctx, db, b.id)
	b.must(err)
	if got[0].Weight != 50 || got[0].Max != 5 || got[0].ID != b.criteria[0].ID || got[0].Level(1) != "presque rien" {
		t.Errorf("after the change the criteria are %+v", got)
	}
	// Everybody can read it, and a juror does before they go on.
	status, body := b.Client(b.Person("Paule Exemple")).Get("/e/amiens-2018/judging")
	if body = html.UnescapeString(body); status != 200 || !strings.Contains(body, "les poids étaient inversés") || !strings.Contains(body, "Ada Exemple décide") ||
		!strings.Contains(body, "tout à fait") || bareKey.MatchString(body) {
		t.Errorf("the public page answers %d", status)
	}
	b.shows(b.jurors[0], "", "La règle a changé depuis votre lecture", "les poids étaient inversés")
	if status, _ := b.Client(b.jurors[0]).Post("/e/amiens-2018/jury/brief", nil); status != 200 {
		t.Errorf("reading the change answers %d", status)
	}
	b.shows(b.jurors[0], "", "sur 6 reçues")
}
