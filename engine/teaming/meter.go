package teaming

import (
	"context"
	"math/bits"
)

// Work is counted in nominal nanoseconds of one core: each kind of step has a fixed
// price, measured once on an ordinary machine that was busy with other work (AMD EPYC,
// 2026). A budget is therefore the same number of steps everywhere, which is what makes
// answers reproducible.
const workPerSecond = 1_000_000_000

// proposalWork is the work of one annealing proposal: memory gets further away as the
// number of units grows.
func proposalWork(units int) int64 {
	return 140 + 25*int64(bits.Len(uint(units/250)))
}

// outsideCaches is where an instance lives outside the caches that other programs on the
// machine empty: a proposal then costs up to twice its price when the machine is crowded.
const outsideCaches = 4000

// allowance is the work of a budget; what is worked on as one and is very large keeps half of
// it back, and still keeps to the time.
func allowance(budget float64, units int) int64 {
	work := int64(min(budget, 1e6) * workPerSecond)
	if units > outsideCaches {
		work /= 2
	}
	return work
}

// meter counts work against an allowance and notices an interruption.
type meter struct {
	ctx         context.Context
	left, spent int64
	parent      *meter
	interrupted bool
}

func newMeter(ctx context.Context, allowance int64) *meter {
	return &meter{ctx: ctx, left: allowance}
}

// sub is an allowance inside another: what it spends, the parent spends.
func (m *meter) sub(allowance int64) *meter {
	return &meter{ctx: m.ctx, left: min(allowance, m.left), parent: m, interrupted: m.interrupted}
}

// grace is an allowance inside another that no interruption ends: a first answer is worth
// the second that it takes at 10,000 people, since nobody presses Ctrl-C to get nothing.
func (m *meter) grace(allowance int64) *meter {
	return &meter{ctx: context.WithoutCancel(m.ctx), left: allowance, parent: m}
}

// spend takes work from the allowance; false means stop now.
func (m *meter) spend(work int64) bool {
	for x := m; x != nil; x = x.parent {
		x.left -= work
		x.spent += work
	}
	if m.ctx.Err() != nil {
		for x := m; x != nil; x = x.parent {
			x.interrupted = true
		}
	}
	return m.left > 0 && !m.interrupted
}

func (m *meter) empty() bool { return m.left <= 0 || m.interrupted }
