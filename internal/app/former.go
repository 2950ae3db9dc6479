package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/team"
)

// formBudget is how many seconds of an ordinary core the engine may think about the
// teams of an edition: enough to prove the best teams of sixty people.
const formBudget = 3

// engineFormer proposes teams with engine/teaming. Where the engine finds that the
// limits cannot be kept, the room's own rule says so in its words.
type engineFormer struct{}

// Form implements team.Former.
func (engineFormer) Form(ctx context.Context, people []team.Person, limits team.Limits, locked []team.Team, progress func(done, total int)) ([][]account.ID, error) {
	in := instanceOf(people, limits, locked)
	step := 0
	result, err := teaming.Form(ctx, in, teaming.Options{Budget: formBudget, Progress: func(teaming.Progress) {
		step++
		progress(step, step+1)
	}})
	var infeasible *teaming.Infeasible
	if errors.As(err, &infeasible) {
		return team.Dealer{}.Form(ctx, people, limits, locked, progress)
	}
	if err != nil {
		return nil, fmt.Errorf("forming teams: %w", err)
	}
	return groupsOf(result.Solution, locked), nil
}

// instanceOf puts the people in the engine's words. Every team should have students and
// professionals where there are both; wishes count, avoided people weigh more.
func instanceOf(people []team.Person, limits team.Limits, locked []team.Team) teaming.Instance {
	in := teaming.Instance{Format: teaming.Format, Name: "teams",
		Size:    teaming.Size{Min: limits.Min, Max: limits.Max, Target: (limits.Min + limits.Max) / 2},
		Weights: teaming.Weights{Size: 3, Mix: 8, Wish: 6, Avoid: 8, Fair: 1, FairOver: 20}}
	roles := map[string]int{}
	for _, p := range people {
		roles[p.Profile]++
		in.People = append(in.People, teaming.Person{ID: string(p.ID), Group: p.Group, Role: p.Profile,
			Wants: texts(p.Wishes), Avoids: texts(p.Avoids)})
	}
	for _, role := range []string{"student", "professional"} {
		if roles[role] > 0 {
			in.Mix = append(in.Mix, role)
		}
	}
	for _, t := range locked {
		lock := teaming.Lock{Team: string(t.ID), Closed: t.State == team.Complete}
		for _, m := range t.Members {
			lock.People = append(lock.People, string(m.ID))
			in.People = append(in.People, teaming.Person{ID: string(m.ID)})
		}
		in.Locks = append(in.Locks, lock)
	}
	return in
}

func texts(ids []account.ID) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = string(id)
	}
	return all
}

// groupsOf lists the locked teams first, in their order, and then the new ones.
func groupsOf(s teaming.Solution, locked []team.Team) [][]account.ID {
	var groups [][]account.ID
	group := func(t teaming.Team) []account.ID {
		all := make([]account.ID, len(t.People))
		for i, id := range t.People {
			all[i] = account.ID(id)
		}
		return all
	}
	for _, l := range locked {
		i := slices.IndexFunc(s.Teams, func(t teaming.Team) bool { return t.ID == string(l.ID) })
		if i >= 0 {
			groups = append(groups, group(s.Teams[i]))
		} else {
			groups = append(groups, nil)
		}
	}
	for _, t := range s.Teams {
		if !slices.ContainsFunc(locked, func(l team.Team) bool { return string(l.ID) == t.ID }) {
			groups = append(groups, group(t))
		}
	}
	return groups
}
