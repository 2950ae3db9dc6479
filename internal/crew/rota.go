package crew

import (
	"slices"
	"strings"
	"time"

	"h48/internal/account"
)

// Rota is everything about an edition's crew at one moment: what can be asked of it needs
// no database. [NewRota] makes one.
type Rota struct {
	Book    Book
	Posts   []Post
	Shifts  []Shift // in the order in which they are worked
	Members []Member
	Duties  []Duty

	known map[Seat]Duty
	on    map[ShiftID][]Duty
	work  map[account.ID][]Shift
	free  map[account.ID][]Span
}

// Seat is one person on one shift.
type Seat struct {
	Shift ShiftID
	Who   account.ID
}

// NewRota puts a crew's plan together; duties of people who are not of the crew any more
// are left out.
func NewRota(b Book, posts []Post, all []Shift, members []Member, duties []Duty) Rota {
	inOrder(all)
	r := Rota{Book: b, Posts: posts, Shifts: all, Members: members}
	for _, d := range duties {
		if _, ok := r.Member(d.Who); ok {
			r.Duties = append(r.Duties, d)
		}
	}
	return r.indexed()
}

// indexed finds what is asked most often once.
func (r Rota) indexed() Rota {
	r.known, r.on, r.work, r.free = map[Seat]Duty{}, map[ShiftID][]Duty{}, map[account.ID][]Shift{}, map[account.ID][]Span{}
	for _, m := range r.Members {
		r.free[m.ID] = joined(m.Offer.Free)
	}
	for _, d := range r.Duties {
		r.known[Seat{d.Shift, d.Who}] = d
	}
	for _, s := range r.Shifts {
		for _, m := range r.Members {
			d := r.known[Seat{s.ID, m.ID}]
			if !d.No.IsZero() { // they are not there at that time, whatever else there is to do
				r.free[m.ID] = without(r.free[m.ID], s.Start, s.End)
			}
			if d.Planned {
				r.on[s.ID] = append(r.on[s.ID], d)
				r.work[m.ID] = append(r.work[m.ID], s)
			}
		}
	}
	return r
}

// Post returns the post of an id, the zero post where there is none.
func (r Rota) Post(id PostID) Post {
	i := slices.IndexFunc(r.Posts, func(p Post) bool { return p.ID == id })
	if i < 0 {
		return Post{}
	}
	return r.Posts[i]
}

// Shift returns the shift of an id; ok is false where there is none.
func (r Rota) Shift(id ShiftID) (s Shift, ok bool) {
	i := slices.IndexFunc(r.Shifts, func(s Shift) bool { return s.ID == id })
	if i < 0 {
		return Shift{}, false
	}
	return r.Shifts[i], true
}

// Member returns somebody of the crew; ok is false where they are not.
func (r Rota) Member(who account.ID) (m Member, ok bool) {
	i := slices.IndexFunc(r.Members, func(m Member) bool { return m.ID == who })
	if i < 0 {
		return Member{}, false
	}
	return r.Members[i], true
}

// duty returns what is known of the person on the shift.
func (r Rota) duty(who account.ID, shift ShiftID) (d Duty, ok bool) {
	d, ok = r.known[Seat{shift, who}]
	return d, ok
}

// On lists who is planned on the shift, in the order of the members.
func (r Rota) On(shift ShiftID) []Duty { return r.on[shift] }

// Work lists the shifts on which somebody is planned, in their order.
func (r Rota) Work(who account.ID) []Shift { return r.work[who] }

// Hours is how long somebody works in all.
func (r Rota) Hours(who account.ID) time.Duration { return total(r.Work(who)) }

func total(all []Shift) time.Duration {
	sum := time.Duration(0)
	for _, s := range all {
		sum += s.Length()
	}
	return sum
}

// most is how long somebody may work in all.
func (r Rota) most(o Offer) time.Duration {
	if o.Most > 0 {
		return min(r.Book.Most, time.Duration(o.Most)*time.Hour)
	}
	return r.Book.Most
}

// Missing is how many people the shift still needs.
func (r Rota) Missing(s Shift) int { return max(0, s.Wanted-len(r.On(s.ID))) }

// Kind is a way in which a shift and a person do not go together.
type Kind string

