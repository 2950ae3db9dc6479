package seats

import (
	"context"
	"fmt"
	"slices"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// stepsPerSecond turns a budget into steps; a step looks at one wish or one seat.
// Measured on one core at 2.5 GHz; many wishes do not fit in the nearest memory.
const (
	stepsPerSecond      = 1e8
	largeStepsPerSecond = 7e7
	largeWishes         = 8000
)

// Independent searches, of which the best is kept, pay where each has steps enough.
const (
	maxRounds    = 3
	stepsPerWish = 3000
)

// Solve finds a timetable and the best seats in it. Each round anneals the
// timetable against an estimate with seat prices, then against the seating
// itself, kept up by augmenting chains after every change. The error is a
// *planning.Infeasible when no timetable keeps the rules, or the context's.
func Solve(ctx context.Context, in *Instance, o planning.Options) (*Solution, error) {
	start, err := first(ctx, in, anneal.NewRand(o.Seed, 0))
	if err != nil {
		return nil, err
	}
	d := newDemand(in)
	if len(in.Workshops) == 0 {
		return newSeating(d, start).solution(), nil
	}
	steps := o.Steps(stepsPerSecond)
	if d.wishes() > largeWishes {
		steps = o.Steps(largeStepsPerSecond)
	}
	rounds := max(1, min(maxRounds, steps/(stepsPerWish*max(1, d.wishes()))))
	var best *seating
	var least *floor
	for k := range rounds {
		s := &search{demand: d, t: start.clone(), rnd: anneal.NewRand(o.Seed, uint64(k+1)), budget: steps / rounds * 9 / 10}
		s.report = func(share float64, cost int64) {
			if best != nil {
				cost = min(cost, best.cost())
			}
			o.Report((float64(k)+share)/float64(rounds), cost)
		}
		if err := s.run(ctx); err != nil {
			return nil, fmt.Errorf("planning the workshops: %w", err)
		}
		if best == nil || s.best.cost() < best.cost() {
			best = s.best
		}
		if least == nil {
			least = newFloor(s.prices)
		}
		if least.raise(ctx, best.cost(), steps/rounds/10); least.cost == best.cost() {
			break
		}
	}
	o.Report(1, best.cost())
	sol := best.solution()
	sol.Bound = least.cost
	return sol, nil
}

// search is one round.
type search struct {
	*demand
	t      *timetable
	rnd    *anneal.Rand
	budget int
	report func(share float64, cost int64)
	prices *prices
	best   *seating
}

func (s *search) run(ctx context.Context) error {
	c := newPrices(s.demand, s.t)
	s.prices = c
	for i := range 60 {
		c.adjust(unit * 4 / float64(1+i/4))
	}
	top := s.top()
	if err := s.estimate(ctx, c, top); err != nil {
		return err
	}
	return s.exact(ctx, c, top)
}

// top is the price of a first preference: the scale of the temperatures.
func (s *search) top() float64 {
	top := int64(1)
	for _, w := range s.in.Weights.Rank {
		top = max(top, w)
	}
	return float64(top)
}

// estimate anneals the timetable against the prices, for two fifths of the budget.
func (s *search) estimate(ctx context.Context, c *prices, top float64) error {
	limit := s.budget * 2 / 5
	const levels = 1 << 12
	cool := anneal.NewCooling(s.rnd, 4*top*unit, 0.1*top*unit, levels)
	level, sweep := 0, 0
	for level < levels {
		if sweep++; sweep%(20*len(s.by)) == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			c.adjust(unit / 2)
		}
		c.steps += 4
		if m, ok := s.t.propose(s.rnd); ok {
			if cool.Accept(c.change(m)) {
				c.settle(m)
			} else {
				s.t.make(m.back())
			}
		}
		for ; level < levels && float64(level)*float64(limit) < float64(c.steps)*levels; level++ {
			cool.Step()
		}
	}
	return nil
}

// exact anneals the timetable against the seating for the rest of the budget. A
// move that the estimate finds hopeless is not tried.
func (s *search) exact(ctx context.Context, c *prices, top float64) error {
	seats := newSeating(s.demand, s.t)
	limit := s.budget * 3 / 5
	seats.seatAll(c, limit/4)
	s.keep(seats)
	const levels = 1 << 12
	cool := anneal.NewCooling(s.rnd, top/2, top/16, levels)
	c.steps = 0
	for level, tries := 0, 0; level < levels; tries++ {
		if tries%256 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			s.report(0.4+float64(0.6*float64(level)/levels), s.best.cost())
		}
		if tries%(200*len(s.by)) == 0 {
			c.adjust(unit / 4)
		}
		c.steps += 4
		if m, ok := s.t.propose(s.rnd); ok {
			s.try(seats, c, m, cool.Allowance(), top)
		}
		done := float64(c.steps + 2*seats.steps)
		for ; level < levels && float64(level)*float64(limit) < done*levels; level++ {
			cool.Step()
		}
	}
	return nil
}

// try makes the move and keeps it if its cost is within the allowance.
func (s *search) try(seats *seating, c *prices, m move, allowance, top float64) {
	guess := float64(c.change(m)) / unit
	s.t.make(m.back())
	if guess > allowance+top {
		return
	}
	before := seats.cost()
	seats.journal = seats.journal[:0]
	seats.follow(m)
	if float64(seats.cost()-before) > allowance {
		s.t.make(m.back())
		seats.undo()
		return
	}
	c.settle(m)
	if seats.cost() < s.best.cost() {
		s.keep(seats)
	}
}

// keep copies the seating, with its timetable, as the best of the round.
func (s *search) keep(seats *seating) {
	best := &seating{demand: s.demand, t: s.t.clone(), served: seats.served}
	for _, list := range seats.attends {
		best.attends = append(best.attends, slices.Clone(list))
	}
	s.best = best
}

func (t *timetable) clone() *timetable {
	c := *t
	c.place, c.held = slices.Clone(t.place), slices.Clone(t.held)
	return &c
}

func (s *seating) solution() *Solution {
	in := s.in
	sol := &Solution{Name: in.Name, Cost: s.cost(), Sessions: []Session{}, Seats: []Seat{}}
	for w, x := range s.t.place {
		sol.Sessions = append(sol.Sessions, Session{
			Workshop: in.Workshops[w].ID, Room: in.Rooms[x/s.t.slots].ID, Slot: int(x % s.t.slots),
		})
	}
	for p, list := range s.attends {
		seat := Seat{Person: in.People[p].ID, Workshops: []string{}}
		slices.SortFunc(list, func(a, b int32) int { return int(s.t.slot(a) - s.t.slot(b)) })
		for _, w := range list {
			seat.Workshops = append(seat.Workshops, in.Workshops[w].ID)
		}
		sol.Seats = append(sol.Seats, seat)
	}
	return sol
}
