package practice_test

import (
	"context"
	"fmt"
	"testing"

	"h48/engine/planning"
	"h48/engine/planning/meetings"
	"h48/engine/planning/practice"
	"h48/engine/planning/seats"
	"h48/engine/planning/shifts"
	"h48/engine/planning/visits"
)

// budget is the seconds of search that the table in docs/bench/planning.md gives.
const budget = 5

func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{6, 20, 60, 200, 1000} {
		run(b, "visits", practice.Visits(n, 1), visits.Solve, func(in *visits.Instance, s *visits.Solution) (int64, error) {
			cost, err := visits.Check(in, s)
			return cost.Total(), err
		})
		run(b, "pitch", practice.Pitch(n, 1), planning.SolvePitch, func(in *planning.PitchInstance, s *planning.PitchSolution) (int64, error) {
			return 0, planning.CheckPitch(in, s)
		})
		run(b, "seats", practice.Seats(n, 1), seats.Solve, seats.Check)
		run(b, "meetings", practice.Meetings(n, 1), meetings.Solve, func(in *meetings.Instance, s *meetings.Solution) (int64, error) {
			cost, err := meetings.Check(in, s)
			b.Logf("%s: no plan costs less than %d", in.Name, s.Bound)
			return cost.Total(), err
		})
		run(b, "shifts", practice.Shifts(n, 1), shifts.Solve, func(in *shifts.Instance, s *shifts.Solution) (int64, error) {
			cost, err := shifts.Check(in, s)
			return cost.Total(), err
		})
	}
}

func run[I, S any](b *testing.B, kind string, in *I,
	solve func(context.Context, *I, planning.Options) (*S, error), check func(*I, *S) (int64, error),
) {
	b.Run(fmt.Sprintf("%s/%v", kind, name(in)), func(b *testing.B) {
		for range b.N {
			sol, err := solve(b.Context(), in, planning.Options{Budget: budget, Seed: 1})
			if err != nil {
				b.Fatal(err)
			}
			cost, err := check(in, sol)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(cost), "cost")
		}
	})
}

func name(in any) string {
	switch in := in.(type) {
	case *visits.Instance:
		return in.Name
	case *planning.PitchInstance:
		return in.Name
	case *seats.Instance:
		return in.Name
	case *meetings.Instance:
		return in.Name
	case *shifts.Instance:
		return in.Name
	}
	return "unnamed"
}
