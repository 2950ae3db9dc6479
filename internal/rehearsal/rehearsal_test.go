package rehearsal_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/kit/clock"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/trail"
	"h48/internal/rehearsal"
)

// hold rehearses a whole event and returns what it reports.
func hold(t testing.TB, dir string, cfg rehearsal.Config) (string, error) {
	t.Helper()
	ctx := context.Background()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	wall, post := clock.Wall{}, rehearsal.NewPostbox()
	a, err := app.New(ctx, config.Config{Listen: "localhost:0", Database: "sqlite:" + filepath.Join(dir, "h48.db"), Files: filepath.Join(dir, "files"), Jobs: 2},
		app.Parts{Clock: wall, IDs: ids.Seeded(cfg.Seed, wall.Now), Log: slog.New(slog.DiscardHandler), Sender: post, Words: [][]byte{rehearsal.Words}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}()
	event, err := rehearsal.New(ctx, a, post, cfg)
	if err != nil {
		return "", err
	}
	if err := event.Run(ctx, event.End()); err != nil {
		return "", err
	}
	if err := event.Check(ctx); err != nil {
		return "", err
	}
	told(t, a)
	var report bytes.Buffer
	err = event.Report(ctx, &report)
	return report.String(), err
}

// told tests that organisers can read in sentences all that was done.
func told(t testing.TB, a *app.App) {
	t.Helper()
	editions, err := a.Editions.Visible(t.Context(), account.Program)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range editions {
		actions, err := trail.Actions(t.Context(), a.DB, string(e.ID))
		if err != nil {
			t.Fatal(err)
		}
		for _, action := range actions {
			if !a.Words.Locale(i18n.French).Has("journal.do." + action) {
				t.Errorf("the journal has no sentence for %s", action)
			}
		}
	}
}

// The event in Amiens: 24 people whose shares add up, in 6 teams, with three prizes, one
// of them not planned.
func TestAmiens(t *testing.T) {
	t.Parallel()
	report, err := hold(t, t.TempDir(), rehearsal.Config{Participants: 24, Seed: 48})
	if err != nil {
		t.Fatal(err)
	}
	for _, fact := range []string{"24 of 24 seats", "student           14   58 %", "professional       7   29 %", "other              3   13 %",
		"teams          6", "submissions    6 of 6", "pitches        6", "prize          Premier prix", "prize          Troisième prix"} {
		if !strings.Contains(report, fact) {
			t.Errorf("the report lacks %q:\n%s", fact, report)
		}
	}
}

// spans are the sizes that are drawn from, each time one of each: many small events, where
// the rules of team sizes are tight, one of about a thousand, and one up to the most, which
// takes minutes.
var spans = []struct{ fewest, most int }{{rehearsal.Fewest, 8}, {9, 11}, {12, 40}, {12, 70}, {71, 200}, {201, 500}, {501, 1200}, {1201, rehearsal.Most}}

// drawn draws an event whose size is in the span, the smaller the likelier.
func drawn(fewest, most int) rehearsal.Config {
	return rapid.Custom(func(t *rapid.T) rehearsal.Config {
		share := rapid.Float64Range(0, 1).Draw(t, "share")
		size := float64(fewest) * math.Pow(float64(most)/float64(fewest), share)
		return rehearsal.Config{Seed: rapid.Uint64().Draw(t, "seed"), Participants: min(int(math.Round(size)), most)}
	}).Example()
}

// Any seed and any size end with every rule kept.
func TestRules_anySeedAnySize(t *testing.T) {
	if testing.Short() {
		t.Skip("whole events take from a second to minutes: not with -short")
	}
	t.Parallel()
	for _, span := range spans {
		cfg := drawn(span.fewest, span.most)
		t.Run(fmt.Sprintf("participants=%d,seed=%d", cfg.Participants, cfg.Seed), func(t *testing.T) {
			if _, err := hold(t, t.TempDir(), cfg); err != nil {
				t.Errorf("%+v: %v", cfg, err)
			}
		})
	}
}

// The sizes that no three to five divide well, and the smallest of all.
func TestRules_oddSizes(t *testing.T) {
	if testing.Short() {
		t.Skip("not with -short")
	}
	t.Parallel()
	for _, n := range []int{6, 7, 11, 13} {
		for seed := range uint64(3) {
			if _, err := hold(t, t.TempDir(), rehearsal.Config{Participants: n, Seed: seed}); err != nil {
				t.Errorf("%d participants, seed %d: %v", n, seed, err)
			}
		}
	}
}

func TestNew_refusesASizeThatIsNone(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 5, 5001} {
		if _, err := hold(t, t.TempDir(), rehearsal.Config{Participants: n}); err == nil {
			t.Errorf("a rehearsal with %d participants", n)
		}
	}
}
