package e2e_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"h48/internal/account"
	"h48/internal/kit/i18n"
	"h48/internal/kit/web"
)

// screen is what a person looks at.
type screen struct{ width, height int64 }

var (
	phone     = screen{390, 844}
	laptop    = screen{1440, 900}
	projector = screen{1920, 1080}
)

// person is somebody at a browser of their own.
type person struct {
	t   testing.TB
	p   *program
	ctx context.Context
	l   i18n.Locale
	// finger is somebody who taps, or has a mouse; everybody else has the keyboard alone.
	finger bool
	// within is the part of the page that they look at; "" for all of it.
	within string
}

// look is how a person's browser is set up.
type look struct {
	screen screen
	lang   i18n.Lang // French where empty
	dark   bool
	// finger gives them a mouse, or a screen to tap on; without it there is the keyboard alone.
	finger bool
}

// sit gives the actor a browser in which they are signed in; the zero actor is the public.
func (p *program) sit(t testing.TB, who account.Actor, how look) *person {
	t.Helper()
	needChromium(t)
	ctx, stop := chromedp.NewContext(chromium.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	if how.lang == "" {
		how.lang = i18n.French
	}
	if how.screen == (screen{}) {
		how.screen = laptop
	}
	one := &person{t: t, p: p, ctx: ctx, l: p.Words.Locale(how.lang), finger: how.finger}
	one.do(chromedp.EmulateViewport(how.screen.width, how.screen.height))
	theme := ""
	if how.dark {
		theme = "dark"
	}
	token := ""
	if !who.Public() {
		session, err := p.Enter(context.Background(), who.ID)
		if err != nil {
			t.Fatal(err)
		}
		token = session.Token
	}
	call(one, network.SetCookie, network.SetCookieParams{Name: web.CookieName, URL: p.base, Path: "/",
		Value: strings.Join([]string{token, string(how.lang), theme, ""}, "~")})
	call(one, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	return one
}

// call sends the browser a command of its protocol.
func call[P, R any](one *person, command cdp.Command[P, R], params P) {
	one.t.Helper()
	one.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	}))
}

func (one *person) do(steps ...chromedp.Action[chromedp.Void]) {
	one.t.Helper()
	if err := chromedp.Do(one.ctx, steps...); err != nil {
		one.t.Fatalf("%v\n%s", err, one.page())
	}
}

// hand is what a person knows of a page's controls: their names, and whether they can be
// seen.
const hand = `
const clean = (s) => (s || "").replace(/[\s\u00a0\u202f]+/g, " ").trim();
const said = (e) => clean(e.getAttribute("aria-label") || (e.labels && e.labels.length ? [...e.labels].map((l) => l.innerText).join(" ") : "") || e.innerText || e.value || e.title);
const seen = (e) => e.checkVisibility({visibilityProperty: true}) && (e.getClientRects().length > 0);
const controls = (of) => [...(document.querySelector(within) || document).querySelectorAll(of)].filter((e) => seen(e) || (e.labels && [...e.labels].some(seen)));
const named = (of, name) => controls(of).filter((e) => said(e).startsWith(clean(name)) && !e.disabled);
const press = "a[href], button, summary, input[type=submit], [role=button]";
const fields = "input:not([type=hidden]):not([type=radio]):not([type=checkbox]), textarea, select";
const ticks = "input[type=radio], input[type=checkbox]";
`

// script is an expression in the hands of the person.
func (one *person) script(js string) string {
	return "(() => { const within = " + quote(cmp.Or(one.within, "html")) + ";" + hand + "return " + js + "})()"
}

// in is the person looking at one part of the page alone.
func (one *person) in(selector string) *person {
	closer := *one
	closer.within = selector
	return &closer
}

