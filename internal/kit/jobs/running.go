package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"h48/internal/kit/sqldb"
)

// Run is a job while its handler works on it.
type Run struct {
	Job
	worker *Worker
	mu     sync.Mutex
	dirty  bool
}

// Args decodes what the order gave.
func (r *Run) Args(into any) error {
	if err := json.Unmarshal([]byte(r.args), into); err != nil {
		return fmt.Errorf("reading the arguments of %s: %w: %w", r.Kind, err, ErrForGood)
	}
	return nil
}

// Progress says that step of steps is done. It is cheap: the row is written once a beat.
func (r *Run) Progress(step, steps int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Step, r.Steps, r.dirty = step, steps, true
}

// Finish leaves a result for whoever asked.
func (r *Run) Finish(result string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.Result, r.dirty = result, true
}

// Stopped says whether a person ended the run: what it has found so far is to be kept,
// for it is not tried again.
func (r *Run) Stopped(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errStopped) }

// work runs the handler, keeps the lease and the progress while it runs, and writes how
// it ended.
func (w *Worker) work(parent context.Context, job Job) {
	ctx, cancel := context.WithCancelCause(parent)
	run := &Run{Job: job, worker: w}
	ended := make(chan struct{})
	var beating sync.WaitGroup
	beating.Go(func() { w.keep(ctx, cancel, run, ended) })
	err := w.handle(ctx, run)
	close(ended)
	beating.Wait()
	cause := context.Cause(ctx)
	stopped := errors.Is(cause, errStopped)
	cancel(nil)
	if errors.Is(cause, errLost) {
		w.log.Warn("a job was taken up by another worker", "job", job.ID, "kind", job.Kind)
		return
	}
	if err := w.settle(context.WithoutCancel(parent), run, err, stopped, parent.Err() != nil); err != nil {
		w.log.Error("settling a job", "job", job.ID, "kind", job.Kind, "error", err)
	}
}

// handle calls the handler; a panic becomes a failure for good.
func (w *Worker) handle(ctx context.Context, run *Run) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler of %s panicked: %v: %w", run.Kind, p, ErrForGood)
		}
	}()
	handler, ok := w.handlers[run.Kind]
	if !ok {
		return fmt.Errorf("nobody handles %s, only %v: %w", run.Kind, slices.Sorted(maps.Keys(w.handlers)), ErrForGood)
	}
	return handler(ctx, run)
}

// keep renews the lease once a beat, writes the progress, and hears of a stop.
func (w *Worker) keep(ctx context.Context, cancel context.CancelCauseFunc, run *Run, ended <-chan struct{}) {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		stop, err := w.renew(context.WithoutCancel(ctx), run)
		switch {
		case errors.Is(err, sqldb.ErrNotFound):
			cancel(errLost)
			return
		case err != nil:
			w.log.Error("keeping a job", "job", run.ID, "error", err)
		case stop:
			cancel(errStopped)
		}
	}
}

// renew keeps the job for longer. It is ErrNotFound where the lease is no longer this
// worker's: each claim writes a later one.
func (w *Worker) renew(ctx context.Context, run *Run) (stop bool, err error) {
	run.mu.Lock()
	step, steps, dirty := run.Step, run.Steps, run.dirty
	run.dirty = false
	run.mu.Unlock()
	var until int64
	err = w.db.InTx(ctx, func(tx *sqldb.Tx) error {
		until = sqldb.Micros(tx.Now().Add(lease))
		stop, err = sqldb.Value[bool](ctx, tx, `UPDATE jobs SET leased_to = $2, step = $3, steps = $4
			WHERE id = $1 AND state = 'running' AND leased_to = $5 RETURNING stop_asked`, run.ID, until, step, steps, run.lease)
		if dirty {
			w.queue.hub.Touch(tx, Topic(run.ID))
		}
		return err
	})
	if err == nil {
		run.lease = until
	}
	return stop, err
}

// settle writes how a run ended: done, cancelled, failed for good, or waiting for
// another try after a pause that doubles. A run that the program's own stop cut off
// waits without having lost a try; one whose order was given again meanwhile waits for
// that order's moment, however it ended.
func (w *Worker) settle(ctx context.Context, run *Run, failed error, stopped, leaving bool) error {
	state, reason, pause, tries := Done, "", time.Duration(0), run.attempts
	switch {
	case failed == nil:
	case stopped:
		state = Cancelled
	case leaving:
		state, tries = Waiting, run.attempts-1
	case errors.Is(failed, ErrForGood) || run.attempts >= mostTries:
		state, reason = Failed, failed.Error()
		w.log.Error("a job failed", "job", run.ID, "kind", run.Kind, "edition", run.Edition, "error", failed)
	default:
		state, reason = Waiting, failed.Error()
		pause = min(firstPause<<(run.attempts-1), longestWait)
		w.log.Warn("a job will be tried again", "job", run.ID, "kind", run.Kind, "after", pause, "error", failed)
	}
	return w.db.InTx(ctx, func(tx *sqldb.Tx) error {
		clock, at, finished := run.clock, run.runAt, int64(0)
		if state == Waiting && pause > 0 { // a pause is in the wall's time
			clock, at = "", tx.Now().Add(pause)
		}
		if state.Ended() {
			finished = sqldb.Micros(tx.Now())
		}
		again, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET `+anew+` WHERE id = $1 AND state = 'running' AND leased_to = $2 AND asked_again`,
			run.ID, run.lease)
		if err != nil || again > 0 {
			w.queue.hub.Touch(tx, Topic(run.ID))
			tx.AfterCommit(w.queue.Wake)
			return err
		}
		_, err = sqldb.Exec(ctx, tx, `UPDATE jobs SET state = $2, clock = $3, run_at = $4, step = $5, steps = $6,
				result = $7, error = $8, finished_at = $9, attempts = $10, leased_to = 0,
				args = CASE WHEN $2 IN ('done', 'cancelled') THEN 'null' ELSE args END
			WHERE id = $1 AND state = 'running' AND leased_to = $11`,
			run.ID, string(state), clock, sqldb.Micros(at), run.Step, run.Steps, run.Result, reason, finished, tries, run.lease)
		w.queue.hub.Touch(tx, Topic(run.ID))
		return err
	})
}
