package ranking

import (
	"cmp"
	"math"
	"slices"
)

// place writes each line's place in the juror's order: from its list, from its explicit
// comparisons, or from both where the list leaves out some of what was compared.
func (s *sheet) place(lines []line) {
	at := make(map[int]*line, len(lines))
	for k := range lines {
		at[lines[k].project] = &lines[k]
	}
	listed := map[int]bool{}
	for _, tied := range s.order {
		for _, i := range tied {
			listed[i] = true
		}
	}
	order := s.order
	compared := slices.DeleteFunc(slices.Clone(s.better), func(p pair) bool {
		return at[p.winner] == nil || at[p.loser] == nil || listed[p.winner] && listed[p.loser]
	})
	if len(compared) > 0 {
		order = orderOf(append(chain(s.order, at), compared...), at)
	}
	place := 1
	for _, tied := range order {
		for _, i := range tied {
			if at[i] != nil { // not for a conflict
				at[i].place = place
			}
		}
		place += len(tied)
	}
}

// chain is a list as comparisons among those who are at: one of each place is better than
// one of the next, and those of one place stand on a cycle, which ties them.
func chain(order [][]int, at map[int]*line) []pair {
	var pairs []pair
	above := -1
	for _, tied := range order {
		here := slices.DeleteFunc(slices.Clone(tied), func(i int) bool { return at[i] == nil })
		if len(here) == 0 {
			continue
		}
		if above >= 0 {
			pairs = append(pairs, pair{above, here[0]})
		}
		if len(here) > 1 {
			for k, i := range here {
				pairs = append(pairs, pair{i, here[(k+1)%len(here)]})
			}
		}
		above = here[0]
	}
	return pairs
}

// orderOf makes places of comparisons: the transitive closure as an order. Projects
// on a cycle are tied, which leaves them to the scores. Where the comparisons leave
// two groups open, the scores decide which stands first; without scores, groups at
// the same height (steps from the top less steps from the bottom) tie.
func orderOf(better []pair, at map[int]*line) [][]int {
	groups, below := condense(better)
	above := make([]int, len(groups)) // how many edges come from groups not yet placed
	top := make([]int, len(groups))   // longest way down from a top
	base := make([]int, len(groups))  // longest way up from a bottom
	for g := range groups {           // groups stand in topological order, best first
		for _, h := range below[g] {
			above[h]++
			top[h] = max(top[h], top[g]+1)
		}
	}
	for g := len(groups) - 1; g >= 0; g-- {
		for _, h := range below[g] {
			base[g] = max(base[g], base[h]+1)
		}
	}
	score := make([]float64, len(groups))
	for g, group := range groups {
		for _, i := range group {
			score[g] += at[i].total / float64(len(group))
		}
		if math.IsNaN(score[g]) {
			return byHeight(groups, top, base)
		}
	}
	var places [][]int
	var open []int
	for g := range groups {
		if above[g] == 0 {
			open = append(open, g)
		}
	}
	for len(open) > 0 {
		k := 0
		for c := range open {
			if score[open[c]] > score[open[k]] || score[open[c]] == score[open[k]] && groups[open[c]][0] < groups[open[k]][0] {
				k = c
			}
		}
		g := open[k]
		open = slices.Delete(open, k, k+1)
		places = append(places, groups[g])
		for _, h := range below[g] {
			if above[h]--; above[h] == 0 {
				open = append(open, h)
			}
		}
	}
	return places
}

// byHeight orders groups by height; it keeps every stated comparison, since what is
// below another is further from the top and nearer to the bottom.
func byHeight(groups [][]int, top, base []int) [][]int {
	heights := map[int][]int{}
	var keys []int
	for g, group := range groups {
		h := top[g] - base[g]
		if heights[h] == nil {
			keys = append(keys, h)
		}
		heights[h] = append(heights[h], group...)
	}
	slices.Sort(keys)
	var places [][]int
	for _, h := range keys {
		slices.Sort(heights[h])
		places = append(places, heights[h])
	}
	return places
}

// condense merges what stands on a cycle (Tarjan 1972) and returns the groups in
// topological order, winners first, with the distinct groups each one beats.
func condense(better []pair) (groups [][]int, below [][]int) {
	beats := map[int][]int{}
	var nodes []int
	for _, p := range better {
		for _, i := range []int{p.winner, p.loser} {
			if _, ok := beats[i]; !ok {
				beats[i] = nil
				nodes = append(nodes, i)
			}
		}
		beats[p.winner] = append(beats[p.winner], p.loser)
	}
	slices.Sort(nodes)
	t := tarjan{beats: beats, number: map[int]int{}, low: map[int]int{}, group: map[int]int{}}
	for _, i := range nodes {
		slices.SortFunc(beats[i], cmp.Compare[int])
		beats[i] = slices.Compact(beats[i])
	}
	for _, i := range nodes {
		if t.number[i] == 0 {
			t.visit(i)
		}
	}
	n := len(t.groups) // found losers first
	below = make([][]int, n)
	for g := n - 1; g >= 0; g-- {
		slices.Sort(t.groups[g])
		groups = append(groups, t.groups[g])
	}
	for _, i := range nodes {
		for _, k := range beats[i] {
			if t.group[i] != t.group[k] {
				g := n - 1 - t.group[i]
				below[g] = append(below[g], n-1-t.group[k])
			}
		}
	}
	for g := range below {
		slices.Sort(below[g])
		below[g] = slices.Compact(below[g])
	}
	return groups, below
}

type tarjan struct {
	beats              map[int][]int
	number, low, group map[int]int
	stack              []int
	groups             [][]int
}

func (t *tarjan) visit(i int) {
	t.number[i] = len(t.number) + 1
	t.low[i] = t.number[i]
	t.stack = append(t.stack, i)
	for _, k := range t.beats[i] {
		if t.number[k] == 0 {
			t.visit(k)
			t.low[i] = min(t.low[i], t.low[k])
		} else if _, done := t.group[k]; !done {
			t.low[i] = min(t.low[i], t.number[k])
		}
	}
	if t.low[i] < t.number[i] {
		return
	}
	at := slices.Index(t.stack, i)
	for _, k := range t.stack[at:] {
		t.group[k] = len(t.groups)
	}
	t.groups = append(t.groups, slices.Clone(t.stack[at:]))
	t.stack = t.stack[:at]
}
