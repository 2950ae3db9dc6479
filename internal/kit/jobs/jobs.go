// Package jobs runs work that takes long or comes later: sending, importing, making
// PDFs, forming teams, opening the results at their minute.
//
// A job is a row in the same database, added in the transaction of what asks for it: it
// exists if and only if that commits. It shows its progress, can be stopped, is tried
// again when it fails for a passing reason, and is taken up by the next start when the
// program dies under it. So a handler may run twice and must bear it. What a job was
// ordered with, such as a letter and whom it is for, is forgotten when it is done; the row
// stays. The package keeps no timetable: what comes again orders itself again.
package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
)

// State is where a job stands.
type State string

// The states of a job.
const (
	Waiting   State = "waiting"
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Ended says whether nothing more will happen.
func (s State) Ended() bool { return s == Done || s == Failed || s == Cancelled }

// Job is one piece of work as a reader sees it.
type Job struct {
	ID, Kind, Edition string
	State             State
	// Step of Steps is the progress; Steps is 0 while it is not known.
	Step, Steps int
	// Result is what the handler left: often the key of a file, or words.
	Result string
	// Error says why it failed, in words for the log.
	Error    string
	AskedBy  string
	Created  time.Time
	Finished time.Time

	args     string
	clock    string
	runAt    time.Time
	attempts int
	stop     bool
	lease    int64 // until when a worker has it, in microseconds
}

// Order asks for a job.
type Order struct {
	// Kind names the handler; Args is what it gets, as JSON.
	Kind string
	Args any
	// Edition is whose job it is; empty for the installation's.
	Edition string
	// At is when it is due: in the edition's time when OnEditionTime, else the wall's.
	// The zero time is now.
	At            time.Time
	OnEditionTime bool
	// OnlyOne, when set, keeps a second job with the same words out while one lives:
	// the order is then dropped without an error. An order for a moment is not lost: one
	// that waits is moved to it, earlier or later; one that runs may have read the world
	// before what the order is about, and runs once more when it has ended, as the order
	// says.
	OnlyOne string
	// AskedBy is the account that asked; it may follow and stop the job.
	AskedBy string
}

// Queue takes orders.
type Queue struct {
	ids  *ids.Source
	hub  *live.Hub
	wake chan struct{}
}

// NewQueue returns a queue; a Worker that shares it starts on new jobs at once.
func NewQueue(source *ids.Source, hub *live.Hub) *Queue {
	return &Queue{ids: source, hub: hub, wake: make(chan struct{}, 1)}
}

// Topic is what a page that shows the job listens to.
func Topic(id string) string { return "job:" + id }

// EnqueueTx adds the job in the transaction and returns its id, or "" when OnlyOne kept
// it out.
func (q *Queue) EnqueueTx(ctx context.Context, tx *sqldb.Tx, o Order) (string, error) {
	args, err := json.Marshal(o.Args)
	if err != nil {
		return "", fmt.Errorf("writing the arguments of %s: %w", o.Kind, err)
	}
	id, clock := q.ids.ID(), ""
	forMoment := o.OnEditionTime || !o.At.IsZero()
	if o.OnEditionTime {
		clock = o.Edition
	} else if !forMoment {
		o.At = tx.Now()
	}
	var onlyOne any
	if o.OnlyOne != "" {
		onlyOne = o.OnlyOne
	}
	lives, err := sqldb.All(ctx, tx, func(s *string) []any { return []any{s} }, `INSERT INTO jobs (id, kind, edition_id, args, state, clock, run_at, only_one,
			attempts, stop_asked, step, steps, result, error, asked_by, created_at, leased_to, finished_at)
		VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $7, 0, FALSE, 0, 0, '', '', $8, $9, 0, 0)
		ON CONFLICT (only_one) WHERE state IN ('waiting', 'running') DO UPDATE
			SET asked_again = (jobs.state = 'running'), args = excluded.args, clock = excluded.clock, run_at = excluded.run_at,
				attempts = CASE WHEN jobs.state = 'running' THEN jobs.attempts ELSE 0 END
			WHERE CAST($10 AS BOOLEAN) AND (jobs.state = 'running' OR jobs.run_at <> excluded.run_at
				OR jobs.clock <> excluded.clock OR jobs.args <> excluded.args)
		RETURNING id`,
		id, o.Kind, o.Edition, string(args), clock, sqldb.Micros(o.At), onlyOne, o.AskedBy, sqldb.Micros(tx.Now()), forMoment)
	if err != nil {
		return "", fmt.Errorf("adding the job %s: %w", o.Kind, err)
	}
	if !slices.Contains(lives, id) {
		return "", nil
	}
	tx.AfterCommit(q.Wake)
	return id, nil
}

// ForgetTx takes the arguments of the jobs that failed before that moment away: nobody
// looks into them any more, and a letter that could not be sent is still about somebody.
func ForgetTx(ctx context.Context, tx *sqldb.Tx, before time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET args = 'null' WHERE state = 'failed' AND finished_at < $1 AND args <> 'null'`, sqldb.Micros(before))
	if err != nil {
		return fmt.Errorf("forgetting what failed jobs were about: %w", err)
	}
	return nil
}

// Wake makes the worker look for due jobs now, as after an edition's clock has jumped.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// StopTx asks for the end of a job: one that waits is cancelled at once, one that runs
// within a second. Stopping a job that has ended is a Conflict.
func (q *Queue) StopTx(ctx context.Context, tx *sqldb.Tx, id string) error {
	n, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET stop_asked = TRUE,
			args = CASE WHEN state = 'waiting' THEN 'null' ELSE args END,
			finished_at = CASE WHEN state = 'waiting' THEN CAST($2 AS BIGINT) ELSE finished_at END,
			state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END
		WHERE id = $1 AND state IN ('waiting', 'running')`, id, sqldb.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("stopping the job %s: %w", id, err)
	}
	if n == 0 {
		return errs.New(errs.Conflict, "error.job_ended")
	}
	q.hub.Touch(tx, Topic(id))
	return nil
}

