package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"h48/internal/edition"
	"h48/internal/jury"
)

// A juror moves a mark with the arrows and leaves: by loading the page again once it is
// kept, without network, then at once by Enter. What they saw last arrives both times, and
// nothing is said of other criteria.
func TestJourney_arrowsThenAway(t *testing.T) {
	t.Parallel()
	p := amiens(t)
	teams, founders := p.crews(t, "Les Voisins")
	p.clock(edition.HandIn, -time.Hour)
	p.handIn(t, founders)
	p.clock(edition.Pitches, time.Minute)
	who := p.grant("Jade Exemple", edition.Juror)
	jade := p.sit(t, who, look{})
	sheet := p.url("jury", "teams", string(teams[0].ID))
	jade.open(p.url("jury")).pressWord("jury.understood").at(p.url("jury")).open(sheet)
	value := func() string {
		all, err := p.Jury.History(t.Context(), p.DB, p.e.ID, who.ID, string(teams[0].ID))
		if err != nil || len(all) == 0 {
			return fmt.Sprint(err)
		}
		criteria := map[string]bool{}
		for _, m := range all {
			criteria[m.Criterion] = true
		}
		if len(criteria) != 1 || all[len(all)-1].Kind != jury.Scored {
			return fmt.Sprintf("%+v", all)
		}
		return fmt.Sprint(all[len(all)-1].Value)
	}
	jade.mark(0, 3)
	jade.wait(func() bool { return value() == "3" }, "the digit is kept")
	jade.offline(true)
	jade.arrow(4)
	jade.until(fmt.Sprintf(`document.querySelector("[data-state-of]").textContent === %s`, quote(jade.word("ui.taps.kept"))))
	jade.offline(false)
	jade.do(chromedp.Reload())
	jade.wait(func() bool { return value() == "4" }, "what the arrows stood on has arrived though the page was loaded again")
	jade.until(`document.readyState === "complete" && document.body.classList.contains("has-taps")`)
	jade.mark(0, 2)
	jade.arrow(3)
	jade.keys(kb.Enter)
	jade.wait(func() bool { return value() == "3" }, "Enter keeps what the arrows stood on, and no more")
}

// arrow moves the first mark by one, to the value.
func (one *person) arrow(to int) {
	one.t.Helper()
	one.keys(kb.ArrowRight)
	one.until(fmt.Sprintf(`document.activeElement.checked && document.activeElement.value === "%d"`, to))
}
