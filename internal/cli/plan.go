package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"h48/engine/planning"
	"h48/engine/planning/meetings"
	"h48/engine/planning/seats"
	"h48/engine/planning/shifts"
	"h48/engine/planning/visits"
)

// Plan reads a planning problem on standard input and writes a plan on standard
// output. The problem's format names its kind.
type Plan struct {
	Budget float64 `help:"Seconds of processor time to search, turned into a fixed number of steps." default:"2"`
	Seed   uint64  `help:"Seed of the search: the same instance, seed and budget give the same plan." default:"0"`
	Secret string  `help:"Secret of a pitch draw, in hexadecimal, when the instance does not hold it." placeholder:"HEX"`
}

// maxInstance bounds what is read: far above a thousand teams.
const maxInstance = 64 << 20

// Run solves one instance. It exits with 2 when the instance cannot be read and
// with 3 when no plan satisfies its hard constraints.
func (c *Plan) Run(run *Run) error {
	budget, err := seconds(c.Budget)
	if err != nil {
		return err
	}
	data, err := readAtMost(run.In, maxInstance)
	if err != nil {
		return Exit{2, err}
	}
	plan, err := c.solve(run.Context, data, planning.Options{Seed: c.Seed, Budget: budget})
	var clash *planning.Infeasible
	switch {
	case errors.As(err, &clash):
		return Exit{3, err}
	case errors.Is(err, planning.ErrUnreadable):
		return Exit{2, err}
	case err != nil:
		return fmt.Errorf("planning: %w", err)
	}
	text, err := json.Marshal(plan)
	if err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	if _, err := run.Out.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("writing the plan: %w", err)
	}
	fmt.Fprintln(run.Streams.Err, worth(plan))
	return nil
}

// worth says of a plan how far it is at most from the best there is.
func worth(plan any) string {
	var cost, bound int64
	switch p := plan.(type) {
	case *visits.Solution:
		cost, bound = p.Cost, p.Bound
	case *meetings.Solution:
		cost, bound = p.Cost, p.Bound
	case *seats.Solution:
		cost, bound = p.Cost, p.Bound
	case *shifts.Solution:
		cost, bound = p.Cost, p.Bound
	default:
		return "drawn; anyone can draw it again"
	}
	switch {
	case cost <= bound:
		return fmt.Sprintf("cost %d, proven optimal", cost)
	case bound <= 0:
		return fmt.Sprintf("cost %d, no bound is known", cost)
	}
	return fmt.Sprintf("cost %d, bound %d: at most %.1f %% above the optimum", cost, bound, 100*float64(cost-bound)/float64(bound))
}

// leastBudget is what a budget of nothing buys: the first plan that comes.
const leastBudget = 1e-3

// seconds is a budget that can be spent.
func seconds(budget float64) (float64, error) {
	if !(budget >= 0) || math.IsInf(budget, 1) {
		return 0, Exit{2, fmt.Errorf("--budget is a number of seconds, not %v", budget)}
	}
	return max(budget, leastBudget), nil
}

// readAtMost reads everything, or says that it is too much.
func readAtMost(r io.Reader, limit int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, fmt.Errorf("reading the input: %w", err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("reading the input: it is larger than %d MB", limit>>20)
	}
	return data, nil
}

func (c *Plan) solve(ctx context.Context, data []byte, o planning.Options) (any, error) {
	format, err := planning.Format(data)
	if err != nil {
		return nil, err
	}
	switch format {
	case planning.PitchFormat:
		return solved(ctx, data, o, c.decodePitch, planning.SolvePitch)
	case visits.Format:
		return solved(ctx, data, o, visits.Decode, visits.Solve)
	case meetings.Format:
		return solved(ctx, data, o, meetings.Decode, meetings.Solve)
	case seats.Format:
		return solved(ctx, data, o, seats.Decode, seats.Solve)
	case shifts.Format:
		return solved(ctx, data, o, shifts.Decode, shifts.Solve)
	}
	return nil, planning.Unreadable("field format: %q is not a planning problem", format)
}

// solved decodes an instance of one kind and solves it.
func solved[I, S any](ctx context.Context, data []byte, o planning.Options,
	decode func([]byte) (*I, error),
	solve func(context.Context, *I, planning.Options) (*S, error),
) (any, error) {
	in, err := decode(data)
	if err != nil {
		return nil, err
	}
	return solve(ctx, in, o)
}

func (c *Plan) decodePitch(data []byte) (*planning.PitchInstance, error) {
	in, err := planning.DecodePitch(data)
	if err == nil && in.Secret == "" {
		in.Secret = c.Secret
	}
	return in, err
}
