package teaming

// solver improves one part: it holds the incumbent and what is proven about it.
type solver struct {
	m      *model
	part   *part
	rnd    *random
	table  *[4096]float64
	at     []int32
	best   plan
	bound  int64
	proven bool
	report func(plan, int64)
}

func (s *solver) annealer() *annealer {
	return &annealer{state: newState(s.m, s.part, s.at), rnd: random(s.rnd.next()), deviates: s.table, penalty: s.penalty()}
}

// penalty makes one broken hard constraint dearer than any single term of a team.
func (s *solver) penalty() int64 {
	w := &s.m.in.Weights
	top := max(w.Size, w.Skill, w.Mix, w.Wish, w.Avoid, w.Isolation, w.Balance, w.Slots, w.Move, w.Unranked)
	return 10*top + 20
}

// keep is take for an annealing that tells of what it meets.
func (s *solver) keep(p plan) { s.take(p) }

// take keeps a plan if it is better than the incumbent.
func (s *solver) take(p plan) bool {
	if s.best.teams != nil && (p.broken > s.best.broken || p.broken == s.best.broken && p.cost >= s.best.cost) {
		return false
	}
	s.best = p
	if s.report != nil {
		s.report(p, s.bound)
	}
	return true
}

// temperatures suit the instance's weights: hot lets a typical change pass now and
// then, cold hardly any.
func (s *solver) temperatures() (hot, cold float64) {
	w := &s.m.in.Weights
	typical := 0.0
	for _, v := range []int64{w.Size, w.Skill, w.Mix, w.Wish, w.Unranked, w.Balance, w.Isolation} {
		typical += float64(v)
	}
	typical = max(typical/7, 0.2)
	return float64(typical * 0.6), float64(typical * 0.08)
}

// start anneals from nothing, keeping good teams for the relaxation.
func (s *solver) start(steps int64, harvest *pool, meter *meter) { s.cool(steps, 0, harvest, meter) }

// cool is start that also hands seats out anew once it is within handBelow times the cold
// end.
func (s *solver) cool(steps int64, handBelow float64, harvest *pool, meter *meter) {
	a := s.annealer()
	a.open()
	a.scatter(12)
	hot, cold := s.temperatures()
	s.take(a.anneal(schedule{steps: steps, hot: hot, cold: cold, penalty: s.penalty(), handAt: cold * handBelow, harvestAt: cold * 5, harvest: harvest, met: s.keep}, meter))
}

// polish loads teams, places whoever they leave out and cools from a low temperature.
func (s *solver) polish(teams []column, steps int64, harvest *pool, meter *meter) {
	a := s.annealer()
	a.load(teams)
	a.scatter(60)
	_, cold := s.temperatures()
	s.take(a.anneal(schedule{steps: steps, hot: cold * 2, cold: cold / 2, penalty: s.penalty(), harvestAt: cold * 2, harvest: harvest, met: s.keep}, meter))
}

// effort says how much work a part gets, by kind.
type effort struct {
	anneal  int64 // steps of one annealing
	runs    int   // annealings before the first relaxation
	exact   bool  // price exhaustively and prove
	columns int   // new columns a round may add
	rounds  int   // relaxations, 0 for as many as the meter allows
}

// solve works on the part until it is proven or the meter is empty.
func (s *solver) solve(e effort, meter *meter) {
	pool := newPool(e.columns)
	for range e.runs {
		s.start(e.anneal, pool, meter)
		if s.settled() || meter.empty() {
			return
		}
	}
	if s.best.broken > 0 {
		return
	}
	s.generate(e, pool, meter)
}

// generate runs column generation from a pool, dives, and proves if it can.
func (s *solver) generate(e effort, pool *pool, meter *meter) {
	for _, c := range s.best.teams {
		pool.offer(c.units, c.challenge, c.ident, c.cost)
	}
	g := newGenerator(s.m, s.part, pool, s.rnd)
	for round := 0; !meter.empty() && !s.proven && (e.rounds == 0 || round < e.rounds); round++ {
		pool.limit = len(pool.columns) + e.columns
		g.exact = e.exact
		g.mayFinish = e.exact
		g.converge(meter)
		if g.proven && g.bound > s.bound {
			s.bound = g.bound
		}
		prices := g.prices
		if s.settled() || meter.empty() {
			return
		}
		teams := g.dive(meter.sub(meter.left / 4 * 3))
		s.polish(teams, e.anneal/8, pool, meter)
		if s.settled() {
			return
		}
		if g.proven {
			g.prices = prices
			better, cost, bound := g.prove(s.best.cost, meter.sub(meter.left/4))
			if better != nil {
				s.take(plan{teams: better, cost: cost})
			}
			s.bound = max(s.bound, bound)
			if s.settled() {
				return
			}
			g.proven = false
		}
		s.start(e.anneal, pool, meter)
	}
}

func (s *solver) settled() bool {
	if s.best.teams != nil && s.best.broken == 0 && s.bound >= s.best.cost {
		s.proven = true
		if s.report != nil {
			s.report(s.best, s.bound)
		}
	}
	return s.proven
}
