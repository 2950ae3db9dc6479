package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/programme"
)

// Three people want the workshop that has two seats: they put workshops in order on their
// phones, by keyboard alone; the organiser shares out the seats and publishes; everybody
// sees what they got, and why not the rest.
func TestJourney_chooseWorkshops(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	var people []account.Actor
	for i := range 3 {
		people = append(people, p.seat(fmt.Sprintf("Prénom%02d Exemple", i)))
	}
	p.clock(edition.Starts, time.Hour)
	workshop := func(title string, hour int) programme.Session {
		start := p.e.At[edition.Starts].Add(time.Duration(hour) * time.Hour)
		s, err := p.Programme.Add(t.Context(), p.boss, p.e.ID, programme.Plan{Kind: programme.Workshop, Title: title, Room: "Salle Somme", Start: start, End: start.Add(time.Hour), Seats: 2, Public: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	pitch := workshop("Pitcher en trois minutes", 6)
	workshop("Parler aux locataires", 9)

	boss := p.sit(t, p.boss, look{})
	l := p.Words.Locale("fr").In(p.e.Zone)
	until := p.e.At[edition.Starts].Add(2 * time.Hour)
	if err := p.Choosing.OpenUntil(t.Context(), p.boss, p.e.ID, until, 2); err != nil {
		t.Fatal(err)
	}
	boss.open(p.url("workshops", "plan")).reads(boss.word("choosing.wait", "until", l.DateTime(until)))

	option := pitch.Title + " · " + l.Span(pitch.Start, pitch.End)
	for _, one := range people {
		phone := p.sit(t, one, look{screen: phone})
		phone.open(p.url("workshops")).choose(phone.word("choosing.wish", "n", 1), option).pressWord("choosing.keep").readsWord("choosing.kept")
		if found := phone.audit(); len(found) > 0 {
			t.Errorf("axe finds on the choice: %v", found)
		}
	}
	p.clock(edition.Starts, 2*time.Hour+time.Minute)
	boss.open(p.url("workshops", "plan")).pressWord("choosing.do").pressWord("choosing.publish").readsWord("choosing.published")
	if found := boss.audit(); len(found) > 0 {
		t.Errorf("axe finds on the plan of seats: %v", found)
	}
	seated, told := 0, 0
	for _, one := range people {
		m, err := p.Choosing.Mine(t.Context(), one, p.e.ID)
		if err != nil {
			t.Fatal(err)
		}
		phone := p.sit(t, one, look{screen: phone})
		phone.open(p.url("workshops"))
		if m.Places[pitch.ID] == programme.Seated {
			seated++
			phone.readsWord("choosing.seated")
			continue
		}
		told++
		phone.readsWord("choosing.waiting").reads("3 personnes le souhaitaient, pour 2 places")
	}
	if seated != 2 || told != 1 {
		t.Errorf("%d have a seat, %d are told why not", seated, told)
	}
}
