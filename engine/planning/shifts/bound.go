package shifts

import (
	"slices"
	"sort"
)

// Bound is a cost that no rota can be below. What must stay open is what a maximum flow
// cannot cover when everybody may work as many of the shifts that fit them as their
// minutes and the clock allow, whatever they rest (Ford and Fulkerson, "Maximal Flow
// through a Network", Canadian Journal of Mathematics 8, 1956). What must stay unfair is
// how far the work there is lies below what people wish for, alone and together.
func Bound(in *Instance) int64 {
	b := newBounder(in)
	return in.Weights.Uncovered*b.uncovered() + in.Weights.Fair*b.unfair()
}

type bounder struct {
	in    *Instance
	fits  [][]int // shifts by volunteer
	able  [][]int // volunteers by shift
	count []int   // how many of them a volunteer can work at most
}

func newBounder(in *Instance) *bounder {
	b := &bounder{in: in, fits: make([][]int, len(in.Volunteers)), able: make([][]int, len(in.Shifts)), count: make([]int, len(in.Volunteers))}
	for v, person := range in.Volunteers {
		for s, shift := range in.Shifts {
			skilled := shift.Skill == "" || slices.Contains(person.Skills, shift.Skill)
			free := slices.ContainsFunc(person.Free, func(f [2]int) bool { return f[0] <= shift.Start && shift.End <= f[1] })
			if skilled && free && shift.Demand > 0 {
				b.fits[v] = append(b.fits[v], s)
				b.able[s] = append(b.able[s], v)
			}
		}
		b.count[v] = b.most(v)
	}
	return b
}

// most is how many shifts a volunteer can work: by the minutes of the shortest, and by the
// clock, taking the shift that ends first.
func (b *bounder) most(v int) int {
	list := slices.Clone(b.fits[v])
	length := func(s int) int { return b.in.Shifts[s].End - b.in.Shifts[s].Start }
	sort.Slice(list, func(i, j int) bool { return length(list[i]) < length(list[j]) })
	left, byMinutes := b.in.Volunteers[v].Max, 0
	for _, s := range list {
		if left -= length(s); left < 0 {
			break
		}
		byMinutes++
	}
	sort.Slice(list, func(i, j int) bool { return b.in.Shifts[list[i]].End < b.in.Shifts[list[j]].End })
	end, byClock := 0, 0
	for k, s := range list {
		if k == 0 || b.in.Shifts[s].Start >= end {
			end = b.in.Shifts[s].End
			byClock++
		}
	}
	return min(byMinutes, byClock)
}

// uncovered is the demand that a maximum flow from volunteers to shifts leaves.
func (b *bounder) uncovered() int64 {
	on := make([][]int, len(b.in.Shifts)) // volunteers
	used := make([]int, len(b.in.Volunteers))
	works := make([]map[int]bool, len(b.in.Volunteers))
	for v := range works {
		works[v] = map[int]bool{}
	}
	open := int64(0)
	for s, shift := range b.in.Shifts {
		for range shift.Demand {
			if !b.cover(s, on, used, works) {
				open += int64(shift.Demand - len(on[s]))
				break
			}
		}
	}
	return open
}

// cover finds one more volunteer for a shift, letting others change theirs along a
// shortest chain.
func (b *bounder) cover(s int, on [][]int, used []int, works []map[int]bool) bool {
	type step struct{ shift, volunteer, before int }
	seen := make([]bool, len(b.in.Shifts))
	seen[s] = true
	queue := []step{{s, -1, -1}}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		for _, v := range b.able[at.shift] {
			if works[v][at.shift] {
				continue
			}
			if used[v] < b.count[v] {
				used[v]++
				give(v, at.shift, on, works)
				for k := i; queue[k].before >= 0; k = queue[k].before {
					q := queue[k]
					take(q.volunteer, q.shift, on, works)
					give(q.volunteer, queue[q.before].shift, on, works)
				}
				return true
			}
			for other := range works[v] {
				if !seen[other] {
					seen[other] = true
					queue = append(queue, step{other, v, i})
				}
			}
		}
	}
	return false
}

func give(v, s int, on [][]int, works []map[int]bool) {
	on[s] = append(on[s], v)
	works[v][s] = true
}

func take(v, s int, on [][]int, works []map[int]bool) {
	on[s] = slices.DeleteFunc(on[s], func(x int) bool { return x == v })
	delete(works[v], s)
}

// unfair is the sum of full hours by which people must miss what they wish for.
func (b *bounder) unfair() int64 {
	alone, wished, work := 0, 0, 0
	for v, person := range b.in.Volunteers {
		reach := 0
		for _, s := range b.fits[v] {
			reach += b.in.Shifts[s].End - b.in.Shifts[s].Start
		}
		alone += max(0, person.Target-min(reach, person.Max)) / 60
		wished += person.Target
	}
	for _, s := range b.in.Shifts {
		work += s.Demand * (s.End - s.Start)
	}
	together := 0
	if lack := wished - work - 59*len(b.in.Volunteers); lack > 0 {
		together = (lack + 59) / 60
	}
	return int64(max(alone, together))
}
