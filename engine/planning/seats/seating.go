package seats

import (
	"cmp"
	"slices"
)

// maxChain bounds the people who move in one chain.
const maxChain = 8

// seating is who sits where, for a timetable. It stays as good as chains of moves
// can make it: while no one's limit binds, and the slots are then independent
// assignment problems, it stays optimal (shortest augmenting paths).
type seating struct {
	*demand
	t       *timetable
	attends [][]int32 // workshops of each person
	on      [][]int32 // people of each workshop
	served  int64
	steps   int

	label   []label
	epoch   int32
	queue   []int32
	journal []entry
}

// label says how good a chain to a workshop is: person joined it, or left it, for
// the chain's next workshop.
type label struct {
	epoch  int32
	queued bool
	length int32
	gain   int64
	person int32
	prev   int32 // workshop before it in the chain, or none
}

type entry struct {
	person, workshop int32
	joined           bool
}

func newSeating(d *demand, t *timetable) *seating {
	s := &seating{
		demand: d, t: t,
		attends: make([][]int32, len(d.of)), on: make([][]int32, len(d.by)), label: make([]label, len(d.by)),
	}
	return s
}

// seatAll seats people where the prices send them while there is room, then along chains
// of moves until none gains any more or the steps are used up.
func (s *seating) seatAll(c *prices, limit int) {
	var wishes []wish
	for p := range int32(len(s.of)) {
		wishes = append(wishes[:0], s.of[p]...)
		slices.SortStableFunc(wishes, func(a, b wish) int { return cmp.Compare(c.surplus(b), c.surplus(a)) })
		for _, x := range wishes {
			if c.surplus(x) >= 0 && len(s.attends[p]) < s.in.People[p].Max && !s.full(x.who) && s.freeIn(p, s.t.slot(x.who), none) {
				s.join(p, x.who)
			}
		}
	}
	for again := true; again; {
		again = false
		for p := range int32(len(s.of)) {
			if s.steps > limit {
				return
			}
			again = s.place(p) || again
		}
	}
}

func (s *seating) cost() int64 { return s.total - s.served }

func (s *seating) full(w int32) bool { return len(s.on[w]) >= s.t.seats(w, s.t.place[w]) }

// freeIn says whether p, apart from leaving workshop drop, has nothing in the slot.
func (s *seating) freeIn(p, slot, drop int32) bool {
	for _, w := range s.attends[p] {
		if w != drop && s.t.slot(w) == slot {
			return false
		}
	}
	return !s.away(p, slot)
}

func (s *seating) join(p, w int32) {
	s.attends[p] = append(s.attends[p], w)
	s.on[w] = append(s.on[w], p)
	s.served += s.gain(p, w)
	s.journal = append(s.journal, entry{p, w, true})
}

func (s *seating) leave(p, w int32) {
	s.attends[p] = without(s.attends[p], w)
	s.on[w] = without(s.on[w], p)
	s.served -= s.gain(p, w)
	s.journal = append(s.journal, entry{p, w, false})
}

func without(list []int32, x int32) []int32 {
	i := slices.Index(list, x)
	list[i] = list[len(list)-1]
	return list[:len(list)-1]
}

// undo takes back everything since the journal was cleared.
func (s *seating) undo() {
	for i := len(s.journal) - 1; i >= 0; i-- {
		if e := s.journal[i]; e.joined {
			s.leave(e.person, e.workshop)
		} else {
			s.join(e.person, e.workshop)
		}
		s.journal = s.journal[:i]
	}
}

func (s *seating) start() {
	s.epoch++
	s.queue = s.queue[:0]
}

// reach improves the label of workshop w, if the chain through prev is better and
// person is not in it already.
func (s *seating) reach(w, prev, person int32, gain int64, length int32) {
	l := &s.label[w]
	if l.epoch == s.epoch && l.gain >= gain || length > maxChain {
		return
	}
	for v := prev; v != none; v = s.label[v].prev {
		if v == w || s.label[v].person == person {
			return
		}
	}
	queued := l.epoch == s.epoch && l.queued
	*l = label{epoch: s.epoch, queued: true, length: length, gain: gain, person: person, prev: prev}
	if !queued {
		s.queue = append(s.queue, w)
	}
}

