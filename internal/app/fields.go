package app

import (
	"maps"
	"slices"
	"strings"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

func required(f ui.Field) ui.Field { return f.Needed() }

func email(f ui.Field) ui.Field {
	f.Kind, f.Autocomplete = "email", "email"
	return f
}

func number(f ui.Field, least, most string) ui.Field {
	f.Kind, f.InputMode, f.Min, f.Max, f.Short = "number", "numeric", least, most, true
	return f
}

func colour(f ui.Field) ui.Field {
	f.Kind, f.Short = "color", true
	return f
}

func tall(f ui.Field) ui.Field {
	f.Rows = 16
	return f
}

func hint(v ui.View, f ui.Field, key string) ui.Field {
	f.Hint = v.L.T(key)
	return f
}

func wide(v ui.View) ui.View {
	v.Wide = true
	return v
}

func sorted(fields map[string]ui.Field) []ui.Field {
	var all []ui.Field
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		all = append(all, fields[name])
	}
	return all
}

// all lists the form's fields for its summary of errors.
func (s setup) all() []ui.Field { return append(sorted(s.fields), s.criteria...) }

// againText says what the next edition takes along.
func againText(l i18n.Locale, e edition.Edition) string {
	if e.Kind.Competes() {
		return l.T("app.again_text")
	}
	return l.T("app.again_text_guests")
}

func (s settings) all() []ui.Field {
	return append(append(sorted(s.fields), s.moments...), s.words...)
}

// zones are the time zones offered; an organiser of another one says so in the settings.
func zones(l i18n.Locale) []ui.Option {
	var all []ui.Option
	for _, name := range []string{"Europe/Paris", "Europe/Brussels", "Europe/Luxembourg", "Europe/Zurich", "Europe/London",
		"America/Guadeloupe", "America/Martinique", "America/Cayenne", "Indian/Reunion", "Indian/Mayotte", "Pacific/Noumea",
		"Pacific/Tahiti", "America/Montreal", "Africa/Dakar", "Africa/Tunis", "UTC"} {
		all = append(all, ui.Option{Value: name, Label: zoneName(l, name)})
	}
	return all
}

// zoneName is what people call a time zone: the city that its computer's name ends in, and
// where that is.
func zoneName(l i18n.Locale, name string) string {
	if key := "app.zone." + strings.ToLower(name[strings.LastIndex(name, "/")+1:]); l.Has(key) {
		return l.T(key)
	}
	return name
}

func kindIcon(k edition.Kind) string {
	switch k {
	case edition.Hackathon:
		return "lightbulb"
	case edition.Inauguration:
		return "building-2"
	case edition.StaffDay:
		return "users"
	case edition.Other:
	}
	return "calendar"
}

func editionDates(l i18n.Locale, e edition.Edition) string {
	return l.Date(e.At[edition.Starts])
}

func stateWord(v ui.View, e edition.Edition) string { return v.L.T("app.state." + string(e.State)) }

// lastOf is when the edition is over.
func lastOf(e edition.Edition) time.Time {
	if ends, set := e.At[edition.Ends]; set {
		return ends
	}
	return e.At[edition.Starts].Add(48 * time.Hour)
}
