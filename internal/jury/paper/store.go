package paper

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const sheetColumns = `id, edition_id, round, juror_id, code, content, printed_at, printed_by, state, taken_at, alone`

func sheetFields(s *Sheet) []any {
	return []any{&s.ID, &s.Edition, &s.Round, &s.Juror, &s.Code, sqldb.JSON{Of: &s.Rows}, sqldb.Moment{Time: &s.Printed}, &s.By, &s.State,
		sqldb.Moment{Time: &s.Taken}, &s.Alone}
}

func insertSheet(ctx context.Context, tx *sqldb.Tx, s Sheet) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO paper_sheets (`+sheetColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		s.ID, s.Edition, s.Round, s.Juror, s.Code, sqldb.JSON{Of: s.Rows}, sqldb.Micros(s.Printed), s.By, s.State, 0, "")
	return err
}

func sheetByCode(ctx context.Context, q sqldb.Querier, id edition.ID, code string) (Sheet, error) {
	return sqldb.One(ctx, q, sheetFields, `SELECT `+sheetColumns+` FROM paper_sheets WHERE edition_id = $1 AND code = $2`, id, code)
}

// lockSheet reads a sheet and makes whoever else works on it wait.
func lockSheet(ctx context.Context, tx *sqldb.Tx, id edition.ID, code string) (Sheet, error) {
	return sqldb.One(ctx, tx, sheetFields, `UPDATE paper_sheets SET state = state WHERE edition_id = $1 AND code = $2 RETURNING `+sheetColumns, id, code)
}

func sheetByID(ctx context.Context, q sqldb.Querier, id edition.ID, sheet string) (Sheet, error) {
	return sqldb.One(ctx, q, sheetFields, `SELECT `+sheetColumns+` FROM paper_sheets WHERE edition_id = $1 AND id = $2`, id, sheet)
}

func listSheets(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]Sheet, error) {
	return sqldb.All(ctx, q, sheetFields, `SELECT `+sheetColumns+` FROM paper_sheets WHERE edition_id = $1 AND round = $2 ORDER BY id`, id, round)
}

// moveSheet leaves the state that the sheet was read in; false where somebody else did.
func moveSheet(ctx context.Context, tx *sqldb.Tx, s Sheet, to State, taken time.Time, alone string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE paper_sheets SET state = $3, taken_at = $4, alone = $5 WHERE id = $1 AND state = $2`,
		s.ID, s.State, to, sqldb.Micros(taken), alone)
	return n == 1, err
}

func readingFields(r *Reading) []any {
	return []any{&r.Nr, &r.By, sqldb.JSON{Of: &r.Cells}, sqldb.Moment{Time: &r.Given}, sqldb.Moment{Time: &r.Typed}}
}

func listReadings(ctx context.Context, q sqldb.Querier, sheet string) ([]Reading, error) {
	return sqldb.All(ctx, q, readingFields, `SELECT nr, by_id, cells, given_at, typed_at FROM paper_readings WHERE sheet_id = $1 ORDER BY nr`, sheet)
}

// typist is who typed a sheet, without what they typed.
type typist struct {
	sheet string
	nr    int
	by    account.ID
	at    time.Time
}

func listTypists(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]typist, error) {
	return sqldb.All(ctx, q, func(t *typist) []any { return []any{&t.sheet, &t.nr, &t.by, sqldb.Moment{Time: &t.at}} },
		`SELECT r.sheet_id, r.nr, r.by_id, r.typed_at FROM paper_readings r JOIN paper_sheets s ON s.id = r.sheet_id
		WHERE s.edition_id = $1 AND s.round = $2 ORDER BY r.sheet_id, r.nr`, id, round)
}

// putReading keeps a reading; a person may correct their own until the next one is there.
func putReading(ctx context.Context, tx *sqldb.Tx, sheet string, r Reading) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO paper_readings (sheet_id, nr, by_id, cells, given_at, typed_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (sheet_id, nr) DO UPDATE SET by_id = excluded.by_id, cells = excluded.cells, given_at = excluded.given_at, typed_at = excluded.typed_at`,
		sheet, r.Nr, r.By, sqldb.JSON{Of: r.Cells}, sqldb.Micros(r.Given), sqldb.Micros(r.Typed))
	return err
}
