package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"h48/internal/kit/errs"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// clocks is the time of one edition, which the tests move.
type clocks struct{ now atomic.Int64 }

func (c *clocks) EditionNow(context.Context, string) (time.Time, error) {
	return time.UnixMicro(c.now.Load()).UTC(), nil
}

type bundle struct {
	db     *dbtest.DB
	queue  *jobs.Queue
	clocks *clocks
}

func setup(t *testing.T, db *dbtest.DB) bundle {
	t.Helper()
	hub, err := live.NewHub("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	return bundle{db: db, queue: jobs.NewQueue(ids.Seeded(1, db.Clock.Now), hub), clocks: &clocks{}}
}

func (b bundle) worker(handlers map[string]jobs.Handler) *jobs.Worker {
	return jobs.NewWorker(b.db.DB, b.queue, b.clocks, slog.New(slog.DiscardHandler), 2, handlers)
}

func (b bundle) order(t *testing.T, o jobs.Order) string {
	t.Helper()
	var id string
	if err := b.db.InTx(t.Context(), func(tx *sqldb.Tx) (err error) {
		id, err = b.queue.EnqueueTx(t.Context(), tx, o)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return id
}

func (b bundle) job(t *testing.T, id string) jobs.Job {
	t.Helper()
	job, err := jobs.Get(t.Context(), b.db, id)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

func run(t *testing.T, w *jobs.Worker) {
	t.Helper()
	if _, err := w.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.Wait()
}

func TestRunDue_doesTheWorkAndKeepsItsResult(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		var got struct{ Name string }
		w := b.worker(map[string]jobs.Handler{"greet": func(_ context.Context, r *jobs.Run) error {
			if err := r.Args(&got); err != nil {
				return err
			}
			r.Progress(3, 3)
			r.Finish("hello " + got.Name)
			return nil
		}})
		id := b.order(t, jobs.Order{Kind: "greet", Edition: "e", Args: map[string]string{"Name": "Zoé"}})
		run(t, w)
		if job := b.job(t, id); job.State != jobs.Done || job.Result != "hello Zoé" || job.Step != 3 || job.Finished.IsZero() {
			t.Errorf("%+v", job)
		}
	})
}

// An order whose transaction is undone was never given.
func TestEnqueueTx_existsOnlyIfCommitted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		refused := errors.New("refused")
		if err := db.InTx(t.Context(), func(tx *sqldb.Tx) error {
			if _, err := b.queue.EnqueueTx(t.Context(), tx, jobs.Order{Kind: "x", Edition: "e"}); err != nil {
				return err
			}
			return refused
		}); !errors.Is(err, refused) {
			t.Fatal(err)
		}
		if all, err := jobs.List(t.Context(), db, "e", 10); err != nil || len(all) != 0 {
			t.Errorf("%v, %v", all, err)
		}
	})
}

// A failure that passes is tried again after a pause; one for good is not.
func TestRunDue_triesAgainWhatMayPass(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		tries := 0
		w := b.worker(map[string]jobs.Handler{
			"flaky": func(context.Context, *jobs.Run) error {
				if tries++; tries < 3 {
					return errors.New("the mail server is away")
				}
				return nil
			},
			"broken": func(context.Context, *jobs.Run) error { panic("a bug") },
		})
		flaky, broken := b.order(t, jobs.Order{Kind: "flaky"}), b.order(t, jobs.Order{Kind: "broken"})
		run(t, w)
		run(t, w) // at once: the pause has not passed
		if tries != 1 {
			t.Errorf("tried %d times without a pause", tries)
		}
		for range 2 {
			db.Clock.Advance(time.Hour)
			run(t, w)
		}
		if job := b.job(t, flaky); job.State != jobs.Done || tries != 3 {
			t.Errorf("after %d tries: %+v", tries, job)
		}
		if job := b.job(t, broken); job.State != jobs.Failed || job.Error == "" {
			t.Errorf("%+v", job)
		}
	})
}

// What dies with the program is taken up by the next start.
func TestRunDue_takesUpWhatDied(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		id := b.order(t, jobs.Order{Kind: "long"})
		if err := db.InTx(t.Context(), func(tx *sqldb.Tx) error { // as a worker that was killed leaves it
			_, err := sqldb.Exec(t.Context(), tx, `UPDATE jobs SET state = 'running', attempts = 1, leased_to = $2 WHERE id = $1`,
				id, sqldb.Micros(tx.Now().Add(10*time.Second)))
			return err
		}); err != nil {
			t.Fatal(err)
		}
		ran := 0
		w := b.worker(map[string]jobs.Handler{"long": func(context.Context, *jobs.Run) error { ran++; return nil }})
		run(t, w)
		if ran != 0 {
			t.Error("a job was taken from a worker that may live")
		}
		db.Clock.Advance(time.Minute)
		run(t, w)
		if job := b.job(t, id); ran != 1 || job.State != jobs.Done {
			t.Errorf("ran %d times: %+v", ran, job)
		}
	})
}

