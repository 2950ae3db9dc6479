package visits

import (
	"slices"
	"sort"
)

// none marks a pause.
const none = int32(-1)

// plan is a valid set of routes being changed, with what makes changes cheap.
type plan struct {
	in        *Instance
	slots     int       // slots in use: enough, and no more than the visits warrant
	conflicts [][]int32 // projects of each juror, sorted
	track     []int32
	tables    []table
	known     [][]int32 // tracks of each juror; none = all

	cell  []int32 // project by juror*slots + slot
	spots []int32 // the cells of each project, Visits of them
	load  []int32
	loads []int32 // number of jurors by load
	pairs pairs
	cost  int64 // above the least sum of squares
}

// conflict says whether juror j must not see project p.
func (t *plan) conflict(j, p int32) bool {
	_, found := slices.BinarySearch(t.conflicts[j], p)
	return found
}

// spotsOf are the cells of the visits to p.
func (t *plan) spotsOf(p int32) []int32 {
	r := t.in.Visits
	return t.spots[int(p)*r : (int(p)+1)*r]
}

func (t *plan) juror(cell int32) int32 { return cell / int32(t.slots) }
func (t *plan) slot(cell int32) int32  { return cell % int32(t.slots) }

// sees says whether juror j visits p, whenever.
func (t *plan) sees(j, p int32) bool {
	for _, c := range t.spotsOf(p) {
		if t.juror(c) == j {
			return true
		}
	}
	return false
}

// clashes says whether p has a visit in the slot, other than the one in cell but.
func (t *plan) clashes(p, slot, but int32) bool {
	for _, c := range t.spotsOf(p) {
		if c != but && t.slot(c) == slot {
			return true
		}
	}
	return false
}

// foreign is the price of juror j leaving their tracks for p.
func (t *plan) foreign(j, p int32) int64 {
	if len(t.known[j]) == 0 || slices.Contains(t.known[j], t.track[p]) {
		return 0
	}
	return t.in.Weights.Track
}

// detour is the change of a juror's walk when a cell, now on project p, goes to
// project q; either may be a pause.
func (t *plan) detour(cell, p, q int32) int64 {
	first := t.juror(cell) * int32(t.slots)
	end := first + int32(t.slots)
	before, after := none, none
	for c := cell - 1; c >= first && before == none; c-- {
		before = t.cell[c]
	}
	for c := cell + 1; c < end && after == none; c++ {
		after = t.cell[c]
	}
	return t.through(before, q, after) - t.through(before, p, after)
}

// through is the walk from a by way of b to c, any of which may be a pause.
func (t *plan) through(a, b, c int32) int64 {
	if b == none {
		return t.way(a, c)
	}
	return t.way(a, b) + t.way(b, c)
}

func (t *plan) way(a, b int32) int64 {
	if a == none || b == none {
		return 0
	}
	p, q := t.tables[a], t.tables[b]
	return int64(max(p.x-q.x, q.x-p.x) + max(p.y-q.y, q.y-p.y))
}

// table is where a project stands.
type table struct{ x, y int32 }

// spread is the difference between the largest and the smallest load.
func (t *plan) spread() int64 {
	lo, hi := 0, len(t.loads)-1
	for lo < hi && t.loads[lo] == 0 {
		lo++
	}
	for hi > lo && t.loads[hi] == 0 {
		hi--
	}
	return int64(hi - lo)
}

// shift moves one visit from juror a's load to juror b's.
func (t *plan) shift(a, b int32) {
	t.loads[t.load[a]]--
	t.load[a]--
	t.loads[t.load[a]]++
	t.loads[t.load[b]]--
	t.load[b]++
	t.loads[t.load[b]]++
}

// total recomputes the cost from the cells.
func (t *plan) total() int64 {
	w := t.in.Weights
	sum := w.Pair*t.pairs.squares() + w.Load*t.spread()
	for j := range int32(len(t.load)) {
		last := none
		for s := range t.slots {
			if p := t.cell[int(j)*t.slots+s]; p != none {
				sum += t.foreign(j, p) + w.Walk*t.way(last, p)
				last = p
			}
		}
	}
	visits := int64(t.in.Visits)
	n := int64(len(t.load))
	return sum - w.Pair*leastSquares(int64(len(t.in.Projects))*visits*(visits-1)/2, n*(n-1)/2)
}

// by lists the jurors of each project.
func (t *plan) by() [][]int {
	by := make([][]int, len(t.in.Projects))
	for p := range by {
		for _, c := range t.spotsOf(int32(p)) {
			by[p] = append(by[p], int(t.juror(c)))
		}
	}
	return by
}

// comparable says whether all jurors are linked by projects they share.
func (t *plan) comparable() bool {
	return t.in.Visits <= 1 || len(t.load) == 0 || len(t.in.Projects) == 0 ||
		len(reach(t.by(), len(t.load), 0)) == len(t.load)
}

// pairs counts the projects that two jurors share.
type pairs struct {
	jurors int32
	count  []uint16
}

func newPairs(jurors int) pairs {
	return pairs{int32(jurors), make([]uint16, jurors*(jurors-1)/2)}
}

func (p *pairs) at(a, b int32) *uint16 {
	if a < b {
		a, b = b, a
	}
	return &p.count[a*(a-1)/2+b]
}

func (p *pairs) squares() int64 {
	var sum int64
	for _, n := range p.count {
		sum += int64(n) * int64(n)
	}
	return sum
}

// nearest lists for each project up to size others that stand close, the closest
// first. It looks along the rows and along the columns only, so that its work and
// memory stay linear in the number of projects.
func nearest(projects []Project, size int) [][]int32 {
	const window = 48
	near := make([][]int32, len(projects))
	rows := make([]int32, len(projects))
	for i := range rows {
		rows[i] = int32(i)
	}
	columns := slices.Clone(rows)
	sort.SliceStable(rows, func(a, b int) bool {
		p, q := projects[rows[a]], projects[rows[b]]
		return p.Y < q.Y || p.Y == q.Y && p.X < q.X
	})
	sort.SliceStable(columns, func(a, b int) bool {
		p, q := projects[columns[a]], projects[columns[b]]
		return p.X < q.X || p.X == q.X && p.Y < q.Y
	})
	for _, order := range [][]int32{rows, columns} {
		for i, p := range order {
			for k := max(0, i-window); k < min(len(order), i+window+1); k++ {
				if k != i && !slices.Contains(near[p], order[k]) {
					near[p] = append(near[p], order[k])
				}
			}
		}
	}
	for p, list := range near {
		from := &projects[p]
		sort.SliceStable(list, func(a, b int) bool {
			return steps(from, &projects[list[a]]) < steps(from, &projects[list[b]])
		})
		near[p] = slices.Clone(list[:min(size, len(list))])
	}
	return near
}
