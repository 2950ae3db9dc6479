package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// A worker that slept so long that another took its job up does not write over how that
// one ended; the machine that slept does not run its own job a second time.
func TestRunDue_afterASleep(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ended := errors.New("cut off")
		other := b.worker(map[string]jobs.Handler{"long": func(_ context.Context, r *jobs.Run) error { r.Finish("other"); return nil }})
		var sleeper *jobs.Worker
		sleeper = b.worker(map[string]jobs.Handler{"long": func(ctx context.Context, r *jobs.Run) error {
			r.Finish("sleeper")
			for b.job(t, r.ID).State == jobs.Running { // its own beat may keep the job in between
				db.Clock.Advance(time.Hour)
				if n, err := sleeper.RunDue(ctx); err != nil || n != 0 {
					t.Errorf("it took its own job: %d, %v", n, err)
				}
				run(t, other)
			}
			return ended
		}})
		id := b.order(t, jobs.Order{Kind: "long"})
		run(t, sleeper)
		if job := b.job(t, id); job.State != jobs.Done || job.Result != "other" {
			t.Errorf("%+v", job)
		}
	})
}

// die leaves the job as a worker that was killed long ago does.
func (b bundle) die(t *testing.T, id string) {
	t.Helper()
	if err := b.db.InTx(t.Context(), func(tx *sqldb.Tx) error {
		_, err := sqldb.Exec(t.Context(), tx, `UPDATE jobs SET state = 'running', attempts = attempts + 1, leased_to = 1 WHERE id = $1`, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// A job that kills the program is given up after as many tries as one that fails.
func TestRunDue_givesUpWhatKills(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ran := 0
		w := b.worker(map[string]jobs.Handler{"deadly": func(context.Context, *jobs.Run) error { ran++; return nil }})
		id := b.order(t, jobs.Order{Kind: "deadly"})
		for range 8 {
			b.die(t, id)
		}
		run(t, w)
		if job := b.job(t, id); job.State != jobs.Failed || job.Error == "" || ran != 0 {
			t.Errorf("ran %d times: %+v", ran, job)
		}
	})
}

// The program's own stop costs no try, however often it stops.
func TestStop_costsNoTry(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	id := b.order(t, jobs.Order{Kind: "long"})
	for range 10 {
		began := make(chan struct{})
		w := b.worker(map[string]jobs.Handler{"long": func(ctx context.Context, _ *jobs.Run) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		}})
		w.Start()
		<-began
		w.Stop()
	}
	ran := 0
	run(t, b.worker(map[string]jobs.Handler{"long": func(context.Context, *jobs.Run) error {
		ran++
		return errors.New("the mail server is away")
	}}))
	if job := b.job(t, id); ran != 1 || job.State != jobs.Waiting {
		t.Errorf("ran %d times: %+v", ran, job)
	}
}

// An order for another moment moves the job that waits, earlier or later; one given while
// the job ran is kept when its worker dies, and forgotten when it is taken back.
func TestEnqueueTx_movesTheMoment(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		at := func(hours time.Duration, says string) jobs.Order {
			return jobs.Order{Kind: "open", Edition: "e", At: dbtest.Start.Add(hours * time.Hour), OnEditionTime: true, OnlyOne: "open:e", Args: says}
		}
		var opened []string
		w := b.worker(map[string]jobs.Handler{"open": func(_ context.Context, r *jobs.Run) error {
			var says string
			err := r.Args(&says)
			opened = append(opened, says)
			if says == "taken back" {
				b.order(t, at(9, "never"))
				err = errors.Join(err, b.db.InTx(t.Context(), func(tx *sqldb.Tx) error { return b.queue.DropTx(t.Context(), tx, "open:e") }))
			}
			return err
		}})
		runAt := func(hours time.Duration) {
			b.clocks.now.Store(dbtest.Start.Add(hours * time.Hour).UnixMicro())
			run(t, w)
		}
		b.order(t, at(5, "first"))
		b.order(t, at(2, "earlier"))
		runAt(2)
		b.order(t, at(3, "first"))
		id := b.order(t, at(3, "dropped, since it is there"))
		if id != "" {
			t.Error("a second job was made")
		}
		b.order(t, at(4, "later"))
		runAt(3)
		runAt(4)
		all, err := jobs.List(t.Context(), db, "e", 10)
		if err != nil || len(all) != 2 {
			t.Fatalf("%v, %v", all, err)
		}
		lost := b.order(t, at(5, "killed"))
		b.die(t, lost)
		b.order(t, at(6, "after the death"))
		runAt(5)
		runAt(6)
		last := b.order(t, at(7, "taken back"))
		runAt(7)
		runAt(9)
		if want := []string{"earlier", "later", "after the death", "taken back"}; !slices.Equal(opened, want) {
			t.Errorf("opened %q, want %q", opened, want)
		}
		if job := b.job(t, last); job.State != jobs.Done {
			t.Errorf("%+v", job)
		}
	})
}

// gone is a clock that knows no edition.
type gone struct{}

func (gone) EditionNow(context.Context, string) (time.Time, error) {
	return time.Time{}, sqldb.ErrNotFound
}

// An edition whose time cannot be read keeps nobody else's letters back.
func TestRunDue_oneClockStandsStill(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	ran := 0
	w := jobs.NewWorker(b.db.DB, b.queue, gone{}, slog.New(slog.DiscardHandler), 2,
		map[string]jobs.Handler{"mail": func(context.Context, *jobs.Run) error { ran++; return nil }})
	b.order(t, jobs.Order{Kind: "mail", Edition: "gone", At: dbtest.Start, OnEditionTime: true})
	b.order(t, jobs.Order{Kind: "mail"})
	run(t, w)
	if ran != 1 {
		t.Errorf("%d letters went out", ran)
	}
}