// ask is the value of a JavaScript expression in the page, awaited where it is a promise.
func ask[T any](one *person, js string) T {
	one.t.Helper()
	v, err := chromedp.Run(one.ctx, chromedp.Evaluate[T](one.script(js), chromedp.EvalAwaitPromise))
	if err != nil {
		one.t.Fatalf("%s: %v\n%s", js, err, one.page())
	}
	return v
}

// until waits for a JavaScript expression to hold, across pages.
func (one *person) until(js string) {
	one.t.Helper()
	one.wait(func() bool {
		holds, err := chromedp.Run(one.ctx, chromedp.Evaluate[bool](one.script("!!("+js+")")))
		return err == nil && holds // between two pages there is nothing to ask
	}, js)
}

// wait waits for something to be so.
func (one *person) wait(so func() bool, what string) {
	one.t.Helper()
	waitFor(one.ctx, one.t, so, func() string { return what + "\n" + one.page() })
}

// waitFor looks again and again, as a person does, until it is so.
func waitFor(ctx context.Context, t testing.TB, so func() bool, what func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for !so() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("never so: %s", what())
		}
	}
}

// page is where the person is and what they read there, for a failure's message.
func (one *person) page() string {
	text, err := chromedp.Run(one.ctx, chromedp.Evaluate[string](`location.href + "\n" + document.body.innerText.slice(0, 2500)`))
	if err != nil {
		return "and the page cannot be read: " + err.Error()
	}
	return "the page is " + text
}

// open goes to an address, of this site where it names no other, and finds a page there.
func (one *person) open(path string) *person {
	one.t.Helper()
	if !strings.Contains(path, "://") {
		path = one.p.base + path
	}
	one.do(chromedp.Navigate(path))
	one.until(`document.readyState === "complete"`)
	return one
}

// keep opens a page until the device keeps it: the first visit brings the service worker,
// the second one keeps the page.
func (one *person) keep(path string) *person {
	one.t.Helper()
	one.open(path).until(`navigator.serviceWorker.controller`)
	one.open(path).wait(func() bool {
		return ask[bool](one, `caches.open("h48-pages").then((c) => c.match(location.href, {ignoreVary: true})).then((r) => !!r)`)
	}, "the device keeps the page")
	return one
}

// reads waits for the page to say the text, as it is shown.
func (one *person) reads(text string) *person {
	one.t.Helper()
	one.until(fmt.Sprintf(`clean(document.body.innerText).toLowerCase().includes(clean(%s).toLowerCase())`, quote(text)))
	return one
}

// readsWord waits for the page to say what the key names.
func (one *person) readsWord(key string, args ...any) *person {
	one.t.Helper()
	return one.reads(one.word(key, args...))
}

// at waits to be at the path.
func (one *person) at(path string) *person {
	one.t.Helper()
	one.until(fmt.Sprintf(`location.pathname === %s && document.readyState === "complete"`, quote(path)))
	return one
}

// stays marks the page, so that the answer tells whether it was loaded again since.
func (one *person) stays() (still func() bool) {
	one.t.Helper()
	ask[bool](one, `(window.h48Mark = true)`)
	return func() bool { return ask[bool](one, `window.h48Mark === true`) }
}

// word is the text of the key in the person's language.
func (one *person) word(key string, args ...any) string {
	one.t.Helper()
	if !one.l.Has(key) {
		one.t.Fatalf("the catalogue has no %s", key)
	}
	return one.l.T(key, args...)
}

// offline cuts the network of the device, its service worker's too, or gives it back.
func (one *person) offline(cut bool) {
	one.t.Helper()
	call(one, network.Enable, network.EnableParams{})
	call(one, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: cut, DownloadThroughput: -1, UploadThroughput: -1})
	call(one, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{EmulateOfflineServiceWorker: &cut,
		MatchedNetworkConditions: []*network.Conditions{{Offline: cut, DownloadThroughput: -1, UploadThroughput: -1}}})
}

// quote writes a text as JavaScript does.
func quote(text string) string {
	b, _ := json.Marshal(text) // a string always can be
	return string(b)
}
