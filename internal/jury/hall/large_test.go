package hall_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"h48/internal/jury"
	"h48/internal/kit/sqldb/dbtest"
)

// The desk of many teams says first where a visit tells most; the others stand a page at a
// time, and who says that one has left comes back to that page.
func TestDesk_ofManyTeams(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	r := newRoom(t, db)
	r.teams = nil
	for i := range 60 {
		r.teams = append(r.teams, jury.TeamRef{ID: fmt.Sprintf("t-%02d", i), Name: fmt.Sprintf("Équipe %02d", i), Table: i + 1})
	}
	for _, juror := range r.jurors { // a team that nobody can visit any more
		r.must(r.jury.Acknowledge(t.Context(), juror, r.Edition.ID))
		r.score(juror, "t-00", 4)
	}
	r.score(r.jurors[0], "t-01", 3)

	boss := r.Client(r.Boss)
	_, body := boss.Get("/e/amiens-2018/jury/hall")
	for _, id := range []string{"wants-t-02", "wants-t-11", "seen-t-00", "seen-t-11"} {
		if !strings.Contains(body, `id="`+id+`"`) {
			t.Errorf("the desk has no %s", id)
		}
	}
	for _, id := range []string{"wants-t-00", "wants-t-01", "wants-t-12", "seen-t-12"} {
		if strings.Contains(body, `id="`+id+`"`) {
			t.Errorf("the desk of a large event shows %s", id)
		}
	}
	_, body = boss.Get("/e/amiens-2018/jury/hall?q=equipe+4&page=1")
	if !strings.Contains(body, `id="seen-t-49"`) || strings.Contains(body, `id="seen-t-01"`) {
		t.Error("a team is not found by its name")
	}
	const fourth = "/e/amiens-2018/jury/hall/left?page=4"
	if _, body = boss.Get("/e/amiens-2018/jury/hall?page=4"); !strings.Contains(body, `action="`+fourth+`"`) {
		t.Error("the forms of the fourth page lead elsewhere")
	}
	_, body = boss.Post(fourth, url.Values{"team": {"t-40"}})
	if !strings.Contains(body, `id="seen-t-40"`) || strings.Contains(body, `id="seen-t-00"`) {
		t.Error("after a change the desk is at another page")
	}
	if !strings.Contains(body, ">partie<") {
		t.Error("the desk does not say that the team has left")
	}
}
