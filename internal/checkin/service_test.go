package checkin_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/checkin"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/once"
	"h48/internal/kit/sheet"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/registration"
)

// entrance is a house whose doors open, with a volunteer at each of two doors.
type entrance struct {
	*doortest.House
	*checkin.Service
	people        *registration.Service
	gaston, odile account.Actor
	n             int
}

func newEntrance(t testing.TB, db *dbtest.DB, seats int) *entrance {
	t.Helper()
	h := doortest.New(t, db, registration.Words, sheet.Words, checkin.Words)
	r := registration.NewService(db.DB, h.IDs, h.Accounts, h.Editions, h.Hub, h.Queue, h.Post, h.Trail, h.Words, "http://h48.test")
	s := checkin.NewService(db.DB, h.IDs, h.Accounts, h.Editions, r, h.Hub, h.Trail, "http://h48.test")
	_, err := h.Editions.Change(t.Context(), h.Boss, h.Edition.ID, func(e edition.Edition) edition.Edition {
		e.Seats = seats
		return e
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Go(edition.Doors)
	return &entrance{House: h, Service: s, people: r,
		gaston: h.Person("Gaston Exemple", edition.Crew), odile: h.Person("Odile Exemple", edition.Crew)}
}

// register adds somebody, who has a seat or waits.
func (d *entrance) register() registration.Registration {
	d.T.Helper()
	d.n++
	d.DB.Clock.Advance(time.Second)
	r, err := d.people.Add(d.T.Context(), d.Boss, d.Edition.ID, registration.Asked{Email: fmt.Sprintf("p%d@example.org", d.n),
		Answers: registration.Answers{Name: fmt.Sprintf("Personne Exemple %d", d.n)}})
	if err != nil {
		d.T.Fatal(err)
	}
	return r
}

func (d *entrance) code(who account.ID) string {
	d.T.Helper()
	b, err := d.Badge(d.T.Context(), account.Actor{ID: who}, d.Edition.ID)
	if err != nil {
		d.T.Fatal(err)
	}
	return b.URL
}

func (d *entrance) summary() checkin.Summary {
	d.T.Helper()
	sum, err := d.Summary(d.T.Context(), d.DB, d.Edition.ID)
	if err != nil {
		d.T.Fatal(err)
	}
	return sum
}

func (d *entrance) in(who account.ID) (checkin.Outcome, error) {
	return d.Check(d.T.Context(), d.gaston, d.Edition.ID, checkin.Seen{Account: who, Way: checkin.In}, once.Action{})
}

func TestCheck_badgeInAndOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newEntrance(t, db, 24)
		ctx := t.Context()
		mentor := d.Person("Maud Exemple", edition.Mentor)
		badge := d.code(mentor.ID)
		for _, step := range []struct {
			way  checkin.Way
			want checkin.Result
		}{{checkin.In, checkin.Welcome}, {checkin.In, checkin.Again}, {checkin.Out, checkin.Left}, {checkin.In, checkin.Back}} {
			d.DB.Clock.Advance(time.Minute)
			got, err := d.Check(ctx, d.gaston, d.Edition.ID, checkin.Seen{Code: badge, Way: step.way}, once.Action{})
			if err != nil || got.Result != step.want || got.Person.Name != "Maud Exemple" {
				t.Errorf("%s: %+v, %v", step.want, got, err)
			}
		}
		want := checkin.Summary{Expected: 4, Arrived: 1, Inside: 1}
		if diff := cmp.Diff(want, d.summary()); diff != "" {
			t.Error(diff)
		}
		if _, err := d.Check(ctx, mentor, d.Edition.ID, checkin.Seen{Code: badge}, once.Action{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a mentor at the door: %v", err)
		}
		stranger, err := d.Accounts.MakeAdmin(ctx, "ada@example.org", "Ada Ministre", i18n.French)
		if err != nil {
			t.Fatal(err)
		}
		for _, seen := range []checkin.Seen{{Code: "AAAAAA"}, {Code: "hello"}, {Account: "nobody"}, {Account: "nobody", Way: checkin.Out}, {Account: stranger.ID}, {Account: stranger.ID, Way: checkin.Out}} {
			if _, err := d.Check(ctx, d.gaston, d.Edition.ID, seen, once.Action{}); !errors.Is(err, checkin.ErrUnknown) {
				t.Errorf("%+v: %v", seen, err)
			}
		}
	})
}

