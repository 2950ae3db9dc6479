package e2e_test

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/gallery"
	"h48/internal/kit/i18n"
)

// exported runs h48 export on the program's database, and unpacks what it writes.
func exported(t *testing.T, p *program) (folder string) {
	t.Helper()
	dir := t.TempDir()
	file, folder := filepath.Join(dir, "site.zip"), filepath.Join(dir, "site")
	export := command(t, dir, "export", file, "--edition", p.e.Slug, "--database", p.Config.Database, "--files", p.Config.Files, "--url", p.base)
	out, err := export.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "6 projects are in") {
		t.Fatalf("the export says %q, %v", out, err)
	}
	archive, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	for _, f := range archive.File {
		unpack(t, f, filepath.Join(folder, filepath.FromSlash(f.Name)))
	}
	return folder
}

func unpack(t *testing.T, f *zip.File, to string) {
	t.Helper()
	from, err := f.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	content, err := io.ReadAll(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// standsAlone holds the page that is shown against what a folder promises: accessible, no
// wider than the screen, and nothing asked of anybody else.
func (one *person) standsAlone() {
	one.t.Helper()
	if found := one.audit(); len(found) > 0 {
		one.t.Errorf("%s: axe finds\n%s", ask[string](one, "location.href"), strings.Join(found, "\n"))
	}
	if beyond := one.overflow(); beyond > 0 {
		one.t.Errorf("%s is %v px wider than the screen", ask[string](one, "location.href"), beyond)
	}
	for _, address := range ask[[]string](one, `[location.href, ...performance.getEntriesByType("resource").map((r) => r.name)]`) {
		if !strings.HasPrefix(address, "file:") {
			one.t.Errorf("it asks for %s", address)
		}
	}
	for _, address := range ask[[]string](one, `[...document.querySelectorAll("a[href]")].filter((a) => a.rel !== "noopener nofollow ugc").map((a) => a.href)`) {
		if path, _, _ := strings.Cut(strings.TrimPrefix(address, "file://"), "#"); !strings.HasPrefix(address, "file:") {
			one.t.Errorf("a link leads out of the folder, to %s", address)
		} else if _, err := os.Stat(path); err != nil {
			one.t.Errorf("a link leads nowhere: %v", err)
		}
	}
}

const shownWorks = `[...document.querySelectorAll(".works > li")].filter(seen).length`

// The event is over, and its projects live elsewhere too: in a folder that somebody took
// along, and in the page of another site.
func TestJourney_projectsElsewhere(t *testing.T) {
	p, _ := rehearsed(t, edition.Ends, 45*24*time.Hour) // the follow-up has had its first answers
	t.Run("from a disk", p.siteFromADisk)
	t.Run("in the page of another site", p.cardInAPage)
}

// siteFromADisk opens the exported site without a server and without a network, in both
// languages and themes, and searches it.
func (p *program) siteFromADisk(t *testing.T) {
	folder := "file://" + exported(t, p)
	last, err := p.Gallery.Find(t.Context(), gallery.Filter{Edition: p.e.ID})
	if err != nil || len(last.Cards) != 6 || len(last.Fates) == 0 {
		t.Fatalf("the gallery is %+v, %v", last, err)
	}
	for _, how := range []look{{screen: phone}, {screen: laptop, lang: i18n.English, dark: true}} {
		one := p.sit(t, account.Actor{}, how)
		one.offline(true)
		if how.dark {
			call(one, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
		}
		one.open(folder + "/index.html").standsAlone()
		language := "Français"
		if how.lang == i18n.English {
			language = "English"
		}
		one.press(language).readsWord("gallery.all").until(shownWorks + ` === 6`)
		one.standsAlone()
		one.siteIsSearched(last)

		one.press(last.Cards[0].Title).reads(last.Cards[0].TeamName).until(`document.images[0].complete && document.images[0].naturalWidth > 600`)
		one.standsAlone()
		one.pressWord("gallery.site.other").reads(last.Cards[0].Title)
		if lang := ask[string](one, `document.documentElement.lang`); lang == string(one.l.Lang) {
			t.Errorf("the other language is %s again", lang)
		}
		one.standsAlone()
	}
	plain := p.sit(t, account.Actor{}, look{})
	call(plain, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	plain.open(folder + "/fr/index.html").until(shownWorks + ` === 6 && !controls("input, select").length`)
}

// siteIsSearched finds one project by its words, the laureates, and those of one fate.
func (one *person) siteIsSearched(all gallery.Found) {
	one.t.Helper()
	title := all.Cards[0].Title
	one.fill(one.word("gallery.search"), strings.ToUpper(title)).until(shownWorks + ` === 1`)
	one.reads(title)
	one.fill(one.word("gallery.search"), "zzzz").readsWord("gallery.nothing").until(shownWorks + ` === 0`)
	one.pressWord("gallery.filter.all").until(shownWorks + ` === 6`)

	one.reach("fields", one.word("gallery.filter.prize"))
	one.keys(kb.ArrowDown + kb.Enter) // to the only other choice, the laureates
	one.until(shownWorks + ` === 3`)
	one.pressWord("gallery.filter.all").until(shownWorks + ` === 6`)
	want := 0
	for _, c := range all.Cards {
		if c.Fate == all.Fates[0] {
			want++
		}
	}
	one.reach("fields", one.word("gallery.filter.became"))
	one.keys(kb.ArrowDown + kb.Enter) // to the first of them
	one.until(fmt.Sprintf(`%s === %d`, shownWorks, want))
	one.pressWord("gallery.filter.all").until(shownWorks + ` === 6`)
}

// cardInAPage pastes what the project's page offers into a page of another site: the card
// stands there, and loads nothing of its own but its looks and its picture.
func (p *program) cardInAPage(t *testing.T) {
	found, err := p.Gallery.Find(t.Context(), gallery.Filter{Edition: p.e.ID})
	if err != nil {
		t.Fatal(err)
	}
	one := p.sit(t, account.Actor{}, look{screen: phone})
	one.open(p.url("projects", string(found.Cards[0].Project)))
	code := ask[string](one, `[...document.querySelectorAll("code")].map((c) => c.textContent).find((c) => c.startsWith("<iframe"))`)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, `<!DOCTYPE html><html lang="fr"><title>Le journal du bailleur</title><body style="margin:0"><h1>À lire</h1>`+code+`</body></html>`)
	}))
	defer other.Close()
	one.open(strings.Replace(other.URL, "127.0.0.1", "localhost", 1)).until(`document.querySelector("iframe")`)
	var card string
	one.wait(func() bool {
		card = one.framed(`document.images[0]?.naturalWidth > 0 ? document.body.innerText : ""`)
		return strings.Contains(card, found.Cards[0].Title)
	}, "the card stands in the other page")
	if !strings.Contains(card, found.Cards[0].TeamName) {
		t.Errorf("the card says %s", card)
	}
	if beyond := one.overflow(); beyond > 0 {
		t.Errorf("the card is %v px wider than a phone", beyond)
	}
}

// framed is the value of an expression in the one frame of the page; "" while it loads.
func (one *person) framed(js string) (value string) {
	err := chromedp.Do(one.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		tree, err := cdp.Call(ctx, t, page.GetFrameTree, cdp.Empty{})
		if err != nil || len(tree.FrameTree.ChildFrames) != 1 {
			return err
		}
		world, err := cdp.Call(ctx, t, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: tree.FrameTree.ChildFrames[0].Frame.ID})
		if err != nil {
			return err
		}
		said, err := cdp.Call(ctx, t, runtime.Evaluate, runtime.EvaluateParams{ContextID: world.ExecutionContextID, ReturnByValue: new(true), Expression: js})
		if err != nil {
			return err
		}
		return json.Unmarshal(said.Result.Value, &value)
	}))
	if err != nil { // the frame went to another page meanwhile
		return ""
	}
	return value
}
