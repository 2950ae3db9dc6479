package payout

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/chain"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/seal"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with the shares of the prizes.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	awards   *award.Service
	box      *seal.Box
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
	chain    *chain.Chain
	words    *i18n.Catalogue
}

// NewService returns the service; bank details are sealed in the box.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, awards *award.Service, box *seal.Box, hub *live.Hub,
	queue *jobs.Queue, t *trail.Trail, words *i18n.Catalogue) *Service {
	return &Service{db: db, ids: source, editions: editions, awards: awards, box: box, hub: hub, queue: queue, trail: t, chain: chain.New(source), words: words}
}

// Topic is what the pages of the shares listen to.
func Topic(e edition.ID) string { return "payout:" + string(e) }

const longest = 1000

var (
	errStep    = errs.New(errs.Conflict, "payout.step_not_possible")
	errChanged = errs.New(errs.Conflict, "payout.changed_meanwhile")
	errNotYet  = errs.New(errs.NotFound, "error.not_found")
)

// Won lists what was won, first prize first, with everybody's share. It does not ask
// whether the results are public.
func (s *Service) Won(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Won, error) {
	laureates, err := s.awards.Laureates(ctx, q, e)
	if err != nil {
		return nil, err
	}
	kept, err := listShares(ctx, q, e)
	if err != nil {
		return nil, err
	}
	all := make([]Won, len(laureates))
	for i, l := range laureates {
		all[i] = Won{Laureate: l, Shares: kept[l.Prize.ID]}
		if len(all[i].Shares) == 0 {
			all[i].Shares = equal(l)
		}
	}
	return all, nil
}

// Mine lists what the person has won, once the results are public.
func (s *Service) Mine(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time, who account.ID) ([]Won, error) {
	results, err := s.awards.Results(ctx, q, e, now)
	if err != nil || !results.Public {
		return nil, err
	}
	all, err := s.Won(ctx, q, e.ID)
	return slices.DeleteFunc(all, func(w Won) bool { return w.of(who) < 0 }), err
}

// of is the place of the person's share, -1 where they have none.
func (w Won) of(who account.ID) int {
	return slices.IndexFunc(w.Shares, func(s Share) bool { return s.Account == who })
}

// change is one change of one prize's shares: what it is about, and what is written of it.
type change struct {
	tx  *sqldb.Tx
	e   edition.Edition
	won Won
	now time.Time
}

// act runs a change: the prize as it stands, the shares kept as rows, then the change, its
// note in the trail and in the jury's chain.
func (s *Service) act(ctx context.Context, actor account.Actor, id edition.ID, prize award.PrizeID, do func(c change) (trail.Entry, traced, error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := s.Won(ctx, tx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(w Won) bool { return w.Prize.ID == prize })
		if i < 0 {
			return sqldb.ErrNotFound
		}
		c := change{tx: tx, e: e, won: all[i], now: now}
		entry, body, err := do(c)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		entry.Edition, entry.Actor, entry.EditionAt = string(id), string(actor.ID), now
		if err := s.trail.Write(ctx, tx, entry); err != nil {
			return err
		}
		return s.chain.Append(ctx, tx, string(id), entry.Action, entry.Subject, body)
	})
}

// traced is what stands of a change in the jury's chain.
type traced struct {
	State  State                `json:"state,omitempty"`
	Cents  int64                `json:"cents,omitempty"`
	Shares map[account.ID]int64 `json:"shares,omitempty"`
}

// keepAll makes rows of shares that were equal by themselves so far.
func (c change) keepAll(ctx context.Context) error {
	for _, s := range c.won.Shares {
		if s.kept {
			continue
		}
		if err := upsertShare(ctx, c.tx, c.e.ID, s); err != nil {
			return fmt.Errorf("keeping a share: %w", err)
		}
	}
	return nil
}

func subject(prize award.PrizeID, who account.ID) string {
	return "share:" + string(prize) + "/" + string(who)
}

