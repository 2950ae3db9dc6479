package chance_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"h48/engine/ranking/chance"
)

func measured(t testing.TB) chance.Table {
	t.Helper()
	table, err := chance.Measured()
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// What the table says of small events comes out again with other seeds, within what chance
// does to so many events (four standard errors).
func TestMeasure_theTableComesOutAgain(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("plays hundreds of events")
	}
	const events = 120
	for _, row := range measured(t) {
		if row.Projects != 6 || row.Jurors != 3 {
			continue
		}
		again, err := chance.Measure(context.Background(), row.Cell, events, 48)
		if err != nil {
			t.Fatal(err)
		}
		spread := func(p, n float64) float64 { return p * (1 - p) / n }
		if limit := 4 * math.Sqrt(spread(row.Best, float64(row.Events))+spread(again.Best, events)); math.Abs(row.Best-again.Best) > limit {
			t.Errorf("%+v: measured %.2f, again %.2f, more than %.2f apart", row.Cell, row.Best, again.Best, limit)
		}
	}
}

func TestMeasure_theSameSeedTheSameFigures(t *testing.T) {
	t.Parallel()
	c := chance.Cell{Way: chance.Both, Projects: 5, Jurors: 3, Visits: 2}
	a, err := chance.Measure(context.Background(), c, 20, 7)
	if err != nil {
		t.Fatal(err)
	}
	b, err := chance.Measure(context.Background(), c, 20, 7)
	if err != nil || a != b {
		t.Errorf("%v and %v: %v", a, b, err)
	}
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := chance.Measure(cancelled, c, 20, 7); err == nil {
		t.Error("measured on after it was cancelled")
	}
}

// Whatever is asked, no more is said than was measured of an event with no more projects
// and no more visits.
func TestOf_neverAboveWhatWasMeasured(t *testing.T) {
	t.Parallel()
	table := measured(t)
	rapid.Check(t, func(t *rapid.T) {
		c := chance.Cell{Way: rapid.SampledFrom([]chance.Way{chance.Criteria, chance.Both, chance.Comparison}).Draw(t, "way"),
			Projects: rapid.IntRange(2, 400).Draw(t, "projects"), Jurors: rapid.IntRange(1, 60).Draw(t, "jurors")}
		c.Visits = rapid.IntRange(1, c.Jurors).Draw(t, "visits")
		finalists := rapid.SampledFrom([]int{0, 3, 5, 6, 8}).Draw(t, "finalists")
		r, ok := table.Of(c, finalists)
		if !ok {
			return
		}
		most := 0.0
		for _, row := range table {
			if row.Way != c.Way || row.Visits > c.Visits {
				continue
			}
			if finalists == 0 {
				most = max(most, row.Best)
				continue
			}
			for k, size := range chance.FinalSizes {
				if size <= finalists && row.Jurors <= c.Jurors {
					most = max(most, row.Finals[k])
				}
			}
		}
		said := r.Rounded(0.05)
		if r.High > most || said.High > r.High+1e-9 || said.Low > r.Low+1e-9 || said.Low >= said.High && said.High > 0 {
			t.Fatalf("%+v, final of %d: %+v (said %+v), measured %.3f at most", c, finalists, r, said, most)
		}
	})
}

// At a measured size the figure is the measured one, and a larger event is never promised
// more than the sizes around it.
func TestOf_betweenTheSizes(t *testing.T) {
	t.Parallel()
	table, err := chance.Read(strings.NewReader(chance.Header() + `
criteria,10,4,2,1000,0.6000,0.6500,0.6600,0.0000
criteria,40,4,2,1000,0.4000,0.5000,0.5200,0.5300
criteria,40,8,2,1000,0.3000,0.5500,0.5700,0.5800
`))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what                         string
		projects, jurors, visits, of int
		want                         float64
		known                        bool
	}{
		{"as measured", 10, 4, 2, 0, 0.6, true},
		{"half way by the logarithm", 20, 4, 2, 0, 0.5, true},
		{"smaller than measured", 4, 4, 2, 0, 0.6, true},
		{"larger than measured", 41, 4, 2, 0, 0, false},
		{"more visits than measured", 10, 4, 3, 0, 0.6, true},
		{"fewer visits than measured", 10, 4, 1, 0, 0, false},
		{"of two numbers of jurors the lower chance", 40, 6, 2, 0, 0.3, true},
		{"a final before no more jurors", 40, 6, 2, 5, 0.52, true},
		{"a final before enough", 40, 9, 2, 5, 0.57, true},
		{"a final of everybody", 5, 4, 2, 5, 0, false},
		{"nobody sees a project twice", 10, 4, 5, 0, 0, false},
	} {
		r, ok := table.Of(chance.Cell{Way: chance.Criteria, Projects: c.projects, Jurors: c.jurors, Visits: c.visits}, c.of)
		if ok != c.known || ok && math.Abs(r.High-c.want) > 1e-9 {
			t.Errorf("%s: %+v %v, want %v %v", c.what, r, ok, c.want, c.known)
		}
		if ok && (r.Low >= r.High || r.Low < r.High-0.05) {
			t.Errorf("%s: of 1,000 events the interval is %+v", c.what, r)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(chance.Header() + "\ncriteria,10,4,2,1000,0.6,0.6,0.6,0\n")
	f.Add("")
	f.Add(chance.Header() + "\ncriteria,10,4,20,1000,0.6,NaN,0.6\n")
	f.Fuzz(func(t *testing.T, text string) {
		table, err := chance.Read(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, row := range table {
			if r, ok := table.Of(row.Cell, 0); ok && !(r.High >= 0 && r.High <= 1) {
				t.Errorf("%+v has the chance %v", row, r)
			}
		}
	})
}
