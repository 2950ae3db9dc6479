package account

import (
	"context"
	"time"

	"h48/internal/kit/sqldb"
)

const columns = `id, email, name, lang, admin, created_at, erased_at`

func fields(a *Account) []any {
	return []any{&a.ID, &a.Email, &a.Name, &a.Lang, &a.Admin, sqldb.Moment{Time: &a.Created}, sqldb.Moment{Time: &a.Erased}}
}

// insertAccount says whether it made the account: another transaction may have been faster.
func insertAccount(ctx context.Context, tx *sqldb.Tx, a Account, key string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO accounts (id, email, email_key, name, lang, admin, created_at, erased_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (email_key) DO NOTHING`,
		a.ID, a.Email, key, a.Name, a.Lang, a.Admin, sqldb.Micros(a.Created))
	return n == 1, err
}

func getAccount(ctx context.Context, q sqldb.Querier, id ID) (Account, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM accounts WHERE id = $1`, id)
}

func listAccounts(ctx context.Context, q sqldb.Querier, who []ID) ([]Account, error) {
	ids := make([]any, len(who))
	for i, id := range who {
		ids[i] = id
	}
	return sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM accounts WHERE id IN `+sqldb.In(1, len(ids)), ids...)
}

func accountByKey(ctx context.Context, q sqldb.Querier, key string) (Account, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM accounts WHERE email_key = $1`, key)
}

func countAccounts(ctx context.Context, q sqldb.Querier) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM accounts`)
}

func updateName(ctx context.Context, tx *sqldb.Tx, id ID, name string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE accounts SET name = $2 WHERE id = $1`, id, name)
	return err
}

func updateLang(ctx context.Context, tx *sqldb.Tx, id ID, lang string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE accounts SET lang = $2 WHERE id = $1`, id, lang)
	return err
}

func makeAdmin(ctx context.Context, tx *sqldb.Tx, id ID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE accounts SET admin = TRUE WHERE id = $1`, id)
	return err
}

func eraseAccount(ctx context.Context, tx *sqldb.Tx, id ID, alias string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE accounts SET email = '', email_key = id, name = $2, erased_at = $3 WHERE id = $1`,
		id, alias, sqldb.Micros(tx.Now()))
	return err
}

func countErased(ctx context.Context, q sqldb.Querier) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM accounts WHERE erased_at <> 0`)
}

type link struct {
	TokenHash string
	Account   ID
	CodeHash  string
	Next      string
	Misses    int
	Expires   time.Time
	Used      time.Time
}

const linkColumns = `token_hash, account_id, code_hash, next_path, misses, expires_at, used_at`

func linkFields(l *link) []any {
	return []any{&l.TokenHash, &l.Account, &l.CodeHash, &l.Next, &l.Misses, sqldb.Moment{Time: &l.Expires}, sqldb.Moment{Time: &l.Used}}
}

func insertLink(ctx context.Context, tx *sqldb.Tx, l link) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO sign_in_links
		(token_hash, account_id, code_hash, next_path, misses, created_at, expires_at, used_at)
		VALUES ($1, $2, $3, $4, 0, $5, $6, 0)`,
		l.TokenHash, l.Account, l.CodeHash, l.Next, sqldb.Micros(tx.Now()), sqldb.Micros(l.Expires))
	return err
}

func countAsksSince(ctx context.Context, q sqldb.Querier, mark string, since time.Time) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM sign_in_asks WHERE address_mark = $1 AND asked_at > $2`, mark, sqldb.Micros(since))
}

func insertAsk(ctx context.Context, tx *sqldb.Tx, id, mark string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO sign_in_asks (id, address_mark, asked_at) VALUES ($1, $2, $3)`, id, mark, sqldb.Micros(tx.Now()))
	return err
}

func getLink(ctx context.Context, q sqldb.Querier, tokenHash string) (link, error) {
	return sqldb.One(ctx, q, linkFields, `SELECT `+linkColumns+` FROM sign_in_links WHERE token_hash = $1`, tokenHash)
}

// tryLinks counts a try on each link of the account whose code may still be tried, and
// returns them: counted before it is compared, so that a thousand tries at once are no more
// than five.
func tryLinks(ctx context.Context, tx *sqldb.Tx, id ID) ([]link, error) {
	return sqldb.All(ctx, tx, linkFields, `UPDATE sign_in_links SET misses = misses + 1
		WHERE account_id = $1 AND used_at = 0 AND expires_at > $2 AND misses < $3 RETURNING `+linkColumns,
		id, sqldb.Micros(tx.Now()), mostMisses)
}

// useLink marks the link used if it still can be, and says whether it could.
func useLink(ctx context.Context, tx *sqldb.Tx, tokenHash string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE sign_in_links SET used_at = $2
		WHERE token_hash = $1 AND used_at = 0 AND expires_at > $2`, tokenHash, sqldb.Micros(tx.Now()))
	return n == 1, err
}

func insertSession(ctx context.Context, tx *sqldb.Tx, tokenHash string, id ID, expires time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO sessions (token_hash, account_id, created_at, expires_at)
		VALUES ($1, $2, $3, $4)`, tokenHash, id, sqldb.Micros(tx.Now()), sqldb.Micros(expires))
	return err
}

func accountOfSession(ctx context.Context, q sqldb.Querier, tokenHash string, now time.Time) (Account, error) {
	return sqldb.One(ctx, q, fields, `SELECT a.id, a.email, a.name, a.lang, a.admin, a.created_at, a.erased_at
		FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.erased_at = 0`, tokenHash, sqldb.Micros(now))
}

func deleteSession(ctx context.Context, tx *sqldb.Tx, tokenHash string) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM sessions WHERE token_hash = $1`, tokenHash)
	return err
}

func deleteSessionsOf(ctx context.Context, tx *sqldb.Tx, id ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM sessions WHERE account_id = $1`, id)
	return err
}

func deleteLinksOf(ctx context.Context, tx *sqldb.Tx, id ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM sign_in_links WHERE account_id = $1`, id)
	return err
}

func deleteExpired(ctx context.Context, tx *sqldb.Tx) error {
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM sessions WHERE expires_at < $1`, sqldb.Micros(tx.Now())); err != nil {
		return err
	}
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM sign_in_links WHERE expires_at < $1`, sqldb.Micros(tx.Now())); err != nil {
		return err
	}
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM sign_in_asks WHERE asked_at < $1`, sqldb.Micros(tx.Now().Add(-LinkLife)))
	return err
}
