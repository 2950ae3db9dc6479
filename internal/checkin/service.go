package checkin

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/registration"
)

// Service is what can be done at the door.
type Service struct {
	db            *sqldb.DB
	ids           *ids.Source
	editions      *edition.Service
	accounts      *account.Service
	registrations *registration.Service
	hub           *live.Hub
	trail         *trail.Trail
	// base is the installation's own address, without a slash at its end.
	base string
}

// NewService returns the service; base is the installation's own address, which badges
// carry.
func NewService(db *sqldb.DB, source *ids.Source, accounts *account.Service, editions *edition.Service,
	registrations *registration.Service, hub *live.Hub, t *trail.Trail, base string,
) *Service {
	return &Service{db: db, ids: source, accounts: accounts, editions: editions, registrations: registrations,
		hub: hub, trail: t, base: strings.TrimSuffix(base, "/")}
}

// Topic is what the pages of an edition's door listen to.
func Topic(e edition.ID) string { return "checkin:" + string(e) }

// Seen is what a door saw: a code, or a person whom somebody recognised.
type Seen struct {
	// Code is what was scanned or typed; Account is set instead where the person was
	// found by name.
	Code    string
	Account account.ID
	Way     Way
	Station string
}

// Outcome is what a pass came to.
type Outcome struct {
	Result Result
	Person Someone
	// At is when it happened; for Again, since when they are inside.
	At   time.Time
	Pass string
	// Alarm says that the building holds as many as it may.
	Alarm bool
}

// Check lets somebody in or out: crew's work. The same action twice counts once and is
// answered as the first time. Who has no seat gets one if one is free after those who
// wait; otherwise Check returns ErrNoSeat, with their place in the waiting order, having
// noted that they stand at the door. Who has a right to come in is let in even when the
// building is full, with an alarm: a door that refuses them would be wrong too late.
func (s *Service) Check(ctx context.Context, actor account.Actor, id edition.ID, seen Seen, a once.Action) (Outcome, error) {
	return s.atDoor(ctx, actor, id, a, func(tx *sqldb.Tx, e edition.Edition, now time.Time) (out Outcome, refused, err error) {
		who, how, err := s.recognise(ctx, tx, e, seen)
		if err != nil {
			return out, nil, err
		}
		if seen.Way != Out {
			seen.Way = In
			if refused, err = s.admit(ctx, tx, actor, e, who, now); err != nil || refused != nil {
				return out, refused, err
			}
		}
		p := Pass{Account: who, Way: seen.Way, How: how, Station: seen.Station, By: actor.ID, At: a.Moment(now), Received: now}
		out, err = s.pass(ctx, tx, e, p, a.ID)
		return out, nil, err
	})
}

// atDoor does what crew does at the door of an open edition, once: the same action twice is
// answered as the first time. What act notes stays noted when it refuses somebody, and is
// undone when it fails.
func (s *Service) atDoor(ctx context.Context, actor account.Actor, id edition.ID, a once.Action, act func(*sqldb.Tx, edition.Edition, time.Time) (out Outcome, refused, err error)) (Outcome, error) {
	var out Outcome
	var refused error
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Crew); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		before, err := s.repeated(ctx, tx, e, a)
		if err != nil {
			return err
		}
		if before != nil {
			out, refused = *before, nil
			return nil
		}
		out, refused, err = act(tx, e, now)
		return err
	})
	if err == nil {
		err = refused
	}
	return out, err
}

