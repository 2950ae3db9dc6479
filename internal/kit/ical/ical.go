// Package ical writes calendar feeds that people subscribe to, and reads calendar files
// that they hand in (RFC 5545, with the names of RFC 7986).
//
// It knows single events. A repeated event in a file is reported, not expanded; alarms,
// attendees and tasks are passed over. Times are written in UTC, which every calendar
// application shows in its reader's zone.
package ical

import (
	_ "embed" // for Words
	"time"
)

// Words are the sentences of this package's reasons.
//
//go:embed words.json
var Words []byte

// Calendar is a feed: what an application shows under one name and one colour.
type Calendar struct {
	Name string
	// Refresh is how often an application should ask again; zero leaves it to choose.
	Refresh time.Duration
	Events  []Event
}

// Event is something that happens once.
type Event struct {
	// UID is the same for the same event for ever; applications replace by it. A file
	// that was read may leave it empty.
	UID string
	// Start and End bound the event, the end excluded. Where AllDay is true they are
	// midnights, and only their dates count.
	Start, End time.Time
	AllDay     bool

	Summary, Location, Description string
	// URL is absolute or empty.
	URL string
	// Updated is when the event was last changed; Sequence grows with each change that
	// matters to who attends.
	Updated   time.Time
	Sequence  int
	Cancelled bool
}

// Forms of a date and of a time.
const (
	dateForm = "20060102"
	timeForm = "20060102T150405"
)
