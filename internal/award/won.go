package award

import (
	"context"
	"slices"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Won returns the prizes that teams have won, first prize first, once everybody may know
// it: what Results says, without reading who is in the teams.
func (s *Service) Won(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) ([]Prize, error) {
	d, err := getDeliberation(ctx, q, e.ID)
	if err != nil || !public(d, e, now) {
		return nil, err
	}
	all, err := listPrizes(ctx, q, e.ID)
	return slices.DeleteFunc(all, func(p Prize) bool { return !p.won() }), err
}

// won says whether a team has the prize: one that was won and then fell away was won all
// the same.
func (p Prize) won() bool {
	return p.Team != "" && slices.ContainsFunc(p.Steps, func(m Movement) bool { return m.State == Awarded })
}
