package shifts

import (
	"cmp"
	"context"
	"math"
	"slices"

	"h48/engine/planning/internal/anneal"
	"h48/engine/planning/internal/dual"
)

// floor is a cost that no rota can be below, and the prices that show it. The places of
// each shift get a price and every volunteer then takes the best rota for themselves, all
// their rules kept: with the right prices little is lost by that.
type floor struct {
	*bounder
	ascent *dual.Ascent
	looks  int // so far
	cost   int64
}

// newFloor begins where good prices are near: a place that stays open in a good rota is
// worth nothing to anybody, one that is filled up to what its staying open would cost.
func newFloor(r *rota) *floor {
	price := make([]int64, len(r.in.Shifts))
	for s, shift := range r.in.Shifts {
		if len(r.on[s]) >= shift.Demand {
			price[s] = r.in.Weights.Uncovered * dual.Unit
		}
	}
	b := newBounder(r.in)
	w := r.in.Weights
	most := 8 * (w.Uncovered + w.Fair*(MaxBlock/60+1)) // a few times what anybody gains by a shift
	f := &floor{bounder: b, ascent: dual.From(b.relaxed, price, most*dual.Unit)}
	demand := int64(0)
	for _, shift := range r.in.Shifts {
		demand += int64(shift.Demand)
	}
	if demand*most > mostCost {
		f.looks = mostLooks
	}
	return f
}

// raise seeks a better floor under the given cost of a rota, for so many steps.
func (f *floor) raise(ctx context.Context, cost int64, steps int) {
	looks := min(mostLooks-f.looks, 1+steps/max(1, f.work))
	if looks <= 0 {
		return
	}
	f.looks += looks
	f.cost = max(f.cost, f.ascent.Raise(ctx, looks, cost))
}

// Bound is a cost that no rota can be below, for whoever has no rota yet.
func Bound(in *Instance) int64 {
	const quickly = 1_000_000 // steps, for a page that somebody waits for
	r := newRota(in)
	if r.anneal(context.Background(), anneal.NewRand(0, 0), quickly/20) != nil {
		return 0
	}
	f := newFloor(r)
	f.raise(context.Background(), r.cost, quickly)
	return f.cost
}

const (
	// mostLooks is after how many looks the bound moves no more.
	mostLooks = 2000
	// mostCost is up to where its sums stay exact.
	mostCost = 1 << 48
)

// bounder knows, for every volunteer, all the ways to work.
type bounder struct {
	in   *Instance
	ways []ways
	work int // steps that one look takes

	pick  []int32 // the best shift of each time for the volunteer looked at
	worth []int64 // and its price to them
	cost  []int64 // of the best way to each node
	from  []int32 // and the node before it
}

// ways are a volunteer's possible days as a graph: a node is a stretch of time worked, with
// the start of the row without a rest that it belongs to and the minutes worked so far.
// Every path is a rota that keeps all of the volunteer's rules.
type ways struct {
	times []times
	nodes []node
	free  bool // too many: the rules of rest and of minutes are then left aside
}

// times are all shifts that a volunteer can work from start to end.
type times struct {
	start, end int
	shifts     []taking
}

// taking is a shift that a volunteer can work, and what they dislike about it, in units.
type taking struct {
	shift   int32
	dislike int64
}

type node struct {
	times, row, minutes int
	before              []int32 // nodes that may come just before; none is the first
	first               bool
	unfair              int64 // the price of ending here
}

// mostNodes bounds a volunteer's graph.
const mostNodes = 600

func newBounder(in *Instance) *bounder {
	b := &bounder{in: in, ways: make([]ways, len(in.Volunteers))}
	times, nodes := 0, 0
	for v := range in.Volunteers {
		w := in.waysOf(v)
		b.ways[v] = w
		times, nodes = max(times, len(w.times)), max(nodes, len(w.nodes))
		b.work += 4 + len(w.times)
		for _, n := range w.nodes {
			b.work += 1 + len(n.before)/4
		}
	}
	b.pick, b.worth = make([]int32, times), make([]int64, times)
	b.cost, b.from = make([]int64, nodes), make([]int32, nodes)
	return b
}

