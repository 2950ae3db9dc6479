package i18n

import (
	"math"
	"strconv"
	"strings"
)

// Spaces of French typography: between thousands and before a percent or currency sign.
const (
	narrowSpace = "\u202f"
	hardSpace   = "\u00a0"
)

func (l Locale) separators() (thousands, decimal string) {
	if l.Lang == French {
		return narrowSpace, ","
	}
	return ",", "."
}

// Int writes a whole number with its thousands apart.
func (l Locale) Int(n int64) string {
	thousands, _ := l.separators()
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "−", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + thousands + digits[i:]
	}
	return sign + digits
}

// Decimal writes a number with so many digits after the decimal mark.
func (l Locale) Decimal(f float64, digits int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	_, mark := l.separators()
	whole, rest, _ := strings.Cut(strconv.FormatFloat(math.Abs(f), 'f', digits, 64), ".")
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil { // beyond an int64 nobody reads digit by digit
		return strconv.FormatFloat(f, 'g', 4, 64)
	}
	text := l.Int(n)
	if rest != "" {
		text += mark + rest
	}
	if f < 0 && strings.Trim(whole+rest, "0") != "" {
		text = "−" + text
	}
	return text
}

// Percent writes a share from 0 to 1 as a whole percentage.
func (l Locale) Percent(share float64) string {
	text := l.Decimal(math.Round(share*100), 0) // halves up, as people count them
	if l.Lang == French {
		return text + hardSpace + "%"
	}
	return text + "%"
}

// Chance writes a probability as a whole percentage. What is hardly likely is not written
// as impossible, nor what is nearly sure as certain.
func (l Locale) Chance(p float64) string {
	switch {
	case p < .005:
		return "<" + hardSpace + l.Percent(.01)
	case p >= .995:
		return ">" + hardSpace + l.Percent(.99)
	}
	return l.Percent(p)
}

// Euros writes an amount given in cents, without the cents where there are none.
func (l Locale) Euros(cents int64) string {
	digits := 2
	if cents%100 == 0 {
		digits = 0
	}
	text := l.Decimal(float64(cents)/100, digits)
	if l.Lang == French {
		return text + hardSpace + "€"
	}
	return "€" + text
}

// Bytes writes a size in the unit that keeps it short, in powers of 1000.
func (l Locale) Bytes(n int64) string {
	units := []string{"B", "kB", "MB", "GB", "TB"}
	if l.Lang == French {
		units = []string{"o", "ko", "Mo", "Go", "To"}
	}
	f, i := float64(n), 0
	for f >= 999.5 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	digits := 0
	if i > 0 && f < 10 {
		digits = 1
	}
	return l.Decimal(f, digits) + hardSpace + units[i]
}
