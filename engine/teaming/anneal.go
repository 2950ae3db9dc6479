package teaming

import "slices"

// schedule is one annealing run. Temperatures are in units of cost; steps are counted,
// never timed.
type schedule struct {
	steps     int64
	hot, cold float64
	penalty   int64   // price of one broken hard constraint
	handAt    float64 // from this temperature down, half the work hands seats out anew; 0 for never
	harvestAt float64
	harvest   *pool      // may be nil
	met       func(plan) // called with every best plan on the way; may be nil
}

// annealer proposes changes to a state under Metropolis' rule (Kirkpatrick, Gelatt
// and Vecchi, "Optimization by Simulated Annealing", Science 220, 1983).
type annealer struct {
	*state
	rnd      random
	deviates *[4096]float64
	penalty  int64
	temp     float64
	limit    int64 // the most that the present proposal may cost
	pool     *pool
	hands    *reseater // made when needed
	owed     int64     // work that handing out is behind, below 0 where it is ahead
}

const coolingSteps = 400

// anneal runs a schedule and returns the best plan met, judged by broken constraints
// first. It stops early when the meter is empty or interrupted.
func (a *annealer) anneal(sch schedule, meter *meter) plan {
	a.penalty = sch.penalty
	best := a.snapshot()
	ratio := root(sch.cold/sch.hot, coolingSteps)
	a.temp = sch.hot
	perStep := max(sch.steps/coolingSteps, 1)
	for k := 0; k < coolingSteps && meter.spend(perStep*proposalWork(len(a.m.units))); k++ {
		a.pool = nil
		if a.temp <= sch.harvestAt {
			a.pool = sch.harvest
		}
		for range perStep {
			a.step()
		}
		if a.temp <= sch.handAt && a.broken == 0 {
			a.hand(perStep*proposalWork(len(a.m.units)), meter)
		}
		if a.broken < best.broken || a.broken == best.broken && a.cost < best.cost {
			best = a.snapshot()
			if sch.met != nil {
				sch.met(best)
			}
		}
		a.temp = float64(a.temp * ratio)
	}
	return best
}

// hand hands seats out anew, at the present temperature, for so much work.
func (a *annealer) hand(work int64, meter *meter) {
	if a.hands == nil {
		a.hands = newReseater(a)
	}
	a.hands.find()
	for a.owed += work; a.owed > 0 && !meter.empty(); {
		_, spent := a.hands.round(a.temp)
		meter.spend(spent)
		a.owed -= spent
	}
}

// root is the n-th root of 0 < x <= 1 by bisection: only products and comparisons,
// so the same bits everywhere.
func root(x float64, n int) float64 {
	low, high := 0.0, 1.0
	for range 60 {
		mid := float64(low+high) / 2
		power := 1.0
		for range n {
			power = float64(power * mid)
		}
		if power < x {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// reap keeps a valid team met while cold.
func (a *annealer) reap(k int32) {
	t := &a.teams[k]
	if a.pool == nil || t.broken > 0 || len(t.units) == 0 {
		return
	}
	a.pool.offer(t.units, t.challenge, t.ident, t.cost)
}

// scatter places every unplaced unit, the largest first, each in the best of a few
// teams drawn at random.
func (a *annealer) scatter(draws int) {
	var waiting []int32
	for _, u := range a.part.units {
		if a.at[u] < 0 {
			waiting = append(waiting, u)
		}
	}
	for i := len(waiting) - 1; i > 0; i-- {
		j := a.rnd.below(i + 1)
		waiting[i], waiting[j] = waiting[j], waiting[i]
	}
	slices.SortStableFunc(waiting, func(x, y int32) int { return int(a.m.units[y].size - a.m.units[x].size) })
	for _, u := range waiting {
		a.insert(u, a.roomFor(u, draws))
	}
}

// roomFor is the best of a few teams drawn at random: first one that stays within the
// size wanted, then one within the largest size, then whatever breaks least.
func (a *annealer) roomFor(u int32, draws int) int32 {
	best, bestDelta := int32(-1), int64(0)
	for d := 0; d < draws || best < 0; d++ {
		k := int32(a.rnd.below(len(a.teams)))
		if d >= draws {
			k = a.emptyTeam()
		}
		t := a.look(k)
		if a.state.closed(t) {
			continue
		}
		w := a.joined(t, &t.whole, u, k, -1)
		size := int(a.m.units[u].size + t.whole.size)
		delta := w.cost - t.cost + int64(max(0, w.broken-t.broken))*a.penalty
		if size > a.m.in.Size.Target {
			delta += 100 * a.penalty
		}
		if size > a.m.in.Size.Max {
			delta += 1000 * a.penalty
		}
		if len(t.units) == 0 {
			delta += max(0, a.useChange(int(t.challenge), 1))*a.penalty - a.penalty*int64(a.m.in.Size.Min)
		}
		if best < 0 || delta < bestDelta {
			best, bestDelta = k, delta
		}
	}
	return best
}

// open prepares about as many teams as the unplaced people need, with challenges
// that respect the limits, so that scatter has somewhere to go.
func (a *annealer) open() {
	people := 0
	for _, u := range a.part.units {
		if a.at[u] < 0 {
			people += int(a.m.units[u].size)
		}
	}
	size := a.m.in.Size
	each := max(1, min(max(size.Target, size.Min), size.Max))
	want := (people + each - 1) / each
	planned := slices.Clone(a.used)
	for k := 0; k < want; k++ {
		if k >= len(a.teams) {
			a.state.found(team{ident: -1, lock: -1})
			a.fresh++
		}
		t := &a.teams[k]
		if len(t.units) > 0 || t.lock >= 0 {
			continue
		}
		a.give(int32(k), a.leastUsed(planned))
		planned[t.challenge]++
	}
}

// leastUsed is the challenge furthest below its minimum, else with most room.
func (a *annealer) leastUsed(planned []int) int32 {
	best, bestScore := 0, -1<<40
	for c := range planned {
		score := min(a.part.hi[c], 1<<20) - planned[c]
		if planned[c] < a.part.lo[c] {
			score += 1 << 30
		}
		if score > bestScore {
			best, bestScore = c, score
		}
	}
	return int32(best)
}
