package e2e_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/edition"
)

// A team writes by keyboard. What was typed survives the tab that dies; the project is
// handed in, then again; after the deadline it is refused in words.
func TestJourney_handIn(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins")
	p.clock(edition.HandIn, -time.Hour)
	writer := p.sit(t, founders[0], look{})
	writer.open(p.url("project")).fill(writer.word("project.field.title"), "Le banc partagé")
	writer.until(`document.querySelector("[data-autosave-state].is-saved")`)
	if err := chromedp.Cancel(writer.ctx); err != nil { // the tab dies
		t.Fatal(err)
	}

	writer = p.sit(t, founders[0], look{})
	writer.open(p.url("project")).until(`document.querySelector("[name=title]").value === "Le banc partagé"`)
	writer.fill(writer.word("project.field.pitch"), "Un banc qui se réserve et se prête")
	writer.fill(writer.word("project.field.description"), "Chaque résidence a son banc.")
	writer.pressWord("project.handin").reads("Version 1")
	writer.open(p.url("project")).fill(writer.word("project.field.pitch"), "Un banc qui se réserve, se prête et se répare")
	writer.pressWord("project.handin.again").reads("Version 2")

	late := p.sit(t, founders[0], look{})
	late.open(p.url("project")).fill(late.word("project.field.pitch"), "Trop tard")
	p.clock(edition.HandIn, p.e.Grace+time.Minute)
	late.pressWord("project.handin.again").reads("L’heure est passée")
	versions, err := p.Project.List(t.Context(), p.DB, p.e.ID)
	if err != nil || len(versions) != 1 || versions[0].Number != 2 {
		t.Errorf("what counts is %+v, %v", versions, err)
	}
}
