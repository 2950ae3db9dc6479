package ui

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// Browsers learn new colours late: a phone of 2018 knows custom properties and neither
// light-dark() nor oklch(), and one of 2022 knows no light-dark(). The style sheet is
// written for today's, and [colours] adds for the others what it says in words that they
// know; css/95-older.css has the little that the oldest need besides, because they skip
// every @layer.

var (
	twoThemes = regexp.MustCompile(`light-dark\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*),\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)`)
	ownName   = regexp.MustCompile(`(--[a-z-]+):([^;{}]*light-dark\([^;{}]*);`)
	inOklch   = regexp.MustCompile(`oklch\(([^()]*)\)`)
	anyRule   = regexp.MustCompile(`([{;]\s*)([a-z-]+):([^;{}]*light-dark\([^;{}]*);`)
)

// colours rewrites a style sheet so that every colour of two themes has one that older
// browsers know: names of colours in a block of their own, other declarations by a
// declaration before them.
func colours(css []byte) []byte {
	var light, dark strings.Builder
	define := func(name, value string) {
		fmt.Fprintf(&light, "%s:%s;", name, strings.TrimSpace(inHex(theme(value, 1))))
		fmt.Fprintf(&dark, "%s:%s;", name, strings.TrimSpace(inHex(theme(value, 2))))
	}
	for _, m := range ownName.FindAllSubmatch(css, -1) {
		define(string(m[1]), string(m[2]))
	}
	n := 0
	css = anyRule.ReplaceAllFunc(css, func(rule []byte) []byte {
		m := anyRule.FindSubmatch(rule)
		if bytes.HasPrefix(m[2], []byte("--")) {
			return rule
		}
		plain := twoThemes.ReplaceAllStringFunc(string(m[3]), func(value string) string {
			n++
			name := "--older-" + strconv.Itoa(n)
			define(name, value)
			return "var(" + name + ")"
		})
		return fmt.Appendf(nil, "%s%s:%s; %s:%s;", m[1], m[2], plain, m[2], m[3])
	})
	return fmt.Appendf(css, `@supports not (color: light-dark(red, red)) {
:root{%s}
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]){%s} }
:root[data-theme="dark"]{%s}
}
`, light.String(), dark.String(), dark.String())
}

// theme takes from a value what it is in the light theme (1) or the dark (2).
func theme(value string, which int) string {
	return twoThemes.ReplaceAllString(value, "${"+strconv.Itoa(which)+"}")
}

// inHex writes the colours of a value as rgba().
func inHex(value string) string {
	return inOklch.ReplaceAllStringFunc(value, func(c string) string {
		var parts []float64
		for _, word := range strings.FieldsFunc(inOklch.FindStringSubmatch(c)[1], func(r rune) bool { return r == ' ' || r == '/' }) {
			f, err := strconv.ParseFloat(strings.TrimSuffix(word, "%"), 64)
			if err != nil {
				return c // a hue that a rule gives later, as of the avatars
			}
			parts = append(parts, f)
		}
		if len(parts) < 3 {
			return c
		}
		alpha := 1.0
		if len(parts) > 3 {
			alpha = parts[3]
		}
		rgb := fromOklch(parts[0]/100, parts[1], parts[2])
		byteOf := func(v float64) int { return int(math.Round(255 * min(1, max(0, v)))) }
		return fmt.Sprintf("rgba(%d,%d,%d,%.3g)", byteOf(rgb.r), byteOf(rgb.g), byteOf(rgb.b), alpha)
	})
}

// fromOklch is the way back of [rgb.oklch]; parts outside the space of the screen are left
// so.
func fromOklch(lightness, chroma, hue float64) rgb {
	a, b := chroma*math.Cos(hue*math.Pi/180), chroma*math.Sin(hue*math.Pi/180)
	l := cube(lightness + 0.3963377774*a + 0.2158037573*b)
	m := cube(lightness - 0.1055613458*a - 0.0638541728*b)
	s := cube(lightness - 0.0894841775*a - 1.2914855480*b)
	return rgb{
		companded(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		companded(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		companded(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
	}
}

func cube(v float64) float64 { return v * v * v }

// companded applies the sRGB transfer curve (IEC 61966-2-1).
func companded(v float64) float64 {
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}
