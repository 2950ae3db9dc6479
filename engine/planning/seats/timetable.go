package seats

import (
	"slices"

	"h48/engine/planning/internal/anneal"
)

// none marks the absence of a workshop or a place.
const none = int32(-1)

// timetable gives every workshop a place: place r*slots+s is room r in slot s.
type timetable struct {
	in       *Instance
	slots    int32
	place    []int32 // of each workshop
	held     []int32 // workshop in each place
	speaker  []int32 // of each workshop, or none
	speeches [][]int32
}

func newTimetable(in *Instance) *timetable {
	t := &timetable{in: in, slots: int32(in.Slots), held: make([]int32, len(in.Rooms)*in.Slots)}
	for i := range t.held {
		t.held[i] = none
	}
	at := map[string]int32{}
	for w, workshop := range in.Workshops {
		t.place = append(t.place, none)
		t.speaker = append(t.speaker, none)
		if workshop.Speaker == "" {
			continue
		}
		k, known := at[workshop.Speaker]
		if !known {
			k = int32(len(t.speeches))
			at[workshop.Speaker] = k
			t.speeches = append(t.speeches, nil)
		}
		t.speaker[w] = k
		t.speeches[k] = append(t.speeches[k], int32(w))
	}
	return t
}

func (t *timetable) slot(w int32) int32 { return t.place[w] % t.slots }

// seats is how many people workshop w can take in place x.
func (t *timetable) seats(w, x int32) int {
	return min(t.in.Workshops[w].Capacity, t.in.Rooms[x/t.slots].Capacity)
}

// may says whether workshop w could be in place x, were the place empty and its
// speaker free.
func (t *timetable) may(w, x int32) bool {
	room, slot := &t.in.Rooms[x/t.slots], int(x%t.slots)
	workshop := &t.in.Workshops[w]
	return !slices.Contains(room.Closed, slot) && !slices.Contains(workshop.Blocked, slot) && workshop.suits(room)
}

// speaks says whether w's speaker gives a workshop other than w and v in the slot.
func (t *timetable) speaks(w, v, slot int32) bool {
	k := t.speaker[w]
	if k == none {
		return false
	}
	for _, u := range t.speeches[k] {
		if u != w && u != v && t.place[u] != none && t.slot(u) == slot {
			return true
		}
	}
	return false
}

// move is a change of the timetable: w goes to place to, and what is there, if
// anything, comes to w's place.
type move struct{ w, v, from, to int32 }

// propose draws a move that keeps every rule; ok is false when the draw breaks one.
func (t *timetable) propose(rnd *anneal.Rand) (m move, ok bool) {
	w := int32(rnd.Below(len(t.place)))
	to := int32(rnd.Below(len(t.held)))
	if rnd.Below(4) > 0 { // mostly trade with another workshop
		to = t.place[rnd.Below(len(t.place))]
	}
	m = move{w: w, v: t.held[to], from: t.place[w], to: to}
	if m.from == to || !t.may(w, to) || t.speaks(w, m.v, to%t.slots) {
		return m, false
	}
	if m.v != none && (!t.may(m.v, m.from) || t.speaks(m.v, w, m.from%t.slots)) {
		return m, false
	}
	if k := t.speaker[w]; m.v != none && k != none && k == t.speaker[m.v] && m.from%t.slots == to%t.slots {
		return m, false // cannot be: one speaker in one slot
	}
	return m, true
}

func (t *timetable) make(m move) {
	t.held[m.from], t.held[m.to] = m.v, m.w
	t.place[m.w] = m.to
	if m.v != none {
		t.place[m.v] = m.from
	}
}

// back is the move that undoes m.
func (m move) back() move { return move{w: m.w, v: m.v, from: m.to, to: m.from} }
