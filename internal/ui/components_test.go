package ui_test

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

// evil is what a reader may type to break a page.
const evil = `"><script>x</script>'&`

// everyComponent renders each component with evil in all its texts.
func everyComponent(l ui.Locale) map[string]templ.Component {
	now := time.Date(2018, 5, 20, 8, 28, 0, 0, time.UTC)
	f := ui.Field{Name: "n", Label: evil, Hint: evil, Error: evil, Value: evil, Placeholder: evil, List: []string{evil}, MaxLength: 9}
	options := []ui.Option{{Value: evil, Label: evil, Hint: evil, Icon: "users"}, {Value: "b", Label: "B", Disabled: true}}
	links := []ui.Link{{Label: evil, URL: "/a?b=" + evil, Current: true}, {Label: "B", URL: "javascript:alert(1)", Count: 3}, {Label: "C"}}
	ring := ui.RingData{ID: "r", Start: now.Add(-20 * time.Hour), End: now.Add(28 * time.Hour), Now: now, Note: evil, Legend: true,
		Phases: []ui.RingPhase{{Label: evil, From: now.Add(-time.Hour), To: now.Add(20 * time.Hour), Tone: ui.Good}}}
	return map[string]templ.Component{
		"Button": ui.Button(ui.Danger|ui.Small, templ.Attributes{"value": evil}), "LinkButton": ui.LinkButton(ui.Ghost, evil), "PrintButton": ui.PrintButton(l), "PriceButton": ui.PriceButton(l, evil),
		"Card": ui.Card(ui.CardData{ID: "c", Eyebrow: evil, Title: evil, Note: evil, URL: evil, Need: true, Live: true}),
		"Stat": ui.Stat(ui.StatData{ID: "s", Label: evil, Value: evil, Note: evil, URL: evil, Icon: "users", Need: true}),
		"Chip": ui.Chip(ui.Warn, evil), "Banner": ui.Banner(ui.Bad, evil), "Empty": ui.Empty(ui.EmptyData{Icon: "users", Title: evil, Text: evil}),
		"Avatar": ui.Avatar(ui.AvatarData{Name: evil}), "QRFrame": ui.QRFrame(evil, evil),
		"PageTitle": ui.PageTitle(ui.TitleData{Eyebrow: evil, Title: evil, Lead: evil}), "Hero": ui.Hero(ui.TitleData{Eyebrow: evil, Title: evil, Lead: evil}, ui.Text(evil)),
		"Next": ui.Next(ui.NextData{Title: evil, Text: evil, URL: evil, Action: evil, Icon: "flag", Tone: ui.Now}), "Section": ui.Section(evil, evil),
		"Grid": ui.Grid(9), "Split": ui.Split(), "Toolbar": ui.Toolbar(), "Live": ui.Live("x"), "Text": ui.Text(evil), "Anchor": ui.Anchor(evil, evil),
		"Input": ui.Input(l, f), "TextArea": ui.TextArea(l, f), "Select": ui.Select(l, f, options), "Checkbox": ui.Checkbox(l, f),
		"Choice": ui.Choice(l, f, options), "Choices": ui.Choices(l, f, options, []string{evil}), "Scan": ui.Scan(l, f), "Told": ui.Told(evil), "DateTime": ui.DateTime(l, f),
		"Scale": ui.Scale(l, f, ui.ScaleData{From: 0, To: 10, Low: evil, High: evil, Weight: evil}), "FileInput": ui.FileInput(l, f, ".pdf", 1e6),
		"FormErrors": ui.FormErrors(l, []ui.Field{f, {Name: "right"}}),
		"Table": ui.Table(l, ui.TableData{ID: "t", Caption: evil, Columns: []ui.Column{{Label: evil, Sort: evil, Sorted: "descending"}, {Label: "N", Number: true}},
			Rows: []ui.Row{{ID: "r1", URL: evil, Cells: []templ.Component{ui.Text(evil), ui.Text("1"), ui.Text("one too many")}, Need: true}}}),
		"Table, empty": ui.Table(l, ui.TableData{Empty: evil}),
		"Steps":        ui.Steps(l, links, 1), "Tabs": ui.Tabs(l, evil, links), "Crumbs": ui.Crumbs(l, links),
		"Pager": ui.Pager(l, ui.PagerData{Page: 2, Pages: 3, URL: func(int) string { return evil }}), "Search": ui.Search(l, ui.SearchData{Action: evil, Value: evil, Label: evil, Keep: options}),
		"Mover": ui.Mover(ui.MoverData{ID: "m", Name: evil, Note: evil, Fold: "f", Unfold: evil}, ui.Text(evil)), "Mover, fixed": ui.Mover(ui.MoverData{ID: "m", Name: evil, Fixed: true}, nil),
		"Details": ui.Details(evil), "Dialog": ui.Dialog(l, ui.DialogData{ID: "d", Open: evil, Title: evil, Icon: "x"}),
		"Ring": ui.Ring(l, ring), "Ring, no time": ui.Ring(l, ui.RingData{Now: now}), "Countdown": ui.Countdown(l, ui.CountdownData{To: now, Now: now, Note: evil, Total: time.Minute}),
		"Elapsed": ui.Elapsed(l, now.Add(-time.Minute), now), "Progress": ui.Progress(ui.ProgressData{ID: "p", Label: evil, Value: 9, Max: 3, Text: evil, Live: true}),
		"Interval": ui.Interval(l, ui.IntervalData{Label: evil, Low: -3, High: 9, Best: math.NaN(), Min: 1, Max: 1, Ticks: 3}),
		"Bars":     ui.Bars(ui.BarsData{Label: evil, Rows: []ui.Bar{{Label: evil, Text: evil, Value: math.NaN()}, {Label: "b", Low: 1, High: 2}}}),
		"Timeline": ui.Timeline(l, ui.TimelineData{Now: now, Slots: []ui.Slot{{From: now, To: now.Add(time.Hour), Title: evil, Place: evil, Note: evil, URL: evil}}}),
		"Layout": ui.Layout(ui.View{L: l, Title: evil, Path: evil, Edition: &ui.Head{Name: evil, URL: evil, Place: evil, LogoURL: evil, Accent: evil}, Nav: links,
			Who: &ui.Person{ID: evil, Name: evil, URL: evil, Role: evil}, Topics: []string{evil}, Flash: []ui.Flash{{Kind: evil, Text: evil}}, Theme: evil, Scripts: []string{evil},
			Rehearsal: &ui.Rehearsal{Action: evil, Speeds: []float64{0.5, 1, 600}, Phases: options}, Wide: true}),
		"Stage": ui.Stage(ui.View{L: l, Title: evil, Topics: []string{evil}}), "StageShow": ui.StageShow(ui.StageData{Eyebrow: evil, Title: evil, Text: evil, Next: evil}),
		"Offline": ui.Offline(ui.View{L: l}, []ui.Locale{l, l}),
		"Kit":     ui.Kit(ui.View{L: l, Clock: ui.Clock{Now: now}}, now.Add(-20*time.Hour)), "KitStage": ui.KitStage(ui.View{L: l, Clock: ui.Clock{Now: now}}),
	}
}

