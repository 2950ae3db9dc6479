package rulebook_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/rulebook"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// oneTeam is the event's.
type oneTeam struct{ team jury.TeamRef }

func (o oneTeam) Competing(context.Context, sqldb.Querier, edition.ID) ([]jury.TeamRef, error) {
	return []jury.TeamRef{o.team}, nil
}

func (o oneTeam) One(context.Context, sqldb.Querier, edition.ID, string) (jury.TeamRef, error) {
	return o.team, nil
}

// A change of frozen criteria without a reason is refused where the reason is asked for,
// keeps what was typed, and leaves the page's other form as it is.
func TestCriteria_refusedWhereTheReasonIsAsked(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	h := doortest.New(t, db, jury.Words)
	s := jury.NewService(db.DB, h.IDs, h.Editions, h.Accounts, jury.Neighbours{Teams: oneTeam{jury.TeamRef{ID: "t-1", Name: "Palier"}}}, h.Hub, h.Trail)
	rulebook.Routes(h.Door, s, db)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, id := t.Context(), h.Edition.ID
	juror := h.Person("Anne Exemple", edition.Juror)
	must(s.SetCriteria(ctx, h.Boss, id, []jury.Criterion{{Name: "Utile", Weight: 2}, {Name: "Réalisable", Weight: 1}}))
	must(s.SetLadder(ctx, h.Boss, id, jury.Ladder{{Kind: jury.ByFirstPlaces}, {Kind: jury.ByDecider, Name: "Olympe Exemple"}}, ""))
	h.Go(edition.Pitches)
	must(s.Acknowledge(ctx, juror, id))
	criteria, err := s.Criteria(ctx, db, id)
	must(err)
	must(s.Score(ctx, juror, id, "t-1", jury.Answers{Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: 4}}}, once.Action{}))

	boss := h.Client(h.Boss)
	typed := url.Values{}
	for i, c := range criteria {
		typed.Set(jury.FieldName("id", i), c.ID)
		typed.Set(jury.FieldName("name", i), c.Name)
		typed.Set(jury.FieldName("weight", i), "7")
	}
	status, body := boss.Post("/e/amiens-2018/jury/criteria", typed)
	if status != http.StatusUnprocessableEntity || strings.Count(body, `href="#criteria-reason"`) != 1 || strings.Contains(body, `href="#ladder-reason"`) {
		t.Errorf("a change without a reason answers %d, and does not say where it is asked for", status)
	}
	if strings.Count(body, `value="7"`) != 2 {
		t.Error("the weights that were typed are lost")
	}
	if !strings.Contains(body, `value="first_places" selected`) || !strings.Contains(body, "Olympe Exemple") {
		t.Error("the ladder's form is emptied")
	}
	status, body = boss.Post("/e/amiens-2018/jury/ladder", url.Values{jury.FieldName("step", 0): {"shared"}})
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, `href="#ladder-reason"`) || !strings.Contains(body, `value="Utile"`) {
		t.Errorf("a change of the ladder without a reason answers %d, or empties the criteria's form", status)
	}
	typed.Set("reason", "Le bailleur l’a demandé.")
	if _, body = boss.Post("/e/amiens-2018/jury/criteria", typed); !strings.Contains(body, "Le bailleur l’a demandé.") {
		t.Error("the reason of a change is not on the page")
	}
}
