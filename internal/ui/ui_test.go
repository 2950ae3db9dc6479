package ui_test

import (
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

// locale is a reader of the package's own words, in Amiens.
func locale(t *testing.T, lang i18n.Lang) i18n.Locale {
	t.Helper()
	cat, err := i18n.New(ui.Words)
	if err != nil {
		t.Fatal(err)
	}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return cat.Locale(lang).In(paris)
}

// render is a component's HTML.
func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestField_keepsWhatWasTypedEscaped(t *testing.T) {
	t.Parallel()
	l := locale(t, i18n.English)
	f := ui.Field{Name: "team", Label: "Team", Value: `"><script>x</script>`, Error: "Too long & odd", Hint: "Short"}
	for name, c := range map[string]templ.Component{
		"input":    ui.Input(l, f),
		"textarea": ui.TextArea(l, f),
	} {
		html := render(t, c)
		for _, want := range []string{"&lt;script&gt;", "Too long &amp; odd", `aria-invalid="true"`, `aria-describedby="f-team-hint f-team-error"`} {
			if !strings.Contains(html, want) {
				t.Errorf("%s lacks %q:\n%s", name, want, html)
			}
		}
		if strings.Contains(html, "<script>x") {
			t.Errorf("%s lets a script through:\n%s", name, html)
		}
	}
}
