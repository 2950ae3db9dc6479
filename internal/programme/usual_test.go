package programme_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/programme"
)

// at builds an edition of moments in hours from its start.
func at(hours map[edition.Moment]float64) edition.Edition {
	start := time.Date(2018, 5, 19, 9, 0, 0, 0, time.UTC)
	e := edition.Edition{At: map[edition.Moment]time.Time{}}
	for m, h := range hours {
		e.At[m] = start.Add(time.Duration(h * float64(time.Hour)))
	}
	return e
}

func TestUsual_followsTheMoments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		moments map[edition.Moment]float64
		want    []string
	}{
		"a hackathon": {map[edition.Moment]float64{edition.Doors: -1.5, edition.Teams: -0.75, edition.Starts: 0, edition.HandIn: 48, edition.Pitches: 49,
			edition.Deliberation: 51, edition.Results: 52, edition.Ends: 54},
			[]string{"welcome 07:30-08:15", "teams 08:15-09:00", "start 09:00-09:30", "hand_in 09:00-09:30", "pitches 10:00-12:00", "prizes 13:00-14:00"}},
		"without pitches":   {map[edition.Moment]float64{edition.Starts: 0, edition.HandIn: 48, edition.Ends: 49}, []string{"start 09:00-09:30"}},
		"an inauguration":   {map[edition.Moment]float64{edition.Doors: -0.5, edition.Starts: 0, edition.Ends: 4}, []string{"welcome 08:30-09:00", "event 09:00-13:00"}},
		"a week of its own": {map[edition.Moment]float64{edition.Starts: 0, edition.Ends: 100}, nil},
		"nothing is set":    {nil, nil},
	} {
		var got []string
		for _, p := range programme.Usual(at(c.moments), func(key string) string { return key }) {
			got = append(got, p.Title+" "+p.Start.Format("15:04")+"-"+p.End.Format("15:04"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestAddUsual_onAnEmptyProgrammeOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		if _, err := w.service.AddUsual(t.Context(), w.Boss, w.Edition.ID); !errs.Is(err, errs.Conflict) {
			t.Errorf("on a programme that somebody has begun: %v", err)
		}
		if _, err := w.service.AddUsual(t.Context(), w.ana, w.Edition.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("by a participant: %v", err)
		}
	})
}

// A programme that was left behind when the event's dates moved is told of, and comes
// back with one press, at the hours it had; a session or two that stray are only told of.
func TestShiftDays_bringsTheProgrammeAlong(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		sessions := func() []programme.Session { return []programme.Session{w.get(t, w.Boss, w.workshop.ID).Session} }
		if n, days := programme.Astray(w.Edition, sessions()); n != 0 || days != 0 {
			t.Errorf("as planned: %d astray, %d days", n, days)
		}
		moved := w.Edition
		moved.At = map[edition.Moment]time.Time{}
		for m, at := range w.Edition.At {
			moved.At[m] = at.In(moved.Zone).AddDate(0, 0, 100)
		}
		n, days := programme.Astray(moved, sessions())
		if n != 1 || days == 0 {
			t.Fatalf("left behind: %d astray, %d days", n, days)
		}
		if _, err := w.service.ShiftDays(t.Context(), w.ana, w.Edition.ID, days); !errs.Is(err, errs.Forbidden) {
			t.Errorf("by a participant: %v", err)
		}
		for _, wrong := range []int{0, 4000} {
			if _, err := w.service.ShiftDays(t.Context(), w.Boss, w.Edition.ID, wrong); !errs.Is(err, errs.Invalid) {
				t.Errorf("%d days: %v", wrong, err)
			}
		}
		if got, err := w.service.ShiftDays(t.Context(), w.Boss, w.Edition.ID, days); err != nil || got != 1 {
			t.Fatalf("%d moved, %v", got, err)
		}
		after := sessions()[0]
		was, is := w.workshop.Start.In(moved.Zone), after.Start.In(moved.Zone)
		if is.Format("15:04") != was.Format("15:04") || after.End.Sub(after.Start) != time.Hour {
			t.Errorf("it was at %s, it is at %s", was, is)
		}
		if n, _ := programme.Astray(moved, sessions()); n != 0 {
			t.Errorf("%d astray after all", n)
		}
	})
}
