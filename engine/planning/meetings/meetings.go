// Package meetings decides which mentor sees which team when: every request names
// a topic and the slots its team is free; every mentor has skills, free slots and a
// limit. A request may stay unserved, at a price.
package meetings

import (
	"errors"
	"fmt"
	"slices"

	"h48/engine/planning"
)

// Format is the name of the instance's format.
const Format = "mentors-instance/1"

// TopSkill is the best level of a mentor's skill; 0 or absent means none.
const TopSkill = 4

// Instance is one round of mentoring to plan. Slots count from 0.
type Instance struct {
	Format    string      `json:"format"`
	Name      string      `json:"name"`
	Slots     int         `json:"slots"`
	Mentors   []Mentor    `json:"mentors"`
	Requests  []Request   `json:"requests"`
	Conflicts [][2]string `json:"conflicts,omitempty"` // mentor, team
	Weights   Weights     `json:"weights"`
}

// Mentor helps on the topics of Skills (1 to 4), in the Free slots, at most Max times.
type Mentor struct {
	ID     string         `json:"id"`
	Skills map[string]int `json:"skills"`
	Free   []int          `json:"free"`
	Max    int            `json:"max"`
}

// Request is a team's wish for help; Urgency is the cost of each slot it waits.
type Request struct {
	ID      string `json:"id"`
	Team    string `json:"team"`
	Topic   string `json:"topic"`
	Urgency int64  `json:"urgency"`
	Free    []int  `json:"free"`
}

// Weights are the prices: of a request not served, of each level of skill below
// the top, and of load, which a mentor with l meetings pays l(l-1)/2 times.
type Weights struct {
	Unserved int64 `json:"unserved"`
	Mismatch int64 `json:"mismatch"`
	Load     int64 `json:"load"`
}

// Solution lists the meetings, in the order of the requests. No plan costs less
// than Bound: where Cost equals it, the plan is optimal.
type Solution struct {
	Name     string    `json:"name,omitempty"`
	Cost     int64     `json:"cost"`
	Bound    int64     `json:"bound"`
	Meetings []Meeting `json:"meetings"`
}

// Meeting is one request served.
type Meeting struct {
	Request string `json:"request"`
	Mentor  string `json:"mentor"`
	Slot    int    `json:"slot"`
}

// Cost is what a plan costs, by reason.
type Cost struct {
	Unserved, Wait, Mismatch, Load int64
}

// Total is the sum of the reasons.
func (c Cost) Total() int64 { return c.Unserved + c.Wait + c.Mismatch + c.Load }

// Decode reads a mentors-instance/1. Its errors wrap planning.ErrUnreadable.
func Decode(data []byte) (*Instance, error) {
	in := &Instance{}
	var sizes struct{ Conflicts []planning.Size }
	if err := planning.Read(data, Format, in, &sizes); err != nil {
		return nil, err
	}
	if err := planning.Pairs("conflicts", "ids", sizes.Conflicts); err != nil {
		return nil, planning.Placed(data, err)
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
	for i, m := range in.Mentors {
		field := fmt.Sprintf("mentors[%d]", i)
		err := errors.Join(planning.Bounded(field+".max", m.Max, 0, planning.MaxNumber), in.slots(field, m.Free))
		for topic, level := range m.Skills {
			err = errors.Join(err, planning.Bounded(field+".skills."+topic, level, 0, TopSkill))
		}
		if err != nil {
			return err
		}
	}
	for i, q := range in.Requests {
		field := fmt.Sprintf("requests[%d]", i)
		if err := errors.Join(
			planning.Bounded(field+".urgency", int(q.Urgency), 0, planning.MaxWeight),
			in.slots(field, q.Free)); err != nil {
			return err
		}
	}
	w := in.Weights
	if err := errors.Join(
		planning.Bounded("weights.unserved", int(w.Unserved), 0, planning.MaxWeight),
		planning.Bounded("weights.mismatch", int(w.Mismatch), 0, planning.MaxWeight),
		planning.Bounded("weights.load", int(w.Load), 0, planning.MaxWeight)); err != nil {
		return err
	}
	_, _, err := in.index()
	return err
}

func (in *Instance) slots(field string, free []int) error {
	for _, s := range free {
		if err := planning.Bounded(field+".free", s, 0, in.Slots-1); err != nil {
			return err
		}
	}
	return nil
}

func (in *Instance) index() (mentors, requests map[string]int, err error) {
	ids := make([]string, len(in.Mentors))
	for i, m := range in.Mentors {
		ids[i] = m.ID
	}
	if mentors, err = planning.Index("mentors", ids); err != nil {
		return nil, nil, err
	}
	ids = make([]string, len(in.Requests))
	for i, q := range in.Requests {
		ids[i] = q.ID
	}
	requests, err = planning.Index("requests", ids)
	return mentors, requests, err
}

// Check verifies every rule from its definition and returns the cost. The error,
// if any, is a *planning.Invalid that names the broken rules.
func Check(in *Instance, sol *Solution) (Cost, error) {
	mentorAt, requestAt, err := in.index()
	if err != nil {
		return Cost{}, err
	}
	type when struct {
		who  string
		slot int
	}
	var bad planning.Invalid
	var cost Cost
	mentorBusy, teamBusy := map[when]bool{}, map[when]bool{}
	served := map[int]bool{}
	load := make([]int64, len(in.Mentors))
	for _, e := range sol.Meetings {
		m, ok1 := mentorAt[e.Mentor]
		q, ok2 := requestAt[e.Request]
		if !ok1 || !ok2 || served[q] {
			bad.Add("meeting of %q with %q is unknown or twice", e.Request, e.Mentor)
			continue
		}
		mentor, request := in.Mentors[m], in.Requests[q]
		served[q] = true
		if !slices.Contains(mentor.Free, e.Slot) || !slices.Contains(request.Free, e.Slot) {
			bad.Add("%s and %s are not both free in slot %d", e.Mentor, e.Request, e.Slot)
		}
		if mentorBusy[when{e.Mentor, e.Slot}] || teamBusy[when{request.Team, e.Slot}] {
			bad.Add("%s or team %s has two meetings in slot %d", e.Mentor, request.Team, e.Slot)
		}
		mentorBusy[when{e.Mentor, e.Slot}], teamBusy[when{request.Team, e.Slot}] = true, true
		if slices.Contains(in.Conflicts, [2]string{e.Mentor, request.Team}) {
			bad.Add("%s has a conflict with team %s", e.Mentor, request.Team)
		}
		if mentor.Skills[request.Topic] == 0 {
			bad.Add("%s cannot help on %s", e.Mentor, request.Topic)
		}
		load[m]++
		cost.Wait += request.Urgency * int64(e.Slot)
		cost.Mismatch += in.Weights.Mismatch * int64(TopSkill-mentor.Skills[request.Topic])
	}
	for m, l := range load {
		if int(l) > in.Mentors[m].Max {
			bad.Add("%s has %d meetings, at most %d", in.Mentors[m].ID, l, in.Mentors[m].Max)
		}
		cost.Load += in.Weights.Load * l * (l - 1) / 2
	}
	cost.Unserved = in.Weights.Unserved * int64(len(in.Requests)-len(served))
	return cost, bad.Err()
}
