package estimate

import (
	"context"
	"fmt"
	"time"

	"h48/engine/ranking"
)

// quick is how many visits times jurors a ranking with the jurors' influence may have to be
// computed at once, in some tens of milliseconds.
const quick = 20_000

// restFor is how many times as long as the last computation took nothing is computed
// afterwards: while marks stream in, a tenth of one processor goes into it.
const restFor = 9

// Weighed is a ranking with each juror's influence.
type Weighed struct {
	Jurors []ranking.JurorReport
	Visits int // of the event that it was computed from
	// Failed is why what was asked for could not be computed; it is not tried again before
	// Retry.
	Failed error
}

// line is what is computed for one purpose, one after another: the newest that was asked for
// next, those in between never.
type line struct {
	busy bool
	next *task
	last Weighed
	// lost is the fingerprint of what could not be computed, and why; "" where nothing failed.
	lost string
	why  error
}

type task struct {
	fingerprint string
	event       ranking.Event
	options     ranking.Options
	ready       func()
}

// Weigh says how far each juror's sheets move the ranking of the event. What would take long
// is computed while nobody waits: then the answer is the last one of the same purpose, empty
// before there is one, and not fresh; ready is called when there is a newer one, or none will be.
func (m *Memo) Weigh(ctx context.Context, purpose, fingerprint string, e ranking.Event, o ranking.Options, ready func()) (w Weighed, fresh bool, err error) {
	o.Influence = true
	if m == nil || len(e.Visits)*len(e.Jurors) <= quick {
		r, err := m.Rank(ctx, fingerprint, e, o)
		return Weighed{Jurors: r.Jurors, Visits: len(e.Visits)}, err == nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if had, is := m.find(key{of: fingerprint, floor: o.Floor, influence: true}); is {
		return Weighed{Jurors: had.Jurors, Visits: len(e.Visits)}, true, nil
	}
	l := m.lines[purpose]
	if l == nil {
		l = &line{}
		m.lines[purpose] = l
	}
	if l.lost == fingerprint { // each reader would have the same failure computed again
		w = l.last
		w.Failed = l.why
		return w, false, nil
	}
	l.next = &task{fingerprint, e, o, ready}
	if !l.busy && m.ctx.Err() == nil {
		l.busy = true
		m.work.Go(func() { m.weigh(l) })
	}
	return l.last, false, nil
}

// weigh computes what the line has, until it has nothing more.
func (m *Memo) weigh(l *line) {
	for {
		m.mu.Lock()
		t := l.next
		l.next, l.busy = nil, t != nil
		m.mu.Unlock()
		if t == nil {
			return
		}
		began := m.now()
		r, err := m.rankOr(t)
		took := m.now().Sub(began)
		if m.ctx.Err() != nil {
			return
		}
		m.mu.Lock()
		if l.lost, l.why = "", nil; err == nil {
			l.last = Weighed{Jurors: r.Jurors, Visits: len(t.event.Visits)}
		} else {
			l.lost, l.why = t.fingerprint, err
		}
		m.mu.Unlock()
		t.ready()
		rest := time.NewTimer(restFor * took)
		select {
		case <-rest.C:
		case <-m.ctx.Done():
			rest.Stop()
		}
	}
}

// rankOr ranks; a panic is a failure, for beside a page nothing may take the program down.
func (m *Memo) rankOr(t *task) (r ranking.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("ranking panicked: %v", p)
		}
	}()
	return m.Rank(m.ctx, t.fingerprint, t.event, t.options)
}

// Retry lets what failed for the purpose be computed again when it is next asked for.
func (m *Memo) Retry(purpose string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if l := m.lines[purpose]; l != nil {
		l.lost = ""
	}
}
