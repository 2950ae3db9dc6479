package e2e_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"h48/internal/bench/arena"
	"h48/internal/kit/clock"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/sqldb/snapshot"
	"h48/internal/project"
	"h48/migrations"
)

// A backup is taken while teams upload as fast as they can: restored elsewhere, every
// file that its rows name is there, as it was sent.
func TestBackup_whileTeamsUpload(t *testing.T) {
	t.Parallel()
	whole(t)
	a, err := arena.Open(t.Context(), t.TempDir(), 4)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	text := func(name string) string { return strings.Repeat("Le plan de "+name+". ", 500) }
	var stop atomic.Bool
	var uploading, some sync.WaitGroup
	for i, who := range a.People {
		some.Add(1)
		uploading.Go(func() {
			for n := range project.MaxFiles {
				name := fmt.Sprintf("plan-%d-%d.txt", i, n)
				if stop.Load() {
					break
				}
				if _, err := a.Project.Attach(t.Context(), who, a.Edition.ID, project.Upload{Name: name, Size: int64(len(text(name))), Body: strings.NewReader(text(name)), Begun: a.DB.Now()}); err != nil {
					t.Error(err)
				}
				if n == 1 {
					some.Done()
				}
			}
		})
	}
	some.Wait() // each team has two
	archive, err := os.Create(filepath.Join(t.TempDir(), "backup.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	saved, err := snapshot.Save(t.Context(), a.DB, migrations.FS, a.Files, archive)
	stop.Store(true)
	uploading.Wait()
	if err != nil {
		t.Fatal(err)
	}
	info, err := archive.Stat()
	if err != nil {
		t.Fatal(err)
	}
	db := dbtest.SQLite(t)
	store, err := files.Open(t.TempDir(), clock.Wall{}.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := snapshot.Restore(t.Context(), db.DB, migrations.FS, store, archive, info.Size()); err != nil {
		t.Fatal(err)
	}
	type row struct{ name, key string }
	rows, err := sqldb.All(t.Context(), db, func(r *row) []any { return []any{&r.name, &r.key} }, `SELECT name, store_key FROM project_files`)
	if err != nil || len(rows) < 8 || saved.Files < len(rows) {
		t.Fatalf("%d rows and %d files, %v", len(rows), saved.Files, err)
	}
	for _, r := range rows {
		in, _, err := store.Open(t.Context(), r.key)
		if err != nil {
			t.Errorf("%s: %v", r.name, err)
			continue
		}
		content, err := io.ReadAll(in)
		if err != nil || string(content) != text(r.name) {
			t.Errorf("%s came back as %d bytes, %v", r.name, len(content), err)
		}
		_ = in.Close()
	}
}
