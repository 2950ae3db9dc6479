package registration

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func insertPreview(ctx context.Context, tx *sqldb.Tx, p Preview, e edition.ID, by account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO registration_imports (id, edition_id, file, state, sheet, report, job_id, asked_by, made_at)
		VALUES ($1, $2, $3, 'ready', $4, '', '', $5, $6)`, p.ID, e, p.File, sqldb.JSON{Of: p.parsed}, by, sqldb.Micros(tx.Now()))
	return err
}

func getPreview(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (Preview, error) {
	return sqldb.One(ctx, q, func(p *Preview) []any {
		return []any{&p.ID, &p.File, &p.State, sqldb.JSON{Of: &p.parsed}, sqldb.JSON{Of: &p.Report}, &p.JobID, sqldb.Moment{Time: &p.Made}}
	}, `SELECT id, file, state, sheet, report, job_id, made_at FROM registration_imports WHERE edition_id = $1 AND id = $2`, e, id)
}

// orderPreview says that the job imports the file, and whether it was still to be had.
func orderPreview(ctx context.Context, tx *sqldb.Tx, id, job string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE registration_imports SET state = 'ordered', job_id = $2
		WHERE id = $1 AND state = 'ready'`, id, job)
	return n == 1, err
}

// finishPreview keeps the figures and the wrong lines of a file and drops its people.
func finishPreview(ctx context.Context, tx *sqldb.Tx, p Preview, r Report) error {
	p.Candidates = nil
	_, err := sqldb.Exec(ctx, tx, `UPDATE registration_imports SET state = 'done', sheet = $2, report = $3 WHERE id = $1`, p.ID, sqldb.JSON{Of: p.parsed}, sqldb.JSON{Of: r})
	return err
}

// dropOldPreviews forgets what files of before said; only their figures stay.
func dropOldPreviews(ctx context.Context, tx *sqldb.Tx, before time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE registration_imports SET sheet = '',
			state = CASE WHEN state = 'ready' THEN 'dropped' ELSE state END
		WHERE sheet <> '' AND made_at < $1`, sqldb.Micros(before))
	return err
}
