package certificate

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const columns = `id, edition_id, account_id, kind, subject, code, initials, issued_at`

func fields(c *Certificate) []any {
	return []any{&c.ID, &c.Edition, &c.Account, &c.Kind, &c.Subject, &c.Code, &c.Initials, sqldb.Moment{Time: &c.Issued}}
}

// insert keeps the certificate, unless the claim has one already.
func insert(ctx context.Context, tx *sqldb.Tx, c Certificate) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO certificates (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (edition_id, account_id, kind, subject) DO NOTHING`,
		c.ID, c.Edition, c.Account, c.Kind, c.Subject, c.Code, c.Initials, sqldb.Micros(c.Issued))
	return err
}

func listIssued(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Certificate, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM certificates WHERE edition_id = $1 ORDER BY id`, e)
}

func issuedTo(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) ([]Certificate, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM certificates WHERE edition_id = $1 AND account_id = $2`, e, who)
}

func byCode(ctx context.Context, q sqldb.Querier, code string) (Certificate, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM certificates WHERE code = $1`, code)
}

func forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE certificates SET initials = '' WHERE account_id = $1`, who)
	return err
}
