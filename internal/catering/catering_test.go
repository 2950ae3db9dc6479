package catering_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/catering"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// roster stands for the rooms that know badges and diets.
type roster map[string]account.Actor

func (r roster) Holder(_ context.Context, _ account.Actor, _ edition.ID, code string) (account.ID, string, error) {
	who, ok := r[code]
	if !ok {
		return "", "", errs.Fields{{Name: "badge", Key: "error.not_found"}}
	}
	return who.ID, who.Name, nil
}

func (r roster) Plates(context.Context, account.Actor, edition.ID) ([]catering.Plates, error) {
	return []catering.Plates{{Diets: []string{"vegan"}, Count: 3}, {Count: 21}}, nil
}

type bundle struct {
	*doortest.House
	meals *catering.Service
	crew  account.Actor
	ada   account.Actor
	lunch catering.Meal
}

func setup(t *testing.T, db *dbtest.DB) bundle {
	t.Helper()
	h := doortest.New(t, db, catering.Words)
	b := bundle{House: h, crew: h.Person("Gaston Exemple", edition.Crew), ada: h.Person("Ada Exemple")}
	people := roster{"ADA234": b.ada}
	b.meals = catering.NewService(db.DB, h.IDs, h.Editions, h.Accounts, people, h.Hub, h.Trail)
	catering.Routes(h.Door, b.meals, people, func(diet string) string { return diet })
	h.Go(edition.Starts)
	var err error
	if b.lunch, err = b.meals.AddMeal(t.Context(), h.Boss, h.Edition.ID, "Déjeuner", db.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bundle) serve(reason string, a once.Action) (catering.Serving, error) {
	return b.meals.Serve(b.T.Context(), b.crew, b.Edition.ID, b.lunch.ID, b.ada.ID, reason, a)
}

func TestServe_aBadgeEatsOnceAMeal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		if _, err := b.serve("", once.Action{ID: "one"}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.serve("", once.Action{ID: "one"}); err != nil {
			t.Errorf("the same press again: %v", err)
		}
		if _, err := b.serve("", once.Action{ID: "two"}); !errors.Is(err, catering.ErrServed) {
			t.Errorf("a second plate: %v", err)
		}
		if s, err := b.serve("reste", once.Action{ID: "three"}); err != nil || s.State != catering.Extra {
			t.Errorf("a second plate with a reason: %v, %v", s.State, err)
		}
		served := db.Clock.Now()
		db.Clock.Advance(20 * time.Minute) // another phone comes back from where there is no network
		if s, err := b.serve("", once.Action{ID: "four", At: served}); err != nil || s.State != catering.Twice || !s.At.Equal(served) {
			t.Errorf("a plate from a phone without network: %+v, %v", s, err)
		}
		tallies, err := b.meals.Tallies(t.Context(), db, b.Edition.ID)
		if err != nil || len(tallies) != 1 || tallies[0].Served != 1 || tallies[0].Extra != 1 || tallies[0].Twice != 1 {
			t.Errorf("%+v, %v", tallies, err)
		}
		if err := b.meals.DropMeal(t.Context(), b.Boss, b.Edition.ID, b.lunch.ID); err == nil {
			t.Error("a meal that was eaten could be dropped")
		}
	})
}

func TestPages_theKitchenSeesCounts(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	c := b.Client(b.crew)
	if _, body := c.Get("/e/amiens-2018/meals"); !strings.Contains(body, "vegan") || strings.Contains(body, "Ada") {
		t.Error("the kitchen's page shows a name, or no counts")
	}
	path := "/e/amiens-2018/meals/" + b.lunch.ID
	if status, body := c.Post(path, url.Values{"badge": {"ADA234"}}); status != 200 || !strings.Contains(body, "Ada Exemple") {
		t.Errorf("serving: %d", status)
	}
	if status, body := c.Post(path, url.Values{"badge": {"ADA234"}}); status != 409 || !strings.Contains(body, "Ada Exemple a déjà mangé, à 9") {
		t.Errorf("serving twice: %d", status)
	}
	if status, _ := c.Post(path, url.Values{"badge": {"nobody"}}); status != 422 {
		t.Errorf("an unknown badge: %d", status)
	}
}

