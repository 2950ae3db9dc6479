package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"h48/internal/kit/sqldb"
)

// How the worker keeps time.
const (
	poll        = 500 * time.Millisecond
	beat        = time.Second
	lease       = 15 * time.Second
	mostTries   = 8
	firstPause  = 2 * time.Second
	longestWait = 10 * time.Minute
)

// ErrForGood marks a failure that another try would not mend; wrap it.
var ErrForGood = errors.New("for good")

var (
	errStopped = errors.New("stopped by a person")
	errLost    = errors.New("taken up by another worker")
)

// Handler does the work of one kind of job. It returns nil when all is done, an error to
// be tried again later, or one that wraps ErrForGood. When the context ends it returns
// soon; what it has done so far stays done.
type Handler func(ctx context.Context, run *Run) error

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

// Clocks tells the time of editions.
type Clocks interface {
	EditionNow(ctx context.Context, edition string) (time.Time, error)
}

// Worker runs due jobs, a few at a time, until it is stopped.
type Worker struct {
	db       *sqldb.DB
	queue    *Queue
	clocks   Clocks
	log      *slog.Logger
	handlers map[string]Handler
	slots    chan struct{}
	mine     sync.Map // the ids of the jobs that run here

	cancel  context.CancelFunc
	running sync.WaitGroup
}

// NewWorker returns a worker that runs at most width jobs at once; handlers maps the
// kinds it knows.
func NewWorker(db *sqldb.DB, queue *Queue, clocks Clocks, log *slog.Logger, width int, handlers map[string]Handler) *Worker {
	return &Worker{db: db, queue: queue, clocks: clocks, log: log, handlers: handlers, slots: make(chan struct{}, width)}
}

// Start begins to work in the background.
func (w *Worker) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	w.running.Go(func() { w.loop(ctx) })
}

// Stop ends the work: running handlers are told, and what they leave undone waits for
// the next start. It returns when all have ended, and may be called twice.
func (w *Worker) Stop() {
	if w.cancel != nil {
		w.cancel()
	}
	w.running.Wait()
}

func (w *Worker) loop(ctx context.Context) {
	for {
		if _, err := w.RunDue(ctx); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "looking for jobs", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-w.queue.wake:
		case <-time.After(poll):
		}
	}
}

// RunDue starts every job that is due and for which there is a slot, and returns how
// many. Tests call it instead of Start.
func (w *Worker) RunDue(ctx context.Context) (int, error) {
	due, err := w.due(ctx)
	if err != nil {
		return 0, err
	}
	started := 0
	for _, d := range due {
		select {
		case w.slots <- struct{}{}:
		case <-ctx.Done():
			return started, nil
		}
		job, err := w.claim(ctx, d)
		if err != nil || job == nil {
			<-w.slots
			if err != nil {
				return started, err
			}
			continue
		}
		started++
		w.mine.Store(job.ID, nil)
		w.running.Go(func() {
			defer func() { <-w.slots }()
			defer w.mine.Delete(job.ID)
			w.work(ctx, *job)
		})
	}
	return started, nil
}

// Wait returns when no handler runs.
func (w *Worker) Wait() { w.running.Wait() }

// due is a job whose moment has come on its own clock.
type due struct{ id, clock string }

// now is the time on a clock: the wall's for "", else an edition's.
func (w *Worker) now(ctx context.Context, clock string) (time.Time, error) {
	if clock == "" {
		return w.db.Now(), nil
	}
	at, err := w.clocks.EditionNow(ctx, clock)
	if err != nil {
		return at, fmt.Errorf("asking the time of edition %s: %w", clock, err)
	}
	return at, nil
}

// due lists the jobs whose moment has come on their own clock, and those whose worker
// has died. A clock that cannot be read keeps back its own jobs only.
func (w *Worker) due(ctx context.Context) ([]due, error) {
	clocks, err := sqldb.All(ctx, w.db, func(s *string) []any { return []any{s} },
		`SELECT DISTINCT clock FROM jobs WHERE state = 'waiting' OR state = 'running'`)
	if err != nil {
		return nil, err
	}
	var all []due
	for _, clock := range clocks {
		at, err := w.now(ctx, clock)
		if err != nil {
			w.log.ErrorContext(ctx, "looking for jobs", "error", err)
			continue
		}
		found, err := sqldb.All(ctx, w.db, func(d *due) []any { return []any{&d.id, &d.clock} },
			`SELECT id, clock FROM jobs WHERE clock = $1 AND
				((state = 'waiting' AND run_at <= $2) OR (state = 'running' AND leased_to < $3))
			ORDER BY run_at, id LIMIT 200`, clock, sqldb.Micros(at), sqldb.Micros(w.db.Now()))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return slices.DeleteFunc(all, func(d due) bool { _, runs := w.mine.Load(d.id); return runs }), nil
}

// claim takes the job for this worker, or returns nil when another was faster, or when
// it is no longer due: while it waited for a slot its moment, or its clock, may have been
// moved. A job that ended its worker as often as it may be tried is given up.
func (w *Worker) claim(ctx context.Context, d due) (*Job, error) {
	at, err := w.now(ctx, d.clock)
	if err != nil {
		return nil, err
	}
	var job *Job
	err = w.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := revive(ctx, tx, d.id); err != nil {
			return err
		}
		n, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_to = $2
			WHERE id = $1 AND clock = $4 AND ((state = 'waiting' AND run_at <= $5) OR (state = 'running' AND leased_to < $3))`,
			d.id, sqldb.Micros(tx.Now().Add(lease)), sqldb.Micros(tx.Now()), d.clock, sqldb.Micros(at))
		if err != nil || n == 0 {
			return err
		}
		w.queue.hub.Touch(tx, Topic(d.id))
		claimed, err := Get(ctx, tx, d.id)
		if err != nil || claimed.attempts <= mostTries {
			job = &claimed
			return err
		}
		w.log.Error("a job ended its worker each time", "job", d.id, "kind", claimed.Kind, "edition", claimed.Edition)
		_, err = sqldb.Exec(ctx, tx, `UPDATE jobs SET state = 'failed', error = $2, finished_at = $3, leased_to = 0 WHERE id = $1`,
			d.id, "it ended the program, or was left behind, each time", sqldb.Micros(tx.Now()))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("taking the job %s: %w", d.id, err)
	}
	return job, nil
}

// revive lets a job whose worker died wait for the moment for which it was ordered again
// while it ran.
func revive(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET `+anew+` WHERE id = $1 AND state = 'running' AND leased_to < $2 AND asked_again`,
		id, sqldb.Micros(tx.Now()))
	return err
}

// anew is a job as its order begins it.
const anew = `state = 'waiting', asked_again = FALSE, attempts = 0, stop_asked = FALSE, step = 0, steps = 0, result = '', error = '', leased_to = 0`

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
