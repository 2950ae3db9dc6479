package ui_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

// kitSite serves the kit page and the stage, in the language and theme of the address.
func kitSite(t *testing.T) *httptest.Server {
	t.Helper()
	start := time.Date(2018, 5, 19, 12, 0, 0, 0, time.UTC)
	mux := http.NewServeMux()
	mux.Handle("/static/", ui.Handler())
	view := func(r *http.Request) ui.View {
		return ui.View{
			L: locale(t, i18n.Lang(r.FormValue("lang"))), Title: "Kit", Theme: r.FormValue("theme"), Path: "/kit",
			Edition: &ui.Head{Name: "Hackathon", URL: "/kit", Place: "Amiens"}, Who: &ui.Person{ID: "1", Name: "Zoé Exemple", URL: "/me"},
			Nav:       []ui.Link{{Label: "A", URL: "#", Icon: "house", Current: true}, {Label: "B", URL: "#", Icon: "users", Count: 2}, {Label: "C", URL: "#"}, {Label: "D", URL: "#"}, {Label: "E", URL: "#"}},
			Clock:     ui.Clock{Now: start.Add(20*time.Hour + 28*time.Minute)},
			Flash:     []ui.Flash{{Kind: "ok", Text: "ok"}, {Kind: "error", Text: "error"}},
			Rehearsal: &ui.Rehearsal{Action: "/r", Speeds: []float64{1, 60}, Phases: []ui.Option{{Value: "a", Label: "A"}}},
		}
	}
	mux.HandleFunc("/kit", func(w http.ResponseWriter, r *http.Request) { _ = ui.Kit(view(r), start).Render(r.Context(), w) })
	mux.HandleFunc("/stage", func(w http.ResponseWriter, r *http.Request) { _ = ui.KitStage(view(r)).Render(r.Context(), w) })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestKit_axeFindsNothing(t *testing.T) {
	axe, err := os.ReadFile("../e2e/testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	ctx, server := tab(t), kitSite(t)
	for _, c := range []struct {
		page  string
		width int64
	}{
		{"/kit?lang=fr&theme=light", 390}, {"/kit?lang=en&theme=dark", 390}, {"/kit?lang=fr&theme=dark", 1440}, {"/kit?lang=en&theme=light", 1440},
		{"/stage?lang=fr", 1920},
	} {
		do(t, ctx, chromedp.EmulateViewport(c.width, 900), chromedp.Navigate(server.URL+c.page))
		eval[bool](t, ctx, string(axe)+"; true")
		found := eval[[]string](t, ctx, `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then((r) =>
			r.violations.flatMap((v) => v.nodes.map((n) => v.id + ": " + n.html.slice(0, 160) + " " + n.failureSummary.replaceAll("\n", " ").slice(0, 260))))`)
		if len(found) > 0 {
			t.Errorf("%s at %d px: axe finds\n%s", c.page, c.width, strings.Join(found, "\n"))
		}
	}
}

func TestKit_fitsEveryScreen(t *testing.T) {
	ctx, server := tab(t), kitSite(t)
	for _, width := range []int64{320, 390, 768, 1024, 1440, 1920} {
		for _, page := range []string{"/kit?lang=fr", "/stage?lang=fr"} {
			do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+page))
			if beyond := eval[float64](t, ctx, `document.documentElement.scrollWidth - innerWidth`); beyond > 0 {
				t.Errorf("%s is %v px wider than a screen of %d", page, beyond, width)
			}
		}
	}
}
