package teaming

import "math"

// generator solves one part by column generation: a pool of teams, the linear
// relaxation over it, and the ways to enlarge it.
type generator struct {
	m         *model
	part      *part
	pool      *pool
	master    *master
	near      *neighbourhood
	deep      *pricer
	rnd       *random
	bound     int64 // proven lower bound of the part's cost
	proven    bool  // every team with a negative reduced cost is in the pool
	exact     bool  // try to price exhaustively
	mayFinish bool  // a dive may price what is left exhaustively
	prices    prices
	frugal    int  // rounds without much progress
	moving    bool // there has been progress
	last      float64
	inherited int // columns of the pool that came from another generator
}

func newGenerator(m *model, p *part, pool *pool, rnd *random) *generator {
	g := &generator{m: m, part: p, pool: pool, rnd: rnd, near: newNeighbourhood(m, p)}
	g.master = newMaster(m, p, pool, rnd)
	return g
}

// converge alternates between solving the relaxation and pricing until no way of
// pricing finds anything, or the meter is empty. When the exhaustive search was
// allowed and found nothing, the relaxation's value bounds every answer.
func (g *generator) converge(meter *meter) {
	g.last, g.frugal, g.moving = math.Inf(1), 0, false
	for {
		g.master.sync()
		if !g.master.lp.Solve(meter.spend) {
			return
		}
		g.prices = g.master.prices()
		added := g.priceNear(meter)
		if added < 5 && !meter.empty() {
			added += g.priceDeep(meter, 20, 2)
		}
		if added == 0 && g.exact && !meter.empty() {
			n, complete := g.priceAll(meter)
			if complete && n == 0 && !meter.empty() {
				g.bound = int64(math.Ceil(g.prices.total - 1e-4))
				g.proven = true
				return
			}
			added += n
		}
		if added == 0 || meter.empty() || g.stalled() {
			return
		}
	}
}

// stalled stops the tail of a heuristic generation: rounds that hardly lower the
// relaxation's value. A relaxation of few columns often needs several before it
// first moves.
func (g *generator) stalled() bool {
	if g.last-g.prices.total < float64(0.0002*math.Abs(g.prices.total))+1e-6 {
		g.frugal++
	} else {
		g.frugal, g.moving = 0, g.moving || !math.IsInf(g.last, 1)
	}
	g.last = g.prices.total
	return !g.exact && (g.frugal >= 12 || g.moving && g.frugal >= 4)
}

// priceNear looks around the teams that the relaxation uses.
func (g *generator) priceNear(meter *meter) int {
	g.near.prices = &g.prices
	added := 0
	for _, f := range g.master.support() {
		n, work := g.near.around(g.pool.columns[f.column], g.pool)
		added += n
		if !meter.spend(work) {
			break
		}
	}
	return added
}

// priceDeep searches depth first with few nodes below each first unit.
func (g *generator) priceDeep(meter *meter, nodes, perBranch int) int {
	added, _ := g.priceWith(meter, -1e-4, nodes, perBranch)
	return added
}

// priceAll searches exhaustively but leaves a branch once it has given a few teams;
// complete means that it met no reason to leave one.
func (g *generator) priceAll(meter *meter) (added int, complete bool) {
	return g.priceWith(meter, -1e-6, 0, 3)
}

func (g *generator) priceWith(meter *meter, bar float64, nodes, perBranch int) (added int, complete bool) {
	if g.deep == nil {
		g.deep = newPricer(g.m, g.part, &g.prices, meter)
	}
	x := g.deep
	x.meter = meter
	x.nodes, x.perBranch = nodes, perBranch
	x.found = func(us []int32, challenge, ident int32, cost int64, _ float64) bool {
		if g.pool.offer(us, challenge, ident, cost) {
			added++
		}
		return len(g.pool.columns) < g.pool.limit // a full pool proves nothing
	}
	complete = true
	for c := range g.m.need {
		x.search(int32(c), bar)
		complete = complete && x.complete
	}
	return added, complete
}
