package meetings

import (
	"context"
	"fmt"
	"slices"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// stepsPerSecond turns a budget into steps; a step looks at one seat for one
// request. Measured on one core at 2.5 GHz.
const stepsPerSecond = 4e7

// Solve serves the requests one after the other, each by the cheapest chain of
// moves (a request takes a seat, whoever sat there takes another, and so on): the
// shortest augmenting paths of an assignment problem. Letting teams be in two
// places at once makes the problem exactly that, and its optimum a bound; when the
// plan that keeps teams in one place costs no more, it is optimal. Else the rest
// of the budget lifts a few requests at a time and serves them again.
//
// Serving nobody breaks no rule, so there is always a solution. The error is the
// context's when it is cancelled.
func Solve(ctx context.Context, in *Instance, o planning.Options) (*Solution, error) {
	rnd := anneal.NewRand(o.Seed, 1)
	order := make([]int32, len(in.Requests))
	for i := range order {
		order[i] = int32(i)
	}
	rnd.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	ideal := newDiary(in)
	ideal.relaxed = true
	if err := newChains(ideal).serveAll(ctx, order); err != nil {
		return nil, err
	}
	c := newChains(newDiary(in))
	if err := c.serveAll(ctx, order); err != nil {
		return nil, err
	}
	if c.diary.cost > ideal.cost {
		if err := c.improve(ctx, rnd, ideal.cost, o); err != nil {
			return nil, err
		}
	}
	o.Report(1, c.diary.cost)
	sol := c.diary.solution()
	sol.Bound = ideal.cost
	return sol, nil
}

func (c *chains) serveAll(ctx context.Context, order []int32) error {
	for _, q := range order {
		if ctx.Err() != nil {
			return fmt.Errorf("planning the meetings: %w", ctx.Err())
		}
		c.serve(q)
	}
	return nil
}

// improve spends the budget on retries, and leaves the best plan seen. It stops
// early when the bound is met.
func (c *chains) improve(ctx context.Context, rnd *anneal.Rand, bound int64, o planning.Options) error {
	const levels = 1 << 14
	d := c.diary
	best, bestCost := slices.Clone(d.at), d.cost
	cool := anneal.NewCooling(rnd, 3, 0.2, levels)
	budget, start := o.Steps(stepsPerSecond), c.steps
	for level := 0; level < levels && bestCost > bound; {
		if ctx.Err() != nil {
			return fmt.Errorf("planning the meetings: %w", ctx.Err())
		}
		c.retry(rnd, cool)
		c.steps += stepsPerRetry
		if d.cost < bestCost {
			bestCost = d.cost
			copy(best, d.at)
		}
		for ; level < levels && float64(level)*float64(budget) < float64(c.steps-start)*levels; level++ {
			if cool.Step() {
				o.Report(float64(level)/levels, bestCost)
			}
		}
	}
	c.diary = d.withSeats(best)
	return nil
}

// stepsPerRetry is the work of a retry apart from the seats it looks at.
const stepsPerRetry = 32

// withSeats is a diary of the same instance with the given seats taken.
func (d *diary) withSeats(at []int32) *diary {
	fresh := newDiary(d.in)
	for q, x := range at {
		if x != none {
			fresh.sit(int32(q), x, fresh.worth(int32(q), x))
		}
	}
	return fresh
}

// retry lifts a few requests that get in each other's way and serves them again,
// in a random order; it keeps the result if the schedule allows its cost.
func (c *chains) retry(rnd *anneal.Rand, cool *anneal.Cooling) {
	d := c.diary
	before := d.cost
	d.mark()
	c.forget()
	first := int32(rnd.Below(len(d.at)))
	lifted := append(c.lifted[:0], first)
	for range 1 + rnd.Below(3) {
		if q := c.related(rnd, first); q != none {
			lifted = append(lifted, q)
		}
	}
	for _, q := range lifted {
		if d.at[q] != none {
			d.lift(q)
		}
	}
	rnd.Shuffle(len(lifted), func(a, b int) { lifted[a], lifted[b] = lifted[b], lifted[a] })
	for _, q := range lifted {
		if d.at[q] == none {
			c.serve(q)
		}
	}
	c.lifted = lifted
	if !cool.Accept(d.cost - before) {
		d.undo()
	}
}

// related is a request that shares a mentor or a team with q, or any request.
func (c *chains) related(rnd *anneal.Rand, q int32) int32 {
	d := c.diary
	switch rnd.Below(4) {
	case 0:
		asks := d.asks[d.team[q]]
		return asks[rnd.Below(len(asks))]
	case 1:
		return int32(rnd.Below(len(d.at)))
	}
	if len(d.helpers[q]) == 0 {
		return none
	}
	seats := d.seats[d.helpers[q][rnd.Below(len(d.helpers[q]))].mentor]
	if len(seats) == 0 {
		return none
	}
	return d.owner[seats[rnd.Below(len(seats))]]
}
