package jobs

import (
	"context"
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

// Clocks tells the time of editions.
type Clocks interface {
	EditionNow(ctx context.Context, edition string) (time.Time, error)
}

// Worker runs due jobs, a few of each kind at a time, until it is stopped. Kinds do not
// wait for each other: the results open at their minute though ten thousand letters are
// under way, and teams are being formed.
type Worker struct {
	db       *sqldb.DB
	queue    *Queue
	clocks   Clocks
	log      *slog.Logger
	handlers map[string]Handler
	lanes    map[string]chan struct{} // the slots of each kind
	mine     sync.Map                 // the ids of the jobs that run here

	cancel  context.CancelFunc
	running sync.WaitGroup
}

// NewWorker returns a worker that runs at most width jobs of a kind at once; handlers maps
// the kinds it knows.
func NewWorker(db *sqldb.DB, queue *Queue, clocks Clocks, log *slog.Logger, width int, handlers map[string]Handler) *Worker {
	w := &Worker{db: db, queue: queue, clocks: clocks, log: log, handlers: handlers, lanes: map[string]chan struct{}{}}
	w.lanes[unhandled] = make(chan struct{}, width)
	for kind := range handlers {
		w.lanes[kind] = make(chan struct{}, width)
	}
	return w
}

// unhandled stands for all kinds that no handler knows; no kind is called so.
const unhandled = ""

// lane is where the slots of a kind are.
func (w *Worker) lane(kind string) chan struct{} {
	if lane, known := w.lanes[kind]; known {
		return lane
	}
	return w.lanes[unhandled]
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

// loop looks for due jobs and has those of each kind started one after the other, beside
// those of the other kinds. A kind whose jobs are being started is not looked at again
// before all of them have been.
func (w *Worker) loop(ctx context.Context) {
	busy, ready := map[string]bool{}, make(chan string)
	for {
		found, err := w.due(ctx, slices.Sorted(maps.Keys(busy)))
		if err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "looking for jobs", "error", err)
		}
		byKind := map[string][]due{}
		for _, d := range found {
			byKind[d.kind] = append(byKind[d.kind], d)
		}
		for kind, list := range byKind {
			busy[kind] = true
			w.running.Go(func() {
				w.startAll(ctx, list)
				select {
				case ready <- kind:
				case <-ctx.Done():
				}
			})
		}
		if len(found) > 0 {
			continue // what these hid
		}
		select {
		case <-ctx.Done():
			return
		case kind := <-ready:
			delete(busy, kind)
		case <-w.queue.wake:
		case <-time.After(poll):
		}
	}
}

func (w *Worker) startAll(ctx context.Context, list []due) {
	for _, d := range list {
		if _, err := w.start(ctx, d); err != nil && ctx.Err() == nil {
			w.log.ErrorContext(ctx, "starting a job", "job", d.id, "kind", d.kind, "error", err)
			select { // a full disk is not mended by trying at once
			case <-time.After(poll):
			case <-ctx.Done():
			}
			return
		}
	}
}

// RunDue starts every job that is due, and returns how many. Tests call it instead of
// Start.
func (w *Worker) RunDue(ctx context.Context) (int, error) {
	found, err := w.due(ctx, nil)
	if err != nil {
		return 0, err
	}
	started := 0
	for _, d := range found {
		took, err := w.start(ctx, d)
		if err != nil {
			return started, err
		}
		if took {
			started++
		}
	}
	return started, nil
}

// start waits for a slot of the job's kind, takes the job and has it worked on; false
// where it was no longer to be had.
func (w *Worker) start(ctx context.Context, d due) (bool, error) {
	lane := w.lane(d.kind)
	select {
	case lane <- struct{}{}:
	case <-ctx.Done():
		return false, nil
	}
	job, err := w.claim(ctx, d)
	if err != nil || job == nil {
		<-lane
		return false, err
	}
	w.mine.Store(job.ID, nil)
	w.running.Go(func() {
		defer func() { <-lane }()
		defer w.mine.Delete(job.ID)
		w.work(ctx, *job)
	})
	return true, nil
}

// Wait returns when no handler runs.
func (w *Worker) Wait() { w.running.Wait() }

// due is a job whose moment has come on its own clock.
type due struct{ id, clock, kind string }

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
// has died, but those of some kinds. A clock that cannot be read keeps back its own jobs
// only.
func (w *Worker) due(ctx context.Context, but []string) ([]due, error) {
	clocks, err := sqldb.All(ctx, w.db, func(s *string) []any { return []any{s} },
		`SELECT DISTINCT clock FROM jobs WHERE state = 'waiting' OR state = 'running'`)
	if err != nil {
		return nil, err
	}
	but = append([]string{unhandled}, but...) // a list cannot be empty
	var all []due
	for _, clock := range clocks {
		at, err := w.now(ctx, clock)
		if err != nil {
			w.log.ErrorContext(ctx, "looking for jobs", "error", err)
			continue
		}
		args := []any{clock, sqldb.Micros(at), sqldb.Micros(w.db.Now())}
		for _, kind := range but {
			args = append(args, kind)
		}
		found, err := sqldb.All(ctx, w.db, func(d *due) []any { return []any{&d.id, &d.clock, &d.kind} },
			`SELECT id, clock, kind FROM jobs WHERE clock = $1 AND
				((state = 'waiting' AND run_at <= $2) OR (state = 'running' AND leased_to < $3))
				AND kind NOT IN `+sqldb.In(4, len(but))+` ORDER BY run_at, id LIMIT 200`, args...)
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
