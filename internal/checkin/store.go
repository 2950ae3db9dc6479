package checkin

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func badgeCode(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (string, error) {
	return sqldb.Value[string](ctx, q, `SELECT code FROM checkin_badges WHERE edition_id = $1 AND account_id = $2`, e, who)
}

func accountByCode(ctx context.Context, q sqldb.Querier, e edition.ID, code string) (account.ID, error) {
	return sqldb.Value[account.ID](ctx, q, `SELECT account_id FROM checkin_badges WHERE edition_id = $1 AND code = $2`, e, code)
}

// insertBadge gives the account the code, and says whether it had none and the code was
// nobody's.
func insertBadge(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID, code string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO checkin_badges (edition_id, account_id, code, made_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`, e, who, code, sqldb.Micros(tx.Now()))
	return n == 1, err
}

func deleteBadges(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM checkin_badges WHERE account_id = $1`, who)
	return err
}

// badgeRow is a badge of an edition.
type badgeRow struct {
	account account.ID
	code    string
}

func listBadges(ctx context.Context, q sqldb.Querier, e edition.ID) ([]badgeRow, error) {
	return sqldb.All(ctx, q, func(b *badgeRow) []any { return []any{&b.account, &b.code} },
		`SELECT account_id, code FROM checkin_badges WHERE edition_id = $1`, e)
}

const passColumns = `id, account_id, way, how, outcome, station, by_id, undoes, at, received_at`

func passFields(p *Pass) []any {
	return []any{&p.ID, &p.Account, &p.Way, &p.How, &p.Result, &p.Station, &p.By, &p.Undoes,
		sqldb.Moment{Time: &p.At}, sqldb.Moment{Time: &p.Received}}
}

func insertPass(ctx context.Context, tx *sqldb.Tx, e edition.ID, p Pass, action string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO checkin_passes (id, edition_id, account_id, way, how, outcome, station, by_id,
			action_id, undoes, at, received_at, doubled, settled)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, FALSE, FALSE)`,
		p.ID, e, p.Account, p.Way, p.How, p.Result, p.Station, p.By, action, p.Undoes, sqldb.Micros(p.At), sqldb.Micros(p.Received))
	return err
}

func getPass(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (Pass, error) {
	return sqldb.One(ctx, q, passFields, `SELECT `+passColumns+` FROM checkin_passes WHERE edition_id = $1 AND id = $2`, e, id)
}

func passOfAction(ctx context.Context, q sqldb.Querier, e edition.ID, action string) (Pass, error) {
	return sqldb.One(ctx, q, passFields, `SELECT `+passColumns+` FROM checkin_passes WHERE edition_id = $1 AND action_id = $2`, e, action)
}

func passesOf(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) ([]Pass, error) {
	return sqldb.All(ctx, q, passFields, `SELECT `+passColumns+` FROM checkin_passes
		WHERE edition_id = $1 AND account_id = $2 ORDER BY at, id`, e, who)
}

func recentPasses(ctx context.Context, q sqldb.Querier, e edition.ID, limit int) ([]Pass, error) {
	return sqldb.All(ctx, q, passFields, `SELECT `+passColumns+` FROM checkin_passes
		WHERE edition_id = $1 ORDER BY received_at DESC, id DESC LIMIT $2`, e, limit)
}

// doubledAccounts lists who has a double pass that nobody has looked at.
func doubledAccounts(ctx context.Context, q sqldb.Querier, e edition.ID) ([]account.ID, error) {
	return sqldb.All(ctx, q, func(id *account.ID) []any { return []any{id} },
		`SELECT DISTINCT account_id FROM checkin_passes WHERE edition_id = $1 AND doubled AND NOT settled ORDER BY account_id`, e)
}

func countDoubles(ctx context.Context, q sqldb.Querier, e edition.ID) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM checkin_passes WHERE edition_id = $1 AND doubled AND NOT settled`, e)
}

func settleDoubles(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID) (int64, error) {
	return sqldb.Exec(ctx, tx, `UPDATE checkin_passes SET settled = TRUE
		WHERE edition_id = $1 AND account_id = $2 AND doubled AND NOT settled`, e, who)
}

// putPresence keeps what the replay of a person's passes found.
func putPresence(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID, now Presence) error {
	if _, err := sqldb.Exec(ctx, tx, `INSERT INTO checkin_presences (edition_id, account_id, first_at, since_at, inside)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (edition_id, account_id)
		DO UPDATE SET first_at = excluded.first_at, since_at = excluded.since_at, inside = excluded.inside`,
		e, who, sqldb.Micros(now.First), sqldb.Micros(now.Since), now.Inside); err != nil {
		return err
	}
	if _, err := sqldb.Exec(ctx, tx, `UPDATE checkin_passes SET doubled = FALSE
		WHERE edition_id = $1 AND account_id = $2 AND doubled`, e, who); err != nil {
		return err
	}
	for _, d := range now.Doubles {
		if _, err := sqldb.Exec(ctx, tx, `UPDATE checkin_passes SET doubled = TRUE WHERE id = $1`, d.Second.ID); err != nil {
			return err
		}
	}
	return nil
}

// lockPresence makes every other pass of the person wait until this transaction ends.
func lockPresence(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO checkin_presences (edition_id, account_id, first_at, since_at, inside)
		VALUES ($1, $2, 0, 0, FALSE) ON CONFLICT (edition_id, account_id) DO UPDATE SET first_at = checkin_presences.first_at`, e, who)
	return err
}

// presenceRow is where somebody of an edition is.
type presenceRow struct {
	account account.ID
	Presence
}

func listPresences(ctx context.Context, q sqldb.Querier, e edition.ID) ([]presenceRow, error) {
	return sqldb.All(ctx, q, func(p *presenceRow) []any {
		return []any{&p.account, sqldb.Moment{Time: &p.First}, sqldb.Moment{Time: &p.Since}, &p.Inside}
	}, `SELECT account_id, first_at, since_at, inside FROM checkin_presences WHERE edition_id = $1`, e)
}

func countPresences(ctx context.Context, q sqldb.Querier, e edition.ID) (arrived, inside int, err error) {
	type counts struct{ arrived, inside int }
	c, err := sqldb.One(ctx, q, func(c *counts) []any { return []any{&c.arrived, &c.inside} },
		`SELECT COUNT(*) FILTER (WHERE first_at > 0), COUNT(*) FILTER (WHERE inside) FROM checkin_presences WHERE edition_id = $1`, e)
	return c.arrived, c.inside, err
}

func countInside(ctx context.Context, q sqldb.Querier, e edition.ID) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM checkin_presences WHERE edition_id = $1 AND inside`, e)
}

func buildingMax(ctx context.Context, q sqldb.Querier, e edition.ID) (int, error) {
	most, err := sqldb.All(ctx, q, func(n *int) []any { return []any{n} },
		`SELECT building_max FROM checkin_doors WHERE edition_id = $1`, e)
	if err != nil || len(most) == 0 {
		return 0, err
	}
	return most[0], nil
}

func putBuildingMax(ctx context.Context, tx *sqldb.Tx, e edition.ID, most int) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO checkin_doors (edition_id, building_max) VALUES ($1, $2)
		ON CONFLICT (edition_id) DO UPDATE SET building_max = excluded.building_max`, e, most)
	return err
}