func (in *Instance) waysOf(v int) ways {
	person := &in.Volunteers[v]
	var w ways
	for s := range in.Shifts {
		shift := &in.Shifts[s]
		if shift.Demand == 0 || shift.End-shift.Start > MaxBlock || !person.may(shift) {
			continue
		}
		i := slices.IndexFunc(w.times, func(t times) bool { return t.start == shift.Start && t.end == shift.End })
		if i < 0 {
			i = len(w.times)
			w.times = append(w.times, times{start: shift.Start, end: shift.End})
		}
		take := taking{shift: int32(s)}
		if slices.Contains(person.Dislikes, shift.ID) {
			take.dislike = in.Weights.Dislike * dual.Unit
		}
		w.times[i].shifts = append(w.times[i].shifts, take)
	}
	slices.SortStableFunc(w.times, func(a, b times) int { return cmp.Compare(a.start, b.start) })
	for i := range w.times {
		w.reach(i, person, in.Weights.Fair)
		if len(w.nodes) > mostNodes {
			w.nodes, w.free = nil, true
			break
		}
	}
	return w
}

// reach adds the nodes of the i-th time: worked first, or after any node before it.
func (w *ways) reach(i int, person *Volunteer, fair int64) {
	t := w.times[i]
	length := t.end - t.start
	from := len(w.nodes)
	at := func(row, minutes int) *node {
		for k := from; k < len(w.nodes); k++ {
			if w.nodes[k].row == row && w.nodes[k].minutes == minutes {
				return &w.nodes[k]
			}
		}
		w.nodes = append(w.nodes, node{times: i, row: row, minutes: minutes, unfair: fair * int64(abs(minutes-person.Target)/60)})
		return &w.nodes[len(w.nodes)-1]
	}
	if length <= person.Max {
		at(t.start, length).first = true
	}
	for k := range from {
		before := w.nodes[k]
		gap := t.start - w.times[before.times].end
		row := t.start
		if gap == 0 {
			row = before.row
		}
		if before.minutes+length <= person.Max && (gap > 0 && gap >= person.Rest || gap == 0 && t.end-row <= MaxBlock) {
			n := at(row, before.minutes+length)
			n.before = append(n.before, int32(k))
		}
	}
}

// relaxed is the bound at the given prices of a place on each shift.
func (b *bounder) relaxed(price, excess []int64) int64 {
	open := b.in.Weights.Uncovered * dual.Unit
	value := int64(0)
	for s, shift := range b.in.Shifts {
		value += (open - price[s]) * int64(shift.Demand)
		excess[s] = -int64(shift.Demand)
	}
	for v := range b.ways {
		value += b.best(v, price, excess)
	}
	return value
}

// best is what the cheapest rota of a volunteer costs, the price of the places included
// and what staying open would cost taken off; its shifts are counted.
func (b *bounder) best(v int, price, excess []int64) int64 {
	w := &b.ways[v]
	person := &b.in.Volunteers[v]
	pick, worth := b.pick[:len(w.times)], b.worth[:len(w.times)]
	for i := range w.times {
		worth[i] = math.MaxInt64
		for _, t := range w.times[i].shifts {
			if x := price[t.shift] + t.dislike; x < worth[i] {
				pick[i], worth[i] = t.shift, x
			}
		}
		worth[i] -= b.in.Weights.Uncovered * dual.Unit
	}
	if w.free {
		return b.unruled(pick, worth, excess)
	}
	cost, from := b.cost[:len(w.nodes)], b.from[:len(w.nodes)]
	least, last := b.in.Weights.Fair*int64(person.Target/60)*dual.Unit, int32(-1)
	for k := range w.nodes {
		n := &w.nodes[k]
		cost[k], from[k] = math.MaxInt64, -1
		if n.first {
			cost[k] = 0
		}
		for _, j := range n.before {
			if cost[j] < cost[k] {
				cost[k], from[k] = cost[j], j
			}
		}
		cost[k] += worth[n.times]
		if sum := cost[k] + n.unfair*dual.Unit; sum < least {
			least, last = sum, int32(k)
		}
	}
	for k := last; k >= 0; k = from[k] {
		excess[pick[w.nodes[k].times]]++
	}
	return least
}

// unruled takes all that is worth taking.
func (b *bounder) unruled(pick []int32, worth, excess []int64) int64 {
	sum := int64(0)
	for i, x := range worth {
		if x < 0 {
			sum += x
			excess[pick[i]]++
		}
	}
	return sum
}

// may says whether the volunteer has the skill and is free for the shift.
func (v *Volunteer) may(s *Shift) bool {
	return (s.Skill == "" || slices.Contains(v.Skills, s.Skill)) &&
		slices.ContainsFunc(v.Free, func(f [2]int) bool { return f[0] <= s.Start && s.End <= f[1] })
}
