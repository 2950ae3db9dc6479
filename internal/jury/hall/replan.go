package hall

import (
	"cmp"
	"slices"

	"h48/internal/account"
)

// Route is a juror who walks: which slots are taken by which team, and what they must not
// see. Slots count from 1.
type Route struct {
	Juror  account.ID
	Visits map[int]string  // team by slot
	Barred map[string]bool // conflicts, and what they have seen otherwise
}

// Shift is one visit of a replanned hall.
type Shift struct {
	Juror    account.ID
	Team     string
	From, To int // slots; From is 0 for a visit that is new to the juror
}

// Replanned is what a change of plan costs.
type Replanned struct {
	Given []Shift  // visits of the missing that others take over
	Moved []Shift  // visits of others that had to change their time
	Lost  []string // teams that get one visit less, one entry a visit
}

// Replan gives the visits of who is missing to those who stay, from the slot first on; what
// they did not make before goes to a later slot too, and what others did not make yet stays
// where it was. Of all ways that move at most mostMoved visits of theirs to another time, it takes one that
// loses the fewest visits, and of those one that moves the fewest: it moves nobody as long
// as there are free hands at free tables. gone teams are visited by nobody any more, and
// free the hands that were to see them. It changes the routes.
//
// In a hall so large that the search does not end (mostSteps), the visits that free hands
// cannot make are tried one after another: the rules still hold, and what it moves is
// little but may not be the least.
func Replan(routes []Route, missing map[account.ID]bool, gone map[string]bool, first, slots int) Replanned {
	h := newHalls(routes, missing, gone, first, slots)
	h.match()
	left, ended := h.unmatched(), true
	if len(left) > 0 {
		var out Replanned
		if out, ended = h.best(); len(out.Given) > 0 {
			return out
		}
	}
	out := h.hand()
	for _, p := range left {
		if ended {
			out.Lost = append(out.Lost, p.team)
		} else {
			out.add(h.alone(p))
		}
	}
	return out
}

// hand gives the visits that free hands can make.
func (h *halls) hand() (out Replanned) {
	for i, p := range h.lost {
		if at := h.given[i]; at >= 0 {
			c := h.cells[at]
			h.put(p.team, c.route, c.slot)
			out.Given = append(out.Given, Shift{Juror: h.stay[c.route].Juror, Team: p.team, To: c.slot})
		}
	}
	return out
}

// place is a team's table in one slot; cell a juror's slot.
type place struct {
	team string
	slot int
}

type cell struct{ route, slot int }

type halls struct {
	slots, first int
	stay         []Route
	busy         map[place]int // by table and slot: who is there, an index of stay
	sees         map[int]map[string]bool
	lost         []place
	cells        []cell // free ones
	given        []int  // by lost visit: its cell, or -1
	owner        []int  // by cell: the lost visit that has it, or -1
}

func newHalls(routes []Route, missing map[account.ID]bool, gone map[string]bool, first, slots int) *halls {
	h := &halls{slots: slots, first: first, busy: map[place]int{}, sees: map[int]map[string]bool{}}
	for _, r := range routes {
		for slot, team := range r.Visits {
			if gone[team] {
				delete(r.Visits, slot)
			}
		}
		if missing[r.Juror] {
			h.take(r)
			continue
		}
		k := len(h.stay)
		h.stay, h.sees[k] = append(h.stay, r), map[string]bool{}
		for slot, team := range r.Visits {
			h.busy[place{team, slot}], h.sees[k][team] = k, true
		}
	}
	slices.SortFunc(h.lost, func(a, b place) int { return cmp.Or(cmp.Compare(a.slot, b.slot), cmp.Compare(a.team, b.team)) })
	return h
}

// take makes a missing juror's visits lost.
func (h *halls) take(r Route) {
	for slot, team := range r.Visits {
		h.lost = append(h.lost, place{team, slot})
		delete(r.Visits, slot)
	}
}

// unmatched are the lost visits that free hands cannot make.
func (h *halls) unmatched() (all []place) {
	for i, p := range h.lost {
		if h.given[i] < 0 {
			all = append(all, p)
		}
	}
	return all
}

// match gives as many lost visits to free hands as can be, the most of all ways (Kuhn's
// augmenting paths), each at its own time where that is possible.
func (h *halls) match() {
	for k := range h.stay {
		for slot := h.first; slot <= h.slots; slot++ {
			if h.stay[k].Visits[slot] == "" {
				h.cells = append(h.cells, cell{k, slot})
			}
		}
	}
	h.owner, h.given = fill(len(h.cells)), fill(len(h.lost))
	for i := range h.lost {
		h.augment(i, make([]bool, len(h.cells)))
	}
}

func fill(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = -1
	}
	return all
}

func (h *halls) augment(i int, tried []bool) bool {
	for _, own := range []bool{true, false} {
		for at, c := range h.cells {
			if own != (c.slot == h.lost[i].slot) || tried[at] || !h.free(i, at) {
				continue
			}
			tried[at] = true
			if h.owner[at] < 0 || h.augment(h.owner[at], tried) {
				h.owner[at], h.given[i] = i, at
				return true
			}
		}
	}
	return false
}

// free says whether the lost visit may go into the cell, beside what the others of its
// team were given so far.
func (h *halls) free(i, at int) bool {
	team, c := h.lost[i].team, h.cells[at]
	if _, taken := h.busy[place{team, c.slot}]; taken || !h.may(team, c.route) {
		return false
	}
	for other, p := range h.lost {
		if g := h.given[other]; other != i && p.team == team && g >= 0 && (h.cells[g].slot == c.slot || h.cells[g].route == c.route) {
			return false
		}
	}
	return true
}

// may says whether the juror of the route may see the team and does not already.
func (h *halls) may(team string, route int) bool {
	return !h.stay[route].Barred[team] && !h.sees[route][team]
}

func (h *halls) put(team string, route, slot int) {
	h.stay[route].Visits[slot], h.busy[place{team, slot}], h.sees[route][team] = team, route, true
}