// The wifi dies at the door: what was scanned is sent later, twice even, and counts once
// with its own time.
func TestCheck_sentLateAndTwice(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newEntrance(t, db, 24)
		r := d.register()
		scanned := d.DB.Clock.Now().Add(5 * time.Minute)
		d.DB.Clock.Advance(time.Hour)
		action := once.Action{ID: "gaston/1", At: scanned}
		for range 2 {
			got, err := d.Check(t.Context(), d.gaston, d.Edition.ID, checkin.Seen{Code: d.code(r.Account)}, action)
			if err != nil || got.Result != checkin.Welcome || !got.At.Equal(scanned) {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if passes, _ := d.Recent(t.Context(), d.gaston, d.Edition.ID, 10); len(passes) != 1 {
			t.Errorf("%d passes", len(passes))
		}
	})
}

// Two doors scan the same badge offline: both admitted, the pair listed, one person.
func TestCheck_twoDoorsOffline(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newEntrance(t, db, 24)
		ctx := t.Context()
		code, start := d.code(d.register().Account), d.DB.Clock.Now()
		d.DB.Clock.Advance(time.Hour)
		send := func(who account.Actor, station string, minute int) {
			a := once.Action{ID: station, At: start.Add(time.Duration(minute) * time.Minute)}
			if _, err := d.Check(ctx, who, d.Edition.ID, checkin.Seen{Code: code, Station: station}, a); err != nil {
				t.Fatal(err)
			}
		}
		send(d.odile, "south", 7)
		send(d.gaston, "north", 5)
		if got := d.summary(); got.Arrived != 1 || got.Inside != 1 || got.Doubles != 1 {
			t.Errorf("%+v", got)
		}
		clashes, err := d.Clashes(ctx, d.odile, d.Edition.ID)
		if err != nil || len(clashes) != 1 || len(clashes[0].Doubles) != 1 || clashes[0].Doubles[0].First.Station != "north" ||
			clashes[0].By[d.odile.ID] != "Odile Exemple" {
			t.Fatalf("%+v, %v", clashes, err)
		}
		if err := d.Settle(ctx, d.odile, d.Edition.ID, clashes[0].Person.Account); err != nil || d.summary().Doubles != 0 {
			t.Errorf("settled: %+v, %v", d.summary(), err)
		}
	})
}

// 52 registered for 30 places, 45 come: who waits is told their place, seats of those who
// have not come go to those who stand at the door, in the order of the list.
func TestCheck_moreThanSeats(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newEntrance(t, db, 30)
		ctx := t.Context()
		var all []registration.Registration
		for range 52 {
			all = append(all, d.register())
		}
		for _, r := range all[:25] { // 25 of 30 with a seat come
			if _, err := d.in(r.Account); err != nil {
				t.Fatal(err)
			}
		}
		refusals := map[account.ID]int{}
		for i := 51; i >= 32; i-- { // 20 who wait come, the last first
			_, err := d.in(all[i].Account)
			var refusal *errs.Error
			if !errors.As(err, &refusal) || refusal.Key != "checkin.no_seat_waiting" {
				t.Fatalf("person %d: %v", i, err)
			}
			refusals[all[i].Account] = refusal.Args[5].(int)
		}
		if refusals[all[32].Account] != 3 || refusals[all[51].Account] != 22 {
			t.Errorf("places %d and %d", refusals[all[32].Account], refusals[all[51].Account])
		}
		stranger := checkin.Stranger{Name: "Sam Exemple", Email: "sam@example.org"}
		if _, err := d.WalkIn(ctx, d.gaston, d.Edition.ID, stranger, once.Action{}); !errors.Is(err, checkin.ErrNoSeat) {
			t.Errorf("a walk-in: %v", err)
		}
		freed, given, err := d.Release(ctx, d.Boss, d.Edition.ID)
		if freed != 5 || given != 5 || err != nil {
			t.Errorf("%d freed, %d given, %v", freed, given, err)
		}
		for i, want := range map[int]bool{30: false, 31: false, 32: true, 36: true, 37: false} {
			if _, err := d.in(all[i].Account); (err == nil) != want {
				t.Errorf("person %d: %v", i, err)
			}
		}
		if got := d.summary(); got.Arrived != 27 {
			t.Errorf("%+v", got)
		}
	})
}

func TestWalkIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newEntrance(t, db, 24)
		ctx := t.Context()
		stranger := checkin.Stranger{Name: "Sam Exemple", Email: "sam@example.org", Profile: registration.Student}
		action := once.Action{ID: "gaston/2"}
		for range 2 {
			got, err := d.WalkIn(ctx, d.gaston, d.Edition.ID, stranger, action)
			if err != nil || got.Result != checkin.Welcome || got.Person.State != registration.Confirmed {
				t.Errorf("%+v, %v", got, err)
			}
		}
		if _, err := d.WalkIn(ctx, d.gaston, d.Edition.ID, checkin.Stranger{Name: "Sam"}, once.Action{}); !errs.Is(err, errs.Invalid) {
			t.Errorf("without an address: %v", err)
		}
		if err := d.SetMax(ctx, d.Boss, d.Edition.ID, 1); err != nil {
			t.Fatal(err)
		}
		stranger.Email = "other@example.org"
		if _, err := d.WalkIn(ctx, d.gaston, d.Edition.ID, stranger, once.Action{}); !errors.Is(err, checkin.ErrFull) {
			t.Errorf("in a full building: %v", err)
		}
		got, err := d.in(d.register().Account)
		if err != nil || !got.Alarm || !d.summary().Alarm() {
			t.Errorf("who is expected: %+v, %v", got, err)
		}
	})
}

func TestUndo(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newEntrance(t, db, 24)
		got, err := d.in(d.register().Account)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Undo(t.Context(), d.gaston, d.Edition.ID, got.Pass); err != nil {
			t.Fatal(err)
		}
		if sum := d.summary(); sum.Arrived != 0 || sum.Inside != 0 {
			t.Errorf("%+v", sum)
		}
		if err := d.Undo(t.Context(), d.gaston, d.Edition.ID, got.Pass); !errs.Is(err, errs.Conflict) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestPeople_foldsAccents(t *testing.T) {
	t.Parallel()
	d := newEntrance(t, dbtest.SQLite(t), 24)
	if _, err := d.people.Add(t.Context(), d.Boss, d.Edition.ID, registration.Asked{Email: "c@example.org",
		Answers: registration.Answers{Name: "Chloé Lefèvre-Exemple"}}); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]int{"CHLOE lef": 1, "exemple": 4, "zzz": 0} {
		if got, err := d.People(t.Context(), d.gaston, d.Edition.ID, text); len(got) != want || err != nil {
			t.Errorf("%q finds %d, %v", text, len(got), err)
		}
	}
	badges, err := d.Badges(t.Context(), d.gaston, d.Edition.ID)
	if err != nil || len(badges) != 4 || badges[0].Name != "Chloé Lefèvre-Exemple" || badges[0].Code == "" {
		t.Errorf("%+v, %v", badges, err)
	}
}

// Somebody who is forgotten on Saturday night is still counted in the building.
func TestErase_keepsTheCount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		d := newEntrance(t, db, 24)
		ctx := t.Context()
		r := d.register()
		code := d.code(r.Account)
		if _, err := d.in(r.Account); err != nil {
			t.Fatal(err)
		}
		err := db.InTx(ctx, func(tx *sqldb.Tx) error {
			return errors.Join(d.EraseTx(ctx, tx, r.Account), d.people.EraseTx(ctx, tx, d.Boss, r.Account, "Loutre 7"),
				d.Accounts.EraseTx(ctx, tx, r.Account, "Loutre 7"))
		})
		if err != nil {
			t.Fatal(err)
		}
		inside, err := d.Inside(ctx, d.gaston, d.Edition.ID)
		if err != nil || len(inside) != 1 || inside[0].Name != "Loutre 7" {
			t.Errorf("%+v, %v", inside, err)
		}
		if _, err := d.Check(ctx, d.gaston, d.Edition.ID, checkin.Seen{Code: code}, once.Action{}); !errors.Is(err, checkin.ErrUnknown) {
			t.Errorf("the old badge: %v", err)
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	d := newEntrance(b, dbtest.SQLite(b), 0)
	var who []account.ID
	for range 500 {
		who = append(who, d.register().Account)
	}
	for i := 0; b.Loop(); i++ {
		if _, err := d.in(who[i%len(who)]); err != nil {
			b.Fatal(err)
		}
	}
}
