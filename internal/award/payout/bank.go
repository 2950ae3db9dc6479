package payout

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

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

// purge forgets details whose month is over; those given anew meanwhile have another.
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
		kept, err := listVaults(ctx, tx, id)
		if err != nil || tx.Now().Before(kept[args.Account].ends) {
			return err
		}
		return s.forget(ctx, tx, id, now, args.Account, "payout.forgotten_late")
	})
}