var (
	inlineCode = regexp.MustCompile(`(?i)<script>|<style|\sstyle=|\son[a-z]+=|href="javascript:`)
	ids        = regexp.MustCompile(`\sid="([^"]+)"`)
	iconUse    = regexp.MustCompile(`icons\.svg#([a-z0-9-]+)`)
	notANumber = regexp.MustCompile(`NaN|Inf|%!`)
)

// The content security policy allows no inline script and no inline style, and nothing
// that a reader typed may become either.
func TestComponents_escapeAllTextAndHoldNoInlineCode(t *testing.T) {
	t.Parallel()
	sprite, err := os.ReadFile("static/icons.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Langs {
		for name, c := range everyComponent(locale(t, lang)) {
			html := render(t, c)
			if found := inlineCode.FindString(html); found != "" {
				t.Errorf("%s holds %q:\n%s", name, found, html)
			}
			if found := notANumber.FindString(html); found != "" {
				t.Errorf("%s shows %q:\n%s", name, found, html)
			}
			if strings.Contains(html, "ui.") && regexp.MustCompile(`>ui\.[a-z]`).MatchString(html) {
				t.Errorf("%s shows the key of a missing text:\n%s", name, html)
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(html, -1) {
				if seen[m[1]] {
					t.Errorf("%s uses the id %q twice", name, m[1])
				}
				seen[m[1]] = true
			}
			for _, m := range iconUse.FindAllStringSubmatch(html, -1) {
				if !strings.Contains(string(sprite), `id="`+m[1]+`"`) {
					t.Errorf("%s draws an icon %q that the sprite has not", name, m[1])
				}
			}
		}
	}
}

// Every exported component stands in everyComponent, so that a new one is tested.
func TestComponents_allAreTried(t *testing.T) {
	t.Parallel()
	tried := everyComponent(locale(t, i18n.French))
	files, err := filepath.Glob("*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templ files", err)
	}
	for _, file := range files {
		for _, m := range regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(`).FindAllStringSubmatch(read(t, file), -1) {
			if _, ok := tried[m[1]]; !ok && m[1] != "Icon" {
				t.Errorf("the component %s of %s is not tried", m[1], file)
			}
		}
	}
}

func TestWords_areAllUsedAndAllThere(t *testing.T) {
	t.Parallel()
	var words map[string]any
	if err := json.Unmarshal(ui.Words, &words); err != nil {
		t.Fatal(err)
	}
	var source strings.Builder
	for _, pattern := range []string{"*.templ", "*.go", "static/js/*.js"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_templ.go") && !strings.HasSuffix(file, "_test.go") {
				source.WriteString(read(t, file))
			}
		}
	}
	for key := range words {
		family := key[:strings.LastIndex(key, ".")+1] // "ui.theme." + name
		if !strings.Contains(source.String(), key) && (family == "ui." || !strings.Contains(source.String(), `"`+family+`"`)) {
			t.Errorf("nothing says %q", key)
		}
	}
	for _, m := range regexp.MustCompile(`\.[TN]\("(ui\.[a-z.-]*[a-z])"`).FindAllStringSubmatch(source.String(), -1) {
		if words[m[1]] == nil {
			t.Errorf("the text %q is missing", m[1])
		}
	}
}

func TestHandler_keepsForEverWhatItNamesByItsContent(t *testing.T) {
	t.Parallel()
	get := func(path, encoding string) *http.Response {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", encoding)
		w := httptest.NewRecorder()
		ui.Handler().ServeHTTP(w, r)
		return w.Result()
	}
	css := ui.Asset("app.css")
	if !regexp.MustCompile(`^/static/[0-9a-f]{12}/app\.css$`).MatchString(css) {
		t.Errorf("the URL of the style sheet is %q", css)
	}
	plain := get(css, "")
	text, err := io.ReadAll(plain.Body)
	if err != nil || plain.Header.Get("Cache-Control") != "public, max-age=31536000, immutable" || plain.Header.Get("Content-Type") != "text/css; charset=utf-8" {
		t.Errorf("%v, %v", err, plain.Header)
	}
	zipped := get(css, "br, gzip")
	unzip, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	again, err := io.ReadAll(unzip)
	if err != nil || string(again) != string(text) {
		t.Errorf("the gzip answer holds %d bytes, the plain one %d: %v", len(again), len(text), err)
	}
	for _, m := range regexp.MustCompile(`url\(([^)]+)\)`).FindAllStringSubmatch(string(text), -1) {
		if status := get(ui.Asset(m[1]), "").StatusCode; status != http.StatusOK {
			t.Errorf("the style sheet names %s: %d", m[1], status)
		}
	}
	old := get("/static/0123456789ab/app.css", "")
	if old.StatusCode != http.StatusOK || old.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("a page of an older version gets %d, %v", old.StatusCode, old.Header)
	}
	for _, path := range []string{"/static/", "/static/x", ui.Asset("../ui.go"), ui.Asset("nothing.css")} {
		if status := get(path, "").StatusCode; status != http.StatusNotFound {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestManifest_namesFilesThatAreServed(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	ui.Manifest().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/manifest.webmanifest", nil))
	var manifest struct {
		Icons []struct{ Src string }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &manifest); err != nil || len(manifest.Icons) == 0 {
		t.Fatalf("%v: %s", err, w.Body)
	}
	for _, icon := range manifest.Icons {
		w := httptest.NewRecorder()
		ui.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, icon.Src, nil))
		if w.Code != http.StatusOK {
			t.Errorf("the icon %s: %d", icon.Src, w.Code)
		}
	}
}

func TestLocalTime_comesBackInTheReadersZone(t *testing.T) {
	t.Parallel()
	l := locale(t, i18n.French)
	at := time.Date(2018, 5, 19, 6, 30, 0, 0, time.UTC)
	if got := ui.LocalTime(l, at); got != "2018-05-19T08:30" {
		t.Errorf("08:30 in Amiens is written %q", got)
	}
	back, err := ui.ParseLocalTime(l, ui.LocalTime(l, at))
	if err != nil || !back.Equal(at) {
		t.Errorf("came back as %v, %v", back, err)
	}
	if got := ui.LocalTime(l, time.Time{}); got != "" {
		t.Errorf("no time is written %q", got)
	}
}

// In the night that the clocks go back, half past two comes twice: the form asks which,
// and an answer comes back as the moment it was.
func TestDateTime_asksWhichOfTwoHours(t *testing.T) {
	t.Parallel()
	l := locale(t, i18n.French)
	for _, c := range []struct {
		value string
		want  string // UTC, or the error's key
		asked bool
	}{
		{"2026-10-25T02:30", "ui.time.twice", true},
		{"2026-10-25T02:30+02:00", "00:30", true},
		{"2026-10-25T02:30+01:00", "01:30", true},
		{"2026-10-25T04:30+02:00", "03:30", false}, // chosen for an hour that was changed since
		{"2026-03-29T02:30", "ui.time.skipped", false},
		{"demain", "ui.time.wrong", false},
	} {
		at, err := ui.ParseLocalTime(l, c.value)
		got := at.UTC().Format("15:04")
		if refusal := (&errs.Error{}); errors.As(err, &refusal) {
			got = refusal.Key
		} else if back := ui.LocalTime(l, at); c.asked && back != c.value {
			t.Errorf("%s is shown again as %s", c.value, back)
		}
		if got != c.want {
			t.Errorf("%s is read as %s, not %s", c.value, got, c.want)
		}
		page := render(t, ui.DateTime(l, ui.Field{Name: "start", Label: "Début", Value: c.value}))
		if asked := strings.Contains(page, `name="start_offset"`); asked != c.asked {
			t.Errorf("%s: asked which of two: %v", c.value, asked)
		}
	}
}

// Who looks for a component finds it on the page of the kit: all but whole pages, plain
// texts, and what a page has once.
func TestKit_showsEveryComponent(t *testing.T) {
	t.Parallel()
	elsewhere := []string{"Anchor", "FormErrors", "Kit", "KitStage", "Offline", "PageTitle", "Text"}
	files, err := filepath.Glob("*.templ")
	if err != nil {
		t.Fatal(err)
	}
	kit := read(t, "kit.templ")
	for _, file := range files {
		for _, found := range regexp.MustCompile(`(?m)^templ ([A-Z]\w*)\(`).FindAllStringSubmatch(read(t, file), -1) {
			if name := found[1]; !slices.Contains(elsewhere, name) && !strings.Contains(kit, name+"(") {
				t.Errorf("the kit does not show %s of %s", name, file)
			}
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
