// Package stage is the pitches: in which drawn order the teams go on, the three minutes
// that count down in step on the projector and on the phones, and how long each really
// took.
//
// It measures and shows; it cuts nobody short. A pitch that runs over is seen, heard and
// written down, and what that means for a team is the jury's matter. It scores nothing.
package stage

import (
	"context"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// State is how far a team's pitch has come.
type State string

// The states of a pitch.
const (
	Waiting State = "waiting"
	Running State = "running"
	Paused  State = "paused" // the machine failed, not the team: the pause does not count
	Done    State = "done"
	Absent  State = "absent"
)

// TeamRef is what the stage has to know of a team.
type TeamRef struct {
	ID      string
	Name    string
	Title   string // of its project
	Members []account.ID
}

// Teams says who may pitch.
type Teams interface {
	// Competing lists the teams that take part, in no order that matters.
	Competing(ctx context.Context, q sqldb.Querier, id edition.ID) ([]TeamRef, error)
}

// Settings are the rule that holds for every team alike.
type Settings struct {
	Allotted   time.Duration // to each team
	Warn       time.Duration // before the end, from when the time is shown as short
	Changeover time.Duration // between two pitches, for the forecast alone
}

// Usual are the settings of an edition that chose none: three minutes, as in Amiens.
var Usual = Settings{Allotted: 3 * time.Minute, Warn: 30 * time.Second, Changeover: time.Minute}

func (s Settings) check() error {
	var wrong errs.Fields
	if s.Allotted < 30*time.Second || s.Allotted > time.Hour {
		wrong.Add("allotted", "stage.allotted_range")
	}
	if s.Warn < 0 || s.Warn >= s.Allotted {
		wrong.Add("warn", "stage.warn_range")
	}
	if s.Changeover < 0 || s.Changeover > time.Hour {
		wrong.Add("changeover", "stage.changeover_range")
	}
	return wrong.Err()
}

// Pitch is one team's turn. Its times are the edition's.
type Pitch struct {
	Team     TeamRef
	Position int // from 1
	State    State
	Allotted time.Duration
	Started  time.Time
	PausedAt time.Time
	Held     time.Duration // pauses that have ended
	Ended    time.Time
}

// Until is when the allotted time ends, pauses so far not counted. It means something
// only once the pitch has started.
func (p Pitch) Until() time.Time { return p.Started.Add(p.Allotted + p.Held) }

// Spent is how long the team has spoken, pauses left out.
func (p Pitch) Spent(now time.Time) time.Duration {
	switch {
	case p.Started.IsZero():
		return 0
	case !p.Ended.IsZero():
		now = p.Ended
	case p.State == Paused:
		now = p.PausedAt
	}
	return max(0, now.Sub(p.Started)-p.Held)
}

// Left is what remains of the allotted time; negative once it is over.
func (p Pitch) Left(now time.Time) time.Duration { return p.Allotted - p.Spent(now) }

// Over is by how much the team has gone over its time.
func (p Pitch) Over(now time.Time) time.Duration { return max(0, -p.Left(now)) }

// On says whether the team stands on the stage.
func (p Pitch) On() bool { return p.State == Running || p.State == Paused }

// Lineup is all the pitches in their order, with the rule they run under.
type Lineup struct {
	Settings Settings
	Pitches  []Pitch
	// Unplaced are teams that compete and have no place, since they joined after the draw.
	Unplaced []TeamRef
}

// Current is the pitch on the stage.
func (l Lineup) Current() (Pitch, bool) { return l.first(Pitch.On) }

// Next is the first team that still waits.
func (l Lineup) Next() (Pitch, bool) {
	return l.first(func(p Pitch) bool { return p.State == Waiting })
}

// Of is the team's own pitch.
func (l Lineup) Of(team string) (Pitch, bool) {
	return l.first(func(p Pitch) bool { return p.Team.ID == team })
}

// OfMember is the pitch of the person's team.
func (l Lineup) OfMember(who account.ID) (Pitch, bool) {
	return l.first(func(p Pitch) bool { return slices.Contains(p.Team.Members, who) })
}

func (l Lineup) first(is func(Pitch) bool) (Pitch, bool) {
	i := slices.IndexFunc(l.Pitches, is)
	if i < 0 {
		return Pitch{}, false
	}
	return l.Pitches[i], true
}

// Count is how many pitches are in one of the states.
func (l Lineup) Count(states ...State) int {
	n := 0
	for _, p := range l.Pitches {
		if slices.Contains(states, p.State) {
			n++
		}
	}
	return n
}

// Begun says whether any team has been on.
func (l Lineup) Begun() bool { return l.Count(Running, Paused, Done) > 0 }

// Expected is when a team that waits will be on, if everybody keeps to the time: after
// the pitch on the stage and those before it. opens is when the pitches begin by the
// calendar, or the zero time. ok is false for a team that does not wait.
func (l Lineup) Expected(team string, now, opens time.Time) (at time.Time, ok bool) {
	at = now
	if current, on := l.Current(); on {
		at = later(now, now.Add(current.Left(now))).Add(l.Settings.Changeover)
	} else if !l.Begun() {
		at = later(now, opens)
	}
	for _, p := range l.Pitches {
		if p.State != Waiting {
			continue
		}
		if p.Team.ID == team {
			return at, true
		}
		at = at.Add(p.Allotted + l.Settings.Changeover)
	}
	return time.Time{}, false
}

// Ends is when the last team that waits will have finished, by the same forecast.
func (l Lineup) Ends(now, opens time.Time) time.Time {
	for _, p := range slices.Backward(l.Pitches) {
		if at, waits := l.Expected(p.Team.ID, now, opens); waits {
			return at.Add(p.Allotted)
		}
	}
	return now
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// What is a kind of line in the timer's log.
type What string

// The kinds of line.
const (
	EventStarted  What = "started"
	EventPaused   What = "paused"
	EventResumed  What = "resumed"
	EventStopped  What = "stopped"
	EventAbsent   What = "absent"
	EventRestored What = "restored"
	EventMoved    What = "moved"
	EventAdded    What = "added"
)

// Event is a line of the timer's log, for the minutes: who did what when, in the
// edition's time. It is never changed.
type Event struct {
	ID   string
	Team string // id
	What What
	At   time.Time
	By   account.ID
	Note string
}

// Refusals that callers decide on.
var (
	ErrOneRuns   = errs.New(errs.Conflict, "stage.one_runs")
	ErrState     = errs.New(errs.Conflict, "stage.not_now")
	ErrDrawn     = errs.New(errs.Conflict, "stage.already_drawn")
	ErrNoPromise = errs.New(errs.Conflict, "stage.promise_first")
	ErrBegun     = errs.New(errs.Conflict, "stage.begun")
)

// Topic is what the stage's pages listen to.
func Topic(id edition.ID) string { return "stage:" + string(id) }
