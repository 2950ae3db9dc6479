package bench_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"h48/engine/ranking"
	"h48/engine/ranking/bench"
	"h48/engine/ranking/world"
)

// measures skips a test that plays whole events where unit tests are asked for.
func measures(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("plays whole events: not with -short")
	}
}

// TestBars plays few events of each design and holds what so few can show: the bars
// less one and a half of their own half-widths. The whole bench is `h48 rank bench`.
func TestBars(t *testing.T) {
	t.Parallel()
	measures(t)
	for _, tc := range []struct {
		name                      string
		world                     world.Config
		events                    int
		floorTwo, floorOne, raw   float64 // least share of events in which the best wins
		coversLeast, coversAtMost float64
	}{
		{"6 x 3", world.Default(6, 3, 3), 80, 0.59, 0.59, 0.55, 0.82, 0.97},
		{"20 x 6", world.Default(20, 6, 3), 40, 0.49, 0.49, 0.38, 0.84, 0.96},
		{"60 x 20", world.Default(60, 20, 3), 10, 0.45, 0.51, 0.25, 0.84, 0.96},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rows, err := bench.Play(t.Context(), bench.Design{Name: tc.name, World: tc.world, Events: tc.events}, 2, nil)
			if err != nil {
				t.Fatal(err)
			}
			by := map[string]bench.Row{}
			for _, r := range rows {
				by[r.Method] = r
			}
			for method, bar := range map[string]float64{"ours, floor 2": tc.floorTwo, "ours, floor 1": tc.floorOne} {
				r := by[method]
				if r.Best < bar-1.5*r.HalfWidth() {
					t.Errorf("%s: the best wins %.3f ± %.3f, the bar is %.2f", method, r.Best, r.HalfWidth(), bar)
				}
				if r.Covered < tc.coversLeast || r.Covered > tc.coversAtMost {
					t.Errorf("%s: intervals cover %.3f", method, r.Covered)
				}
				if gap := r.Said - r.Best; gap > 1.5*r.HalfWidth()+0.07 || gap < -1.5*r.HalfWidth()-0.07 {
					t.Errorf("%s: says %.3f, is %.3f", method, r.Said, r.Best)
				}
			}
			if oracle, raw := by["oracle, floor 2"], by["raw mean"]; oracle.Best <= raw.Best {
				t.Errorf("the oracle (%.3f) is no better than the raw mean (%.3f): the instrument is broken", oracle.Best, raw.Best)
			}
		})
	}
}

// With all jurors out at once and room for several at contenders' tables, the bar for one
// juror after the other holds too, as far as so few events can show it.
func TestBarsWhenAllAreOut(t *testing.T) {
	t.Parallel()
	measures(t)
	for name, rounds := range map[string]bool{"in rounds": true, "each in its own time": false} {
		d := bench.Design{Name: name, World: world.Default(60, 20, 3), Events: 8}
		rows, err := bench.PlayOut(t.Context(), d, rounds, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		even, several := rows[1], rows[len(rows)-1]
		if several.Best < 0.51-1.5*several.HalfWidth() || several.Regret > even.Regret {
			t.Errorf("%s: %q finds the best in %.2f with regret %.2f, an even spread in %.2f with %.2f",
				name, several.Method, several.Best, several.Regret, even.Best, even.Regret)
		}
	}
}

func TestPlayIsRepeatable(t *testing.T) {
	t.Parallel()
	var tables [2]bytes.Buffer
	for k := range tables {
		d := bench.Design{Name: "small", World: world.Default(8, 4, 3), Events: 3}
		rows, err := bench.Play(t.Context(), d, 5, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := bench.Write(&tables[k], d, rows); err != nil {
			t.Fatal(err)
		}
	}
	if tables[0].String() != tables[1].String() || !strings.Contains(tables[0].String(), "Crowd-BT") {
		t.Errorf("got\n%s\nand\n%s", &tables[0], &tables[1])
	}
}

func TestPlayStopsWhenCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := bench.Play(ctx, bench.Designs()[0], 1, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// A juror who lifts a friend and buries the good is named, and honest ones are not
// accused by the dozen.
func TestAuditNamesTheSaboteur(t *testing.T) {
	t.Parallel()
	const events = 60
	named, accused, honest := 0, 0, 0
	for e := range uint64(events) {
		c := world.Default(20, 6, 3)
		c.Hostile, c.Careless = 1, 0
		w := world.New(c, e)
		event := w.Event
		w.Run(&recorder{w: w, event: &event})
		r, err := ranking.Rank(t.Context(), event, ranking.Options{Draws: 100})
		if err != nil {
			t.Fatal(err)
		}
		for j, report := range r.Jurors {
			switch {
			case w.Hostile[j] && report.Flag == ranking.Check:
				named++
			case !w.Hostile[j]:
				honest++
				if report.Flag == ranking.Check {
					accused++
				}
			}
		}
	}
	t.Logf("named in %d of %d events; accused %d of %d honest jurors", named, events, accused, honest)
	if named < events*8/10 || accused > honest/10 {
		t.Errorf("named in %d of %d events; accused %d of %d honest jurors", named, events, accused, honest)
	}
}

// recorder spreads visits round the hall and writes them down.
type recorder struct {
	w     *world.World
	event *ranking.Event
	at    int
	seen  map[[2]int]bool
}

func (r *recorder) Next(j int) int {
	if r.seen == nil {
		r.seen = map[[2]int]bool{}
	}
	for range r.w.Projects {
		if r.at++; !r.seen[[2]int{j, r.at % r.w.Projects}] {
			r.seen[[2]int{j, r.at % r.w.Projects}] = true
			return r.at % r.w.Projects
		}
	}
	return -1
}

func (r *recorder) Visited(j int, visited []int) {
	k := len(visited) - 1
	juror := r.w.Event.Jurors[j].ID
	r.event.Visits = append(r.event.Visits, ranking.Visit{
		Juror: juror, Project: r.w.Event.Projects[visited[k]].ID, Seq: k + 1, Scores: r.w.Score(j, visited[k], k),
	})
	for o := range r.event.Orders {
		if r.event.Orders[o].Juror == juror {
			r.event.Orders[o].Places = r.w.Order(j, visited)
			return
		}
	}
	r.event.Orders = append(r.event.Orders, ranking.Order{Juror: juror, Places: r.w.Order(j, visited)})
}
