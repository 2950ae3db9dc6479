package stage_test

import (
	"context"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/stage"
	"h48/internal/ui"
)

// newHall is a scene with its pages.
func newHall(t *testing.T) *scene {
	sc := newScene(t, dbtest.SQLite(t))
	stage.Routes(sc.Door, sc.Service, stage.Screen{
		Ring: func(v *door.Visit) ui.RingData {
			return ui.RingData{Start: v.Now.Add(-time.Hour), End: v.Now.Add(time.Hour), Now: v.Now}
		},
		NowNext: func(context.Context, *door.Visit) (now, next string, err error) {
			return "Pause café", "Ensuite les pitchs", nil
		},
	})
	return sc
}

// shows fails unless the page at the path has all the texts and none that begins with "-".
func (sc *scene) shows(who account.Actor, path string, texts ...string) string {
	sc.T.Helper()
	status, body := sc.Client(who).Get(path)
	if status != 200 {
		sc.T.Errorf("%s answers %d", path, status)
	}
	if key := regexp.MustCompile(`>\s*stage\.[a-z_.]+\s*<`).FindString(body); key != "" {
		sc.T.Errorf("%s shows a key: %s", path, key)
	}
	for _, text := range texts {
		if without, not := strings.CutPrefix(text, "-"); not == strings.Contains(body, strings.TrimSpace(without)) {
			sc.T.Errorf("%s: %q", path, text)
		}
	}
	return body
}

var until = regexp.MustCompile(`data-until="(\d+)"`)

func TestPages_countInStep(t *testing.T) {
	t.Parallel()
	sc := newHall(t)
	public, speaker := account.Actor{}, sc.Person("Zoé Exemple")
	for i := range *sc.teams {
		(*sc.teams)[i].Members = []account.ID{account.ID("nobody-" + (*sc.teams)[i].ID)}
	}
	sc.shows(public, "/e/amiens-2018/stage", "Pause café", "Ensuite les pitchs")
	sc.shows(public, "/e/amiens-2018/pitches", "pas encore tiré")

	boss := sc.Client(sc.Boss)
	prepare := "/e/amiens-2018/pitches/"
	boss.Post(prepare+"promise", nil)
	sc.shows(public, prepare+"draw", "1. La promesse", "-Secret")
	if status, _ := boss.Post(prepare+"draw", url.Values{"word": {"coquelicot"}}); status != 200 {
		t.Fatalf("the draw answers %d", status)
	}
	sc.shows(public, prepare+"draw", "l’ordre publié est bien celui du tirage", "coquelicot")
	d, err := sc.DrawOf(t.Context(), sc.DB, sc.id)
	sc.must(err)
	first, second := d.Order[0], d.Order[1]
	for i := range *sc.teams {
		if (*sc.teams)[i].ID == second {
			(*sc.teams)[i].Members = []account.ID{speaker.ID}
		}
	}
	sc.shows(speaker, prepare+"mine", "Vous passez dans")

	crew := sc.Client(sc.crew)
	if status, _ := crew.Post(prepare+"run/"+first, url.Values{"do": {"start"}}); status != 200 {
		t.Fatalf("start answers %d", status)
	}
	if status, body := crew.Post(prepare+"run/"+second, url.Values{"do": {"start"}}); status != 409 || !strings.Contains(body, "déjà sur scène") {
		t.Errorf("a second start answers %d", status)
	}
	sc.DB.Clock.Advance(time.Minute)
	seen := map[string]bool{}
	for path, who := range map[string]account.Actor{"/e/amiens-2018/stage": public, prepare + "run": sc.crew, prepare + "mine": speaker} {
		body := sc.shows(who, path, "2:00")
		if m := until.FindStringSubmatch(body); m != nil {
			seen[m[1]] = true
		}
	}
	if len(seen) != 1 {
		t.Errorf("the pages count down to %v", seen)
	}
	sc.DB.Clock.Advance(2*time.Minute + 12*time.Second)
	sc.shows(public, "/e/amiens-2018/stage", "− 0:12", "Temps dépassé")
	crew.Post(prepare+"run/"+first, url.Values{"do": {"stop"}})
	sc.shows(public, "/e/amiens-2018/pitches", "3:12 (+0:12)")
	sc.shows(sc.Boss, prepare+"prepare", "Déplacer une équipe")
}

func TestPages_rights(t *testing.T) {
	t.Parallel()
	sc := newHall(t)
	order := sc.draw("").Order
	someone := sc.Client(sc.Person("Paule Exemple"))
	for path, form := range map[string]url.Values{"run/" + order[0]: {"do": {"start"}}, "settings": nil, "move": nil, "promise": nil} {
		if status, _ := someone.Post("/e/amiens-2018/pitches/"+path, form); status != 403 {
			t.Errorf("a participant posts to %s: %d", path, status)
		}
	}
	if status, _ := sc.Client(sc.crew).Post("/e/amiens-2018/pitches/move", nil); status != 403 {
		t.Errorf("the crew moves a team: %d", status)
	}
	if status, body := sc.Client(sc.Boss).Post("/e/amiens-2018/pitches/move", url.Values{"team": {order[0]}, "position": {"2"}}); status != 422 || !strings.Contains(body, "À remplir.") {
		t.Errorf("moved without a reason: %d", status)
	}
	if status, _ := sc.Client(sc.Boss).Post("/e/amiens-2018/pitches/settings", url.Values{"allotted": {"2"}, "warn": {"x"}}); status != 422 {
		t.Errorf("odd settings: %d", status)
	}
}

func TestAPI_startAndStop(t *testing.T) {
	t.Parallel()
	sc := newHall(t)
	order := sc.draw("").Order
	crew, path := sc.Client(sc.crew), "/api/v1/e/amiens-2018/pitches/"+order[0]
	for range 2 { // the second is the same action
		if status, body := crew.Do("POST", path+"/start", "application/json", `{"action_id": "k1"}`); status != 200 || !strings.Contains(body, `"running"`) {
			t.Fatalf("start: %d %s", status, body)
		}
	}
	sc.DB.Clock.Advance(90 * time.Second)
	if status, body := crew.Do("POST", path+"/stop", "application/json", `{}`); status != 200 || !strings.Contains(body, `"spent_seconds":90`) {
		t.Errorf("stop: %d %s", status, body)
	}
	if status, body := sc.Client(account.Actor{}).Get("/api/v1/e/amiens-2018/pitches/draw"); status != 200 || !strings.Contains(body, order[5]) {
		t.Errorf("the draw: %d %s", status, body)
	}
	if err := sc.Start(t.Context(), sc.crew, sc.id, order[0], once.Action{}); err == nil {
		t.Error("a pitch that is done was started again")
	}
}
