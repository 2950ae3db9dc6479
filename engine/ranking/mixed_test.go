package ranking

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSolveIsTheExactPosterior builds the whole precision matrix of level, merits and
// severities and inverts it, with more projects than jurors and the other way round.
func TestSolveIsTheExactPosterior(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int{{7, 4}, {4, 7}} {
		projects, jurors := size[0], size[1]
		rng := rand.New(rand.NewPCG(7, uint64(projects)))
		ev := evidence{unscored: make([]bool, jurors), mean: make([]float64, jurors), unit: 1}
		for j := range jurors {
			for i := range projects {
				if rng.Float64() < 0.6 {
					ev.juror, ev.project, ev.value = append(ev.juror, j), append(ev.project, i), append(ev.value, rng.NormFloat64())
				}
			}
		}
		m := newMixed(ev, projects, jurors, nil)
		m.fit(3)
		n := 1 + projects + jurors
		a, right := newSquare(n), make([]float64, n)
		for i := range projects {
			a.row(1 + i)[1+i] = 1 / m.vMerit
		}
		for j := range jurors {
			a.row(1 + projects + j)[1+projects+j] = 1 / wideSeverity
		}
		for k, v := range ev.value {
			at := []int{0, 1 + ev.project[k], 1 + projects + ev.juror[k]}
			for _, r := range at {
				right[r] += m.precisionOf(k) * v
				for _, c := range at {
					a.row(r)[c] += m.precisionOf(k)
				}
			}
		}
		inverse := newSquare(n)
		a.factor()
		a.invert(inverse)
		a.lower(right)
		a.upper(right)
		for i := range projects {
			if d := math.Abs(m.merit[i] - right[1+i]); d > 1e-9 {
				t.Errorf("%v: merit %d is off by %g", size, i, d)
			}
			if d := math.Abs(m.meritVar[i] - inverse.row(1 + i)[1+i]); d > 1e-9 {
				t.Errorf("%v: variance of merit %d is off by %g", size, i, d)
			}
		}
		for j := range jurors {
			if d := math.Abs(m.severity[j] - right[1+projects+j]); d > 1e-9 {
				t.Errorf("%v: severity %d is off by %g", size, j, d)
			}
		}
		drawsHaveMoments(t, m, inverse)
	}
}

// drawsHaveMoments compares many draws' means and covariances with the exact ones.
func drawsHaveMoments(t *testing.T, m *mixed, inverse square) {
	t.Helper()
	p := len(m.merit)
	const draws = 40000
	rng := rand.New(rand.NewPCG(1, 1))
	places := make([]int, p)
	for i := range places {
		places[i] = i
	}
	all, thetas := newTally(places), make([][]float64, 0, draws)
	z, one, mirrored := make([]float64, m.normals()), m.newDrawn(), m.newDrawn()
	for range draws / 2 {
		for k := range z {
			z[k] = rng.NormFloat64()
		}
		m.pair(z, p, one, mirrored)
		for _, d := range []drawn{one, mirrored} {
			all.add(d)
			thetas = append(thetas, slices.Clone(d.theta))
		}
	}
	for i := range p {
		for k := range p {
			cov := 0.0
			for _, d := range thetas {
				cov += (d[i] - m.merit[i]) * (d[k] - m.merit[k]) / draws
			}
			if d := math.Abs(cov - inverse.row(1 + i)[1+k]); d > 0.015 {
				t.Errorf("covariance of draws %d and %d is off by %g", i, k, d)
			}
		}
	}
	smooth, counted := append([]float64(nil), all.best...), make([]float64, p)
	for _, d := range thetas {
		counted[firstOf(d)]++
	}
	for i := range p {
		if d := math.Abs(smooth[i]-counted[i]) / draws; d > 0.015 {
			t.Errorf("the smooth chance of %d is off by %g from the counted one", i, d)
		}
	}
}

func TestMonotoneIsTheNearestFallingSequence(t *testing.T) {
	t.Parallel()
	listed := []*line{{total: 3}, {total: 5}, {total: 4}, {total: math.NaN()}, {total: 1}}
	monotone(listed)
	want := []float64{4, 4, 4, 0, 1}
	for k, l := range listed {
		if l.value != want[k] {
			t.Errorf("place %d: %v, want %v", k+1, l.value, want[k])
		}
	}
}

func TestIntervalIsNearestToNineTenths(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		counts []int // draws at each rank
		lo, hi int
	}{
		{[]int{1000}, 1, 1},
		{[]int{600, 320, 80}, 1, 2},
		{[]int{500, 300, 200}, 1, 3},
		{[]int{50, 850, 60, 40}, 2, 3},
	} {
		var ranks []int32
		for r, n := range tc.counts {
			for range n {
				ranks = append(ranks, int32(r+1))
			}
		}
		if lo, hi := interval(ranks); lo != tc.lo || hi != tc.hi {
			t.Errorf("%v: %d to %d, want %d to %d", tc.counts, lo, hi, tc.lo, tc.hi)
		}
	}
}

func TestComparisonsBecomeAnOrder(t *testing.T) {
	t.Parallel()
	scored := func(totals ...float64) map[int]*line {
		at := map[int]*line{}
		for i, x := range totals {
			at[i] = &line{project: i, total: x}
		}
		return at
	}
	nan := math.NaN()
	for name, tc := range map[string]struct {
		better []pair
		at     map[int]*line
		want   [][]int
	}{
		"a chain":                    {[]pair{{2, 1}, {1, 0}}, scored(nan, nan, nan), [][]int{{2}, {1}, {0}}},
		"a cycle ties":               {[]pair{{0, 1}, {1, 2}, {2, 0}, {2, 3}}, scored(1, 2, 3, 4), [][]int{{0, 1, 2}, {3}}},
		"scores decide what is open": {[]pair{{0, 1}, {2, 3}}, scored(5, 1, 4, 3), [][]int{{0}, {2}, {3}, {1}}},
		"height without scores":      {[]pair{{0, 1}, {2, 3}}, scored(nan, nan, nan, nan), [][]int{{0, 2}, {1, 3}}},
	} {
		got := orderOf(tc.better, tc.at)
		if len(got) != len(tc.want) {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
			continue
		}
		for k := range got {
			for l := range got[k] {
				if len(got[k]) != len(tc.want[k]) || got[k][l] != tc.want[k][l] {
					t.Errorf("%s: %v, want %v", name, got, tc.want)
				}
			}
		}
	}
}
