package ui_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/chromedp"
	"rsc.io/qr"

	"h48/internal/ui"
)

func TestServiceWorker_showsAKeptPageWithoutNetwork(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{body: func(ui.Locale) templ.Component { return html(`<p id="programme">Breakfast at 8</p>`) }})
	do(t, ctx, chromedp.Navigate(s.URL+"/programme"))
	eval[bool](t, ctx, `navigator.serviceWorker.ready.then((r) => new Promise((on) => {
		const check = () => navigator.serviceWorker.controller ? on(true) : setTimeout(check, 30); check(); }))`)
	do(t, ctx, chromedp.Reload()) // the worker holds the page from this visit on
	eval[bool](t, ctx, `(async () => {
		while ((await (await caches.open("h48-pages")).keys()).length === 0) await new Promise((next) => setTimeout(next, 20));
		return true;
	})()`)

	s.cut.Store(true)
	do(t, ctx, chromedp.Navigate("about:blank"), chromedp.Navigate(s.URL+"/programme"))
	until(t, ctx, `document.querySelector("#programme")?.textContent === "Breakfast at 8"`)
	if !eval[bool](t, ctx, `getComputedStyle(document.querySelector(".top")).position === "sticky"`) {
		t.Error("the kept page has lost its style")
	}
	if !eval[bool](t, ctx, `Number(document.body.dataset.kept) > 1e12 && document.querySelector(".kept").textContent.startsWith("No network. This is the page as it was at ")`) {
		t.Error("the kept page does not say when it was kept")
	}
	do(t, ctx, chromedp.Navigate(s.URL+"/never-visited"))
	until(t, ctx, `document.querySelector("h1, #programme") !== null`) // the page /offline, here the same body
}

func TestDialog_opensAboveThePageAndComesBack(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{body: func(l ui.Locale) templ.Component {
		return ui.Dialog(l, ui.DialogData{ID: "drop", Open: "Drop…", Title: "Drop the team?"})
	}})
	do(t, ctx, chromedp.Navigate(s.URL), chromedp.Click(chromedp.CSS("#drop summary")))
	until(t, ctx, `document.querySelector("dialog[open] #drop-title") !== null && !document.querySelector("#drop").open`)
	do(t, ctx, chromedp.Click(chromedp.CSS("dialog [data-close]")))
	until(t, ctx, `!document.querySelector("dialog") && document.querySelector("#drop #drop-title") !== null && document.activeElement.matches("#drop summary")`)
}

func TestDrag_movesAnItemAsItsFormWould(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{body: func(ui.Locale) templ.Component {
		return html(`<div class="grid grid-2"><section class="card" data-drop="a" aria-label="A"><div class="card" data-drag id="zoe"><b id="grip">Zoé</b>
			<form method="post" action="/act"><select name="team"><option value="a">A</option><option value="b">B</option></select><button>Move</button></form></div></section>
			<section class="card" data-drop="b" id="b" aria-label="B">B</section></div>`)
	}})
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, `document.querySelector(".live-state") === null`)
	eval[bool](t, ctx, fmt.Sprintf(`import(%q).then(() => true)`, ui.Asset("js/drag.js")))
	do(t, ctx, chromedp.DragAndDrop(chromedp.CSS("#grip"), chromedp.CSS("#b")))
	until(t, ctx, `document.querySelector("#b #zoe") !== null && document.querySelector("#ui-said")?.textContent === "Moved to B"`)
	if got := s.received("team"); len(got) != 1 || got[0] != "b" {
		t.Errorf("the form sent %v", got)
	}

	s.cut.Store(true)
	eval[bool](t, ctx, `(document.querySelector("#b").dataset.drop = "a", document.querySelector("[data-drop]").dataset.drop = "b", true)`)
	do(t, ctx, chromedp.DragAndDrop(chromedp.CSS("#grip"), chromedp.CSS("[data-drop=b]")))
	until(t, ctx, `document.querySelector("#b #zoe") !== null && document.querySelector("#ui-said").textContent.startsWith("Not moved")`)
}

