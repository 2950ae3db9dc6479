package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/mail/mailbox"
)

// Somebody who has never seen the program starts it, becomes its organiser, founds an
// event and is led from one thing to the next until the page is public; whom they invite
// comes in by the letter alone.
func TestJourney_theFirstHalfHour(t *testing.T) {
	t.Parallel()
	box, err := mailbox.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	p := serve(t, app.Parts{}, config.Mail{Server: box.Addr(), Security: "none", From: "h48@example.org", FromName: "H48"})
	p.box = box
	first, err := p.FirstURL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.Start()
	t.Cleanup(p.Stop)

	lost := p.sit(t, account.Actor{}, look{screen: phone})
	lost.open("/").readsWord("app.unclaimed_where")
	boss := p.sit(t, account.Actor{}, look{})
	boss.open(strings.TrimPrefix(first, p.base)).fill(boss.word("app.field.person"), "Claire Exemple")
	boss.fill(boss.word("account.email"), "claire@example.org").pressWord("app.begin").at("/new")
	lost.open(strings.TrimPrefix(first, p.base)).readsWord("app.first_taken")

	boss.pressWord("app.preset.landlord").at("/new/landlord").fill(boss.word("app.field.name"), "Habiter demain")
	boss.fill(boss.word("app.field.place"), "Amiens").pressWord("app.create").at("/e/habiter-demain/control")
	boss.readsWord("app.steps_lead", "done", 1, "all", 7)

	boss.pressWord("app.step.programme_do").at("/e/habiter-demain/programme")
	boss.pressWord("programme.usual_do").readsWord("programme.usual.prizes")

	boss.open("/e/habiter-demain/people").fill(boss.word("app.field.person"), "Maud Exemple")
	boss.fill(boss.word("app.field.their_email"), "maud@example.org").choose(boss.word("app.field.role"), "mentor")
	boss.pressWord("app.grant").readsWord("app.granted", "name", "Maud Exemple")
	letter := p.letter("maud@example.org", 1)
	if !strings.Contains(letter.From, "Habiter demain") || !strings.Contains(letter.Header.Get("Reply-To"), "claire@example.org") {
		t.Errorf("the invitation comes from %q, answers go to %q", letter.From, letter.Header.Get("Reply-To"))
	}
	mentor := p.sit(t, account.Actor{}, look{screen: phone})
	mentor.open(link(p.base, letter.Text)).pressWord("account.enter").at("/e/habiter-demain/today")

	boss.open("/e/habiter-demain/control").readsWord("app.steps_lead", "done", 3, "all", 7)
	boss.pressWord("app.step.theme_do").at("/e/habiter-demain/settings")
	boss.fill(boss.word("app.field.tagline"), "48 heures pour mieux habiter")
	boss.pressWord("app.publish").at("/e/habiter-demain").reads("48 heures pour mieux habiter")
	lost.open("/").at("/e/habiter-demain").reads("48 heures pour mieux habiter").reads("Maud Exemple")
}

// A file that is added right after a sentence was typed costs nothing of the sentence.
func TestJourney_fileBesideWhatIsTyped(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	_, founders := p.crews(t, "Les Voisins")
	p.clock(edition.HandIn, -time.Hour)
	file := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(file, []byte("Un plan"), 0o600); err != nil {
		t.Fatal(err)
	}
	writer := p.sit(t, founders[0], look{})
	writer.open(p.url("project")).until(`document.querySelector("#files input[type=file], form[action$='/files'] input[type=file]")`)
	writer.do(chromedp.SetUploadFiles(chromedp.CSS(`form[action$="/files"] input[type=file]`), []string{file}))
	writer.fill(writer.word("project.field.pitch"), "Un banc qui se prête")
	writer.pressAt(`controls(press).filter((e) => e.closest("form[action$='/files']"))`)
	writer.reads("plan.txt").until(`document.querySelector("[name=pitch]").value === "Un banc qui se prête"`)
	if ask[bool](writer, `!!document.querySelector(".autosave-found")`) {
		t.Error("the page offers a copy of what it has")
	}
}
