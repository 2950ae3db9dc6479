package certificate

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const columns = `id, edition_id, account_id, kind, subject, code, initials, issued_at, revoked_at, revoked_for`

func fields(c *Certificate) []any {
	return []any{&c.ID, &c.Edition, &c.Account, &c.Kind, &c.Subject, &c.Code, &c.Initials, sqldb.Moment{Time: &c.Issued},
		sqldb.Moment{Time: &c.Revoked}, &c.RevokedFor}
}

// insert keeps the certificate, unless the claim has one already.
func insert(ctx context.Context, tx *sqldb.Tx, c Certificate) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO certificates (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')
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

func getIssued(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (Certificate, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM certificates WHERE edition_id = $1 AND id = $2`, e, id)
}

// updateRevoked withdraws a certificate that holds, or gives one back for the zero time.
func updateRevoked(ctx context.Context, tx *sqldb.Tx, id string, at time.Time, reason string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE certificates SET revoked_at = $2, revoked_for = $3
		WHERE id = $1 AND (revoked_at = 0) = (CAST($2 AS BIGINT) <> 0)`, id, sqldb.Micros(at), reason)
	return n == 1, err
}

// replaceCode gives a certificate another code and keeps the former one.
func replaceCode(ctx context.Context, tx *sqldb.Tx, c Certificate, code, initials string, at time.Time, reason string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE certificates SET code = $3, initials = $4, issued_at = $5 WHERE id = $1 AND code = $2 AND revoked_at = 0`,
		c.ID, c.Code, code, initials, sqldb.Micros(at))
	if err != nil || n != 1 {
		return false, err
	}
	_, err = sqldb.Exec(ctx, tx, `INSERT INTO certificate_former (code, certificate_id, issued_at, replaced_at, reason) VALUES ($1, $2, $3, $4, $5)`,
		c.Code, c.ID, sqldb.Micros(c.Issued), sqldb.Micros(at), reason)
	return true, err
}

func formerFields(f *Former) []any {
	return []any{&f.Code, &f.Certificate, sqldb.Moment{Time: &f.Issued}, sqldb.Moment{Time: &f.Replaced}, &f.Reason}
}

func getFormer(ctx context.Context, q sqldb.Querier, code string) (Former, error) {
	return sqldb.One(ctx, q, formerFields, `SELECT code, certificate_id, issued_at, replaced_at, reason FROM certificate_former WHERE code = $1`, code)
}

func byID(ctx context.Context, q sqldb.Querier, id string) (Certificate, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM certificates WHERE id = $1`, id)
}

// letter is a sheet that went out.
type letter struct{ code, trouble string }

// sentLetters lists the sheets of an edition that went out, with what kept some back.
func sentLetters(ctx context.Context, q sqldb.Querier, e edition.ID) (map[string]string, error) {
	all, err := sqldb.All(ctx, q, func(l *letter) []any { return []any{&l.code, &l.trouble} },
		`SELECT l.code, l.trouble FROM certificate_letters l JOIN certificates c ON c.code = l.code WHERE c.edition_id = $1`, e)
	sent := make(map[string]string, len(all))
	for _, l := range all {
		sent[l.code] = l.trouble
	}
	return sent, err
}

// insertLetter notes that a sheet went out, or why it could not.
func insertLetter(ctx context.Context, tx *sqldb.Tx, code, trouble string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO certificate_letters (code, sent_at, trouble) VALUES ($1, $2, $3) ON CONFLICT (code) DO NOTHING`,
		code, sqldb.Micros(tx.Now()), trouble)
	return err
}
