package hall

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func errandFields(e *Errand) []any {
	return []any{&e.ID, &e.Juror, &e.Team, &e.Slot, sqldb.Moment{Time: &e.At}, &e.Source, &e.State, &e.Why}
}

// listErrands are those of the round that were not dropped, as they were made.
func listErrands(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]Errand, error) {
	return sqldb.All(ctx, q, errandFields, `SELECT id, juror_id, team_id, slot, at, source, state, why FROM hall_errands
		WHERE edition_id = $1 AND round = $2 AND state <> 'dropped' ORDER BY id`, id, round)
}

func insertErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, e Errand) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO hall_errands (id, edition_id, round, juror_id, team_id, slot, at, source, state, why, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', $9)`, e.ID, id, round, e.Juror, e.Team, e.Slot, sqldb.Micros(e.At), e.Source, sqldb.Micros(tx.Now()))
	return err
}

// closeErrand says whether the errand was still open.
func closeErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, errand string, to State, why string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET state = $3, why = $4 WHERE edition_id = $1 AND id = $2 AND state = 'open'`, id, errand, to, why)
	return n == 1, err
}

// dropPlan drops what is left of a plan.
func dropPlan(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET state = 'dropped' WHERE edition_id = $1 AND round = $2 AND source = 'plan' AND state = 'open'`, id, round)
	return err
}

func moveErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, errand string, slot int, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET slot = $3, at = $4 WHERE edition_id = $1 AND id = $2 AND state = 'open'`, id, errand, slot, sqldb.Micros(at))
	return err
}

func insertGone(ctx context.Context, tx *sqldb.Tx, id edition.ID, team string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO hall_gone (edition_id, team_id, made_at) VALUES ($1, $2, $3) ON CONFLICT (edition_id, team_id) DO NOTHING`,
		id, team, sqldb.Micros(tx.Now()))
	return err
}

func listGone(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string]bool, error) {
	all, err := sqldb.All(ctx, q, func(t *string) []any { return []any{t} }, `SELECT team_id FROM hall_gone WHERE edition_id = $1`, id)
	gone := map[string]bool{}
	for _, t := range all {
		gone[t] = true
	}
	return gone, err
}

// jurorOf is whose errand it is.
func jurorOf(ctx context.Context, q sqldb.Querier, id edition.ID, errand string) (account.ID, error) {
	return sqldb.Value[account.ID](ctx, q, `SELECT juror_id FROM hall_errands WHERE edition_id = $1 AND id = $2`, id, errand)
}
