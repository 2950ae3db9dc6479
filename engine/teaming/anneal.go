package teaming

import "slices"

// schedule is one annealing run. Temperatures are in units of cost; steps are counted,
// never timed.
type schedule struct {
	steps     int64
	hot, cold float64
	penalty   int64 // price of one broken hard constraint
	harvestAt float64
	harvest   *pool // may be nil
}

// annealer proposes changes to a state under Metropolis' rule (Kirkpatrick, Gelatt
// and Vecchi, "Optimization by Simulated Annealing", Science 220, 1983).
type annealer struct {
	*state
	rnd      random
	deviates *[4096]float64
	penalty  int64
	temp     float64
	pool     *pool
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
		if a.broken < best.broken || a.broken == best.broken && a.cost < best.cost {
			best = a.snapshot()
		}
		a.temp = float64(a.temp * ratio)
	}
	return best
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

func (a *annealer) accept(cost int64, broken int64) bool {
	delta := cost + broken*a.penalty
	if delta <= 0 {
		return true
	}
	return float64(delta) <= float64(a.temp*a.deviates[a.rnd.next()&4095])
}

// step proposes one change.
func (a *annealer) step() {
	r := a.rnd.next() & 63
	u := a.part.units[a.rnd.below(len(a.part.units))]
	if r == 63 {
		a.tryReshape()
		return
	}
	if r >= 58 {
		a.tryRename(a.at[u], int32(a.rnd.below(len(a.used))))
		return
	}
	if a.frozen(u) {
		return
	}
	k := a.destination(u, r)
	if k < 0 || k == a.at[u] || a.state.closed(&a.teams[k]) {
		return
	}
	t := &a.teams[k]
	if r < 40 && len(t.units) > 0 {
		if v := t.units[a.rnd.below(len(t.units))]; !a.frozen(v) {
			a.trySwap(u, v)
		}
		return
	}
	a.tryMove(u, k)
}

// destination is a random team, or one that holds somebody linked to u.
func (a *annealer) destination(u int32, r uint64) int32 {
	if n := len(a.m.adj[u]); n > 0 && r%8 == 0 {
		return a.at[a.m.adj[u][a.rnd.below(n)].to]
	}
	if r == 57 {
		return a.emptyTeam()
	}
	other := a.part.units[a.rnd.below(len(a.part.units))] // a team in proportion to its size
	return a.at[other]
}

func (a *annealer) tryMove(u, k int32) {
	from := a.at[u]
	f, t := &a.teams[from], &a.teams[k]
	challenge := t.challenge
	if len(t.units) == 0 && t.lock < 0 {
		challenge = int32(a.rnd.below(len(a.used)))
		t.challenge = challenge
	}
	outCost, outNever := a.meet(u, from, -1)
	inCost, inNever := a.meet(u, k, -1)
	left := a.price(f, u, -1, f.challenge, f.pairs-outCost, f.never-outNever)
	joined := a.price(t, -1, u, challenge, t.pairs+inCost, t.never+inNever)
	broken := int64(left.broken-f.broken) + int64(joined.broken-t.broken)
	if len(f.units) == 1 {
		broken += a.useChange(int(f.challenge), -1)
	}
	if len(t.units) == 0 {
		broken += a.useChange(int(challenge), 1)
	}
	if !a.accept(left.cost-f.cost+joined.cost-t.cost, broken) {
		return
	}
	a.replace(from, u, -1, left, -outCost, -outNever)
	a.replace(k, -1, u, joined, inCost, inNever)
	a.reap(from)
	a.reap(k)
}

func (a *annealer) useChange(c, d int) int64 {
	return a.capBroken(c, a.used[c]+d) - a.capBroken(c, a.used[c])
}

func (a *annealer) trySwap(u, v int32) {
	i, j := a.at[u], a.at[v]
	f, t := &a.teams[i], &a.teams[j]
	uOut, uOutNever := a.meet(u, i, -1)
	vOut, vOutNever := a.meet(v, j, -1)
	uIn, uInNever := a.meet(u, j, v)
	vIn, vInNever := a.meet(v, i, u)
	first := a.price(f, u, v, f.challenge, f.pairs-uOut+vIn, f.never-uOutNever+vInNever)
	second := a.price(t, v, u, t.challenge, t.pairs-vOut+uIn, t.never-vOutNever+uInNever)
	broken := int64(first.broken-f.broken) + int64(second.broken-t.broken)
	if !a.accept(first.cost-f.cost+second.cost-t.cost, broken) {
		return
	}
	a.replace(i, u, v, first, vIn-uOut, vInNever-uOutNever)
	a.replace(j, v, u, second, uIn-vOut, uInNever-vOutNever)
	a.reap(i)
	a.reap(j)
}

// tryRename changes a team's challenge, trading with another team when the challenge
// wanted is full.
func (a *annealer) tryRename(k, challenge int32) {
	t := &a.teams[k]
	if challenge == t.challenge || t.lock >= 0 && a.m.locks[t.lock].challenge >= 0 {
		return
	}
	w := a.price(t, -1, -1, challenge, t.pairs, t.never)
	cost, broken := w.cost-t.cost, int64(w.broken-t.broken)
	uses := a.useChange(int(t.challenge), -1) + a.useChange(int(challenge), 1)
	if uses > 0 {
		other := a.at[a.part.units[a.rnd.below(len(a.part.units))]]
		o := &a.teams[other]
		if o.challenge != challenge || o.lock >= 0 && a.m.locks[o.lock].challenge >= 0 {
			return
		}
		w2 := a.price(o, -1, -1, t.challenge, o.pairs, o.never)
		if a.accept(cost+w2.cost-o.cost, broken+int64(w2.broken-o.broken)) {
			was := t.challenge
			a.rename(k, challenge)
			a.rename(other, was)
			a.reap(k)
			a.reap(other)
		}
		return
	}
	if a.accept(cost, broken+uses) {
		a.rename(k, challenge)
		a.reap(k)
	}
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
		t := &a.teams[k]
		if a.state.closed(t) {
			continue
		}
		cost, never := a.meet(u, k, -1)
		w := a.price(t, -1, u, t.challenge, t.pairs+cost, t.never+never)
		size := int(a.m.units[u].size)
		for _, v := range t.units {
			size += int(a.m.units[v].size)
		}
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
			a.teams = append(a.teams, team{ident: -1, lock: -1})
			a.fresh++
		}
		t := &a.teams[k]
		if len(t.units) > 0 || t.lock >= 0 {
			continue
		}
		t.challenge = a.leastUsed(planned)
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
