package stage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/turns"
)

// Service is what can be done with the stage.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	teams    Teams
	hub      *live.Hub
	trail    *trail.Trail
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, teams Teams, hub *live.Hub, t *trail.Trail) *Service {
	return &Service{db: db, ids: source, editions: editions, teams: teams, hub: hub, trail: t}
}

// change runs a use case of those with the role: its transaction, its time, its signal.
// Those of organisers read the whole order and write it, one after the other; a step of
// the crew names the state that it leaves.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, role edition.Role, do func(tx *sqldb.Tx, now time.Time) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if role == edition.Organiser {
			if err := turns.Take(ctx, tx, "stage:"+string(id)); err != nil {
				return err
			}
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, id, role); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return do(tx, now)
	})
}

// Lineup is the pitches in their order. A team that no longer competes and has not been
// on is left out.
func (s *Service) Lineup(ctx context.Context, q sqldb.Querier, id edition.ID) (Lineup, error) {
	settings, err := getSettings(ctx, q, id)
	if err != nil {
		return Lineup{}, err
	}
	rows, err := listPitches(ctx, q, id)
	if err != nil {
		return Lineup{}, err
	}
	teams, err := s.teams.Competing(ctx, q, id)
	if err != nil {
		return Lineup{}, fmt.Errorf("listing the teams: %w", err)
	}
	l := Lineup{Settings: settings}
	competes, placed := map[string]TeamRef{}, map[string]bool{}
	for _, t := range teams {
		competes[t.ID] = t
	}
	for _, p := range rows {
		team, still := competes[p.Team.ID]
		if !still && p.State == Waiting {
			continue
		}
		if still {
			p.Team = team
		}
		placed[p.Team.ID] = true
		p.Position = len(l.Pitches) + 1
		l.Pitches = append(l.Pitches, p)
	}
	for _, t := range teams {
		if !placed[t.ID] {
			l.Unplaced = append(l.Unplaced, t)
		}
	}
	return l, nil
}

// Of is one team's pitch, without its name; sqldb.ErrNotFound where it has no place.
func (s *Service) Of(ctx context.Context, q sqldb.Querier, id edition.ID, team string) (Pitch, error) {
	return getPitch(ctx, q, id, team)
}

// On is the pitch that is on the stage, without its team's name; sqldb.ErrNotFound where
// there is none.
func (s *Service) On(ctx context.Context, q sqldb.Querier, id edition.ID) (Pitch, error) {
	return getRunning(ctx, q, id)
}

// Between lists the pitches from one position to another, without their teams' names.
func (s *Service) Between(ctx context.Context, q sqldb.Querier, id edition.ID, from, to int) ([]Pitch, error) {
	return listBetween(ctx, q, id, from, to)
}

func (s *Service) team(ctx context.Context, q sqldb.Querier, id edition.ID, team string) (TeamRef, error) {
	teams, err := s.teams.Competing(ctx, q, id)
	if err != nil {
		return TeamRef{}, fmt.Errorf("listing the teams: %w", err)
	}
	i := slices.IndexFunc(teams, func(t TeamRef) bool { return t.ID == team })
	if i < 0 {
		return TeamRef{}, sqldb.ErrNotFound
	}
	return teams[i], nil
}

// SetSettings sets the rule for all teams. Once one has been on, the length stays:
// the first were heard under it.
func (s *Service) SetSettings(ctx context.Context, actor account.Actor, id edition.ID, set Settings) error {
	if err := set.check(); err != nil {
		return err
	}
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		before, err := getSettings(ctx, tx, id)
		if err != nil {
			return err
		}
		pitches, err := listPitches(ctx, tx, id)
		if err != nil {
			return err
		}
		if set.Allotted != before.Allotted && (Lineup{Pitches: pitches}).Begun() {
			return ErrBegun
		}
		if err := putSettings(ctx, tx, id, set); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, id, now, "stage.settings", before.Allotted.String(), set.Allotted.String())
	})
}

