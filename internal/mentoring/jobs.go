package mentoring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// remindKind is the job that tells the organisers of a request for which nobody came.
const remindKind = "mentoring.remind"

// remindArgs says which wait of which request the job is about.
type remindArgs struct {
	Request ID
	Since   time.Time
}

// Jobs are the handlers of this room's jobs.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{remindKind: s.remind}
}

// keepReminder orders the reminder of a request that waits, in the edition's time, and
// drops the one of a request that waits no more.
func (s *Service) keepReminder(ctx context.Context, tx *sqldb.Tx, r Request) error {
	only := remindKind + ":" + string(r.ID)
	if err := s.queue.DropTx(ctx, tx, only); err != nil {
		return err
	}
	if r.State != Open {
		return nil
	}
	_, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: remindKind, Edition: string(r.Edition), OnlyOne: only,
		Args: remindArgs{Request: r.ID, Since: r.OpenSince}, At: r.OpenSince.Add(Patience), OnEditionTime: true})
	return err
}

// remind marks a request that still waits since the moment of the order. It may run
// twice: the second time finds it marked.
func (s *Service) remind(ctx context.Context, run *jobs.Run) error {
	var args remindArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		r, err := getRequest(ctx, tx, args.Request)
		if errors.Is(err, sqldb.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, r.Edition)
		if err != nil {
			return err
		}
		marked, err := remind(ctx, tx, r.ID, args.Since, now)
		if err != nil {
			return fmt.Errorf("reminding of request %s: %w", r.ID, err)
		}
		if !marked {
			return nil
		}
		s.hub.Touch(tx, Topic(r.Edition))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(r.Edition), Action: "mentoring.nobody_came",
			Subject: "help:" + string(r.ID), After: r.Theme.Name, EditionAt: now})
	})
}
