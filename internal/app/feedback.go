package app

import (
	"context"
	"time"

	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// published tells the jury's feedback whether the results are public.
type published struct{ award *award.Service }

// Public implements feedback.Results.
func (p published) Public(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (bool, error) {
	r, err := p.award.Results(ctx, q, e, now)
	return r.Public, err
}
