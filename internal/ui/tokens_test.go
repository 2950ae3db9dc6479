package ui_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"h48/internal/ui"
)

// oklab is a colour by lightness and two axes, in which the style sheet mixes.
type oklab struct{ l, a, b float64 }

// parseOKLCH reads "46% .105 228", ignoring an alpha.
func parseOKLCH(l, c, h string) oklab {
	number := func(s string) float64 { v, _ := strconv.ParseFloat(s, 64); return v }
	hue := number(h) * math.Pi / 180
	return oklab{number(l) / 100, number(c) * math.Cos(hue), number(c) * math.Sin(hue)}
}

// mix is color-mix(in oklab, c share, other).
func (c oklab) mix(share float64, other oklab) oklab {
	return oklab{c.l*share + other.l*(1-share), c.a*share + other.a*(1-share), c.b*share + other.b*(1-share)}
}

// luminance is the relative luminance of WCAG 2.2, after clipping to sRGB; the matrices
// are those of Björn Ottosson (2020).
func (c oklab) luminance() float64 {
	cube := func(v float64) float64 { return v * v * v }
	l := cube(c.l + 0.3963377774*c.a + 0.2158037573*c.b)
	m := cube(c.l - 0.1055613458*c.a - 0.0638541728*c.b)
	s := cube(c.l - 0.0894841775*c.a - 1.2914855480*c.b)
	clip := func(v float64) float64 { return min(max(v, 0), 1) }
	return 0.2126*clip(4.0767416621*l-3.3077115913*m+0.2309699292*s) +
		0.7152*clip(-1.2684380046*l+2.6097574011*m-0.3413193965*s) +
		0.0722*clip(-0.0041960863*l-0.7034186147*m+1.7076147010*s)
}

// contrast is the ratio of WCAG 2.2 between two colours, from 1 to 21.
func contrast(a, b oklab) float64 {
	x, y := a.luminance(), b.luminance()
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

var pairPattern = regexp.MustCompile(`--([a-z-]+): light-dark\(oklch\(([\d.]+)% ([\d.]+) ([\d.]+)[^)]*\), oklch\(([\d.]+)% ([\d.]+) ([\d.]+)[^)]*\)\);`)

// tokens are the colours of a style sheet, for light (0) and dark (1).
func tokens(css string) [2]map[string]oklab {
	themes := [2]map[string]oklab{{}, {}}
	for _, m := range pairPattern.FindAllStringSubmatch(css, -1) {
		themes[0][m[1]] = parseOKLCH(m[2], m[3], m[4])
		themes[1][m[1]] = parseOKLCH(m[5], m[6], m[7])
	}
	return themes
}

func houseTokens(t *testing.T) [2]map[string]oklab {
	t.Helper()
	css, err := os.ReadFile("static/css/00-tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := tokens(string(css))
	if len(themes[0]) < 18 {
		t.Fatalf("read only %d colours", len(themes[0]))
	}
	return themes
}

func TestTokens_everyTextIsReadable(t *testing.T) {
	t.Parallel()
	for theme, c := range houseTokens(t) {
		name := []string{"light", "dark"}[theme]
		atLeast := func(want float64, what string, text, ground oklab) {
			if got := contrast(text, ground); got < want {
				t.Errorf("%s: %s has a contrast of %.2f, want %.1f", name, what, got, want)
			}
		}
		grounds := map[string]oklab{
			"paper": c["paper"], "deep paper": c["paper-deep"], "sheet": c["sheet-solid"],
			"the page's water corner": c["water"].mix(0.20, c["paper"]), "the page's marsh corner": c["marsh"].mix(0.15, c["paper-deep"]),
			"a sheet washed with water": c["water"].mix(0.13, c["sheet-solid"]),
		}
		for ground, g := range grounds {
			for _, text := range []string{"ink", "soft", "water"} {
				atLeast(4.5, text+" on "+ground, c[text], g)
			}
			atLeast(3, "the edge of a field on "+ground, c["edge"], g)
			atLeast(3, "the focus ring on "+ground, c["focus"], g)
			atLeast(3, "the hand of the ring on "+ground, c["now"], g)
		}
		atLeast(4.5, "ink on a raised tab", c["ink"], c["raised"])
		for _, tone := range []string{"water", "marsh", "now", "sun", "bad"} {
			atLeast(4.5, "text on "+tone, c["on-"+tone], c[tone])
			for _, ground := range []string{"paper", "paper-deep", "sheet-solid"} {
				atLeast(4.5, tone+" as text on "+ground, c[tone], c[ground])
			}
			atLeast(4.5, tone+" on its own chip", c[tone], c[tone].mix(0.12, c["sheet-solid"]))
			atLeast(4.5, "ink on the banner of "+tone, c["ink"], c[tone].mix(0.12, c["sheet-solid"]))
		}
	}
}

func TestAccentCSS_staysReadableWhateverIsChosen(t *testing.T) {
	t.Parallel()
	house := houseTokens(t)
	rapid.Check(t, func(t *rapid.T) {
		colour := fmt.Sprintf("#%06x", rapid.IntRange(0, 0xffffff).Draw(t, "colour"))
		css, err := ui.AccentCSS(colour)
		if err != nil {
			t.Fatal(err)
		}
		for theme, c := range tokens(css) {
			for _, ground := range []string{"paper", "paper-deep", "sheet-solid"} {
				if got := contrast(c["water"], house[theme][ground]); got < 4.5 {
					t.Errorf("%s, theme %d: %.2f on %s", colour, theme, got, ground)
				}
			}
			if got := contrast(c["water"], c["on-water"]); got < 4.5 {
				t.Errorf("%s, theme %d: text on it has %.2f", colour, theme, got)
			}
		}
	})
}

func TestAccentCSS_refusesWhatIsNoColour(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "red", "#12345", "#12345g", "#1234567", "};body{"} {
		if css, err := ui.AccentCSS(s); err == nil {
			t.Errorf("%q gave %q", s, css)
		}
	}
}
