package payout

import (
	"context"
	"encoding/json"
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
		if c.won.paying() {
			return trail.Entry{}, traced{}, errs.New(errs.Conflict, "payout.paid_stands")
		}
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
			if share.Cents != c.won.Shares[i].Cents && len(share.Steps) > 0 {
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

// owed says whether money is still to be paid to the person.
func owed(all []Won, who account.ID) bool {
	return slices.ContainsFunc(all, func(w Won) bool {
		i := w.of(who)
		return i >= 0 && w.Shares[i].Cents > 0 && (w.Shares[i].State() == Offered || w.Shares[i].State() == Accepted)
	})
}

// purpose is what bank details are sealed for: this person's, of this edition.
func purpose(e edition.ID, who account.ID) string { return "payout:" + string(e) + "/" + string(who) }

// purgeKind is the job that forgets bank details when their time is over.
const purgeKind = "payout.forget"

type purgeArgs struct {
	Account account.ID `json:"account"`
}

// Give keeps where the laureate is to be paid, sealed, for at most a month.
func (s *Service) Give(ctx context.Context, actor account.Actor, id edition.ID, d Details) error {
	var wrong errs.Fields
	if d.Holder = strings.TrimSpace(d.Holder); d.Holder == "" || len(d.Holder) > longest {
		wrong.Add("holder", "error.required")
	}
	iban, ok := ParseIBAN(d.IBAN)
	if d.IBAN = iban; !ok {
		wrong.Add("iban", "payout.iban_wrong")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	sealed, err := s.box.Seal(purpose(id, actor.ID), string(text))
	if err != nil {
		return fmt.Errorf("sealing bank details: %w", err)
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		mine, err := s.Mine(ctx, tx, e, now, actor.ID)
		if err != nil {
			return err
		}
		if !owed(mine, actor.ID) {
			return errNotYet
		}
		v := vault{account: actor.ID, sealed: sealed, given: tx.Now(), ends: tx.Now().Add(keep)}
		if err := upsertVault(ctx, tx, id, v); err != nil {
			return fmt.Errorf("keeping bank details: %w", err)
		}
		only := purgeKind + ":" + string(id) + "/" + string(actor.ID)
		if err := s.queue.DropTx(ctx, tx, only); err != nil {
			return err
		}
		if _, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: purgeKind, Edition: string(id), Args: purgeArgs{actor.ID}, At: v.ends, OnlyOne: only}); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "payout.account_given", Subject: "account:" + string(actor.ID), EditionAt: now})
	})
}

// Withdraw forgets the actor's own bank details.
func (s *Service) Withdraw(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.forget(ctx, tx, id, now, actor.ID, "payout.forgotten_asked")
	})
}

// Forget deletes the person's bank details in every edition.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return deleteVaultsOf(ctx, tx, who)
}

// forget deletes bank details; that there were any, and why they went, stays in the trail.
func (s *Service) forget(ctx context.Context, tx *sqldb.Tx, id edition.ID, now time.Time, who account.ID, action string) error {
	n, err := deleteVault(ctx, tx, id, who)
	if err != nil || n == 0 {
		return err
	}
	s.hub.Touch(tx, Topic(id))
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Action: action, Subject: "account:" + string(who), EditionAt: now})
}

// Look opens a laureate's bank details to an organiser who pays, for the reason that
// stands in the trail from then on.
func (s *Service) Look(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, reason string) (Details, error) {
	var d Details
	if reason = strings.TrimSpace(reason); reason == "" || len(reason) > longest {
		return d, errs.Fields{{Name: "look-" + string(who), Key: "payout.reason_needed"}}
	}
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		all, err := listVaults(ctx, tx, id)
		if err != nil {
			return err
		}
		v, has := all[who]
		if !has || !tx.Now().Before(v.ends) {
			return sqldb.ErrNotFound
		}
		text, err := s.box.Open(purpose(id, who), v.sealed)
		if err != nil {
			return fmt.Errorf("opening bank details: %w", err)
		}
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return fmt.Errorf("reading bank details: %w", err)
		}
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: "payout.account_seen", Subject: "account:" + string(who), After: reason, EditionAt: now})
	})
	return d, err
}

// Given says whose bank details are kept, and until when.
func (s *Service) Given(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID]time.Time, error) {
	all, err := listVaults(ctx, q, e)
	until := map[account.ID]time.Time{}
	for who, v := range all {
		until[who] = v.ends
	}
	return until, err
}

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{purgeKind: s.purge}
}

// purge forgets details whose month is over.
func (s *Service) purge(ctx context.Context, run *jobs.Run) error {
	var args purgeArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		id := edition.ID(run.Edition)
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		return s.forget(ctx, tx, id, now, args.Account, "payout.forgotten_late")
	})
}
