package hall_test

import (
	"net/url"
	"strings"
	"testing"

	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// A team leaves while the plan is searched for: nobody is sent to it. And a plan that is
// made again sends no juror to a team that they have marked already.
func TestPlan_whatChangesMeanwhile(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		r := newRoom(t, db)
		marked, left := r.teams[0].ID, r.teams[7].ID
		r.score(r.jurors[0], marked, 4)
		if status, _ := r.Client(r.Boss).Post("/e/amiens-2018/jury/hall/plan", url.Values{"minutes": {"5"}, "window": {"30"}, "starts": {"14:00"}}); status != 200 {
			t.Fatalf("planning answers %d", status)
		}
		r.asked = func() { r.teams, r.asked = r.teams[:7], nil }
		r.RunJobs(r.hall.Jobs())
		type visit struct{ juror, team string }
		planned, err := sqldb.All(t.Context(), db, func(v *visit) []any { return []any{&v.juror, &v.team} },
			`SELECT juror_id, team_id FROM hall_errands WHERE edition_id = $1`, r.Edition.ID)
		r.must(err)
		for _, v := range planned {
			if v.team == left || v == (visit{string(r.jurors[0].ID), marked}) {
				t.Errorf("a visit is planned that nobody makes: %+v", v)
			}
		}
		if len(planned) < 14 {
			t.Errorf("seven teams get %d visits", len(planned))
		}
	})
}

// While teams wait for their first juror the desk names no leader.
func TestDesk_tooEarlyToSay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		r := newRoom(t, db)
		r.score(r.jurors[0], r.teams[0].ID, 5)
		if _, page := r.Client(r.Boss).Get("/e/amiens-2018/jury/hall"); !strings.Contains(page, "Trop tôt pour le dire. Aucun juré n’a encore noté 7 équipes.") {
			t.Errorf("after one sheet of one team the desk says:\n%s", page)
		}
	})
}
