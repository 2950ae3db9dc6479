package link

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// row is a personal link as it is kept: without what opens it.
type row struct {
	id      string
	edition edition.ID
	juror   account.ID
	way     Way
	made    time.Time
	used    time.Time
	revoked time.Time
}

const columns = `id, edition_id, juror_id, way, made_at, used_at, revoked_at`

func fields(l *row) []any {
	return []any{&l.id, &l.edition, &l.juror, &l.way, sqldb.Moment{Time: &l.made}, sqldb.Moment{Time: &l.used}, sqldb.Moment{Time: &l.revoked}}
}

func byToken(ctx context.Context, q sqldb.Querier, token string) (row, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM links WHERE token_hash = $1`, hash("token", token))
}

func byCode(ctx context.Context, q sqldb.Querier, code string) (row, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM links WHERE code_hash = $1`, hash("code", code))
}

func listAlive(ctx context.Context, q sqldb.Querier, id edition.ID) ([]row, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM links WHERE edition_id = $1 AND revoked_at = 0 ORDER BY id`, id)
}

func insertLink(ctx context.Context, tx *sqldb.Tx, l row, token, code string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO links (id, edition_id, juror_id, way, token_hash, code_hash, made_at, used_at, revoked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)`, l.id, l.edition, l.juror, l.way, hash("token", token), hash("code", code), sqldb.Micros(l.made))
	return err
}

// revokeLinks returns how many of the juror's links were alive; way "" is every way.
func revokeLinks(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, way Way, now time.Time) (int64, error) {
	return sqldb.Exec(ctx, tx, `UPDATE links SET revoked_at = $4 WHERE edition_id = $1 AND juror_id = $2 AND revoked_at = 0
		AND (CAST($3 AS TEXT) = '' OR way = $3)`, id, juror, way, sqldb.Micros(now))
}

func revokeEvery(ctx context.Context, tx *sqldb.Tx, juror account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE links SET revoked_at = $2 WHERE juror_id = $1 AND revoked_at = 0`, juror, sqldb.Micros(tx.Now()))
	return err
}

func useLink(ctx context.Context, tx *sqldb.Tx, link string, now time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE links SET used_at = $2 WHERE id = $1`, link, sqldb.Micros(now))
	return err
}

// sweepMisses forgets the misses before the moment, which count no more.
func sweepMisses(ctx context.Context, tx *sqldb.Tx, before time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM link_misses WHERE at <= $1`, sqldb.Micros(before))
	return err
}

func insertMiss(ctx context.Context, tx *sqldb.Tx, miss string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO link_misses (id, at) VALUES ($1, $2)`, miss, sqldb.Micros(tx.Now()))
	return err
}

func countMisses(ctx context.Context, q sqldb.Querier, since time.Time) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM link_misses WHERE at > $1`, sqldb.Micros(since))
}

// hash is how what opens a link is kept.
func hash(kind, secret string) string {
	sum := sha256.Sum256([]byte("jury " + kind + " " + secret))
	return hex.EncodeToString(sum[:])
}
