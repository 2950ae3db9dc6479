package seats

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"h48/engine/planning"
	"h48/engine/planning/internal/anneal"
)

// first finds a timetable that keeps every rule, or says why there is none.
func first(ctx context.Context, in *Instance, rnd *anneal.Rand) (*timetable, error) {
	t := newTimetable(in)
	if err := t.speakersFit(); err != nil {
		return nil, err
	}
	if err := t.match(); err != nil {
		return nil, err
	}
	if t.calm(rnd) {
		return t, nil
	}
	s := &exhaustive{ctx: ctx, timetable: newTimetable(in)}
	s.limit = min(maxNodes, 1000+maxWork/(1+len(in.Workshops)*len(s.held)))
	if s.place(len(in.Workshops)) {
		return s.timetable, nil
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("looking for a timetable: %w", ctx.Err())
	}
	if s.nodes >= s.limit {
		return nil, planning.Clash("no timetable was found in %d attempts: "+
			"speakers, equipment and closed rooms leave too little room", s.limit)
	}
	return nil, planning.Clash("no timetable: every way to place the workshops puts a speaker in two rooms at once or leaves a workshop without a room")
}

// speakersFit checks each speaker alone: their workshops need different slots.
func (t *timetable) speakersFit() error {
	for k, list := range t.speeches {
		clash := matching(list, int(t.slots), func(w int32, yield func(int32) bool) {
			for s := range t.slots {
				if t.possible(w, s) && !yield(s) {
					return
				}
			}
		}, nil)
		if clash == nil {
			continue
		}
		if clash.right == 0 {
			return t.homeless(clash.left[0])
		}
		speaker := t.in.Workshops[t.speeches[k][0]].Speaker
		return planning.Clash("speaker %s gives %s (%s) that fit in only %s (of %d)",
			speaker, planning.Many(len(clash.left), "workshop"), t.names(clash.left), planning.Many(clash.right, "slot"), t.slots)
	}
	return nil
}

// possible says whether some room takes workshop w in the slot.
func (t *timetable) possible(w, slot int32) bool {
	for r := range int32(len(t.in.Rooms)) {
		if t.may(w, r*t.slots+slot) {
			return true
		}
	}
	return false
}

// match gives every workshop a place of its own, speakers aside.
func (t *timetable) match() error {
	all := make([]int32, len(t.place))
	for w := range all {
		all[w] = int32(w)
	}
	clash := matching(all, len(t.held), func(w int32, yield func(int32) bool) {
		for x := range int32(len(t.held)) {
			if t.may(w, x) && !yield(x) {
				return
			}
		}
	}, t.held)
	if clash != nil && clash.right == 0 {
		return t.homeless(clash.left[0])
	}
	if clash != nil {
		return planning.Clash("%s (%s) fit in only %s (a room in a slot)",
			planning.Many(len(clash.left), "workshop"), t.names(clash.left), planning.Many(clash.right, "place"))
	}
	for x, w := range t.held {
		if w != none {
			t.place[w] = int32(x)
		}
	}
	return nil
}

// homeless says in words why no room takes workshop w in any slot.
func (t *timetable) homeless(w int32) error {
	workshop := &t.in.Workshops[w]
	var suited []string
	for r := range t.in.Rooms {
		if workshop.suits(&t.in.Rooms[r]) {
			suited = append(suited, t.in.Rooms[r].ID)
		}
	}
	away := 0
	for s := range int(t.slots) {
		if slices.Contains(workshop.Blocked, s) {
			away++
		}
	}
	switch {
	case t.slots == 0:
		return planning.Clash("workshop %s has no slot: the timetable has none", workshop.ID)
	case len(t.in.Rooms) == 0:
		return planning.Clash("workshop %s has no room: there is none", workshop.ID)
	case len(suited) == 0:
		return planning.Clash("workshop %s needs %s, and no room has all of it", workshop.ID, strings.Join(workshop.Equip, ", "))
	case away == int(t.slots):
		return planning.Clash("the speaker of workshop %s is away in every slot", workshop.ID)
	}
	return planning.Clash("workshop %s fits in rooms %s alone, and they are closed in every slot in which its speaker is there",
		workshop.ID, strings.Join(suited[:min(12, len(suited))], ", "))
}

func (t *timetable) names(list []int32) string {
	var names []string
	for _, w := range list[:min(12, len(list))] {
		names = append(names, t.in.Workshops[w].ID)
	}
	return strings.Join(names, ", ")
}

