package hall_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/kit/sqldb/dbtest"
)

// desk is what the tests read of the desk as JSON.
type desk struct {
	Jurors []struct {
		Juror    account.ID
		Presence string
		Left     int
		Stops    []struct {
			ID, Team string
			At       time.Time
			Changed  bool
		}
	}
	Teams []struct {
		Team   string
		Sheets int
		Gone   bool
	}
	Wanting []string
	Planned int
	Change  *struct{ Juror, Team string }
	Plan    *struct{ Job, State string }
}

func (d desk) gone(team string) bool {
	for _, t := range d.Teams {
		if t.Team == team {
			return t.Gone
		}
	}
	return false
}

const hallAPI = "/api/v1/e/amiens-2018/jury/hall"

// ask calls an operation and reads the answer into out; a refusal is a problem of RFC 9457.
func (r *room) ask(who account.Actor, method, path, in string, out any) int {
	r.T.Helper()
	status, body := r.Client(who).Do(method, path, "application/json", in)
	if status >= 400 && !strings.Contains(body, `"title"`) {
		r.T.Errorf("%s %s refuses with %d and %s", method, path, status, body)
	}
	if status < 300 && out != nil {
		if err := json.Unmarshal([]byte(body), out); err != nil {
			r.T.Fatalf("%s %s answers %s: %v", method, path, body, err)
		}
	}
	return status
}

// A program leads the jury through the hall as the head does at the desk.
func TestAPI_leadsThroughTheHall(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		for _, juror := range r.jurors {
			r.must(r.jury.Acknowledge(ctx, juror, r.Edition.ID))
		}
		var d desk
		if code := r.ask(r.Boss, "POST", hallAPI+"/plan", `{"minutes":5,"window":30,"starts":"soon"}`, nil); code != http.StatusUnprocessableEntity {
			t.Errorf("a time that is none answers %d", code)
		}
		if code := r.ask(r.jurors[1], "GET", hallAPI, "", nil); code != http.StatusForbidden && code != http.StatusNotFound {
			t.Errorf("a juror who is not the head reads the desk: %d", code)
		}
		if code := r.ask(r.Boss, "POST", hallAPI+"/plan", `{"minutes":5,"window":30}`, &d); code != http.StatusOK || d.Plan == nil || d.Plan.Job == "" {
			t.Fatalf("planning answers %d: %+v", code, d)
		}
		r.RunJobs(r.hall.Jobs())
		r.ask(r.Boss, "GET", hallAPI, "", &d)
		planned := d.Planned
		if planned == 0 || d.Plan.State != "done" || len(d.Wanting) != 8 || d.Jurors[3].Stops[0].At.IsZero() {
			t.Fatalf("the desk is %+v", d)
		}

		var cost struct{ Given, Moved, Lost []any }
		last := r.jurors[3].ID
		for i, want := range []int{1, 0} { // told twice, it costs nothing the second time
			r.ask(r.Boss, "POST", hallAPI+"/jurors/"+string(last)+"/missing", `{"reason":"malade"}`, &cost)
			if got := min(1, len(cost.Given)+len(cost.Moved)+len(cost.Lost)); got != want {
				t.Errorf("telling it the %d. time costs %+v", i+1, cost)
			}
		}
		d = desk{}
		r.ask(r.Boss, "GET", hallAPI, "", &d)
		if d.Jurors[3].Presence != "absent" || len(d.Jurors[3].Stops) != 0 || d.Change == nil || d.Change.Juror != string(last) {
			t.Errorf("the desk is %+v", d)
		}
		if code := r.ask(r.Boss, "POST", hallAPI+"/jurors/"+string(last)+"/back", `{}`, &d); code != http.StatusOK || d.Jurors[3].Presence != "present" {
			t.Errorf("who has come is %+v, %d", d.Jurors[3], code)
		}
		if code := r.ask(r.Boss, "POST", hallAPI+"/jurors/"+string(last)+"/back", `{}`, nil); code != http.StatusNotFound {
			t.Errorf("who is there comes once more: %d", code)
		}

		before := d
		r.ask(r.Boss, "POST", hallAPI+"/teams/t-Palier/left", `{}`, nil)
		d = desk{}
		r.ask(r.Boss, "GET", hallAPI, "", &d)
		if !d.gone("t-Palier") || d.Planned >= before.Planned || len(d.Wanting) != 7 {
			t.Errorf("after a team has left the desk is %+v", d)
		}
		d = desk{}
		if code := r.ask(r.Boss, "POST", hallAPI+"/teams/t-Palier/back", `{}`, &d); code != http.StatusOK || d.gone("t-Palier") || d.Planned != before.Planned {
			t.Errorf("a team that is back has %d visits of %d: %d", d.Planned, before.Planned, code)
		}
		if d.Change != nil && d.Change.Team != "" {
			t.Errorf("a leaving that was taken back is still told: %+v", d.Change)
		}
		if code := r.ask(r.Boss, "POST", hallAPI+"/teams/t-Palier/back", `{}`, nil); code != http.StatusNotFound {
			t.Errorf("a team that is there comes back once more: %d", code)
		}
	})
}

// A juror's phone asks where to go, and says what could not be made.
func TestAPI_aJurorsWay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, r := t.Context(), newRoom(t, db)
		anne := r.jurors[0]
		r.must(r.jury.Acknowledge(ctx, anne, r.Edition.ID))
		for range 2 { // a device that sends it twice
			if code := r.ask(r.Boss, "POST", hallAPI+"/send", `{"juror":"`+string(anne.ID)+`","team":"t-Cour","action_id":"tap"}`, nil); code != http.StatusOK {
				t.Fatalf("sending answers %d", code)
			}
		}
		var way struct {
			Stops []struct{ ID, Team, Source string }
		}
		r.ask(anne, "GET", "/api/v1/e/amiens-2018/jury/way", "", &way)
		if len(way.Stops) != 1 || way.Stops[0].Team != "t-Cour" || way.Stops[0].Source != "sent" {
			t.Fatalf("the juror's way is %+v", way)
		}
		skip := "/api/v1/e/amiens-2018/jury/skip/" + way.Stops[0].ID
		for _, in := range []string{`{"why":"tired"}`, `{"why":5}`, `{}`} {
			if code := r.ask(anne, "POST", skip, in, nil); code != http.StatusUnprocessableEntity {
				t.Errorf("%s answers %d", in, code)
			}
		}
		if code := r.ask(r.jurors[1], "POST", skip, `{"why":"busy"}`, nil); code != http.StatusNotFound {
			t.Errorf("another juror skips it: %d", code)
		}
		way.Stops = nil
		if code := r.ask(anne, "POST", skip, `{"why":"busy"}`, &way); code != http.StatusOK || len(way.Stops) != 0 {
			t.Errorf("after skipping the way is %+v, %d", way, code)
		}
		var next struct{ Team string }
		if code := r.ask(anne, "POST", "/api/v1/e/amiens-2018/jury/next", `{}`, &next); code != http.StatusOK || next.Team == "" {
			t.Errorf("the next visit is %+v, %d", next, code)
		}
	})
}
