package jury

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func insertPractised(ctx context.Context, tx *sqldb.Tx, id edition.ID, p Practised) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_practice (id, edition_id, juror_id, project, criterion, value, given_at, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, p.ID, id, p.Juror, p.Project, p.Criterion, p.Value, sqldb.Micros(p.Given), sqldb.Micros(p.Received))
	return err
}

func listPractised(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID) ([]Practised, error) {
	return sqldb.All(ctx, q, func(p *Practised) []any {
		return []any{&p.ID, &p.Juror, &p.Project, &p.Criterion, &p.Value, sqldb.Moment{Time: &p.Given}, sqldb.Moment{Time: &p.Received}}
	}, `SELECT id, juror_id, project, criterion, value, given_at, received_at FROM jury_practice
		WHERE edition_id = $1 AND juror_id = $2 ORDER BY given_at, id`, id, juror)
}

func countPractised(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]int, error) {
	type count struct {
		juror account.ID
		n     int
	}
	rows, err := sqldb.All(ctx, q, func(c *count) []any { return []any{&c.juror, &c.n} },
		`SELECT juror_id, COUNT(DISTINCT project) FROM jury_practice WHERE edition_id = $1 GROUP BY juror_id`, id)
	all := map[account.ID]int{}
	for _, c := range rows {
		all[c.juror] = c.n
	}
	return all, err
}
