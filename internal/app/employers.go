package app

import (
	"context"
	"maps"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/registration"
)

// employers tells the jury who works or studies where: as people wrote it on their form,
// and as organisers wrote it down of those whom they named, which goes first.
type employers struct {
	registrations *registration.Service
	editions      *edition.Service
}

// Employers implements jury.Employers.
func (e employers) Employers(ctx context.Context, q sqldb.Querier, id edition.ID, of ...account.ID) (map[account.ID]string, error) {
	known, err := e.registrations.Employers(ctx, q, id, of...)
	if err != nil {
		return nil, err
	}
	named, err := e.editions.Organisations(ctx, q, id, of...)
	maps.Copy(known, named)
	return known, err
}
