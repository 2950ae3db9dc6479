package ical

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"h48/internal/kit/errs"
)

// MaxBytes is how large a file Read takes: about 20,000 events.
const MaxBytes = 8 << 20

// Problem is why an event was not taken.
type Problem struct {
	// Line is where it is wrong, as an editor counts.
	Line int
	// Event is the summary of the event, or its UID, or empty where neither is known.
	Event string
	// Key and Args name the reason, as in errs.Field.
	Key  string
	Args []any
}

// Read reads a calendar file. Times that name no zone are taken in the given one. It
// fails, with an errs kind, on what is no calendar at all; an event that is wrong is left
// out and reported, and the others are taken.
func Read(r io.Reader, zone *time.Location) (Calendar, []Problem, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Calendar{}, nil, fmt.Errorf("reading a calendar: %w", err)
	}
	if len(raw) > MaxBytes {
		return Calendar{}, nil, errs.New(errs.TooLarge, "ical.too_large", "megabytes", MaxBytes>>20)
	}
	lines := unfold(raw)
	if len(lines) == 0 || !strings.EqualFold(strings.TrimSpace(lines[0].text), "BEGIN:VCALENDAR") {
		return Calendar{}, nil, errs.New(errs.Invalid, "ical.no_calendar")
	}
	p := parser{zones: zones{floating: zone, named: map[string]string{}}}
	for _, l := range lines {
		p.line(l)
	}
	p.close(0)
	for _, found := range p.found {
		p.take(found)
	}
	return p.calendar, p.problems, nil
}

// block is a component of the file: its properties by name, the first of each.
type block struct {
	name  string
	line  int
	props map[string]property
	wrong []Problem
}

// parser goes through the lines and keeps the blocks that are open.
type parser struct {
	open     []*block
	found    []*block // the events, closed
	zones    zones
	calendar Calendar
	problems []Problem
}

func (p *parser) line(l line) {
	prop, ok := parseLine(l.text)
	switch {
	case !ok:
		p.syntax(l.number)
	case prop.name == "BEGIN":
		p.open = append(p.open, &block{name: strings.ToUpper(prop.value), line: l.number, props: map[string]property{}})
	case prop.name == "END":
		p.end(strings.ToUpper(prop.value), l.number)
	case len(p.open) > 0:
		prop.line = l.number
		top := p.open[len(p.open)-1]
		if _, there := top.props[prop.name]; !there {
			top.props[prop.name] = prop
		}
	}
}

// syntax notes a line that cannot be read; an event that has one is not taken.
func (p *parser) syntax(number int) {
	problem := Problem{Line: number, Key: "ical.syntax"}
	for _, b := range p.open {
		if b.name == "VEVENT" {
			b.wrong = append(b.wrong, problem)
			return
		}
	}
	p.problems = append(p.problems, problem)
}

// end closes the named block, and what was left open in it.
func (p *parser) end(name string, number int) {
	for i := len(p.open) - 1; i >= 0; i-- {
		if p.open[i].name == name {
			p.close(i + 1)
			p.done(p.open[i])
			p.open = p.open[:i]
			return
		}
	}
	p.syntax(number)
}

// close gives up the blocks from the depth on: they had no end.
func (p *parser) close(depth int) {
	for _, b := range p.open[depth:] {
		switch b.name {
		case "VEVENT":
			p.problems = append(p.problems, Problem{b.line, b.title(), "ical.not_closed", nil})
		case "VCALENDAR":
			p.done(b)
		}
	}
	p.open = p.open[:depth]
}

// done takes a whole block in.
func (p *parser) done(b *block) {
	switch b.name {
	case "VEVENT":
		p.found = append(p.found, b)
	case "VTIMEZONE":
		p.zones.named[b.props["TZID"].value] = b.props["X-LIC-LOCATION"].value
	case "VCALENDAR":
		p.calendar.Name = b.text("NAME")
		if p.calendar.Name == "" {
			p.calendar.Name = b.text("X-WR-CALNAME")
		}
		if every, err := parseDuration(b.props["REFRESH-INTERVAL"].value); err == nil && every > 0 {
			p.calendar.Refresh = every
		}
	}
}

func (b *block) text(name string) string { return clean(unescape(b.props[name].value)) }

func (b *block) title() string {
	if summary := b.text("SUMMARY"); summary != "" {
		return summary
	}
	return b.text("UID")
}