// place seats person p in one more workshop, if some chain of moves gains by it:
// p takes a seat, whoever sat there takes another or gives up, and so on.
func (s *seating) place(p int32) bool {
	if len(s.attends[p]) >= s.in.People[p].Max {
		return false
	}
	s.start()
	for _, x := range s.of[p] {
		if s.freeIn(p, s.t.slot(x.who), none) && !slices.Contains(s.attends[p], x.who) {
			s.reach(x.who, none, p, x.gain, 1)
		}
	}
	best, last, quits := int64(0), none, none
	for i := 0; i < len(s.queue); i++ {
		w := s.queue[i]
		s.label[w].queued = false
		gain := s.label[w].gain
		if !s.full(w) {
			if gain > best {
				best, last, quits = gain, w, none
			}
			continue
		}
		s.steps += len(s.on[w])
		for _, q := range s.on[w] {
			if q == p {
				continue
			}
			rest := gain - s.gain(q, w)
			if rest > best {
				best, last, quits = rest, w, q
			}
			for _, x := range s.of[q] {
				if x.who != w && rest+x.gain > 0 && s.freeIn(q, s.t.slot(x.who), w) && !slices.Contains(s.attends[q], x.who) {
					s.reach(x.who, w, q, rest+x.gain, s.label[w].length+1)
				}
			}
		}
	}
	if last == none {
		return false
	}
	if quits != none {
		s.leave(quits, last)
	}
	for w := last; w != none; w = s.label[w].prev {
		if prev := s.label[w].prev; prev != none {
			s.leave(s.label[w].person, prev)
		}
		s.join(s.label[w].person, w)
	}
	return true
}

// fill seats one more person in workshop w, if some chain of moves gains by it:
// someone comes from another workshop, someone else takes that seat, and so on.
func (s *seating) fill(w int32) bool {
	if s.full(w) {
		return false
	}
	s.start()
	s.reach(w, none, none, 0, 0)
	best, last, extra := int64(0), none, none
	for i := 0; i < len(s.queue); i++ {
		v := s.queue[i]
		s.label[v].queued = false
		l := s.label[v]
		if l.gain > best {
			best, last, extra = l.gain, v, none
		}
		slot := s.t.slot(v)
		s.steps += len(s.by[v])
		for _, x := range s.by[v] {
			p := x.who
			if slices.Contains(s.attends[p], v) || s.away(p, slot) {
				continue
			}
			spare := len(s.attends[p]) < s.in.People[p].Max
			busy := none
			for _, u := range s.attends[p] {
				if s.t.slot(u) == slot {
					busy = u
				}
			}
			switch {
			case busy != none:
				s.reach(busy, v, p, l.gain+x.gain-s.gain(p, busy), l.length+1)
			case spare:
				if l.gain+x.gain > best && !s.inChain(v, p) {
					best, last, extra = l.gain+x.gain, v, p
				}
			default:
				for _, u := range s.attends[p] {
					s.reach(u, v, p, l.gain+x.gain-s.gain(p, u), l.length+1)
				}
			}
		}
	}
	if last == none {
		return false
	}
	if extra != none {
		s.join(extra, last)
	}
	for v := last; s.label[v].prev != none; v = s.label[v].prev {
		s.leave(s.label[v].person, v)
		s.join(s.label[v].person, s.label[v].prev)
	}
	return true
}

func (s *seating) inChain(w, person int32) bool {
	for ; w != none; w = s.label[w].prev {
		if s.label[w].person == person {
			return true
		}
	}
	return false
}

// follow changes the timetable and mends the seating around the change.
func (s *seating) follow(m move) {
	var lost []int32
	changed := [2]int32{m.w, m.v}
	for i, w := range changed {
		if w == none {
			continue
		}
		to := m.to
		if i == 1 {
			to = m.from
		}
		keep := 0
		if to%s.t.slots == s.t.slot(w) {
			keep = s.t.seats(w, to)
		}
		for len(s.on[w]) > keep {
			p := s.on[w][len(s.on[w])-1]
			s.leave(p, w)
			lost = append(lost, p)
		}
	}
	s.t.make(m)
	for _, w := range changed {
		for w != none && s.fill(w) {
		}
	}
	for _, p := range lost {
		for s.place(p) {
		}
	}
}
