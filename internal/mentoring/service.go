package mentoring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Teams is what this room asks of the teams.
type Teams interface {
	// OfAccount returns the team of which the person is a member, or errs.NotFound.
	OfAccount(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (TeamRef, error)
	// Name returns the team of the id.
	Name(ctx context.Context, q sqldb.Querier, id string) (TeamRef, error)
	// All lists the edition's teams.
	All(ctx context.Context, q sqldb.Querier, e edition.ID) ([]TeamRef, error)
}

// Service is what can be done with the help queue.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	teams    Teams
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, teams Teams, hub *live.Hub, queue *jobs.Queue, t *trail.Trail) *Service {
	return &Service{db: db, ids: source, editions: editions, teams: teams, hub: hub, queue: queue, trail: t}
}

// Topic is what every page about the edition's help queue listens to.
func Topic(id edition.ID) string { return "help:" + string(id) }

// Claim gives the request to the mentor. It returns ErrTaken when another mentor was
// faster, and says who. A claim that was made without network counts from the moment it
// was made; the first that arrives wins all the same, because its mentor is known to be
// on the way.
func (s *Service) Claim(ctx context.Context, actor account.Actor, id ID, action once.Action) (Request, error) {
	var claimed Request
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		before, now, err := s.find(ctx, tx, actor, id, edition.Mentor)
		if err != nil {
			return err
		}
		fresh, err := once.First(ctx, tx, action)
		if err != nil {
			return err
		}
		if !fresh || before.heldBy(actor.ID) {
			claimed = before
			return nil
		}
		claimed, err = s.claimTx(ctx, tx, actor, before, action.Moment(now))
		return err
	})
	return claimed, err
}

// heldBy says whether the request is, or was to its end, the person's own.
func (r Request) heldBy(who account.ID) bool {
	return r.Mentor.ID == who && (r.State == Claimed || r.State == Resolved)
}

func (s *Service) claimTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, before Request, at time.Time) (Request, error) {
	at = latest(at, before.OpenSince)
	won, err := claim(ctx, tx, before.ID, actor.ID, at)
	if err != nil {
		return before, fmt.Errorf("claiming request %s: %w", before.ID, err)
	}
	after, err := s.read(ctx, tx, before.ID)
	if err != nil {
		return before, err
	}
	if !won {
		return after, lost(after)
	}
	err = insertContact(ctx, tx, after.Edition, Contact{ID: s.ids.ID(), Request: after.ID, Mentor: after.Mentor,
		Team: after.Team, From: at, Ending: Helping})
	if err != nil {
		return after, fmt.Errorf("noting who helps with request %s: %w", after.ID, err)
	}
	return after, s.tell(ctx, tx, actor, "mentoring.claimed", before, after, at)
}

// lost says why a claim came too late.
func lost(r Request) error {
	if r.State == Withdrawn {
		return ErrClosed
	}
	return errs.New(errs.Conflict, ErrTaken.Key, "mentor", r.Mentor.Name)
}

// Release puts the request back into the queue, where it keeps its place. Only the
// mentor who holds it, or an organiser, may.
func (s *Service) Release(ctx context.Context, actor account.Actor, id ID, action once.Action) (Request, error) {
	return s.giveBack(ctx, actor, id, action, "mentoring.released", Contact{Ending: Released}, func(_ *sqldb.Tx, r Request) (Request, error) {
		return r, nil
	})
}

// HandOver asks another expertise: the request goes back into the queue with the theme
// and the note, and keeps its first time.
func (s *Service) HandOver(ctx context.Context, actor account.Actor, id ID, to Handover, action once.Action) (Request, error) {
	to, err := to.check()
	if err != nil {
		return Request{}, err
	}
	turn := Contact{Ending: HandedOver, Line: to.Note, Minutes: to.Minutes}
	return s.giveBack(ctx, actor, id, action, "mentoring.handed_over", turn, func(tx *sqldb.Tx, r Request) (_ Request, err error) {
		r.Note = to.Note
		r.Theme, err = s.theme(ctx, tx, r.Edition, to.Theme)
		return r, err
	})
}

// giveBack ends the holder's turn and puts what change makes of the request back into
// the queue.
func (s *Service) giveBack(ctx context.Context, actor account.Actor, id ID, action once.Action, verb string, turn Contact,
	change func(*sqldb.Tx, Request) (Request, error)) (Request, error) {
	return s.endTurn(ctx, actor, id, action, verb, func(tx *sqldb.Tx, held Request, at time.Time) error {
		changed, err := change(tx, held)
		if err != nil {
			return err
		}
		back, err := reopen(ctx, tx, changed, held.Mentor.ID, at)
		if err != nil || !back {
			return moved(err)
		}
		return s.closeTurn(ctx, tx, held, turn, at)
	})
}

