// Package i18n speaks to people in their language: French and English, whole.
//
// Each room keeps its own words beside its rules, French and English together, in a
// words.json file: an object from a key to both texts.
//
//	{"mentoring.ask": {"fr": "Demander un mentor", "en": "Ask for a mentor"},
//	 "mentoring.waiting": {"fr": ["{n} équipe attend", "{n} équipes attendent"],
//	                       "en": ["{n} team is waiting", "{n} teams are waiting"]}}
//
// A list is the singular and the plural. A word in braces is replaced by the argument
// of that name. The package does not translate what organisers write themselves.
package i18n

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Lang is a language that H48 speaks.
type Lang string

// The languages that H48 speaks.
const (
	French  Lang = "fr"
	English Lang = "en"
)

// Langs lists the languages, the default first.
var Langs = []Lang{French, English}

// ParseLang returns the language of a tag such as "fr-FR"; ok is false for any other.
func ParseLang(tag string) (lang Lang, ok bool) {
	main, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
	lang = Lang(main)
	return lang, slices.Contains(Langs, lang)
}

// FromAccept picks a language from an Accept-Language header, in the reader's order;
// French where the header names none of ours.
func FromAccept(header string) Lang {
	for part := range strings.SplitSeq(header, ",") {
		tag, _, _ := strings.Cut(part, ";")
		if lang, ok := ParseLang(tag); ok {
			return lang
		}
	}
	return French
}

// phrase is one text of one language: one form, or singular and plural.
type phrase struct{ one, other string }

func (p *phrase) UnmarshalJSON(b []byte) error {
	if json.Unmarshal(b, &p.other) == nil {
		p.one = p.other
		return nil
	}
	var forms []string
	if err := json.Unmarshal(b, &forms); err != nil || len(forms) != 2 {
		return fmt.Errorf("want a text or a list of singular and plural, got %s", b)
	}
	p.one, p.other = forms[0], forms[1]
	return nil
}

// Catalogue holds every text of the program in every language. It is built once, at
// start, and safe for concurrent use.
type Catalogue struct {
	texts map[string]map[Lang]phrase
}

// New reads the rooms' words. It fails on a key that two rooms define and on a key
// that lacks a language, so that a hole is found at start and not on a reader's screen.
func New(words ...[]byte) (*Catalogue, error) {
	c := &Catalogue{texts: map[string]map[Lang]phrase{}}
	for _, room := range words {
		var texts map[string]map[Lang]phrase
		if err := json.Unmarshal(room, &texts); err != nil {
			return nil, fmt.Errorf("reading a room's words: %w", err)
		}
		for key, langs := range texts {
			if _, twice := c.texts[key]; twice {
				return nil, fmt.Errorf("the text %q is defined twice", key)
			}
			for _, lang := range Langs {
				if langs[lang].other == "" {
					return nil, fmt.Errorf("the text %q has no %s", key, lang)
				}
			}
			c.texts[key] = langs
		}
	}
	return c, nil
}

// Keys lists every key, sorted.
func (c *Catalogue) Keys() []string { return slices.Sorted(maps.Keys(c.texts)) }

// Locale is one reader's language, time zone and words of the house. Copies are cheap.
type Locale struct {
	Lang  Lang
	zone  *time.Location
	cat   *Catalogue
	house map[string]string
}

// Locale returns a reader's locale with times in UTC.
func (c *Catalogue) Locale(lang Lang) Locale { return Locale{Lang: lang, zone: time.UTC, cat: c} }

// In returns the same reader with times shown in the zone.
func (l Locale) In(zone *time.Location) Locale {
	l.zone = zone
	return l
}

// Zone is the zone that times are shown in.
func (l Locale) Zone() *time.Location { return l.zone }

// With returns the same reader with an edition's own words: the text of a key in house
// replaces the catalogue's (an organiser may say "G.O" for the crew).
func (l Locale) With(house map[string]string) Locale {
	l.house = house
	return l
}

// T returns the text of the key with its {names} replaced by the arguments, which come
// in pairs of a name and a value. Integers and times are written the reader's way. An
// unknown key comes back as it is, so that a test and a reader both see it.
func (l Locale) T(key string, args ...any) string {
	if own, ok := l.house[key]; ok {
		return l.fill(own, args)
	}
	return l.fill(l.phrase(key).other, args)
}

// N is T for a text that depends on a number, which is its argument {n}. French counts
// 0 and 1 as singular, English only 1 (CLDR plural rules, cardinal).
func (l Locale) N(key string, n int, args ...any) string {
	p := l.phrase(key)
	text := p.other
	if n == 1 || (n == 0 && l.Lang == French) {
		text = p.one
	}
	return l.fill(text, append([]any{"n", n}, args...))
}

// Has says whether the catalogue knows the key.
func (l Locale) Has(key string) bool {
	_, ok := l.cat.texts[key]
	return ok
}

func (l Locale) phrase(key string) phrase {
	if langs, ok := l.cat.texts[key]; ok {
		return langs[l.Lang]
	}
	return phrase{one: key, other: key}
}

func (l Locale) fill(text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), l.value(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

func (l Locale) value(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return l.Int(int64(v))
	case int64:
		return l.Int(v)
	case time.Time:
		return l.DateTime(v)
	case time.Duration:
		return l.Duration(v)
	}
	return fmt.Sprint(v)
}

// List joins names as a sentence does: "Anna, Boris et Chloé".
func (l Locale) List(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	and := map[Lang]string{French: " et ", English: " and "}[l.Lang]
	return strings.Join(names[:len(names)-1], ", ") + and + names[len(names)-1]
}
