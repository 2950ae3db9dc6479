package jury

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Disputes are the criteria of the juror's sheet on which two devices of theirs disagree,
// as the sheet's page shows them.
func (s *Service) Disputes(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID, team string) ([]Dispute, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return nil, err
	}
	criteria, err := listCriteria(ctx, q, id, r.Number)
	if err != nil {
		return nil, err
	}
	marks, err := listSheet(ctx, q, id, r.Number, actor.ID, team)
	return disputes(criteria, marks), err
}
