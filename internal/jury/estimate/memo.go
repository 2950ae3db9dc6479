// Package estimate keeps the rankings that were computed last, so that the second reader
// of the same marks does not wait for what the first one computed. The same marks give
// the same ranking, so nothing here can be out of date. It ranks nothing itself and keeps
// nothing over a restart.
package estimate

import (
	"context"
	"slices"
	"sync"

	"h48/engine/ranking"
)

// kept is how many rankings are kept: of a few rounds the common one and prizes' own, each with and
// without the jurors' influence.
const kept = 16

// Memo keeps rankings; the nil Memo computes each anew. It is for many goroutines.
type Memo struct {
	mu     sync.Mutex
	recent []entry // the one asked for last in front
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

// Rank is ranking.Rank for the event of the fingerprint. Who gets the result only reads
// it: others have the same.
func (m *Memo) Rank(ctx context.Context, fingerprint string, e ranking.Event, o ranking.Options) (ranking.Result, error) {
	if m == nil {
		return ranking.Rank(ctx, e, o)
	}
	k := key{of: fingerprint, floor: o.Floor, influence: o.Influence}
	if had, is := m.find(k); is {
		return had, nil
	}
	result, err := ranking.Rank(ctx, e, o)
	if err == nil {
		m.keep(entry{k, result})
	}
	return result, err
}

func (m *Memo) find(k key) (ranking.Result, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.recent, func(e entry) bool { return e.key == k })
	if i < 0 {
		return ranking.Result{}, false
	}
	e := m.recent[i]
	m.recent = slices.Insert(slices.Delete(m.recent, i, i+1), 0, e)
	return e.result, true
}

func (m *Memo) keep(e entry) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.recent = slices.Insert(m.recent, 0, e)
	m.recent = m.recent[:min(len(m.recent), kept)]
}
