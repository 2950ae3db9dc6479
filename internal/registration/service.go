package registration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with registrations.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	accounts *account.Service
	editions *edition.Service
	hub      *live.Hub
	queue    *jobs.Queue
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	// base is the installation's own address, without a slash at its end.
	base string
}

// NewService returns the service; base is the installation's own address.
func NewService(db *sqldb.DB, source *ids.Source, accounts *account.Service, editions *edition.Service, hub *live.Hub,
	queue *jobs.Queue, p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string,
) *Service {
	s := &Service{db: db, ids: source, accounts: accounts, editions: editions, hub: hub, queue: queue, post: p,
		trail: t, words: words, base: strings.TrimSuffix(base, "/")}
	editions.Whenever(s.orderForgetting)
	return s
}

// Topic is what the pages about an edition's registrations listen to.
func Topic(e edition.ID) string { return "registration:" + string(e) }

// Asked is a registration as somebody sends it.
type Asked struct {
	Email string
	Answers
	// Rules says that the person accepts the rules, without which there is no seat.
	Rules bool
	// Lang is the language of the letters.
	Lang i18n.Lang
}

// Register takes what somebody says of themselves. A person who is signed in with the
// address has their seat, or their place in the waiting order, at once, and Register
// returns it. Anybody else gets a letter, and Register returns nil: whether the address
// was known is told in the letter alone. A second registration with an address is a
// change of the first that its owner confirms.
func (s *Service) Register(ctx context.Context, actor account.Actor, id edition.ID, in Asked) (*Registration, error) {
	var settled *Registration
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if !IsOpen(e, now) {
			return ErrClosed
		}
		book, err := getBook(ctx, tx, id)
		if err != nil {
			return err
		}
		in.Answers = in.tidy(book.skills)
		if err := in.check(); err != nil {
			return err
		}
		if err := takeTurn(ctx, tx, id); err != nil {
			return err
		}
		who, err := s.accounts.EnsureTx(ctx, tx, in.Email, in.Name, in.Lang)
		if err != nil {
			return err
		}
		r, err := s.ensure(ctx, tx, e, who, in.Answers, Form, now)
		if err != nil {
			return err
		}
		if actor.ID == who.ID {
			r.RulesAt = now
			settled, err = s.settle(ctx, tx, actor, e, r, &in.Answers, now)
			return err
		}
		return s.askToConfirm(ctx, tx, e, r, in.Answers)
	})
	return settled, err
}

// check says what is wrong with a registration, field by field.
func (in Asked) check() error {
	var f errs.Fields
	if _, _, ok := account.ParseEmail(in.Email); !ok {
		f.Add("email", "account.email_wrong")
	}
	in.Answers.check(&f)
	if !in.Rules {
		f.Add("rules", "registration.rules_needed")
	}
	return f.Err()
}

// ensure returns the account's registration in the edition, and makes a pending one when
// there is none. The caller has taken its turn.
func (s *Service) ensure(ctx context.Context, tx *sqldb.Tx, e edition.Edition, who account.Account, a Answers, from Source, now time.Time) (Registration, error) {
	r, err := registrationOf(ctx, tx, e.ID, who.ID)
	if err == nil || !errors.Is(err, sqldb.ErrNotFound) {
		return r, err
	}
	r = Registration{ID: ID(s.ids.ID()), Edition: e.ID, Account: who.ID, Email: who.Email, State: Pending, Source: from,
		Answers: a, Created: now}
	if err := insertRegistration(ctx, tx, r); err != nil {
		return r, fmt.Errorf("making a registration: %w", err)
	}
	s.hub.Touch(tx, Topic(e.ID))
	if err := s.orderForgetting(ctx, tx, e); err != nil {
		return r, err
	}
	return r, s.note(ctx, tx, account.Actor{ID: who.ID}, r, "registration.asked", "", string(from), now)
}

// settle gives a registration whose address is known to be right its seat, or its place
// in the waiting order, with the new answers, if there are any. One that is settled
// already keeps what it has.
func (s *Service) settle(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, r Registration, a *Answers, now time.Time) (*Registration, error) {
	if r.State == Refused {
		return nil, ErrRefused
	}
	if a != nil {
		if err := updateAnswers(ctx, tx, r.ID, *a); err != nil {
			return nil, fmt.Errorf("changing a registration: %w", err)
		}
		r.Answers = *a
	}
	if r.State == Confirmed || r.State == Waiting {
		if a == nil {
			return &r, nil
		}
		s.hub.Touch(tx, Topic(e.ID))
		return &r, s.note(ctx, tx, actor, r, "registration.changed", "", r.Name, now)
	}
	if err := takeTurn(ctx, tx, e.ID); err != nil {
		return nil, err
	}
	free, err := s.free(ctx, tx, e)
	if err != nil {
		return nil, err
	}
	if free == 0 {
		if r, err = s.move(ctx, tx, actor, r, Waiting, now); err != nil {
			return nil, err
		}
		return &r, s.send(ctx, tx, e, r, letterWaiting, nil)
	}
	if r, err = s.move(ctx, tx, actor, r, Confirmed, now); err != nil {
		return nil, err
	}
	return &r, s.send(ctx, tx, e, r, letterSeat, nil)
}

