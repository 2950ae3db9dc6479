package e2e_test

import (
	"slices"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/hall"
)

// In the hall the organiser has the visits planned; a juror does not come, and one tap
// gives their visits to others: the desk shows whose way has changed, and the phone of who
// takes over says so without being touched. Then a team leaves early.
func TestJourney_theHallIsReplanned(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins", "Le Palier", "La Cour", "Le Guichet")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	var jurors []account.Actor
	for _, name := range []string{"Jade Exemple", "Karim Exemple", "Lise Exemple"} {
		j := p.grant(name, edition.Juror)
		if err := p.Jury.Acknowledge(t.Context(), j, p.e.ID); err != nil {
			t.Fatal(err)
		}
		jurors = append(jurors, j)
	}
	setup := jury.Setup{Format: jury.Expo, Way: jury.ByCriterion, Minutes: 5, Window: 10}
	if err := p.Jury.SetUp(t.Context(), p.boss, p.e.ID, setup, ""); err != nil {
		t.Fatal(err)
	}
	p.clock(edition.Pitches, time.Minute)

	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("jury", "hall")).pressWord("hall.plan_q")
	form := boss.in("form[action$='/jury/hall/plan']")
	form.fill(boss.word("hall.minutes"), "5").fill(boss.word("hall.window"), "10").pressWord("hall.do.plan")
	boss.readsWord("hall.wall_pdf")
	if left := p.walk(t, jurors[0]); len(left) == 0 {
		t.Fatal("the plan sends a juror nowhere")
	}

	phones := map[int]*person{}
	for i, j := range jurors[1:] {
		phones[i+1] = p.sit(t, j, look{screen: phone})
		phones[i+1].open(p.url("jury"))
	}
	boss.pressWord("hall.do.missing", "name", "Jade Exemple")
	boss.readsWord("hall.juror_missing", "name", "Jade Exemple")
	if left := p.walk(t, jurors[0]); len(left) != 0 {
		t.Errorf("who is missing is still sent to %d tables", len(left))
	}
	takes := slices.IndexFunc(jurors, func(j account.Actor) bool {
		return slices.ContainsFunc(p.walk(t, j), func(s hall.Stop) bool { return s.ChangeID != "" })
	})
	if takes < 1 {
		t.Fatal("nobody takes over what the plan gave to who is missing")
	}
	boss.readsWord("hall.is_new")
	karim := phones[takes]
	karim.until(`document.querySelector("#way [role=status]") !== null`) // by itself

	at := p.walk(t, jurors[takes])[0]
	boss.pressWord("hall.do.left", "team", at.Ref.Name)
	boss.readsWord("hall.team_left", "name", at.Ref.Name)
	for _, s := range p.walk(t, jurors[takes]) {
		if s.Team == at.Team {
			t.Error("a team that left is still visited")
		}
	}
	karim.until(`!(document.querySelector("#way") || {textContent: ""}).textContent.includes("` + at.Ref.Name + `")`)
}

// walk are the visits that a juror has before them.
func (p *program) walk(t *testing.T, juror account.Actor) []hall.Stop {
	t.Helper()
	left, _, err := p.Hall.Mine(t.Context(), p.DB, juror, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	return left
}
