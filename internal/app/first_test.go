package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"h48/internal/account"
	"h48/internal/kit/i18n"
)

// Whoever opens the console's address first looks after the installation, in the language
// of their browser; nobody after them does.
func TestFirst_becomesTheAdministratorOnce(t *testing.T) {
	t.Parallel()
	h := empty(t)
	address, err := h.FirstURL(t.Context())
	h.must(err)
	where, err := url.Parse(address)
	h.must(err)
	english := h.cookie(account.Actor{}, i18n.English)

	if w := h.ask(http.MethodGet, "/first/guessed", english, nil); w.Code != http.StatusNotFound {
		t.Errorf("a guessed key: %d", w.Code)
	}
	if w := h.ask(http.MethodGet, where.Path, english, nil); !strings.Contains(w.Body.String(), "Welcome to H48") {
		t.Errorf("the console's address: %d", w.Code)
	}
	w := h.ask(http.MethodPost, where.Path, english, url.Values{"name": {"Camille Exemple"}, "email": {"camille"}})
	if page := w.Body.String(); w.Code != http.StatusUnprocessableEntity || !strings.Contains(page, "Camille Exemple") {
		t.Errorf("what is no address: %d, and the name must stay", w.Code)
	}
	w = h.ask(http.MethodPost, where.Path, english, url.Values{"name": {"Camille Exemple"}, "email": {"camille@example.org"}})
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/new" {
		t.Fatalf("the first person: %d, to %q", w.Code, w.Header().Get("Location"))
	}
	who, err := h.Accounts.Find(t.Context(), h.DB, "camille@example.org")
	h.must(err)
	elsewhere := h.cookie(who.Actor(), "") // another browser, which says no language
	if w := h.ask(http.MethodGet, "/new", elsewhere, nil); !strings.Contains(w.Body.String(), "Create an event") {
		t.Errorf("the first page of an English administrator: %d", w.Code)
	}
	if w := h.ask(http.MethodGet, where.Path, english, nil); w.Code != http.StatusNotFound {
		t.Errorf("a second person at the console's address: %d", w.Code)
	}
}
