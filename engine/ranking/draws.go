package ranking

import (
	"math"
	"math/rand/v2"
	"slices"
)

// draw fills theta with one joint draw of the merits from standard normals z, and
// mean and sd with the law of each merit given the rest of the draw: what makes the
// probabilities smooth (Rao-Blackwell).
func (m *mixed) draw(z, theta, mean, sd []float64) {
	n := m.factor.n
	x := slices.Clone(z[:n])
	m.factor.upper(x)
	for c := range x {
		x[c] += m.solution[c]
	}
	if m.byJuror {
		for i := range theta {
			mean[i], sd[i] = m.outMean(i, x), 1/math.Sqrt(m.out.precision[i])
			theta[i] = mean[i] + float64(sd[i]*z[n+i])
		}
		return
	}
	// L z is the precision matrix times the draw's deviation from the mean.
	for i := range theta {
		dot, square := 0.0, 0.0
		for c, l := range m.factor.row(i + 1)[:i+2] {
			dot += float64(l * z[c])
			square += float64(l * l)
		}
		theta[i] = x[i+1]
		mean[i], sd[i] = theta[i]-dot/square, 1/math.Sqrt(square)
	}
}

// normals is how many standard normals a draw takes.
func (m *mixed) normals() int {
	if m.byJuror {
		return m.factor.n + len(m.merit)
	}
	return m.factor.n
}

// sample makes draws in mirrored pairs (antithetic) and hands each to every tally.
func (m *mixed) sample(rng *rand.Rand, draws int, tallies []*tally) {
	z := make([]float64, m.normals())
	theta, mean, sd := make([]float64, len(m.merit)), make([]float64, len(m.merit)), make([]float64, len(m.merit))
	for d := range draws {
		for k := range z {
			if d%2 == 0 {
				z[k] = rng.NormFloat64()
			} else {
				z[k] = -z[k]
			}
		}
		m.draw(z, theta, mean, sd)
		for _, t := range tallies {
			t.add(theta, mean, sd)
		}
	}
}

// tally gathers from draws what they say of the projects that may win one prize.
type tally struct {
	eligible   []int
	best, top3 []float64 // by place in eligible; sums over the draws until finish
	thetas     [][]float64
	maximum    float64 // mean of the best merit
}

func newTally(eligible []int) *tally {
	return &tally{eligible: eligible, best: make([]float64, len(eligible)), top3: make([]float64, len(eligible))}
}

func (t *tally) add(theta, mean, sd []float64) {
	drawn := make([]float64, len(t.eligible))
	top := [4]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for k, i := range t.eligible {
		drawn[k] = theta[i]
		for r := range top {
			if theta[i] > top[r] {
				copy(top[r+1:], top[r:3])
				top[r] = theta[i]
				break
			}
		}
	}
	t.thetas = append(t.thetas, drawn)
	if len(drawn) > 0 {
		t.maximum += top[0]
	}
	for k, i := range t.eligible {
		first, third := top[0], top[2]
		if drawn[k] >= first {
			first = top[1]
		}
		if drawn[k] >= third {
			third = top[3]
		}
		t.best[k] += normalCDF((mean[i] - first) / sd[i])
		t.top3[k] += normalCDF((mean[i] - third) / sd[i])
	}
}

// doubt is the share of a probability that is spread evenly over all projects, for
// the possibility that the model itself is wrong: nothing is ruled out.
const doubt = 0.01

// finish turns sums into probabilities that add up exactly.
func (t *tally) finish() {
	t.maximum /= float64(max(1, len(t.thetas)))
	scaleTo(t.best, 1)
	scaleTo(t.top3, 3)
	n := float64(len(t.eligible))
	for k := range t.best {
		t.best[k] = float64((1-doubt)*t.best[k]) + doubt/n
		t.top3[k] = float64((1-doubt)*t.top3[k]) + float64(doubt*min(1, 3/n))
	}
}

// scaleTo makes probabilities sum to min(total, their number), none above one.
func scaleTo(p []float64, total float64) {
	if float64(len(p)) <= total {
		for k := range p {
			p[k] = 1
		}
		return
	}
	full := make([]bool, len(p))
	for range p {
		sum, left := 0.0, total
		for k, x := range p {
			if full[k] {
				left--
			} else {
				sum += x
			}
		}
		again := false
		for k := range p {
			if !full[k] {
				p[k] *= left / sum
				if p[k] > 1 {
					p[k], full[k], again = 1, true, true
				}
			}
		}
		if !again {
			return
		}
	}
}

// intervals are 90 % intervals of each eligible project's rank over the draws.
func (t *tally) intervals() (lo, hi []int) {
	n := len(t.eligible)
	ranks := make([][]int32, n)
	order := make([]int, n)
	for _, drawn := range t.thetas {
		for k := range order {
			order[k] = k
		}
		slices.SortFunc(order, func(x, y int) int {
			if drawn[x] > drawn[y] {
				return -1
			}
			return 1
		})
		for r, k := range order {
			ranks[k] = append(ranks[k], int32(r+1))
		}
	}
	lo, hi = make([]int, n), make([]int, n)
	for k, r := range ranks {
		slices.Sort(r)
		lo[k], hi[k] = interval(r)
	}
	return lo, hi
}

// leaders are the fewest of the members (places in eligible) that hold the best of
// them with probability 0.9, the likeliest first.
func (t *tally) leaders(members []int) []int {
	wins := make([]int, len(t.eligible))
	for _, drawn := range t.thetas {
		best := members[0]
		for _, k := range members[1:] {
			if drawn[k] > drawn[best] {
				best = k
			}
		}
		wins[best]++
	}
	byWins := slices.Clone(members) // members come in the order of the ranking
	slices.SortStableFunc(byWins, func(x, y int) int { return wins[y] - wins[x] })
	held := 0
	for n, k := range byWins {
		held += wins[k]
		if 10*held >= 9*len(t.thetas) {
			return byWins[:n+1]
		}
	}
	return byWins
}

// held is the share of the draws that a 90 % interval holds: the variances are
// estimated, not known, which the hundredth more makes up for (docs/bench).
const held = 0.91

// interval is the range of sorted ranks whose share of them is nearest to held, made
// by dropping the rarer end while that brings it nearer. Ranks come in steps: always
// rounding outwards would claim 90 % and hold more.
func interval(ranks []int32) (lo, hi int) {
	from, to := 0, len(ranks)
	want := float64(held * float64(len(ranks)))
	for {
		low, high := from, to
		for low < to && ranks[low] == ranks[from] {
			low++
		}
		for high > from && ranks[high-1] == ranks[to-1] {
			high--
		}
		if low-from <= to-high {
			high = to
		} else {
			low = from
		}
		if low >= high || math.Abs(want-float64(high-low)) > math.Abs(float64(to-from)-want) {
			return int(ranks[from]), int(ranks[to-1])
		}
		from, to = low, high
	}
}
