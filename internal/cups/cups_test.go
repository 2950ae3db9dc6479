package cups_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/cups"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

type bundle struct {
	*doortest.House
	cups *cups.Service
	crew account.Actor
	lend cups.Model // with a deposit of 1 EUR
	gift cups.Model
}

func setup(t testing.TB, db *dbtest.DB) bundle {
	t.Helper()
	h := doortest.New(t, db, cups.Words)
	s := cups.NewService(db.DB, h.IDs, h.Editions, h.Hub, h.Trail)
	cups.Routes(h.Door, s, nil)
	b := bundle{House: h, cups: s, crew: h.Person("Gaston Exemple", edition.Crew)}
	var err error
	if b.lend, err = s.AddModel(t.Context(), h.Boss, h.Edition.ID, cups.Model{Name: "25 cl", VolumeCl: 25, Deposit: 100}); err != nil {
		t.Fatal(err)
	}
	if b.gift, err = s.AddModel(t.Context(), h.Boss, h.Edition.ID, cups.Model{Name: "Souvenir", VolumeCl: 25}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bundle) do(m cups.Model, kind cups.Kind, n int) error {
	return b.cups.Move(b.T.Context(), b.crew, b.Edition.ID, cups.Act{Model: m.ID, Kind: kind, Quantity: n}, once.Action{})
}

func (b bundle) stock(t testing.TB, i int) cups.Stock {
	t.Helper()
	stocks, err := b.cups.Stocks(t.Context(), b.DB, b.Edition.ID)
	if err != nil {
		t.Fatal(err)
	}
	return stocks[i]
}

// A day at the bar: 30 received, 24 out, 20 back, 1 broken, 3 kept at the close.
func TestLedger_aDayAtTheBar(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		for _, act := range []struct {
			kind cups.Kind
			n    int
		}{{cups.Receive, 30}, {cups.HandOut, 24}, {cups.Exchange, 5}, {cups.Return, 20}, {cups.Break, 1}, {cups.SendWash, 25}, {cups.BackWash, 25}} {
			if err := b.do(b.lend, act.kind, act.n); err != nil {
				t.Fatalf("%s %d: %v", act.kind, act.n, err)
			}
		}
		s := b.stock(t, 0)
		if s.At[cups.Out] != 3 || s.Till != 4_00 || s.Owed != 3_00 {
			t.Errorf("before the close: out %d, till %d, owed %d", s.At[cups.Out], s.Till, s.Owed)
		}
		if rate, ok := s.ReturnRate(); !ok || rate != 21.0/24 {
			t.Errorf("return rate %v", rate)
		}
		if err := b.cups.CloseOut(t.Context(), b.Boss, b.Edition.ID); err != nil {
			t.Fatal(err)
		}
		s = b.stock(t, 0)
		if s.At[cups.Kept] != 3 || s.Owed != 0 || s.Till != 4_00 || s.At[cups.Clean] != 26 || s.At[cups.Broken] != 1 {
			t.Errorf("after the close: %+v", s)
		}
		if err := b.do(b.lend, cups.HandOut, 27); !errs.Is(err, errs.Conflict) {
			t.Errorf("27 cups out of 26: %v", err)
		}
	})
}

func TestMove_aGiftIsOnePerPersonAndAnActionCountsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		if err := b.do(b.gift, cups.Receive, 24); err != nil {
			t.Fatal(err)
		}
		act := cups.Act{Model: b.gift.ID, Kind: cups.Give, Quantity: 1, Person: "ada"}
		for range 3 { // the phone sends the same press three times
			if err := b.cups.Move(t.Context(), b.crew, b.Edition.ID, act, once.Action{ID: "press1"}); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.cups.Move(t.Context(), b.crew, b.Edition.ID, act, once.Action{ID: "press2"}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second gift: %v", err)
		}
		if s := b.stock(t, 1); s.At[cups.Kept] != 1 || s.At[cups.Clean] != 23 {
			t.Errorf("%+v", s)
		}
		movements, err := b.cups.Latest(t.Context(), b.Edition.ID, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.cups.Undo(t.Context(), b.crew, b.Edition.ID, movements[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := b.cups.Undo(t.Context(), b.crew, b.Edition.ID, movements[0].ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		if err := b.cups.Move(t.Context(), b.crew, b.Edition.ID, act, once.Action{ID: "press3"}); err != nil {
			t.Errorf("after the undoing: %v", err)
		}
	})
}

// Whatever is pressed, no cup appears or vanishes, no place owes cups, and the till holds
// what the cups out and kept say.
func TestLedger_alwaysAddsUp(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	kinds := []cups.Kind{cups.Receive, cups.HandOut, cups.Exchange, cups.Return, cups.Break, cups.Crack, cups.SendWash,
		cups.BackWash, cups.Miss, cups.Find, cups.Keep, cups.SendBack, cups.Give}
	rapid.Check(t, func(rt *rapid.T) {
		kind := rapid.SampledFrom(kinds).Draw(rt, "kind")
		n := rapid.IntRange(-1, 40).Draw(rt, "n")
		if err := b.do(b.lend, kind, n); err != nil && errs.KindOf(err) == errs.Internal {
			rt.Fatal(err)
		}
		s := b.stock(t, 0)
		sum, broken := s.At[cups.Supplier], s.At[cups.Broken]
		for _, p := range cups.Places {
			if s.At[p] < 0 {
				rt.Fatalf("%s: %d", p, s.At[p])
			}
			sum += s.At[p]
		}
		if sum != 0 || broken < s.BrokenOut || s.Owed != int64(s.At[cups.Out])*100 || s.Till != int64(s.HandedOut-s.Returned)*100 || s.Till < s.Owed {
			rt.Fatalf("%+v", s)
		}
		if err := b.cups.Audit(t.Context(), b.DB, b.Edition.ID); err != nil {
			rt.Fatal(err)
		}
	})
}

func TestPages_pressesAndRefusals(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	c := b.Client(b.crew)
	form := func(kind cups.Kind, n int) url.Values {
		return url.Values{"model": {string(b.lend.ID)}, "kind": {string(kind)}, "quantity": {fmt.Sprint(n)}}
	}
	if status, body := c.Post("/e/amiens-2018/cups", form(cups.Receive, 10)); status != 200 || !strings.Contains(body, "10") {
		t.Errorf("receiving: %d", status)
	}
	if status, body := c.Post("/e/amiens-2018/cups", form(cups.HandOut, 11)); status != 409 || !strings.Contains(body, "pas assez de gobelets propres") {
		t.Errorf("handing out too many: %d", status)
	}
	if status, _ := b.Client(b.Person("Paule Exemple")).Get("/e/amiens-2018/cups"); status != 403 {
		t.Errorf("a participant at the counter: %d", status)
	}
}
