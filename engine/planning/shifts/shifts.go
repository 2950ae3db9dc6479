// Package shifts decides who of the crew works when: every shift asks for people
// with a skill; every volunteer has free times, a limit, a wished amount of work,
// a rest between shifts and shifts they would rather not do.
//
// No shift is ever filled by breaking a rule; what cannot be filled stays open and
// costs. Shifts of one volunteer either follow each other without a gap, in a
// block of at most six hours, or leave the volunteer's rest between them.
package shifts

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"h48/engine/planning"
)

// Format is the name of the instance's format.
const Format = "shifts-instance/1"

// MaxBlock is the longest time, in minutes, that anyone works without a rest.
const MaxBlock = 360

// Instance is one crew rota to make. All times are minutes from any common zero.
type Instance struct {
	Format     string      `json:"format"`
	Name       string      `json:"name"`
	Shifts     []Shift     `json:"shifts"`
	Volunteers []Volunteer `json:"volunteers"`
	Weights    Weights     `json:"weights"`
}

// Shift asks for Demand people from Start to End. An empty Skill asks for none.
type Shift struct {
	ID     string `json:"id"`
	Skill  string `json:"skill,omitempty"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Demand int    `json:"demand"`
}

// Volunteer may work inside one of the Free spans, up to MaxMinutes in all, and
// wishes for TargetMinutes.
type Volunteer struct {
	ID       string   `json:"id"`
	Skills   []string `json:"skills,omitempty"`
	Max      int      `json:"max_minutes"`
	Target   int      `json:"target_minutes"`
	Rest     int      `json:"rest_minutes"`
	Free     [][2]int `json:"free"`
	Dislikes []string `json:"dislikes,omitempty"`
}

// Weights are the prices: of one person missing from a shift, of one disliked
// shift, and of each full hour between a volunteer's work and their wish.
type Weights struct {
	Uncovered int64 `json:"uncovered"`
	Dislike   int64 `json:"dislike"`
	Fair      int64 `json:"fair"`
}

// Solution says who works on each shift, in the order of the instance.
type Solution struct {
	Name   string       `json:"name,omitempty"`
	Cost   int64        `json:"cost"`
	Bound  int64        `json:"bound"` // no plan costs less
	Assign []Assignment `json:"assign"`
}

// Assignment is the people of one shift.
type Assignment struct {
	Shift      string   `json:"shift"`
	Volunteers []string `json:"volunteers"`
}

// Cost is what a rota costs, by reason.
type Cost struct {
	Uncovered, Dislike, Fair int64
}

// Total is the sum of the reasons.
func (c Cost) Total() int64 { return c.Uncovered + c.Dislike + c.Fair }

// Decode reads a shifts-instance/1. Its errors wrap planning.ErrUnreadable.
func Decode(data []byte) (*Instance, error) {
	in := &Instance{}
	var sizes struct {
		Volunteers []struct{ Free []planning.Size }
	}
	if err := planning.Read(data, Format, in, &sizes); err != nil {
		return nil, err
	}
	for i, v := range sizes.Volunteers {
		if err := planning.Pairs(fmt.Sprintf("volunteers[%d].free", i), "times", v.Free); err != nil {
			return nil, planning.Placed(data, err)
		}
	}
	if err := in.validate(); err != nil {
		return nil, planning.Placed(data, err)
	}
	return in, nil
}

func (in *Instance) validate() error {
	for i, s := range in.Shifts {
		field := fmt.Sprintf("shifts[%d]", i)
		if err := errors.Join(
			planning.Bounded(field+".start", s.Start, -planning.MaxNumber, planning.MaxNumber),
			planning.Bounded(field+".end", s.End, s.Start+1, planning.MaxNumber),
			planning.Bounded(field+".demand", s.Demand, 0, planning.MaxNumber)); err != nil {
			return err
		}
	}
	for i, v := range in.Volunteers {
		field := fmt.Sprintf("volunteers[%d]", i)
		if err := errors.Join(
			planning.Bounded(field+".max_minutes", v.Max, 0, planning.MaxNumber),
			planning.Bounded(field+".target_minutes", v.Target, 0, planning.MaxNumber),
			planning.Bounded(field+".rest_minutes", v.Rest, 0, planning.MaxNumber)); err != nil {
			return err
		}
	}
	w := in.Weights
	if err := errors.Join(
		planning.Bounded("weights.uncovered", int(w.Uncovered), 0, planning.MaxWeight),
		planning.Bounded("weights.dislike", int(w.Dislike), 0, planning.MaxWeight),
		planning.Bounded("weights.fair", int(w.Fair), 0, planning.MaxWeight)); err != nil {
		return err
	}
	_, _, err := in.index()
	return err
}

func (in *Instance) index() (shifts, volunteers map[string]int, err error) {
	ids := make([]string, len(in.Shifts))
	for i, s := range in.Shifts {
		ids[i] = s.ID
	}
	if shifts, err = planning.Index("shifts", ids); err != nil {
		return nil, nil, err
	}
	ids = make([]string, len(in.Volunteers))
	for i, v := range in.Volunteers {
		ids[i] = v.ID
	}
	volunteers, err = planning.Index("volunteers", ids)
	return shifts, volunteers, err
}

// Check verifies every rule from its definition and returns the cost. The error,
// if any, is a *planning.Invalid that names the broken rules.
func Check(in *Instance, sol *Solution) (Cost, error) {
	shiftAt, volunteerAt, err := in.index()
	if err != nil {
		return Cost{}, err
	}
	var bad planning.Invalid
	var cost Cost
	work := make([][]int, len(in.Volunteers))
	filled := make([]int, len(in.Shifts))
	listed := make([]bool, len(in.Shifts))
	for _, a := range sol.Assign {
		s, known := shiftAt[a.Shift]
		if !known || listed[s] {
			bad.Add("shift %q is unknown or listed twice", a.Shift)
			continue
		}
		listed[s] = true
		for i, id := range a.Volunteers {
			v, known := volunteerAt[id]
			if !known || slices.Contains(a.Volunteers[:i], id) {
				bad.Add("volunteer %q is unknown or twice on %s", id, a.Shift)
				continue
			}
			in.checkFit(&bad, v, s)
			if slices.Contains(in.Volunteers[v].Dislikes, a.Shift) {
				cost.Dislike += in.Weights.Dislike
			}
			work[v] = append(work[v], s)
			filled[s]++
		}
	}
	for s, shift := range in.Shifts {
		if filled[s] > shift.Demand {
			bad.Add("shift %s has %d people for %d", shift.ID, filled[s], shift.Demand)
		}
		cost.Uncovered += in.Weights.Uncovered * int64(max(0, shift.Demand-filled[s]))
	}
	for v, list := range work {
		minutes := in.checkWork(&bad, v, list)
		cost.Fair += in.Weights.Fair * int64(abs(minutes-in.Volunteers[v].Target)/60)
	}
	return cost, bad.Err()
}

func (in *Instance) checkFit(bad *planning.Invalid, v, s int) {
	person, shift := in.Volunteers[v], in.Shifts[s]
	if shift.Skill != "" && !slices.Contains(person.Skills, shift.Skill) {
		bad.Add("%s lacks the skill %s for %s", person.ID, shift.Skill, shift.ID)
	}
	if !slices.ContainsFunc(person.Free, func(f [2]int) bool { return f[0] <= shift.Start && shift.End <= f[1] }) {
		bad.Add("%s is not free for %s", person.ID, shift.ID)
	}
}

// checkWork verifies one volunteer's list and returns its minutes.
func (in *Instance) checkWork(bad *planning.Invalid, v int, list []int) int {
	person := in.Volunteers[v]
	sort.Slice(list, func(a, b int) bool { return in.Shifts[list[a]].Start < in.Shifts[list[b]].Start })
	minutes, block := 0, 0
	for i, s := range list {
		shift := in.Shifts[s]
		gap := -1
		if i > 0 {
			gap = shift.Start - in.Shifts[list[i-1]].End
			if gap < 0 {
				bad.Add("%s has overlapping shifts at %s", person.ID, shift.ID)
			} else if gap > 0 && gap < person.Rest {
				bad.Add("%s rests %d minutes before %s, needs %d", person.ID, gap, shift.ID, person.Rest)
			}
		}
		if gap != 0 {
			block = 0
		}
		block += shift.End - shift.Start
		minutes += shift.End - shift.Start
		if block > MaxBlock {
			bad.Add("%s works %d minutes in a row up to %s", person.ID, block, shift.ID)
		}
	}
	if minutes > person.Max {
		bad.Add("%s works %d minutes, at most %d", person.ID, minutes, person.Max)
	}
	return minutes
}

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}
