package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/ical"
	"h48/internal/programme"
)

// The clock of the public page moves by itself.
func TestJourney_theClockMoves(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	p.clock(edition.Starts, time.Hour)
	public := p.sit(t, account.Actor{}, look{screen: phone})
	public.open(p.e.URL())
	still := public.stays()
	const shown = `document.querySelector("[data-countdown]").textContent`
	first := ask[string](public, shown)
	public.until(shown + " !== " + quote(first))
	if !still() {
		t.Error("the page was loaded again")
	}
}

// A participant takes a seat in a workshop; when it begins, the open programme says so,
// and the calendar that they subscribed to can be read.
func TestJourney_workshopAndCalendar(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins")
	begins := p.e.At[edition.Starts].Add(3 * time.Hour)
	session, err := p.Programme.Add(t.Context(), p.boss, p.e.ID, programme.Plan{Kind: "workshop", Title: "Bâtir son pitch", Room: "Salle Somme",
		Start: begins, End: begins.Add(time.Hour), Seats: 12, Public: true})
	if err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Starts, 3*time.Hour-time.Minute)
	one := p.sit(t, founders[0], look{screen: phone})
	one.open(p.url("programme")).press("Bâtir son pitch").at(p.url("programme", string(session.ID)))
	one.pressWord("programme.sign_up").readsWord("programme.you_come")
	one.open(p.url("programme"))
	still := one.stays()
	p.clock(edition.Starts, 3*time.Hour+time.Minute)
	one.readsWord("programme.on_now")
	if !still() {
		t.Error("the page was loaded again")
	}
	response, err := http.Get(p.base + p.url("programme.ics"))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	calendar, _, err := ical.Read(response.Body, p.e.Zone)
	if err != nil || len(calendar.Events) != 1 || calendar.Events[0].Summary != "Bâtir son pitch" {
		t.Errorf("the calendar: %+v, %v", calendar, err)
	}
}

// A team asks for help; two mentors go at once, one of them on a phone without network.
// The first has the team, the other is told who was faster.
func TestJourney_twoMentorsAtOnce(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins")
	p.clock(edition.Starts, 5*time.Hour)
	first, second := p.grant("Maud Exemple", edition.Mentor), p.grant("Noé Exemple", edition.Mentor)
	asking := p.sit(t, founders[0], look{screen: phone})
	asking.open(p.url("help")).fill(asking.word("mentoring.text"), "Combien coûte un gardien ?").pressWord("mentoring.ask")
	asking.readsWord("mentoring.you_wait")

	maud, noe := p.sit(t, first, look{screen: phone}), p.sit(t, second, look{screen: phone})
	maud.open(p.url("help", "queue")).reads("Combien coûte un gardien ?")
	noe.keep(p.url("help", "queue")).reads("Combien coûte un gardien ?")
	noe.offline(true)
	noe.pressWord("mentoring.claim")
	maud.pressWord("mentoring.claim").readsWord("mentoring.go_to", "team", "Les Voisins")
	asking.readsWord("mentoring.comes", "mentor", "Maud Exemple")
	noe.offline(false)
	noe.until(`document.querySelector("[data-outbox-state].is-bad, .outbox-pill.is-bad")`)
	noe.pressAt(`[...document.querySelectorAll(".outbox-pill")]`)
	noe.readsWord("mentoring.taken", "mentor", "Maud Exemple")
	mine, err := p.Mentoring.Queue(t.Context(), first, p.e.ID)
	if err != nil || len(mine.Mine) != 1 {
		t.Errorf("the first has %+v, %v", mine.Mine, err)
	}
}

// What an organiser announces stands on the pages that others have open.
func TestJourney_announce(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins")
	p.clock(edition.Starts, 5*time.Hour)
	reader := p.sit(t, founders[0], look{screen: phone})
	reader.open(p.url("team"))
	still := reader.stays()
	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("messages")).fill(boss.word("message.text"), "Le dîner est servi au rez-de-chaussée")
	boss.tick(boss.word("message.audience.everyone")).tick(boss.word("message.level.now"))
	boss.pressWord("message.send").readsWord("message.said.sent")
	reader.reads("Le dîner est servi au rez-de-chaussée")
	if !still() {
		t.Error("the page was loaded again")
	}
}
