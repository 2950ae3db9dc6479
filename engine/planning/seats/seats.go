// Package seats makes the timetable of the workshops (which room, which slot) and
// seats people in them by preference. A workshop needs a room with its equipment,
// open in that slot, and its speaker, who gives one workshop at a time; a person
// attends one workshop a slot, only ones they asked for, up to their limit.
package seats

import (
	"errors"
	"fmt"
	"slices"

	"h48/engine/planning"
)

// Format is the name of the instance's format.
const Format = "rooms-instance/1"

// Instance is one programme of workshops to plan. Slots count from 0.
type Instance struct {
	Format    string     `json:"format"`
	Name      string     `json:"name"`
	Slots     int        `json:"slots"`
	Rooms     []Room     `json:"rooms"`
	Workshops []Workshop `json:"workshops"`
	People    []Person   `json:"people"`
	Weights   Weights    `json:"weights"`
}

// Room holds Capacity people and has equipment; it is not used in Closed slots.
type Room struct {
	ID       string   `json:"id"`
	Capacity int      `json:"capacity"`
	Equip    []string `json:"equip,omitempty"`
	Closed   []int    `json:"closed,omitempty"`
}

// Workshop takes Capacity people at most. Its speaker, if named, gives no other
// workshop in the same slot and is away in the Blocked ones.
type Workshop struct {
	ID       string   `json:"id"`
	Capacity int      `json:"capacity"`
	Speaker  string   `json:"speaker,omitempty"`
	Equip    []string `json:"equip,omitempty"`
	Blocked  []int    `json:"blocked,omitempty"`
}

// Person would attend the workshops of Prefs, best first, up to Max of them, but
// not in the Away slots.
type Person struct {
	ID    string   `json:"id"`
	Prefs []string `json:"prefs"`
	Away  []int    `json:"away,omitempty"`
	Max   int      `json:"max"`
}

// Weights hold, at place k, the price of a person's preference k not served;
// preferences beyond the list cost nothing.
type Weights struct {
	Rank []int64 `json:"rank"`
}

// Solution is a timetable and the seats, in the order of the instance.
type Solution struct {
	Name     string    `json:"name,omitempty"`
	Cost     int64     `json:"cost"`
	Bound    int64     `json:"bound"` // no plan costs less
	Sessions []Session `json:"sessions"`
	Seats    []Seat    `json:"seats"`
}

// Session is one workshop's place in the timetable.
type Session struct {
	Workshop string `json:"workshop"`
	Room     string `json:"room"`
	Slot     int    `json:"slot"`
}

// Seat is what one person attends.
type Seat struct {
	Person    string   `json:"person"`
	Workshops []string `json:"workshops"`
}

// maxPlaces bounds rooms times slots.
const maxPlaces = 4_000_000

// Decode reads a rooms-instance/1. Its errors wrap planning.ErrUnreadable.
func Decode(data []byte) (*Instance, error) {
	in := &Instance{}
	if err := planning.Read(data, Format, in); err != nil {
		return nil, err
	}
	if err := in.validate(); err != nil {
		return nil, planning.Placed(data, err)
	}
	return in, nil
}

func (in *Instance) validate() error {
	if err := planning.Bounded("slots", in.Slots, 0, planning.MaxNumber); err != nil {
		return err
	}
	if in.Slots*max(1, len(in.Rooms)) > maxPlaces {
		return planning.Misfit("slots", "%d slots in %d rooms are more than %d places", in.Slots, len(in.Rooms), maxPlaces)
	}
	for i, r := range in.Rooms {
		if err := planning.Bounded(fmt.Sprintf("rooms[%d].capacity", i), r.Capacity, 0, planning.MaxNumber); err != nil {
			return err
		}
	}
	for i, w := range in.Workshops {
		if err := planning.Bounded(fmt.Sprintf("workshops[%d].capacity", i), w.Capacity, 0, planning.MaxNumber); err != nil {
			return err
		}
	}
	for i, p := range in.People {
		if err := planning.Bounded(fmt.Sprintf("people[%d].max", i), p.Max, 0, planning.MaxNumber); err != nil {
			return err
		}
	}
	for i, w := range in.Weights.Rank {
		if err := planning.Bounded(fmt.Sprintf("weights.rank[%d]", i), int(w), 0, planning.MaxWeight); err != nil {
			return err
		}
	}
	_, err := in.index()
	return err
}

// ids maps the ids of an instance to places in its lists.
type ids struct{ rooms, workshops, people map[string]int }

func (in *Instance) index() (at ids, err error) {
	var rooms, workshops, people []string
	for _, x := range in.Rooms {
		rooms = append(rooms, x.ID)
	}
	for _, x := range in.Workshops {
		workshops = append(workshops, x.ID)
	}
	for _, x := range in.People {
		people = append(people, x.ID)
	}
	var err1, err2, err3 error
	at.rooms, err1 = planning.Index("rooms", rooms)
	at.workshops, err2 = planning.Index("workshops", workshops)
	at.people, err3 = planning.Index("people", people)
	return at, errors.Join(err1, err2, err3)
}

// suits says whether the room has what the workshop needs.
func (w *Workshop) suits(r *Room) bool {
	for _, e := range w.Equip {
		if !slices.Contains(r.Equip, e) {
			return false
		}
	}
	return true
}
