package stage_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"h48/engine/planning"
	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/stage"
)

// invented are six teams that compete.
type invented []stage.TeamRef

func (t invented) Competing(context.Context, sqldb.Querier, edition.ID) ([]stage.TeamRef, error) {
	return t, nil
}

func teams(names ...string) *invented {
	var all invented
	for _, name := range names {
		all = append(all, stage.TeamRef{ID: "team-" + name, Name: name, Title: "Projet " + name})
	}
	return &all
}

// scene is a stage in a house, with a drawn order.
type scene struct {
	*doortest.House
	*stage.Service
	teams *invented
	crew  account.Actor
	id    edition.ID
}

func newScene(t *testing.T, db *dbtest.DB) *scene {
	t.Helper()
	h := doortest.New(t, db, stage.Words)
	sc := &scene{House: h, teams: teams("aa", "bb", "cc", "dd", "ee", "ff"), id: h.Edition.ID}
	sc.Service = stage.NewService(db.DB, h.IDs, h.Editions, sc.teams, h.Hub, h.Trail)
	sc.crew = h.Person("Gaston Exemple", edition.Crew)
	h.Go(edition.Pitches)
	return sc
}

func (sc *scene) must(err error) {
	sc.T.Helper()
	if err != nil {
		sc.T.Fatal(err)
	}
}

func (sc *scene) draw(word string) stage.Draw {
	sc.T.Helper()
	ctx := context.Background()
	sc.must(sc.Promise(ctx, sc.Boss, sc.id))
	sc.must(sc.Draw(ctx, sc.Boss, sc.id, word))
	d, err := sc.DrawOf(ctx, sc.DB, sc.id)
	sc.must(err)
	return d
}

func (sc *scene) lineup() stage.Lineup {
	sc.T.Helper()
	l, err := sc.Lineup(context.Background(), sc.DB, sc.id)
	sc.must(err)
	return l
}

func TestDraw_anybodyCanRecompute(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, sc := context.Background(), newScene(t, db)
		if err := sc.Draw(ctx, sc.Boss, sc.id, ""); !errors.Is(err, stage.ErrNoPromise) {
			t.Errorf("a draw without a promise: %v", err)
		}
		sc.must(sc.Promise(ctx, sc.Boss, sc.id))
		before, err := sc.DrawOf(ctx, db, sc.id)
		sc.must(err)
		if before.Secret != "" || len(before.Commitment) != 64 {
			t.Errorf("before the draw: secret %q, commitment %q", before.Secret, before.Commitment)
		}
		sc.must(sc.Window(ctx, sc.Boss, sc.id, "team-cc", 5, 6, "arrive par le train de 11 h"))
		d := sc.draw("coquelicot")
		if d.Commitment != before.Commitment {
			t.Error("a second promise replaced the first")
		}
		if err := d.Verify(); err != nil {
			t.Errorf("the draw does not verify: %v", err)
		}
		if i := slices.Index(d.Order, "team-cc"); i < 4 {
			t.Errorf("the team with a window pitches at %d", i+1)
		}
		if !strings.HasSuffix(d.Public, "/coquelicot") {
			t.Errorf("public is %q", d.Public)
		}
		d.Order[0], d.Order[1] = d.Order[1], d.Order[0]
		if err := d.Verify(); !errors.Is(err, planning.ErrRedrawn) {
			t.Errorf("a changed order verifies: %v", err)
		}
		if err := sc.Draw(ctx, sc.Boss, sc.id, "x"); !errors.Is(err, stage.ErrDrawn) {
			t.Errorf("a second draw: %v", err)
		}
		if err := sc.Promise(ctx, sc.crew, sc.id); !errs.Is(err, errs.Forbidden) {
			t.Errorf("the crew promised: %v", err)
		}
	})
}

