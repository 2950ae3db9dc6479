package e2e_test

import (
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
)

// When it is over the story is there for everybody, and the organiser has the next
// edition ready with one press of the keyboard: a draft with dates to come.
func TestJourney_tellAndHoldAgain(t *testing.T) {
	p, _ := rehearsed(t, edition.Ends, 14*24*time.Hour)
	public := p.sit(t, account.Actor{}, look{screen: phone})
	public.open(p.url("recap")).readsWord("recap.eyebrow")
	laureates, err := p.Award.Laureates(t.Context(), p.DB, p.e.ID)
	if err != nil || len(laureates) == 0 {
		t.Fatalf("the laureates are %+v, %v", laureates, err)
	}
	public.reads(laureates[0].Team.Name)

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("settings")).pressWord("app.again_do").reads("en brouillon")
	editions, err := p.Editions.Visible(t.Context(), p.boss)
	if err != nil || len(editions) != 2 {
		t.Fatalf("there are %d editions, %v", len(editions), err)
	}
	for _, next := range editions {
		if next.ID == p.e.ID {
			continue
		}
		if next.State != edition.Draft || next.ClonedFrom != p.e.ID || !next.At[edition.Starts].Equal(p.e.At[edition.Starts].AddDate(0, 0, 52*7)) {
			t.Errorf("the next edition is %+v", next)
		}
	}
}
