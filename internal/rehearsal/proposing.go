package rehearsal

import (
	"context"
	"fmt"

	"h48/internal/team/forming"
)

// sayWishes lets one in four say what they would like of their team: to be with somebody,
// rather not to be with somebody, which stays theirs, or that they miss a half-day.
func (r *Rehearsal) sayWishes(ctx context.Context) error {
	for i := 0; i+2 < len(r.cast.people); i += 4 {
		next, other := r.cast.people[i+1].name, r.cast.people[i+2].name
		wishes := []forming.Wishes{{With: []string{other}}, {Not: []forming.Refusal{{Name: next}}}, {With: []string{next, other}, Away: []int{1}}}
		if err := r.app.Forming.Say(ctx, r.cast.people[i].actor, r.e.ID, wishes[i/4%len(wishes)]); err != nil {
			return fmt.Errorf("saying a wish for teams: %w", err)
		}
	}
	return nil
}

// wantOfTeams says what the organiser wants of every team, beside the usual: somebody who
// builds, and somebody who knows housing.
func (r *Rehearsal) wantOfTeams(ctx context.Context) error {
	rules, err := r.app.Forming.RulesOf(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return err
	}
	rules.Skills = map[string]int{"web": 2, "housing": 2}
	return r.app.Forming.SetRules(ctx, r.boss, r.e.ID, rules)
}

// propose has teams formed, as the organiser does: the first proposal is looked at, one
// team of it is locked, a second is formed with few changes, both are compared, and the
// better one is published.
func (r *Rehearsal) propose(ctx context.Context) error {
	if err := r.sayWishes(ctx); err != nil {
		return err
	}
	if err := r.wantOfTeams(ctx); err != nil {
		return err
	}
	first, err := r.formed(ctx, forming.Wanted{Mode: forming.Place, Budget: 1})
	if err != nil {
		return err
	}
	for _, g := range first.Groups {
		if g.Team == "" && len(g.People) > 0 {
			if err := r.app.Forming.LockGroup(ctx, r.boss, r.e.ID, first.ID, g.Key, true); err != nil {
				return fmt.Errorf("locking a team: %w", err)
			}
			break
		}
	}
	second, err := r.formed(ctx, forming.Wanted{Mode: forming.Few, Basis: first.ID, Budget: 1})
	if err != nil {
		return err
	}
	best := first
	if second.Cost < first.Cost {
		best = second
	}
	return r.app.Forming.Publish(ctx, r.boss, r.e.ID, best.ID, false)
}

// formed orders a proposal, waits for its job and returns it.
func (r *Rehearsal) formed(ctx context.Context, w forming.Wanted) (forming.Proposal, error) {
	if _, err := r.app.Forming.Form(ctx, r.boss, r.e.ID, w); err != nil {
		return forming.Proposal{}, err
	}
	if err := r.settle(ctx); err != nil {
		return forming.Proposal{}, err
	}
	all, err := r.app.Forming.Proposals(ctx, r.app.DB, r.e.ID)
	if err != nil {
		return forming.Proposal{}, err
	}
	if len(all) == 0 || (w.Basis != "" && all[0].Basis != w.Basis) {
		return forming.Proposal{}, fmt.Errorf("no proposal came of %+v", w)
	}
	return all[0], nil
}
