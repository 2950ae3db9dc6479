package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"h48/internal/app"
	"h48/internal/edition"
)

// Whoever tries the demonstration may take the public page back: its doors stay, and the
// organiser's leads in, to publish it again.
func TestDemo_doorsStayWhenNothingIsPublic(t *testing.T) {
	t.Parallel()
	h := build(t, true)
	boss := h.admin("olympe@example.org", "Olympe Exemple")
	h.found(boss)
	h.Demonstrate(h.edition.ID, []app.DemoDoor{{Role: edition.Organiser, Account: boss.ID, Name: boss.Name, Path: h.edition.URL() + "/control"}}, nil)
	for _, public := range []bool{true, false} {
		if !public {
			h.must(h.Editions.Unpublish(t.Context(), boss, h.edition.ID))
		}
		got := h.ask(http.MethodGet, "/", nil, nil)
		if got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "Olympe Exemple") {
			t.Errorf("public %v: %d, %d bytes", public, got.Code, got.Body.Len())
		}
	}
	got := h.ask(http.MethodPost, "/demo/enter", nil, url.Values{"role": {string(edition.Organiser)}})
	if got.Code != http.StatusSeeOther || got.Header().Get("Location") != h.edition.URL()+"/control" {
		t.Errorf("the organiser's door: %d to %s", got.Code, got.Header().Get("Location"))
	}
}

// Who comes in English goes on in English, whatever the invented person speaks.
func TestDemo_keepsTheVisitorsLanguage(t *testing.T) {
	t.Parallel()
	h := build(t, true)
	boss := h.admin("olympe@example.org", "Olympe Exemple") // speaks French
	h.found(boss)
	h.Demonstrate(h.edition.ID, []app.DemoDoor{{Role: edition.Organiser, Account: boss.ID, Name: boss.Name, Path: h.edition.URL() + "/control"}}, nil)
	r := httptest.NewRequest(http.MethodPost, "/demo/enter", strings.NewReader("role=organiser"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", "en-GB,en;q=0.9")
	entered := httptest.NewRecorder()
	h.Handler().ServeHTTP(entered, r)
	cookies := entered.Result().Cookies()
	if len(cookies) == 0 {
		t.Fatalf("entering answers %d without a cookie", entered.Code)
	}
	page := h.ask(http.MethodGet, h.edition.URL()+"/control", cookies[len(cookies)-1], nil)
	if !strings.Contains(page.Body.String(), `lang="en"`) {
		t.Errorf("the page is not in English: %d", page.Code)
	}
}
