package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

var errRefused = errors.New("refused")

func insert(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO once_actions (id, done_at) VALUES ($1, $2)`, id, sqldb.Micros(tx.Now()))
	return err
}

func count(t *testing.T, db *dbtest.DB) int64 {
	t.Helper()
	n, err := sqldb.Value[int64](t.Context(), db, `SELECT COUNT(*) FROM once_actions`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Two hundred at once, one in five refused by its own rule: each of the others is there,
// none of the refused is, and the effects after the commit ran for just those.
func TestInTx_manyAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		var wg sync.WaitGroup
		var mu sync.Mutex
		kept, told := 0, 0
		for i := range 200 {
			wg.Go(func() {
				err := db.InTx(t.Context(), func(tx *sqldb.Tx) error {
					tx.AfterCommit(func() { mu.Lock(); told++; mu.Unlock() })
					if err := insert(t.Context(), tx, fmt.Sprintf("a%03d", i)); err != nil {
						return err
					}
					if i%5 == 0 {
						return errRefused
					}
					return nil
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					kept++
				} else if !errors.Is(err, errRefused) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := count(t, db); kept != 160 || told != 160 || n != 160 {
			t.Errorf("kept %d, told %d, found %d, want 160 of each", kept, told, n)
		}
	})
}

func TestInTx_aPanicUndoesOnlyItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic did not pass through")
				}
			}()
			_ = db.InTx(t.Context(), func(tx *sqldb.Tx) error {
				_ = insert(t.Context(), tx, "panicked")
				panic("a bug")
			})
		}()
		if err := db.InTx(t.Context(), func(tx *sqldb.Tx) error { return insert(t.Context(), tx, "after") }); err != nil {
			t.Fatal(err)
		}
		if n := count(t, db); n != 1 {
			t.Errorf("%d rows, want the one after the panic", n)
		}
	})
}

// A reader who closes the page in the middle must not undo what others share the
// commit with.
func TestInTx_aCancelledRequestHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, cancel := context.WithCancel(t.Context())
		_ = db.InTx(ctx, func(tx *sqldb.Tx) error {
			cancel()
			return insert(ctx, tx, "left")
		})
		if err := db.InTx(t.Context(), func(tx *sqldb.Tx) error { return insert(t.Context(), tx, "stayed") }); err != nil {
			t.Fatal(err)
		}
		if n, err := sqldb.Value[int64](t.Context(), db, `SELECT COUNT(*) FROM once_actions WHERE id = $1`, "stayed"); err != nil || n != 1 {
			t.Errorf("got %d, %v", n, err)
		}
	})
}

func TestErrors_haveAClassOnBothDatabases(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		same := func(tx *sqldb.Tx) error { return insert(t.Context(), tx, "same") }
		if err := db.InTx(t.Context(), same); err != nil {
			t.Fatal(err)
		}
		if err := db.InTx(t.Context(), same); !sqldb.IsUnique(err) || sqldb.IsForeignKey(err) {
			t.Errorf("a second row with the same key: %v", err)
		}
		if _, err := sqldb.Value[string](t.Context(), db, `SELECT id FROM once_actions WHERE id = $1`, "none"); !errors.Is(err, sqldb.ErrNotFound) {
			t.Errorf("no row: %v", err)
		}
	})
}

// Use cases together are one transaction: all are kept, or none, and a refusal cannot be
// passed over.
func TestTogether_allOrNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		told := 0
		use := func(ctx context.Context, id string, refuse error) error {
			return db.InTx(ctx, func(tx *sqldb.Tx) error {
				tx.AfterCommit(func() { told++ })
				if err := insert(ctx, tx, id); err != nil {
					return err
				}
				return refuse
			})
		}
		err := db.Together(t.Context(), func(ctx context.Context) error { return errors.Join(use(ctx, "a", nil), use(ctx, "b", nil)) })
		if n := count(t, db); err != nil || n != 2 || told != 2 {
			t.Errorf("two together: %v, %d kept, %d told", err, n, told)
		}
		err = db.Together(t.Context(), func(ctx context.Context) error {
			_ = use(ctx, "c", errRefused)
			_ = use(ctx, "d", nil)
			return nil
		})
		if n := count(t, db); !errors.Is(err, errRefused) || n != 2 || told != 2 {
			t.Errorf("one refused: %v, %d kept, %d told", err, n, told)
		}
	})
}