func TestStopTx_cancelsWhatWaitsAndWhatRuns(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	stop := func(id string) error {
		return b.db.InTx(t.Context(), func(tx *sqldb.Tx) error { return b.queue.StopTx(t.Context(), tx, id) })
	}
	began := make(chan struct{})
	w := b.worker(map[string]jobs.Handler{"endless": func(ctx context.Context, r *jobs.Run) error {
		r.Progress(1, 100)
		close(began)
		<-ctx.Done()
		return ctx.Err()
	}})
	waits := b.order(t, jobs.Order{Kind: "endless", At: dbtest.Start.Add(time.Hour)})
	if err := stop(waits); err != nil || b.job(t, waits).State != jobs.Cancelled {
		t.Errorf("one that waits: %v, %s", err, b.job(t, waits).State)
	}
	runs := b.order(t, jobs.Order{Kind: "endless"})
	if _, err := w.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-began
	if err := stop(runs); err != nil {
		t.Fatal(err)
	}
	w.Wait()
	if job := b.job(t, runs); job.State != jobs.Cancelled || job.Step != 1 {
		t.Errorf("one that runs: %+v", job)
	}
	if err := stop(runs); !errs.Is(err, errs.Conflict) {
		t.Errorf("one that has ended: %v", err)
	}
}

// A job on an edition's time waits for that time, whatever the wall says; one with the
// same OnlyOne words is kept out while it lives.
func TestOrder_onEditionTimeAndOnlyOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		opens := dbtest.Start.Add(48 * time.Hour)
		b.clocks.now.Store(dbtest.Start.UnixMicro())
		ran := 0
		w := b.worker(map[string]jobs.Handler{"open": func(context.Context, *jobs.Run) error { ran++; return nil }})
		order := jobs.Order{Kind: "open", Edition: "e", At: opens, OnEditionTime: true, OnlyOne: "open:e"}
		if first, second := b.order(t, order), b.order(t, order); first == "" || second != "" {
			t.Errorf("ordered %q and %q", first, second)
		}
		db.Clock.Advance(100 * time.Hour)
		run(t, w)
		if ran != 0 {
			t.Error("it ran on the wall's time")
		}
		b.clocks.now.Store(opens.UnixMicro())
		run(t, w)
		if ran != 1 {
			t.Errorf("ran %d times at its moment", ran)
		}
	})
}

// An order for a moment that is given while the job runs is not lost to a job that may
// have looked before: it runs once more, however it ended; an order to begin at once is
// what runs already.
func TestEnqueueTx_whileItRuns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		b.clocks.now.Store(dbtest.Start.UnixMicro())
		later := dbtest.Start.Add(time.Hour)
		open := jobs.Order{Kind: "open", Edition: "e", At: dbtest.Start, OnEditionTime: true, OnlyOne: "open:e", Args: "early"}
		form := jobs.Order{Kind: "form", Edition: "e", OnlyOne: "form:e"}
		var opened []string
		formed := 0
		w := b.worker(map[string]jobs.Handler{
			"open": func(_ context.Context, r *jobs.Run) error {
				var when string
				if err := r.Args(&when); err != nil {
					return err
				}
				if opened = append(opened, when); when == "early" { // the minute is moved while it looks
					moved := open
					moved.At, moved.Args = later, "late"
					if b.order(t, moved) != "" {
						t.Error("a second job was made")
					}
					r.Progress(5, 5)
					return errors.New("the mail server is away")
				}
				return nil
			},
			"form": func(context.Context, *jobs.Run) error {
				formed++
				if b.order(t, form) != "" {
					t.Error("a second press was taken")
				}
				return nil
			},
		})
		opens, forms := b.order(t, open), b.order(t, form)
		run(t, w)
		run(t, w)
		if job := b.job(t, opens); job.State != jobs.Waiting || job.Step != 0 || !slices.Equal(opened, []string{"early"}) {
			t.Errorf("moved while it ran, it ran %v: %+v", opened, job)
		}
		b.clocks.now.Store(later.UnixMicro())
		run(t, w)
		run(t, w)
		if job := b.job(t, opens); job.State != jobs.Done || !slices.Equal(opened, []string{"early", "late"}) {
			t.Errorf("at the new moment it ran %v: %+v", opened, job)
		}
		if job := b.job(t, forms); job.State != jobs.Done || formed != 1 {
			t.Errorf("formed %d times: %+v", formed, job)
		}
	})
}
