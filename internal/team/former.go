package team

import (
	"cmp"
	"context"
	"slices"

	"h48/internal/account"
	"h48/internal/kit/errs"
)

// Former proposes teams.
type Former interface {
	// Form divides people, who have no team yet, into teams within the limits. The
	// locked teams keep their members; those that are still forming may get more. The
	// answer has a group for each locked team, in their order and with all its members,
	// and then the new teams. The same input gives the same answer. progress is called
	// with how much is done; total may grow.
	Form(ctx context.Context, people []Person, limits Limits, locked []Team, progress func(done, total int)) ([][]account.ID, error)
}

// ErrNoPlan is the answer where no division keeps to the limits.
var ErrNoPlan = errs.New(errs.Conflict, "team.no_plan")

// Dealer is the simplest honest Former: teams of nearly the same size, people who wished
// each other or registered together kept together where they fit, and each profile dealt
// round the teams. It weighs no skill and promises no best division.
type Dealer struct{}

// Form implements [Former].
func (Dealer) Form(ctx context.Context, people []Person, limits Limits, locked []Team, progress func(done, total int)) ([][]account.ID, error) {
	people = slices.Clone(people)
	slices.SortFunc(people, func(a, b Person) int { return cmp.Compare(a.ID, b.ID) })
	tables, ok := newTables(len(people), limits, locked)
	if !ok {
		return nil, errs.New(ErrNoPlan.Kind, ErrNoPlan.Key, "people", len(people), "min", limits.Min, "max", limits.Max)
	}
	done := 0
	for _, unit := range units(people, limits.Max) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		deal(tables, unit)
		done += len(unit)
		progress(done, len(people))
	}
	groups := make([][]account.ID, len(tables))
	for i, t := range tables {
		groups[i] = t.people
	}
	return groups, nil
}

// table is a team that is being dealt.
type table struct {
	people   []account.ID
	free     int            // seats still to fill
	profiles map[string]int // of the people dealt to it
}

// newTables lays the locked teams and as many new ones as it takes to seat n people
// within the limits, every team getting as nearly as possible the same size. ok is false
// where that cannot be.
func newTables(n int, limits Limits, locked []Team) (tables []*table, ok bool) {
	need, room, open, seated := 0, 0, 0, 0
	for _, t := range locked {
		one := &table{profiles: map[string]int{}}
		for _, m := range t.Members {
			one.people = append(one.people, m.ID)
		}
		tables = append(tables, one)
		if takes(t) {
			need += max(0, limits.Min-len(t.Members))
			room += max(0, limits.Max-len(t.Members))
			seated += len(t.Members)
			open++
		}
	}
	more, ok := howMany(n, need, room, open, seated, limits)
	if !ok {
		return nil, false
	}
	for range more {
		tables = append(tables, &table{profiles: map[string]int{}})
	}
	for range n {
		smallest(tables, locked, limits).free++
	}
	return tables, true
}

// takes says whether more people may be put into a team that exists.
func takes(t Team) bool { return t.State == Forming && t.Exception == "" }

// howMany is the number of new teams that brings the mean size closest to the middle of
// the limits, the fewer where two are as close.
func howMany(n, need, room, open, seated int, limits Limits) (int, bool) {
	best, found, bestOff := 0, false, 0.0
	for k := 0; need+k*limits.Min <= n; k++ {
		if n > room+k*limits.Max {
			continue
		}
		if open+k == 0 {
			return 0, n == 0
		}
		off := float64(seated+n)/float64(open+k) - float64(limits.Min+limits.Max)/2
		if off = max(off, -off); !found || off < bestOff {
			best, bestOff, found = k, off, true
		}
	}
	return best, found
}

// smallest is the team with the fewest seats taken or promised that may get one more.
func smallest(tables []*table, locked []Team, limits Limits) *table {
	var least *table
	for i, t := range tables {
		if i < len(locked) && (!takes(locked[i]) || len(t.people)+t.free >= limits.Max) {
			continue
		}
		if least == nil || len(t.people)+t.free < len(least.people)+least.free {
			least = t
		}
	}
	return least
}

// deal seats a unit at the table with a place for all of it and the fewest people of
// their profiles; people of a unit that fits nowhere are dealt one by one.
func deal(tables []*table, unit []Person) {
	var best *table
	bestScore := 0
	for _, t := range tables {
		if t.free < len(unit) {
			continue
		}
		score := -t.free
		for _, p := range unit {
			score += 100 * t.profiles[p.Profile]
		}
		if best == nil || score < bestScore {
			best, bestScore = t, score
		}
	}
	if best == nil {
		for _, p := range unit {
			deal(tables, []Person{p})
		}
		return
	}
	for _, p := range unit {
		best.people = append(best.people, p.ID)
		best.profiles[p.Profile]++
		best.free--
	}
}

// units are the people who stay together, the largest units first and then one profile
// after the other: those who wished each other, and those who registered as a group. A
// unit larger than a team is cut.
func units(people []Person, most int) [][]Person {
	lead := make([]int, len(people)) // union–find: the index of one that stands for all
	at := make(map[account.ID]int, len(people))
	for i, p := range people {
		lead[i], at[p.ID] = i, i
	}
	find := func(i int) int {
		for lead[i] != i {
			i = lead[i]
		}
		return i
	}
	group := map[string]int{}
	for i, p := range people {
		if first, known := group[p.Group]; known && p.Group != "" {
			lead[find(i)] = find(first)
		} else {
			group[p.Group] = i
		}
		for _, wish := range p.Wishes {
			if j, here := at[wish]; here && slices.Contains(people[j].Wishes, p.ID) {
				lead[find(i)] = find(j)
			}
		}
	}
	byLead := map[int][]Person{}
	for i, p := range people {
		byLead[find(i)] = append(byLead[find(i)], p)
	}
	var all [][]Person
	for _, unit := range byLead {
		all = slices.AppendSeq(all, slices.Chunk(unit, most))
	}
	slices.SortFunc(all, func(a, b []Person) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a[0].Profile, b[0].Profile), cmp.Compare(a[0].ID, b[0].ID))
	})
	return all
}

// checkPlan makes sure that a proposal is one: each person once, the members of each
// locked team together, and the limits kept wherever people were added.
func checkPlan(people []Person, limits Limits, locked []Team, groups [][]account.ID) bool {
	if len(groups) < len(locked) {
		return false
	}
	wanted := map[account.ID]int{} // → the group they must be in, -1 for any
	for _, p := range people {
		wanted[p.ID] = -1
	}
	for i, t := range locked {
		for _, m := range t.Members {
			wanted[m.ID] = i
		}
	}
	for i, g := range groups {
		changed := i >= len(locked) || len(g) != len(locked[i].Members)
		if changed && limits.Of(len(g)) != Fits {
			return false
		}
		for _, who := range g {
			must, known := wanted[who]
			if !known || (must >= 0 && must != i) {
				return false
			}
			delete(wanted, who)
		}
	}
	return len(wanted) == 0
}
