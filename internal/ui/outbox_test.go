package ui_test

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"

	"h48/internal/ui"
)

// counter is a page where meals are handed out.
func counter(t *testing.T) *site {
	return newSite(t, &site{body: func(ui.Locale) templ.Component {
		return html(`<form id="meal" method="post" action="/act" data-outbox="meals" data-outbox-reset data-outbox-label="Meal for a badge">
			<label>Badge <input name="badge" id="badge"></label><button id="give" name="do" value="give">Give</button></form>
			<span id="state" data-outbox-state></span>`)
	}})
}

// give hands out a meal for a badge.
func give(badge string) []chromedp.Action[chromedp.Void] {
	return []chromedp.Action[chromedp.Void]{
		chromedp.SendKeys(chromedp.CSS("#badge"), badge), chromedp.Click(chromedp.CSS("#give")),
	}
}

const allReceived = `document.querySelector("#state").textContent === "All received"`

func kept(n int) string {
	return fmt.Sprintf(`document.querySelector("#state").textContent === "Kept here · %d to send"`, n)
}

func TestOutbox_keepsActionsWhileTheNetworkIsCutAndSendsEachOnce(t *testing.T) {
	ctx := tab(t)
	s := counter(t)
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, allReceived)

	s.cut.Store(true)
	for i, badge := range []string{"A1", "B2", "C3"} {
		do(t, ctx, give(badge)...)
		until(t, ctx, kept(i+1))
	}
	if got := s.received("badge"); len(got) != 0 {
		t.Fatalf("the server heard %v through a cut network", got)
	}
	do(t, ctx, chromedp.Navigate("about:blank")) // what is kept outlives the page
	s.cut.Store(false)
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, allReceived)

	if got := s.received("badge"); !slices.Equal(got, []string{"A1", "B2", "C3"}) {
		t.Errorf("received %v, want each once and in order", got)
	}
	ids := s.received("action_id")
	for i, id := range ids {
		if !regexp.MustCompile(`^[0-9a-hjkmnp-tv-z]{26}$`).MatchString(id) || slices.Index(ids, id) != i {
			t.Errorf("action_id %q of %v is not a fresh 128-bit id", id, ids)
		}
	}
	if at := s.received("acted_at"); len(at) == 0 || len(at[0]) != 13 {
		t.Errorf("acted_at %v is not in milliseconds", at)
	}
	if got := s.received("do"); got[0] != "give" {
		t.Errorf("the button that was pressed came as %q", got[0])
	}
	if got := s.received("accept"); got[0] != "application/json" {
		t.Errorf("Accept: %q", got[0])
	}
}

func TestOutbox_aBadActionNeverHoldsUpTheRest(t *testing.T) {
	ctx := tab(t)
	s := counter(t)
	s.answer = func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		switch r.PostForm.Get("badge") {
		case "BAD":
			w.WriteHeader(http.StatusUnprocessableEntity)
			fmt.Fprint(w, `{"title": "Refused", "detail": "This badge is <b>unknown</b>."}`)
		case "TWICE":
			w.WriteHeader(http.StatusConflict)
			fmt.Fprint(w, `{"detail": "This meal was given at 12:04."}`)
		default:
			fmt.Fprint(w, `{}`)
		}
	}
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, allReceived)
	s.cut.Store(true)
	for i, badge := range []string{"BAD", "TWICE", "GOOD"} {
		do(t, ctx, give(badge)...)
		until(t, ctx, kept(i+1))
	}
	s.cut.Store(false)
	eval[bool](t, ctx, `dispatchEvent(new Event("online"))`)
	until(t, ctx, `document.querySelector("#state").textContent === "2 refused, have a look" && document.querySelectorAll(".outbox-entry").length === 2`)
	if got := s.received("badge"); !slices.Contains(got, "GOOD") {
		t.Errorf("the good action behind two bad ones was not sent: %v", got)
	}

	do(t, ctx, chromedp.Click(chromedp.CSS(".outbox-pill")))
	until(t, ctx, `document.querySelector(".outbox-list").open`)
	list := eval[string](t, ctx, `document.querySelector(".outbox-list").innerText`)
	for _, words := range []string{"Meal for a badge", "This badge is <b>unknown</b>.", "This meal was given at 12:04.", "Send again", "Discard"} {
		if !strings.Contains(list, words) {
			t.Errorf("the list lacks %q:\n%s", words, list)
		}
	}
	eval[bool](t, ctx, `(window.confirm = () => true, document.querySelector(".outbox-entry .btn-danger").click(), true)`)
	until(t, ctx, `document.querySelectorAll(".outbox-entry").length === 1`)
	s.mu.Lock()
	s.answer = nil
	s.mu.Unlock()
	do(t, ctx, chromedp.Click(chromedp.CSS(".outbox-entry .btn-ghost")))
	until(t, ctx, allReceived)
}

