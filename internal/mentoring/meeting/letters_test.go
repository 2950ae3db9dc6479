package meeting_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/mentoring"
	"h48/internal/mentoring/meeting"
)

// letters are those that were ordered since the last look, by whom they are for.
func (w *weekend) letters() map[string][]string {
	w.T.Helper()
	type row struct{ id, args string }
	rows, err := sqldb.All(w.T.Context(), w.DB, func(r *row) []any { return []any{&r.id, &r.args} }, `SELECT id, args FROM jobs WHERE kind = 'mail' ORDER BY id`)
	must(w.T, err)
	all := map[string][]string{}
	for _, r := range rows {
		if w.read[r.id] || !strings.Contains(r.args, "/help/meetings") {
			continue
		}
		w.read[r.id] = true
		for _, who := range []account.Actor{w.ana, w.bilal, w.renee, w.colin, w.lone} {
			if strings.Contains(r.args, `"`+who.Email+`"`) {
				all[who.Name] = append(all[who.Name], r.args)
			}
		}
	}
	return all
}

// Publishing writes one letter to each of the teams and mentors who have a meeting, with
// theirs alone and in their language; publishing the same again writes none. When a mentor
// leaves, the team whose meeting moves gets one letter that says both, and whoever keeps
// theirs gets none.
func TestPublish_oneLetterEach(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id := t.Context(), w.Edition.ID
		must(t, db.InTx(ctx, func(tx *sqldb.Tx) error { // Bilal reads English
			_, err := w.Accounts.EnsureTx(ctx, tx, w.bilal.Email, w.bilal.Name, i18n.English)
			if err != nil {
				return err
			}
			_, err = sqldb.Exec(ctx, tx, `UPDATE accounts SET lang = 'en' WHERE id = $1`, w.bilal.ID)
			return err
		}))
		start := w.Edition.At[edition.Starts].Add(5 * time.Hour)
		must(t, w.service.SetRound(ctx, w.Boss, id, meeting.Round{From: start, To: start.Add(time.Hour), Minutes: 20, PerTeam: 1, PerMentor: 3}))
		must(t, w.service.Wish(ctx, w.ana, id, []mentoring.ThemeID{w.web}))
		must(t, w.service.Wish(ctx, w.bilal, id, []mentoring.ThemeID{w.web}))
		_, err := w.service.Order(ctx, w.Boss, id, false)
		must(t, err)
		w.RunJobs(w.service.Jobs())
		if got := w.letters(); len(got) != 0 {
			t.Errorf("a draft is written about: %v", got)
		}
		must(t, w.service.Publish(ctx, w.Boss, id))
		got := w.letters()
		for _, who := range []account.Actor{w.ana, w.bilal, w.renee, w.colin} {
			if len(got[who.Name]) != 1 {
				t.Fatalf("%s got %d letters", who.Name, len(got[who.Name]))
			}
		}
		if a, b := got[w.ana.Name][0], got[w.bilal.Name][0]; !strings.Contains(a, "Bonjour Ana Un") || !strings.Contains(a, "avec ") || strings.Contains(a, "Palier 3") ||
			!strings.Contains(b, "Hello Bilal Deux") || !strings.Contains(b, "with ") || strings.Count(b, "- ") != 1 {
			t.Errorf("%s\n%s", a, b)
		}
		if r := got[w.renee.Name][0]; !strings.Contains(r, "table ") || strings.Contains(r, "avec Renée") {
			t.Errorf("a mentor is told: %s", r)
		}
		stays, goes, team, other := w.colin, w.renee, w.ana, w.bilal
		if w.mine(w.renee)[0].ID != w.mine(w.ana)[0].ID {
			team, other = w.bilal, w.ana
		}
		must(t, w.service.Leave(ctx, goes, id, goes.ID))
		if got := w.letters(); len(got) != 0 {
			t.Errorf("somebody hears of it before it is known who takes over: %v", got)
		}
		w.RunJobs(w.service.Jobs())
		got = w.letters()
		if len(got) != 2 || len(got[team.Name]) != 1 || len(got[stays.Name]) != 1 || len(got[other.Name]) != 0 {
			t.Fatalf("after a mentor left: %v", got)
		}
		if text := got[team.Name][0]; strings.Count(text, "- ") != 2 || !strings.Contains(text, "n’a plus lieu") && !strings.Contains(text, "no longer takes place") {
			t.Errorf("what moves is told as %s", text)
		}
	})
}

// A mentor leaves while the organiser's next draft is being made: those who lose a meeting
// hear of it, and of the draft nobody does before it is published.
func TestLeave_aDraftBeingMadeStaysOne(t *testing.T) {
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
		w.letters()
		goes, loses, other := w.renee, w.ana, w.bilal
		if w.mine(goes)[0].ID != w.mine(loses)[0].ID {
			loses, other = w.bilal, w.ana
		}
		kept := w.mine(other)
		_, err = w.service.Order(ctx, w.Boss, id, true)
		must(t, err)
		must(t, w.service.Leave(ctx, goes, id, goes.ID))
		v, err := w.service.See(ctx, w.Boss, id)
		must(t, err)
		for _, wait := range []time.Duration{time.Hour, -time.Hour} { // the draft is there first
			must(t, db.InTx(ctx, func(tx *sqldb.Tx) error {
				_, err := sqldb.Exec(ctx, tx, `UPDATE jobs SET run_at = run_at + $2 WHERE id = $1`, v.Round.Job, wait.Microseconds())
				return err
			}))
			w.RunJobs(w.service.Jobs())
		}
		got := w.letters()
		if len(got) != 1 || len(got[loses.Name]) != 1 || !strings.Contains(got[loses.Name][0], "n’a plus lieu") || strings.Count(got[loses.Name][0], "- ") != 1 {
			t.Errorf("before the draft is published: %v", got)
		}
		if diff := cmp.Diff(kept, w.mine(other)); diff != "" || len(w.mine(loses)) != 0 {
			t.Errorf("a draft is seen: %d meetings of who lost theirs, and of the other %s", len(w.mine(loses)), diff)
		}
		must(t, w.service.Publish(ctx, w.Boss, id))
		if n := len(w.mine(loses)); n != 1 {
			t.Errorf("once it is published: %d meetings", n)
		}
	})
}

