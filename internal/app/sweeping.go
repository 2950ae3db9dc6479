package app

import (
	"context"
	"time"

	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
)

// sweepKind is the job that deletes, once a day, what nobody can use any more.
const sweepKind = "app.sweep"

// keepFailed is how long an operator may look into what a failed job was about.
const keepFailed = 30 * 24 * time.Hour

// orderSweep has the sweep come at that moment of the wall's time.
func (a *App) orderSweep(ctx context.Context, at time.Time) error {
	return a.DB.InTx(ctx, func(tx *sqldb.Tx) error {
		_, err := a.Queue.EnqueueTx(ctx, tx, jobs.Order{Kind: sweepKind, At: at, OnlyOne: sweepKind})
		return err
	})
}

// sweep deletes dead sessions and letters' links, and what failed jobs were about, and
// comes again tomorrow.
func (a *App) sweep(ctx context.Context, _ *jobs.Run) error {
	if err := a.Accounts.Sweep(ctx); err != nil {
		return err
	}
	now := a.DB.Now()
	if err := a.DB.InTx(ctx, func(tx *sqldb.Tx) error { return jobs.ForgetTx(ctx, tx, now.Add(-keepFailed)) }); err != nil {
		return err
	}
	return a.orderSweep(ctx, now.Add(24*time.Hour))
}
