package shifts

import (
	"context"
	"fmt"
	"slices"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// stepsPerSecond turns a budget into steps, and boundSteps are those of the bound to each
// of them; measured together on one core at 2.5 GHz.
const (
	stepsPerSecond = 7e6
	boundSteps     = 2
)

// Solve fills the shifts by simulated annealing: one volunteer joins a shift,
// leaves it, takes another's place, or two trade. The empty rota breaks no rule,
// so there is always a solution; when it meets the bound, nothing better exists and the
// search ends. The error is the context's when it is cancelled.
func Solve(ctx context.Context, in *Instance, o planning.Options) (*Solution, error) {
	steps := o.Steps(stepsPerSecond)
	rounds := min(maxRounds, max(1, steps/(stepsPerRound*(1+len(in.Shifts)+len(in.Volunteers)))))
	var best *rota
	var least *floor
	for k := range rounds {
		r := newRota(in)
		if err := r.anneal(ctx, anneal.NewRand(o.Seed, uint64(k)), steps/rounds); err != nil {
			return nil, fmt.Errorf("filling the shifts: %w", err)
		}
		if best == nil || r.cost < best.cost {
			best = r
		}
		if least == nil {
			least = newFloor(best)
		}
		least.raise(ctx, best.cost, steps/rounds*boundSteps)
		if least.cost == best.cost {
			break
		}
		o.Report(float64(k+1)/float64(rounds), best.cost)
	}
	o.Report(1, best.cost)
	sol := best.solution()
	sol.Bound = least.cost
	return sol, nil
}

// Several independent rounds beat one long one as soon as each gets enough steps.
const (
	maxRounds     = 4
	stepsPerRound = 10_000 // for each shift and volunteer
)

// rota is a valid assignment being changed, with what makes changes cheap.
type rota struct {
	in       *Instance
	skilled  [][]int32 // volunteers with the shift's skill
	disliked []map[int32]bool
	on       [][]int32 // volunteers on each shift
	work     [][]int32 // shifts of each volunteer, by start
	minutes  []int
	seats    []int32 // one entry for each place on a shift, to draw from
	cost     int64
}

func newRota(in *Instance) *rota {
	r := &rota{
		in:       in,
		skilled:  make([][]int32, len(in.Shifts)),
		disliked: make([]map[int32]bool, len(in.Volunteers)),
		on:       make([][]int32, len(in.Shifts)),
		work:     make([][]int32, len(in.Volunteers)),
		minutes:  make([]int, len(in.Volunteers)),
	}
	all := make([]int32, len(in.Volunteers))
	having := map[string][]int32{}
	for v, person := range in.Volunteers {
		all[v] = int32(v)
		r.disliked[v] = map[int32]bool{}
		r.cost += r.fair(v, 0)
		for i, skill := range person.Skills {
			if !slices.Contains(person.Skills[:i], skill) {
				having[skill] = append(having[skill], int32(v))
			}
		}
	}
	at := map[string]int32{}
	for s, shift := range in.Shifts {
		at[shift.ID] = int32(s)
		r.skilled[s] = having[shift.Skill]
		if shift.Skill == "" {
			r.skilled[s] = all
		}
		for range min(shift.Demand, len(r.skilled[s])) {
			r.seats = append(r.seats, int32(s))
		}
		r.cost += in.Weights.Uncovered * int64(shift.Demand)
	}
	for v, person := range in.Volunteers {
		for _, id := range person.Dislikes {
			if s, known := at[id]; known {
				r.disliked[v][s] = true
			}
		}
	}
	return r
}

// anneal changes the rota for the given number of steps and leaves it at the best
// seen. It starts hot enough to leave a place open now and then and ends below
// the smallest price.
func (r *rota) anneal(ctx context.Context, rnd *anneal.Rand, steps int) error {
	if len(r.seats) == 0 {
		return nil
	}
	w := r.in.Weights
	hot := float64(max(w.Fair, w.Dislike, w.Uncovered/8, 1))
	cool := anneal.NewCooling(rnd, hot, 0.15, steps)
	best, bestCost := r.snapshot(), r.cost
	for i := range steps {
		if i%8192 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		switch k := rnd.Below(16); {
		case k < 8:
			r.place(rnd, cool)
		case k < 15:
			r.trade(rnd, cool)
		default:
			r.leave(rnd, cool)
		}
		cool.Step()
		if r.cost < bestCost && (i > steps/2 || i == steps-1) {
			best, bestCost = r.snapshot(), r.cost
		}
	}
	if bestCost < r.cost {
		r.restore(best, bestCost)
	}
	return nil
}

// place lets a random skilled volunteer take a random place: an open one, or that
// of the person who holds it.
func (r *rota) place(rnd *anneal.Rand, cool *anneal.Cooling) {
	s := r.seats[rnd.Below(len(r.seats))]
	v := r.skilled[s][rnd.Below(len(r.skilled[s]))]
	if slices.Contains(r.on[s], v) || !r.free(v, s) {
		return
	}
	drop := r.droppable(rnd, v) // sometimes v comes from another shift
	if !r.fits(v, drop, s) {
		return
	}
	delta := r.change(v, drop, s)
	if k := rnd.Below(r.in.Shifts[s].Demand); k < len(r.on[s]) {
		u := r.on[s][k]
		if drop >= 0 && r.free(u, drop) && !slices.Contains(r.on[drop], u) && r.skill(u, drop) && r.fits(u, s, drop) {
			if cool.Accept(delta + r.change(u, s, drop)) {
				r.apply(u, s, drop)
				r.apply(v, drop, s)
			}
			return
		}
		if delta += r.change(u, s, -1); r.fits(u, s, -1) && cool.Accept(delta+r.open(drop)) {
			r.apply(u, s, -1)
			r.apply(v, drop, s)
		}
		return
	}
	if len(r.on[s]) < r.in.Shifts[s].Demand && cool.Accept(delta+r.open(drop)-r.in.Weights.Uncovered) {
		r.apply(v, drop, s)
	}
}

// droppable is, half the time, a shift that v works now; else none (-1).
func (r *rota) droppable(rnd *anneal.Rand, v int32) int32 {
	if n := len(r.work[v]); n > 0 && rnd.Below(2) == 0 {
		return r.work[v][rnd.Below(n)]
	}
	return -1
}

// trade lets the holders of two random places change places.
func (r *rota) trade(rnd *anneal.Rand, cool *anneal.Cooling) {
	s, t := r.seats[rnd.Below(len(r.seats))], r.seats[rnd.Below(len(r.seats))]
	if s == t || len(r.on[s]) == 0 || len(r.on[t]) == 0 {
		return
	}
	u, v := r.on[s][rnd.Below(len(r.on[s]))], r.on[t][rnd.Below(len(r.on[t]))]
	if u == v || slices.Contains(r.on[t], u) || slices.Contains(r.on[s], v) ||
		!r.skill(u, t) || !r.skill(v, s) || !r.free(u, t) || !r.free(v, s) ||
		!r.fits(u, s, t) || !r.fits(v, t, s) {
		return
	}
	if cool.Accept(r.change(u, s, t) + r.change(v, t, s)) {
		r.apply(u, s, t)
		r.apply(v, t, s)
	}
}

// leave opens a place, but not inside a block: the pause would be shorter than the rest.
func (r *rota) leave(rnd *anneal.Rand, cool *anneal.Cooling) {
	s := r.seats[rnd.Below(len(r.seats))]
	if len(r.on[s]) == 0 {
		return
	}
	u := r.on[s][rnd.Below(len(r.on[s]))]
	if r.fits(u, s, -1) && cool.Accept(r.change(u, s, -1)+r.in.Weights.Uncovered) {
		r.apply(u, s, -1)
	}
}

// open is the price of the place that leaving shift s opens; s may be none.
func (r *rota) open(s int32) int64 {
	if s < 0 {
		return 0
	}
	return r.in.Weights.Uncovered
}

func (r *rota) skill(v, s int32) bool {
	skill := r.in.Shifts[s].Skill
	return skill == "" || slices.Contains(r.in.Volunteers[v].Skills, skill)
}

func (r *rota) free(v, s int32) bool {
	shift := &r.in.Shifts[s]
	for _, f := range r.in.Volunteers[v].Free {
		if f[0] <= shift.Start && shift.End <= f[1] {
			return true
		}
	}
	return false
}

// fits says whether v, without shift drop and with shift add, keeps limit, blocks
// and rests; either may be none (-1).
func (r *rota) fits(v, drop, add int32) bool {
	person := &r.in.Volunteers[v]
	minutes := r.minutes[v] + r.length(add) - r.length(drop)
	if minutes > person.Max {
		return false
	}
	shifts := r.in.Shifts
	block, end := 0, 0
	first, placed := true, add < 0
	list := r.work[v]
	for i := 0; i <= len(list); i++ {
		var s int32
		if i < len(list) {
			s = list[i]
		}
		if !placed && (i == len(list) || shifts[add].Start <= shifts[s].Start) {
			s, placed = add, true
			i--
		} else if i == len(list) {
			break
		} else if s == drop {
			continue
		}
		start := shifts[s].Start
		if first || start != end {
			if !first && (start < end || start-end < person.Rest) {
				return false
			}
			block = 0
		}
		first, end = false, shifts[s].End
		if block += end - start; block > MaxBlock {
			return false
		}
	}
	return true
}

func (r *rota) length(s int32) int {
	if s < 0 {
		return 0
	}
	return r.in.Shifts[s].End - r.in.Shifts[s].Start
}

// change is the price, for volunteer v alone, of leaving drop and joining add;
// either may be none (-1).
func (r *rota) change(v, drop, add int32) int64 {
	minutes := r.minutes[v] + r.length(add) - r.length(drop)
	delta := r.fair(int(v), minutes) - r.fair(int(v), r.minutes[v])
	if drop >= 0 && r.disliked[v][drop] {
		delta -= r.in.Weights.Dislike
	}
	if add >= 0 && r.disliked[v][add] {
		delta += r.in.Weights.Dislike
	}
	return delta
}

func (r *rota) fair(v, minutes int) int64 {
	return r.in.Weights.Fair * int64(abs(minutes-r.in.Volunteers[v].Target)/60)
}

// apply moves v from drop to add, either of which may be none, and keeps the cost.
func (r *rota) apply(v, drop, add int32) {
	r.cost += r.change(v, drop, add)
	r.minutes[v] += r.length(add) - r.length(drop)
	if drop >= 0 {
		i := slices.Index(r.on[drop], v)
		last := len(r.on[drop]) - 1
		r.on[drop][i] = r.on[drop][last]
		r.on[drop] = r.on[drop][:last]
		i = slices.Index(r.work[v], drop)
		r.work[v] = slices.Delete(r.work[v], i, i+1)
		r.cost += r.in.Weights.Uncovered
	}
	if add >= 0 {
		r.on[add] = append(r.on[add], v)
		i := 0
		for i < len(r.work[v]) && r.in.Shifts[r.work[v][i]].Start < r.in.Shifts[add].Start {
			i++
		}
		r.work[v] = slices.Insert(r.work[v], i, add)
		r.cost -= r.in.Weights.Uncovered
	}
}

// snapshot is who works on each shift, flat: a shift's people, then -1.
func (r *rota) snapshot() []int32 {
	var flat []int32
	for _, people := range r.on {
		flat = append(append(flat, people...), -1)
	}
	return flat
}

func (r *rota) restore(flat []int32, cost int64) {
	s := 0
	r.on[0] = r.on[0][:0]
	for _, v := range flat {
		if v >= 0 {
			r.on[s] = append(r.on[s], v)
		} else if s++; s < len(r.on) {
			r.on[s] = r.on[s][:0]
		}
	}
	r.cost = cost
}

func (r *rota) solution() *Solution {
	sol := &Solution{Name: r.in.Name, Cost: r.cost, Assign: make([]Assignment, len(r.on))}
	for s, people := range r.on {
		slices.Sort(people)
		names := make([]string, len(people))
		for i, v := range people {
			names[i] = r.in.Volunteers[v].ID
		}
		sol.Assign[s] = Assignment{Shift: r.in.Shifts[s].ID, Volunteers: names}
	}
	return sol
}