// DropTx takes back the order with the OnlyOne words, as when there is no moment for it
// any more: the job that waits is cancelled, one that runs does not run once more.
func (q *Queue) DropTx(ctx context.Context, tx *sqldb.Tx, onlyOne string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET asked_again = FALSE,
			args = CASE WHEN state = 'waiting' THEN 'null' ELSE args END,
			finished_at = CASE WHEN state = 'waiting' THEN CAST($2 AS BIGINT) ELSE finished_at END,
			state = CASE WHEN state = 'waiting' THEN 'cancelled' ELSE state END
		WHERE only_one = $1 AND state IN ('waiting', 'running')`, onlyOne, sqldb.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("dropping the job %s: %w", onlyOne, err)
	}
	return nil
}

const columns = `id, kind, edition_id, args, state, clock, run_at, attempts, stop_asked,
	step, steps, result, error, asked_by, created_at, finished_at, leased_to`

func fields(j *Job) []any {
	return []any{&j.ID, &j.Kind, &j.Edition, &j.args, &j.State, &j.clock, sqldb.Moment{Time: &j.runAt}, &j.attempts, &j.stop,
		&j.Step, &j.Steps, &j.Result, &j.Error, &j.AskedBy, sqldb.Moment{Time: &j.Created}, sqldb.Moment{Time: &j.Finished}, &j.lease}
}

// Get returns a job.
func Get(ctx context.Context, q sqldb.Querier, id string) (Job, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM jobs WHERE id = $1`, id)
}

// List returns the newest jobs of the edition, at most limit.
func List(ctx context.Context, q sqldb.Querier, edition string, limit int) ([]Job, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM jobs WHERE edition_id = $1
		ORDER BY created_at DESC, id DESC LIMIT $2`, edition, limit)
}
