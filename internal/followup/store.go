package followup

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func isQuiet(ctx context.Context, q sqldb.Querier, e edition.ID) (bool, error) {
	n, err := sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM followup_plans WHERE edition_id = $1 AND quiet`, e)
	return n > 0, err
}

func setQuiet(ctx context.Context, tx *sqldb.Tx, e edition.ID, quiet bool) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO followup_plans (edition_id, quiet) VALUES ($1, $2)
		ON CONFLICT (edition_id) DO UPDATE SET quiet = excluded.quiet`, e, quiet)
	return err
}

// ask is one person asked about one project.
type ask struct {
	id       string
	edition  edition.ID
	team     string
	months   int
	account  account.ID
	asked    time.Time
	reminded time.Time
}

const askColumns = `a.id, a.edition_id, a.team_id, a.months, a.account_id, a.asked_at, a.reminded_at`

func askFields(a *ask) []any {
	return []any{&a.id, &a.edition, &a.team, &a.months, &a.account, sqldb.Moment{Time: &a.asked}, sqldb.Moment{Time: &a.reminded}}
}

// insertAsk notes that somebody is asked; false where they were before.
func insertAsk(ctx context.Context, tx *sqldb.Tx, a ask) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO followup_asks (id, edition_id, team_id, months, account_id, asked_at, reminded_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT (edition_id, team_id, months, account_id) WHERE account_id <> '' DO NOTHING`,
		a.id, a.edition, a.team, a.months, a.account, sqldb.Micros(a.asked))
	return n == 1, err
}

// remindAsk notes that somebody is reminded; false where they were before.
func remindAsk(ctx context.Context, tx *sqldb.Tx, id string, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE followup_asks SET reminded_at = $2 WHERE id = $1 AND reminded_at = 0`, id, sqldb.Micros(at))
	return n == 1, err
}

func listAsks(ctx context.Context, q sqldb.Querier, e edition.ID) ([]ask, error) {
	return sqldb.All(ctx, q, askFields, `SELECT `+askColumns+` FROM followup_asks a WHERE a.edition_id = $1 ORDER BY a.months, a.team_id, a.id`, e)
}

func insertLink(ctx context.Context, tx *sqldb.Tx, tokenHash, ask string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO followup_links (token_hash, ask_id) VALUES ($1, $2)`, tokenHash, ask)
	return err
}

func askOfLink(ctx context.Context, q sqldb.Querier, e edition.ID, tokenHash string) (ask, error) {
	return sqldb.One(ctx, q, askFields, `SELECT `+askColumns+` FROM followup_asks a JOIN followup_links l ON l.ask_id = a.id
		WHERE a.edition_id = $1 AND l.token_hash = $2 AND a.account_id <> ''`, e, tokenHash)
}

const reportColumns = `id, edition_id, team_id, months, state, words, url, picture, picture_type, picture_alt, by_id, organiser, reason, at`

func reportFields(r *Report) []any {
	return []any{&r.ID, &r.Edition, &r.Team, &r.Months, &r.State, &r.Words, &r.URL, &r.Picture.Key, &r.Picture.ContentType,
		&r.Picture.Alt, &r.By, &r.Organiser, &r.Reason, sqldb.Moment{Time: &r.At}}
}

func insertReport(ctx context.Context, tx *sqldb.Tx, r Report) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO followup_reports (`+reportColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.ID, r.Edition, r.Team, r.Months, r.State, r.Words, r.URL, r.Picture.Key, r.Picture.ContentType, r.Picture.Alt, r.By, r.Organiser, r.Reason, sqldb.Micros(r.At))
	return err
}

// listReports lists what was said in an edition, the oldest first.
func listReports(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Report, error) {
	return sqldb.All(ctx, q, reportFields, `SELECT `+reportColumns+` FROM followup_reports WHERE edition_id = $1 ORDER BY at, id`, e)
}

func reportsOf(ctx context.Context, q sqldb.Querier, e edition.ID, team string) ([]Report, error) {
	return sqldb.All(ctx, q, reportFields, `SELECT `+reportColumns+` FROM followup_reports WHERE edition_id = $1 AND team_id = $2 ORDER BY at, id`, e, team)
}

func getReport(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (Report, error) {
	return sqldb.One(ctx, q, reportFields, `SELECT `+reportColumns+` FROM followup_reports WHERE edition_id = $1 AND id = $2`, e, id)
}

func hasStopped(ctx context.Context, q sqldb.Querier, who account.ID) (bool, error) {
	n, err := sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM followup_stops WHERE account_id = $1`, who)
	return n > 0, err
}

func insertStop(ctx context.Context, tx *sqldb.Tx, who account.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO followup_stops (account_id, at) VALUES ($1, $2) ON CONFLICT (account_id) DO NOTHING`, who, sqldb.Micros(at))
	return err
}

func deleteStop(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM followup_stops WHERE account_id = $1`, who)
	return err
}

// forgetPerson empties what leads to the person; what they said of a project stays the
// project's.
func forgetPerson(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	if _, err := sqldb.Exec(ctx, tx, `UPDATE followup_asks SET account_id = '' WHERE account_id = $1`, who); err != nil {
		return err
	}
	if _, err := sqldb.Exec(ctx, tx, `UPDATE followup_reports SET by_id = '' WHERE by_id = $1`, who); err != nil {
		return err
	}
	return deleteStop(ctx, tx, who)
}
