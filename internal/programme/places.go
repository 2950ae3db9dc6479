package programme

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// SignUp takes a place in the session for the actor: a seat, or a turn in the line of a
// full one. Whoever has a place keeps it. Another session at the same time is no reason
// to refuse; Mine shows it.
func (s *Service) SignUp(ctx context.Context, actor account.Actor, id ID, action once.Action) (PlaceState, error) {
	var state PlaceState
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		session, e, err := s.enter(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		now := e.Now(tx.Now())
		fresh, err := once.First(ctx, tx, action)
		if err != nil {
			return err
		}
		switch {
		case !fresh:
			state, err = stateOf(ctx, tx, id, actor.ID)
			return err
		case session.Cancelled:
			return ErrCancelled
		case session.Over(now):
			return ErrOver
		}
		state = Seated
		if session.Full() {
			state = Waiting
		}
		first, err := insertPlace(ctx, tx, id, actor.ID, state, now)
		if err != nil {
			return fmt.Errorf("signing up for session %s: %w", id, err)
		}
		if !first {
			state, err = stateOf(ctx, tx, id, actor.ID)
			return err
		}
		return s.note(ctx, tx, actor, e, session, "programme.signed_up", string(state))
	})
	return state, err
}

// SignOff gives the actor's place back; the first who waits gets it and is written to.
func (s *Service) SignOff(ctx context.Context, actor account.Actor, id ID, action once.Action) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, e, err := s.enter(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		fresh, err := once.First(ctx, tx, action)
		if err != nil || !fresh {
			return err
		}
		had, err := deletePlace(ctx, tx, id, actor.ID)
		if err != nil || !had {
			return err
		}
		session, err := getSession(ctx, tx, id) // with the place that is free now
		if err != nil {
			return err
		}
		if err := s.moveUp(ctx, tx, e, session); err != nil {
			return err
		}
		return s.note(ctx, tx, actor, e, session, "programme.signed_off", "")
	})
}

// enter locks and reads the session for a member of the edition.
func (s *Service) enter(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id ID) (Session, edition.Edition, error) {
	if err := lockSession(ctx, tx, id); err != nil {
		return Session{}, edition.Edition{}, err
	}
	session, err := getSession(ctx, tx, id)
	if err != nil {
		return session, edition.Edition{}, err
	}
	e, _, err := s.editions.Open(ctx, tx, session.Edition)
	if err != nil {
		return session, e, err
	}
	return session, e, s.editions.Require(ctx, tx, actor, e.ID, edition.AllRoles...)
}

func stateOf(ctx context.Context, q sqldb.Querier, id ID, who account.ID) (PlaceState, error) {
	places, err := listPlaces(ctx, q, id)
	for _, p := range places {
		if p.Person.ID == who {
			return p.State, err
		}
	}
	return "", err
}

// moveUp seats those who wait, in their order, while seats are free.
func (s *Service) moveUp(ctx context.Context, tx *sqldb.Tx, e edition.Edition, session Session) error {
	if session.Cancelled || session.Over(e.Now(tx.Now())) {
		return nil
	}
	free, limited := session.Free()
	for n := 0; !limited || n < free; n++ {
		who, err := seatFirst(ctx, tx, session.ID)
		if err != nil {
			return fmt.Errorf("moving up in session %s: %w", session.ID, err)
		}
		if who == "" {
			return nil
		}
		if err := s.writeTo(ctx, tx, e, session, who, "seated"); err != nil {
			return err
		}
	}
	return nil
}

// Attend notes that the person was there, or takes the note back. The session's
// speakers, the crew and organisers may; who comes without having signed up is seated.
func (s *Service) Attend(ctx context.Context, actor account.Actor, id ID, who account.ID, there bool, action once.Action) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		session, e, err := s.enter(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := s.mayCount(ctx, tx, actor, session); err != nil {
			return err
		}
		fresh, err := once.First(ctx, tx, action)
		if err != nil || !fresh {
			return err
		}
		roles, err := s.editions.Roles(ctx, tx, e.ID, who)
		if err != nil {
			return err
		}
		if len(roles) == 0 {
			return sqldb.ErrNotFound
		}
		return s.attendTx(ctx, tx, actor, e, session, who, there, action)
	})
}

