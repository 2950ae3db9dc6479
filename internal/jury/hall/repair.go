package hall

import "slices"

const (
	// mostMoved is how many visits of others may be moved in all: more unrest is worse
	// than a visit less.
	mostMoved = 6
	// mostSteps ends a search for the best way; alone has mostSteps of its own.
	mostSteps, stepsAlone = 200_000, 20_000
	// movedAlone is how many others may be moved for one visit, where the search for the
	// best way did not end.
	movedAlone = 3
)

// best is the way that loses the fewest visits and then moves the fewest, where that loses
// fewer than free hands do; else it is empty and changes nothing. ended is false where the
// search was given up.
func (h *halls) best() (out Replanned, ended bool) {
	r := &repair{halls: h, left: mostSteps, pinned: map[place]bool{}}
	unmatched := len(h.unmatched())
	for lost := range unmatched {
		for moves := 1; moves <= mostMoved; moves++ {
			if r.place(r.lostVisits(h.lost), lost, moves) {
				return r.out(), true
			}
			if r.left == 0 {
				return Replanned{}, false
			}
		}
	}
	return Replanned{}, true
}

// alone finds a time for one lost visit, moving as few others as possible.
func (h *halls) alone(p place) Replanned {
	for moves := range movedAlone + 1 {
		r := &repair{halls: h, left: stepsAlone, pinned: map[place]bool{}}
		if r.place(r.lostVisits([]place{p}), 0, moves) {
			return r.out()
		}
	}
	return Replanned{Lost: []string{p.team}}
}

func (out *Replanned) add(more Replanned) {
	out.Given, out.Moved, out.Lost = append(out.Given, more.Given...), append(out.Moved, more.Moved...), append(out.Lost, more.Lost...)
}

// visit is one that has no time: a lost one, which anybody may make, or one that had to
// make room, whose juror stays.
type visit struct {
	team  string
	route int // anybody, or an index of stay
	from  int // the slot that it had
}

const anybody = -1

// repair tries everything by depth: what takes another's time or table sends that one to
// look for a time of its own.
type repair struct {
	*halls
	left   int            // steps until it is given up
	pinned map[place]bool // found a time in this search, and keep it
	done   []settled
	gone   []string // lost visits that stay lost
}

type settled struct {
	visit
	at cell
}

func (r *repair) lostVisits(all []place) (pending []visit) {
	for _, p := range all {
		pending = append(pending, visit{team: p.team, route: anybody, from: p.slot})
	}
	return pending
}

// out says what the search has settled.
func (r *repair) out() (out Replanned) {
	for _, s := range r.done {
		c := Shift{Juror: r.stay[s.at.route].Juror, Team: s.team, To: s.at.slot}
		if s.route == anybody {
			out.Given = append(out.Given, c)
		} else {
			c.From = s.from
			out.Moved = append(out.Moved, c)
		}
	}
	out.Lost = r.gone
	return out
}

// place finds a time for all that have none, or leaves everything as it was.
func (r *repair) place(pending []visit, lost, moves int) bool {
	if len(pending) == 0 {
		return true
	}
	if r.left == 0 {
		return false
	}
	r.left--
	v, rest := pending[0], pending[1:]
	for n := range 3 { // what disturbs nobody before what does
		for _, c := range r.options(v) {
			if out, free := r.inTheWay(v.team, c); free && len(out) == n && n <= moves && r.settle(v, c, out, rest, lost, moves-n) {
				return true
			}
		}
	}
	if v.route == anybody && lost > 0 {
		r.gone = append(r.gone, v.team)
		if r.place(rest, lost-1, moves) {
			return true
		}
		r.gone = r.gone[:len(r.gone)-1]
	}
	return false
}

// options are the jurors' slots in which the visit could be, at its own time first.
func (r *repair) options(v visit) (all []cell) {
	for k := range r.stay {
		if v.route == anybody && !r.may(v.team, k) || v.route != anybody && v.route != k {
			continue
		}
		for slot := r.first; slot <= r.slots; slot++ {
			if v.route == anybody || slot != v.from {
				all = append(all, cell{k, slot})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b cell) int { return own(a, v) - own(b, v) })
	return all
}

func own(c cell, v visit) int {
	if c.slot == v.from {
		return 0
	}
	return 1
}

// inTheWay are the visits that have to make room for one of the team in the cell; free is
// false where one of them keeps its time.
func (r *repair) inTheWay(team string, c cell) (out []visit, free bool) {
	if had := r.stay[c.route].Visits[c.slot]; had != "" {
		if r.pinned[place{had, c.slot}] {
			return nil, false
		}
		out = append(out, visit{team: had, route: c.route, from: c.slot})
	}
	if who, taken := r.busy[place{team, c.slot}]; taken && who != c.route {
		if r.pinned[place{team, c.slot}] {
			return nil, false
		}
		out = append(out, visit{team: team, route: who, from: c.slot})
	}
	return out, true
}

// settle puts the visit into the cell, what was in the way behind those who wait, and
// takes it all back where that does not work out.
func (r *repair) settle(v visit, c cell, out, rest []visit, lost, moves int) bool {
	at := place{v.team, c.slot}
	for _, o := range out {
		delete(r.stay[o.route].Visits, o.from)
		delete(r.busy, place{o.team, o.from})
	}
	r.put(v.team, c.route, c.slot)
	r.pinned[at] = true
	r.done = append(r.done, settled{v, c})
	if r.place(append(slices.Clone(rest), out...), lost, moves) {
		return true
	}
	r.done = r.done[:len(r.done)-1]
	delete(r.pinned, at)
	delete(r.stay[c.route].Visits, c.slot)
	delete(r.busy, at)
	if v.route == anybody {
		delete(r.sees[c.route], v.team)
	}
	for _, o := range out {
		r.put(o.team, o.route, o.from)
	}
	return false
}
