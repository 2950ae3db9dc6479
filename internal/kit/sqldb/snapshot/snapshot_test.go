package snapshot_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/sqldb/snapshot"
	"h48/migrations"
)

// uploads are what people had uploaded.
var uploads = map[string]string{"project/01k3/plan.pdf": "Un plan.", "project/01k3/vide.txt": "", "edition/logo.png": strings.Repeat("Somme ", 200_000)}

func store(t *testing.T) files.Store {
	t.Helper()
	disk, err := files.NewDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return disk
}

// contents reads a whole store.
func contents(t *testing.T, s files.Store) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := s.Keys(t.Context(), func(key string) error {
		in, info, err := s.Open(t.Context(), key)
		if err != nil {
			return err
		}
		defer in.Close()
		b, err := io.ReadAll(in)
		if info.ContentType != "application/pdf" {
			t.Errorf("%s is %s", key, info.ContentType)
		}
		all[key] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// What is saved while people write comes back whole in an empty database of either kind.
func TestSaveAndRestore(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := doortest.New(t, db)
		var people []account.Actor
		for i := range 5 {
			people = append(people, h.Person(fmt.Sprintf("Personne %d", i), edition.Participant, edition.Crew))
		}
		disk := store(t)
		for key, content := range uploads {
			if err := disk.Put(t.Context(), key, strings.NewReader(content), int64(len(content)), "application/pdf"); err != nil {
				t.Fatal(err)
			}
		}
		var saved bytes.Buffer
		if _, err := snapshot.Save(t.Context(), db.DB, migrations.FS, disk, &saved); err != nil {
			t.Fatal(err)
		}
		restored := dbtest.SQLite(t)
		other := store(t)
		done, err := snapshot.Restore(t.Context(), restored.DB, migrations.FS, other, bytes.NewReader(saved.Bytes()), int64(saved.Len()))
		if err != nil || done.Rows == 0 || done.Files != len(uploads) {
			t.Fatalf("%+v, %v", done, err)
		}
		if diff := cmp.Diff(uploads, contents(t, other)); diff != "" {
			t.Errorf("the files came back otherwise:\n%s", diff)
		}
		var again bytes.Buffer
		if _, err := snapshot.Save(t.Context(), restored.DB, migrations.FS, other, &again); err != nil {
			t.Fatal(err)
		}
		name, err := sqldb.Value[string](t.Context(), restored, `SELECT name FROM accounts WHERE id = $1`, people[3].ID)
		if err != nil || name != "Personne 3" {
			t.Errorf("%q, %v", name, err)
		}
		if _, err := snapshot.Restore(t.Context(), restored.DB, migrations.FS, other, bytes.NewReader(saved.Bytes()), int64(saved.Len())); !errors.Is(err, snapshot.ErrNotEmpty) {
			t.Errorf("over what is there: %v", err)
		}
		for what, content := range map[string]string{"a file": "Un plan.", "a name": "Personne 3"} {
			spoilt := bytes.Replace(saved.Bytes(), []byte(content), []byte(strings.ToUpper(content)), 1)
			if bytes.Equal(spoilt, saved.Bytes()) { // it is compressed
				continue
			}
			empty := store(t)
			if _, err := snapshot.Restore(t.Context(), dbtest.SQLite(t).DB, migrations.FS, empty, bytes.NewReader(spoilt), int64(len(spoilt))); !errors.Is(err, snapshot.ErrDamaged) {
				t.Errorf("%s is spoilt: %v", what, err)
			}
		}
		broken := bytes.ReplaceAll(saved.Bytes(), []byte("manifest"), []byte("manifold"))
		if _, err := snapshot.Restore(t.Context(), dbtest.SQLite(t).DB, migrations.FS, store(t), bytes.NewReader(broken), int64(len(broken))); !errors.Is(err, snapshot.ErrDamaged) {
			t.Errorf("a damaged file: %v", err)
		}
	})
}
