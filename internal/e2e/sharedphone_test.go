package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
)

// Two jurors share a phone. The second one takes it over while the first one's page is
// still open and the first one's marks have not left: they are neither lost nor given to
// the second, and leave once the first is back.
func TestJourney_twoJurorsOnOnePhone(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins", "Le Palier")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	jade, karim := p.grant("Jade Exemple", edition.Juror), p.grant("Karim Exemple", edition.Juror)
	links, err := p.Link.Print(t.Context(), p.boss, p.e.ID, []account.ID{jade.ID, karim.ID})
	if err != nil {
		t.Fatal(err)
	}
	team := string(teams[0].ID)
	phone := p.sit(t, account.Actor{}, look{screen: phone})
	phone.open(links[0].URL).pressWord("link.enter").pressWord("jury.understood").at(p.url("jury"))
	phone.open(p.url("jury", "teams", team)).until(`document.body.classList.contains("has-taps")`)
	ask[bool](phone, `(window.network = window.fetch, window.fetch = () => Promise.reject(new TypeError("cut")), true)`)
	phone.mark(0, 4)
	phone.until(`document.querySelectorAll("[data-state-of]")[0].textContent !== ""`)

	// Karim enters in another tab of the same browser; Jade's page stays open and tries again.
	ask[bool](phone, fmt.Sprintf(`window.network("/j", {method: "POST", body: new URLSearchParams({code: %q}), credentials: "same-origin"}).then((r) => r.ok)`, links[1].Code))
	ask[bool](phone, `(window.fetch = (...all) => window.network(...all).then((r) => (window.answered = r.status, r)), dispatchEvent(new Event("online")), true)`)
	phone.until(`window.answered === 401`)
	for _, who := range []account.Actor{jade, karim} {
		if n := p.marksOf(t, who.ID, team); n != 0 {
			t.Errorf("%s has %d marks", who.Name, n)
		}
	}
	phone.open(p.url("jury")).pressWord("jury.understood").at(p.url("jury"))
	phone.open(p.url("jury", "teams", team)).until(`document.body.classList.contains("has-taps")`)
	if n := ask[int](phone, `document.querySelectorAll("input[type=radio]:checked").length`); n != 0 {
		t.Errorf("the second juror is shown %d answers of the first", n)
	}
	phone.mark(0, 2)
	phone.wait(func() bool { return p.marksOf(t, karim.ID, team) == 1 }, "the second juror's mark has arrived")
	if n := p.marksOf(t, jade.ID, team); n != 0 {
		t.Errorf("the first juror has %d marks while the second holds the phone", n)
	}

	phone.open("/j").readsWord("link.handing", "name", "Karim Exemple").fillKey("link.code", links[0].Code).pressWord("link.enter").at(p.url("jury"))
	phone.wait(func() bool { return p.marksOf(t, jade.ID, team) == 1 }, "the first juror's mark has arrived")
	if n := p.marksOf(t, karim.ID, team); n != 1 {
		t.Errorf("the second juror has %d marks", n)
	}
	sheet, _, err := p.Jury.MySheet(t.Context(), p.DB, jade, p.e.ID, team)
	if err != nil || len(sheet) != 1 {
		t.Errorf("the first juror's sheet: %+v, %v", sheet, err)
	}
	for _, m := range sheet {
		if m.Value != 4 || m.EnteredBy != jade.ID {
			t.Errorf("the mark: %+v", m)
		}
	}
}
