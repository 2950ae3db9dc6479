package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
)

// The organiser reads who did what in sentences, what somebody did several times in a row
// as one, and can ask for one part of the event, one person, or everything as a file.
func TestJournal_saysWhoDidWhat(t *testing.T) {
	t.Parallel()
	h := open(t)
	boss := h.who["organiser"]
	h.register("Zoé Exemple")
	at := h.edition.At[edition.Doors]
	meal, err := h.Catering.AddMeal(t.Context(), boss, h.edition.ID, "Déjeuner", at)
	h.must(err)
	h.clock.Set(at.Add(time.Minute))
	for _, name := range []string{"Ana Exemple", "Bilal Exemple"} {
		_, err := h.Catering.Serve(t.Context(), boss, h.edition.ID, meal.ID, h.register(name).ID, "", once.Action{})
		h.must(err)
	}

	page := func(query string) string {
		return strings.Join(strings.Fields(h.page("organiser", "/e/amiens-2018/trail"+query)), " ")
	}
	all := page("")
	for _, said := range []string{"a ajouté le repas Déjeuner", "a servi un repas", "Olympe Exemple", "l’inscription de Ana Exemple", "Inscriptions", "Repas"} {
		if !strings.Contains(all, said) {
			t.Errorf("the journal does not say %q", said)
		}
	}
	if strings.Contains(all, "catering.") {
		t.Error("the journal shows the name of an action")
	}
	if about := page("?about=catering"); !strings.Contains(about, "a servi un repas") || !strings.Contains(about, "2 fois") || strings.Contains(about, "a fait avancer") {
		t.Errorf("of the meals alone it says %s", about)
	}
	if none := page("?about=cups"); !strings.Contains(none, "Rien de tel ne s’est passé.") {
		t.Error("it does not say that nothing was done with cups")
	}
	who := page("?who=" + string(boss.ID))
	if !strings.Contains(who, "Seulement Olympe Exemple") || strings.Contains(who, "H48 </td>") {
		t.Error("it does not show one person's acts alone")
	}

	file := h.ask(http.MethodGet, "/e/amiens-2018/trail.csv", h.cookie(boss, i18n.French), nil)
	if lines := strings.Split(strings.TrimSpace(file.Body.String()), "\r\n"); file.Code != http.StatusOK || len(lines) < 6 ||
		!strings.HasPrefix(lines[0], "\ufeffQuand;Qui;Quoi;") || !strings.Contains(file.Body.String(), ";catering.served;meal:"+meal.ID+";;first;") {
		t.Errorf("the file is %d: %s", file.Code, file.Body)
	}
}
