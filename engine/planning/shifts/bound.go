package shifts

import (
	"slices"
	"sort"
)

// Bound is a cost that no rota can be below. What must stay open is what a maximum flow
// cannot cover when everybody may work as many of the shifts that fit them as their minutes
// and their rests allow, in all and within each window of a few hours; windows of several
// lengths are tried, and the best answer counts (Ford and Fulkerson, "Maximal Flow through
// a Network", Canadian Journal of Mathematics 8, 1956). What must stay unfair is how far the
// work there is lies below what people wish for, alone and together.
func Bound(in *Instance) int64 {
	b := newBounder(in)
	open := b.uncovered()
	if len(in.Shifts)*len(in.Volunteers) <= mostWindowed {
		for _, w := range windows() {
			b.divide(w.length, w.offset)
			open = max(open, b.uncovered())
		}
	}
	return in.Weights.Uncovered*open + in.Weights.Fair*b.unfair()
}

// mostWindowed is how many pairs of a shift and a volunteer are looked at in windows: a
// larger rota has the bound without them, at once.
const mostWindowed = 4000

type window struct{ length, offset int } // minutes

// windows are eight hours, begun every two, and half days and days.
func windows() []window {
	return []window{{480, 0}, {480, 120}, {480, 240}, {480, 360}, {720, 0}, {720, 360}, {1440, 0}}
}

type bounder struct {
	in    *Instance
	fits  [][]int // shifts by volunteer
	able  [][]int // volunteers by shift
	count []int   // how many of them a volunteer can work at most
	// at is the window of each shift, and within how many a volunteer can work in each;
	// without windows there is one, which limits nothing.
	at     []int
	within []map[int]int
}

func newBounder(in *Instance) *bounder {
	b := &bounder{in: in, fits: make([][]int, len(in.Volunteers)), able: make([][]int, len(in.Shifts)), count: make([]int, len(in.Volunteers)),
		at: make([]int, len(in.Shifts)), within: make([]map[int]int, len(in.Volunteers))}
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
		b.within[v] = map[int]int{0: b.count[v]}
	}
	return b
}

// divide cuts time into windows, a shift belonging to the one in which it begins.
func (b *bounder) divide(length, offset int) {
	for s, shift := range b.in.Shifts {
		at := (shift.Start - offset) / length
		if (shift.Start-offset)%length < 0 {
			at--
		}
		b.at[s] = at
	}
	for v := range b.in.Volunteers {
		lists := map[int][]int{}
		for _, s := range b.fits[v] {
			lists[b.at[s]] = append(lists[b.at[s]], s)
		}
		b.within[v] = map[int]int{}
		for at, list := range lists {
			b.within[v][at] = b.chain(v, list)
		}
	}
}

// chain is the most shifts of a list that a volunteer can work without a rule of rest or of
// hours in a row broken: for each shift that could be the last, and each moment at which the
// work without a pause could have begun, the longest chain.
func (b *bounder) chain(v int, list []int) int {
	list = slices.Clone(list)
	sort.Slice(list, func(i, j int) bool { return b.in.Shifts[list[i]].Start < b.in.Shifts[list[j]].Start })
	rest, longest := b.in.Volunteers[v].Rest, 0
	ends := make([]map[int]int, len(list)) // by the start of the row: shifts so far
	for i, s := range list {
		shift := b.in.Shifts[s]
		ends[i] = map[int]int{}
		if shift.End-shift.Start > MaxBlock {
			continue
		}
		ends[i][shift.Start] = 1
		for j := range i {
			gap := shift.Start - b.in.Shifts[list[j]].End
			for row, n := range ends[j] {
				switch {
				case gap == 0 && shift.End-row <= MaxBlock:
					ends[i][row] = max(ends[i][row], n+1)
				case gap > 0 && gap >= rest:
					ends[i][shift.Start] = max(ends[i][shift.Start], n+1)
				}
			}
		}
		for _, n := range ends[i] {
			longest = max(longest, n)
		}
	}
	return longest
}

// most is how many shifts a volunteer can work: by the minutes of the shortest, and by the
// clock and their rests.
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
	return min(byMinutes, b.chain(v, list))
}

// uncovered is the demand that a maximum flow from volunteers to shifts leaves.
func (b *bounder) uncovered() int64 {
	on := make([][]int, len(b.in.Shifts)) // volunteers
	used := make([]int, len(b.in.Volunteers))
	works, busy := make([]map[int]bool, len(b.in.Volunteers)), make([]map[int]int, len(b.in.Volunteers))
	for v := range works {
		works[v], busy[v] = map[int]bool{}, map[int]int{}
	}
	open := int64(0)
	for s, shift := range b.in.Shifts {
		for range shift.Demand {
			if !b.cover(s, roster{on, used, works, busy}) {
				open += int64(shift.Demand - len(on[s]))
				break
			}
		}
	}
	return open
}

// roster is who covers what while the flow grows.
type roster struct {
	on    [][]int        // volunteers by shift
	used  []int          // shifts a volunteer has
	works []map[int]bool // which
	busy  []map[int]int  // and how many in each window
}

// cover finds one more volunteer for a shift, letting others change theirs along a
// shortest chain.
func (b *bounder) cover(s int, r roster) bool {
	type step struct{ shift, volunteer, before int }
	seen := make([]bool, len(b.in.Shifts))
	seen[s] = true
	queue := []step{{s, -1, -1}}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		w := b.at[at.shift]
		for _, v := range b.able[at.shift] {
			if r.works[v][at.shift] {
				continue
			}
			room := r.busy[v][w] < b.within[v][w]
			if room && r.used[v] < b.count[v] {
				r.used[v]++
				b.give(v, at.shift, r)
				for k := i; queue[k].before >= 0; k = queue[k].before {
					q := queue[k]
					b.take(q.volunteer, q.shift, r)
					b.give(q.volunteer, queue[q.before].shift, r)
				}
				return true
			}
			for _, other := range b.fits[v] {
				if r.works[v][other] && !seen[other] && (room || b.at[other] == w) {
					seen[other] = true
					queue = append(queue, step{other, v, i})
				}
			}
		}
	}
	return false
}

func (b *bounder) give(v, s int, r roster) {
	r.on[s] = append(r.on[s], v)
	r.works[v][s] = true
	r.busy[v][b.at[s]]++
}

func (b *bounder) take(v, s int, r roster) {
	r.on[s] = slices.DeleteFunc(r.on[s], func(x int) bool { return x == v })
	delete(r.works[v], s)
	r.busy[v][b.at[s]]--
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