// take makes an event of a block, or problems.
func (p *parser) take(b *block) {
	event, problem := p.event(b)
	if problem != nil {
		b.wrong = append(b.wrong, *problem)
	}
	if len(b.wrong) == 0 {
		p.calendar.Events = append(p.calendar.Events, event)
		return
	}
	for _, wrong := range b.wrong {
		wrong.Event = b.title()
		p.problems = append(p.problems, wrong)
	}
}

func (p *parser) event(b *block) (Event, *Problem) {
	for _, name := range []string{"RRULE", "RDATE", "RECURRENCE-ID"} {
		if repeated, ok := b.props[name]; ok {
			return Event{}, &Problem{Line: repeated.line, Key: "ical.repeated"}
		}
	}
	e := Event{
		UID: b.text("UID"), Summary: b.text("SUMMARY"), Location: b.text("LOCATION"),
		Description: b.text("DESCRIPTION"), URL: clean(b.props["URL"].value),
		Cancelled: strings.EqualFold(b.props["STATUS"].value, "CANCELLED"),
	}
	if n, err := strconv.Atoi(b.props["SEQUENCE"].value); err == nil && n > 0 {
		e.Sequence = n
	}
	for _, name := range []string{"LAST-MODIFIED", "DTSTAMP"} {
		if t, _, problem := p.zones.time(b.props[name]); problem == nil && e.Updated.IsZero() {
			e.Updated = t
		}
	}
	if _, ok := b.props["DTSTART"]; !ok {
		return Event{}, &Problem{Line: b.line, Key: "ical.no_start"}
	}
	var problem *Problem
	if e.Start, e.AllDay, problem = p.zones.time(b.props["DTSTART"]); problem != nil {
		return Event{}, problem
	}
	if e.End, problem = p.zones.end(b, e.Start, e.AllDay); problem != nil {
		return Event{}, problem
	}
	return e, nil
}

// end is when the event ends: as said, after its duration, or (RFC 5545, 3.6.1) a day
// long for a date and at once for a time.
func (z zones) end(b *block, start time.Time, allDay bool) (time.Time, *Problem) {
	end := start
	if allDay {
		end = start.AddDate(0, 0, 1)
	}
	if said, ok := b.props["DTEND"]; ok {
		t, date, problem := z.time(said)
		if problem == nil && date != allDay {
			problem = &Problem{Line: said.line, Key: "ical.time", Args: []any{"value", said.value}}
		}
		if problem != nil {
			return time.Time{}, problem
		}
		end = t
	} else if said, ok := b.props["DURATION"]; ok {
		d, err := parseDuration(said.value)
		if err != nil {
			return time.Time{}, &Problem{Line: said.line, Key: "ical.time", Args: []any{"value", said.value}}
		}
		if end = start.Add(d); allDay { // a day is a date, not 24 hours
			end = start.AddDate(0, 0, int(d/(24*time.Hour)))
		}
	}
	if end.Before(start) {
		return time.Time{}, &Problem{Line: b.line, Key: "ical.ends_before"}
	}
	return end, nil
}

var errDuration = errors.New("no duration")

// parseDuration reads a duration of RFC 5545, 3.3.6: P2W, P1DT12H, PT90M, -PT15M.
func parseDuration(s string) (time.Duration, error) {
	rest, negative := strings.CutPrefix(s, "-")
	rest, ok := strings.CutPrefix(strings.TrimPrefix(rest, "+"), "P")
	if !ok || rest == "" || len(rest) > 40 {
		return 0, errDuration
	}
	date, clock, timed := strings.Cut(rest, "T")
	sum, err := units(date, []unit{{'W', 7 * 24 * time.Hour}, {'D', 24 * time.Hour}})
	if err != nil || (timed && clock == "") {
		return 0, errDuration
	}
	more, err := units(clock, []unit{{'H', time.Hour}, {'M', time.Minute}, {'S', time.Second}})
	if negative {
		return -sum - more, err
	}
	return sum + more, err
}

type unit struct {
	letter byte
	length time.Duration
}

// units sums numbers that are each followed by a unit, in the order of the units.
func units(s string, order []unit) (sum time.Duration, err error) {
	for _, u := range order {
		digits, rest, ok := strings.Cut(s, string(u.letter))
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 17) // no event lasts 131,072 of anything
		if err != nil {
			return 0, errDuration
		}
		sum += time.Duration(n) * u.length
		s = rest
	}
	if s != "" {
		return 0, errDuration
	}
	return sum, nil
}
