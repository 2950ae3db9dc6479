package award

import (
	"context"
	"slices"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// WonPrizes returns the prizes that teams have won, first prize first, once everybody
// may know it: what Results says, without reading who is in the teams.
func (s *Service) WonPrizes(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) ([]Prize, error) {
	d, err := getDeliberation(ctx, q, e.ID)
	if err != nil || !public(d, e, now) {
		return nil, err
	}
	all, err := listPrizes(ctx, q, e.ID)
	return slices.DeleteFunc(all, func(p Prize) bool { return p.Team == "" || !p.Won() }), err
}
