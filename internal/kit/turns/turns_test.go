package turns_test

import (
	"context"
	"sync"
	"testing"

	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/turns"
)

// Ten people add one to a number that they read before: none of them is lost.
func TestTake_theyFollowEachOther(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx := t.Context()
		add := func(by int64) error {
			return db.InTx(ctx, func(tx *sqldb.Tx) error {
				if err := turns.Take(ctx, tx, "number"); err != nil {
					return err
				}
				n, err := number(ctx, tx)
				if err != nil {
					return err
				}
				_, err = sqldb.Exec(ctx, tx, `INSERT INTO once_actions (id, done_at) VALUES ('number', $1)
					ON CONFLICT (id) DO UPDATE SET done_at = excluded.done_at`, n+by)
				return err
			})
		}
		var people sync.WaitGroup
		for range 10 {
			people.Go(func() {
				if err := add(1); err != nil {
					t.Error(err)
				}
			})
		}
		people.Wait()
		if n, err := number(ctx, db); err != nil || n != 10 {
			t.Errorf("ten people counted to %d (%v)", n, err)
		}
	})
}

func number(ctx context.Context, q sqldb.Querier) (int64, error) {
	return sqldb.Value[int64](ctx, q, `SELECT COALESCE(MAX(done_at), 0) FROM once_actions WHERE id = 'number'`)
}
