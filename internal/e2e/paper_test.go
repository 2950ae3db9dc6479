package e2e_test

import (
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
)

// noAxe fails where axe finds something on the page.
func (one *person) noAxe() *person {
	one.t.Helper()
	if found := one.audit(); len(found) > 0 {
		one.t.Errorf("axe finds\n%s", strings.Join(found, "\n"))
	}
	return one
}

// digits types into a grid from its first box on, as fast as somebody who knows it.
func (one *person) digits(text string) {
	one.t.Helper()
	one.reachAt(`[document.querySelector("[data-cell]")]`)
	for _, key := range text {
		one.keys(string(key))
	}
}

// marksOf is how many marks there are of a juror for a team.
func (p *program) marksOf(t *testing.T, juror account.ID, team string) int {
	t.Helper()
	marks, err := p.Jury.History(t.Context(), p.DB, p.e.ID, juror, team)
	if err != nil {
		t.Fatal(err)
	}
	return len(marks)
}

// Two people of the crew type a juror's paper sheet, each at their own screen and without
// seeing the other's typing; the organiser settles the one box that they read differently,
// and only then do the marks count.
func TestJourney_paperTypedByTwo(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins", "Le Palier")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	juror := p.grant("Jade Exemple", edition.Juror)
	gaspard, gilda := p.grant("Gaspard Exemple", edition.Crew), p.grant("Gilda Exemple", edition.Crew)
	criteria, err := p.Jury.Criteria(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("jury", "paper")).pressWord("paper.do.print")
	boss.readsWord("paper.do.fetch").readsWord("paper.is.printed").noAxe() // the page says so by itself
	lines, err := p.Paper.Lines(t.Context(), p.boss, p.e.ID)
	if err != nil || len(lines) != 1 {
		t.Fatalf("%d sheets, %v", len(lines), err)
	}
	code := lines[0].Code

	// The first one types by keys alone: digits lead on by themselves.
	first := p.sit(t, gaspard, look{})
	first.open(p.url("jury", "paper")).fillKey("paper.code", strings.ToLower(code[:3]+" "+code[3:])).pressWord("paper.do.open").at(p.url("jury", "paper", code))
	first.noAxe()
	first.digits(strings.Repeat("4", len(criteria)) + strings.Repeat("2", len(criteria)))
	if got := ask[string](first, `[...document.querySelectorAll("[data-cell]")].map((e) => e.value).join("")`); got != strings.Repeat("4", len(criteria))+strings.Repeat("2", len(criteria)) {
		t.Errorf("the boxes hold %s", got)
	}
	first.pressWord("paper.do.type").readsWord("paper.hand_on")

	// The second one, on a phone and by the QR code, sees empty boxes, and slips once.
	second := p.sit(t, gilda, look{screen: phone})
	second.open(p.url("jury", "paper", code)).readsWord("paper.second_text")
	if got := ask[string](second, `[...document.querySelectorAll("[data-cell]")].map((e) => e.value).join("")`); got != "" {
		t.Errorf("the second one is shown %q", got)
	}
	if beyond := second.overflow(); beyond > 0 {
		t.Errorf("the sheet is %v px wider than a phone", beyond)
	}
	second.digits("5" + strings.Repeat("4", len(criteria)-1) + strings.Repeat("2", len(criteria)))
	second.pressWord("paper.do.type").readsWord("paper.to_decide")
	if marks := p.marksOf(t, juror.ID, string(teams[0].ID)); marks != 0 {
		t.Errorf("%d marks count before the decision", marks)
	}

	boss.open(p.url("jury", "paper", code)).reads("Gaspard Exemple").noAxe()
	boss.tick("4")
	boss.pressWord("paper.do.settle").reads(boss.word("paper.said.taken"))
	for _, team := range teams {
		if marks := p.marksOf(t, juror.ID, string(team.ID)); marks != len(criteria) {
			t.Errorf("%s has %d marks of %d", team.Name, marks, len(criteria))
		}
	}
	boss.open(p.url("jury", "sheets", string(juror.ID), string(teams[0].ID))).reads(code)
}
