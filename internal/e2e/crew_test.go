package e2e_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/crew"
	"h48/internal/edition"
)

// rota is the crew's plan as the organiser has it.
func (p *program) rota(t testing.TB) crew.Board {
	t.Helper()
	b, err := p.Crew.Board(t.Context(), p.boss, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// From the usual posts to the stand-in: the organiser writes posts, the crew answer on
// their phones by keyboard, the plan is made, a drag says what it breaks before it is let
// go, the plan is published, somebody cannot, and the organiser asks who can.
func TestJourney_planTheCrew(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	var hands []account.Actor
	for i := range 6 {
		hands = append(hands, p.grant(fmt.Sprintf("Aide%02d Exemple", i), edition.Crew))
	}
	p.clock(edition.RegistrationOpens, time.Hour)

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("crew")).readsWord("crew.no_posts_text").open(p.url("crew", "posts"))
	boss.pressWord("crew.add_usual").readsWord("crew.usual_added").readsWord("crew.usual.night")

	one := p.sit(t, hands[0], look{screen: phone})
	one.open(p.url("today")).readsWord("app.today.shift_offer")
	one.open(p.url("crew", "mine")).readsWord("crew.mine_ask")
	one.fill(one.word("crew.wish"), "8").pressWord("crew.say").readsWord("crew.said") // free at no time yet
	for _, hand := range hands {
		o := crew.Offer{Free: []crew.Span{{From: p.e.At[edition.Doors].Add(-24 * time.Hour), To: p.e.At[edition.Ends].Add(24 * time.Hour)}}}
		if err := p.Crew.Offer(t.Context(), hand, p.e.ID, hand.ID, o); err != nil {
			t.Fatal(err)
		}
	}

	boss.open(p.url("crew")).pressWord("crew.plan").readsWord("crew.board").readsWord("crew.publish")
	boss.until(`document.readyState === "complete"`)
	p.dragAHand(t, boss)
	if found := boss.audit(); len(found) > 0 {
		t.Errorf("axe finds on the board: %v", found)
	}
	one.open(p.url("crew", "mine")).readsWord("crew.mine_wait")
	boss.open(p.url("crew")).pressWord("crew.publish").reads(boss.word("crew.published", "n", 6))

	b := p.rota(t)
	work := slices.DeleteFunc(slices.Clone(b.Work(hands[0].ID)), func(s crew.Shift) bool { return len(b.On(s.ID)) != s.Wanted })
	if len(work) == 0 {
		t.Fatal("who is always free works nothing")
	}
	one.readsWord("crew.my_shifts") // by itself, on the open page
	first := string(work[0].ID)
	one.in("#cannot-" + first).pressWord("crew.cannot")
	one.in("#cannot-"+first+" form").fill(one.word("crew.why"), "Mon train").pressWord("crew.cannot").readsWord("crew.cannot_is")
	if one.overflow() > 0 {
		t.Error("the page is wider than a phone")
	}
	if found := one.audit(); len(found) > 0 {
		t.Errorf("axe finds on one's own page: %v", found)
	}
	boss.reads("Mon train").pressWord("crew.who_could") // by itself
	next := p.rota(t).Candidates(work[0])[0]
	boss.pressWord("crew.step_in_do", "name", next.Member.Name).readsWord("crew.stepped_in")
	if d := p.rota(t).On(work[0].ID); len(d) != work[0].Wanted {
		t.Errorf("%d people are on the shift, %d are wanted", len(d), work[0].Wanted)
	}
}

// dragAHand holds somebody over a shift that is full until the price stands there, and
// lets go: the move is made only then.
func (p *program) dragAHand(t *testing.T, boss *person) {
	t.Helper()
	b := p.rota(t)
	from, to := b.Shifts[0], crew.Shift{}
	who := b.On(from.ID)[0].Who
	for _, s := range b.Shifts[1:] {
		d := s.Start.In(p.e.Zone).YearDay() == from.Start.In(p.e.Zone).YearDay()
		for _, other := range b.On(s.ID) {
			d = d && other.Who != who
		}
		if d {
			to = s
			break
		}
	}
	has := func(shift crew.ShiftID) bool {
		for _, d := range p.rota(t).On(shift) {
			if d.Who == who {
				return true
			}
		}
		return false
	}
	boss.carry(fmt.Sprintf("#hand-%s-%s [data-drag-handle]", from.ID, who), fmt.Sprintf("[data-drop=%q]", to.ID), func() {
		if !has(from.ID) || has(to.ID) {
			t.Error("the drag moved somebody before they were let go")
		}
	})
	boss.wait(func() bool { return has(to.ID) && !has(from.ID) }, "the person dragged works on the other shift")
}
