// Package names compares what people call things: their own names, organisations, titles.
// It knows no nicknames and writes no alphabet in another.
package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes names that differ by case, accents and punctuation the same, for searching
// and comparing: "Chloé Lefèvre-Øst" becomes "chloe lefevre ost".
func Fold(name string) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(strings.ToLower(name)) {
		switch {
		case unicode.Is(unicode.Mn, c):
		case unstroked[c] != "":
			b.WriteString(unstroked[c])
		case unicode.IsLetter(c) || unicode.IsDigit(c):
			b.WriteRune(c)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// unstroked spells the letters that have no decomposition.
var unstroked = map[rune]string{'ø': "o", 'œ': "oe", 'æ': "ae", 'ß': "ss", 'ł': "l", 'đ': "d"}
