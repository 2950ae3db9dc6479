// Package meeting plans meetings of teams with mentors: in a time that the organiser gives
// to it, every team says what it would like to talk about, engine/planning/meetings decides
// who sits down with whom and when, and both sides find it on their phones. When a mentor
// has to leave, their meetings go to others and nobody else's changes.
//
// It stands beside the help queue and knows nothing of it: who knows what and who is there
// when is what mentors said in [mentoring]. What comes of a meeting is noted there too.
package meeting

import (
	"cmp"
	"slices"
	"time"

	"h48/engine/planning/meetings"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/mentoring"
)

// Limits.
const (
	MostThemes  = 3
	mostMinutes = 120
	mostSlots   = 60
	mostEach    = 20
)

// Round is the time for meetings, and how the plan stands.
type Round struct {
	From, To  time.Time
	Minutes   int
	PerTeam   int
	PerMentor int
	Job       string
	Planned   time.Time
	Published time.Time
}

// Set says whether there is such a time.
func (r Round) Set() bool { return !r.From.IsZero() }

// Slots is how many meetings fit one after the other.
func (r Round) Slots() int {
	if !r.Set() || r.Minutes < 1 {
		return 0
	}
	return int(r.To.Sub(r.From) / r.length())
}

func (r Round) length() time.Duration { return time.Duration(r.Minutes) * time.Minute }

// At is when a slot begins, from 0.
func (r Round) At(slot int) time.Time { return r.From.Add(time.Duration(slot) * r.length()) }

func (r Round) check() error {
	var wrong errs.Fields
	switch {
	case r.From.IsZero():
		wrong.Add("from", "error.required")
	case !r.To.After(r.From):
		wrong.Add("to", "meeting.end_first")
	case r.Minutes >= 1 && r.Slots() < 1:
		wrong.Add("to", "meeting.too_short")
	case r.Minutes >= 1 && r.Slots() > mostSlots:
		wrong.Add("to", "meeting.too_many", "most", mostSlots)
	}
	if r.Minutes < 1 || r.Minutes > mostMinutes {
		wrong.Add("minutes", "meeting.range", "most", mostMinutes)
	}
	if r.PerTeam < 1 || r.PerTeam > MostThemes {
		wrong.Add("per_team", "meeting.range", "most", MostThemes)
	}
	if r.PerMentor < 1 || r.PerMentor > mostEach {
		wrong.Add("per_mentor", "meeting.range", "most", mostEach)
	}
	return wrong.Err()
}

// Date is one meeting.
type Date struct {
	ID      string
	Team    string
	Theme   mentoring.ThemeID // "" where the team did not say
	Mentor  account.ID
	At      time.Time
	Planned bool
	Told    bool
	// Lost says that its mentor left after it was told, and that nobody was written to yet:
	// it is told together with what takes its place.
	Lost bool
}

// Wish is what a team would like to talk about, the most wanted first.
type Wish struct {
	Team   string
	Themes []mentoring.ThemeID
}

// Table is everything about the meetings of an edition at one moment.
type Table struct {
	Round   Round
	Mentors []mentoring.Mentor
	Gone    map[account.ID]bool
	Teams   []mentoring.TeamRef
	Themes  []mentoring.Theme
	Wishes  map[string][]mentoring.ThemeID
	Dates   []Date // in their order
}

// Refusals that callers decide on.
var (
	ErrNoRound  = errs.New(errs.Conflict, "meeting.no_round")
	ErrPlanning = errs.New(errs.Conflict, "meeting.being_planned")
	ErrNothing  = errs.New(errs.Conflict, "meeting.nothing_new")
)

// Topic is what pages about the meetings listen to.
func Topic(id edition.ID) string { return "meetings:" + string(id) }

// wanted is one team's turn about one theme.
type wanted struct {
	team    string
	theme   mentoring.ThemeID
	urgency int64
}

// wanted lists what the teams want, as many turns each as there may be. A team that said
// nothing gets one turn, about anything: none is left without having met a mentor.
func (t Table) wanted() []wanted {
	var all []wanted
	for _, team := range t.Teams {
		themes := t.Wishes[team.ID]
		if len(themes) == 0 {
			themes = []mentoring.ThemeID{""}
		}
		for k, theme := range themes[:min(len(themes), t.Round.PerTeam)] {
			all = append(all, wanted{team.ID, theme, int64(MostThemes - k)})
		}
	}
	return all
}

// served returns the planned date of a turn.
func (t Table) served(w wanted) (Date, bool) {
	i := slices.IndexFunc(t.Dates, func(d Date) bool { return d.Planned && d.Team == w.team && d.Theme == w.theme })
	if i < 0 {
		return Date{}, false
	}
	return t.Dates[i], true
}

// keeps says whether a planned date stays when the others are planned: what has begun
// always does; with few, everything that still can.
func (t Table) keeps(d Date, now time.Time, few bool) bool {
	if !d.Planned || !d.At.After(now) {
		return d.Planned
	}
	known := slices.ContainsFunc(t.Teams, func(r mentoring.TeamRef) bool { return r.ID == d.Team })
	still := slices.ContainsFunc(t.wanted(), func(w wanted) bool { return w.team == d.Team && w.theme == d.Theme })
	return few && known && still && !t.Gone[d.Mentor] && t.isMentor(d.Mentor) && t.Round.has(d.At)
}

// has says whether a meeting begins at the time.
func (r Round) has(at time.Time) bool {
	for slot := range r.Slots() {
		if r.At(slot).Equal(at) {
			return true
		}
	}
	return false
}

func (t Table) isMentor(who account.ID) bool {
	return slices.ContainsFunc(t.Mentors, func(m mentoring.Mentor) bool { return m.ID == who })
}