func TestOutbox_takesNoPortalForTheServer(t *testing.T) {
	ctx := tab(t)
	s := counter(t)
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, allReceived)
	s.portal.Store(true)
	do(t, ctx, give("A1")...)
	<-s.lured
	until(t, ctx, kept(1))
	s.portal.Store(false)
	eval[bool](t, ctx, `dispatchEvent(new Event("online"))`)
	until(t, ctx, allReceived)
	if got := s.received("badge"); !slices.Equal(got, []string{"A1"}) {
		t.Errorf("received %v", got)
	}
}

func TestOutbox_sendsNothingInTheNameOfAnother(t *testing.T) {
	ctx := tab(t)
	s := counter(t)
	who := "zoe"
	s.view = func(v *ui.View) { v.Who = &ui.Person{ID: who, Name: who} }
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, allReceived)
	s.cut.Store(true)
	do(t, ctx, give("A1")...)
	until(t, ctx, kept(1))

	do(t, ctx, chromedp.Navigate("about:blank"))
	s.cut.Store(false)
	who = "malo"
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, kept(1))
	eval[bool](t, ctx, `(document.addEventListener("outbox:sent", (e) => (window.sent = e.detail)), true)`)
	do(t, ctx, give("B2")...)
	until(t, ctx, `window.sent?.answer.ok === true`)
	who = "zoe"
	do(t, ctx, chromedp.Reload())
	until(t, ctx, allReceived)
	if got := s.received("badge"); !slices.Equal(got, []string{"B2", "A1"}) {
		t.Errorf("received %v, want Malo's own action, then Zoé's once she was back", got)
	}
}

func TestAutosave_keepsTheDraftAndGivesItBack(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{body: func(ui.Locale) templ.Component {
		return html(`<form method="post" action="/act" data-autosave="idea"><textarea name="idea" id="idea"></textarea>
			<label><input type="radio" name="kind" value="a" id="a"> A</label><span id="state" data-autosave-state></span></form>`)
	}})
	do(t, ctx, chromedp.Navigate(s.URL), chromedp.SendKeys(chromedp.CSS("#idea"), "One place"))
	until(t, ctx, `document.querySelector("#state").textContent.startsWith("Draft kept at ")`)
	if got := s.received("idea"); !slices.Equal(got, []string{"One place"}) {
		t.Errorf("saved %q: want one post once the typing stopped", got)
	}
	if got := s.received("x-autosave"); got[0] != "1" {
		t.Errorf("X-Autosave: %q", got[0])
	}

	s.cut.Store(true)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#idea"), ", one answer"), chromedp.Click(chromedp.CSS("#a")))
	until(t, ctx, `document.querySelector("#state").textContent === "Not kept yet: no network"`)
	s.cut.Store(false)
	do(t, ctx, chromedp.Reload(), chromedp.Click(chromedp.CSS(".autosave-found button")))
	until(t, ctx, `document.querySelector("#idea").value === "One place, one answer" && document.querySelector("#a").checked`)
	until(t, ctx, `document.querySelector("#state").textContent.startsWith("Draft kept at ")`)
	if got := s.received("idea"); got[len(got)-1] != "One place, one answer" {
		t.Errorf("saved %q", got)
	}
}
