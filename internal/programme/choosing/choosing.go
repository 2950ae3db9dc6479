// Package choosing seats people in workshops by preference: until a moment everybody
// orders the workshops that they would like, then the organiser has engine/planning share
// out the seats so that as few good wishes as possible are missed, looks at the plan, and
// makes it true. Whoever misses a workshop stands in its line.
//
// The timetable is the programme's; this room changes no session and takes nobody's place
// away. Without a moment set, nobody chooses and everybody signs up as ever.
package choosing

import (
	"cmp"
	"slices"
	"time"

	"h48/engine/planning/seats"
	"h48/internal/account"
	"h48/internal/kit/errs"
	"h48/internal/programme"
)

// MostWishes is how many workshops a person may put in order.
const MostWishes = 5

// Book says how people choose in an edition.
type Book struct {
	Until     time.Time // zero while nobody chooses
	Most      int       // workshops a person may get
	Job       string    // the last that was to plan the seats
	Plan      *Plan
	Published time.Time
}

// Open says whether people may put their wishes in order.
func (b Book) Open(now time.Time) bool { return now.Before(b.Until) && b.Published.IsZero() }

// Seat is what one person gets: workshops with a seat, and lines to stand in.
type Seat struct {
	Who     account.ID     `json:"who"`
	Seats   []programme.ID `json:"seats"`
	Waiting []programme.ID `json:"waiting,omitempty"`
}

// Plan is a way to share out the seats.
type Plan struct {
	Made  time.Time `json:"made"`
	Seats []Seat    `json:"seats"`
	// Served counts the people who get their first, second, … wish.
	Served []int `json:"served"`
	Wishes []int `json:"wishes"` // how many had such a wish
	Empty  int   `json:"empty"`  // people who get nothing
}

// Wish is one person's order of workshops, the best first.
type Wish struct {
	Who      account.ID
	Sessions []programme.ID
}

// Refusals that callers decide on.
var (
	ErrClosed = errs.New(errs.Conflict, "choosing.closed")
	ErrNoPlan = errs.New(errs.Conflict, "choosing.no_plan")
	ErrEarly  = errs.New(errs.Conflict, "choosing.early")
)

// offered are the sessions that people may choose: workshops with a limited number of
// seats that are not over.
func offered(all []programme.Session, now time.Time) []programme.Session {
	return slices.DeleteFunc(slices.Clone(all), func(s programme.Session) bool {
		return s.Kind != programme.Workshop || s.Cancelled || s.Seats == 0 || s.Over(now)
	})
}

// slots gives sessions that touch, directly or through others, one number: nobody sits in
// two of one slot.
func slots(all []programme.Session) []int {
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return all[a].Start.Compare(all[b].Start) })
	at := make([]int, len(all))
	slot, end := -1, time.Time{}
	for _, i := range order {
		if slot < 0 || !all[i].Start.Before(end) {
			slot, end = slot+1, all[i].End
		}
		if all[i].End.After(end) {
			end = all[i].End
		}
		at[i] = slot
	}
	return at
}

// rank is the price of a wish that is not served, by its place in the order.
var rank = []int64{20, 12, 7, 4, 2}

// instance puts the choice in the engine's words: every workshop has a room of its own,
// open at its own hour alone, with the seats that are still free.
func instance(sessions []programme.Session, wishes []Wish, places []programme.Place, most int) *seats.Instance {
	at, in := slots(sessions), &seats.Instance{Format: seats.Format, Weights: seats.Weights{Rank: rank}}
	index := map[programme.ID]int{}
	for i, s := range sessions {
		in.Slots = max(in.Slots, at[i]+1)
		index[s.ID] = i
	}
	for i, s := range sessions {
		free, _ := s.Free()
		room := seats.Room{ID: string(s.ID), Capacity: free, Equip: []string{string(s.ID)}}
		for slot := range in.Slots {
			if slot != at[i] {
				room.Closed = append(room.Closed, slot)
			}
		}
		in.Rooms = append(in.Rooms, room)
		in.Workshops = append(in.Workshops, seats.Workshop{ID: string(s.ID), Capacity: free, Equip: []string{string(s.ID)}})
	}
	busy, has := map[account.ID][]int{}, map[account.ID]map[programme.ID]bool{}
	for _, p := range places {
		if has[p.Person.ID] == nil {
			has[p.Person.ID] = map[programme.ID]bool{}
		}
		has[p.Person.ID][p.Session] = true
		if i, here := index[p.Session]; here && p.State == programme.Seated {
			busy[p.Person.ID] = append(busy[p.Person.ID], at[i])
		}
	}
	for _, w := range wishes {
		one := seats.Person{ID: string(w.Who), Away: busy[w.Who], Max: max(0, most-len(busy[w.Who]))}
		for _, s := range w.Sessions {
			if _, here := index[s]; here && !has[w.Who][s] {
				one.Prefs = append(one.Prefs, string(s))
			}
		}
		in.People = append(in.People, one)
	}
	return in
}

