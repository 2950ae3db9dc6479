package ui_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"h48/internal/ui"
)

// The scripts run on the oldest phones that speak TLS 1.3: Chrome 70, Safari 12.1 and
// Firefox 63. One word that such a phone cannot read and none of a file runs, so that this
// looks at every script for what came later.
func TestFloor_scripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("static/js/*.js")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range younger(string(text)) {
			t.Errorf("%s: %s", name, found)
		}
	}
}

// newWords are what browsers learned after the floor, by what it is called.
var newWords = map[string]*regexp.Regexp{
	"optional chaining":              regexp.MustCompile(`\?\.[^\d]`),
	"nullish coalescing":             regexp.MustCompile(`\?\?`),
	"logical assignment":             regexp.MustCompile(`(\|\||&&)=`),
	"a private field":                regexp.MustCompile(`[.{\s]#[a-zA-Z_]`),
	"a class field":                  regexp.MustCompile(`(?m)^\s*static\s+\w+\s*=`),
	"a big integer":                  regexp.MustCompile(`\b\d+n\b|\bBigInt\b`),
	"a numeric separator":            regexp.MustCompile(`\b\d+_\d`),
	"import() (Firefox 67)":          regexp.MustCompile(`\bimport\s*\(`),
	"await outside a function":       regexp.MustCompile(`(?m)^await\b`),
	"a static block":                 regexp.MustCompile(`\bstatic\s*\{`),
	"a look behind":                  regexp.MustCompile(`\(\?<[=!]`),
	"Array.at":                       regexp.MustCompile(`\.at\(`),
	"Object.fromEntries (Chrome 73)": regexp.MustCompile(`\bfromEntries\b`),
	"replaceAll":                     regexp.MustCompile(`\.replaceAll\(`),
	"matchAll":                       regexp.MustCompile(`\.matchAll\(`),
	"replaceChildren":                regexp.MustCompile(`\.replaceChildren\(`),
	"structuredClone":                regexp.MustCompile(`\bstructuredClone\b`),
	"AbortSignal.timeout":            regexp.MustCompile(`AbortSignal\.(timeout|any)`),
	"allSettled":                     regexp.MustCompile(`\.(allSettled|any)\(`),
	"toSorted and its kind":          regexp.MustCompile(`\.(toSorted|toReversed|toSpliced|findLast|groupBy)\b`),
	"randomUUID":                     regexp.MustCompile(`\brandomUUID\b`),
	"globalThis (Chrome 71)":         regexp.MustCompile(`\bglobalThis\b`),
	"queueMicrotask (Chrome 71)":     regexp.MustCompile(`\bqueueMicrotask\b`),
	":has() in a selector":           regexp.MustCompile(`:has\(`),
}

var (
	comments  = regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:(^|[^:"'\x60])//[^\n]*$)`)
	inStrings = regexp.MustCompile(`"(?:[^"\\\n]|\\.)*"`)
)

func younger(script string) (found []string) {
	code := comments.ReplaceAllString(script, "$1")
	for what, pattern := range newWords {
		text := code
		if what != ":has() in a selector" {
			text = inStrings.ReplaceAllString(code, `""`)
		}
		if at := pattern.FindString(text); at != "" {
			found = append(found, what+": "+at)
		}
	}
	return found
}

func TestFloor_noticesWhatIsYounger(t *testing.T) {
	t.Parallel()
	for _, script := range []string{`a?.b`, `x = a ?? b`, `a ||= b`, `class A { #b }`, `10n`, `import("./a.js")`, `list.at(-1)`, `Object.fromEntries(x)`,
		`document.querySelector("a:has(b)")`, "// first\nlet a = b?.c;"} {
		if len(younger(script)) == 0 {
			t.Errorf("%s passes", script)
		}
	}
	for _, script := range []string{`a ? .5 : 1`, `import "./a.js"; // a?.b`, `say("what??")`, `/* a ?? b */ go()`, `url = "https://a?.b"`} {
		if found := younger(script); len(found) > 0 {
			t.Errorf("%s is refused: %v", script, found)
		}
	}
}

// A browser that knows no light-dark() finds every colour's name with a value it knows,
// in both themes.
func TestFloor_colours(t *testing.T) {
	t.Parallel()
	css := string(ui.StaticFile(t, "app.css"))
	_, older, cut := strings.Cut(css, "@supports not (color: light-dark(red, red))")
	if !cut {
		t.Fatal("nothing stands for older browsers")
	}
	for _, m := range regexp.MustCompile(`(--[a-z-]+):[^;{}]*light-dark\(`).FindAllStringSubmatch(css, -1) {
		if strings.Count(older, m[1]+":") != 3 {
			t.Errorf("%s is not there for the light theme, the dark, and the dark that was chosen", m[1])
		}
	}
	if strings.Contains(strings.ReplaceAll(older, "light-dark(red, red)", ""), "light-dark(") {
		t.Error("an older browser is told light-dark()")
	}
	if !strings.Contains(older, "--ink:rgba(") {
		t.Error("the ink is in no colour that an older browser knows")
	}
}
