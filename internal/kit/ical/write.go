package ical

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// foldAt is the longest line, in bytes without its end (RFC 5545, 3.1).
const foldAt = 75

// Write writes the feed. It fails, before it writes anything, on an event without UID or
// Updated, that ends before it starts, or whose URL is not absolute.
func Write(w io.Writer, c Calendar) error {
	for _, e := range c.Events {
		if err := e.check(); err != nil {
			return fmt.Errorf("writing a calendar: event %q: %w", e.UID, err)
		}
	}
	lines := writer{bufio.NewWriter(w)}
	lines.add("BEGIN", "VCALENDAR")
	lines.add("VERSION", "2.0")
	lines.add("PRODID", "-//H48//Programme//EN")
	lines.add("CALSCALE", "GREGORIAN")
	lines.add("METHOD", "PUBLISH")
	lines.text("X-WR-CALNAME", c.Name)
	lines.text("NAME", c.Name)
	if c.Refresh > 0 {
		every := "PT" + strconv.Itoa(int(max(c.Refresh, time.Minute).Minutes())) + "M"
		lines.add("REFRESH-INTERVAL;VALUE=DURATION", every)
		lines.add("X-PUBLISHED-TTL", every)
	}
	for _, e := range c.Events {
		lines.event(e)
	}
	lines.add("END", "VCALENDAR")
	if err := lines.Flush(); err != nil {
		return fmt.Errorf("writing a calendar: %w", err)
	}
	return nil
}

func (e Event) check() error {
	switch {
	case clean(e.UID) == "":
		return fmt.Errorf("no UID")
	case e.Updated.IsZero():
		return fmt.Errorf("no time of change")
	case e.Start.IsZero() || e.End.Before(e.Start):
		return fmt.Errorf("from %v to %v", e.Start, e.End)
	}
	if e.URL == "" {
		return nil
	}
	u, err := url.Parse(e.URL)
	if err == nil && !u.IsAbs() {
		err = fmt.Errorf("%q is not absolute", e.URL)
	}
	return err
}

// writer keeps its first error until Flush, as bufio.Writer does.
type writer struct{ *bufio.Writer }

func (w writer) event(e Event) {
	w.add("BEGIN", "VEVENT")
	w.text("UID", e.UID)
	w.add("DTSTAMP", utc(e.Updated))
	w.add("LAST-MODIFIED", utc(e.Updated))
	w.add("SEQUENCE", strconv.Itoa(max(e.Sequence, 0)))
	if e.AllDay {
		w.add("DTSTART;VALUE=DATE", e.Start.Format(dateForm))
		w.add("DTEND;VALUE=DATE", e.End.Format(dateForm))
	} else {
		w.add("DTSTART", utc(e.Start))
		w.add("DTEND", utc(e.End))
	}
	w.text("SUMMARY", e.Summary)
	w.text("LOCATION", e.Location)
	w.text("DESCRIPTION", e.Description)
	if e.URL != "" {
		w.add("URL", clean(e.URL))
	}
	if e.Cancelled {
		w.add("STATUS", "CANCELLED")
	} else {
		w.add("STATUS", "CONFIRMED")
	}
	w.add("END", "VEVENT")
}

func utc(t time.Time) string { return t.UTC().Format(timeForm + "Z") }

// text adds a text where there is one, escaped (RFC 5545, 3.3.11).
func (w writer) text(name, text string) {
	if text = clean(text); text != "" {
		w.add(name, escaper.Replace(text))
	}
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\n", `\n`)

// clean drops what no text of a calendar may hold: control characters but the tab and
// the line feed, and bytes that are not UTF-8.
func clean(text string) string {
	return strings.Map(func(c rune) rune {
		if (c < ' ' && c != '\n' && c != '\t') || c == 0x7f {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, ""))
}

// add writes one line, folded between characters.
func (w writer) add(name, value string) {
	line := name + ":" + value
	room := foldAt
	for len(line) > room {
		cut := room
		for !utf8.RuneStart(line[cut]) {
			cut--
		}
		_, _ = w.WriteString(line[:cut] + "\r\n ") // the error comes with Flush
		line, room = line[cut:], foldAt-1
	}
	_, _ = w.WriteString(line + "\r\n")
}
