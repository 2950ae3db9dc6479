package programme_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/kit/errs"
	"h48/internal/kit/ical"
	"h48/internal/kit/mail"
	"h48/internal/kit/once"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/programme"
)

// letters runs the post and returns what went out.
func (w *weekend) letters(t *testing.T) []mail.Message {
	t.Helper()
	box := &box{}
	handlers := w.service.Jobs()
	handlers[post.Kind] = post.Handler(box)
	w.RunJobs(handlers)
	return box.sent
}

func TestTurn_pagesHearWhenASessionBegins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		db.Clock.Set(w.workshop.Start)
		page := w.Hub.Listen([]string{programme.Topic(w.Edition.ID)}, "")
		defer page.Close()
		w.RunJobs(w.service.Jobs())
		if _, err := page.Next(t.Context()); err != nil {
			t.Fatalf("an open page does not hear that the workshop begins: %v", err)
		}
		on, _, err := w.service.NowAndNext(t.Context(), db, w.Edition.ID, db.Clock.Now())
		must(t, err)
		if len(on) != 1 || on[0].ID != w.workshop.ID {
			t.Errorf("on now: %+v", on)
		}
	})
}

func TestSignUp_seatsAndTheLine(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		for _, c := range []struct {
			who  account.Actor
			want programme.PlaceState
		}{{w.ana, programme.Seated}, {w.bilal, programme.Seated}, {w.chloe, programme.Waiting}, {w.ana, programme.Seated}} {
			got, err := w.service.SignUp(ctx, c.who, w.workshop.ID, now)
			must(t, err)
			if got != c.want {
				t.Errorf("%s is %s, want %s", c.who.Name, got, c.want)
			}
		}
		must(t, w.service.SignOff(ctx, w.ana, w.workshop.ID, now))
		if got := w.get(t, w.chloe, w.workshop.ID); got.Mine != programme.Seated || got.Waiting != 0 {
			t.Errorf("who waits did not move up: %+v", got)
		}
		sent := w.letters(t)
		if len(sent) != 1 || sent[0].To != w.chloe.Email || !strings.Contains(sent[0].Text, "Salle Somme") {
			t.Errorf("letters: %+v", sent)
		}
		if _, err := w.service.SignUp(ctx, account.Actor{}, w.workshop.ID, now); !errs.Is(err, errs.Unauthenticated) {
			t.Errorf("the public signs up: %v", err)
		}
	})
}

func TestSignUp_manyAtOnceForTheLastSeat(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		var people []account.Actor
		for i := range 12 {
			people = append(people, w.Person(fmt.Sprintf("Personne %d", i)))
		}
		var racing sync.WaitGroup
		results := make([]error, len(people))
		for i, who := range people {
			racing.Go(func() { _, results[i] = w.service.SignUp(t.Context(), who, w.workshop.ID, now) })
		}
		racing.Wait()
		for _, err := range results {
			must(t, err)
		}
		if got := w.get(t, w.ana, w.workshop.ID); got.Seated != 2 || got.Waiting != 10 {
			t.Errorf("%d seated and %d waiting for 2 seats, want 2 and 10", got.Seated, got.Waiting)
		}
	})
}

