package ui

import (
	"fmt"
	"math"
	"strconv"
)

// AccentCSS is the style sheet of an edition whose organiser chose a colour, given as
// #rrggbb. It keeps the hue and the strength of the colour and sets its lightness so that
// text on it and text in it stay readable in both themes, whatever was chosen.
func AccentCSS(colour string) (string, error) {
	c, err := parseHex(colour)
	if err != nil {
		return "", err
	}
	_, chroma, hue := c.oklch()
	chroma = min(chroma, 0.14)
	return fmt.Sprintf(`@layer tokens {
	:root {
		--water: light-dark(oklch(46%% %.3f %.1f), oklch(81%% %.3f %.1f));
		--on-water: light-dark(oklch(99%% .004 %.1f), oklch(19%% .03 %.1f));
	}
}
`, chroma, hue, min(chroma, 0.1), hue, hue, hue), nil
}

// rgb is a colour of the sRGB space, each part from 0 to 1.
type rgb struct{ r, g, b float64 }

func parseHex(s string) (rgb, error) {
	if len(s) != 7 || s[0] != '#' {
		return rgb{}, fmt.Errorf("reading the colour %q: want #rrggbb", s)
	}
	n, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return rgb{}, fmt.Errorf("reading the colour %q: want #rrggbb", s)
	}
	return rgb{float64(n>>16) / 255, float64(n>>8&255) / 255, float64(n&255) / 255}, nil
}

// oklch converts to lightness 0 to 1, chroma, and hue in degrees, by the matrices of
// Björn Ottosson, "A perceptual color space for image processing" (2020).
func (c rgb) oklch() (lightness, chroma, hue float64) {
	r, g, b := linear(c.r), linear(c.g), linear(c.b)
	l := math.Cbrt(0.4122214708*r + 0.5363325363*g + 0.0514459929*b)
	m := math.Cbrt(0.2119034982*r + 0.6806995451*g + 0.1073969566*b)
	s := math.Cbrt(0.0883024619*r + 0.2817188376*g + 0.6299787005*b)
	lightness = 0.2104542553*l + 0.7936177850*m - 0.0040720468*s
	a := 1.9779984951*l - 2.4285922050*m + 0.4505937099*s
	bb := 0.0259040371*l + 0.7827717662*m - 0.8086757660*s
	hue = math.Atan2(bb, a) * 180 / math.Pi
	if hue < 0 {
		hue += 360
	}
	return lightness, math.Hypot(a, bb), hue
}

// linear undoes the sRGB transfer curve (IEC 61966-2-1).
func linear(v float64) float64 {
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}
