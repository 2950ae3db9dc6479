package edition

import "time"

// Span is when something of the event takes place: a session, a meal.
type Span struct{ From, To time.Time }

// Begins is when the first people come: when the doors open, where that is set.
func (e Edition) Begins() time.Time {
	if at, set := e.At[Doors]; set {
		return at
	}
	return e.At[Starts]
}

// Astray says that the span is on none of the event's days. What is set up the day before,
// and cleared away the day after, is not.
func (e Edition) Astray(s Span) bool {
	first, last := e.At[Starts], e.At[Starts]
	for _, m := range []Moment{Doors, Ends} {
		if at, set := e.At[m]; set {
			if at.Before(first) {
				first = at
			}
			if at.After(last) {
				last = at
			}
		}
	}
	return s.To.Before(first.AddDate(0, 0, -1)) || s.From.After(last.AddDate(0, 0, 2))
}

// LeftBehind counts the spans that are astray, as when the event's dates were moved and
// they were not. Where that is all of them, days is by how many they move to begin on the
// event's first day again; 0 otherwise.
func (e Edition) LeftBehind(all []Span) (n, days int) {
	var first time.Time
	for _, s := range all {
		if e.Astray(s) {
			n++
		}
		if first.IsZero() || s.From.Before(first) {
			first = s.From
		}
	}
	if n == 0 || n < len(all) {
		return n, 0
	}
	return n, daysBetween(first.In(e.Zone), e.Begins().In(e.Zone))
}

// daysBetween is how many days of the calendar lie between two moments, whatever the
// clocks do on the way.
func daysBetween(from, to time.Time) int {
	noon := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, time.UTC) }
	return int(noon(to).Sub(noon(from)).Hours() / 24)
}

// MostShift is by how many days what was left behind can be moved at once.
const MostShift = 3 * 366
