package meetings

import "slices"

// none marks the absence of a request, a seat or a team.
const none = int32(-1)

// diary is a valid plan being changed. A seat is one free slot of one mentor; at
// most one request sits on it.
type diary struct {
	in      *Instance
	slot    []int32   // of each seat
	mentor  []int32   // of each seat
	seats   [][]int32 // of each mentor, by slot
	helpers [][]helper
	team    []int32   // of each request
	asks    [][]int32 // requests of each team
	barred  [][]int32 // mentors in conflict with each team

	owner []int32 // request on each seat
	at    []int32 // seat of each request
	price []int64 // what each served request pays by itself: wait and mismatch
	load  []int32 // meetings of each mentor
	cost  int64

	relaxed bool    // let a team have two meetings in one slot
	journal []moved // places left since the last mark, for undo
}

// helper is a mentor who can help on a request, and what the mismatch costs.
type helper struct {
	mentor   int32
	mismatch int64
}

type moved struct{ request, from int32 }

func newDiary(in *Instance) *diary {
	d := &diary{in: in, seats: make([][]int32, len(in.Mentors)), load: make([]int32, len(in.Mentors))}
	for m, mentor := range in.Mentors {
		free := slices.Clone(mentor.Free)
		slices.Sort(free)
		for _, s := range slices.Compact(free) {
			d.seats[m] = append(d.seats[m], int32(len(d.slot)))
			d.slot = append(d.slot, int32(s))
			d.mentor = append(d.mentor, int32(m))
		}
	}
	d.addRequests()
	d.owner = filled(len(d.slot))
	d.at = filled(len(in.Requests))
	d.price = make([]int64, len(in.Requests))
	d.cost = in.Weights.Unserved * int64(len(in.Requests))
	return d
}

func (d *diary) addRequests() {
	byTopic := map[string][]helper{}
	for m, mentor := range d.in.Mentors {
		for topic, level := range mentor.Skills {
			if level > 0 && mentor.Max > 0 {
				byTopic[topic] = append(byTopic[topic], helper{int32(m), d.in.Weights.Mismatch * int64(TopSkill-level)})
			}
		}
	}
	teams := map[string]int32{}
	for q, request := range d.in.Requests {
		t, known := teams[request.Team]
		if !known {
			t = int32(len(teams))
			teams[request.Team] = t
			d.asks = append(d.asks, nil)
		}
		d.team = append(d.team, t)
		d.asks[t] = append(d.asks[t], int32(q))
		d.helpers = append(d.helpers, byTopic[request.Topic])
	}
	mentors := map[string]int32{}
	for m, mentor := range d.in.Mentors {
		mentors[mentor.ID] = int32(m)
	}
	d.barred = make([][]int32, len(d.asks))
	for _, c := range d.in.Conflicts {
		m, ok1 := mentors[c[0]]
		t, ok2 := teams[c[1]]
		if ok1 && ok2 {
			d.barred[t] = append(d.barred[t], m)
		}
	}
}

func filled(n int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = none
	}
	return s
}

// lift takes a request off its seat; its place is journalled.
func (d *diary) lift(q int32) {
	x := d.at[q]
	d.journal = append(d.journal, moved{q, x})
	if x == none {
		return
	}
	m := d.mentor[x]
	d.load[m]--
	d.cost += d.in.Weights.Unserved - d.price[q] - d.in.Weights.Load*int64(d.load[m])
	d.owner[x], d.at[q] = none, none
}

// sit puts a lifted request on a free seat, at a price of its own.
func (d *diary) sit(q, x int32, price int64) {
	m := d.mentor[x]
	d.cost += price + d.in.Weights.Load*int64(d.load[m]) - d.in.Weights.Unserved
	d.load[m]++
	d.owner[x], d.at[q], d.price[q] = q, x, price
}

// may says whether a lifted request may sit on seat x now.
func (d *diary) may(q, x int32) bool {
	m := d.mentor[x]
	if d.owner[x] != none || int(d.load[m]) >= d.in.Mentors[m].Max {
		return false
	}
	if d.relaxed {
		return true
	}
	for _, p := range d.asks[d.team[q]] {
		if y := d.at[p]; y != none && d.slot[y] == d.slot[x] {
			return false
		}
	}
	return true
}

// worth is what request q pays by itself on seat x.
func (d *diary) worth(q, x int32) int64 {
	mismatch := d.in.Weights.Mismatch * int64(TopSkill-d.in.Mentors[d.mentor[x]].Skills[d.in.Requests[q].Topic])
	return mismatch + d.in.Requests[q].Urgency*int64(d.slot[x])
}

// mark forgets the journal: what stands now is what undo returns to.
func (d *diary) mark() { d.journal = d.journal[:0] }

// undo returns every request that moved since the mark to its place.
func (d *diary) undo() {
	first := map[int32]int32{}
	for _, e := range d.journal {
		if _, seen := first[e.request]; !seen {
			first[e.request] = e.from
		}
	}
	entries := d.journal
	for _, e := range entries {
		if d.at[e.request] != none {
			d.lift(e.request)
		}
	}
	for _, e := range entries {
		if x, still := first[e.request]; still && x != none {
			d.sit(e.request, x, d.worth(e.request, x))
		}
		delete(first, e.request)
	}
	d.mark()
}

func (d *diary) solution() *Solution {
	sol := &Solution{Name: d.in.Name, Cost: d.cost, Meetings: []Meeting{}}
	for q, x := range d.at {
		if x != none {
			sol.Meetings = append(sol.Meetings, Meeting{
				Request: d.in.Requests[q].ID, Mentor: d.in.Mentors[d.mentor[x]].ID, Slot: int(d.slot[x]),
			})
		}
	}
	return sol
}
