package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/once"
	"h48/internal/project"
	"h48/internal/team"
)

// One founds a team and says its code, another joins with it, both by keyboard; the
// organiser places a third by keyboard and drags the fourth.
func TestJourney_formATeam(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	awa, bastien, cleo, dora := p.seat("Awa Exemple"), p.seat("Bastien Exemple"), p.seat("Cléo Exemple"), p.seat("Dora Exemple")
	p.clock(edition.Teams, time.Minute)

	founder := p.sit(t, awa, look{screen: phone})
	founder.open(p.url("team")).fill(founder.word("team.name"), "Les Voisins").pressWord("team.found.do")
	founder.readsWord("team.invite").reads("Les Voisins")
	made, err := p.Team.OfAccount(t.Context(), p.DB, p.e.ID, awa.ID)
	if err != nil {
		t.Fatal(err)
	}
	founder.reads(made.Code[:3] + " " + made.Code[3:])

	second := p.sit(t, bastien, look{screen: phone})
	second.open(p.url("team")).fill(second.word("team.join.code"), made.Code).pressWord("team.join.do")
	second.readsWord("team.join.done", "team", "Les Voisins")
	founder.reads("Bastien Exemple") // on the page that stayed open

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("teams", "board"))
	item := boss.in("#person-" + string(cleo.ID))
	item.press("Cléo Exemple").choose(boss.word("team.board.to", "name", "Cléo Exemple"), "Les Voisins")
	item.in("#person-"+string(cleo.ID)+" form").pressWord("team.board.move", "name", "Cléo Exemple")
	p.members(t, boss, made.ID, 3)

	mouse := p.sit(t, p.boss, look{})
	mouse.open(p.url("teams", "board"))
	mouse.do(chromedp.DragAndDrop(chromedp.CSS("#person-"+string(dora.ID)+" [data-drag-handle]"), chromedp.CSS(fmt.Sprintf("[data-drop=%q]", made.ID))))
	p.members(t, mouse, made.ID, 4)
	mouse.readsWord("team.board.left.none")
}

func (p *program) members(t *testing.T, one *person, id team.ID, want int) {
	t.Helper()
	one.wait(func() bool {
		members, err := p.Team.Members(t.Context(), p.DB, id)
		return err == nil && len(members) == want
	}, fmt.Sprintf("a team of %d", want))
}

// crews seats three people for each name and makes them a team; the first founded it.
func (p *program) crews(t *testing.T, names ...string) (teams []team.Team, founders []account.Actor) {
	t.Helper()
	for _, name := range names {
		founder := p.seat(name + " Une")
		made, err := p.Team.Found(t.Context(), founder, p.e.ID, team.Details{Name: name}, once.Action{})
		if err != nil {
			t.Fatal(err)
		}
		for _, other := range []string{" Deux", " Trois"} {
			if made, err = p.Team.Join(t.Context(), p.seat(name+other), p.e.ID, made.Code); err != nil {
				t.Fatal(err)
			}
		}
		teams, founders = append(teams, made), append(founders, founder)
	}
	return teams, founders
}

// handIn hands a small project in for each founder.
func (p *program) handIn(t *testing.T, founders []account.Actor) {
	t.Helper()
	for i, founder := range founders {
		c := project.Content{Title: fmt.Sprintf("Projet %d", i+1), Pitch: "Mieux vivre ensemble", Description: "Un service de voisinage."}
		if _, err := p.Project.HandIn(t.Context(), founder, p.e.ID, c, project.Edit{}, once.Action{}); err != nil {
			t.Fatal(err)
		}
	}
}
