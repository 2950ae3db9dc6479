package sqldb

import (
	"context"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// Migrate brings the schema up to the newest of the migrations, each in a transaction.
// Several copies of the program may start at once on one PostgreSQL: one migrates, the
// others wait.
func (db *DB) Migrate(ctx context.Context, migrations fs.FS) error {
	dialect := goose.DialectSQLite3
	options := []goose.ProviderOption{goose.WithAllowOutofOrder(true)}
	if db.Dialect == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return fmt.Errorf("making the lock for migrations: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return db.alone(func() error {
		provider, err := goose.NewProvider(dialect, db.write, migrations, options...)
		if err != nil {
			return fmt.Errorf("reading the migrations: %w", err)
		}
		if _, err := provider.Up(ctx); err != nil {
			return fmt.Errorf("migrating the database: %w", err)
		}
		return nil
	})
}

// alone runs f while SQLite's writing connection is back in its pool, for work that
// needs a whole *sql.DB; no transaction runs meanwhile.
func (db *DB) alone(f func() error) error {
	if db.writer == nil {
		return f()
	}
	db.writer.turn.Lock()
	defer db.writer.turn.Unlock()
	if err := db.writer.conn.Close(); err != nil {
		return fmt.Errorf("lending the writing connection: %w", err)
	}
	failed := f()
	conn, err := db.write.Conn(context.Background())
	if err != nil {
		return fmt.Errorf("taking the writing connection back: %w", err)
	}
	db.writer.conn = conn
	return failed
}
