package e2e_test

import (
	"testing"
	"time"

	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/once"
)

// Before the event the organiser asks how many teams the jury can hear, and the answer
// follows what is typed; takes a form over; writes the ladder of ties. After the first mark
// a change takes a reason, and everybody reads it.
func TestJourney_fromTheCalculatorToAChangedRule(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins", "Le Palier")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	juror := p.grant("Jade Exemple", edition.Juror)
	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("jury", "format"))
	still := boss.stays()
	boss.fill(boss.word("jury.format.teams"), "20").fill(boss.word("jury.format.jurors"), "6").fill(boss.word("jury.format.minutes"), "5")
	boss.readsWord("jury.format.whole_text", "teams", 20, "minutes", 5, "total", 100)
	if !still() {
		t.Error("the page was loaded again while the organiser typed")
	}
	boss.in("#format-answer").pressWord("jury.format.take")
	boss.readsWord("jury.format.is.expo")
	r, err := p.Jury.Round(t.Context(), p.DB, p.e.ID)
	if err != nil || r.Format != jury.Expo || r.Minutes != 5 {
		t.Fatalf("the round is %+v: %v", r, err)
	}
	boss.open(p.url("jury", "criteria")).fill(boss.word("jury.ladder.who"), "Ada Exemple")
	boss.in("form[action$='/jury/ladder']").pressWord("jury.do.save")
	boss.readsWord("jury.done")

	p.clock(edition.Pitches, time.Minute)
	criteria, err := p.Jury.Criteria(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	in := jury.Answers{Marks: map[string]jury.Answer{criteria[0].ID: {Kind: jury.Scored, Value: 4}}}
	if err := p.Jury.Score(t.Context(), juror, p.e.ID, string(teams[0].ID), in, once.Action{}); err != nil {
		t.Fatal(err)
	}
	boss.open(p.url("jury", "criteria")).readsWord("jury.frozen")
	first := boss.in("form[action$='/jury/criteria']")
	first.fill(boss.word("jury.weight"), "35").fill(boss.word("jury.amend_reason"), "le poids publié était faux")
	first.pressWord("jury.do.amend")
	boss.reads("le poids publié était faux")

	jade := p.sit(t, juror, look{screen: phone})
	jade.open(p.url("jury")).reads("le poids publié était faux").pressWord("jury.understood").at(p.url("jury"))
	anybody := p.sit(t, founders[0], look{screen: phone})
	anybody.open(p.url("judging")).reads("le poids publié était faux").reads("Ada Exemple")
}

// A juror rehearses on a made-up project with the network cut: the marks arrive when it is
// back, and count for nothing.
func TestJourney_jurorRehearsesWithoutNetwork(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins", "Le Palier")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	juror := p.grant("Jade Exemple", edition.Juror)
	if err := p.Jury.Acknowledge(t.Context(), juror, p.e.ID); err != nil {
		t.Fatal(err)
	}
	jade := p.sit(t, juror, look{screen: phone})
	sheet := p.url("jury", "practice", "broom")
	jade.open(p.url("jury")).readsWord("jury.practice.offer")
	jade.keep(p.url("jury", "practice"))
	jade.keep(sheet)
	jade.offline(true)
	jade.mark(0, 2)
	jade.until(`document.querySelectorAll('input[type=radio][value="2"]:checked').length === 1`)
	jade.offline(false)
	jade.wait(func() bool {
		said, err := p.Jury.MyPractice(t.Context(), p.DB, juror, p.e.ID, "broom")
		return err == nil && len(said) == 1
	}, "the mark has arrived")
	frozen, err := p.Jury.Frozen(t.Context(), p.DB, p.e.ID)
	if err != nil || frozen {
		t.Errorf("the rehearsal froze the rules: %v", err)
	}
}