// published has meetings told to everybody, and returns a mentor, the team that meets them
// and how to make them leave.
func (w *weekend) published(t *testing.T) (mentor, team account.Actor) {
	t.Helper()
	ctx, id := t.Context(), w.Edition.ID
	start := w.Edition.At[edition.Starts].Add(5 * time.Hour)
	must(t, w.service.SetRound(ctx, w.Boss, id, meeting.Round{From: start, To: start.Add(time.Hour), Minutes: 20, PerTeam: 1, PerMentor: 3}))
	for _, who := range []account.Actor{w.ana, w.bilal} {
		must(t, w.service.Wish(ctx, who, id, []mentoring.ThemeID{w.web}))
	}
	_, err := w.service.Order(ctx, w.Boss, id, false)
	must(t, err)
	w.RunJobs(w.service.Jobs())
	must(t, w.service.Publish(ctx, w.Boss, id))
	w.letters()
	if w.mine(w.renee)[0].ID == w.mine(w.ana)[0].ID {
		return w.renee, w.ana
	}
	return w.renee, w.bilal
}

// left has a mentor leave after that, and returns the team that loses its meeting and the
// job that plans anew.
func (w *weekend) left(t *testing.T) (team account.Actor, job string) {
	t.Helper()
	mentor, team := w.published(t)
	must(t, w.service.Leave(t.Context(), mentor, w.Edition.ID, mentor.ID))
	v, err := w.service.See(t.Context(), w.Boss, w.Edition.ID)
	must(t, err)
	return team, v.Round.Job
}

// Somebody stops the planning that follows a mentor's leaving before it began: the
// organiser sees that nobody was told, and one press tells them.
func TestLeave_thePlanningIsStopped(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		team, job := w.left(t)
		must(t, db.InTx(t.Context(), func(tx *sqldb.Tx) error { return w.Queue.StopTx(t.Context(), tx, job) }))
		w.RunJobs(w.service.Jobs())
		if got := w.letters(); len(got) != 0 {
			t.Fatalf("a job that was stopped wrote %v", got)
		}
		boss := w.Client(w.Boss)
		if _, body := boss.Get("/e/amiens-2018/help/meetings"); !strings.Contains(body, "personne n’en a été prévenu") {
			t.Error("the organiser does not see that nobody was told")
		}
		boss.Post("/e/amiens-2018/help/meetings/publish", nil)
		got := w.letters()
		if len(got) != 1 || len(got[team.Name]) != 1 || !strings.Contains(got[team.Name][0], "n’a plus lieu") {
			t.Errorf("telling it writes %v", got)
		}
		if _, body := boss.Get("/e/amiens-2018/help/meetings"); strings.Contains(body, "personne n’en a été prévenu") {
			t.Error("it is to be told once more")
		}
	})
}

// Somebody stops the planning while it runs: those who lost a meeting hear of it at once.
func TestLeave_thePlanningIsStoppedOnItsWay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		team, job := w.left(t)
		handlers := w.service.Jobs()
		for kind, plan := range handlers {
			handlers[kind] = func(ctx context.Context, run *jobs.Run) error {
				must(t, db.InTx(ctx, func(tx *sqldb.Tx) error { return w.Queue.StopTx(ctx, tx, job) }))
				<-ctx.Done() // a beat of the worker later
				return plan(ctx, run)
			}
		}
		w.RunJobs(handlers)
		if got := w.letters(); len(got) != 1 || len(got[team.Name]) != 1 || !strings.Contains(got[team.Name][0], "n’a plus lieu") {
			t.Errorf("a plan that was stopped writes %v", got)
		}
	})
}

// A mentor comes back before anybody heard that they had left: their meetings are what they
// were, and no letter says that one is both new and gone.
func TestReturn_beforeAnybodyHeard(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		mentor, team := w.published(t)
		ctx, id := t.Context(), w.Edition.ID
		before := w.mine(team)
		must(t, w.service.Leave(ctx, mentor, id, mentor.ID))
		if n := len(w.mine(team)); n != 0 {
			t.Fatalf("%d meetings with who left", n)
		}
		must(t, w.service.Return(ctx, mentor, id, mentor.ID))
		for range 2 { // before the planning has run, and after
			if diff := cmp.Diff(before, w.mine(team)); diff != "" {
				t.Errorf("the meetings of the team (-before +after):\n%s", diff)
			}
			w.RunJobs(w.service.Jobs())
		}
		if got := w.letters(); len(got) != 0 {
			t.Errorf("nothing has changed, and it is written: %v", got)
		}
	})
}
