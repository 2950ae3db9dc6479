package ui

import (
	"github.com/a-h/templ"

	"h48/internal/kit/i18n"
)

// Locale is the reader's language, zone and words, under the short name that component
// signatures use.
type Locale = i18n.Locale

// languages are offered in the footer, each in its own words.
var languages = []struct {
	code        i18n.Lang
	short, name string
}{{i18n.French, "FR", "Français"}, {i18n.English, "EN", "English"}}

type templAttrs = templ.Attributes

type templComponent = templ.Component
