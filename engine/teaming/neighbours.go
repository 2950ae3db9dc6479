package teaming

import (
	"cmp"
	"slices"
)

// neighbourhood prices teams that differ by one unit from teams the relaxation likes:
// one more, one less, one exchanged, or another challenge. It is a quick source of
// columns at sizes where exhaustive pricing is out of reach.
type neighbourhood struct {
	m      *model
	part   *part
	prices *prices
	meet   []int64
	never  []int32
	best   []proposal
	keep   int
}

type proposal struct {
	out, in   int32 // unit dropped and unit added, -1 for none
	challenge int32
	value     float64
}

func newNeighbourhood(m *model, p *part) *neighbourhood {
	return &neighbourhood{m: m, part: p, meet: make([]int64, len(m.units)), never: make([]int32, len(m.units)), keep: 4}
}

// around offers the best neighbours of a column to the pool and returns how many were
// new, and the work done.
func (n *neighbourhood) around(c column, pool *pool) (added int, work int64) {
	n.best = n.best[:0]
	for _, u := range c.units {
		n.mark(u, 1)
	}
	n.extend(c, -1)
	for _, u := range c.units {
		if n.m.units[u].lock >= 0 {
			continue
		}
		n.mark(u, -1)
		n.extend(c, u)
		n.mark(u, 1)
	}
	for _, u := range c.units {
		n.mark(u, -1)
	}
	for _, p := range n.best {
		us := slices.DeleteFunc(slices.Clone(c.units), func(u int32) bool { return u == p.out })
		if p.in >= 0 {
			us = append(us, p.in)
		}
		ident, _, _ := n.m.bestIdentity(us, n.prices.ident, n.part.idents)
		if cost, ok := n.m.teamCost(us, p.challenge, ident); ok && pool.offer(us, p.challenge, ident, cost) {
			added++
		}
	}
	return added, int64(len(c.units)+1) * int64(len(n.part.units)) * 60
}

func (n *neighbourhood) mark(u int32, d int) {
	for i := range n.m.adj[u] {
		l := &n.m.adj[u][i]
		n.meet[l.to] += int64(d) * l.cost
		if l.never {
			n.never[l.to] += int32(d)
		}
	}
}

// extend tries the column without one unit: as it is, and with each other unit.
func (n *neighbourhood) extend(c column, out int32) {
	t := none
	dual := 0.0
	base := int64(0)
	var rest [64]int32
	kept := rest[:0]
	for _, u := range c.units {
		if u != out {
			kept = append(kept, u)
			n.m.join(&t, &n.m.units[u].trait)
			dual += n.prices.unit[u]
			base += n.m.units[u].base
		}
	}
	if len(kept) == 0 || len(kept) == len(rest) {
		return
	}
	links, _ := n.m.pairs(kept)
	n.tryChallenges(&t, kept, out, -1, base+links, dual)
	if n.locked(c, out) {
		return
	}
	prefs := int64(0)
	for _, u := range kept {
		prefs += n.m.prefOf(u, c.challenge)
	}
	room := int32(n.m.in.Size.Max) - t.size
	for _, v := range n.part.units {
		x := &n.m.units[v]
		if x.size > room || n.never[v] > 0 || x.comp != t.comp || n.m.mute(&t, &x.trait) || x.lock >= 0 || slices.Contains(c.units, v) {
			continue
		}
		p := n.m.prefOf(v, c.challenge)
		if p == forbidden {
			continue
		}
		next := t
		n.m.join(&next, &x.trait)
		sums := base + links + prefs + p + x.base + n.meet[v]
		n.propose(&next, out, v, c.challenge, sums, float64(dual+n.prices.unit[v]))
	}
}

// locked says whether nobody may join what remains of the column.
func (n *neighbourhood) locked(c column, out int32) bool {
	for _, u := range c.units {
		if k := n.m.units[u].lock; k >= 0 && u != out && n.m.locks[k].closed {
			return true
		}
	}
	return false
}

// tryChallenges proposes the same people on every challenge they accept.
func (n *neighbourhood) tryChallenges(t *trait, kept []int32, out, in int32, sums int64, dual float64) {
	for ch := range int32(len(n.m.need)) {
		prefs := int64(0)
		ok := n.part.hi[ch] > 0
		for _, u := range kept {
			p := n.m.prefOf(u, ch)
			k := n.m.units[u].lock
			ok = ok && p != forbidden && (k < 0 || n.m.locks[k].challenge < 0 || n.m.locks[k].challenge == ch)
			prefs += p
		}
		if ok {
			n.propose(t, out, in, ch, sums+prefs, dual)
		}
	}
}

// propose remembers a neighbour among the best few. The price of identities is left
// to the caller of around: it is the same for most neighbours.
func (n *neighbourhood) propose(t *trait, out, in, challenge int32, sums int64, dual float64) {
	if int(t.size) < n.m.in.Size.Min {
		return
	}
	value := float64(n.m.fair(n.m.raw(t, &none, challenge, sums))) - dual - n.prices.challenge[challenge]
	if value > -1e-4 {
		return
	}
	if len(n.best) == n.keep {
		if value >= n.best[n.keep-1].value {
			return
		}
		n.best = n.best[:n.keep-1]
	}
	n.best = append(n.best, proposal{out, in, challenge, value})
	slices.SortFunc(n.best, func(a, b proposal) int { return cmp.Compare(a.value, b.value) })
}
