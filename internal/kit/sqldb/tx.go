package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Tx is a running transaction. It is for one goroutine.
type Tx struct {
	Querier
	Dialect Dialect
	now     time.Time
	after   []func()
}

// Now is the wall's moment at which the transaction began: one for all its rows.
func (tx *Tx) Now() time.Time { return tx.now }

// AfterCommit keeps f for when the transaction is on disk; it is dropped on rollback.
// The functions run in order, after the locks are gone, and must not block.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// InTx runs fn in one transaction: committed, and on disk, when InTx returns nil; undone
// when fn returns an error or panics. It does not nest, but joins a transaction that
// Together has begun. On PostgreSQL fn may see the changes of others between two of its
// statements (read committed): a change of state must name the state that it leaves.
func (db *DB) InTx(ctx context.Context, fn func(tx *Tx) error) error {
	if t, is := ctx.Value(togetherKey{}).(*together); is && t.db == db {
		return t.join(fn)
	}
	tx := &Tx{Dialect: db.Dialect, now: db.clock.Now()}
	var err error
	if db.writer != nil {
		err = db.writer.run(ctx, tx, fn)
	} else {
		err = db.runPostgres(ctx, tx, fn)
	}
	if err != nil {
		return err
	}
	for _, f := range tx.after {
		f()
	}
	return nil
}

// Together runs several use cases as one: every InTx with the context that do gets is
// part of one transaction, of which all is kept or nothing. The first error ends it,
// also where do goes on after it. What do reads outside of a use case's transaction is
// the state before.
func (db *DB) Together(ctx context.Context, do func(ctx context.Context) error) error {
	return db.InTx(ctx, func(tx *Tx) error {
		t := &together{db: db, tx: tx}
		if err := do(context.WithValue(ctx, togetherKey{}, t)); err != nil {
			return err
		}
		return t.failed
	})
}

// together is a transaction that several use cases share.
type together struct {
	db     *DB
	tx     *Tx
	failed error
}

type togetherKey struct{}

func (t *together) join(fn func(tx *Tx) error) error {
	if t.failed != nil {
		return t.failed
	}
	t.failed = fn(t.tx)
	return t.failed
}

func (db *DB) runPostgres(ctx context.Context, tx *Tx, fn func(tx *Tx) error) error {
	inner, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	defer inner.Rollback() //nolint:errcheck // after a commit it says ErrTxDone
	tx.Querier = inner
	if err := fn(tx); err != nil {
		return err
	}
	if err := inner.Commit(); err != nil {
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// groupMost is how many transactions share one commit, so that none waits for long.
const groupMost = 64

// writer runs SQLite's transactions one after the other on one connection. Those that
// wait while one runs join its commit: each stands in its own savepoint, so one can be
// undone alone, and all are acknowledged once the shared commit is on disk. Two hundred
// hand-ins in one second then cost a few waits for the disk instead of two hundred.
type writer struct {
	turn    sync.Mutex
	waiting atomic.Int64
	conn    *sql.Conn
	group   *group // the open commit; guarded by turn
}

type group struct {
	size int
	done chan struct{}
	err  error
}

func newWriter(conn *sql.Conn) *writer { return &writer{conn: conn} }

func (w *writer) close() error {
	w.turn.Lock()
	defer w.turn.Unlock()
	return w.conn.Close()
}

// run gives fn its turn and returns when the commit that it shares has ended. The
// context bounds fn's statements; the commit itself is never cancelled, since others
// share it.
func (w *writer) run(ctx context.Context, tx *Tx, fn func(tx *Tx) error) error {
	joined, err := w.inTurn(ctx, tx, fn)
	if joined == nil {
		return err
	}
	<-joined.done
	return errors.Join(err, joined.err)
}

// inTurn waits for its turn and runs fn inside a savepoint of the open group. The last of those that wait, or
// the one that makes the group full, commits for all; a panic of fn passes through after
// the group is in order again. It returns a nil group when fn changed nothing.
func (w *writer) inTurn(ctx context.Context, tx *Tx, fn func(tx *Tx) error) (joined *group, err error) {
	w.waiting.Add(1)
	w.turn.Lock()
	w.waiting.Add(-1)
	defer w.turn.Unlock()
	defer w.commitIfLast()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := w.open(); err != nil {
		return nil, err
	}
	if err := w.exec("SAVEPOINT one"); err != nil {
		return nil, w.abandon(err)
	}
	kept := false
	defer func() {
		if kept {
			return
		}
		if undo := w.exec("ROLLBACK TO one; RELEASE one"); undo != nil {
			err = errors.Join(err, w.abandon(undo))
		}
	}()
	tx.Querier = uncancelled{w.conn}
	if err := fn(tx); err != nil {
		return nil, err
	}
	if err := w.exec("RELEASE one"); err != nil {
		return nil, w.abandon(err)
	}
	kept = true
	w.group.size++
	return w.group, nil
}

// abandon ends a group whose transaction SQLite has lost (a full disk, an error of
// reading or writing): everybody in it is told that nothing was kept.
func (w *writer) abandon(cause error) error {
	if g := w.group; g != nil {
		w.group = nil
		g.err = fmt.Errorf("the shared transaction was lost: %w", cause)
		_ = w.exec("ROLLBACK") // it is an error when SQLite has rolled back already
		close(g.done)
	}
	return cause
}

// uncancelled runs statements to their end: SQLite would answer an interrupted one by
// undoing the whole transaction, and with it the work of all who share it.
type uncancelled struct{ conn *sql.Conn }

func (u uncancelled) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return u.conn.ExecContext(context.WithoutCancel(ctx), query, args...)
}

func (u uncancelled) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return u.conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

func (w *writer) open() error {
	if w.group != nil {
		return nil
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("beginning a transaction: %w", err)
	}
	w.group = &group{done: make(chan struct{})}
	return nil
}

func (w *writer) commitIfLast() {
	g := w.group
	if g == nil || (w.waiting.Load() > 0 && g.size < groupMost) {
		return
	}
	w.group = nil
	if err := w.exec("COMMIT"); err != nil {
		g.err = fmt.Errorf("committing: %w", err)
		_ = w.exec("ROLLBACK") // when the commit failed for good, this ends it
	}
	close(g.done)
}

func (w *writer) exec(statement string) error {
	_, err := w.conn.ExecContext(context.Background(), statement)
	return err
}

// Freeze lets read see one moment's state of the whole database, however long it takes,
// while others go on writing.
func (db *DB) Freeze(ctx context.Context, read func(q Querier) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: db.frozen()})
	if err != nil {
		return fmt.Errorf("beginning to read: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return read(tx)
}

// frozen is the isolation in which every read sees the same moment: SQLite has no other.
func (db *DB) frozen() sql.IsolationLevel {
	if db.Dialect == SQLite {
		return sql.LevelDefault
	}
	return sql.LevelRepeatableRead
}