// step moves a pitch from one of the states and writes the log. do sets what changes
// besides the state.
func (s *Service) step(ctx context.Context, actor account.Actor, id edition.ID, team string, a once.Action, from []State, what What, reason string,
	do func(p *Pitch, at time.Time)) error {
	return s.change(ctx, actor, id, edition.Crew, func(tx *sqldb.Tx, now time.Time) error {
		first, err := once.First(ctx, tx, a)
		if err != nil || !first {
			return err
		}
		p, err := getPitch(ctx, tx, id, team)
		if err != nil {
			return err
		}
		if !slices.Contains(from, p.State) {
			return ErrState
		}
		before, at := p.State, later(p.last(), a.Moment(now))
		do(&p, at)
		moved, err := updatePitch(ctx, tx, id, p, before)
		if sqldb.IsUnique(err) {
			return ErrOneRuns
		}
		if err != nil {
			return fmt.Errorf("changing the pitch of %s: %w", team, err)
		}
		if !moved {
			return ErrState
		}
		if err := insertEvent(ctx, tx, id, Event{ID: s.ids.ID(), Team: team, What: what, At: at, By: actor.ID, Note: reason}); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, id, at, "stage."+string(what), string(before), string(p.State)+" "+team)
	})
}

// last is the latest thing that happened to the pitch: nothing happens before it.
func (p Pitch) last() time.Time { return later(later(p.Started, p.PausedAt), p.Ended) }

// Start begins a team's time at the moment of the action. Another team that is still on
// must be stopped first.
func (s *Service) Start(ctx context.Context, actor account.Actor, id edition.ID, team string, a once.Action) error {
	return s.step(ctx, actor, id, team, a, []State{Waiting}, EventStarted, "", func(p *Pitch, at time.Time) {
		p.State, p.Started, p.Ended, p.PausedAt, p.Held = Running, at, time.Time{}, time.Time{}, 0
	})
}

// Pause stands the clock still, since the projector failed or somebody fell ill.
func (s *Service) Pause(ctx context.Context, actor account.Actor, id edition.ID, team string, a once.Action) error {
	return s.step(ctx, actor, id, team, a, []State{Running}, EventPaused, "", func(p *Pitch, at time.Time) {
		p.State, p.PausedAt = Paused, at
	})
}

// Resume lets the clock run on; the pause is not counted.
func (s *Service) Resume(ctx context.Context, actor account.Actor, id edition.ID, team string, a once.Action) error {
	return s.step(ctx, actor, id, team, a, []State{Paused}, EventResumed, "", func(p *Pitch, at time.Time) {
		p.State, p.Held, p.PausedAt = Running, p.Held+at.Sub(p.PausedAt), time.Time{}
	})
}

// Stop ends a team's pitch. The real length is kept.
func (s *Service) Stop(ctx context.Context, actor account.Actor, id edition.ID, team string, a once.Action) error {
	return s.step(ctx, actor, id, team, a, []State{Running, Paused}, EventStopped, "", func(p *Pitch, at time.Time) {
		if p.State == Paused {
			p.Held += at.Sub(p.PausedAt)
		}
		p.State, p.Ended = Done, at
	})
}

// MarkAbsent passes over a team that is not there.
func (s *Service) MarkAbsent(ctx context.Context, actor account.Actor, id edition.ID, team string, a once.Action) error {
	return s.step(ctx, actor, id, team, a, []State{Waiting}, EventAbsent, "", func(p *Pitch, _ time.Time) { p.State = Absent })
}

// Restore lets a team go on (again): it came late, or its clock was started by mistake.
// The reason is written down; what was measured before stays in the log.
func (s *Service) Restore(ctx context.Context, actor account.Actor, id edition.ID, team, reason string) error {
	if reason == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	return s.step(ctx, actor, id, team, once.Action{}, []State{Absent, Done}, EventRestored, reason, func(p *Pitch, _ time.Time) {
		p.State, p.Started, p.Ended, p.PausedAt, p.Held = Waiting, time.Time{}, time.Time{}, time.Time{}, 0
	})
}