func TestTimer_keepsTheRealLength(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, sc := context.Background(), newScene(t, db)
		order := sc.draw("").Order
		first, second := order[0], order[1]

		sc.must(sc.Start(ctx, sc.crew, sc.id, first, once.Action{ID: "start-1"}))
		sc.must(sc.Start(ctx, sc.crew, sc.id, first, once.Action{ID: "start-1"})) // the phone sent it twice
		if err := sc.Start(ctx, sc.crew, sc.id, second, once.Action{}); !errors.Is(err, stage.ErrOneRuns) {
			t.Errorf("two on the stage at once: %v", err)
		}
		now := db.Clock.Advance(time.Minute)
		p, _ := sc.lineup().Current()
		if p.Left(now) != 2*time.Minute || !p.Until().Equal(now.Add(2*time.Minute)) {
			t.Errorf("after a minute, %v is left until %v", p.Left(now), p.Until())
		}
		sc.must(sc.Pause(ctx, sc.crew, sc.id, first, once.Action{}))
		db.Clock.Advance(5 * time.Minute)
		sc.must(sc.Resume(ctx, sc.crew, sc.id, first, once.Action{}))
		pressed := db.Clock.Advance(2*time.Minute + 12*time.Second)
		db.Clock.Advance(time.Minute) // without network
		sc.must(sc.Stop(ctx, sc.crew, sc.id, first, once.Action{ID: "stop-1", At: pressed}))
		p, _ = sc.lineup().Of(first)
		if p.State != stage.Done || p.Spent(db.Now()) != 3*time.Minute+12*time.Second || p.Over(db.Now()) != 12*time.Second {
			t.Errorf("the pitch is %s, took %v, over by %v", p.State, p.Spent(db.Now()), p.Over(db.Now()))
		}
		if err := sc.SetSettings(ctx, sc.Boss, sc.id, stage.Settings{Allotted: 2 * time.Minute}); !errors.Is(err, stage.ErrBegun) {
			t.Errorf("the length changed after the first pitch: %v", err)
		}
		log, err := sc.Log(ctx, db, sc.id)
		sc.must(err)
		var whats []stage.What
		for _, e := range log {
			whats = append(whats, e.What)
		}
		if want := []stage.What{stage.EventStarted, stage.EventPaused, stage.EventResumed, stage.EventStopped}; !slices.Equal(whats, want) {
			t.Errorf("the log says %v", whats)
		}
	})
}

func TestLineup_absentMovedAndLate(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, sc := context.Background(), newScene(t, db)
		order := sc.draw("").Order
		sc.must(sc.MarkAbsent(ctx, sc.crew, sc.id, order[0], once.Action{}))
		if p, _ := sc.lineup().Next(); p.Team.ID != order[1] {
			t.Errorf("next is %s", p.Team.ID)
		}
		if err := sc.Restore(ctx, sc.crew, sc.id, order[0], ""); !errs.Is(err, errs.Invalid) {
			t.Errorf("restored without a reason: %v", err)
		}
		sc.must(sc.Restore(ctx, sc.crew, sc.id, order[0], "était aux toilettes"))
		sc.must(sc.Move(ctx, sc.Boss, sc.id, order[0], 6, "attend une pièce"))
		*sc.teams = append(*sc.teams, stage.TeamRef{ID: "team-gg", Name: "gg"})
		if l := sc.lineup(); len(l.Unplaced) != 1 {
			t.Fatalf("unplaced: %v", l.Unplaced)
		}
		sc.must(sc.Add(ctx, sc.Boss, sc.id, "team-gg"))
		*sc.teams = slices.DeleteFunc(*sc.teams, func(team stage.TeamRef) bool { return team.ID == order[1] }) // withdrew
		var got []string
		for _, p := range sc.lineup().Pitches {
			got = append(got, p.Team.ID)
		}
		if want := []string{order[2], order[3], order[4], order[5], order[0], "team-gg"}; !slices.Equal(got, want) {
			t.Errorf("the order is %v, want %v", got, want)
		}
	})
}

func TestExpected_countsThoseBefore(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 5, 21, 10, 0, 0, 0, time.UTC)
	l := stage.Lineup{Settings: stage.Usual}
	for i, id := range []string{"a", "b", "c"} {
		l.Pitches = append(l.Pitches, stage.Pitch{Team: stage.TeamRef{ID: id}, Position: i + 1, State: stage.Waiting, Allotted: 3 * time.Minute})
	}
	for _, c := range []struct {
		what  string
		alter func(*stage.Lineup)
		opens time.Time
		want  time.Duration
	}{
		{"nobody has been on", func(*stage.Lineup) {}, at, 8 * time.Minute},
		{"the pitches open later", func(*stage.Lineup) {}, at.Add(time.Hour), 68 * time.Minute},
		{"a is on, with a minute left", func(l *stage.Lineup) {
			l.Pitches[0].State, l.Pitches[0].Started = stage.Running, at.Add(-2*time.Minute)
		}, at, 6 * time.Minute},
		{"a is on, over its time", func(l *stage.Lineup) {
			l.Pitches[0].State, l.Pitches[0].Started = stage.Running, at.Add(-9*time.Minute)
		}, at, 5 * time.Minute},
		{"b does not come", func(l *stage.Lineup) { l.Pitches[1].State = stage.Absent }, at, 4 * time.Minute},
	} {
		lineup := l
		lineup.Pitches = slices.Clone(l.Pitches)
		c.alter(&lineup)
		if got, ok := lineup.Expected("c", at, c.opens); !ok || got.Sub(at) != c.want {
			t.Errorf("%s: c is on in %v, want %v", c.what, got.Sub(at), c.want)
		}
	}
}
