package forming

import (
	"strings"

	"h48/internal/ui"
)

// Line is one sentence for the organiser, before it has a language.
type Line struct {
	Key  string
	N    int // picks singular or plural where Counted
	Args []any
	Tone ui.Tone

	counted bool
}

// good and bad are sentences about what is so, and about what is missing.
func good(key string, args ...any) Line { return Line{Key: key, Args: args, Tone: ui.Good} }

func bad(key string, args ...any) Line { return Line{Key: key, Args: args, Tone: ui.Warn} }

// counted is a sentence with a number in it.
func counted(key string, n int, tone ui.Tone, args ...any) Line {
	return Line{Key: key, N: n, Args: args, Tone: tone, counted: true}
}

// Text is the sentence in the reader's language.
func (l Line) Text(loc ui.Locale) string {
	args := make([]any, len(l.Args))
	for i, a := range l.Args {
		if v, later := a.(spoken); later {
			a = v.text(loc)
		}
		args[i] = a
	}
	if l.counted {
		return loc.N(l.Key, l.N, args...)
	}
	return loc.T(l.Key, args...)
}

// spoken is an argument that has words of its own.
type spoken interface{ text(ui.Locale) string }

// key is an argument of the catalogue.
type key string

func (k key) text(loc ui.Locale) string { return loc.T(string(k)) }

// list is an argument that is read as "A, B and C".
type list []string

func (l list) text(loc ui.Locale) string {
	switch len(l) {
	case 0:
		return ""
	case 1:
		return l[0]
	}
	return loc.T("forming.and", "some", strings.Join(l[:len(l)-1], ", "), "last", l[len(l)-1])
}
