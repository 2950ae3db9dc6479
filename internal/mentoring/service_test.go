package mentoring_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/mentoring"
)

// now is an action made on this server.
var now once.Action

func TestLifeOfARequest_keepsTheTimes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		asked := w.ask(t, w.ana, "Web", "Notre page ne s’affiche pas sur téléphone.")
		if asked.Place != voisins.Table {
			t.Errorf("the request's place is %q, want the team's table", asked.Place)
		}
		if _, err := w.service.Ask(ctx, w.ana, w.edition, mentoring.Question{Text: "Encore ?"}, now); !errors.Is(err, mentoring.ErrAsked) {
			t.Errorf("a second live question: %v, want ErrAsked", err)
		}
		db.Clock.Advance(4 * time.Minute)
		claimed, err := w.service.Claim(ctx, w.rent, asked.ID, now)
		must(t, err)
		if claimed.Wait(db.Clock.Now()) != 4*time.Minute || claimed.Mentor.Name != w.rent.Name {
			t.Errorf("claimed after %v by %s", claimed.Wait(db.Clock.Now()), claimed.Mentor.Name)
		}
		db.Clock.Advance(6 * time.Minute)
		passed, err := w.service.HandOver(ctx, w.rent, asked.ID,
			mentoring.Handover{Theme: w.themes["Web"], Note: "C’est une question de CSS."}, now)
		must(t, err)
		if passed.State != mentoring.Open || !passed.Asked.Equal(saturday) || passed.Note == "" {
			t.Errorf("handed over: %+v", passed)
		}
		db.Clock.Advance(2 * time.Minute)
		_, err = w.service.Claim(ctx, w.code, asked.ID, now)
		must(t, err)
		db.Clock.Advance(20 * time.Minute)
		done, err := w.service.Resolve(ctx, w.code, asked.ID, mentoring.Outcome{Line: "Grille revue ensemble", Minutes: 15}, now)
		must(t, err)
		if done.State != mentoring.Resolved || done.Wait(db.Clock.Now()) != 6*time.Minute {
			t.Errorf("resolved as %s after waiting %v, want 6 min", done.State, done.Wait(db.Clock.Now()))
		}

		efforts, err := w.service.Efforts(ctx, db, w.edition)
		must(t, err)
		want := []mentoring.Effort{
			{Mentor: mentoring.Person{ID: w.code.ID, Name: w.code.Name}, Contacts: 1, Teams: 1, Time: 15 * time.Minute},
			{Mentor: mentoring.Person{ID: w.rent.ID, Name: w.rent.Name}, Contacts: 1, Teams: 1, Time: 6 * time.Minute},
		}
		if diff := cmp.Diff(want, efforts); diff != "" {
			t.Error(diff)
		}
		sum, err := w.service.Summary(ctx, db, w.edition)
		must(t, err)
		if diff := cmp.Diff(mentoring.Summary{Helped: 1, Median: 6 * time.Minute, Unmet: 1}, sum); diff != "" {
			t.Error(diff)
		}
		board, err := w.service.Board(ctx, w.organiser, w.edition)
		must(t, err)
		if diff := cmp.Diff([]mentoring.TeamRef{palier}, board.Unmet); diff != "" {
			t.Errorf("teams that met nobody:\n%s", diff)
		}
	})
}

func TestClaim_twoMentorsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		for range 10 {
			asked := w.ask(t, w.ana, "Web", "Qui peut venir ?")
			mentors := []account.Actor{w.rent, w.code}
			results := make([]error, len(mentors))
			var racing sync.WaitGroup
			for i, mentor := range mentors {
				racing.Go(func() { _, results[i] = w.service.Claim(t.Context(), mentor, asked.ID, now) })
			}
			racing.Wait()
			winner := 0
			if results[0] != nil {
				winner = 1
			}
			must(t, results[winner])
			var refusal *errs.Error
			if !errors.As(results[1-winner], &refusal) || !errors.Is(refusal, mentoring.ErrTaken) {
				t.Fatalf("the second mentor got %v, want ErrTaken", results[1-winner])
			}
			if diff := cmp.Diff([]any{"mentor", mentors[winner].Name}, refusal.Args); diff != "" {
				t.Errorf("the second mentor is not told who was first:\n%s", diff)
			}
			_, err := w.service.Withdraw(t.Context(), w.ana, asked.ID, now)
			must(t, err)
		}
		helped, err := w.service.Helped(t.Context(), db, w.edition)
		must(t, err)
		if len(helped) != 0 {
			t.Errorf("withdrawn requests count as contacts: %v", helped)
		}
	})
}

