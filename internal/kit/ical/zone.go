package ical

import (
	"strings"
	"time"
)

// zones tells what a time of the file means.
type zones struct {
	floating *time.Location
	named    map[string]string // X-LIC-LOCATION by TZID
}

// time reads a date or a time. The time is in its own zone; a date is midnight in the
// zone of floating times.
func (z zones) time(p property) (t time.Time, date bool, problem *Problem) {
	value := strings.TrimSpace(p.value)
	wrong := &Problem{Line: p.line, Key: "ical.time", Args: []any{"value", clean(value)}}
	if p.kind == "DATE" || len(value) == len(dateForm) {
		t, err := time.ParseInLocation(dateForm, value, z.floating)
		if err != nil {
			return time.Time{}, false, wrong
		}
		return t, true, nil
	}
	zone := z.floating
	if bare, ok := strings.CutSuffix(value, "Z"); ok {
		value, zone = bare, time.UTC
	} else if p.zone != "" {
		if zone = z.find(p.zone); zone == nil {
			return time.Time{}, false, &Problem{Line: p.line, Key: "ical.zone", Args: []any{"zone", clean(p.zone)}}
		}
	}
	if len(value) != len(timeForm) { // Parse would take fractions too
		return time.Time{}, false, wrong
	}
	t, err := time.ParseInLocation(timeForm, value, zone)
	if err != nil {
		return time.Time{}, false, wrong
	}
	return t, false, nil
}

// find returns the zone of a TZID, or nil: a name of the IANA database, alone or at the
// end of a path as some applications write it, the location that the file itself gives,
// or a name of Windows.
func (z zones) find(tzid string) *time.Location {
	for _, name := range []string{tzid, z.named[tzid], windows[tzid]} {
		for name != "" {
			if location := load(name); location != nil {
				return location
			}
			_, name, _ = strings.Cut(name, "/")
		}
	}
	return nil
}

func load(name string) *time.Location {
	if name == "Local" { // the machine's, which the file cannot mean
		return nil
	}
	location, err := time.LoadLocation(name)
	if err != nil || name == "" {
		return nil
	}
	return location
}

// windows gives the names that Outlook writes for the zones of Europe and of the French
// overseas (Unicode CLDR, windowsZones.xml).
var windows = map[string]string{
	"Romance Standard Time":          "Europe/Paris",
	"W. Europe Standard Time":        "Europe/Berlin",
	"Central Europe Standard Time":   "Europe/Budapest",
	"Central European Standard Time": "Europe/Warsaw",
	"GMT Standard Time":              "Europe/London",
	"Greenwich Standard Time":        "Atlantic/Reykjavik",
	"E. Europe Standard Time":        "Europe/Chisinau",
	"FLE Standard Time":              "Europe/Kyiv",
	"GTB Standard Time":              "Europe/Bucharest",
	"Russian Standard Time":          "Europe/Moscow",
	"Turkey Standard Time":           "Europe/Istanbul",
	"UTC":                            "Etc/UTC",
	"SA Western Standard Time":       "America/La_Paz",
	"SA Eastern Standard Time":       "America/Cayenne",
	"Mauritius Standard Time":        "Indian/Mauritius",
	"Central Pacific Standard Time":  "Pacific/Guadalcanal",
	"Hawaiian Standard Time":         "Pacific/Honolulu",
	"Saint Pierre Standard Time":     "America/Miquelon",
}
