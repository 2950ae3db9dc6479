package app

import (
	"time"

	"h48/internal/edition"
)

// preset is a template of an edition: what an organiser starts from. Its moments are
// counted from the moment that the clock opens.
type preset struct {
	key      string // its words are app.preset.<key> and app.preset_lead.<key>
	kind     edition.Kind
	weekday  time.Weekday // on which it usually begins, and at which hour
	hour     int
	length   time.Duration // from Starts to HandIn; Ends when nothing is handed in
	moments  map[edition.Moment]time.Duration
	seats    int
	min, max int
	grace    time.Duration
	criteria []presetCriterion
	prize    int64 // in cents; 0 for none
	meals    []presetMeal
	topics   []string // what teams ask help on; their words are app.theme.<key>
}

type presetCriterion struct {
	key    string // its words are app.criterion.<key>
	weight int
}

// presetMeal is counted from the midnight before the first day.
type presetMeal struct {
	key string // its words are app.meal.<key>
	at  time.Duration
}

const (
	day  = 24 * time.Hour
	hour = time.Hour
)

// presets are the templates, the blank one last. The programme of a hackathon follows
// what organisers of 48-hour events publish; the criteria are those of a social landlord
// that wants to use the results.
func presets() []preset {
	return []preset{{
		key: "landlord", kind: edition.Hackathon, weekday: time.Saturday, hour: 9, length: 48 * hour, seats: 24, min: 3, max: 5, grace: time.Minute, prize: 5_000_00,
		moments: map[edition.Moment]time.Duration{
			edition.RegistrationOpens: -60 * day, edition.RegistrationCloses: -2 * day, edition.Doors: -90 * time.Minute,
			edition.Teams: -45 * time.Minute, edition.Starts: 0, edition.HandIn: 48 * hour, edition.Pitches: 49 * hour,
			edition.Deliberation: 51 * hour, edition.Results: 52 * hour, edition.Ends: 54 * hour},
		criteria: []presetCriterion{{"useful", 30}, {"feasible", 25}, {"original", 15}, {"business", 15}, {"quality", 15}},
		meals:    []presetMeal{{"lunch1", 12*hour + 30*time.Minute}, {"dinner1", 19*hour + 30*time.Minute}, {"breakfast2", 32 * hour}, {"lunch2", 36*hour + 30*time.Minute}, {"dinner2", 43*hour + 30*time.Minute}, {"breakfast3", 56 * hour}},
		topics:   []string{"rental", "digital", "web", "housing", "business", "pitch"},
	}, {
		key: "inauguration", kind: edition.Inauguration, weekday: time.Thursday, hour: 17, length: 4 * hour, seats: 120, min: 1, max: 1,
		moments: map[edition.Moment]time.Duration{
			edition.RegistrationOpens: -45 * day, edition.RegistrationCloses: -2 * day, edition.Doors: -30 * time.Minute,
			edition.Starts: 0, edition.Ends: 4 * hour},
		meals: []presetMeal{{"cocktail", 18 * hour}},
	}, {
		key: "staff_day", kind: edition.StaffDay, weekday: time.Thursday, hour: 9, length: 8 * hour, seats: 200, min: 1, max: 1,
		moments: map[edition.Moment]time.Duration{
			edition.RegistrationOpens: -30 * day, edition.RegistrationCloses: -3 * day, edition.Doors: -45 * time.Minute,
			edition.Starts: 0, edition.Ends: 8 * hour},
		meals: []presetMeal{{"lunch1", 12*hour + 30*time.Minute}},
	}, {
		key: "blank", kind: edition.Other, weekday: time.Saturday, hour: 9, length: 48 * hour, min: 3, max: 5,
		moments: map[edition.Moment]time.Duration{edition.Starts: 0, edition.Ends: 48 * hour},
	}}
}

// presetOf returns the template of the key; the first one for a key that is none.
func presetOf(key string) preset {
	all := presets()
	for _, p := range all {
		if p.key == key {
			return p
		}
	}
	return all[0]
}

// at returns the template's moments for an edition whose clock opens at start. Before it
// they are counted in days of the calendar; after it in hours that pass, so that 48 hours
// are 48 hours also when the clocks change in the night between.
func (p preset) at(start time.Time) map[edition.Moment]time.Time {
	at := map[edition.Moment]time.Time{}
	for m, after := range p.moments {
		if after < 0 {
			days := int(after / day)
			at[m] = start.AddDate(0, 0, days).Add(after - time.Duration(days)*day)
			continue
		}
		at[m] = start.Add(after)
	}
	return at
}