// TestPlaces_whateverPeopleDo signs people up and off and changes the seats at random:
// nobody waits while a seat is free, no seat is given twice, and who came first sits first.
func TestPlaces_whateverPeopleDo(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	ctx := t.Context()
	people := []account.Actor{w.ana, w.bilal, w.chloe, w.Person("David"), w.Person("Elsa"), w.Person("Farid")}
	rapid.Check(t, func(t *rapid.T) {
		plan := w.plan("Atelier", 6, rapid.IntRange(0, 3).Draw(t, "seats"))
		session, err := w.service.Add(ctx, w.Boss, w.Edition.ID, plan)
		check(t, err)
		var seated, waiting []account.ID // what the rules say
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			who := people[rapid.IntRange(0, len(people)-1).Draw(t, "who")]
			switch rapid.SampledFrom([]string{"up", "up", "off", "seats"}).Draw(t, "step") {
			case "up":
				_, err = w.service.SignUp(ctx, who, session.ID, now)
				if !contains(seated, who.ID) && !contains(waiting, who.ID) {
					waiting = append(waiting, who.ID)
				}
			case "off":
				err = w.service.SignOff(ctx, who, session.ID, now)
				seated, waiting = without(seated, who.ID), without(waiting, who.ID)
			case "seats":
				plan.Seats = rapid.IntRange(0, 5).Draw(t, "new seats")
				_, err = w.service.Change(ctx, w.Boss, session.ID, plan)
			}
			check(t, err)
			for len(waiting) > 0 && (plan.Seats == 0 || len(seated) < plan.Seats) {
				seated, waiting = append(seated, waiting[0]), waiting[1:]
			}
			places, err := w.service.Guests(ctx, w.DB, w.Boss, w.Edition.ID, session.ID)
			check(t, err)
			var gotSeated, gotWaiting []account.ID
			for _, p := range places {
				if p.State == programme.Seated {
					gotSeated = append(gotSeated, p.Person.ID)
				} else {
					gotWaiting = append(gotWaiting, p.Person.ID)
				}
			}
			if diff := cmp.Diff([][]account.ID{seated, waiting}, [][]account.ID{gotSeated, gotWaiting}, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("seats %d:\n%s", plan.Seats, diff)
			}
		}
	})
}

func check(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}

func contains(ids []account.ID, id account.ID) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}

func without(ids []account.ID, id account.ID) (kept []account.ID) {
	for _, other := range ids {
		if other != id {
			kept = append(kept, other)
		}
	}
	return kept
}

func TestChange_tellsWhoComes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		_, err := w.service.SignUp(ctx, w.ana, w.workshop.ID, now)
		must(t, err)
		w.DB.Clock.Advance(time.Minute)
		plan := w.plan(w.workshop.Title, 5, 2)
		plan.Text = "Une démonstration."
		changed, err := w.service.Change(ctx, w.Boss, w.workshop.ID, plan)
		must(t, err)
		if changed.Sequence != 0 || len(w.letters(t)) != 0 {
			t.Errorf("a change of the text troubles people: sequence %d", changed.Sequence)
		}
		plan.Room = "Salle Avre"
		changed, err = w.service.Change(ctx, w.Boss, w.workshop.ID, plan)
		must(t, err)
		if changed.Sequence != 1 || !w.get(t, w.ana, w.workshop.ID).Changed {
			t.Errorf("a change of the room is not shown: %+v", changed)
		}
		to := map[string]bool{}
		for _, m := range w.letters(t) {
			to[m.To] = strings.Contains(m.Text, "Salle Avre") && strings.Contains(m.Text, "Salle Somme")
		}
		if diff := cmp.Diff(map[string]bool{w.ana.Email: true, w.speaker.Email: true}, to); diff != "" {
			t.Errorf("letters about the room:\n%s", diff)
		}
		_, err = w.service.Change(ctx, w.ana, w.workshop.ID, plan)
		if !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant changes the programme: %v", err)
		}
	})
}

func TestFeed_isAcceptedWhenReadBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		secret := w.plan("Réunion de l’équipe, fermée", 2, 0)
		secret.Public = false
		w.add(t, secret)
		_, err := w.service.SignUp(ctx, w.ana, w.workshop.ID, now)
		must(t, err)
		_, err = w.service.Cancel(ctx, w.Boss, w.workshop.ID)
		must(t, err)
		calendar, err := w.service.Feed(ctx, w.Edition)
		must(t, err)
		events := readBack(t, calendar)
		if len(events) != 1 {
			t.Fatalf("%d events, want the public one alone", len(events))
		}
		e := events[0]
		if !e.Cancelled || e.Sequence != 1 || e.Summary != w.workshop.Title || e.Location != "Salle Somme, Amiens" || !e.Start.Equal(w.workshop.Start) {
			t.Errorf("the cancelled session reads back as %+v", e)
		}
		if e.URL != "https://h48.example/e/amiens-2018/programme/"+string(w.workshop.ID) {
			t.Errorf("the event leads to %s", e.URL)
		}
		own, err := w.service.FeedSecret(ctx, w.ana, w.Edition.ID, false)
		must(t, err)
		calendar, err = w.service.OwnFeed(ctx, w.Edition, own)
		must(t, err)
		if events = readBack(t, calendar); len(events) != 1 || !strings.Contains(calendar.Name, "mon programme") {
			t.Errorf("one's own feed: %q with %d events", calendar.Name, len(events))
		}
		_, err = w.service.FeedSecret(ctx, w.ana, w.Edition.ID, true)
		must(t, err)
		if _, err = w.service.OwnFeed(ctx, w.Edition, own); !errs.Is(err, errs.NotFound) {
			t.Errorf("the old address still opens: %v", err)
		}
	})
}