func TestClaim_withoutNetwork(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		asked := w.ask(t, w.ana, "", "On ne sait pas par où commencer.")
		pressed := db.Clock.Advance(3 * time.Minute)
		db.Clock.Advance(30 * time.Minute)
		action := once.Action{ID: "phone-1", At: pressed}
		for range 2 { // the phone sends it twice
			claimed, err := w.service.Claim(ctx, w.rent, asked.ID, action)
			must(t, err)
			if !claimed.Claimed.Equal(pressed) || claimed.Waited != 3*time.Minute {
				t.Errorf("claimed at %v after %v, want the moment of the press", claimed.Claimed, claimed.Waited)
			}
		}
		_, err := w.service.Release(ctx, w.rent, asked.ID, now)
		must(t, err)
		again, err := w.service.Claim(ctx, w.rent, asked.ID, action) // a late third copy
		must(t, err)
		if again.State != mentoring.Open {
			t.Error("a copy of an old claim took the request again")
		}
	})
}

func TestResolve_beforeItsClaimArrives(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		asked := w.ask(t, w.ana, "Web", "Un domaine à choisir.")
		pressed := db.Clock.Advance(5 * time.Minute)
		solved := db.Clock.Advance(10 * time.Minute)
		db.Clock.Advance(time.Hour)
		done, err := w.service.Resolve(ctx, w.rent, asked.ID, mentoring.Outcome{Line: "Choisi", Minutes: 10},
			once.Action{ID: "phone-2", At: solved})
		must(t, err)
		late, err := w.service.Claim(ctx, w.rent, asked.ID, once.Action{ID: "phone-1", At: pressed})
		must(t, err)
		if diff := cmp.Diff(done, late); diff != "" {
			t.Errorf("the late claim changed the request:\n%s", diff)
		}
		if late.Waited != 5*time.Minute || !late.Closed.Equal(solved) {
			t.Errorf("waited %v, closed %v", late.Waited, late.Closed)
		}
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	ctx := t.Context()
	if _, err := w.service.Ask(ctx, w.stranger, w.edition, mentoring.Question{Text: "Où est mon équipe ?"}, now); !errors.Is(err, mentoring.ErrNoTeam) {
		t.Errorf("a question without a team: %v", err)
	}
	asked := w.ask(t, w.ana, "Web", "Une question")
	_, err := w.service.Claim(ctx, w.bilal, asked.ID, now)
	refused(t, "a participant claims", err, errs.Forbidden)
	_, err = w.service.Claim(ctx, account.Actor{}, asked.ID, now)
	refused(t, "the public claims", err, errs.Unauthenticated)
	_, err = w.service.Withdraw(ctx, w.bilal, asked.ID, now)
	refused(t, "another team withdraws", err, errs.Forbidden)
	_, err = w.service.Claim(ctx, w.rent, asked.ID, now)
	must(t, err)
	_, err = w.service.Resolve(ctx, w.code, asked.ID, mentoring.Outcome{Line: "fait"}, now)
	if !errors.Is(err, mentoring.ErrNotYours) {
		t.Errorf("another mentor resolves: %v", err)
	}
	_, err = w.service.Resolve(ctx, w.organiser, asked.ID, mentoring.Outcome{Line: "fait"}, now)
	must(t, err)
	contacts, err := w.service.Contacts(ctx, w.organiser, w.edition)
	must(t, err)
	if len(contacts) != 1 || contacts[0].Mentor.ID != w.rent.ID {
		t.Errorf("the organiser's press made a contact of %+v", contacts)
	}
	_, err = w.service.Resolve(ctx, w.rent, asked.ID, mentoring.Outcome{Line: "encore"}, now)
	if !errors.Is(err, mentoring.ErrClosed) {
		t.Errorf("resolving twice: %v", err)
	}
	_, err = w.service.Contacts(ctx, w.rent, w.edition)
	refused(t, "a mentor reads the log", err, errs.Forbidden)
	_, err = w.service.Board(ctx, w.ana, w.edition)
	refused(t, "a participant reads the board", err, errs.Forbidden)
	_, err = w.service.Ask(ctx, w.ana, w.edition, mentoring.Question{Theme: "nothing", Text: " "}, now)
	refused(t, "an empty question", err, errs.Invalid)
}

func refused(t *testing.T, what string, err error, kind errs.Kind) {
	t.Helper()
	if !errs.Is(err, kind) {
		t.Errorf("%s: %v, want kind %v", what, err, kind)
	}
}

