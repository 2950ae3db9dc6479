package ui_test

import (
	"fmt"
	"html/template"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"h48/internal/ui"
)

// queue is a page with a live list, a live note with a form, and a region where nothing
// changes but the time.
func queue(t *testing.T) (s *site, waiting *int) {
	waiting = new(int)
	end := time.Now().Add(time.Hour)
	s = newSite(t, &site{topics: []string{"queue"}, body: func(l ui.Locale) templ.Component {
		now := time.Now()
		return templ.Join(html(fmt.Sprintf(`
			<div id="list" data-live><p id="count">%[1]d waiting</p><details id="why"><summary>Why</summary>because</details>
				<a href="#a" id="first">first</a></div>
			<div id="note" data-live><p>note %[1]d</p><form method="post" action="/act"><input name="text" id="text" value=""></form></div>
			<div id="still" data-live><p>the same</p>`, *waiting)), ui.Countdown(l, ui.CountdownData{Now: now, To: end}), html(`</div>`))
	}})
	return s, waiting
}

func TestLive_swapsWhatChangedAndKeepsTheReadersPlace(t *testing.T) {
	ctx := tab(t)
	s, waiting := queue(t)
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, `document.querySelector(".live-state.is-on") !== null`)
	do(t, ctx, chromedp.Click(chromedp.CSS("#why summary")), chromedp.Focus(chromedp.CSS("#first")))
	eval[bool](t, ctx, `(window.stillNode = document.querySelector("#still p"), window.swaps = [],
		document.addEventListener("live:swapped", (e) => swaps.push(e.target.id)), true)`)

	s.touch("queue", func() { *waiting = 3 })
	until(t, ctx, `document.querySelector("#count").textContent === "3 waiting"`)

	if !eval[bool](t, ctx, `document.querySelector("#why").open`) {
		t.Error("the swap closed what the reader had unfolded")
	}
	if got := eval[string](t, ctx, `document.activeElement.id`); got != "first" {
		t.Errorf("the focus went to %q", got)
	}
	if !eval[bool](t, ctx, `window.stillNode.isConnected`) {
		t.Error("a region whose HTML is the same was swapped")
	}
	if got := eval[string](t, ctx, `swaps.join()`); got != "list,note" {
		t.Errorf("swapped %q, want list,note", got)
	}
}

func TestLive_leavesAFormThatWasTypedInAndOffersTheNews(t *testing.T) {
	ctx := tab(t)
	s, waiting := queue(t)
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, `document.querySelector(".live-state.is-on") !== null`)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#text"), "my words"))

	s.touch("queue", func() { *waiting = 1 })
	until(t, ctx, `document.querySelector("#note > .live-new") !== null`)
	if got := eval[string](t, ctx, `document.querySelector("#text").value`); got != "my words" {
		t.Errorf("the typed text became %q", got)
	}
	if got := eval[string](t, ctx, `document.querySelector("#note p").textContent`); got != "note 0" {
		t.Errorf("the region under the reader's hands was swapped: %q", got)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#note > .live-new")))
	until(t, ctx, `document.querySelector("#note p").textContent === "note 1" && !document.querySelector(".live-new")`)
}

func TestLive_catchesUpAfterTheNetworkWasCut(t *testing.T) {
	ctx := tab(t)
	s, waiting := queue(t)
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, `document.querySelector(".live-state.is-on") !== null`)

	s.cut.Store(true)
	s.CloseClientConnections()
	until(t, ctx, `document.querySelector(".live-state.is-off") !== null`)
	s.touch("queue", func() { *waiting = 7 }) // nobody hears it
	s.cut.Store(false)
	until(t, ctx, `document.querySelector("#count").textContent === "7 waiting" && document.querySelector(".live-state.is-on") !== null`)
}

func TestLive_believesNoCaptivePortal(t *testing.T) {
	ctx := tab(t)
	s, waiting := queue(t)
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, `document.querySelector(".live-state.is-on") !== null`)
	s.portal.Store(true)
	s.touch("queue", func() { *waiting = 2 })
	<-s.lured
	if got := eval[string](t, ctx, `document.querySelector("#count").textContent`); got != "0 waiting" {
		t.Errorf("the page took the portal's answer: %q", got)
	}
	s.portal.Store(false)
	until(t, ctx, `document.querySelector("#count").textContent === "2 waiting"`)
}

func TestCountdown_ticksWarnsAndGoesOnWhenOver(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{
		view: func(v *ui.View) { v.Clock.Speed = 20 },
		body: func(l ui.Locale) templ.Component {
			now := time.Now()
			return ui.Countdown(l, ui.CountdownData{Now: now, To: now.Add(62 * time.Second), Soon: 30 * time.Second, Total: 2 * time.Minute})
		},
	})
	do(t, ctx, chromedp.Navigate(s.URL))
	const clock = `document.querySelector("[data-countdown]")`
	until(t, ctx, clock+`.textContent !== "1:02"`)
	until(t, ctx, clock+`.classList.contains("is-soon") && document.querySelector("progress").value < 260`)
	until(t, ctx, clock+`.classList.contains("is-over") && `+clock+`.textContent.startsWith("− 0:")`)
}

func TestClock_writesTimesAsTheServerDoes(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{body: func(ui.Locale) templ.Component { return html("") }})
	do(t, ctx, chromedp.Navigate(s.URL))
	l := locale(t, "en")
	for _, d := range []time.Duration{0, 45 * time.Second, 65 * time.Second, 12*time.Minute + 10*time.Second, 125 * time.Minute, 2 * time.Hour, 50 * time.Hour} {
		js := fmt.Sprintf(`import(%q).then((c) => c.span(%d))`, ui.Asset("js/clock.js"), d.Milliseconds())
		if got := eval[string](t, ctx, js); got != l.Duration(d) {
			t.Errorf("the script writes %v as %q, the server as %q", d, got, l.Duration(d))
		}
	}
	at := time.Date(2018, 7, 1, 14, 5, 0, 0, time.UTC)
	js := fmt.Sprintf(`import(%q).then((c) => c.wall(%d, true))`, ui.Asset("js/clock.js"), at.UnixMilli())
	if want := l.Day(at) + ", " + l.Clock(at); eval[string](t, ctx, js) != want {
		t.Errorf("the script writes %q, the server %q", eval[string](t, ctx, js), want)
	}
	for _, left := range []time.Duration{68 * time.Second, 19*time.Hour + 32*time.Minute + 7*time.Second, 99*time.Hour + 59*time.Minute, 100 * time.Hour, 1670*time.Hour + 5*time.Minute, 0, -12 * time.Second, 400 * time.Millisecond} {
		js := fmt.Sprintf(`import(%q).then((c) => c.parts(%d).join(""))`, ui.Asset("js/clock.js"), left.Milliseconds())
		want := render(t, ui.Countdown(l, ui.CountdownData{Now: at, To: at.Add(left)}))
		if got := eval[string](t, ctx, js); !strings.Contains(want, ">"+template.HTMLEscapeString(got)+"<") {
			t.Errorf("the script writes what is left, %v, as %q; the server:\n%s", left, got, want)
		}
	}
}
