package hall_test

import (
	"net/url"
	"testing"

	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

// Two jurors are missing in the same instant: those who stay see no team twice, and no
// table has two jurors at once.
func TestMissing_twoAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		boss := r.Client(r.Boss)
		boss.Post("/e/amiens-2018/jury/hall/plan", url.Values{"minutes": {"5"}, "window": {"30"}, "starts": {"14:00"}})
		r.RunJobs(r.hall.Jobs())
		miss := func(k int) func() {
			return func() {
				if _, err := r.hall.Missing(ctx, r.Boss, r.Edition.ID, r.jurors[k].ID, "malade"); err != nil {
					t.Error(err)
				}
			}
		}
		dbtest.AtOnce(miss(2), miss(3))
		type place struct {
			team string
			slot int
		}
		at := map[place]string{}
		for _, j := range r.jurors {
			seen := map[string]bool{}
			for _, s := range r.mine(j) {
				if seen[s.Team] {
					t.Errorf("%s sees %s twice", j.Name, s.Team)
				}
				if who := at[place{s.Team, s.Slot}]; who != "" {
					t.Errorf("%s and %s are at %s at once", who, j.Name, s.Team)
				}
				seen[s.Team], at[place{s.Team, s.Slot}] = true, j.Name
			}
		}
		if len(at) == 0 {
			t.Error("nobody has a way any more")
		}
	})
}

// Two who lead the jury send one juror in the same instant: to one of the two tables.
func TestSend_twoAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		send := func(team string) func() {
			return func() {
				if err := r.hall.Send(ctx, r.Boss, r.Edition.ID, r.jurors[0].ID, team, once.Action{}); err != nil {
					t.Error(err)
				}
			}
		}
		for range 6 {
			dbtest.AtOnce(send("t-Cour"), send("t-Jardin"))
			if mine := r.mine(r.jurors[0]); len(mine) != 1 {
				t.Fatalf("the juror is to go to %+v", mine)
			}
		}
	})
}
