// Package dbtest gives tests a fresh, migrated database: SQLite always, and PostgreSQL
// as well when H48_TEST_PG names a server on which databases may be made (make test
// starts one).
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"h48/internal/kit/clock"
	"h48/internal/kit/sqldb"
	"h48/migrations"
)

// Start is the moment at which the clocks of tests begin: two weeks before the event in
// Amiens.
var Start = time.Date(2018, 5, 5, 8, 0, 0, 0, time.UTC)

// Tx is a transaction, so that tests of rooms need not import the package beside.
type Tx = sqldb.Tx

// DB is a database with the clock it runs on.
type DB struct {
	*sqldb.DB
	Clock *clock.Fake
}

// Each runs the test on every database there is.
func Each(t *testing.T, test func(t *testing.T, db *DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, SQLite(t))
	})
	if server := os.Getenv("H48_TEST_PG"); server != "" {
		t.Run("postgres", func(t *testing.T) {
			t.Parallel()
			test(t, postgres(t, server))
		})
	}
}

var template struct {
	sync.Once
	file []byte
	err  error
}

// SQLite returns a fresh migrated SQLite database.
func SQLite(t testing.TB) *DB {
	t.Helper()
	template.Do(func() { template.file, template.err = migrated() })
	if template.err != nil {
		t.Fatal(template.err)
	}
	file := filepath.Join(t.TempDir(), "h48.db")
	if err := os.WriteFile(file, template.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+file)
}

// migrated migrates an empty file once; each test gets a copy of it.
func migrated() ([]byte, error) {
	dir, err := os.MkdirTemp("", "h48-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "template.db")
	ctx := context.Background()
	db, err := sqldb.Open(ctx, "sqlite:"+file, clock.Wall{})
	if err != nil {
		return nil, err
	}
	if err := db.Migrate(ctx, migrations.FS); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil { // writes the log back into the file
		return nil, err
	}
	return os.ReadFile(file)
}

func open(t testing.TB, address string) *DB {
	t.Helper()
	fake := clock.NewFake(Start)
	db, err := sqldb.Open(context.Background(), address, fake)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return &DB{DB: db, Clock: fake}
}

var made struct {
	sync.Mutex
	template string
	count    atomic.Int64
}

// postgres copies a template database that this process has migrated once.
func postgres(t *testing.T, server string) *DB {
	t.Helper()
	made.Lock()
	defer made.Unlock()
	process := fmt.Sprintf("h48_%d", os.Getpid())
	if made.template == "" {
		name := process + "_template"
		admin(t, server, "CREATE DATABASE "+name)
		db, err := sqldb.Open(context.Background(), address(server, name), clock.Wall{})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(context.Background(), migrations.FS); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		made.template = name
	}
	name := fmt.Sprintf("%s_%d", process, made.count.Add(1))
	admin(t, server, "CREATE DATABASE "+name+" TEMPLATE "+made.template)
	t.Cleanup(func() { admin(t, server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return open(t, address(server, name))
}

func admin(t *testing.T, server, statement string) {
	t.Helper()
	db, err := sqldb.Open(context.Background(), server, clock.Wall{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(context.Background(), statement); err != nil && !strings.Contains(err.Error(), "42P04") {
		t.Fatalf("%s: %v", statement, err)
	}
}

func address(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + database
	return u.String()
}
