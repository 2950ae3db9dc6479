package vote

import (
	"context"
	"fmt"
	"io"
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

// Person is somebody who may be asked.
type Person struct {
	Account     account.ID
	Came        bool
	Participant bool
}

// People is what this room asks of the door and of the registrations.
type People interface {
	// Wearer returns who wears the badge of the code, or errs.NotFound.
	Wearer(ctx context.Context, q sqldb.Querier, e edition.ID, code string) (Person, error)
	// Everybody lists who has a badge or a seat in the edition.
	Everybody(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Person, error)
}

// Projects is what this room asks of the teams and their hand-ins.
type Projects interface {
	// Choices lists what can be chosen now.
	Choices(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Choice, error)
	// Picture opens a choice's picture.
	Picture(ctx context.Context, key string) (content io.ReadSeekCloser, contentType string, err error)
}

// Neighbours are the rooms that this one asks.
type Neighbours struct {
	People   People
	Projects Projects
}

// Service is what can be done with the public's votes.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	near     Neighbours
	hub      *live.Hub
	queue    *jobs.Queue
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's own address, which codes
// carry.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, near Neighbours, hub *live.Hub,
	queue *jobs.Queue, mailer *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, accounts: accounts, near: near, hub: hub, queue: queue, post: mailer,
		trail: t, words: words, base: base}
}

// Topic is what the pages of an edition's votes listen to.
func Topic(e edition.ID) string { return "vote:" + string(e) }

// change is a use case of an organiser: it gives do the vote in a transaction, and
// writes what was done.
func (s *Service) change(ctx context.Context, actor account.Actor, e edition.ID, id ID, verb string,
	do func(tx *sqldb.Tx, p Poll, now time.Time) (after string, err error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		ed, now, err := s.editions.Open(ctx, tx, e)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, ed.ID, edition.Organiser); err != nil {
			return err
		}
		p, err := getPoll(ctx, tx, ed.ID, id)
		if err != nil {
			return err
		}
		after, err := do(tx, p, now)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(ed.ID))
		return s.write(ctx, tx, actor, p, verb, after, now)
	})
}

func (s *Service) write(ctx context.Context, tx *sqldb.Tx, actor account.Actor, p Poll, verb, after string, now time.Time) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(p.Edition), Actor: string(actor.ID), Action: verb,
		Subject: "vote:" + string(p.ID), After: after, EditionAt: now})
}

// Add plans a vote: an organiser's matter.
func (s *Service) Add(ctx context.Context, actor account.Actor, e edition.ID, plan Plan) (Poll, error) {
	plan, err := plan.check()
	if err != nil {
		return Poll{}, err
	}
	p := plan.poll(ID(s.ids.ID()), e, s.ids.Secret())
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, e)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e, edition.Organiser); err != nil {
			return err
		}
		all, err := listPolls(ctx, tx, e)
		if err != nil {
			return err
		}
		if len(all) >= mostPolls {
			return errs.New(errs.Conflict, "vote.polls_many", "most", mostPolls)
		}
		if err := insertPoll(ctx, tx, p); err != nil {
			return fmt.Errorf("planning a vote: %w", err)
		}
		s.hub.Touch(tx, Topic(e))
		if err := s.orderTurns(ctx, tx, p); err != nil {
			return err
		}
		return s.write(ctx, tx, actor, p, "vote.planned", string(p.Question), now)
	})
	return p, err
}

func (plan Plan) poll(id ID, e edition.ID, secret string) Poll {
	return Poll{ID: id, Edition: e, Question: plan.Question, Words: plan.Words, Most: plan.Most, Audience: plan.Audience,
		SpareOwn: plan.SpareOwn, AsksWhy: plan.AsksWhy, Areas: plan.Areas, Opens: plan.Opens, Closes: plan.Closes, State: Planned, secret: secret}
}

// Change alters a vote that has not opened; afterwards it is ErrStarted.
func (s *Service) Change(ctx context.Context, actor account.Actor, e edition.ID, id ID, plan Plan) error {
	plan, err := plan.check()
	if err != nil {
		return err
	}
	return s.change(ctx, actor, e, id, "vote.changed", func(tx *sqldb.Tx, p Poll, _ time.Time) (string, error) {
		changed, err := updatePlan(ctx, tx, id, plan)
		if err != nil {
			return "", err
		}
		if !changed {
			return "", ErrStarted
		}
		return string(plan.Question), s.orderTurns(ctx, tx, plan.poll(id, p.Edition, p.secret))
	})
}

// Drop takes back a vote that has not opened and for which no code was made.
func (s *Service) Drop(ctx context.Context, actor account.Actor, e edition.ID, id ID) error {
	return s.change(ctx, actor, e, id, "vote.dropped", func(tx *sqldb.Tx, p Poll, _ time.Time) (string, error) {
		batches, err := listBatches(ctx, tx, id)
		if err != nil {
			return "", err
		}
		if len(batches) > 0 {
			return "", ErrStarted
		}
		gone, err := deletePoll(ctx, tx, id)
		if err == nil && !gone {
			err = ErrStarted
		}
		if err == nil {
			err = s.dropTurns(ctx, tx, p)
		}
		return string(p.Question), err
	})
}