// repeated returns what the action came to when it was sent before; nil for a new one.
// An action that was refused before is looked at anew: there may be a seat by now.
func (s *Service) repeated(ctx context.Context, tx *sqldb.Tx, e edition.Edition, a once.Action) (*Outcome, error) {
	first, err := once.First(ctx, tx, a)
	if err != nil || first {
		return nil, err
	}
	p, err := passOfAction(ctx, tx, e.ID, a.ID)
	if errors.Is(err, sqldb.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	who, err := s.someone(ctx, tx, e.ID, p.Account)
	return &Outcome{Result: p.Result, Person: who, At: p.At, Pass: p.ID}, err
}

// recognise says whom the door saw.
func (s *Service) recognise(ctx context.Context, tx *sqldb.Tx, e edition.Edition, seen Seen) (account.ID, How, error) {
	if seen.Account != "" {
		who, err := s.someone(ctx, tx, e.ID, seen.Account)
		if errors.Is(err, sqldb.ErrNotFound) || (err == nil && who.stranger()) {
			err = ErrUnknown
		}
		return seen.Account, ByName, err
	}
	code, ok := ParseCode(seen.Code)
	if !ok {
		return "", ByBadge, ErrUnknown
	}
	who, err := accountByCode(ctx, tx, e.ID, code)
	if errors.Is(err, sqldb.ErrNotFound) {
		err = ErrUnknown
	}
	return who, ByBadge, err
}

// admit says whether somebody may come in; refused is for the door to show and leaves
// what was noted.
func (s *Service) admit(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, who account.ID, now time.Time) (refused, err error) {
	roles, err := s.editions.Roles(ctx, tx, e.ID, who)
	if err != nil {
		return nil, err
	}
	if len(roles) > 0 {
		return nil, nil
	}
	r, err := s.registrations.SeatTx(ctx, tx, actor, e, who, now)
	switch {
	case errors.Is(err, sqldb.ErrNotFound):
		return ErrUnknown, nil
	case errors.Is(err, registration.ErrRefused):
		return err, nil
	case errors.Is(err, registration.ErrNoSeat):
		return s.noSeat(ctx, tx, e, r, now)
	}
	return nil, err
}

// noSeat says why somebody cannot come in, with their place where they wait.
func (s *Service) noSeat(ctx context.Context, tx *sqldb.Tx, e edition.Edition, r registration.Registration, now time.Time) (refused, err error) {
	place, err := s.registrations.AtDoorTx(ctx, tx, r, now)
	if err != nil {
		return nil, err
	}
	s.hub.Touch(tx, Topic(e.ID))
	if place == 0 {
		return errs.New(errs.Conflict, ErrNoSeat.Key, "name", r.Name, "seats", e.Seats), nil
	}
	return errs.New(errs.Conflict, "checkin.no_seat_waiting", "name", r.Name, "seats", e.Seats, "place", place), nil
}

// pass writes that somebody went in or out, and where they are now.
func (s *Service) pass(ctx context.Context, tx *sqldb.Tx, e edition.Edition, p Pass, action string) (Outcome, error) {
	if err := lockPresence(ctx, tx, e.ID, p.Account); err != nil {
		return Outcome{}, fmt.Errorf("letting %s pass: %w", p.Account, err)
	}
	before, err := passesOf(ctx, tx, e.ID, p.Account)
	if err != nil {
		return Outcome{}, err
	}
	was := Replay(before)
	p.ID = s.ids.ID()
	if p.Result = Undone; p.Way != Undo {
		p.Result = was.result(p.Way)
	}
	if err := insertPass(ctx, tx, e.ID, p, action); err != nil {
		return Outcome{}, fmt.Errorf("writing a pass of %s: %w", p.Account, err)
	}
	if err := putPresence(ctx, tx, e.ID, p.Account, Replay(append(before, p))); err != nil {
		return Outcome{}, fmt.Errorf("writing where %s is: %w", p.Account, err)
	}
	who, err := s.someone(ctx, tx, e.ID, p.Account)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Result: p.Result, Person: who, At: p.At, Pass: p.ID}
	if p.Result == Again {
		out.At = was.Since
	}
	if out.Alarm, err = s.alarm(ctx, tx, e.ID); err != nil {
		return out, err
	}
	s.hub.Touch(tx, Topic(e.ID))
	return out, s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(p.By), Action: "checkin." + string(p.Way),
		Subject: "account:" + string(p.Account), After: string(p.Result), EditionAt: p.At})
}

func (s *Service) alarm(ctx context.Context, q sqldb.Querier, id edition.ID) (bool, error) {
	most, err := buildingMax(ctx, q, id)
	if err != nil || most == 0 {
		return false, err
	}
	inside, err := countInside(ctx, q, id)
	return Summary{Inside: inside, Max: most}.Alarm(), err
}

