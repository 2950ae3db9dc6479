package app

import (
	"time"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

// arcs are the phases of the ring, with the moment each begins with and its colour.
var arcs = []struct {
	from edition.Moment
	tone ui.Tone
}{
	{edition.Doors, ui.Water}, {edition.Teams, ui.Good}, {edition.Starts, ui.Water}, {edition.HandIn, ui.Good},
	{edition.Pitches, ui.Now}, {edition.Deliberation, ui.Good}, {edition.Results, ui.Now},
}

// ring is the edition as one circle: from the doors to the end, and what comes next in
// its middle.
func ring(l i18n.Locale, e edition.Edition, now time.Time) ui.RingData {
	r := ui.RingData{ID: "ring", Start: e.At[edition.Starts], End: e.At[edition.Ends], Now: now}
	if doors, set := e.At[edition.Doors]; set {
		r.Start = doors
	}
	if r.End.IsZero() {
		r.End = r.Start.Add(48 * time.Hour)
	}
	for i, arc := range arcs {
		from, set := e.At[arc.from]
		if !set {
			continue
		}
		to := r.End
		for _, later := range arcs[i+1:] {
			if at, set := e.At[later.from]; set {
				to = at
				break
			}
		}
		r.Phases = append(r.Phases, ui.RingPhase{Label: l.T("app.arc." + arcName(e, arc.from)), From: from, To: to, Tone: arc.tone})
	}
	r.To, r.Note = nextMoment(l, e, now)
	return r
}

// arcName is what the phase that begins at the moment is called: where nothing is handed
// in, people have not come to work.
func arcName(e edition.Edition, m edition.Moment) string {
	if _, work := e.At[edition.HandIn]; m == edition.Starts && !work {
		return "event"
	}
	return string(m)
}

// counted are the moments that the ring counts down to.
var counted = []edition.Moment{edition.Doors, edition.Starts, edition.HandIn, edition.Pitches, edition.Results, edition.Ends}

func nextMoment(l i18n.Locale, e edition.Edition, now time.Time) (to time.Time, note string) {
	for _, m := range counted {
		if at, set := e.At[m]; set && at.After(now) {
			return at, l.T("app.before." + string(m))
		}
	}
	return e.At[edition.Ends], l.T("app.before.over")
}
