package e2e_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/registration"
)

// An organiser founds an edition from the template of Amiens, with the keyboard alone, and
// publishes it; whoever comes by reads why to come and how.
func TestJourney_fromTemplateToPublicPage(t *testing.T) {
	t.Parallel()
	p := start(t)
	boss := p.sit(t, p.boss, look{})
	boss.open("/new").pressWord("app.preset.landlord")
	boss.at("/new/landlord").fill(boss.word("app.field.name"), "Hackathon de l’habitat")
	boss.fill(boss.word("app.field.tagline"), "48 heures pour mieux vivre ensemble")
	boss.fill(boss.word("app.field.theme"), "De **nouveaux services** dans les résidences")
	boss.fill(boss.word("app.field.place"), "Amiens")
	boss.pressWord("app.create").at("/e/hackathon-de-l-habitat/control")
	boss.pressWord("app.step.publish_do").at("/e/hackathon-de-l-habitat/settings")
	boss.pressWord("app.publish").at("/e/hackathon-de-l-habitat")

	public := p.sit(t, account.Actor{}, look{screen: phone})
	public.open("/e/hackathon-de-l-habitat").reads("48 heures pour mieux vivre ensemble").reads("nouveaux services")
	public.until(`document.querySelector(".ring svg, svg.ring")`)
}

// Somebody registers with the keyboard alone, opens the link of the letter that came over
// SMTP, and has a seat. The next one finds the seats taken and waits; when the first
// declines, the seat is theirs and a letter says so.
func TestJourney_registerByLetterAndWait(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	p.change(func(e edition.Edition) edition.Edition { e.Seats = 1; return e })
	register := func(name string) *person {
		one := p.sit(t, account.Actor{}, look{screen: phone})
		one.open(p.url("register")).fill(one.word("registration.field.name"), name)
		one.fill(one.word("registration.field.email"), address(name))
		one.tick(one.word("registration.profile.student")).tick(one.word("registration.field.rules"))
		one.pressWord("registration.form.send").at(p.url("register", "sent"))
		one.open(link(p.base, p.letter(address(name), 1).Text))
		one.pressWord("registration.link.confirm")
		return one.at(p.url("registration"))
	}
	first := register("Awa Exemple")
	first.readsWord("registration.mine.seat")
	second := register("Bastien Exemple")
	second.readsWord("registration.mine.place", "place", 1)

	first.pressWord("registration.decline.open").pressWord("registration.decline.do")
	first.readsWord("registration.said.declined")
	second.readsWord("registration.mine.seat") // the open page turns by itself
	for n := 2; ; n++ {
		if p.letter(address("Bastien Exemple"), n).Subject == second.word("registration.letter.moved_up.subject", "edition", p.e.Name) {
			break
		}
	}
}

// An organiser brings a list of their own: the bad lines are named before anything
// happens, and left aside on demand.
func TestJourney_importAList(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	file := filepath.Join(t.TempDir(), "liste.csv")
	list := "Prénom et nom;Adresse e-mail;Profil\nCléo Exemple;cleo.exemple@example.org;étudiant\nDora Exemple;sans-arobase;autre\nElias Exemple;elias.exemple@example.org;astronaute\nFanny Exemple;fanny.exemple@example.org;professionnel\n"
	if err := os.WriteFile(file, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	boss := p.sit(t, p.boss, look{})
	boss.open(p.url("registrations")).pressWord("registration.list.import").at(p.url("registrations", "import"))
	boss.do(chromedp.SetUploadFiles(chromedp.CSS("input[type=file]"), []string{file}))
	boss.pressWord("registration.import.look").readsWord("registration.import.lead.ready")
	boss.readsWord("registration.file.profile", "cell", "astronaute").reads("Cléo Exemple")
	if got := p.summary(); got.Confirmed != 0 {
		t.Fatalf("before anybody agreed, %+v", got)
	}
	boss.tick(boss.word("registration.import.vouched"))
	boss.tick(boss.l.N("registration.import.leave_out", 2))
	boss.press(boss.l.N("registration.import.do", 2)).pressWord("registration.import.see")
	boss.at(p.url("registrations")).reads("Cléo Exemple").reads("Fanny Exemple")
	if got := p.summary(); got.Confirmed != 2 {
		t.Errorf("after the import, %+v", got)
	}
}

// change changes the edition's settings.
func (p *program) change(change func(edition.Edition) edition.Edition) {
	p.t.Helper()
	e, err := p.Editions.Change(p.t.Context(), p.boss, p.e.ID, change)
	if err != nil {
		p.t.Fatal(err)
	}
	p.e = e
}

func (p *program) summary() registration.Summary {
	p.t.Helper()
	sum, err := p.Registration.Summary(p.t.Context(), p.DB, p.e.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	return sum
}
