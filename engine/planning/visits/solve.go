package visits

import (
	"context"
	"fmt"
	"slices"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// These turn a budget into steps; measured on one core at 2.5 GHz. A large plan
// does not fit in the nearest memory, and starts further from a good one: its
// steps are slower and its schedule hotter.
const (
	stepsPerSecond      = 6e6
	largeStepsPerSecond = 4e6
	largeCells          = 3000
)

// Solve anneals a first valid plan: visits change jurors, mostly with a table
// next to the juror's way, or change slots. The error is a *planning.Infeasible
// when no plan keeps the rules, or the context's.
func Solve(ctx context.Context, in *Instance, o planning.Options) (*Solution, error) {
	first, err := start(in, anneal.NewRand(o.Seed, 0))
	if err != nil {
		return nil, err
	}
	if len(in.Projects) == 0 || in.Visits == 0 {
		return first.solution(), nil
	}
	near := nearest(in.Projects, 24)
	speed := stepsPerSecond
	if len(first.cell) > largeCells {
		speed = largeStepsPerSecond
	}
	steps := o.Steps(speed)
	rounds := min(8, max(1, steps/(stepsPerRound*len(in.Projects)*in.Visits)))
	var best *search
	least := Bound(in)
	for k := range rounds {
		s := &search{plan: first.clone(), near: near, rnd: anneal.NewRand(o.Seed, uint64(k+1))}
		s.keep()
		if err := s.anneal(ctx, steps/rounds); err != nil {
			return nil, fmt.Errorf("planning the visits: %w", err)
		}
		if best == nil || s.bestCost < best.bestCost {
			best = s
		}
		if best.bestCost == least {
			break
		}
		o.Report(float64(k+1)/float64(rounds), best.bestCost)
	}
	o.Report(1, best.bestCost)
	best.restore()
	sol := best.solution()
	sol.Bound = least
	return sol, nil
}

// stepsPerRound is how many steps a visit needs before another round pays.
const stepsPerRound = 40_000

// search is one annealing of a plan.
type search struct {
	*plan
	near [][]int32
	rnd  *anneal.Rand
	cool *anneal.Cooling
	mix  *mixing // nil when it would cost too much

	best     []int32 // cells of the best plan seen whose jurors are linked
	bestCost int64
}

func (s *search) keep() {
	s.best = append(s.best[:0], s.cell...)
	s.bestCost = s.cost
}

// restore puts the best plan back; only its cells and cost.
func (s *search) restore() {
	copy(s.cell, s.best)
	s.cost = s.bestCost
}

func (s *search) anneal(ctx context.Context, steps int) error {
	w := s.in.Weights
	scale := float64(max(w.Pair, w.Walk, w.Track/2, 1))
	hot := hot
	if len(s.cell) > largeCells {
		hot = largeHot
	}
	s.cool = anneal.NewCooling(s.rnd, hot*scale, cold*float64(max(1, min(w.Pair, max(w.Walk, 1)))), steps)
	mix, every := ready(s.plan, steps)
	s.mix = mix
	for i := range steps {
		if i%every == every-1 {
			s.mix.measure(s.plan)
		}
		switch k := s.rnd.Below(16); {
		case k < 10:
			s.draw()
		case k < 12:
			s.trade(int32(s.rnd.Below(len(s.cell))), int32(s.rnd.Below(len(s.cell))))
		default:
			s.reorder()
		}
		if s.cool.Step() {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if i > steps/2 && s.cost < s.bestCost && s.comparable() {
				s.keep()
			}
		}
	}
	if s.cost < s.bestCost && s.comparable() {
		s.keep()
	}
	return nil
}

// The temperatures of the first and the last step, against the largest and the
// smallest price.
const (
	hot      = 0.4
	largeHot = 1.2
	cold     = 0.3
)

// draw brings a table near the way of a random juror into a random cell of theirs,
// in exchange for what they do then.
func (s *search) draw() {
	c1 := int32(s.rnd.Below(len(s.cell)))
	anchor := s.beside(c1)
	if anchor == none || len(s.near[anchor]) == 0 {
		return
	}
	q := s.near[anchor][s.rnd.Below(len(s.near[anchor]))]
	s.trade(c1, s.spotsOf(q)[s.rnd.Below(s.in.Visits)])
}

// beside is the project that cell's juror visits just before or just after it.
func (s *search) beside(cell int32) int32 {
	j := s.juror(cell)
	first, end := j*int32(s.slots), (j+1)*int32(s.slots)
	step := int32(1)
	if s.rnd.Word()&1 == 0 {
		step = -1
	}
	for range 2 {
		for c := cell + step; c >= first && c < end; c += step {
			if s.cell[c] != none {
				return s.cell[c]
			}
		}
		step = -step
	}
	return none
}

// trade exchanges two cells if the schedule allows the price.
func (s *search) trade(c1, c2 int32) {
	p, q := s.cell[c1], s.cell[c2]
	j1, j2 := s.juror(c1), s.juror(c2)
	if p == q || j1 == j2 || !s.mayExchange(c1, c2) {
		return
	}
	delta := s.gain(c1, c2)
	if p == none || q == none {
		delta += s.in.Weights.Load * s.loadGain(p == none, j1, j2)
	}
	if !s.accept(delta, s.mix.bonus(s.plan, p, q, j1, j2)) {
		return
	}
	s.exchange(c1, c2)
	s.cost += delta
}

// accept lets the schedule decide on a change of that cost, less what it is worth for the
// comparing of jurors.
func (s *search) accept(delta int64, bonus float64) bool {
	if bonus == 0 {
		return s.cool.Accept(delta)
	}
	return float64(delta)-bonus <= s.cool.Allowance()
}

// loadGain is the change of the spread of loads when one visit goes to juror j1
// from j2, or the other way.
func (s *search) loadGain(toFirst bool, j1, j2 int32) int64 {
	if toFirst {
		j1, j2 = j2, j1
	}
	before := s.spread()
	s.shift(j1, j2)
	delta := s.spread() - before
	s.shift(j2, j1)
	return delta
}

// reorder exchanges what one juror does in two slots.
func (s *search) reorder() {
	c1 := int32(s.rnd.Below(len(s.cell)))
	j := s.juror(c1)
	c2 := j*int32(s.slots) + int32(s.rnd.Below(s.slots))
	p, q := s.cell[c1], s.cell[c2]
	if p == q {
		return
	}
	if p != none && s.clashes(p, s.slot(c2), c1) || q != none && s.clashes(q, s.slot(c1), c2) {
		return
	}
	walk := s.detour(c1, p, q)
	s.cell[c1] = q
	walk += s.detour(c2, q, p)
	s.cell[c1] = p
	delta := s.in.Weights.Walk * walk
	if s.cool.Accept(delta) {
		s.swapSlots(c1, c2)
		s.cost += delta
	}
}

// clone copies everything that changes.
func (t *plan) clone() *plan {
	c := *t
	c.cell, c.spots = slices.Clone(t.cell), slices.Clone(t.spots)
	c.load, c.loads = slices.Clone(t.load), slices.Clone(t.loads)
	c.pairs.count = slices.Clone(t.pairs.count)
	return &c
}

func (t *plan) solution() *Solution {
	sol := &Solution{Name: t.in.Name, Cost: t.cost, Routes: []Route{}}
	for j, juror := range t.in.Jurors {
		route := Route{Juror: juror.ID, Visits: []string{}}
		for s := range t.slots {
			id := ""
			if p := t.cell[j*t.slots+s]; p != none {
				id = t.in.Projects[p].ID
			}
			route.Visits = append(route.Visits, id)
		}
		for n := len(route.Visits); n > 0 && route.Visits[n-1] == ""; n-- {
			route.Visits = route.Visits[:n-1]
		}
		sol.Routes = append(sol.Routes, route)
	}
	return sol
}