// The event is moved by a month: its meals come along with one press, at the hours they
// had, but for one that was served already.
func TestShiftDays_bringsTheMealsAlong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		dinner, err := b.meals.AddMeal(ctx, b.Boss, id, "Dîner", b.lunch.At.Add(8*time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		moved := b.Edition
		moved.At = maps.Clone(moved.At)
		for m, at := range moved.At {
			moved.At[m] = at.AddDate(0, 1, 0)
		}
		all := func() []catering.Tally {
			tallies, err := b.meals.Tallies(ctx, db, id)
			if err != nil {
				t.Fatal(err)
			}
			return tallies
		}
		if n, days := catering.Astray(b.Edition, all()); n != 0 || days != 0 {
			t.Errorf("as planned %d are astray, by %d days", n, days)
		}
		n, days := catering.Astray(moved, all())
		if n != 2 || days != 31 {
			t.Fatalf("%d are astray, by %d days", n, days)
		}
		if _, err := b.serve("", once.Action{ID: "one"}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.meals.ShiftDays(ctx, b.crew, id, days); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the crew moves the meals: %v", err)
		}
		if _, err := b.meals.ShiftDays(ctx, b.Boss, id, 0); !errs.Is(err, errs.Invalid) {
			t.Errorf("moved by no day: %v", err)
		}
		if n, err := b.meals.ShiftDays(ctx, b.Boss, id, days); err != nil || n != 1 {
			t.Errorf("%d moved, %v", n, err)
		}
		got := all()
		if !got[0].At.Equal(b.lunch.At) || got[1].ID != dinner.ID || !got[1].At.Equal(dinner.At.AddDate(0, 0, days)) {
			t.Errorf("%+v", got)
		}
	})
}

// A phone at the counter is told in words who eats, who has eaten and whom nobody knows; only
// what was kept without network is refused for somebody to look at later.
func TestServe_tellsThePhone(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	var session account.Session
	if err := b.DB.InTx(t.Context(), func(tx *sqldb.Tx) (err error) {
		session, err = b.Accounts.OpenTx(t.Context(), tx, b.crew.ID)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	now := b.DB.Clock.Now()
	for i, c := range []struct {
		badge  string
		at     time.Time
		status int
		want   string
	}{
		{"ADA234", now, 200, `"tone":"good"`},
		{"ADA234", now, 200, `"tone":"bad"`},
		{"nobody", now, 200, `"tone":"bad"`},
		{"nobody", now.Add(-time.Hour), 422, "badge"},
		{"ADA234", now.Add(-time.Hour), 200, `"tone":"warn"`},
	} {
		form := url.Values{"badge": {c.badge}, "action_id": {fmt.Sprintf("0123456789abcdefghjkmnpqr%d", i)}, "acted_at": {fmt.Sprint(c.at.UnixMilli())}}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/e/amiens-2018/meals/"+b.lunch.ID, strings.NewReader(form.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Accept", "application/json")
		request.Header.Set("Authorization", "Bearer "+session.Token)
		answer := httptest.NewRecorder()
		b.Door.ServeHTTP(answer, request)
		if answer.Code != c.status || !strings.Contains(answer.Body.String(), c.want) {
			t.Errorf("%d: %s is answered %d %s", i, c.badge, answer.Code, answer.Body)
		}
	}
}

func TestPages_aMealIsChanged(t *testing.T) {
	t.Parallel()
	b := setup(t, dbtest.SQLite(t))
	boss, path := b.Client(b.Boss), "/e/amiens-2018/meals/"+b.lunch.ID
	if _, body := boss.Get(path); !strings.Contains(body, `value="Déjeuner"`) || !strings.Contains(body, `value="2018-05-19T09:00"`) {
		t.Error("the organiser does not find the meal's name and hour")
	}
	if _, body := b.Client(b.crew).Get(path); strings.Contains(body, "/change") {
		t.Error("the crew is offered to change a meal")
	}
	if status, body := boss.Post(path+"/change", url.Values{"name": {" "}, "at": {"2018-05-19T13:30"}}); status != 422 || !strings.Contains(body, `value="2018-05-19T13:30"`) {
		t.Errorf("without a name: %d", status)
	}
	if status, body := boss.Post(path+"/change", url.Values{"name": {"Buffet"}, "at": {"2018-05-19T13:30"}}); status != 200 || !strings.Contains(body, "Buffet") || !strings.Contains(body, "13:30") && !strings.Contains(body, "13\u00a0h") {
		t.Errorf("changed: %d", status)
	}
}
