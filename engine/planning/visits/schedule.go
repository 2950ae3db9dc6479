package visits

import (
	"slices"

	"h48/engine/planning/internal/anneal"
)

// schedule gives every visit a slot: the first one free for both; if there is none,
// two slots trade along a path that alternates between them.
func (t *plan) schedule(by [][]int) {
	t.size(by)
	filled := make([]int, len(by))
	for p, list := range by {
		for _, j := range list {
			t.colour(int32(j), int32(p), filled)
			filled[p]++
		}
	}
	t.loads = make([]int32, t.slots+2)
	for j := range t.load {
		t.loads[t.load[j]]++
	}
	for _, list := range by {
		for i, a := range list {
			for _, b := range list[:i] {
				*t.pairs.at(int32(a), int32(b))++
			}
		}
	}
}

// size chooses how many slots to use: all, but not many more than the longest
// route or the visits to one table need.
func (t *plan) size(by [][]int) {
	for _, list := range by {
		for _, j := range list {
			t.load[j]++
		}
	}
	longest := int32(t.in.Visits)
	for _, n := range t.load {
		longest = max(longest, n)
	}
	t.slots = max(1, min(t.in.Slots, 2*int(longest)+8))
	t.cell = make([]int32, len(t.load)*t.slots)
	for i := range t.cell {
		t.cell[i] = none
	}
}

func (t *plan) colour(j, p int32, filled []int) {
	slots := int32(t.slots)
	at := func(p, s int32) int { // place of p's visit in slot s among its spots, or -1
		return slices.IndexFunc(t.spotsOf(p)[:filled[p]], func(c int32) bool { return t.slot(c) == s })
	}
	mine, theirs := none, none // a slot free for j, one free for p
	for s := range slots {
		busyJ, busyP := t.cell[j*slots+s] != none, at(p, s) >= 0
		if !busyJ && !busyP {
			t.cell[j*slots+s] = p
			t.spotsOf(p)[filled[p]] = j*slots + s
			return
		}
		if !busyJ {
			mine = s
		}
		if !busyP {
			theirs = s
		}
	}
	t.swapPath(p, mine, theirs, at)
	t.cell[j*slots+mine] = p
	t.spotsOf(p)[filled[p]] = j*slots + mine
}

// swapPath frees slot a at project p by exchanging slots a and b along the path
// that starts there: p's juror in a, that juror's project in b, and so on. The
// path never comes back to the juror who has a free (Kempe chain).
func (t *plan) swapPath(p, a, b int32, at func(p, s int32) int) {
	slots := int32(t.slots)
	type visit struct{ juror, project, from int32 }
	var path []visit
	for {
		k := at(p, a)
		if k < 0 {
			break
		}
		j := t.juror(t.spotsOf(p)[k])
		path = append(path, visit{j, p, a})
		q := t.cell[j*slots+b]
		if q == none {
			break
		}
		path = append(path, visit{j, q, b})
		p = q
	}
	places := make([]int, len(path))
	for i, v := range path {
		places[i] = at(v.project, v.from)
		t.cell[v.juror*slots+v.from] = none
	}
	for i, v := range path {
		to := a + b - v.from
		t.cell[v.juror*slots+to] = v.project
		t.spotsOf(v.project)[places[i]] = v.juror*slots + to
	}
}

// link trades visits between jurors that share nothing, directly or through
// others, until all are linked.
func (t *plan) link(rnd *anneal.Rand) bool {
	const tries = 20_000
	for range tries {
		if t.comparable() {
			return true
		}
		group := reach(t.by(), len(t.load), 0)
		inside := make([]bool, len(t.load))
		for _, j := range group {
			inside[j] = true
		}
		for range 200 {
			c1, c2 := int32(rnd.Below(len(t.cell))), int32(rnd.Below(len(t.cell)))
			if inside[t.juror(c1)] == inside[t.juror(c2)] || t.cell[c1] == none && t.cell[c2] == none {
				continue
			}
			if t.mayExchange(c1, c2) {
				t.exchange(c1, c2)
				if t.linked() >= len(group) {
					break
				}
				t.exchange(c1, c2)
			}
		}
	}
	return t.comparable()
}

// linked is the number of jurors linked to the first.
func (t *plan) linked() int { return len(reach(t.by(), len(t.load), 0)) }
