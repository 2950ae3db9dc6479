package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
)

// The board of many teams says first who is behind and which teams wait; a team is found
// without its accents, and who changes something stays at the page where they were.
func TestJourney_aLargeBoard(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	p.change(func(e edition.Edition) edition.Edition { e.Seats = 100; return e })
	var named []string
	for i := range 26 {
		named = append(named, fmt.Sprintf("École %02d", i+1))
	}
	teams, founders := p.crews(t, named...)
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	jade, karim := p.grant("Jade Exemple", edition.Juror), p.grant("Karim Exemple", edition.Juror)
	criteria, err := p.Jury.Criteria(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	in := jury.Answers{Marks: map[string]jury.Answer{}}
	for _, c := range criteria {
		in.Marks[c.ID] = jury.Answer{Kind: jury.Scored, Value: 3}
	}
	for _, team := range teams[:3] {
		if err := p.Jury.Score(t.Context(), jade, p.e.ID, string(team.ID), in, once.Action{}); err != nil {
			t.Fatal(err)
		}
	}

	for _, how := range []look{{screen: phone}, {lang: i18n.English, dark: true}} {
		boss := p.sit(t, p.boss, how)
		boss.open(p.url("jury", "board")).readsWord("jury.lead.behind").readsWord("jury.lead.waiting").noAxe()
		if beyond := boss.overflow(); beyond > 0 {
			t.Errorf("the board is %v px wider than the screen", beyond)
		}
		boss.fill(boss.word("jury.lead.search"), "ecole 26").press(boss.word("ui.search")).until(`location.search.includes("26") && document.readyState === "complete"`)
		boss.until(`[...document.querySelectorAll("th")].some((e) => clean(e.innerText) === "École 26")`)
	}

	boss := p.sit(t, p.boss, look{})
	second := p.url("jury", "board") + "?page=2"
	boss.open(second).pressWord("jury.head_q").pressWord("jury.do.head", "name", karim.Name).readsWord("jury.done")
	if at := ask[string](boss, `location.pathname + location.search`); at != second {
		t.Errorf("after a change the board is at %s", at)
	}
}
