package ranking

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// drawn is one joint draw of the merits, with the law of each merit given the rest of the
// draw: what makes the probabilities smooth (Rao-Blackwell).
type drawn struct{ dense, theta, mean, sd []float64 }

func (m *mixed) newDrawn() drawn {
	n := len(m.merit)
	return drawn{make([]float64, m.factor.n), make([]float64, n), make([]float64, n), make([]float64, n)}
}

// pair fills a with the draw of the standard normals z and b with its mirror image, that of
// -z: both in one walk through the observations of the first so many projects.
func (m *mixed) pair(z []float64, first int, a, b drawn) {
	n := m.factor.n
	off := a.dense
	copy(off, z[:n])
	m.factor.upper(off)
	for c, d := range off {
		a.dense[c], b.dense[c] = m.solution[c]+d, m.solution[c]-d
	}
	if !m.byJuror {
		m.dense(z, a, 1)
		m.dense(z, b, -1)
		return
	}
	for i := range first {
		total := m.out.precision[i]
		sd := 1 / math.Sqrt(total)
		step := float64(sd * z[n+i])
		a.sd[i], b.sd[i] = sd, sd
		a.mean[i], b.mean[i] = m.bundles[i].means(a.dense, b.dense, total)
		a.theta[i], b.theta[i] = a.mean[i]+step, b.mean[i]-step
	}
}

// dense reads the merits off a draw of the dense side, made from z times sign. L z is the
// precision matrix times the draw's deviation from the mean.
func (m *mixed) dense(z []float64, d drawn, sign float64) {
	for i := range d.theta {
		dot, square := 0.0, 0.0
		for c, l := range m.factor.row(i + 1)[:i+2] {
			dot += float64(l * z[c])
			square += float64(l * l)
		}
		d.theta[i] = d.dense[i+1]
		d.mean[i], d.sd[i] = d.theta[i]-float64(sign*dot)/square, 1/math.Sqrt(square)
	}
}

// normals is how many standard normals a draw takes.
func (m *mixed) normals() int {
	if m.byJuror {
		return m.factor.n + len(m.merit)
	}
	return m.factor.n
}

// sample makes draws in mirrored pairs (antithetic) and hands each to every tally. Where
// jurors are the dense side, only the merits of the first so many projects are drawn.
func (m *mixed) sample(rng *rand.Rand, draws, first int, tallies []*tally) {
	z := make([]float64, m.normals())
	a, b := m.newDrawn(), m.newDrawn()
	for d := 0; d < draws; d += 2 {
		for k := range z {
			z[k] = rng.NormFloat64()
		}
		m.pair(z, first, a, b)
		for _, t := range tallies {
			t.add(a)
			if d+1 < draws {
				t.add(b)
			}
		}
	}
}

// tally gathers from draws what they say of the projects that may win one prize.
type tally struct {
	eligible   []int
	of         int       // projects that the doubt is spread over
	firstOnly  bool      // only best is asked for
	best, top3 []float64 // by place in eligible; sums over the draws until finish
	maximum    float64   // mean of the best merit
	draws      int
	orders     [][]int32 // by draw: places in eligible, the greatest merit first
	theta      []float64 // of the present draw
}

func newTally(eligible []int) *tally {
	return &tally{eligible: eligible, of: len(eligible), best: make([]float64, len(eligible)), top3: make([]float64, len(eligible)),
		theta: make([]float64, len(eligible))}
}

func (t *tally) add(d drawn) {
	t.draws++
	theta := t.theta
	top := [4]float64{math.Inf(-1), math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for k, i := range t.eligible {
		theta[k] = d.theta[i]
		for r := range top {
			if theta[k] > top[r] {
				copy(top[r+1:], top[r:3])
				top[r] = theta[k]
				break
			}
		}
	}
	if !t.firstOnly {
		t.orders = append(t.orders, falling(theta))
	}
	if len(theta) > 0 {
		t.maximum += top[0]
	}
	for k, i := range t.eligible {
		first, third := top[0], top[2]
		if theta[k] >= first {
			first = top[1]
		}
		if theta[k] >= third {
			third = top[3]
		}
		t.best[k] += certainty((d.mean[i] - first) / d.sd[i])
		if t.firstOnly {
			continue
		}
		t.top3[k] += certainty((d.mean[i] - third) / d.sd[i])
	}
}

// certainty is normalCDF, without looking where it adds nothing to a sum: below, it is less
// than half the last digit of the doubt that is spread over all projects.
func certainty(x float64) float64 {
	if x < -10.5 {
		return 0
	}
	return normalCDF(x)
}

// doubt is the share of a probability that is spread evenly over all projects, for
// the possibility that the model itself is wrong: nothing is ruled out.
const doubt = 0.01

// finish turns sums into probabilities that add up exactly.
func (t *tally) finish() {
	t.maximum /= float64(max(1, t.draws))
	scaleTo(t.best, 1)
	scaleTo(t.top3, 3)
	n := float64(t.of)
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

// intervals are 90 % intervals of each eligible project's rank over the draws. Going through
// the draws rank by rank meets every project's ranks in their order.
func (t *tally) intervals() (lo, hi []int) {
	n := len(t.eligible)
	ranks := make([]int32, n*t.draws)
	met := make([]int, n)
	for r := range n {
		for _, order := range t.orders {
			k := int(order[r])
			ranks[k*t.draws+met[k]] = int32(r + 1)
			met[k]++
		}
	}
	lo, hi = make([]int, n), make([]int, n)
	for k := range lo {
		lo[k], hi[k] = interval(ranks[k*t.draws : (k+1)*t.draws])
	}
	return lo, hi
}

// falling is the places of one draw from the greatest merit down. They come by estimated
// merit, which is near that order where there are many visits, so each is first moved up to
// where it belongs.
func falling(theta []float64) []int32 {
	const patience = 24 // moves a place, where sorting anew costs about as much
	order := make([]int32, len(theta))
	for k := range order {
		order[k] = int32(k)
	}
	left := patience * len(order)
	for at, k := range order {
		to := at
		for ; to > 0 && theta[order[to-1]] < theta[k]; to-- {
			order[to] = order[to-1]
		}
		order[to] = k
		if left -= at - to; left < 0 {
			slices.SortStableFunc(order, func(x, y int32) int { return cmp.Compare(theta[y], theta[x]) })
			break
		}
	}
	return order
}

// peeling takes set after set of leaders off the same draws.
type peeling struct {
	*tally
	from []int // by draw: all before it in the order are taken off
}

func (t *tally) peel() peeling { return peeling{t, make([]int, t.draws)} }

// leaders are the fewest of the members (places in eligible) that hold the best of
// them with probability 0.9, the likeliest first. The members of one call are among those
// of the call before.
func (t peeling) leaders(members []int) []int {
	in := make([]bool, len(t.eligible))
	for _, k := range members {
		in[k] = true
	}
	wins := make([]int, len(t.eligible))
	for d, order := range t.orders {
		for !in[order[t.from[d]]] {
			t.from[d]++
		}
		wins[order[t.from[d]]]++
	}
	byWins := slices.Clone(members) // members come in the order of the ranking
	slices.SortStableFunc(byWins, func(x, y int) int { return wins[y] - wins[x] })
	held := 0
	for n, k := range byWins {
		held += wins[k]
		if 10*held >= 9*t.draws {
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
