package hall

import (
	"context"
	"fmt"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Way lists the teams that a juror is to visit, as it was planned and sent: those that were
// visited already among them, so that a printed list is whole.
func (s *Service) Way(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID) ([]string, error) {
	r, err := s.jury.Round(ctx, q, id)
	if err != nil {
		return nil, err
	}
	all, err := listErrands(ctx, q, id, r.Number)
	if err != nil {
		return nil, fmt.Errorf("reading the errands: %w", err)
	}
	var way []string
	for _, e := range inOrder(all) {
		if e.Juror == juror && e.State == Open {
			way = append(way, e.Team)
		}
	}
	return way, nil
}
