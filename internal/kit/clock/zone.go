package clock

import "time"

// Showing returns the moments at which the clocks of the zone show the wall's day, hour,
// minute and second, the earliest first: one as a rule, none in an hour that they skip,
// two in an hour that they go through twice. The wall's own zone does not matter.
func Showing(zone *time.Location, wall time.Time) []time.Time {
	utc := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, time.UTC)
	var all []time.Time
	// Clocks change at most once in two days, so a day before and a day after have every
	// offset that can hold here.
	for _, near := range []time.Time{utc.AddDate(0, 0, -1), utc.AddDate(0, 0, 1)} {
		_, offset := near.In(zone).Zone()
		at := utc.Add(-time.Duration(offset) * time.Second)
		if _, real := at.In(zone).Zone(); real == offset && (len(all) == 0 || !all[0].Equal(at)) {
			all = append(all, at.In(zone))
		}
	}
	return all
}
