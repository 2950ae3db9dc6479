package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
)

// A juror who has never seen it scores six projects on a phone, one tap or one key a
// criterion, with the network cut half of the time: every mark arrives, and once.
func TestJourney_sixProjectsOnABadNetwork(t *testing.T) {
	t.Run("by finger", func(t *testing.T) { scoreSix(t, look{screen: phone, finger: true}) })
	t.Run("by keyboard", func(t *testing.T) { scoreSix(t, look{screen: phone}) })
}

func scoreSix(t *testing.T, how look) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins", "Le Palier", "La Cour", "Le Jardin", "Le Guichet", "La Loge")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	juror := p.grant("Jade Exemple", edition.Juror)
	links, err := p.Link.Print(t.Context(), p.boss, p.e.ID, []account.ID{juror.ID})
	if err != nil {
		t.Fatal(err)
	}
	criteria, err := p.Jury.Criteria(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	jade := p.sit(t, account.Actor{}, how)
	jade.open(links[0].URL).pressWord("link.enter").pressWord("jury.understood").at(p.url("jury"))
	for _, team := range teams { // the list fetches them ahead; here we wait for it
		jade.keep(p.url("jury", "teams", string(team.ID)))
	}
	jade.keep(p.url("jury"))
	began, taps := time.Now(), 0
	network := func() {
		jade.offline(taps%4 < 2)
		taps++
	}
	jade.open(p.url("jury", "teams", string(teams[0].ID)))
	for range teams {
		at := ask[string](jade, `location.pathname`)
		jade.until(`document.body.classList.contains("has-taps")`)
		for i := range criteria {
			network()
			jade.mark(i, 2+i%3)
			jade.until(fmt.Sprintf(`document.querySelectorAll("[data-state-of]")[%d].textContent !== ""`, i))
		}
		network()
		jade.pressAt(`[...document.querySelectorAll(".sheet-foot .btn-big")]`)
		jade.until(fmt.Sprintf(`location.pathname !== %q`, at))
	}
	jade.at(p.url("jury"))
	took := time.Since(began)
	jade.offline(false)
	all := func() (n int) {
		for _, team := range teams {
			marks, err := p.Jury.History(t.Context(), p.DB, p.e.ID, juror.ID, string(team.ID))
			if err != nil {
				t.Fatal(err)
			}
			n += len(marks)
		}
		return n
	}
	jade.wait(func() bool { return all() >= len(teams)*len(criteria) }, "the marks have arrived")
	jade.open(p.url("jury")).readsWord("jury.all_scored")
	if n := all(); n != len(teams)*len(criteria) {
		t.Errorf("%d marks of %d", n, len(teams)*len(criteria))
	}
	t.Logf("%d projects, %d criteria, %d taps in %v", len(teams), len(criteria), taps, took)
}