func readBack(t *testing.T, c ical.Calendar) []ical.Event {
	t.Helper()
	var file bytes.Buffer
	must(t, ical.Write(&file, c))
	read, problems, err := ical.Read(&file, time.UTC)
	must(t, err)
	if len(problems) > 0 {
		t.Fatalf("the feed is not read back: %+v", problems)
	}
	return read.Events
}

func TestAttend(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx := t.Context()
		_, err := w.service.SignUp(ctx, w.ana, w.workshop.ID, now)
		must(t, err)
		seen := once.Action{ID: "door-1", At: db.Clock.Now()}
		db.Clock.Advance(time.Hour)
		for range 2 {
			must(t, w.service.Attend(ctx, w.speaker, w.workshop.ID, w.ana.ID, true, seen))
		}
		must(t, w.service.Attend(ctx, w.speaker, w.workshop.ID, w.bilal.ID, true, now)) // came without signing up
		places, err := w.service.Guests(ctx, w.DB, w.speaker, w.Edition.ID, w.workshop.ID)
		must(t, err)
		if len(places) != 2 || !places[0].Attended.Equal(seen.At) || places[1].Attended.IsZero() {
			t.Errorf("who was there: %+v", places)
		}
		must(t, w.service.Attend(ctx, w.speaker, w.workshop.ID, w.ana.ID, false, now))
		was, err := w.service.Attended(ctx, w.Edition.ID, w.ana.ID)
		must(t, err)
		if len(was) != 1 || was[0].Seen {
			t.Errorf("a corrected attendance: %+v", was)
		}
		if err := w.service.Attend(ctx, w.ana, w.workshop.ID, w.ana.ID, true, now); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a guest notes themselves: %v", err)
		}
		if _, err := w.service.Guests(ctx, w.DB, w.bilal, w.Edition.ID, w.workshop.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a guest reads the list: %v", err)
		}
	})
}

func TestMine_showsWhatOverlaps(t *testing.T) {
	t.Parallel()
	w := setup(t, dbtest.SQLite(t))
	ctx := t.Context()
	other := w.add(t, w.plan("Modèle économique", 5, 0))
	for _, id := range []programme.ID{w.workshop.ID, other.ID} {
		_, err := w.service.SignUp(ctx, w.ana, id, now)
		must(t, err)
	}
	mine, err := w.service.Mine(ctx, w.DB, w.ana, w.Edition.ID)
	must(t, err)
	if len(mine) != 2 || len(mine[0].Also) != 1 || len(mine[1].Also) != 1 {
		t.Errorf("two sessions at once are not shown: %+v", mine)
	}
	clashes, err := w.service.Clashes(ctx, w.DB, other)
	must(t, err)
	if len(clashes) != 1 || clashes[0].ID != w.workshop.ID {
		t.Errorf("the room and the speaker are taken twice without a word: %+v", clashes)
	}
	if _, err := w.service.Cancel(ctx, w.Boss, other.ID); err != nil {
		t.Fatal(err)
	}
	if _, err = w.service.SignUp(ctx, w.bilal, other.ID, now); !errors.Is(err, programme.ErrCancelled) {
		t.Errorf("signing up for a cancelled session: %v", err)
	}
	w.DB.Clock.Advance(72 * time.Hour)
	if _, err = w.service.SignUp(ctx, w.bilal, w.workshop.ID, now); !errors.Is(err, programme.ErrOver) {
		t.Errorf("signing up for a session that is over: %v", err)
	}
}
