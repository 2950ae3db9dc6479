package e2e_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/cups"
	"h48/internal/edition"
	"h48/internal/kit/once"
)

// Crew hand a meal out by the code of a badge and a cup by a press; without network both
// are kept, and counted once when it is back.
func TestJourney_mealAndCup(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	gaston := p.grant("Gaston Exemple", edition.Crew)
	p.seat("Inès Exemple")
	p.seat("Jules Exemple")
	p.clock(edition.Starts, 3*time.Hour)
	meals, err := p.Catering.Tallies(t.Context(), p.DB, p.e.ID)
	if err != nil || len(meals) == 0 {
		t.Fatalf("the template's meals are %+v, %v", meals, err)
	}
	model, err := p.Cups.AddModel(t.Context(), p.boss, p.e.ID, cups.Model{Name: "Gobelet de la Somme", VolumeCl: 30, Deposit: 100})
	if err == nil {
		err = p.Cups.Move(t.Context(), p.boss, p.e.ID, cups.Act{Model: model.ID, Kind: cups.Receive, Quantity: 50}, once.Action{})
	}
	if err != nil {
		t.Fatal(err)
	}
	crew := p.sit(t, gaston, look{screen: phone})
	sitting := p.url("meals", meals[0].ID)
	crew.open(sitting).fill(crew.word("catering.badge"), p.badge(t, "Inès Exemple")).pressWord("catering.serve")
	crew.readsWord("catering.done", "name", "Inès Exemple").until(`document.querySelector("[name=badge]").value === ""`)
	crew.do(chromedp.Sleep(time.Second)) // the same once more within a moment is one press
	crew.fill(crew.word("catering.badge"), p.badge(t, "Inès Exemple")).pressWord("catering.serve")
	crew.reads("Inès Exemple a déjà mangé").until(`document.querySelector("[name=badge]").value !== ""`)
	crew.fill(crew.word("catering.reason"), "Il en reste").pressWord("catering.serve").readsWord("catering.done.extra", "name", "Inès Exemple")
	crew.keep(sitting).offline(true)
	crew.fill(crew.word("catering.badge"), p.badge(t, "Jules Exemple")).pressWord("catering.serve")
	crew.offline(false)
	crew.wait(func() bool {
		tallies, err := p.Catering.Tallies(t.Context(), p.DB, p.e.ID)
		return err == nil && tallies[0].Served == 2
	}, "two meals are served")

	crew.open(p.url("cups")).pressWord("cups.kind.hand_out")
	crew.wait(func() bool {
		stocks, err := p.Cups.Stocks(t.Context(), p.DB, p.e.ID)
		return err == nil && len(stocks) == 1 && stocks[0].HandedOut == 1 && stocks[0].Till == 100
	}, "one cup is out, for its deposit")
}