// Divide sets the shares of a prize: exactly the whole of it, for a reason, and before
// anything of it is paid. Who has accepted another amount is asked again.
func (s *Service) Divide(ctx context.Context, actor account.Actor, id edition.ID, prize award.PrizeID, cents map[account.ID]int64, reason string) error {
	reason = strings.TrimSpace(reason)
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return err
	}
	return s.act(ctx, actor, id, prize, func(c change) (trail.Entry, traced, error) {
		shares, err := c.won.divide(cents, reason)
		if err != nil {
			return trail.Entry{}, traced{}, err
		}
		var said []string
		for i, share := range shares {
			if err := upsertShare(ctx, c.tx, id, share); err != nil {
				return trail.Entry{}, traced{}, fmt.Errorf("setting a share: %w", err)
			}
			said = append(said, fmt.Sprintf("%s %d.%02d", share.Name, share.Cents/100, share.Cents%100))
			out := share.Cents == 0 && share.State() == Declined // who refused is not asked again for nothing
			if share.Cents != c.won.Shares[i].Cents && len(share.Steps) > 0 && !out {
				if err := s.move(ctx, actor, c, share, Offered, reason); err != nil {
					return trail.Entry{}, traced{}, err
				}
			}
		}
		return trail.Entry{Action: "payout.divided", Subject: "prize:" + string(prize), After: strings.Join(said, "; ") + ": " + reason}, traced{Shares: cents}, nil
	})
}

// move writes a share's next step.
func (s *Service) move(ctx context.Context, actor account.Actor, c change, share Share, to State, reason string) error {
	err := insertMovement(ctx, c.tx, c.e.ID, s.ids.ID(), Movement{Prize: share.Prize, Account: share.Account, Step: len(share.Steps), State: to,
		Cents: share.Cents, Reason: reason, Actor: actor.ID, ActorName: actor.Name, At: c.now})
	if sqldb.IsUnique(err) {
		return errChanged
	}
	return err
}

// Answer is the laureate's own word: they accept their share, or decline it.
func (s *Service) Answer(ctx context.Context, actor account.Actor, id edition.ID, prize award.PrizeID, accept bool) error {
	to := Declined
	if accept {
		to = Accepted
	}
	return s.act(ctx, actor, id, prize, func(c change) (trail.Entry, traced, error) {
		results, err := s.awards.Results(ctx, c.tx, c.e, c.now)
		if err != nil {
			return trail.Entry{}, traced{}, err
		}
		i := c.won.of(actor.ID)
		if !results.Public || i < 0 { // there is nothing to know here
			return trail.Entry{}, traced{}, errNotYet
		}
		if c.won.Shares[i].State() == Paid {
			return trail.Entry{}, traced{}, errStep
		}
		return s.turn(ctx, actor, c, c.won.Shares[i], to, "")
	})
}

// Note is the organiser's note of a step: said by the laureate, paid, or taken back for a
// reason.
func (s *Service) Note(ctx context.Context, actor account.Actor, id edition.ID, prize award.PrizeID, who account.ID, to State, reason string) error {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); len(reason) > longest {
		return errs.Fields{{Name: "reason", Key: "payout.too_long"}}
	}
	return s.act(ctx, actor, id, prize, func(c change) (trail.Entry, traced, error) {
		i := c.won.of(who)
		if i < 0 {
			return trail.Entry{}, traced{}, sqldb.ErrNotFound
		}
		share := c.won.Shares[i]
		if reason == "" && share.mayBecome(to) && share.backward(to) {
			return trail.Entry{}, traced{}, errs.Fields{{Name: "reason", Key: "payout.reason_needed"}}
		}
		return s.turn(ctx, actor, c, share, to, reason)
	})
}

// turn takes the step, forgets the bank details of who has been paid everything, and
// brings the prize itself along.
func (s *Service) turn(ctx context.Context, actor account.Actor, c change, share Share, to State, reason string) (trail.Entry, traced, error) {
	entry := trail.Entry{Action: "payout." + string(to), Subject: subject(share.Prize, share.Account), Before: string(share.State()), After: reason}
	body := traced{State: to, Cents: share.Cents}
	if !share.mayBecome(to) {
		return entry, body, errStep
	}
	if err := c.keepAll(ctx); err != nil {
		return entry, body, err
	}
	if err := s.move(ctx, actor, c, share, to, reason); err != nil {
		return entry, body, err
	}
	all, err := s.Won(ctx, c.tx, c.e.ID)
	if err != nil {
		return entry, body, err
	}
	if to == Paid && !owed(all, share.Account) {
		if err := s.forget(ctx, c.tx, c.e.ID, c.now, share.Account, "payout.forgotten_paid"); err != nil {
			return entry, body, err
		}
	}
	for _, w := range all {
		if w.Prize.ID == share.Prize {
			if err := s.awards.SettleTx(ctx, c.tx, actor, w.Prize, w.Settled(), reason, c.now); err != nil {
				return entry, body, err
			}
		}
	}
	return entry, body, nil
}
