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

// Change is one visit of a replanned hall.
type Change struct {
	Juror    account.ID
	Team     string
	From, To int // slots; From is 0 for a visit that is new to the juror
}

// Replanned is what a change of plan costs.
type Replanned struct {
	Given []Change // visits of the missing that others take over
	Moved []Change // visits of others that had to change their time
	Lost  []string // teams that get one visit less, one entry a visit
}

// Replan gives the visits of who is missing to those who stay, from the slot first on. It
// changes no visit of theirs as long as there are free hands at free tables; only then
// does it move one to another time, and what still finds nobody is lost. gone teams are
// visited by nobody any more, and free the hands that were to see them. It changes the
// routes.
func Replan(routes []Route, missing map[account.ID]bool, gone map[string]bool, first, slots int) Replanned {
	h := &halls{slots: slots, first: first, busy: map[place]bool{}}
	for _, r := range routes {
		for slot, team := range r.Visits {
			if slot >= first && gone[team] {
				delete(r.Visits, slot)
			}
		}
		if missing[r.Juror] {
			h.take(r)
			continue
		}
		h.stay = append(h.stay, r)
		for slot, team := range r.Visits {
			h.busy[place{team, slot}] = true
		}
	}
	slices.SortFunc(h.lost, func(a, b place) int { return cmp.Or(cmp.Compare(a.slot, b.slot), cmp.Compare(a.team, b.team)) })
	h.match()
	var out Replanned
	for i, p := range h.lost {
		if at := h.given[i]; at >= 0 {
			out.Given = append(out.Given, h.hand(p.team, h.cells[at]))
		}
	}
	for i, p := range h.lost {
		if h.given[i] >= 0 {
			continue
		}
		if given, moved, ok := h.shift(p.team); ok {
			out.Given, out.Moved = append(out.Given, given), append(out.Moved, moved)
			continue
		}
		out.Lost = append(out.Lost, p.team)
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
	busy         map[place]bool
	lost         []place
	cells        []cell // free ones
	given        []int  // by lost visit: its cell, or -1
	owner        []int  // by cell: the lost visit that has it, or -1
}

// take makes a missing juror's visits to come lost.
func (h *halls) take(r Route) {
	for slot, team := range r.Visits {
		if slot >= h.first {
			h.lost = append(h.lost, place{team, slot})
			delete(r.Visits, slot)
		} else {
			h.busy[place{team, slot}] = true
		}
	}
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
	if !h.may(team, c.route) || h.busy[place{team, c.slot}] {
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
	r := h.stay[route]
	if r.Barred[team] {
		return false
	}
	for _, seen := range r.Visits {
		if seen == team {
			return false
		}
	}
	return true
}

func (h *halls) hand(team string, c cell) Change {
	h.stay[c.route].Visits[c.slot] = team
	h.busy[place{team, c.slot}] = true
	return Change{Juror: h.stay[c.route].Juror, Team: team, To: c.slot}
}

// shift makes room by moving one visit of one juror to another of their own free slots.
func (h *halls) shift(team string) (given, moved Change, ok bool) {
	for k, r := range h.stay {
		if !h.may(team, k) {
			continue
		}
		for slot := h.first; slot <= h.slots; slot++ {
			had := r.Visits[slot]
			if had == "" || h.busy[place{team, slot}] {
				continue
			}
			for to := h.first; to <= h.slots; to++ {
				if r.Visits[to] != "" || h.busy[place{had, to}] {
					continue
				}
				delete(h.busy, place{had, slot})
				delete(r.Visits, slot)
				h.hand(had, cell{k, to})
				return h.hand(team, cell{k, slot}), Change{Juror: r.Juror, Team: had, From: slot, To: to}, true
			}
		}
	}
	return given, moved, false
}
