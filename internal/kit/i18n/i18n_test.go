package i18n_test

import (
	"strings"
	"testing"
	"time"

	"h48/internal/kit/i18n"
)

const words = `{
	"team.waiting": {"fr": ["{n} équipe attend", "{n} équipes attendent"], "en": ["{n} team is waiting", "{n} teams are waiting"]},
	"crew": {"fr": "équipe d'organisation", "en": "crew"},
	"hello": {"fr": "Bonjour {name}", "en": "Hello {name}"}}`

func catalogue(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.New([]byte(words))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPlural_frenchZeroIsSingular(t *testing.T) {
	t.Parallel()
	fr, en := catalogue(t).Locale(i18n.French), catalogue(t).Locale(i18n.English)
	for _, c := range []struct {
		got, want string
	}{
		{fr.N("team.waiting", 0), "0 équipe attend"},
		{fr.N("team.waiting", 1), "1 équipe attend"},
		{fr.N("team.waiting", 1200), "1\u202f200 équipes attendent"},
		{en.N("team.waiting", 0), "0 teams are waiting"},
		{en.N("team.waiting", 1), "1 team is waiting"},
		{en.T("hello", "name", "Zoé {n}"), "Hello Zoé {n}"},
		{en.T("no.such.key"), "no.such.key"},
		{fr.With(map[string]string{"crew": "G.O"}).T("crew"), "G.O"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestList_joinsAsASentence(t *testing.T) {
	t.Parallel()
	fr, en := catalogue(t).Locale(i18n.French), catalogue(t).Locale(i18n.English)
	for _, c := range []struct{ got, want string }{
		{fr.List(nil), ""}, {fr.List([]string{"Anna"}), "Anna"},
		{fr.List([]string{"Anna", "Boris"}), "Anna et Boris"}, {en.List([]string{"Anna", "Boris", "Chloé"}), "Anna, Boris and Chloé"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestNew_refusesHoles(t *testing.T) {
	t.Parallel()
	for name, rooms := range map[string][]string{
		"no en":                 {`{"a": {"fr": "x"}}`},
		"twice":                 {`{"a": {"fr": "x", "en": "x"}}`, `{"a": {"fr": "y", "en": "y"}}`},
		"one of a pair missing": {`{"a": {"fr": ["x"], "en": "x"}}`},
	} {
		var bytes [][]byte
		for _, r := range rooms {
			bytes = append(bytes, []byte(r))
		}
		if _, err := i18n.New(bytes...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestNumbersAndDates(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	fr, en := catalogue(t).Locale(i18n.French).In(paris), catalogue(t).Locale(i18n.English).In(paris)
	start := time.Date(2018, 5, 19, 8, 0, 0, 0, paris)
	backwards := time.Date(2018, 10, 28, 0, 30, 0, 0, time.UTC) // 02:30 for the first time
	for _, c := range []struct {
		got, want string
	}{
		{fr.Euros(500000), "5 000 €"},
		{en.Euros(500050), "€5,000.50"},
		{fr.Percent(0.583), "58 %"}, {fr.Percent(5. / 40), "13 %"}, {fr.Percent(11. / 40), "28 %"},
		{fr.Chance(0.93), "93 %"}, {fr.Chance(0.002), "< 1 %"}, {fr.Chance(1), "> 99 %"}, {en.Chance(0.999), "> 99%"},
		{fr.Decimal(-0.004, 2), "0,00"},
		{fr.Bytes(900_000_000), "900 Mo"},
		{fr.Date(start), "samedi 19 mai 2018"},
		{en.DateTime(start), "Saturday 19 May, 08:00"},
		{fr.Span(start, start.Add(48*time.Hour)), "samedi 19 mai, 8 h 00 – lundi 21 mai, 8 h 00"},
		{fr.Dates(start, start.Add(48*time.Hour)), "samedi 19 mai, 8 h 00 – lundi 21 mai 2018, 8 h 00"},
		{fr.Dates(start, start.Add(2*time.Hour)), "samedi 19 mai 2018, 8 h 00 – 10 h 00"},
		{fr.Dates(start, start.AddDate(1, 0, 0)), "samedi 19 mai 2018, 8 h 00 – dimanche 19 mai 2019, 8 h 00"},
		{en.DateTime(backwards), "Sunday 28 October, 02:30 (before the clocks change)"},
		{en.DateTime(backwards.Add(time.Hour)), "Sunday 28 October, 02:30 (after the clocks change)"},
		{fr.Clock(backwards.Add(time.Hour)), "2 h 30 (après le changement d’heure)"},
		{fr.Duration(125 * time.Minute), "2 h 05"},
		{en.Duration(2 * time.Hour), "2 h"},
		{fr.Duration(65 * time.Second), "1 min 05"},
	} {
		plain := strings.NewReplacer("\u202f", " ", "\u00a0", " ").Replace(c.got)
		if plain != c.want {
			t.Errorf("got %q, want %q", plain, c.want)
		}
	}
}