func (s *Service) attendTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, session Session, who account.ID, there bool, action once.Action) error {
	at := action.Moment(e.Now(tx.Now()))
	seen, after := at, "there"
	if there {
		if _, err := insertPlace(ctx, tx, session.ID, who, Seated, at); err != nil {
			return fmt.Errorf("seating %s: %w", who, err)
		}
		if err := takeSeat(ctx, tx, session.ID, who); err != nil {
			return fmt.Errorf("seating %s: %w", who, err)
		}
	} else {
		seen, after = time.Time{}, "not there"
	}
	if err := setAttended(ctx, tx, session.ID, who, seen); err != nil {
		return fmt.Errorf("noting who was there: %w", err)
	}
	s.hub.Touch(tx, Topic(e.ID))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: "programme.attended",
		Subject: "session:" + string(session.ID), After: string(who) + " " + after, EditionAt: at})
}

// mayCount lets the session's own speakers, the crew and organisers see who comes.
func (s *Service) mayCount(ctx context.Context, q sqldb.Querier, actor account.Actor, session Session) error {
	if session.LedBy(actor.ID) && actor.ID != "" {
		return nil
	}
	return s.editions.Require(ctx, q, actor, session.Edition, edition.Crew)
}

func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, session Session, verb, after string) error {
	s.hub.Touch(tx, Topic(e.ID))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e.ID), Actor: string(actor.ID), Action: verb,
		Subject: "session:" + string(session.ID), After: after, EditionAt: e.Now(tx.Now())})
}

// writeToAll orders a letter to each who signed up and to each speaker.
func (s *Service) writeToAll(ctx context.Context, tx *sqldb.Tx, e edition.Edition, session Session, letter string, args ...any) error {
	places, err := listPlaces(ctx, tx, session.ID)
	if err != nil {
		return err
	}
	told := map[account.ID]bool{}
	tell := func(who account.ID) error {
		if told[who] {
			return nil
		}
		told[who] = true
		return s.writeTo(ctx, tx, e, session, who, letter, args...)
	}
	for _, p := range places {
		if err := tell(p.Person.ID); err != nil {
			return err
		}
	}
	for _, p := range session.Speakers {
		if err := tell(p.ID); err != nil {
			return err
		}
	}
	return nil
}

// where is the old room and hour, written in the reader's own way.
type where Session

// writeTo orders a letter about the session: "moved", "cancelled", "restored" or
// "seated". It is not written to whom it cannot reach.
func (s *Service) writeTo(ctx context.Context, tx *sqldb.Tx, e edition.Edition, session Session, who account.ID, letter string, args ...any) error {
	to, err := s.accounts.Get(ctx, tx, who)
	if errors.Is(err, sqldb.ErrNotFound) || (err == nil && to.Email == "") {
		return nil
	}
	if err != nil {
		return err
	}
	l := s.words.Locale(to.Lang).In(e.Zone).With(e.Words)
	all := []any{"title", session.Title, "edition", e.Name, "name", to.Name, "place", place(l, session),
		"url", s.base + e.URL() + "/programme/" + string(session.ID)}
	for _, arg := range args {
		if was, ok := arg.(where); ok {
			arg = place(l, Session(was))
		}
		all = append(all, arg)
	}
	return s.post.SendTx(ctx, tx, string(e.ID), mail.Message{To: to.Email, ToName: to.Name,
		Subject: l.T("programme.letter."+letter, all...), Text: l.T("programme.letter_text."+letter, all...)})
}

// place writes when and where a session is.
func place(l i18n.Locale, s Session) string {
	if s.Room == "" {
		return span(l, s)
	}
	return span(l, s) + ", " + s.Room
}

// span writes the hours, with the offset in the hour that comes twice.
func span(l i18n.Locale, s Session) string {
	if l.DateTime(s.Start) == l.Day(s.Start)+", "+l.Clock(s.Start) && l.DateTime(s.End) == l.Day(s.End)+", "+l.Clock(s.End) {
		return l.Span(s.Start, s.End)
	}
	return l.DateTime(s.Start) + " – " + l.DateTime(s.End)
}
