package sheet

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"h48/internal/kit/names"
)

// decode turns the bytes of a file into text: by its byte order mark where it has one,
// else UTF-8 where it is valid, else Windows-1252, which old Excel writes.
func decode(raw []byte) string {
	var text string
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		text = strings.ToValidUTF8(string(raw[3:]), "\ufffd")
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		text = decodeUTF16(raw[2:], func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		text = decodeUTF16(raw[2:], func(b []byte) uint16 { return uint16(b[1]) | uint16(b[0])<<8 })
	case utf8.Valid(raw):
		text = string(raw)
	default:
		text = decode1252(raw)
	}
	if !strings.Contains(text, "\n") { // old Excel for Mac
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	return text
}

func decodeUTF16(raw []byte, unit func([]byte) uint16) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = unit(raw[2*i:])
	}
	return string(utf16.Decode(units))
}

// high1252 is where Windows-1252 differs from Latin 1, from 0x80 to 0x9f; the five bytes
// that it does not define become the replacement character.
var high1252 = []rune("€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ")

func decode1252(raw []byte) string {
	var b strings.Builder
	for _, c := range raw {
		if c >= 0x80 && c <= 0x9f {
			b.WriteRune(high1252[c-0x80])
		} else {
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}

// separators are what may stand between cells; the first wins where they tie.
const separators = ",;\t"

// separator finds what stands between the cells of the first line that is not blank,
// outside quotation marks. A line "sep=;", which Excel writes and heeds, is taken off,
// and counted in skipped.
func separator(text string) (rest string, comma rune, skipped int) {
	first, after, _ := strings.Cut(text, "\n")
	if hint, ok := strings.CutPrefix(strings.TrimSuffix(first, "\r"), "sep="); ok && len(hint) == 1 && strings.Contains(separators, hint) {
		return after, rune(hint[0]), 1
	}
	counts := map[rune]int{}
	quoted, blank := false, true
	for _, c := range text {
		if c == '\n' && !quoted && !blank {
			break
		}
		if c == '"' {
			quoted = !quoted
		}
		if !unicode.IsSpace(c) {
			blank = false
		}
		if !quoted {
			counts[c]++
		}
	}
	comma = rune(separators[0])
	for _, c := range separators {
		if counts[c] > counts[comma] {
			comma = c
		}
	}
	return text, comma, 0
}

// fold makes titles that people would call the same equal.
func fold(title string) string { return strings.ReplaceAll(names.Fold(title), " ", "") }