// Undo takes a pass back, as when the wrong person was let in. Taking it back twice is a
// Conflict.
func (s *Service) Undo(ctx context.Context, actor account.Actor, id edition.ID, pass string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Crew); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := getPass(ctx, tx, id, pass)
		if err != nil {
			return err
		}
		_, err = s.pass(ctx, tx, e, Pass{Account: p.Account, Way: Undo, How: p.How, By: actor.ID, Undoes: p.ID, At: now, Received: now},
			"undo/"+p.ID)
		if sqldb.IsUnique(err) {
			return errs.New(errs.Conflict, "checkin.undone_already")
		}
		return err
	})
}

// Stranger is somebody who comes to the door without having registered.
type Stranger struct {
	Name, Email string
	Profile     registration.Profile
	Station     string
}

// WalkIn registers somebody at the door and lets them in, if a seat is free after those
// who wait and the building may hold one more; the reason is said otherwise. An address
// that is known is that person.
func (s *Service) WalkIn(ctx context.Context, actor account.Actor, id edition.ID, in Stranger, a once.Action) (Outcome, error) {
	return s.atDoor(ctx, actor, id, a, func(tx *sqldb.Tx, e edition.Edition, now time.Time) (out Outcome, refused, err error) {
		if alarm, err := s.alarm(ctx, tx, id); err != nil {
			return out, nil, err
		} else if alarm {
			return out, ErrFull, nil
		}
		r, err := s.registrations.WalkInTx(ctx, tx, actor, e, registration.Asked{Email: in.Email, Lang: e.Lang,
			Answers: registration.Answers{Name: in.Name, Profile: in.Profile}}, now)
		switch {
		case errors.Is(err, registration.ErrRefused):
			return out, err, nil
		case errors.Is(err, registration.ErrNoSeat):
			r.Name = in.Name
			refused, err = s.noSeat(ctx, tx, e, r, now)
			return out, refused, err
		case err != nil:
			return out, nil, err
		}
		p := Pass{Account: r.Account, Way: In, How: WalkIn, Station: in.Station, By: actor.ID, At: a.Moment(now), Received: now}
		out, err = s.pass(ctx, tx, e, p, a.ID)
		return out, nil, err
	})
}

// Settle says that somebody has looked at a person's double passes.
func (s *Service) Settle(ctx context.Context, actor account.Actor, id edition.ID, who account.ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Crew); err != nil {
			return err
		}
		n, err := settleDoubles(ctx, tx, id, who)
		if err != nil || n == 0 {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "checkin.settled",
			Subject: "account:" + string(who)})
	})
}

// Release gives the seats of those who have not come to those who wait, at the door
// first: an organiser's decision, once the doors are open. It returns how many seats
// became free and how many of them were given on at once.
func (s *Service) Release(ctx context.Context, actor account.Actor, id edition.ID) (freed, given int, err error) {
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if at, set := e.At[edition.Doors]; !e.Has(edition.Doors, now) {
			if !set {
				at = e.At[edition.Starts]
			}
			return errs.New(errs.Conflict, "checkin.doors_closed", "at", at.In(e.Zone).Format("15:04"))
		}
		presences, err := listPresences(ctx, tx, id)
		if err != nil {
			return err
		}
		came := map[account.ID]bool{}
		for _, p := range presences {
			came[p.account] = !p.First.IsZero()
		}
		s.hub.Touch(tx, Topic(id))
		freed, given, err = s.registrations.ReleaseTx(ctx, tx, actor, e, came, now)
		return err
	})
	return freed, given, err
}

// SetMax sets how many people the building may hold, for the alarm: an organiser's
// matter. 0 sets none.
func (s *Service) SetMax(ctx context.Context, actor account.Actor, id edition.ID, most int) error {
	if most < 0 || most > 100_000 {
		return errs.Fields{{Name: "max", Key: "edition.seats_range"}}
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id); err != nil {
			return err
		}
		if err := putBuildingMax(ctx, tx, id, most); err != nil {
			return fmt.Errorf("setting what the building may hold: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "checkin.max",
			Subject: "edition:" + string(id), After: fmt.Sprint(most)})
	})
}

// EraseTx takes the badges of a person who is forgotten away; that somebody was there
// stays, under the alias.
func (s *Service) EraseTx(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	if err := deleteBadges(ctx, tx, who); err != nil {
		return fmt.Errorf("erasing badges: %w", err)
	}
	return nil
}