// Move puts a team that waits at another position, for a reason that is published with
// the order.
func (s *Service) Move(ctx context.Context, actor account.Actor, id edition.ID, team string, position int, reason string) error {
	if reason == "" {
		return errs.Fields{{Name: "reason", Key: "error.required"}}
	}
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		l, err := s.Lineup(ctx, tx, id)
		if err != nil {
			return err
		}
		p, found := l.Of(team)
		if !found {
			return sqldb.ErrNotFound
		}
		if p.State != Waiting {
			return ErrState
		}
		position = min(max(position, 1), len(l.Pitches))
		order := slices.DeleteFunc(slices.Clone(l.Pitches), func(o Pitch) bool { return o.Team.ID == team })
		order = slices.Insert(order, position-1, p)
		for i, o := range order {
			if err := updatePosition(ctx, tx, id, o.Team.ID, i+1); err != nil {
				return fmt.Errorf("moving the pitch of %s: %w", team, err)
			}
		}
		return s.logged(ctx, tx, actor, id, now, team, EventMoved, fmt.Sprintf("%d → %d: %s", p.Position, position, reason))
	})
}

// Add puts a team that came after the draw at the end of the order.
func (s *Service) Add(ctx context.Context, actor account.Actor, id edition.ID, team string) error {
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		l, err := s.Lineup(ctx, tx, id)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(l.Unplaced, func(t TeamRef) bool { return t.ID == team }) {
			return sqldb.ErrNotFound
		}
		if len(l.Pitches) == 0 {
			return ErrNoPromise
		}
		last, err := lastPosition(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := insertPitch(ctx, tx, id, team, last+1, l.Settings.Allotted); err != nil {
			return fmt.Errorf("adding %s to the order: %w", team, err)
		}
		return s.logged(ctx, tx, actor, id, now, team, EventAdded, strconv.Itoa(last+1))
	})
}

func (s *Service) logged(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, now time.Time, team string, what What, text string) error {
	if err := insertEvent(ctx, tx, id, Event{ID: s.ids.ID(), Team: team, What: what, At: now, By: actor.ID, Note: text}); err != nil {
		return err
	}
	return s.note(ctx, tx, actor, id, now, "stage."+string(what), "", team+" "+text)
}

// Log is the timer's log, oldest first, for the minutes.
func (s *Service) Log(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Event, error) {
	return listEvents(ctx, q, id)
}

// Summary is the stage in figures, for a dashboard.
type Summary struct {
	Promised, Drawn     bool
	Total, Done, Absent int
	OnStage, Next       string        // names; "" for nobody
	Over                time.Duration // of the team on the stage
	LongestOver         time.Duration // of those who have been on
	Ends                time.Time     // by the forecast
}

// Summary reads the figures at the edition's moment now.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (Summary, error) {
	d, err := s.DrawOf(ctx, q, e.ID)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return Summary{}, err
	}
	l, err := s.Lineup(ctx, q, e.ID)
	if err != nil {
		return Summary{}, err
	}
	sum := Summary{Promised: d.Commitment != "", Drawn: !d.Drawn.IsZero(), Total: len(l.Pitches), Done: l.Count(Done),
		Absent: l.Count(Absent), Ends: l.Ends(now, e.At[edition.Pitches])}
	if p, on := l.Current(); on {
		sum.OnStage, sum.Over = p.Team.Name, p.Over(now)
	}
	if p, waits := l.Next(); waits {
		sum.Next = p.Team.Name
	}
	for _, p := range l.Pitches {
		if p.State == Done {
			sum.LongestOver = max(sum.LongestOver, p.Over(now))
		}
	}
	return sum, nil
}
