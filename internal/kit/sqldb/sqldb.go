// Package sqldb opens the one database of an installation, SQLite or PostgreSQL, and
// runs transactions on it.
//
// Both speak the same text: the portable subset of docs/sql.md, with $1 placeholders,
// keys made in Go and times as BIGINT microseconds. The package holds no table of a
// feature and no query.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"modernc.org/sqlite"

	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
)

// Dialect is the database behind a DB.
type Dialect string

// The databases that H48 runs on.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// ErrNotFound is what One returns where there is no row.
var ErrNotFound = errs.New(errs.NotFound, "error.not_found")

// Querier runs statements: a DB reads outside, a Tx inside a transaction.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// DB is an open database. Reading goes through its pool; every change through InTx.
type DB struct {
	Dialect Dialect
	clock   clock.Clock
	read    *sql.DB
	write   *sql.DB
	writer  *writer // SQLite only
}

// Open opens "sqlite:FILE" or a "postgres://" address. An SQLite file is made when it
// is not there; a PostgreSQL database must exist.
func Open(ctx context.Context, address string, c clock.Clock) (*DB, error) {
	if file, ok := strings.CutPrefix(address, "sqlite:"); ok {
		return openSQLite(ctx, file, c)
	}
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		return openPostgres(ctx, address, c)
	}
	return nil, fmt.Errorf("the database address %q is neither sqlite:FILE nor postgres://", redact(address))
}

// openSQLite opens a pool of readers and one writer: with a single writing connection
// the longest wait stays short, and a write never fails because another one is running.
func openSQLite(ctx context.Context, file string, c clock.Clock) (*DB, error) {
	pragmas := url.Values{"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)",
		"foreign_keys(1)", "temp_store(2)", "cache_size(-32000)"}, "_txlock": {"immediate"}}
	name := "file:" + (&url.URL{Path: file}).EscapedPath() // a '#' or '?' belongs to the file's name
	connector, err := newPreparing(name + "?" + pragmas.Encode())
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", file, err)
	}
	write := sql.OpenDB(connector)
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s: %w", file, err), write.Close())
	}
	pragmas.Add("_pragma", "query_only(1)")
	readers, err := newPreparing(name + "?" + pragmas.Encode())
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s to read: %w", file, err), write.Close())
	}
	read := sql.OpenDB(readers)
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(8)
	conn, err := write.Conn(ctx)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening %s to write: %w", file, err), write.Close(), read.Close())
	}
	return &DB{Dialect: SQLite, clock: c, read: read, write: write, writer: newWriter(conn)}, nil
}

func openPostgres(ctx context.Context, address string, c clock.Clock) (*DB, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", redact(address), err)
	}
	pool.SetMaxOpenConns(32)
	pool.SetMaxIdleConns(32)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connecting to %s: %w", redact(address), err), pool.Close())
	}
	return &DB{Dialect: Postgres, clock: c, read: pool, write: pool}, nil
}

// redact leaves the password out of an address that goes into a message.
func redact(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Redacted()
	}
	return "the database"
}

// Close ends every connection. Transactions that are running end first.
func (db *DB) Close() error {
	if db.writer == nil {
		return db.read.Close()
	}
	return errors.Join(db.writer.close(), db.read.Close(), db.write.Close())
}

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.read.PingContext(ctx); err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}

// Now is the wall's time, as a transaction that begins now would have it.
func (db *DB) Now() time.Time { return db.clock.Now() }

// ExecContext refuses on SQLite: a DB reads, a Tx writes.
func (db *DB) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return db.read.ExecContext(ctx, query, args...)
}

// QueryContext reads what is committed.
func (db *DB) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return db.read.QueryContext(ctx, query, args...)
}

// All returns every row of the query; fields gives the places to scan a row into, in
// the order of its columns.
func All[T any](ctx context.Context, q Querier, fields func(*T) []any, query string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("querying %s: %w", head(query), err)
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		var row T
		if err := rows.Scan(fields(&row)...); err != nil {
			return nil, fmt.Errorf("reading a row of %s: %w", head(query), err)
		}
		all = append(all, row)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("reading the rows of %s: %w", head(query), err)
	}
	return all, nil
}

// One returns the first row of the query, or ErrNotFound.
func One[T any](ctx context.Context, q Querier, fields func(*T) []any, query string, args ...any) (T, error) {
	all, err := All(ctx, q, fields, query, args...)
	if err != nil || len(all) == 0 {
		var none T
		if err == nil {
			err = fmt.Errorf("%s: %w", head(query), ErrNotFound)
		}
		return none, err
	}
	return all[0], nil
}

// Value returns the one column of the first row of the query, or ErrNotFound.
func Value[T any](ctx context.Context, q Querier, query string, args ...any) (T, error) {
	return One(ctx, q, func(v *T) []any { return []any{v} }, query, args...)
}

// Exec runs a statement and returns how many rows it changed.
func Exec(ctx context.Context, q Querier, query string, args ...any) (int64, error) {
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", head(query), err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("counting the rows of %s: %w", head(query), err)
	}
	return n, nil
}

// head is the statement's first words, for a message.
func head(query string) string {
	words := strings.Fields(query)
	return strings.Join(words[:min(len(words), 4)], " ")
}

// In returns n placeholders from $first on, "($3,$4,$5)", for an IN list.
func In(first, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = "$" + strconv.Itoa(first+i)
	}
	return "(" + strings.Join(marks, ",") + ")"
}

// Codes of SQLite's extended results and PostgreSQL's SQLSTATE for broken constraints.
const (
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	sqliteForeignKey = 787
	pgUnique         = "23505"
	pgForeignKey     = "23503"
	pgDeadlock       = "40P01"
)

// IsUnique says whether the error is a row that is there already.
func IsUnique(err error) bool {
	return hasCode(err, pgUnique, sqliteUnique, sqlitePrimaryKey)
}

// IsForeignKey says whether the error is a reference to a row that is not there.
func IsForeignKey(err error) bool { return hasCode(err, pgForeignKey, sqliteForeignKey) }

// IsDeadlock says that PostgreSQL ended one of two transactions that waited for each other:
// run again, it comes after the other one.
func IsDeadlock(err error) bool { return hasCode(err, pgDeadlock) }

func hasCode(err error, pg string, lite ...int) bool {
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		return pgErr.Code == pg
	}
	var liteErr *sqlite.Error
	if errors.As(err, &liteErr) {
		for _, code := range lite {
			if liteErr.Code() == code {
				return true
			}
		}
	}
	return false
}

// Micros is how a time is kept: microseconds since 1970, 0 for no time.
func Micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// Moment is a time as a column: it scans and is written as Micros.
type Moment struct{ *time.Time }

// Scan reads microseconds since 1970; 0 and NULL are the zero time.
func (m Moment) Scan(src any) error {
	switch n := src.(type) {
	case nil:
		*m.Time = time.Time{}
	case int64:
		*m.Time = time.Time{}
		if n != 0 {
			*m.Time = time.UnixMicro(n).UTC()
		}
	default:
		return fmt.Errorf("a time cannot be read from %T", src)
	}
	return nil
}
