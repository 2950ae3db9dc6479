package rehearsal

import (
	"context"
	"fmt"

	"h48/internal/team/forming"
)

// propose has teams formed, as the organiser does: the first proposal is looked at, one
// team of it is locked, a second is formed with few changes, both are compared, and the
// better one is published.
func (r *Rehearsal) propose(ctx context.Context) error {
	first, err := r.formed(ctx, forming.Wanted{Mode: forming.Place, Budget: 3})
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
	second, err := r.formed(ctx, forming.Wanted{Mode: forming.Few, Basis: first.ID, Budget: 3})
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
