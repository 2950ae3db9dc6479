// Package anneal is simulated annealing's machinery: a random stream, a cooling
// schedule, and the rule that accepts or refuses a change. It knows no problem.
//
// Everything is exact on every machine: the random numbers are PCG's, the
// logarithms are rounded to a table, and no multiplication is fused with an
// addition, so that a seed gives the same decisions everywhere.
package anneal

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// Rand is a seeded random stream (PCG, O'Neill 2014).
type Rand struct{ pcg *rand.PCG }

// NewRand starts the stream of a seed. Different streams of one seed are
// independent; restarts use one each.
func NewRand(seed, stream uint64) *Rand {
	return &Rand{rand.NewPCG(seed, 0x9e3779b97f4a7c15^stream)}
}

// Below is uniform on 0..n-1 up to a bias of n/2^64; n must be positive.
func (r *Rand) Below(n int) int {
	hi, _ := bits.Mul64(r.pcg.Uint64(), uint64(n))
	return int(hi)
}

// Word is 64 random bits.
func (r *Rand) Word() uint64 { return r.pcg.Uint64() }

// Shuffle permutes n things uniformly (Fisher and Yates).
func (r *Rand) Shuffle(n int, swap func(a, b int)) {
	for i := n - 1; i > 0; i-- {
		swap(i, r.Below(i+1))
	}
}

// logSize is the number of quantiles of the exponential law kept as a table.
const logSize = 4096

// scale turns the table's numbers into integers.
const scale = 1 << 16

// Cooling decides, step after step, which changes to accept (Metropolis), at a
// temperature that falls geometrically from hot to cold.
type Cooling struct {
	rand   *Rand
	logs   *[logSize]float64
	temp   float64
	factor float64
	each   int // steps at one temperature
	left   int
}

// levels is the number of temperatures between hot and cold.
const levels = 256

// NewCooling prepares a schedule of the given number of steps from hot to cold,
// both positive, in units of cost.
func NewCooling(r *Rand, hot, cold float64, steps int) *Cooling {
	factor := math.Pow(cold/hot, 1.0/(levels-1))
	each := max(1, steps/levels)
	return &Cooling{
		rand: r, logs: quantiles(),
		temp: hot, factor: math.Round(factor*(1<<40)) / (1 << 40),
		each: each, left: each,
	}
}

// quantiles are -ln u at the middle of each of logSize equal parts of (0,1).
func quantiles() *[logSize]float64 {
	var t [logSize]float64
	for i := range t {
		t[i] = math.Round(-math.Log((float64(i)+0.5)/logSize)*scale) / scale
	}
	return &t
}

// Accept says whether a change of the given cost is taken: always when it costs
// nothing, else with probability exp(-delta/temperature).
func (c *Cooling) Accept(delta int64) bool {
	return delta <= 0 || float64(delta) <= c.Allowance()
}

// Allowance draws the greatest cost that the next change may have: the rule of
// Accept with the random number drawn first, for changes whose cost is dear to
// compute.
func (c *Cooling) Allowance() float64 {
	return c.temp * c.logs[c.rand.Word()>>52]
}

// Step moves the schedule on by one step; it returns true when the temperature
// has just fallen.
func (c *Cooling) Step() bool {
	c.left--
	if c.left > 0 {
		return false
	}
	c.left = c.each
	c.temp *= c.factor
	return true
}
