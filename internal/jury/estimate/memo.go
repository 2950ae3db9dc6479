// Package estimate keeps the rankings that were computed last, so that the second reader
// of the same marks does not wait for what the first one computed, and computes what takes
// a fit a juror while nobody waits for it. The same marks give the same ranking, so nothing
// kept here can be wrong, only older than what was asked for, and then it says so. It ranks
// nothing itself and keeps nothing over a restart.
package estimate

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"h48/engine/ranking"
)

// kept is how many rankings are kept: of a few rounds the common one and prizes' own, each with and
// without the jurors' influence.
const kept = 16

// Memo keeps rankings; the nil Memo computes each anew. It is for many goroutines.
type Memo struct {
	now  func() time.Time
	ctx  context.Context // of what is computed while nobody waits
	stop context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex
	recent  []entry // the one asked for last in front
	flights map[key]*flight
	lines   map[string]*line
}

type key struct {
	of        string // the event's fingerprint
	floor     int
	influence bool
}

type entry struct {
	key
	result ranking.Result
}

// flight is a ranking that is being computed.
type flight struct {
	landed chan struct{}
	result ranking.Result
	err    error
}

// New returns an empty memo; now measures how long computing takes. Close it.
func New(now func() time.Time) *Memo {
	ctx, stop := context.WithCancel(context.Background())
	return &Memo{now: now, ctx: ctx, stop: stop, flights: map[key]*flight{}, lines: map[string]*line{}}
}

// Close stops what is computed while nobody waits, and waits until it has stopped.
func (m *Memo) Close() {
	m.mu.Lock()
	m.stop()
	m.mu.Unlock()
	m.work.Wait()
}

// Rank is ranking.Rank for the event of the fingerprint; however many ask for it at once,
// it is computed once. Who gets the result only reads it: others have the same.
func (m *Memo) Rank(ctx context.Context, fingerprint string, e ranking.Event, o ranking.Options) (ranking.Result, error) {
	if m == nil {
		return ranking.Rank(ctx, e, o)
	}
	k := key{of: fingerprint, floor: o.Floor, influence: o.Influence}
	for {
		had, f, first := m.join(k)
		if f == nil {
			return had, nil
		}
		if first {
			return m.fly(ctx, k, f, e, o)
		}
		select {
		case <-f.landed:
		case <-ctx.Done():
			return ranking.Result{}, ctx.Err()
		}
		if !errors.Is(f.err, context.Canceled) && !errors.Is(f.err, context.DeadlineExceeded) {
			return f.result, f.err
		} // whoever computed it went away: somebody else does
	}
}

// join finds the ranking, or joins the flight that computes it, as the first or not.
func (m *Memo) join(k key) (had ranking.Result, f *flight, first bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if had, is := m.find(k); is {
		return had, nil, false
	}
	if f = m.flights[k]; f == nil {
		f, first = &flight{landed: make(chan struct{})}, true
		m.flights[k] = f
	}
	return had, f, first
}

var errNotComputed = errors.New("the ranking was not computed")

// fly computes the ranking of a flight. Who waits for it is let go even where that panics.
func (m *Memo) fly(ctx context.Context, k key, f *flight, e ranking.Event, o ranking.Options) (ranking.Result, error) {
	f.err = errNotComputed
	defer m.land(k, f)
	f.result, f.err = ranking.Rank(ctx, e, o)
	return f.result, f.err
}

// land keeps what a flight brought and tells those who wait for it.
func (m *Memo) land(k key, f *flight) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.flights, k)
	if f.err == nil {
		m.recent = slices.Insert(m.recent, 0, entry{k, f.result})
		m.recent = m.recent[:min(len(m.recent), kept)]
	}
	close(f.landed)
}

func (m *Memo) find(k key) (ranking.Result, bool) {
	i := slices.IndexFunc(m.recent, func(e entry) bool { return e.key == k })
	if i < 0 {
		return ranking.Result{}, false
	}
	e := m.recent[i]
	m.recent = slices.Insert(slices.Delete(m.recent, i, i+1), 0, e)
	return e.result, true
}