// Levels of a mentor's skill as the engine counts them: their own theme, and what they can
// say to a team that did not name one.
const (
	own      = meetings.TopSkill
	anything = 2
)

// instance puts the table in the engine's words, around the dates that stay.
func (t Table) instance(now time.Time, stay []Date) *meetings.Instance {
	n := t.Round.Slots()
	in := &meetings.Instance{Format: meetings.Format, Name: "meetings", Slots: n,
		Weights: meetings.Weights{Unserved: int64(100 + MostThemes*n), Mismatch: 4, Load: 1}}
	ahead := func(slot int, busy func(d Date) bool) bool {
		at := t.Round.At(slot)
		return at.After(now) && !slices.ContainsFunc(stay, func(d Date) bool {
			return busy(d) && t.overlaps(d, Date{At: at})
		})
	}
	for _, m := range t.Mentors {
		if t.Gone[m.ID] {
			continue
		}
		one := meetings.Mentor{ID: string(m.ID), Skills: map[string]int{"": anything}, Max: t.Round.PerMentor}
		for _, theme := range m.Themes {
			one.Skills[string(theme.ID)] = own
		}
		mine := func(d Date) bool { return d.Mentor == m.ID }
		for slot := range n {
			if there(m, t.Round.At(slot), t.Round.length()) && ahead(slot, mine) {
				one.Free = append(one.Free, slot)
			}
		}
		for _, d := range stay {
			if mine(d) {
				one.Max = max(0, one.Max-1)
			}
		}
		in.Mentors = append(in.Mentors, one)
	}
	for _, w := range t.wanted() {
		if slices.ContainsFunc(stay, func(d Date) bool { return d.Team == w.team && d.Theme == w.theme }) {
			continue
		}
		q := meetings.Request{ID: w.team + "/" + string(w.theme), Team: w.team, Topic: string(w.theme), Urgency: w.urgency}
		for slot := range n {
			if ahead(slot, func(d Date) bool { return d.Team == w.team }) {
				q.Free = append(q.Free, slot)
			}
		}
		in.Requests = append(in.Requests, q)
	}
	return in
}

// there says whether a mentor said they would be there; who said nothing is there always.
func there(m mentoring.Mentor, at time.Time, length time.Duration) bool {
	return len(m.Slots) == 0 || slices.ContainsFunc(m.Slots, func(s mentoring.Slot) bool { return !at.Before(s.From) && !at.Add(length).After(s.To) })
}

// Why is why a team's turn finds no mentor.
type Why string

// The reasons, the first that holds.
const (
	Unknown Why = "unknown" // no mentor knows the theme
	Left    Why = "left"    // those who know it have left
	Away    Why = "away"    // those who know it are not there at that time
	Full    Why = "full"    // those who know it have no turn left
)

// Missing is a turn without a mentor.
type Missing struct {
	Team  string
	Theme mentoring.ThemeID
	Why   Why
}

// Missing lists the turns without a mentor, and why.
func (t Table) Missing() []Missing {
	var all []Missing
	for _, w := range t.wanted() {
		if _, ok := t.served(w); ok {
			continue
		}
		one := Missing{w.team, w.theme, Unknown}
		for _, m := range t.Mentors {
			if w.theme != "" && !m.Knows(w.theme) {
				continue
			}
			why := Left
			if !t.Gone[m.ID] {
				why = Away
				for slot := range t.Round.Slots() {
					if there(m, t.Round.At(slot), t.Round.length()) {
						why = Full
					}
				}
			}
			if rank(why) > rank(one.Why) {
				one.Why = why
			}
		}
		all = append(all, one)
	}
	return all
}

func rank(w Why) int { return slices.Index([]Why{Unknown, Left, Away, Full}, w) }

// of lists the dates that are planned, or that were told, of a team or of a mentor.
func (t Table) of(team string, mentor account.ID, told bool) []Date {
	var all []Date
	for _, d := range t.Dates {
		shown := d.Planned
		if told {
			shown = d.Told
		}
		if shown && (d.Team == team || d.Mentor == mentor && mentor != "") {
			all = append(all, d)
		}
	}
	slices.SortFunc(all, func(a, b Date) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return all
}

// overlaps says whether both cannot be held by the same people.
func (t Table) overlaps(a, b Date) bool {
	return a.At.Before(b.At.Add(t.Round.length())) && b.At.Before(a.At.Add(t.Round.length()))
}

// Untold counts the dates ahead that were lost and of which nobody has heard yet.
func (t Table) Untold(now time.Time) int {
	n := 0
	for _, d := range t.Dates {
		if d.Lost && d.At.After(now) {
			n++
		}
	}
	return n
}

// restored are the mentor's lost dates ahead that can take place after all: nobody heard
// that they would not, and nothing was planned over them.
func (t Table) restored(who account.ID, now time.Time) []Date {
	var all []Date
	for _, d := range t.Dates {
		if !d.Lost || d.Mentor != who || !d.At.After(now) || slices.ContainsFunc(t.Dates, func(o Date) bool {
			return (o.Planned || o.Told) && (o.Team == d.Team || o.Mentor == d.Mentor) && (t.overlaps(o, d) || o.Team == d.Team && o.Theme == d.Theme)
		}) {
			continue
		}
		d.Planned, d.Told, d.Lost = true, true, false
		all = append(all, d)
	}
	return all
}

// Unpublished counts the dates that are planned and not told, or told and not planned.
func (t Table) Unpublished() int {
	n := 0
	for _, d := range t.Dates {
		if d.Planned != d.Told {
			n++
		}
	}
	return n
}
