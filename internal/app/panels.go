package app

import (
	"context"

	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
)

// prizesToWin tells the jury what can be won. The award room is made after the jury's,
// whose ranking it asks for, so it is looked up when it is asked.
type prizesToWin struct{ award func() *award.Service }

// ToWin implements jury.Prizes.
func (p prizesToWin) ToWin(ctx context.Context, q sqldb.Querier, id edition.ID) ([]jury.PrizeRef, error) {
	all, err := p.award().Prizes(ctx, q, id)
	var refs []jury.PrizeRef
	for _, one := range all {
		if one.State != award.Dropped {
			refs = append(refs, jury.PrizeRef{ID: string(one.ID), Title: one.Title})
		}
	}
	return refs, err
}

// challenges tells the jury what teams work on.
type challenges struct{ projects *project.Service }

// Challenges implements jury.Challenges.
func (c challenges) Challenges(ctx context.Context, q sqldb.Querier, id edition.ID) ([]jury.ChallengeRef, error) {
	all, err := c.projects.Challenges(ctx, q, id)
	var refs []jury.ChallengeRef
	for _, one := range all {
		if one.Dropped.IsZero() {
			refs = append(refs, jury.ChallengeRef{ID: string(one.ID), Title: one.Title, Sponsor: one.Partner})
		}
	}
	return refs, err
}
