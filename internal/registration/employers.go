package registration

import (
	"context"
	"errors"
	"fmt"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Employers are the organisations that people wrote on their form, by account: of those
// who are named, or of everybody. Who wrote none is not there.
func (s *Service) Employers(ctx context.Context, q sqldb.Querier, id edition.ID, of ...account.ID) (map[account.ID]string, error) {
	known := map[account.ID]string{}
	if len(of) == 0 {
		all, err := listEmployers(ctx, q, id)
		for _, e := range all {
			known[e.account] = e.organisation
		}
		return known, err
	}
	for _, who := range of {
		name, err := employerOf(ctx, q, id, who)
		if err != nil && !errors.Is(err, sqldb.ErrNotFound) {
			return nil, fmt.Errorf("asking for whom somebody works: %w", err)
		}
		if name != "" {
			known[who] = name
		}
	}
	return known, nil
}