// Open opens a vote now.
func (s *Service) Open(ctx context.Context, actor account.Actor, e edition.ID, id ID) error {
	return s.change(ctx, actor, e, id, "vote.opened", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		if !p.Closes.IsZero() && !p.Closes.After(now) {
			return "", errs.New(errs.Conflict, "vote.closes_past")
		}
		return "", s.openTx(ctx, tx, p, now)
	})
}

// openTx fixes what can be chosen and who has a code by badge, and opens.
func (s *Service) openTx(ctx context.Context, tx *sqldb.Tx, p Poll, now time.Time) error {
	choices, err := s.near.Projects.Choices(ctx, tx, p.Edition)
	if err != nil {
		return fmt.Errorf("reading what can be chosen: %w", err)
	}
	if len(choices) == 0 {
		return ErrNoProject
	}
	opened, err := openPoll(ctx, tx, p.ID, now)
	if err != nil {
		return fmt.Errorf("opening vote %s: %w", p.ID, err)
	}
	if !opened {
		return ErrState
	}
	for i, c := range choices {
		if err := insertChoice(ctx, tx, p.ID, i, c); err != nil {
			return fmt.Errorf("offering %s: %w", c.Team, err)
		}
	}
	p.State, p.Opens = Open, now
	if err := s.orderTurns(ctx, tx, p); err != nil {
		return err
	}
	return s.giveBadges(ctx, tx, p, choices)
}

// giveBadges makes the codes of everybody who has come, before anybody votes and in the
// order of their marks: the order of the rows then tells nothing. Who comes later gets
// one when they ask.
func (s *Service) giveBadges(ctx context.Context, tx *sqldb.Tx, p Poll, choices []Choice) error {
	if !p.Allows(Badge) {
		return nil
	}
	people, err := s.near.People.Everybody(ctx, tx, p.Edition)
	if err != nil {
		return fmt.Errorf("reading who is here: %w", err)
	}
	for _, t := range p.badgeTokens(people, choices) {
		if _, err := insertToken(ctx, tx, t); err != nil {
			return fmt.Errorf("making a code: %w", err)
		}
	}
	return nil
}

// Close ends a vote now.
func (s *Service) Close(ctx context.Context, actor account.Actor, e edition.ID, id ID) error {
	return s.change(ctx, actor, e, id, "vote.closed", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		return "", s.closeTx(ctx, tx, p, now)
	})
}

func (s *Service) closeTx(ctx context.Context, tx *sqldb.Tx, p Poll, now time.Time) error {
	closed, err := closePoll(ctx, tx, p.ID, now)
	if err != nil {
		return fmt.Errorf("closing vote %s: %w", p.ID, err)
	}
	if !closed {
		return ErrState
	}
	if err := s.dropTurns(ctx, tx, p); err != nil {
		return err
	}
	return seal(ctx, tx, p.ID)
}

// Extend moves the end of a vote that is open.
func (s *Service) Extend(ctx context.Context, actor account.Actor, e edition.ID, id ID, until time.Time) error {
	return s.change(ctx, actor, e, id, "vote.extended", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		if !until.After(now) {
			return "", errs.Fields{{Name: "until", Key: "vote.closes_past"}}
		}
		moved, err := movePollEnd(ctx, tx, id, until)
		if err == nil && !moved {
			err = ErrState
		}
		if err != nil {
			return "", err
		}
		p.Closes = until
		return until.UTC().Format(time.RFC3339), s.orderTurns(ctx, tx, p)
	})
}

// Check declares that an organiser has looked at the counts by source and at what seems
// odd. From then on organisers see the result, and the moment of a ballot is forgotten.
func (s *Service) Check(ctx context.Context, actor account.Actor, e edition.ID, id ID) error {
	return s.change(ctx, actor, e, id, "vote.checked", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		if p.State == Open && p.Over(now) { // its job has not run yet
			if err := s.closeTx(ctx, tx, p, p.Closes); err != nil {
				return "", err
			}
		}
		checked, err := checkPoll(ctx, tx, id, actor.ID, now)
		if err == nil && !checked {
			err = ErrState
		}
		if err != nil {
			return "", err
		}
		return "", blur(ctx, tx, id)
	})
}

// Publish says from when everybody sees the result; a zero time is now.
func (s *Service) Publish(ctx context.Context, actor account.Actor, e edition.ID, id ID, at time.Time) error {
	return s.change(ctx, actor, e, id, "vote.published", func(tx *sqldb.Tx, p Poll, now time.Time) (string, error) {
		if at.IsZero() || at.Before(now) {
			at = now
		}
		set, err := publishPoll(ctx, tx, id, at)
		if err == nil && !set {
			err = ErrState
		}
		if err != nil {
			return "", err
		}
		p.PublishAt = at
		return at.UTC().Format(time.RFC3339), s.orderPublishing(ctx, tx, p)
	})
}

// Forget leaves no trace of the person on the codes that were made for them.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return forgetHolder(ctx, tx, who)
}