// The camera is a canvas here, which shows a code drawn by the same library as the badges.
func TestScan_readsABadgeAndSendsItsForm(t *testing.T) {
	code, err := qr.Encode("https://h48.example.org/b/H48-4F7K?by=qr", qr.M)
	if err != nil {
		t.Fatal(err)
	}
	code.Scale = 6
	ctx := tab(t)
	s := newSite(t, &site{body: func(l ui.Locale) templ.Component {
		return templ.Join(html(`<form method="post" action="/act" data-scan data-outbox="checkin" data-outbox-reset>`),
			ui.Scan(l, ui.Field{Name: "badge", Label: "Badge", Required: true}), html(`<button id="in">In</button></form><span id="state" data-outbox-state></span>`))
	}})
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, allReceived)
	eval[bool](t, ctx, fmt.Sprintf(`(async () => {
		await import(%q);
		const bytes = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
		const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
		const canvas = Object.assign(document.createElement("canvas"), {width: image.width, height: image.height});
		const pen = canvas.getContext("2d");
		setInterval(() => pen.drawImage(image, 0, 0), 40);
		navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(25);
		document.addEventListener("outbox:sent", () => (window.sent = true));
		return true;
	})()`, ui.Asset("js/scan.js"), base64.StdEncoding.EncodeToString(code.PNG())))
	do(t, ctx, chromedp.Click(chromedp.CSS("[data-scan-start]")))
	until(t, ctx, `window.sent === true && document.querySelector("[data-scan-start] span").textContent === "Stop the camera"`)
	if got := s.received("badge"); got[0] != "H48-4F7K" {
		t.Errorf("the form sent %v", got)
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("[data-scan-start]")))
	until(t, ctx, `document.querySelector("video") === null`)
}

// A counter says what became of each badge: kept, taken, refused. Taken, the form is empty
// for the next; refused, the badge is there again, to be completed.
func TestTold_saysWhatBecameOfEachBadge(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{body: func(l ui.Locale) templ.Component {
		return templ.Join(html(`<form method="post" action="/act" data-scan data-told data-outbox="meal">`), ui.Scan(l, ui.Field{Name: "badge", Label: "Badge", Required: true}),
			ui.Told("{code}: kept"), html(`<button id="serve">Serve</button></form><span id="state" data-outbox-state></span>`))
	}})
	do(t, ctx, chromedp.Navigate(s.URL))
	until(t, ctx, allReceived)
	const said, field = `document.querySelector("[data-told-last]").innerText.trim()`, `document.querySelector("[name=badge]").value`
	for _, c := range []struct {
		badge, answer, want, left string
		status                    int
	}{
		{"ADA234", `{"words": "Ada: enjoy!", "tone": "good"}`, "Ada: enjoy!", "", 200},
		{"BOB234", `{"words": "Bob has eaten", "tone": "bad"}`, "Bob has eaten", "BOB234", 200},
		{"NOBODY", `{"detail": "No badge has these signs"}`, "No badge has these signs", "NOBODY", 422},
	} {
		s.answer = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.answer)
		}
		eval[bool](t, ctx, `(document.querySelector("[name=badge]").value = "") === ""`)
		do(t, ctx, chromedp.SendKeys(chromedp.CSS("[name=badge]"), c.badge), chromedp.Click(chromedp.CSS("#serve")))
		until(t, ctx, fmt.Sprintf(`%s === %q && %s === %q`, said, c.want, field, c.left))
	}
	eval[bool](t, ctx, `(document.querySelector("[name=badge]").value = "") === ""`)
	do(t, ctx, chromedp.Click(chromedp.CSS("#serve")))
	until(t, ctx, fmt.Sprintf(`%s === "No badge has these signs"`, said))
	if got := s.received("badge"); len(got) != 3 {
		t.Errorf("the form sent %v: nobody's badge too", got)
	}
}

func TestScan_withoutACameraAsksForThePrintedCode(t *testing.T) {
	ctx := tab(t)
	s := newSite(t, &site{body: func(l ui.Locale) templ.Component {
		return templ.Join(html(`<form method="post" action="/act" data-scan>`), ui.Scan(l, ui.Field{Name: "badge", Label: "Badge"}), html(`</form>`))
	}})
	do(t, ctx, chromedp.Navigate(s.URL))
	eval[bool](t, ctx, fmt.Sprintf(`import(%q).then(() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("no camera")); return true; })`, ui.Asset("js/scan.js")))
	do(t, ctx, chromedp.Click(chromedp.CSS("[data-scan-start]")))
	until(t, ctx, `document.querySelector("[data-scan-note]").textContent.startsWith("No usable camera") && document.activeElement.name === "badge"`)
}
