package meeting_test

import (
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/mentoring"
	"h48/internal/mentoring/meeting"
)

// A plan is published in the instant in which a mentor leaves: nobody is told to meet them,
// and what was published stays published.
func TestPublish_besideALeave(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		start := w.Edition.At[edition.Starts].Add(5 * time.Hour)
		must(t, w.service.SetRound(ctx, w.Boss, id, meeting.Round{From: start, To: start.Add(time.Hour), Minutes: 20, PerTeam: 2, PerMentor: 3}))
		must(t, w.service.Wish(ctx, w.ana, id, []mentoring.ThemeID{w.web}))
		must(t, w.service.Wish(ctx, w.bilal, id, []mentoring.ThemeID{w.web}))
		for range 4 {
			_, err := w.service.Order(ctx, w.Boss, id, false)
			must(t, err)
			w.RunJobs(w.service.Jobs())
			var published, left error
			dbtest.AtOnce(
				func() { published = w.service.Publish(ctx, w.Boss, id) },
				func() { left = w.service.Leave(ctx, w.renee, id, w.renee.ID) })
			must(t, left)
			if n := len(w.mine(w.renee)); n != 0 {
				t.Fatalf("%d meetings wait for somebody who left", n)
			}
			v, err := w.service.See(ctx, w.Boss, id)
			must(t, err)
			if published == nil && v.Round.Published.IsZero() {
				t.Fatal("a publication was forgotten")
			}
			w.RunJobs(w.service.Jobs())
			must(t, w.service.Return(ctx, w.renee, id, w.renee.ID))
		}
	})
}

// The time for meetings is changed in the instant in which a plan is ordered: both hold.
func TestSetRound_besideAnOrder(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		start := w.Edition.At[edition.Starts].Add(5 * time.Hour)
		round := meeting.Round{From: start, To: start.Add(time.Hour), Minutes: 20, PerTeam: 2, PerMentor: 3}
		must(t, w.service.SetRound(ctx, w.Boss, id, round))
		for minutes := 19; minutes > 13; minutes-- {
			round.Minutes = minutes
			var set, ordered error
			var job string
			dbtest.AtOnce(
				func() { set = w.service.SetRound(ctx, w.Boss, id, round) },
				func() { job, ordered = w.service.Order(ctx, w.Boss, id, false) })
			must(t, set)
			must(t, ordered)
			v, err := w.service.See(ctx, w.Boss, id)
			must(t, err)
			if v.Round.Minutes != minutes || v.Round.Job != job {
				t.Errorf("%d minutes and the job %s; want %d and %s", v.Round.Minutes, v.Round.Job, minutes, job)
			}
			w.RunJobs(w.service.Jobs())
		}
	})
}

// A mentor leaves when a plan was just written and its job has not yet said that it is
// done: their meetings go to others all the same.
func TestLeave_besideAPlanThatWasJustWritten(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		start := w.Edition.At[edition.Starts].Add(5 * time.Hour)
		must(t, w.service.SetRound(ctx, w.Boss, id, meeting.Round{From: start, To: start.Add(time.Hour), Minutes: 20, PerTeam: 1, PerMentor: 3}))
		must(t, w.service.Wish(ctx, w.ana, id, []mentoring.ThemeID{w.web}))
		_, err := w.service.Order(ctx, w.Boss, id, false)
		must(t, err)
		w.RunJobs(w.service.Jobs())
		must(t, w.service.Publish(ctx, w.Boss, id))
		job, err := w.service.Order(ctx, w.Boss, id, true)
		must(t, err)
		must(t, db.InTx(ctx, func(tx *sqldb.Tx) error { // a worker has it, and has written its plan
			_, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET state = 'running', leased_to = $2 WHERE id = $1`, job, sqldb.Micros(tx.Now().Add(time.Hour)))
			return err
		}))
		for _, m := range []account.Actor{w.renee, w.colin} {
			if len(w.mine(m)) > 0 && len(w.mine(w.ana)) > 0 && w.mine(m)[0].ID == w.mine(w.ana)[0].ID {
				must(t, w.service.Leave(ctx, m, id, m.ID))
				break
			}
		}
		if n := len(w.mine(w.ana)); n != 0 {
			t.Fatalf("the team still has %d meetings with who left", n)
		}
		w.RunJobs(w.service.Jobs())
		if n := len(w.mine(w.ana)); n != 1 {
			t.Errorf("the team that lost its mentor has %d meetings", n)
		}
	})
}
