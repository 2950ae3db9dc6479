package jury_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// ComesWith implements jury.Companions.
func (n *neighbourhood) ComesWith(context.Context, sqldb.Querier, edition.ID, ...account.ID) (map[account.ID][]string, error) {
	return n.with, nil
}

// The rehearsal leaves no trace in what counts: neither in the ranking, nor in what a
// juror's severity is estimated from, nor in the freeze of the rules.
func TestPractice_isNeverUsed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		for _, j := range b.jurors {
			for _, team := range []string{"t-Voisins", "t-Cour"} {
				b.must(b.Score(ctx, j, b.id, team, b.sheet(4, 3), once.Action{}))
			}
		}
		before, err := b.Ranking(ctx, db, b.id)
		b.must(err)
		event, err := b.Event(ctx, db, b.id)
		b.must(err)
		for _, project := range jury.Practices() { // a very strict juror, in the rehearsal
			b.must(b.Practice(ctx, b.jurors[0], b.id, project, b.sheet(1, 1), once.Action{}))
		}
		after, err := b.Ranking(ctx, db, b.id)
		b.must(err)
		again, err := b.Event(ctx, db, b.id)
		b.must(err)
		if diff := cmp.Diff(event, again); diff != "" || before.Fingerprint != after.Fingerprint {
			t.Errorf("the rehearsal counts: %s", diff)
		}
		n, err := b.Rehearsed(ctx, db, b.id)
		if err != nil || n[b.jurors[0].ID] != 2 || n[b.jurors[1].ID] != 0 {
			t.Errorf("have rehearsed: %v %v", n, err)
		}
	})
}

func TestPractice_beforeTheFirstMarkFreezesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		given := db.Now()
		db.Clock.Advance(time.Minute)
		late, early := once.Action{ID: "p2", At: given.Add(30 * time.Second)}, once.Action{ID: "p1", At: given}
		for range 2 { // sent twice, and in the wrong order
			b.must(b.Practice(ctx, b.jurors[0], b.id, "broom", b.sheet(5), late))
			b.must(b.Practice(ctx, b.jurors[0], b.id, "broom", b.sheet(2), early))
		}
		mine, err := b.MyPractice(ctx, db, b.jurors[0], b.id, "broom")
		b.must(err)
		got := mine[b.criteria[0].ID]
		if len(mine) != 1 || got.Value != "5" || !got.Given.Equal(late.At) || !got.Received.After(got.Given) {
			t.Errorf("of the rehearsal %+v is left", mine)
		}
		if frozen, err := b.Frozen(ctx, db, b.id); err != nil || frozen {
			t.Errorf("the rehearsal froze the rules: %v", err)
		}
		if err := b.Practice(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(5), once.Action{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("rehearsed on a team: %v", err)
		}
		if err := b.Practice(ctx, b.Boss, b.id, "broom", b.sheet(5), once.Action{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("somebody rehearsed who is no juror: %v", err)
		}
		if err := b.Practice(ctx, b.jurors[0], b.id, "broom", b.sheet(9), once.Action{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("above the scale: %v", err)
		}
	})
}

func TestPages_practice(t *testing.T) {
	t.Parallel()
	b := newHall(t)
	anne := b.jurors[0]
	for _, j := range b.jurors[:2] {
		b.must(b.Acknowledge(context.Background(), j, b.id))
	}
	b.shows(anne, "", "Avant de noter pour de bon")
	b.shows(anne, "/practice", "Les Balais réunis", "La Bouilloire bavarde", "à noter")
	b.shows(anne, "/practice/kettle", "Utile aux locataires", "Rien de reçu.")
	c := b.Client(anne)
	for _, project := range jury.Practices() {
		form := b.form(3, 4)
		form.Del("note")
		if status, _ := c.Post("/e/amiens-2018/jury/practice/"+project, form); status != 200 {
			t.Errorf("rehearsing on %s answers %d", project, status)
		}
	}
	b.shows(anne, "/practice", "Vous êtes prêt")
	b.shows(anne, "/practice/broom", "4 sur 5, donné et reçu à")
	b.shows(b.Boss, "/board", "a répété", "n’a pas encore répété")
	if status, body := c.Post("/e/amiens-2018/jury/practice/broom", url.Values{"mark_" + b.criteria[0].ID: {"8"}}); status != 422 || !strings.Contains(body, "Entre 1 et 5.") {
		t.Errorf("above the scale answers %d", status)
	}
	if status, _ := c.Get("/e/amiens-2018/jury/practice/none"); status != 404 {
		t.Errorf("a project that was not made up answers %d", status)
	}
}

func TestConflicts_registeredTogetherAndTheirOwnChallenge(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		anne, basile := b.jurors[0], b.jurors[1]
		b.near.with = map[account.ID][]string{b.near.teams[4].Members[0]: {"quelqu’un", "anne  EXEMPLE"}, basile.ID: {"Membre Jardin"}}
		b.near.teams[2].Challenge = "heat"
		b.must(b.WorksFor(ctx, anne, b.id, " énergie exemple "))
		for _, c := range []struct {
			who    account.Actor
			team   string
			source jury.Source
		}{{anne, "t-Palier", jury.Together}, {basile, "t-Jardin", jury.Together}, {anne, "t-Chaleur", jury.OwnChallenge}} {
			if err := b.Score(ctx, c.who, b.id, c.team, b.sheet(5, 5), once.Action{}); err == nil {
				t.Errorf("%s scores %s", c.who.Name, c.team)
			}
			b.must(b.Lift(ctx, b.Boss, b.id, c.who.ID, c.team, "vérifié"))
			b.must(b.Score(ctx, c.who, b.id, c.team, b.sheet(5, 5), once.Action{}))
			all, err := b.Conflicts(ctx, db, b.id)
			b.must(err)
			found := false
			for _, x := range all {
				found = found || x.Juror == c.who.ID && x.Team == c.team && x.Source == c.source && x.LiftedWhy == "vérifié"
			}
			if !found {
				t.Errorf("the minutes do not know that %s had a tie (%s) with %s", c.who.Name, c.source, c.team)
			}
		}
		mine, err := b.Mine(ctx, db, basile, b.id)
		if err != nil || mine.Expected != 6 {
			t.Errorf("after the lifting %d sheets are expected: %v", mine.Expected, err)
		}
	})
}
