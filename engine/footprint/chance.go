package footprint

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Binomial is F1 and F5: the smallest k such that, of n people who each come with
// probability p, at most k come with probability at least c. The sum is exact, in
// logarithms, without the normal approximation. For n <= 0 or p <= 0 it is 0; for
// p >= 1 or c >= 1 it is n.
func Binomial(n int, p, c float64) int {
	if n <= 0 || p <= 0 || math.IsNaN(p) || math.IsNaN(c) {
		return 0
	}
	if p >= 1 || c >= 1 {
		return n
	}
	logP, logQ := math.Log(p), math.Log1p(-p)
	top, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for k := 0; k < n; k++ {
		a, _ := math.Lgamma(float64(k + 1))
		b, _ := math.Lgamma(float64(n - k + 1))
		sum += math.Exp(top - a - b + float64(float64(k)*logP) + float64(float64(n-k)*logQ))
		if sum >= c {
			return k
		}
	}
	return n
}

// AtMost is the probability that at most k of n come, each with probability p.
func AtMost(k, n int, p float64) float64 {
	if k < 0 || n < 0 {
		return 0
	}
	if k >= n || p <= 0 {
		return 1
	}
	if p >= 1 {
		return 0
	}
	top, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for i := range k + 1 {
		a, _ := math.Lgamma(float64(i + 1))
		b, _ := math.Lgamma(float64(n - i + 1))
		sum += math.Exp(top - a - b + float64(float64(i)*math.Log(p)) + float64(float64(n-i)*math.Log1p(-p)))
	}
	return min(1, sum)
}

// maxMean bounds the mean of Poisson: no event has more cups about.
const maxMean = 1e7

// Poisson is the smallest k such that a Poisson number of the given mean is at
// most k with probability at least c, for F3.
func Poisson(mean, c float64) int {
	if !(mean > 0) || math.IsNaN(c) {
		return 0
	}
	mean = min(mean, maxMean)
	sum, limit := 0.0, int(mean+float64(40*math.Sqrt(mean))+40)
	for k := range limit {
		f, _ := math.Lgamma(float64(k + 1))
		if sum += math.Exp(float64(float64(k)*math.Log(mean)) - mean - f); sum >= c {
			return k
		}
	}
	return limit
}

// Newsvendor is F6: how many to order when one missing costs missing and one left
// over costs left (both at least 0, not both 0), for n people who each come with
// probability p; and the critical ratio (Arrow, Harris and Marschak, 1951).
func Newsvendor(n int, p, missing, left float64) (order int, ratio float64) {
	if !(missing > 0) {
		return 0, 0
	}
	ratio = missing / (missing + max(0, left))
	return Binomial(n, p, ratio), ratio
}

// Circulation is F3 (Little's law): the cups about at once when present people
// each take drinks an hour and a cup is away for hours.
func Circulation(present, drinks, hours Range) Range { return present.Times(drinks).Times(hours) }

// Need is what a simulation of the cups needed says: the quantile at the wanted
// confidence, and the middle nine tenths of all draws.
type Need struct {
	Quantile int
	Lo, Hi   int
}

// Simulate is F7: draws of people who come (n, p), of the cups each needs (a
// Poisson mean a head, or one each when it is 0), and of the cups lost (share q),
// with nearest-rank quantiles. The seed makes it repeatable; fewer than 10,000
// draws count as 10,000.
func Simulate(n int, p, mean, q, c float64, seed uint64, draws int) Need {
	draws = min(max(draws, 10_000), 1_000_000)
	r := rand.New(rand.NewPCG(seed, 7))
	people, lost := binomialTable(n, p), map[int][]float64{}
	needs := make([]int, draws)
	for i := range needs {
		need := drawFrom(people, r.Float64())
		if mean > 0 {
			need = poissonDraw(r, float64(need)*mean)
		}
		if q > 0 {
			table, known := lost[need]
			if !known {
				table = binomialTable(need, q)
				lost[need] = table
			}
			need += drawFrom(table, r.Float64())
		}
		needs[i] = need
	}
	slices.Sort(needs)
	return Need{nearestRank(needs, c), nearestRank(needs, 0.05), nearestRank(needs, 0.95)}
}

func nearestRank(sorted []int, c float64) int {
	i := int(math.Ceil(c * float64(len(sorted))))
	return sorted[min(max(i, 1), len(sorted))-1]
}

// binomialTable holds P(at most k) for k = 0..n.
func binomialTable(n int, p float64) []float64 {
	n = max(0, n)
	table := make([]float64, n+1)
	if p <= 0 || p >= 1 {
		for k := range table {
			if p <= 0 || k == n {
				table[k] = 1
			}
		}
		return table
	}
	top, _ := math.Lgamma(float64(n + 1))
	sum := 0.0
	for k := range table {
		a, _ := math.Lgamma(float64(k + 1))
		b, _ := math.Lgamma(float64(n - k + 1))
		sum += math.Exp(top - a - b + float64(float64(k)*math.Log(p)) + float64(float64(n-k)*math.Log1p(-p)))
		table[k] = sum
	}
	table[n] = 1
	return table
}

func drawFrom(table []float64, u float64) int {
	k, _ := slices.BinarySearchFunc(table, u, cmp.Compare[float64])
	return min(k, len(table)-1)
}

// poissonDraw adds up draws of small means, where the product method is exact
// (Knuth, The Art of Computer Programming 2, 3.4.1).
func poissonDraw(r *rand.Rand, mean float64) int {
	const part = 30.0
	n := 0
	for mean = min(mean, maxMean); mean > 0; mean -= part {
		limit, product := math.Exp(-min(mean, part)), r.Float64()
		for product > limit {
			n++
			product *= r.Float64()
		}
	}
	return n
}
