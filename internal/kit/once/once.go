// Package once applies an action exactly once, however often a phone sends it.
//
// A phone without network keeps what its holder did, with an id made there, and sends it
// when it can: perhaps twice, perhaps late. A service asks First in the transaction that
// has the effect; the second time it leaves everything as it is and answers as the first.
package once

import (
	"context"
	"fmt"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Action is what a device says of an action: an id it made and the moment it was done,
// in the edition's time. The zero Action is one made on this server, now.
type Action struct {
	ID string
	At time.Time
}

// Moment is when the action was done: At where the device said so, but never after now.
func (a Action) Moment(now time.Time) time.Time {
	if a.At.IsZero() || a.At.After(now) {
		return now
	}
	return a.At
}

// First says whether the action has not been applied before, and notes that it is now.
// An action without an id is always the first.
func First(ctx context.Context, tx *sqldb.Tx, a Action) (bool, error) {
	if a.ID == "" {
		return true, nil
	}
	if len(a.ID) > 64 {
		return false, errs.New(errs.Invalid, "error.action_id")
	}
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO once_actions (id, done_at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`,
		a.ID, sqldb.Micros(tx.Now()))
	if err != nil {
		return false, fmt.Errorf("noting the action %s: %w", a.ID, err)
	}
	return n == 1, nil
}

// ForgetTx deletes the notes of actions applied before the moment. A phone that sends one
// of them again would have it applied again: choose a moment that no phone waits for.
func ForgetTx(ctx context.Context, tx *sqldb.Tx, before time.Time) error {
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM once_actions WHERE done_at < $1`, sqldb.Micros(before)); err != nil {
		return fmt.Errorf("forgetting old actions: %w", err)
	}
	return nil
}
