package app

import (
	"context"
	"time"

	"h48/internal/kit/jobs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// sweepKind is the job that deletes, once a day, what nobody can use any more.
const sweepKind = "app.sweep"

// keepFailed is how long an operator may look into what a failed job was about.
const keepFailed = 30 * 24 * time.Hour

// keepActions is how long an action that a phone sends once more is known as applied: longer
// than any event, and than the session with which it could be sent.
const keepActions = 365 * 24 * time.Hour

// orderSweep has the sweep come at that moment of the wall's time.
func (a *App) orderSweep(ctx context.Context, at time.Time) error {
	return a.DB.InTx(ctx, func(tx *sqldb.Tx) error {
		_, err := a.Queue.EnqueueTx(ctx, tx, jobs.Order{Kind: sweepKind, At: at, OnlyOne: sweepKind})
		return err
	})
}

// sweep deletes dead sessions and letters' links, what failed jobs were about and the notes
// of old actions, and comes again tomorrow.
func (a *App) sweep(ctx context.Context, _ *jobs.Run) error {
	if err := a.Accounts.Sweep(ctx); err != nil {
		return err
	}
	now := a.DB.Now()
	if err := a.DB.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := jobs.ForgetTx(ctx, tx, now.Add(-keepFailed)); err != nil {
			return err
		}
		return once.ForgetTx(ctx, tx, now.Add(-keepActions))
	}); err != nil {
		return err
	}
	return a.orderSweep(ctx, now.Add(24*time.Hour))
}