// The kinds. Rather is a wish; the others are rules, and the planner never breaks one.
const (
	Silent  Kind = "silent"  // they have not said when they can
	Away    Kind = "away"    // they are not free
	Unable  Kind = "unable"  // they lack the skill
	Refuses Kind = "refuses" // never this post, or not this shift
	Double  Kind = "double"  // they work elsewhere at that time
	Rest    Kind = "rest"    // too little rest before or after another shift
	Row     Kind = "row"     // too long without a rest
	TooMuch Kind = "hours"   // more hours than they can
	Rather  Kind = "rather"
)

// Fault is one such way, with what it is about.
type Fault struct {
	Kind  Kind
	Other Shift         // the shift that is in the way: of Double and Rest
	Is    time.Duration // how long they would rest or work
	Limit time.Duration
}

// Hard says whether the fault breaks a rule.
func (f Fault) Hard() bool { return f.Kind != Rather }

// Faults says what is wrong with somebody on a shift if they also work the others; the
// shift itself may be among them.
func (r Rota) Faults(m Member, s Shift, others []Shift) []Fault {
	faults := r.fit(m, s)
	others = slices.DeleteFunc(slices.Clone(others), func(o Shift) bool { return o.ID == s.ID })
	turn := turnAround(s, others)
	for _, o := range others {
		switch gap := apart(turn, o); {
		case apart(s, o) < 0:
			faults = append(faults, Fault{Kind: Double, Other: o})
		case gap > 0 && gap < r.Book.Rest:
			faults = append(faults, Fault{Kind: Rest, Other: o, Is: gap, Limit: r.Book.Rest})
		}
	}
	if row := turn.Length(); row > MaxBlock {
		faults = append(faults, Fault{Kind: Row, Is: row, Limit: MaxBlock})
	}
	if sum := total(others) + s.Length(); sum > r.most(m.Offer) {
		faults = append(faults, Fault{Kind: TooMuch, Is: sum, Limit: r.most(m.Offer)})
	}
	return faults
}

// fit is what is wrong with somebody on a shift whatever else they work.
func (r Rota) fit(m Member, s Shift) []Fault {
	var faults []Fault
	p := r.Post(s.Post)
	if d, ok := r.duty(m.ID, s.ID); slices.Contains(m.Offer.Never, s.Post) || ok && !d.No.IsZero() {
		faults = append(faults, Fault{Kind: Refuses})
	}
	if p.Skill != "" && !slices.ContainsFunc(m.Offer.Skills, func(k string) bool { return same(k, p.Skill) }) {
		faults = append(faults, Fault{Kind: Unable})
	}
	switch {
	case m.Offer.Silent():
		faults = append(faults, Fault{Kind: Silent})
	case !covers(r.free[m.ID], s):
		faults = append(faults, Fault{Kind: Away})
	}
	if slices.Contains(m.Offer.Rather, s.Post) {
		faults = append(faults, Fault{Kind: Rather})
	}
	return faults
}

func same(a, b string) bool { return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b)) }

// apart is the time between two shifts; negative where they overlap.
func apart(a, b Shift) time.Duration {
	if a.Start.Before(b.End) && b.Start.Before(a.End) {
		return -1
	}
	if a.Start.Before(b.Start) {
		return b.Start.Sub(a.End)
	}
	return a.Start.Sub(b.End)
}

// turnAround is the stretch of time that somebody works without a pause around the shift.
func turnAround(s Shift, others []Shift) Shift {
	turn := Shift{Start: s.Start, End: s.End}
	for grown := true; grown; {
		grown = false
		for _, o := range others {
			if o.End.Equal(turn.Start) {
				turn.Start, grown = o.Start, true
			}
			if o.Start.Equal(turn.End) {
				turn.End, grown = o.End, true
			}
		}
	}
	return turn
}

// Broken lists the rules that the plan breaks, shift by shift.
func (r Rota) Broken() map[ShiftID]map[account.ID][]Fault {
	all := map[ShiftID]map[account.ID][]Fault{}
	for _, s := range r.Shifts {
		for _, d := range r.On(s.ID) {
			m, _ := r.Member(d.Who)
			if faults := r.Faults(m, s, r.Work(m.ID)); slices.ContainsFunc(faults, Fault.Hard) {
				if all[s.ID] == nil {
					all[s.ID] = map[account.ID][]Fault{}
				}
				all[s.ID][m.ID] = faults
			}
		}
	}
	return all
}

// Unpublished counts the people on whom the plan and what they were told differ; those who
// said that they cannot know it.
func (r Rota) Unpublished() int {
	who := map[account.ID]bool{}
	for _, d := range r.Duties {
		if d.Planned != d.Told && d.No.IsZero() {
			who[d.Who] = true
		}
	}
	return len(who)
}
