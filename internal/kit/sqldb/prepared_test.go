package sqldb_test

import (
	"errors"
	"fmt"
	"testing"

	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// A statement that is said again while its rows are being read runs beside itself.
func TestPrepared_withinItself(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		keep(t, db, "a", "b", "c")
		const query = `SELECT id FROM once_actions ORDER BY id`
		read := func() []string {
			got, err := sqldb.All(t.Context(), db, func(s *string) []any { return []any{s} }, query)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		rows, err := db.QueryContext(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for rows.Next() {
			seen += len(read())
		}
		if err := errors.Join(rows.Err(), rows.Close(), rows.Close()); err != nil || seen != 9 {
			t.Errorf("three rows, each with three rows read meanwhile, are nine, not %d (%v)", seen, err)
		}
	})
}

// More statements than a connection keeps, one that fails in between, and a change of
// what the tables are: each is answered as if it were said for the first time.
func TestPrepared_manyAndBroken(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		keep(t, db, "a")
		for round := range 2 {
			for n := range 300 {
				got, err := sqldb.Value[int64](t.Context(), db, fmt.Sprintf(`SELECT COUNT(*) + %d FROM once_actions WHERE id = $1`, n), "a")
				if err != nil || got != int64(n)+1 {
					t.Fatalf("round %d, statement %d: %d, %v", round, n, got, err)
				}
			}
			err := db.InTx(t.Context(), func(tx *sqldb.Tx) error { return insert(t.Context(), tx, "a") })
			if !sqldb.IsUnique(err) {
				t.Errorf("the same key again: %v", err)
			}
		}
		const all = `SELECT * FROM once_actions`
		if got := width(t, db, all); got != 2 {
			t.Errorf("before the change a row has %d columns", got)
		}
		err := db.InTx(t.Context(), func(tx *sqldb.Tx) error {
			_, err := sqldb.Exec(t.Context(), tx, `ALTER TABLE once_actions ADD COLUMN more TEXT NOT NULL DEFAULT ''`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := width(t, db, all); db.Dialect == sqldb.SQLite && got != 3 {
			t.Errorf("after the change a row has %d columns", got)
		}
	})
}

func keep(t *testing.T, db *dbtest.DB, names ...string) {
	t.Helper()
	for _, name := range names {
		if err := db.InTx(t.Context(), func(tx *sqldb.Tx) error { return insert(t.Context(), tx, name) }); err != nil {
			t.Fatal(err)
		}
	}
}

// width is how many columns the query's rows have.
func width(t *testing.T, db *dbtest.DB, query string) int {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		return 0 // PostgreSQL refuses a prepared statement whose rows changed, once
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	return len(columns)
}
