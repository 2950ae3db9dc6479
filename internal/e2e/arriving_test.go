package e2e_test

import (
	"testing"
	"time"

	"h48/internal/checkin"
	"h48/internal/edition"
)

// A steward lets people in by the code of their badge and by their name. Then the wifi
// dies: what they do is kept on the phone and said; with the network back it counts, once.
func TestJourney_arriveByCodeByNameAndWithoutNetwork(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	gaston := p.grant("Gaston Exemple", edition.Crew)
	ines := p.seat("Inès Exemple")
	for _, name := range []string{"Jules Exemple", "Kenza Exemple", "Léo Exemple"} {
		p.seat(name)
	}
	p.clock(edition.Doors, 5*time.Minute)

	guest := p.sit(t, ines, look{screen: phone})
	guest.open(p.url("badge")).reads("Inès Exemple")
	code := p.badge(t, "Inès Exemple")

	door := p.sit(t, gaston, look{screen: phone})
	door.open(p.url("checkin")).fill(door.word("checkin.code"), code).pressWord("checkin.in")
	door.reads("Inès Exemple : arrivée")
	guest.reads("Vous êtes arrivé")
	door.fill(door.word("checkin.search"), "Jules")
	door.press(door.word("checkin.in") + " Jules Exemple").reads("Jules Exemple : arrivée")
	p.arrivals(t, 2)

	door.keep(p.url("checkin"))
	door.offline(true)
	door.fill(door.word("checkin.code"), p.badge(t, "Kenza Exemple")).pressWord("checkin.in")
	door.readsWord("checkin.kept", "name", "Kenza Exemple")
	door.fill(door.word("checkin.search"), "Léo")
	door.press(door.word("checkin.in")+" Léo Exemple").readsWord("checkin.kept", "name", "Léo Exemple")
	p.arrivals(t, 2)
	door.offline(false)
	ctx := t.Context()
	door.wait(func() bool {
		sum, err := p.Checkin.Summary(ctx, p.DB, p.e.ID)
		return err == nil && sum.Arrived == 4
	}, "four people have arrived")
	recent, err := p.Checkin.Recent(ctx, gaston, p.e.ID, 20)
	if err != nil || len(recent) != 4 {
		t.Errorf("%d passages of 4: %+v, %v", len(recent), recent, err)
	}
}

// badge is the code on the badge of the person of that name.
func (p *program) badge(t *testing.T, name string) string {
	t.Helper()
	all, err := p.Checkin.Badges(t.Context(), p.boss, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range all {
		if b.Name == name {
			return b.Code
		}
	}
	t.Fatalf("%s has no badge", name)
	return ""
}

func (p *program) arrivals(t *testing.T, want int) checkin.Summary {
	t.Helper()
	sum, err := p.Checkin.Summary(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	if sum.Arrived != want {
		t.Errorf("%d arrived, want %d", sum.Arrived, want)
	}
	return sum
}