// plenty stands for the free seats of an edition without a limit.
const plenty = 1 << 30

// free is how many seats nobody has; the caller has taken its turn.
func (s *Service) free(ctx context.Context, q sqldb.Querier, e edition.Edition) (int, error) {
	if e.Seats == 0 {
		return plenty, nil
	}
	taken, err := countState(ctx, q, e.ID, Confirmed)
	return max(e.Seats-taken, 0), err
}

// move changes the state of a registration, its role in the edition with it, and notes
// who did.
func (s *Service) move(ctx context.Context, tx *sqldb.Tx, actor account.Actor, r Registration, to State, now time.Time) (Registration, error) {
	from := r.State
	r.State = to
	switch to {
	case Confirmed:
		r.Confirmed = now
		if r.Queued.IsZero() {
			r.Queued = now
		}
	case Waiting:
		if r.Queued.IsZero() || from != Confirmed {
			r.Queued = now
		}
	case Pending, Declined, Absent, Refused, Erased:
		r.Queued = time.Time{}
	}
	if to != Waiting {
		r.AtDoor = time.Time{}
	}
	moved, err := updateState(ctx, tx, r, from)
	if err != nil {
		return r, fmt.Errorf("making a registration %s: %w", to, err)
	}
	if !moved {
		return r, ErrMoved
	}
	if to == Confirmed {
		_, err = s.editions.GrantTx(ctx, tx, actor, r.Edition, r.Account, edition.Participant)
	} else if from == Confirmed {
		err = s.editions.RevokeTx(ctx, tx, actor, r.Edition, r.Account, edition.Participant)
	}
	if err != nil {
		return r, err
	}
	s.hub.Touch(tx, Topic(r.Edition))
	return r, s.note(ctx, tx, actor, r, "registration.state", string(from), string(to), now)
}

// FillTx gives the free seats to those who wait, in their order, with a letter to each;
// who stands at the door comes first. It returns how many moved up.
func (s *Service) FillTx(ctx context.Context, tx *sqldb.Tx, e edition.Edition, now time.Time) (int, error) {
	if err := takeTurn(ctx, tx, e.ID); err != nil {
		return 0, err
	}
	free, err := s.free(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	for n := range free {
		next, err := nextWaiting(ctx, tx, e.ID)
		if errors.Is(err, sqldb.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if next, err = s.move(ctx, tx, account.Program, next, Confirmed, now); err != nil {
			return n, err
		}
		if err := s.send(ctx, tx, e, next, letterMovedUp, nil); err != nil {
			return n, err
		}
	}
	return free, nil
}

// Decline gives the actor's own place back; the first who waits gets it. Declining twice
// changes nothing.
func (s *Service) Decline(ctx context.Context, actor account.Actor, id edition.ID) (Registration, error) {
	var r Registration
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if r, err = registrationOf(ctx, tx, id, actor.ID); err != nil {
			return err
		}
		switch r.State {
		case Declined:
			return nil
		case Refused, Erased, Absent:
			return ErrMoved
		case Pending, Waiting, Confirmed:
		}
		if e.Has(edition.Ends, now) {
			return ErrClosed
		}
		if r, err = s.move(ctx, tx, actor, r, Declined, now); err != nil {
			return err
		}
		_, err = s.FillTx(ctx, tx, e, now)
		return err
	})
	return r, err
}

// Change replaces what the actor said of themselves. It is open until the end, unlike
// registering: people learn late that they eat no pork.
func (s *Service) Change(ctx context.Context, actor account.Actor, id edition.ID, a Answers) (Registration, error) {
	var r Registration
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if r, err = registrationOf(ctx, tx, id, actor.ID); err != nil {
			return err
		}
		if r.State != Confirmed && r.State != Waiting {
			return ErrMoved
		}
		book, err := getBook(ctx, tx, id)
		if err != nil {
			return err
		}
		a = a.tidy(book.skills)
		var f errs.Fields
		a.check(&f)
		if err := f.Err(); err != nil {
			return err
		}
		r.Answers = a
		if err := updateAnswers(ctx, tx, r.ID, a); err != nil {
			return fmt.Errorf("changing a registration: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, r, "registration.changed", "", a.Name, now)
	})
	return r, err
}

// note writes the trail of a registration; what people say of their meals and wishes is
// not in it.
func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, r Registration, action, before, after string, now time.Time) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(r.Edition), Actor: string(actor.ID), Action: action,
		Subject: "registration:" + string(r.ID), Before: before, After: after, EditionAt: now})
}
