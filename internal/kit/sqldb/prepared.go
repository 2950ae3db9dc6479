package sqldb

import (
	"container/list"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"

	"modernc.org/sqlite"
)

// preparedMost is how many statements one connection keeps ready: a request uses some
// dozens, and each holds a few kilobytes.
const preparedMost = 128

// preparing opens SQLite's connections so that each keeps the statements it has read:
// reading one's text costs more than running it, and H48 says the same few hundred again
// and again.
type preparing struct{ driver.Connector }

func newPreparing(name string) (driver.Connector, error) {
	inner, err := sqlite.NewConnector(name)
	if err != nil {
		return nil, err
	}
	return preparing{inner}, nil
}

// Connect implements driver.Connector.
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, is := opened.(connection)
	if !is {
		return nil, errors.Join(fmt.Errorf("a connection of %T cannot keep statements", opened), opened.Close())
	}
	return &prepared{connection: inner, ready: map[string]*list.Element{}}, nil
}

// connection is what the driver's connections can do.
type connection interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// statement is what the driver's statements can do.
type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// prepared is a connection that keeps its statements. One that is running is not among
// them, so the same text can run within itself. It is for one goroutine, as every
// connection is; database/sql sees to that.
type prepared struct {
	connection
	ready map[string]*list.Element
	used  list.List // of idle, the one used last in front
}

// idle is a statement that waits to be used again.
type idle struct {
	query string
	statement
}

// take hands out a statement that nobody else runs.
func (p *prepared) take(ctx context.Context, query string) (idle, error) {
	if kept, is := p.ready[query]; is {
		delete(p.ready, query)
		return p.used.Remove(kept).(idle), nil
	}
	stmt, err := p.PrepareContext(ctx, query)
	if err != nil {
		return idle{}, err
	}
	return idle{query: query, statement: stmt.(statement)}, nil
}

// give takes a statement back.
func (p *prepared) give(s idle) error {
	if _, is := p.ready[s.query]; is { // it ran within itself
		return s.Close()
	}
	p.ready[s.query] = p.used.PushFront(s)
	if p.used.Len() <= preparedMost {
		return nil
	}
	oldest := p.used.Remove(p.used.Back()).(idle)
	delete(p.ready, oldest.query)
	return oldest.Close()
}

// ExecContext implements driver.ExecerContext.
func (p *prepared) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := p.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return result, p.give(s)
}

// QueryContext implements driver.QueryerContext.
func (p *prepared) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := p.take(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(ctx, args)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &giving{Rows: rows, from: p, of: s}, nil
}

// Close ends the statements with the connection.
func (p *prepared) Close() error {
	var all error
	for e := p.used.Front(); e != nil; e = e.Next() {
		all = errors.Join(all, e.Value.(idle).Close())
	}
	p.used.Init()
	clear(p.ready)
	return errors.Join(all, p.connection.Close())
}

// giving is a statement's rows, which give it back at their end.
type giving struct {
	driver.Rows
	from *prepared
	of   idle
	done bool
}

// Close implements driver.Rows.
func (g *giving) Close() error {
	if g.done {
		return nil
	}
	g.done = true
	if err := g.Rows.Close(); err != nil {
		return errors.Join(err, g.of.Close())
	}
	return g.from.give(g.of)
}