func TestDuty_nobodyLeavesSilently(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		slot := mentoring.Slot{From: saturday, To: saturday.Add(4 * time.Hour)}
		must(t, w.service.Offer(ctx, w.rent, w.edition, w.rent.ID, []mentoring.ThemeID{w.themes["Gestion locative"]}, []mentoring.Slot{slot}))
		must(t, w.service.Duty(ctx, w.rent, w.edition, w.rent.ID, true))
		refused(t, "a mentor speaks for another", w.service.Duty(ctx, w.rent, w.edition, w.code.ID, true), errs.Forbidden)
		refused(t, "a slot that ends before it begins",
			w.service.Offer(ctx, w.rent, w.edition, w.rent.ID, nil, []mentoring.Slot{{From: slot.To, To: slot.From}}), errs.Invalid)
		must(t, w.service.Duty(ctx, w.organiser, w.edition, w.code.ID, true))
		asked := w.ask(t, w.bilal, "Gestion locative", "Qui paie les charges ?")
		_, err := w.service.Claim(ctx, w.rent, asked.ID, now)
		must(t, err)
		if err := w.service.Duty(ctx, w.rent, w.edition, w.rent.ID, false); !errors.Is(err, mentoring.ErrHelping) {
			t.Errorf("leaving while a team counts on one: %v", err)
		}
		desk, err := w.service.Desk(ctx, w.bilal, w.edition)
		must(t, err)
		want := []mentoring.Mentor{
			{Person: mentoring.Person{ID: w.code.ID, Name: w.code.Name}, OnDuty: true},
			{Person: mentoring.Person{ID: w.rent.ID, Name: w.rent.Name}, OnDuty: true, With: palier, Slots: []mentoring.Slot{slot},
				Themes: []mentoring.Theme{{ID: w.themes["Gestion locative"], Name: "Gestion locative"}}},
		}
		if diff := cmp.Diff(want, desk.Mentors); diff != "" {
			t.Error(diff)
		}
		board, err := w.service.Board(ctx, w.organiser, w.edition)
		must(t, err)
		holes := 0
		for _, c := range board.Coverage {
			if c.OnDuty == 0 {
				holes++
			}
		}
		if holes != 2 {
			t.Errorf("%d themes without a mentor, want 2: %+v", holes, board.Coverage)
		}
	})
}

func TestReminder_whenNobodyCame(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		late := w.ask(t, w.ana, "Web", "Toujours personne ?")
		helped := w.ask(t, w.bilal, "Web", "Merci d’avance.")
		_, err := w.service.Claim(ctx, w.code, helped.ID, now)
		must(t, err)
		run := func() int {
			n, err := w.worker.RunDue(ctx)
			must(t, err)
			w.worker.Wait()
			return n
		}
		db.Clock.Advance(mentoring.Patience - time.Minute)
		if n := run(); n != 0 {
			t.Errorf("%d reminders before their time", n)
		}
		db.Clock.Advance(time.Minute)
		if n := run(); n != 1 {
			t.Errorf("%d reminders, want one: the other team is being helped", n)
		}
		board, err := w.service.Board(ctx, w.organiser, w.edition)
		must(t, err)
		if len(board.Waiting) != 1 || board.Waiting[0].ID != late.ID || board.Waiting[0].Reminded.IsZero() || board.Summary.Late != 1 {
			t.Errorf("the organisers are not told: %+v", board)
		}
		_, err = w.service.Release(ctx, w.code, helped.ID, now)
		must(t, err)
		db.Clock.Advance(mentoring.Patience)
		if n := run(); n != 1 {
			t.Errorf("a released request has %d reminders, want 1", n)
		}
	})
}

func TestQueue_ofAMentor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		must(t, w.service.Offer(ctx, w.rent, w.edition, w.rent.ID, []mentoring.ThemeID{w.themes["Gestion locative"]}, nil))
		w.ask(t, w.ana, "Web", "Premiers")
		db.Clock.Advance(time.Minute)
		w.ask(t, w.bilal, "Gestion locative", "Seconds, mais pour Renée")
		queue, err := w.service.Queue(ctx, w.rent, w.edition)
		must(t, err)
		if len(queue.Waiting) != 2 || queue.Waiting[0].Team.ID != palier.ID {
			t.Errorf("the mentor's own theme is not first: %+v", queue.Waiting)
		}
		must(t, w.service.Met(ctx, w.rent, w.edition, voisins.ID, mentoring.Outcome{Line: "En passant", Minutes: 5}))
		helped, err := w.service.Helped(ctx, db, w.edition)
		must(t, err)
		if len(helped) != 1 || helped[0].Team != voisins.ID || helped[0].Mentor != w.rent.ID {
			t.Errorf("contacts: %v", helped)
		}
	})
}

func TestSetThemes_keepsWhatARequestSpeaksOf(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		w.ask(t, w.ana, "Web", "Une question")
		must(t, w.service.SetThemes(ctx, w.organiser, w.edition, []string{"pitch", "  Gestion   locative ", "", "PITCH", "Énergie"}))
		themes, err := w.service.Themes(ctx, db, w.edition)
		must(t, err)
		var names []string
		for _, theme := range themes {
			names = append(names, theme.Name)
		}
		if diff := cmp.Diff([]string{"pitch", "Gestion locative", "Énergie", "Web"}, names); diff != "" {
			t.Error(diff)
		}
		if themes[0].ID != w.themes["Pitch"] {
			t.Error("a theme that is written otherwise is another theme")
		}
	})
}
