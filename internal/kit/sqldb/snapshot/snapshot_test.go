package snapshot_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/sqldb/snapshot"
	"h48/migrations"
)

// What is saved while people write comes back whole in an empty database of either kind.
func TestSaveAndRestore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := doortest.New(t, db)
		var people []account.Actor
		for i := range 5 {
			people = append(people, h.Person(fmt.Sprintf("Personne %d", i), edition.Participant, edition.Crew))
		}
		var saved bytes.Buffer
		if err := snapshot.Save(t.Context(), db.DB, migrations.FS, &saved); err != nil {
			t.Fatal(err)
		}
		restored := dbtest.SQLite(t)
		rows, err := snapshot.Restore(t.Context(), restored.DB, migrations.FS, bytes.NewReader(saved.Bytes()), int64(saved.Len()))
		if err != nil || rows == 0 {
			t.Fatalf("%d rows, %v", rows, err)
		}
		var again bytes.Buffer
		if err := snapshot.Save(t.Context(), restored.DB, migrations.FS, &again); err != nil {
			t.Fatal(err)
		}
		name, err := sqldb.Value[string](t.Context(), restored, `SELECT name FROM accounts WHERE id = $1`, people[3].ID)
		if err != nil || name != "Personne 3" {
			t.Errorf("%q, %v", name, err)
		}
		if _, err := snapshot.Restore(t.Context(), restored.DB, migrations.FS, bytes.NewReader(saved.Bytes()), int64(saved.Len())); !errors.Is(err, snapshot.ErrNotEmpty) {
			t.Errorf("over what is there: %v", err)
		}
		broken := bytes.ReplaceAll(saved.Bytes(), []byte("manifest"), []byte("manifold"))
		if _, err := snapshot.Restore(t.Context(), dbtest.SQLite(t).DB, migrations.FS, bytes.NewReader(broken), int64(len(broken))); !errors.Is(err, snapshot.ErrDamaged) {
			t.Errorf("a damaged file: %v", err)
		}
	})
}
