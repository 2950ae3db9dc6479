package paper_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/paper"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

// After a sheet was printed another jury was named for a prize: what is still the juror's
// is typed, the rest is said in words and counts for nothing.
func TestType_whatIsStillTheJurors(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx, id := t.Context(), d.Edition.ID
		d.must(d.jury.SetCriteria(ctx, d.Boss, id, []jury.Criterion{{Name: "Utile", Weight: 60}, {Name: "Jardin", Weight: 10, Prize: "p-jardin"}, {Name: "Réalisable", Weight: 40}}))
		var err error
		d.criteria, err = d.jury.Criteria(ctx, db, id)
		d.must(err)
		sheet := d.printed()
		if n := len(sheet.Rows.Teams[0].Asks); n != 3 {
			t.Fatalf("%d boxes a team are printed", n)
		}
		cells := map[string]string{d.criteria[0].ID: "4", d.criteria[1].ID: "5", d.criteria[2].ID: "2"}
		in := paper.Typed{Cell: func(team, criterion string) string {
			return map[bool]string{true: cells[criterion]}[team == "t-Cour" || team == "t-Guichet"]
		}}
		if state := d.typeIt(d.gaspard, sheet.Code, in); state != paper.Once {
			t.Fatalf("after the first: %s", state)
		}
		basile := d.Person("Basile Deux", edition.Juror)
		d.must(d.jury.SetPanel(ctx, d.Boss, id, jury.Panel{Prize: jury.PrizeRef{ID: "p-jardin"}, Who: jury.AllTeams, Jurors: []account.ID{basile.ID}}, "Basile seul connaît les jardins"))
		_, page := d.Client(d.gilda).Get("/e/amiens-2018/jury/paper/" + sheet.Code)
		if !strings.Contains(page, "Anne Exemple juge moins de choses") || !strings.Contains(page, "Cour\u00a0: plus «") || strings.Count(page, "data-cell=") != 8 {
			t.Error("the page does not say what is asked no more, or has its boxes")
		}
		if state := d.typeIt(d.gilda, sheet.Code, in); state != paper.Taken {
			t.Errorf("after the second: %s", state)
		}
		if diff := cmp.Diff([]string{"4", "", "2"}, d.values("t-Cour")); diff != "" {
			t.Error(diff)
		}
	})
}

// A juror who by now judges one team for one prize alone has no other row to type; where
// none is left, the page says so and nothing can be typed.
func TestType_rowsThatAreNotTheJurorsAnyMore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newDesk(t, db)
		ctx, id := t.Context(), d.Edition.ID
		sheet := d.printed()
		limit := func(team string) {
			d.must(d.jury.SetPanel(ctx, d.Boss, id, jury.Panel{Prize: jury.PrizeRef{ID: "p-jardin"}, Who: jury.ChosenTeams, Teams: []string{team},
				Jurors: []account.ID{d.anne.ID}, Limited: []account.ID{d.anne.ID}}, "invitée du prix"))
		}
		limit("t-Voisins")
		all := d.typed("", "Cour 4 2", "Voisins 3 5")
		d.typeIt(d.gaspard, sheet.Code, all)
		_, page := d.Client(d.gilda).Get("/e/amiens-2018/jury/paper/" + sheet.Code)
		if !strings.Contains(page, "Cour\u00a0: plus rien") || strings.Count(page, "data-cell=") != 2 {
			t.Error("the page does not say which rows are gone")
		}
		if state := d.typeIt(d.gilda, sheet.Code, all); state != paper.Taken {
			t.Errorf("after the second: %s", state)
		}
		if diff := cmp.Diff([]string{"3", "5"}, d.values("t-Voisins")); diff != "" || len(d.marks("t-Cour")) != 0 {
			t.Errorf("%s, and %d marks for a team that is not hers", diff, len(d.marks("t-Cour")))
		}
		other := d.printed()
		limit("t-Cour")
		if other.Rows.Teams[0].Team != "t-Voisins" || len(other.Rows.Teams) != 1 {
			t.Fatalf("%+v", other.Rows)
		}
		_, page = d.Client(d.gilda).Get("/e/amiens-2018/jury/paper/" + other.Code)
		if !strings.Contains(page, "il n’y a rien à saisir") || strings.Contains(page, "data-cell=") {
			t.Error("a sheet of which nothing is left can be typed")
		}
		if _, err := d.Type(ctx, d.gilda, id, other.Code, all); !errs.Is(err, errs.Invalid) {
			t.Errorf("it was typed: %v", err)
		}
	})
}

// The criteria in another order than they are printed in are still the same criteria.
func TestType_criteriaInAnotherOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	ctx, id := t.Context(), d.Edition.ID
	sheet := d.printed()
	d.typeIt(d.gaspard, sheet.Code, d.typed("", "Cour 4 2"))
	d.must(d.jury.Score(ctx, d.anne, id, "t-Guichet", jury.Answers{Marks: map[string]jury.Answer{d.criteria[0].ID: {Kind: jury.Scored, Value: 3}}}, once.Action{}))
	turned := []jury.Criterion{d.criteria[1], d.criteria[0]}
	d.must(d.jury.AmendCriteria(ctx, d.Boss, id, turned, "plus clair ainsi"))
	_, page := d.Client(d.gilda).Get("/e/amiens-2018/jury/paper/" + sheet.Code)
	if first, second := strings.Index(page, d.criteria[0].Name), strings.Index(page, d.criteria[1].Name); first < 0 || second < first {
		t.Error("the boxes are not in the order of the paper")
	}
	if state := d.typeIt(d.gilda, sheet.Code, d.typed("", "Cour 4 2")); state != paper.Taken {
		t.Errorf("after the second: %s", state)
	}
}
