package app_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/mail"
	"h48/internal/kit/web"
)

// house is the whole program on a database of its own, with an edition founded from the
// landlord's template by Olympe, and somebody in each role.
type house struct {
	*app.App
	t       testing.TB
	clock   *clock.Fake
	edition edition.Edition
	// who is somebody of the role; "admin" looks after the installation and is nothing in
	// the edition, "" is nobody.
	who map[string]account.Actor
}

// empty is an installation at which nobody has been yet.
func empty(t testing.TB) *house {
	t.Helper()
	return build(t, false)
}

func build(t testing.TB, demo bool) *house {
	t.Helper()
	return buildWith(t, demo, mail.Log{Logger: slog.New(slog.DiscardHandler)})
}

func buildWith(t testing.TB, demo bool, sender mail.Sender) *house {
	t.Helper()
	dir := t.TempDir()
	h := &house{t: t, clock: clock.NewFake(time.Date(2018, 5, 1, 8, 0, 0, 0, time.UTC)), who: map[string]account.Actor{}}
	var err error
	h.App, err = app.New(t.Context(), config.Config{Listen: "h48.test", Database: "sqlite:" + filepath.Join(dir, "h48.db"), Files: filepath.Join(dir, "files")},
		app.Parts{Clock: h.clock, IDs: ids.Seeded(48, h.clock.Now), Log: slog.New(slog.DiscardHandler), Sender: sender, Demo: demo})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.must(h.Close()) })
	return h
}

func open(t testing.TB) *house {
	t.Helper()
	h := empty(t)
	h.who["admin"] = h.admin("admin@example.org", "Ada Ministre")
	boss := h.admin("olympe@example.org", "Olympe Exemple")
	h.who["organiser"] = boss
	h.found(boss)
	for _, role := range edition.AllRoles[1:] {
		who, err := h.Editions.Grant(t.Context(), boss, h.edition.ID, string(role)+"@example.org", "Une Personne "+string(role), role)
		h.must(err)
		h.who[string(role)] = who.Actor()
	}
	return h
}

// found holds the landlord's hackathon of Amiens.
func (h *house) found(boss account.Actor) {
	h.t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	h.must(err)
	start := time.Date(2018, 5, 19, 9, 0, 0, 0, paris)
	at := map[edition.Moment]time.Time{edition.RegistrationOpens: start.AddDate(0, 0, -60), edition.RegistrationCloses: start.AddDate(0, 0, -2),
		edition.Doors: start.Add(-time.Hour), edition.Teams: start.Add(-30 * time.Minute), edition.Starts: start,
		edition.HandIn: start.Add(48 * time.Hour), edition.Pitches: start.Add(49 * time.Hour),
		edition.Deliberation: start.Add(51 * time.Hour), edition.Results: start.Add(52 * time.Hour), edition.Ends: start.Add(54 * time.Hour)}
	h.edition, err = h.Found(h.t.Context(), boss, app.Plan{Preset: "landlord", Prize: 5_000_00, Edition: edition.Edition{Kind: edition.Hackathon,
		Slug: "amiens-2018", Name: "Hackathon de l’habitat 2018", Place: "Amiens", Host: "Un bailleur", Contact: "contact@example.org",
		Zone: paris, Lang: i18n.French, Seats: 24, TeamMin: 3, TeamMax: 5, Grace: time.Minute, At: at}})
	h.must(err)
	h.must(h.Editions.Publish(h.t.Context(), boss, h.edition.ID))
	h.edition.State = edition.Published
}

func (h *house) admin(email, name string) account.Actor {
	h.t.Helper()
	who, err := h.Accounts.MakeAdmin(h.t.Context(), email, name, i18n.French)
	h.must(err)
	return who.Actor()
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// cookie signs somebody in, with their language.
func (h *house) cookie(who account.Actor, lang i18n.Lang) *http.Cookie {
	h.t.Helper()
	token := ""
	if !who.Public() {
		session, err := h.Enter(context.Background(), who.ID)
		h.must(err)
		token = session.Token
	}
	return &http.Cookie{Name: web.CookieName, Value: token + "~" + string(lang) + "~~"}
}

// ask sends a request and returns the answer; form is the body of a POST.
func (h *house) ask(method, path string, cookie *http.Cookie, form url.Values) *httptest.ResponseRecorder {
	body, kind := io.Reader(strings.NewReader(form.Encode())), "application/x-www-form-urlencoded"
	if strings.HasPrefix(path, "/api/") && method != http.MethodGet {
		body, kind = strings.NewReader("{}"), "application/json"
	}
	r := httptest.NewRequest(method, path, body)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", kind)
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	return w
}

// page reads a page as somebody, in French.
func (h *house) page(who, path string) string {
	h.t.Helper()
	w := h.ask(http.MethodGet, path, h.cookie(h.who[who], i18n.French), nil)
	if w.Code != http.StatusOK {
		h.t.Fatalf("%s reads %s: %d %s", who, path, w.Code, w.Body)
	}
	return w.Body.String()
}
