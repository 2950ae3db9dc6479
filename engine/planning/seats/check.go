package seats

import (
	"slices"

	"h48/engine/planning"
)

// Check verifies every rule from its definition and returns the cost. The error,
// if any, is a *planning.Invalid that names the broken rules.
func Check(in *Instance, sol *Solution) (int64, error) {
	at, err := in.index()
	if err != nil {
		return 0, err
	}
	var bad planning.Invalid
	slot, room := in.checkSessions(&bad, sol, at)
	attends := in.checkSeats(&bad, sol, at, slot)
	taken := make([]int, len(in.Workshops))
	var cost int64
	for p, person := range in.People {
		for k, id := range person.Prefs {
			if k < len(in.Weights.Rank) && !slices.Contains(attends[p], id) {
				cost += in.Weights.Rank[k]
			}
		}
		for _, id := range attends[p] {
			taken[at.workshops[id]]++
		}
	}
	for w, workshop := range in.Workshops {
		if room[w] < 0 {
			bad.Add("workshop %s is not scheduled", workshop.ID)
		} else if limit := min(workshop.Capacity, in.Rooms[room[w]].Capacity); taken[w] > limit {
			bad.Add("workshop %s has %d people for %d seats", workshop.ID, taken[w], limit)
		}
	}
	return cost, bad.Err()
}

// checkSessions returns each workshop's slot and room, -1 when it has none.
func (in *Instance) checkSessions(bad *planning.Invalid, sol *Solution, at ids) (slot, room []int) {
	type place struct{ who, slot int }
	slot, room = make([]int, len(in.Workshops)), make([]int, len(in.Workshops))
	for w := range room {
		slot[w], room[w] = -1, -1
	}
	used, speaks := map[place]bool{}, map[string]map[int]bool{}
	for _, s := range sol.Sessions {
		w, ok1 := at.workshops[s.Workshop]
		r, ok2 := at.rooms[s.Room]
		if !ok1 || !ok2 || s.Slot < 0 || s.Slot >= in.Slots || room[w] >= 0 {
			bad.Add("session of %q in %q, slot %d, is unknown or twice", s.Workshop, s.Room, s.Slot)
			continue
		}
		slot[w], room[w] = s.Slot, r
		workshop := in.Workshops[w]
		if used[place{r, s.Slot}] {
			bad.Add("room %s has two workshops in slot %d", s.Room, s.Slot)
		}
		used[place{r, s.Slot}] = true
		if !workshop.suits(&in.Rooms[r]) {
			bad.Add("room %s lacks equipment for %s", s.Room, s.Workshop)
		}
		if slices.Contains(in.Rooms[r].Closed, s.Slot) {
			bad.Add("room %s is closed in slot %d", s.Room, s.Slot)
		}
		if slices.Contains(workshop.Blocked, s.Slot) {
			bad.Add("the speaker of %s is away in slot %d", s.Workshop, s.Slot)
		}
		if workshop.Speaker != "" {
			if speaks[workshop.Speaker] == nil {
				speaks[workshop.Speaker] = map[int]bool{}
			}
			if speaks[workshop.Speaker][s.Slot] {
				bad.Add("speaker %s has two workshops in slot %d", workshop.Speaker, s.Slot)
			}
			speaks[workshop.Speaker][s.Slot] = true
		}
	}
	return slot, room
}

// checkSeats returns what each person validly attends.
func (in *Instance) checkSeats(bad *planning.Invalid, sol *Solution, at ids, slot []int) [][]string {
	attends := make([][]string, len(in.People))
	listed := make([]bool, len(in.People))
	for _, s := range sol.Seats {
		p, known := at.people[s.Person]
		if !known || listed[p] {
			bad.Add("person %q is unknown or listed twice", s.Person)
			continue
		}
		listed[p] = true
		person := in.People[p]
		if len(s.Workshops) > person.Max {
			bad.Add("%s has %d workshops, at most %d", s.Person, len(s.Workshops), person.Max)
		}
		busy := map[int]bool{}
		for _, id := range s.Workshops {
			w, known := at.workshops[id]
			if !known || slot[w] < 0 || busy[slot[w]] || slices.Contains(person.Away, slot[w]) ||
				!slices.Contains(person.Prefs, id) {
				bad.Add("%s cannot attend %s", s.Person, id)
				continue
			}
			busy[slot[w]] = true
			attends[p] = append(attends[p], id)
		}
	}
	return attends
}
