package planning

import (
	"container/heap"
	"fmt"
	"strings"
)

// feasible decides exactly whether some order keeps every window and precedence.
// Unit jobs on one machine with release times, deadlines and precedences: tighten
// the windows along the precedences, then serve the earliest deadline first
// (Lageweg, Lenstra and Rinnooy Kan, "Minimizing maximum lateness on one machine",
// Statistica Neerlandica 30, 1976).
func (r *runOrder) feasible() error {
	order, err := r.topological()
	if err != nil {
		return err
	}
	lo, hi := append([]int(nil), r.lo...), append([]int(nil), r.hi...)
	after, befores := r.neighbours()
	for _, t := range order {
		for _, s := range after[t] {
			lo[s] = max(lo[s], lo[t]+1)
		}
	}
	for i := len(order) - 1; i >= 0; i-- {
		for _, s := range befores[order[i]] {
			hi[s] = min(hi[s], hi[order[i]]-1)
		}
	}
	for t := range r.teams {
		if lo[t] > hi[t] {
			return Clash("%s", r.emptyWindow(t, lo[t], hi[t]))
		}
	}
	return r.earliestDeadline(lo, hi)
}

func (r *runOrder) emptyWindow(t, lo, hi int) string {
	if r.lo[t] > r.hi[t] {
		return fmt.Sprintf("team %s would pitch at position %d or later and at %d or earlier",
			r.teams[t].ID, r.lo[t]+1, r.hi[t]+1)
	}
	return fmt.Sprintf("with the teams that must come before and after it, team %s would pitch at position %d or later and at %d or earlier",
		r.teams[t].ID, lo+1, hi+1)
}

func (r *runOrder) neighbours() (after, befores [][]int) {
	after, befores = make([][]int, len(r.teams)), make([][]int, len(r.teams))
	for _, b := range r.before {
		after[b[0]] = append(after[b[0]], b[1])
		befores[b[1]] = append(befores[b[1]], b[0])
	}
	return after, befores
}

// topological orders the teams by precedence, or names a circle.
func (r *runOrder) topological() ([]int, error) {
	after, befores := r.neighbours()
	waits := make([]int, len(r.teams))
	var order []int
	for t := range r.teams {
		waits[t] = len(befores[t])
		if waits[t] == 0 {
			order = append(order, t)
		}
	}
	for i := 0; i < len(order); i++ {
		for _, s := range after[order[i]] {
			if waits[s]--; waits[s] == 0 {
				order = append(order, s)
			}
		}
	}
	if len(order) == len(r.teams) {
		return order, nil
	}
	return nil, Clash("these teams wait for each other in a circle: %s", r.circle(waits, befores))
}

// circle walks backwards among the teams still waiting until one repeats.
func (r *runOrder) circle(waits []int, befores [][]int) string {
	t := 0
	for waits[t] == 0 {
		t++
	}
	seen := map[int]int{}
	var path []int
	for {
		if at, ok := seen[t]; ok {
			path = append(path[at:], t)
			break
		}
		seen[t] = len(path)
		path = append(path, t)
		for _, p := range befores[t] {
			if waits[p] > 0 {
				t = p
				break
			}
		}
	}
	names := make([]string, 0, len(path))
	for i := len(path) - 1; i >= 0; i-- {
		names = append(names, r.teams[path[i]].ID)
	}
	return strings.Join(names, " before ")
}

// earliestDeadline fills the places in order, always with the waiting team whose
// last place comes first; the first team too late shows an overfull stretch.
func (r *runOrder) earliestDeadline(lo, hi []int) error {
	n := len(r.teams)
	opens := make([][]int, n)
	for t := range r.teams {
		opens[lo[t]] = append(opens[lo[t]], t)
	}
	q := &byDeadline{hi: hi}
	for p := range n {
		for _, t := range opens[p] {
			heap.Push(q, t)
		}
		if q.Len() == 0 {
			return Clash("no team may pitch at position %d: all the teams left must come later", p+1)
		}
		if t := heap.Pop(q).(int); hi[t] < p {
			return Clash("%s", r.overfull(lo, hi, hi[t]))
		}
	}
	return nil
}

// overfull names a stretch of places that more teams need than it holds: such a
// stretch ends at the missed deadline.
func (r *runOrder) overfull(lo, hi []int, end int) string {
	within := make([]int, end+1) // teams that must pitch by end, by first place
	for t := range r.teams {
		if hi[t] <= end {
			within[lo[t]]++
		}
	}
	start, count := end, 0
	for ; start >= 0; start-- {
		count += within[start]
		if count > end-start+1 {
			break
		}
	}
	var names []string
	for t := range r.teams {
		if lo[t] >= start && hi[t] <= end && len(names) < 12 {
			names = append(names, r.teams[t].ID)
		}
	}
	return fmt.Sprintf("%d teams (%s) must all pitch between positions %d and %d, which hold %d",
		count, strings.Join(names, ", "), max(0, start)+1, end+1, end-max(0, start)+1)
}

// byDeadline is a heap of teams, the earliest last place first, then by id.
type byDeadline struct {
	hi    []int
	teams []int
}

func (q *byDeadline) Len() int { return len(q.teams) }
func (q *byDeadline) Less(a, b int) bool {
	x, y := q.teams[a], q.teams[b]
	if q.hi[x] != q.hi[y] {
		return q.hi[x] < q.hi[y]
	}
	return x < y
}
func (q *byDeadline) Swap(a, b int) { q.teams[a], q.teams[b] = q.teams[b], q.teams[a] }
func (q *byDeadline) Push(x any)    { q.teams = append(q.teams, x.(int)) }
func (q *byDeadline) Pop() any {
	t := q.teams[len(q.teams)-1]
	q.teams = q.teams[:len(q.teams)-1]
	return t
}
