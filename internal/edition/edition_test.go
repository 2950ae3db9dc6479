package edition_test

import (
	"errors"
	"testing"
	"time"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb/dbtest"
)

func TestPhase_followsTheMoments(t *testing.T) {
	t.Parallel()
	h := doortest.New(t, dbtest.SQLite(t))
	for moment, want := range map[edition.Moment]edition.Phase{
		edition.RegistrationOpens: edition.Registering, edition.Doors: edition.CheckingIn, edition.Starts: edition.Working,
		edition.HandIn: edition.HandedIn, edition.Pitches: edition.Pitching, edition.Results: edition.Awarding, edition.Ends: edition.After,
	} {
		at := h.Edition.At[moment]
		if got := h.Edition.Phase(at); got != want {
			t.Errorf("at %s: %s, want %s", moment, got, want)
		}
		if got := h.Edition.Phase(at.Add(-time.Microsecond)); got == want {
			t.Errorf("just before %s it is %s already", moment, got)
		}
	}
}

func TestCheck_saysWhatIsWrongBesideTheField(t *testing.T) {
	t.Parallel()
	h := doortest.New(t, dbtest.SQLite(t))
	for field, change := range map[string]func(e *edition.Edition){
		"name":     func(e *edition.Edition) { e.Name = "" },
		"slug":     func(e *edition.Edition) { e.Slug = "Amiens 2018" },
		"accent":   func(e *edition.Edition) { e.Accent = "blue" },
		"seats":    func(e *edition.Edition) { e.Seats = -1 },
		"team_max": func(e *edition.Edition) { e.TeamMin, e.TeamMax = 5, 3 },
		"hand_in": func(e *edition.Edition) {
			e.At = map[edition.Moment]time.Time{edition.Starts: dbtest.Start, edition.HandIn: dbtest.Start.Add(-time.Hour)}
		},
	} {
		_, err := h.Editions.Change(t.Context(), h.Boss, h.Edition.ID, func(e edition.Edition) edition.Edition { change(&e); return e })
		var wrong errs.Fields
		if !errors.As(err, &wrong) || len(wrong) != 1 || wrong[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestRequire_whoMay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := doortest.New(t, db)
		mentor := h.Person("Malo Exemple", edition.Mentor)
		for _, c := range []struct {
			who  account.Actor
			role edition.Role
			want errs.Kind
		}{
			{mentor, edition.Mentor, -1}, {mentor, edition.Juror, errs.Forbidden}, {h.Boss, edition.Juror, -1},
			{account.Actor{}, edition.Mentor, errs.Unauthenticated}, {account.Program, edition.Mentor, -1},
		} {
			err := h.Editions.Require(t.Context(), h.DB, c.who, h.Edition.ID, c.role)
			if (c.want == -1) != (err == nil) || (err != nil && errs.KindOf(err) != c.want) {
				t.Errorf("%q as %s: %v", c.who.Name, c.role, err)
			}
		}
		if err := h.Editions.Revoke(t.Context(), h.Boss, h.Edition.ID, h.Boss.ID, edition.Organiser); !errs.Is(err, errs.Conflict) {
			t.Errorf("the last organiser leaves: %v", err)
		}
		if err := h.Editions.Revoke(t.Context(), h.Boss, h.Edition.ID, mentor.ID, edition.Mentor); err != nil {
			t.Fatal(err)
		}
		if err := h.Editions.Require(t.Context(), h.DB, mentor, h.Edition.ID, edition.Mentor); !errs.Is(err, errs.Forbidden) {
			t.Errorf("after the role was taken: %v", err)
		}
	})
}

// A published edition's people trust its clock: it can only be rehearsed before.
func TestSetClock_onlyInARehearsal(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := doortest.New(t, db)
		ctx := t.Context()
		faster := func(p clock.Pace, wall time.Time) clock.Pace { return p.Restart(wall, 60) }
		if err := h.Editions.SetClock(ctx, h.Boss, h.Edition.ID, faster); !errs.Is(err, errs.Conflict) {
			t.Errorf("on a published edition: %v", err)
		}
		if err := h.Editions.Unpublish(ctx, h.Boss, h.Edition.ID); err != nil {
			t.Fatal(err)
		}
		before, err := h.Editions.EditionNow(ctx, string(h.Edition.ID))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Editions.SetClock(ctx, h.Boss, h.Edition.ID, faster); err != nil {
			t.Fatal(err)
		}
		db.Clock.Advance(time.Minute)
		after, err := h.Editions.EditionNow(ctx, string(h.Edition.ID))
		if err != nil || after.Sub(before) != time.Hour {
			t.Errorf("a minute at 60 took %s, %v", after.Sub(before), err)
		}
	})
}
