package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/team"
	"h48/internal/team/forming"
)

// A participant says with whom they would like to be; the organiser has teams formed,
// reads what a drag would cost before letting go and lets go, locks a team, runs again
// with few changes, compares and publishes. Then the same by keyboard alone on a phone.
func TestJourney_formTheTeams(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	var people []account.Actor
	for i := range 12 {
		people = append(people, p.seat(fmt.Sprintf("Prénom%02d Exemple", i)))
	}
	p.clock(edition.Teams, time.Minute)

	one := p.sit(t, people[0], look{screen: phone})
	one.open(p.url("wishes")).fill(one.word("forming.wishes.with", "n", 1), people[7].Name).
		fill(one.word("forming.wishes.not", "n", 1), people[3].Name).tick(one.word("forming.wishes.never"))
	one.pressWord("forming.wishes.save").readsWord("forming.wishes.saved").readsWord("forming.wishes.known")

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("teams", "board")).pressWord("team.propose.do").pressWord("forming.do")
	boss.readsWord("forming.ready", "letter", "A").readsWord("forming.sure.proven").pressWord("forming.look")
	boss.readsWord("forming.why").until(`document.readyState === "complete"`) // and the scripts are there
	first := p.proposal(t, 1)
	if first.At(people[0].ID) != first.At(people[7].ID) || first.At(people[0].ID) == first.At(people[3].ID) {
		t.Errorf("the wishes were not followed: %+v", first.Groups)
	}
	p.dragWithPrice(t, boss, first, people[0].ID)

	after := p.proposal(t, 1)
	calm := after.Groups[len(after.Groups)-1]
	boss.in("#group-"+string(calm.Key)).pressWord("forming.lock.group", "team", boss.word("forming.new_team", "n", len(after.Groups)))
	boss.readsWord("forming.locked_group")
	boss.pressWord("forming.again").readsWord("forming.ready", "letter", "B").pressWord("forming.look").pressWord("forming.compare.do")
	boss.readsWord("forming.compare.figures").readsWord("forming.compare.people")
	if found := boss.audit(); len(found) > 0 {
		t.Errorf("axe finds on the comparison: %v", found)
	}
	second := p.proposal(t, 2)
	for _, who := range calm.People {
		if second.At(who) != calm.Key {
			t.Errorf("%s left a locked team", who)
		}
	}

	hand := p.sit(t, p.boss, look{screen: phone})
	hand.open(p.url("teams", "proposals", string(second.ID)))
	name := people[5].Name
	if second.At(people[5].ID) == calm.Key {
		name = people[0].Name
	}
	who := "#person-" + string(p.who(t, people, name))
	hand.in(who).press(name).choose(hand.word("forming.to", "name", name), hand.word("forming.no_team"))
	hand.until(fmt.Sprintf(`document.querySelector(%q).innerText.length > 10`, who+" [data-price-out]")) // the price, before anything is sent
	hand.in(who+" form[data-price]").pressWord("forming.move", "name", name)
	hand.readsWord("forming.broken.nowhere", "who", name)
	hand.pressWord("forming.undo").readsWord("forming.undone")
	hand.pressWord("forming.publish").readsWord("forming.published")
	teams, err := p.Team.List(t.Context(), p.DB, p.e.ID)
	if err != nil || placed(teams) != 12 {
		t.Errorf("%d people are in a team, %v", placed(teams), err)
	}
	one.open(p.url("team")).reads(people[7].Name)
}

func placed(teams []team.Team) int {
	n := 0
	for _, t := range teams {
		n += len(t.Members)
	}
	return n
}

func (p *program) who(t *testing.T, people []account.Actor, name string) account.ID {
	t.Helper()
	for _, one := range people {
		if one.Name == name {
			return one.ID
		}
	}
	t.Fatalf("nobody is called %s", name)
	return ""
}

// proposal is the one of the number.
func (p *program) proposal(t *testing.T, number int) forming.Proposal {
	t.Helper()
	all, err := p.Forming.Proposals(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if one.Number == number {
			return one
		}
	}
	t.Fatalf("there is no proposal %d of %d", number, len(all))
	return forming.Proposal{}
}

// dragWithPrice holds somebody over another team until the price stands there, and lets
// go: the move is made only then.
func (p *program) dragWithPrice(t *testing.T, boss *person, in forming.Proposal, who account.ID) {
	t.Helper()
	var to forming.Key
	for _, g := range in.Groups {
		if g.Key != in.At(who) && len(g.People) > 0 {
			to = g.Key
			break
		}
	}
	boss.carry("#person-"+string(who)+" [data-drag-handle]", fmt.Sprintf("[data-drop=%q]", to), func() {
		if at := p.proposal(t, in.Number).At(who); at != in.At(who) {
			t.Errorf("the drag moved somebody to %s before they were let go", at)
		}
	})
	boss.wait(func() bool { return p.proposal(t, in.Number).At(who) == to }, "the person dragged is in "+string(to))
}

// carry takes what is dragged by its handle and holds it over the zone until the price
// stands there; held is what is seen then, before it is let go.
func (one *person) carry(handle, zone string, held func()) {
	one.t.Helper()
	place := func(css string, scroll bool) (x, y float64) {
		at := ask[[]float64](one, fmt.Sprintf(`(() => { const e = document.querySelector(%q); if (%t) e.scrollIntoView({block: "center", behavior: "instant"}); const b = e.getBoundingClientRect(); return [b.x + Math.min(b.width / 2, 60), Math.max(b.y, %t ? 0 : 160) + Math.min(b.height / 2, 40)]; })()`, css, scroll, scroll))
		return at[0], at[1]
	}
	x, y := place(handle, true)
	zx, zy := place(zone, false)
	one.mouse("mousePressed", x, y)
	one.mouse("mouseMoved", x+20, y+20)
	one.mouse("mouseMoved", zx, zy)
	one.until(`document.querySelector(".drag-price")?.innerText.length > 10`)
	held()
	one.mouse("mouseReleased", zx, zy)
}

// mouse moves or presses the mouse at a place of the screen.
func (one *person) mouse(kind string, x, y float64) {
	one.t.Helper()
	call(one, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventType(kind), X: x, Y: y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1})
}