// hall is a set that is too large for what it may be matched to (Hall, 1935).
type hall struct {
	left  []int32
	right int
}

// matching gives each of left one of 0..right-1 along the edges, by augmenting
// paths; holder, if not nil, receives who holds what. The answer is nil, or a set
// that cannot be served.
func matching(left []int32, right int, edges func(int32, func(int32) bool), holder []int32) *hall {
	if holder == nil {
		holder = make([]int32, right)
		for i := range holder {
			holder[i] = none
		}
	}
	from := make([]int32, right) // left end that reached it in this search
	seen := make([]int, right)
	prev := map[int32]int32{}
	for round, start := range left {
		queue := []int32{start}
		clear(prev)
		end := none
		for i := 0; i < len(queue) && end == none; i++ {
			a := queue[i]
			edges(a, func(x int32) bool {
				if seen[x] == round+1 {
					return true
				}
				seen[x], from[x] = round+1, a
				if holder[x] == none {
					end = x
					return false
				}
				prev[holder[x]] = x
				queue = append(queue, holder[x])
				return true
			})
		}
		if end == none {
			return &hall{left: queue, right: len(queue) - 1}
		}
		for {
			a := from[end]
			holder[end] = a
			if a == start {
				break
			}
			end = prev[a]
		}
	}
	return nil
}

// clashes counts the pairs of workshops that ask w's speaker at once, if w stood
// in the slot.
func (t *timetable) clashes(w, v, slot int32) int {
	n := 0
	if k := t.speaker[w]; k != none {
		for _, u := range t.speeches[k] {
			if u != w && u != v && t.slot(u) == slot {
				n++
			}
		}
	}
	return n
}

// calm moves and trades places until no speaker is asked twice at once; false
// means it gave up.
func (t *timetable) calm(rnd *anneal.Rand) bool {
	if len(t.place) == 0 {
		return true
	}
	total := 0
	for w := range t.place {
		total += t.clashes(int32(w), int32(w), t.slot(int32(w)))
	}
	steps := 20_000 + 400*len(t.place)
	cool := anneal.NewCooling(rnd, 1, 0.1, steps)
	for range steps {
		if total == 0 {
			return true
		}
		w, to := int32(rnd.Below(len(t.place))), int32(rnd.Below(len(t.held)))
		m := move{w: w, v: t.held[to], from: t.place[w], to: to}
		cool.Step()
		if m.from == to || !t.may(w, to) || m.v != none && !t.may(m.v, m.from) {
			continue
		}
		before := t.pairClashes(m)
		t.make(m)
		delta := 2 * (t.pairClashes(m) - before)
		if !cool.Accept(int64(delta)) {
			t.make(m.back())
			continue
		}
		total += delta
	}
	return total == 0
}

func (t *timetable) pairClashes(m move) int {
	n := t.clashes(m.w, m.w, t.slot(m.w))
	if m.v != none {
		n += t.clashes(m.v, m.w, t.slot(m.v))
	}
	return n
}

// Limits of the exhaustive search: placements tried, and places looked at.
const (
	maxNodes = 300_000
	maxWork  = 200_000_000
)

// exhaustive tries every placement, the workshop with the fewest places first.
type exhaustive struct {
	*timetable
	ctx          context.Context
	nodes, limit int
}

func (s *exhaustive) place(left int) bool {
	if left == 0 {
		return true
	}
	if s.nodes++; s.nodes >= s.limit || s.nodes%1024 == 0 && s.ctx.Err() != nil {
		return false
	}
	w, options := s.tightest()
	for _, x := range options {
		s.held[x], s.timetable.place[w] = w, x
		if s.place(left - 1) {
			return true
		}
		s.held[x], s.timetable.place[w] = none, none
	}
	return false
}

func (s *exhaustive) tightest() (w int32, options []int32) {
	w = none
	for u := range int32(len(s.timetable.place)) {
		if s.timetable.place[u] != none {
			continue
		}
		var open []int32
		for x := range int32(len(s.held)) {
			if s.held[x] == none && s.may(u, x) && !s.speaks(u, u, x%s.slots) {
				open = append(open, x)
			}
		}
		if w == none || len(open) < len(options) {
			w, options = u, open
		}
		if len(options) == 0 {
			break
		}
	}
	return w, slices.Clip(options)
}
