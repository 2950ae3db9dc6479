package checkin_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/checkin"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// open is an entrance with its pages.
func open(t *testing.T, seats int) *entrance {
	t.Helper()
	d := newEntrance(t, dbtest.SQLite(t), seats)
	checkin.Routes(d.Door, d.Service)
	return d
}

// shows fails where a page lacks a text.
func shows(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page lacks %q:\n%s", text, page[max(strings.Index(page, "<main"), 0):])
		}
	}
}

// A participant whose phone is alive shows a badge; crew scan it, without script.
func TestPages_badgeToDesk(t *testing.T) {
	t.Parallel()
	d := open(t, 24)
	r := d.register()
	_, page := d.Client(account.Actor{ID: r.Account}).Get("/e/amiens-2018/badge")
	shows(t, page, "Personne Exemple 1", "<svg", "photo-mark is-no")
	code := regexp.MustCompile(`badge-code">(\w{6})<`).FindStringSubmatch(page)[1]
	crew := d.Client(d.gaston)
	_, page = crew.Get("/e/amiens-2018/checkin?door=rue")
	shows(t, page, "Derniers passages", "data-scan", `data-outbox="checkin"`, `value="rue"`, checkin.MarkOf(d.Edition.ID, code))
	if strings.Contains(page, code) || strings.Contains(page, "p1@example.org") {
		t.Error("the page of a door holds codes or addresses")
	}
	_, page = crew.Post("/e/amiens-2018/checkin/pass", url.Values{"code": {strings.ToLower(code)}, "way": {"in"}, "station": {"rue"}})
	shows(t, page, "Personne Exemple 1\u00a0: arrivée à", "sur 4 attendues")
	_, page = crew.Post("/e/amiens-2018/checkin/pass", url.Values{"code": {code}, "way": {"in"}})
	shows(t, page, "déjà à l’intérieur")
	_, page = crew.Get("/e/amiens-2018/b/" + code)
	shows(t, page, "À l’intérieur depuis", "Sortie")
	_, page = crew.Get("/e/amiens-2018/checkin/inside")
	shows(t, page, "1 dans le bâtiment", "Personne Exemple 1")
	status, page := crew.Post("/e/amiens-2018/checkin/pass", url.Values{"code": {"ZZZZZZ"}})
	if status != 422 {
		t.Errorf("an unknown code: %d", status)
	}
	shows(t, page, "n’est celui d’aucun badge")
	_, page = crew.Get("/e/amiens-2018/checkin?q=PERSONNE")
	shows(t, page, `data-name="Personne Exemple 1"`)
}

func TestPages_walkInRefusedWithReason(t *testing.T) {
	t.Parallel()
	d := open(t, 1)
	crew := d.Client(d.gaston)
	form := url.Values{"name": {"Sam Exemple"}, "email": {"sam@example.org"}, "profile": {"student"}}
	_, page := crew.Post("/e/amiens-2018/checkin/walk-in", form)
	shows(t, page, "Sam Exemple\u00a0: arrivée")
	form.Set("email", "other@example.org")
	form.Set("name", "Autre Exemple")
	status, page := crew.Post("/e/amiens-2018/checkin/walk-in", form)
	if status != 409 {
		t.Errorf("status %d", status)
	}
	shows(t, page, "Toutes les places (1) sont prises", `value="Autre Exemple"`)
}

// The outbox of a phone sends what it kept, hears a sentence, and may send it again.
func TestPages_outbox(t *testing.T) {
	t.Parallel()
	d := open(t, 24)
	r := d.register()
	var session account.Session
	if err := d.DB.InTx(t.Context(), func(tx *sqldb.Tx) (err error) {
		session, err = d.Accounts.OpenTx(t.Context(), tx, d.gaston.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	form := url.Values{"account": {string(r.Account)}, "way": {"in"}, "action_id": {"0123456789abcdefghjkmnpqrs"}, "acted_at": {"1526713380000"}}
	for range 2 {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/e/amiens-2018/checkin/pass", strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Accept", "application/json")
		request.Header.Set("Authorization", "Bearer "+session.Token)
		answer := httptest.NewRecorder()
		d.Door.ServeHTTP(answer, request)
		status, body := answer.Code, answer.Body.String()
		if status != 200 || !strings.Contains(body, `"tone":"good"`) || !strings.Contains(body, "Personne Exemple 1") {
			t.Errorf("%d %s", status, body)
		}
	}
}

func TestPages_whoMayEnter(t *testing.T) {
	t.Parallel()
	d := open(t, 24)
	participant := d.Client(d.Person("Paule Exemple"))
	for _, path := range []string{"checkin", "checkin/inside", "checkin/badges"} {
		if status, _ := participant.Get("/e/amiens-2018/" + path); status != 403 {
			t.Errorf("a participant at %s: %d", path, status)
		}
	}
	if status, _ := d.Client(d.gaston).Post("/e/amiens-2018/checkin/release", nil); status != 403 {
		t.Errorf("crew release seats: %d", status)
	}
	_, page := d.Client(d.Boss).Get("/e/amiens-2018/checkin/badges")
	shows(t, page, "Gaston Exemple", "badge-card", "4 badges")
	status, page := d.Client(d.Boss).Post("/e/amiens-2018/checkin/max", url.Values{"max": {"many"}})
	if status != 422 {
		t.Errorf("a maximum that is no number: %d", status)
	}
	shows(t, page, `value="many"`)
	_, page = d.Client(d.Boss).Post("/e/amiens-2018/checkin/max", url.Values{"max": {"60"}})
	shows(t, page, `value="60"`)
}

func TestStatic(t *testing.T) {
	t.Parallel()
	d := open(t, 24)
	c := d.Client(account.Actor{})
	for file, want := range map[string]int{"desk.js": 200, "checkin.css": 200, "desk.templ": 404} {
		if status, _ := c.Get("/checkin/" + file); status != want {
			t.Errorf("%s: %d", file, status)
		}
	}
}

func TestAPI(t *testing.T) {
	t.Parallel()
	d := open(t, 24)
	crew := d.Client(d.Person("Ada Exemple", edition.Crew))
	r := d.register()
	body := `{"account": "` + string(r.Account) + `", "action_id": "x1", "acted_at": "2018-05-19T05:59:00Z"}`
	if status, answer := crew.Do("POST", "/api/v1/e/amiens-2018/passes", "application/json", body); status != 200 || !strings.Contains(answer, `"at":"2018-05-19T05:59:00Z"`) {
		t.Errorf("%d %s", status, answer)
	}
	if status, answer := crew.Do("GET", "/api/v1/e/amiens-2018/presences", "", ""); status != 200 || !strings.Contains(answer, `"inside":1`) {
		t.Errorf("%d %s", status, answer)
	}
}