// planOf reads the engine's answer: whoever misses a wish stands in its line, unless they
// have as many workshops as they may, or another at that hour.
func planOf(in *seats.Instance, sol *seats.Solution, now time.Time) Plan {
	p := Plan{Made: now, Served: make([]int, MostWishes), Wishes: make([]int, MostWishes)}
	slot := map[string]int{}
	for _, s := range sol.Sessions {
		slot[s.Workshop] = s.Slot
	}
	for i, seat := range sol.Seats {
		person := in.People[i]
		one := Seat{Who: account.ID(person.ID)}
		taken := slices.Clone(person.Away)
		for _, w := range seat.Workshops {
			one.Seats = append(one.Seats, programme.ID(w))
			taken = append(taken, slot[w])
		}
		for k, w := range person.Prefs {
			if k < MostWishes {
				p.Wishes[k]++
			}
			switch {
			case slices.Contains(seat.Workshops, w):
				if k < MostWishes {
					p.Served[k]++
				}
			case len(one.Seats) < person.Max && !slices.Contains(taken, slot[w]):
				one.Waiting = append(one.Waiting, programme.ID(w))
			}
		}
		if len(person.Prefs) > 0 && len(one.Seats) == 0 {
			p.Empty++
		}
		p.Seats = append(p.Seats, one)
	}
	slices.SortFunc(p.Seats, func(a, b Seat) int { return cmp.Compare(a.Who, b.Who) })
	return p
}

// lines are who stands in line for each workshop, those who wish it most first.
func (p Plan) lines(of func(Seat) []programme.ID, wishes map[account.ID][]programme.ID) map[programme.ID][]account.ID {
	all := map[programme.ID][]account.ID{}
	for _, s := range p.Seats {
		for _, id := range of(s) {
			all[id] = append(all[id], s.Who)
		}
	}
	for id, people := range all {
		slices.SortStableFunc(people, func(a, b account.ID) int {
			return cmp.Compare(slices.Index(wishes[a], id), slices.Index(wishes[b], id))
		})
	}
	return all
}

// Reason is why somebody has no seat in a workshop that they wish.
type Reason string

// The reasons: they sit in another at that hour, they have as many as they may, or more
// people wish it than there are seats.
const (
	SameHour Reason = "same_hour"
	Enough   Reason = "enough"
	Crowded  Reason = "crowded"
)

// Missed is a wish without a seat.
type Missed struct {
	Why    Reason
	Other  string // the workshop of that hour
	Wished int    // by so many people
	Seats  int
}

// missed says of each wish without a seat why that is.
func missed(all []programme.Session, wishes []Wish, order []programme.ID, places map[programme.ID]programme.PlaceState, most int) map[programme.ID]Missed {
	out, at := map[programme.ID]Missed{}, slots(all)
	index := map[programme.ID]int{}
	seated := 0
	for i, s := range all {
		index[s.ID] = i
		if places[s.ID] == programme.Seated && s.Kind == programme.Workshop {
			seated++
		}
	}
	for _, id := range order {
		i, known := index[id]
		if !known || places[id] == programme.Seated {
			continue
		}
		one := Missed{Why: Crowded, Seats: all[i].Seats}
		for _, w := range wishes {
			if slices.Contains(w.Sessions, id) {
				one.Wished++
			}
		}
		if seated >= most {
			one.Why = Enough
		}
		for j, other := range all {
			if j != i && at[j] == at[i] && places[other.ID] == programme.Seated {
				one.Why, one.Other = SameHour, other.Title
			}
		}
		out[id] = one
	}
	return out
}

// tidy keeps the workshops that can be chosen, once each.
func tidy(wishes []programme.ID, offer []programme.Session) []programme.ID {
	var kept []programme.ID
	for _, id := range wishes {
		known := slices.ContainsFunc(offer, func(s programme.Session) bool { return s.ID == id })
		if known && !slices.Contains(kept, id) && len(kept) < MostWishes {
			kept = append(kept, id)
		}
	}
	return kept
}