// Resolve ends the request with one line and the minutes it took. A mentor may resolve
// a request that still waits: their claim is under way from a phone without network, or
// they never pressed it; it then counts as claimed so many minutes before.
func (s *Service) Resolve(ctx context.Context, actor account.Actor, id ID, outcome Outcome, action once.Action) (Request, error) {
	outcome, err := outcome.check()
	if err != nil {
		return Request{}, err
	}
	turn := Contact{Ending: Solved, Line: outcome.Line, Minutes: outcome.Minutes}
	return s.endTurn(ctx, actor, id, action, "mentoring.resolved", func(tx *sqldb.Tx, held Request, at time.Time) error {
		if held.State == Open {
			began := at.Add(-time.Duration(outcome.Minutes) * time.Minute)
			var err error
			if held, err = s.claimTx(ctx, tx, actor, held, began); err != nil {
				return err
			}
		}
		ended, err := resolve(ctx, tx, held.ID, held.Mentor.ID, at, outcome.Line)
		if err != nil || !ended {
			return moved(err)
		}
		return s.closeTurn(ctx, tx, held, turn, at)
	})
}

// endTurn is the frame of what a mentor does at the end of a turn: only the holder or an
// organiser may, once, at the moment of the action.
func (s *Service) endTurn(ctx context.Context, actor account.Actor, id ID, action once.Action, verb string,
	end func(tx *sqldb.Tx, held Request, at time.Time) error) (Request, error) {
	var after Request
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		before, now, err := s.find(ctx, tx, actor, id, edition.Mentor)
		if err != nil {
			return err
		}
		fresh, err := once.First(ctx, tx, action)
		if err != nil {
			return err
		}
		if !fresh {
			after = before
			return nil
		}
		if err := s.mayEnd(ctx, tx, actor, before); err != nil {
			return err
		}
		at := latest(action.Moment(now), before.OpenSince, before.Claimed)
		if err := end(tx, before, at); err != nil {
			return err
		}
		if after, err = s.read(ctx, tx, id); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, verb, before, after, at)
	})
	return after, err
}

func (s *Service) mayEnd(ctx context.Context, tx *sqldb.Tx, actor account.Actor, r Request) error {
	if !r.State.Live() {
		return ErrClosed
	}
	if r.State == Open || r.Mentor.ID == actor.ID {
		return nil
	}
	if s.editions.Require(ctx, tx, actor, r.Edition) != nil {
		return ErrNotYours
	}
	return nil
}

// moved explains a change of state that found another state than the one it leaves.
func moved(err error) error {
	if err == nil {
		return ErrClosed
	}
	return fmt.Errorf("ending a mentor's turn: %w", err)
}

// closeTurn writes the end of the holder's turn; without minutes it counts those that
// have passed.
func (s *Service) closeTurn(ctx context.Context, tx *sqldb.Tx, held Request, turn Contact, at time.Time) error {
	turn.To = at
	if turn.Minutes == 0 && turn.Ending.Counts() {
		turn.Minutes = int(at.Sub(held.Claimed).Round(time.Minute) / time.Minute)
	}
	if err := endContact(ctx, tx, held.ID, turn); err != nil {
		return fmt.Errorf("noting the end of a turn: %w", err)
	}
	return nil
}

// find reads the request and its edition's time, and refuses an actor without the role.
func (s *Service) find(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id ID, role edition.Role) (Request, time.Time, error) {
	r, err := s.read(ctx, tx, id)
	if err != nil {
		return r, time.Time{}, err
	}
	_, now, err := s.editions.Open(ctx, tx, r.Edition)
	if err != nil {
		return r, now, err
	}
	return r, now, s.editions.Require(ctx, tx, actor, r.Edition, role)
}

// read returns the request with its team's name.
func (s *Service) read(ctx context.Context, q sqldb.Querier, id ID) (Request, error) {
	r, err := getRequest(ctx, q, id)
	if err != nil {
		return r, err
	}
	if r.Team, err = s.teams.Name(ctx, q, r.Team.ID); err != nil {
		return r, fmt.Errorf("the team of request %s: %w", id, err)
	}
	return r, nil
}

// theme returns the edition's theme of the id; "" is the theme of who does not know.
func (s *Service) theme(ctx context.Context, q sqldb.Querier, e edition.ID, id ThemeID) (Theme, error) {
	if id == "" {
		return Theme{}, nil
	}
	theme, err := getTheme(ctx, q, e, id)
	if errors.Is(err, sqldb.ErrNotFound) {
		return theme, errs.Fields{{Name: "theme", Key: "mentoring.theme_unknown"}}
	}
	return theme, err
}

// tell says what became of the request: to the pages that show it, to the trail, and to
// the reminder of those that wait.
func (s *Service) tell(ctx context.Context, tx *sqldb.Tx, actor account.Actor, verb string, before, after Request, at time.Time) error {
	if err := s.keepReminder(ctx, tx, after); err != nil {
		return err
	}
	s.hub.Touch(tx, Topic(after.Edition))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(after.Edition), Actor: string(actor.ID), Action: verb,
		Subject: "help:" + string(after.ID), Before: before.inWords(), After: after.inWords(), EditionAt: at})
}

// inWords is the request in the words of the trail.
func (r Request) inWords() string {
	words := string(r.State)
	if r.Theme.Name != "" {
		words += ", " + r.Theme.Name
	}
	if r.State == Claimed || r.State == Resolved {
		words += ", " + r.Mentor.Name
	}
	return words
}

func latest(times ...time.Time) time.Time {
	last := times[0]
	for _, t := range times[1:] {
		if t.After(last) {
			last = t
		}
	}
	return last
}
