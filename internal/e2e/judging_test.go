package e2e_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/clock"
)

// A juror enters by their personal link, and scores while the network is gone: the marks
// arrive once. The team that they may not judge cannot be opened.
func TestJourney_scoreWithoutNetwork(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins", "Le Palier")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	juror := p.grant("Jade Exemple", edition.Juror)
	if err := p.Jury.Recuse(t.Context(), p.boss, p.e.ID, juror.ID, string(teams[1].ID), "Sa sœur est dans l’équipe"); err != nil {
		t.Fatal(err)
	}
	links, err := p.Link.Print(t.Context(), p.boss, p.e.ID, []account.ID{juror.ID})
	if err != nil {
		t.Fatal(err)
	}
	jade := p.sit(t, account.Actor{}, look{screen: phone})
	jade.open(links[0].URL).pressWord("link.enter").pressWord("jury.understood").at(p.url("jury"))
	jade.reads("Les Voisins").readsWord("jury.cell.recused")
	sheet := p.url("jury", "teams", string(teams[0].ID))
	if got := ask[int](jade, fmt.Sprintf(`document.querySelectorAll('a[href=%q]').length`, p.url("jury", "teams", string(teams[1].ID)))); got != 0 {
		t.Errorf("%d links lead to the team that is not hers to judge", got)
	}
	jade.keep(p.url("jury"))
	jade.keep(sheet)
	jade.offline(true)
	criteria, err := p.Jury.Criteria(t.Context(), p.DB, p.e.ID)
	if err != nil {
		t.Fatal(err)
	}
	for i := range criteria {
		jade.mark(i, 4)
	}
	jade.until(fmt.Sprintf(`document.querySelectorAll('input[type=radio][value="4"]:checked').length === %d`, len(criteria)))
	jade.pressWord("jury.do.to_list").at(p.url("jury"))
	jade.offline(false)
	jade.wait(func() bool {
		marks, err := p.Jury.History(t.Context(), p.DB, p.e.ID, juror.ID, string(teams[0].ID))
		return err == nil && len(marks) == len(criteria)
	}, "the marks have arrived")
	jade.open(p.url("jury")).readsWord("jury.cell.complete")
	marks, err := p.Jury.History(t.Context(), p.DB, p.e.ID, juror.ID, string(teams[0].ID))
	if err != nil || len(marks) != len(criteria) {
		t.Errorf("%d marks of %d, %v", len(marks), len(criteria), err)
	}
}

// mark gives the criterion of that number a value: a tap, or the digit's key.
func (one *person) mark(criterion, value int) {
	one.t.Helper()
	point := fmt.Sprintf(`document.querySelectorAll('input[type=radio][value="%d"]')[%d]`, value, criterion)
	if one.finger {
		one.click(point + ".labels[0]")
		return
	}
	one.tab(fmt.Sprintf(`controls(ticks).filter((e) => e.name === %s.name)`, point))
	one.keys(strconv.Itoa(value))
	one.until(point + ".checked")
}

// The results open at their minute on the page that people wait on, and the certificates
// with them: a tagged PDF.
func TestJourney_resultsAndCertificate(t *testing.T) {
	p, _ := rehearsed(t, edition.Results, -10*time.Minute)
	p.Start()
	t.Cleanup(p.Stop)
	public := p.sit(t, account.Actor{}, look{screen: phone})
	public.open(p.url("results")).readsWord("award.not_yet")
	still := public.stays()
	err := p.Editions.SetClock(t.Context(), p.boss, p.e.ID, func(_ clock.Pace, wall time.Time) clock.Pace {
		return clock.Pace{Base: p.e.At[edition.Results].Add(-3 * time.Second), Since: wall, Speed: 1}
	})
	if err != nil {
		t.Fatal(err)
	}
	laureates, err := p.Award.Laureates(t.Context(), p.DB, p.e.ID)
	if err != nil || len(laureates) == 0 {
		t.Fatalf("the laureates are %+v, %v", laureates, err)
	}
	public.reads(laureates[0].Team.Name)
	if !still() {
		t.Error("the page was loaded again")
	}

	one := p.sit(t, p.member(t, edition.Participant), look{})
	one.open(p.url("certificate"))
	size := ask[int](one, `fetch(document.querySelector("a[href*='/certificate/']").href).then((r) => r.arrayBuffer()).then((b) => (window.h48File = new Uint8Array(b)).length)`)
	if head := ask[string](one, `new TextDecoder().decode(window.h48File.slice(0, 5))`); head != "%PDF-" || size < 1000 {
		t.Fatalf("the certificate begins with %q and has %d bytes", head, size)
	}
	checkTagged(t, ask[string](one, `btoa(Array.from(window.h48File, (b) => String.fromCharCode(b)).join(""))`))
}

// checkTagged asks pdfinfo, where it is installed, whether the PDF has its structure for
// those who cannot see it.
func checkTagged(t *testing.T, file string) {
	t.Helper()
	pdfinfo, err := exec.LookPath("pdfinfo")
	if err != nil {
		t.Log("no pdfinfo: nobody looked whether the certificate is tagged")
		return
	}
	name := filepath.Join(t.TempDir(), "certificate.pdf")
	content, err := base64.StdEncoding.DecodeString(file)
	if err == nil {
		err = os.WriteFile(name, content, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(pdfinfo, name).Output()
	tagged := false
	for line := range strings.Lines(string(out)) {
		if key, value, _ := strings.Cut(line, ":"); key == "Tagged" {
			tagged = strings.TrimSpace(value) == "yes"
		}
	}
	if err != nil || !tagged {
		t.Errorf("pdfinfo says %s, %v", out, err)
	}
}
