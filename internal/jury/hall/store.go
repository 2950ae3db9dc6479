package hall

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func errandFields(e *Errand) []any {
	return []any{&e.ID, &e.Juror, &e.Team, &e.Slot, sqldb.Moment{Time: &e.At}, &e.Source, &e.State, &e.Why, &e.ChangeID, &e.WasSlot, sqldb.Moment{Time: &e.WasAt}}
}

// listErrands are those of the round that were not dropped, as they were made.
func listErrands(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]Errand, error) {
	return sqldb.All(ctx, q, errandFields, `SELECT id, juror_id, team_id, slot, at, source, state, why, change_id, was_slot, was_at FROM hall_errands
		WHERE edition_id = $1 AND round = $2 AND state <> 'dropped' ORDER BY id`, id, round)
}

func insertErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, e Errand) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO hall_errands (id, edition_id, round, juror_id, team_id, slot, at, source, state, why, made_at, change_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', '', $9, $10)`, e.ID, id, round, e.Juror, e.Team, e.Slot, sqldb.Micros(e.At), e.Source, sqldb.Micros(tx.Now()), e.ChangeID)
	return err
}

// closeErrand says whether the errand was still open.
func closeErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, errand string, to State, why string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET state = $3, why = $4 WHERE edition_id = $1 AND id = $2 AND state = 'open'`, id, errand, to, why)
	return n == 1, err
}

// dropErrand drops a visit in a change of plan, which can be taken back.
func dropErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, change, errand string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET state = 'dropped', change_id = $3 WHERE edition_id = $1 AND id = $2 AND state = 'open'`, id, errand, change)
	return err
}

// droppedFor are the visits of the round that the newest leaving of the team dropped.
func droppedFor(ctx context.Context, q sqldb.Querier, id edition.ID, round int, team string) ([]Errand, error) {
	return sqldb.All(ctx, q, errandFields, `SELECT id, juror_id, team_id, slot, at, source, state, why, change_id, was_slot, was_at FROM hall_errands
		WHERE edition_id = $1 AND round = $2 AND team_id = $3 AND state = 'dropped' AND source = 'plan' AND change_id = (
			SELECT MAX(id) FROM hall_changes WHERE edition_id = $1 AND round = $2 AND team_id = $3) ORDER BY id`, id, round, team)
}

// reopenErrand makes a dropped visit one that is to be made, where it was.
func reopenErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, errand string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET state = 'open', change_id = '' WHERE edition_id = $1 AND id = $2 AND state = 'dropped'`, id, errand)
	return err
}

// dropPlan drops what is left of a plan.
func dropPlan(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET state = 'dropped' WHERE edition_id = $1 AND round = $2 AND source = 'plan' AND state = 'open'`, id, round)
	return err
}

// moveErrand gives a visit another time and keeps the one that it had.
func moveErrand(ctx context.Context, tx *sqldb.Tx, id edition.ID, change, errand string, slot int, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE hall_errands SET was_slot = slot, was_at = at, slot = $3, at = $4, change_id = $5
		WHERE edition_id = $1 AND id = $2 AND state = 'open'`, id, errand, slot, sqldb.Micros(at), change)
	return err
}

func insertChange(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, c Change, lost []string) error {
	if _, err := sqldb.Exec(ctx, tx, `INSERT INTO hall_changes (id, edition_id, round, juror_id, team_id, at) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.ID, id, round, c.Juror, c.Team, sqldb.Micros(c.At)); err != nil {
		return err
	}
	for i, team := range lost {
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO hall_lost (change_id, place, team_id) VALUES ($1, $2, $3)`, c.ID, i, team); err != nil {
			return err
		}
	}
	return nil
}

// lastChange is the newest change of the round's plan; its ID is "" where there was none.
func lastChange(ctx context.Context, q sqldb.Querier, id edition.ID, round int) (Change, error) {
	all, err := sqldb.All(ctx, q, func(c *Change) []any { return []any{&c.ID, &c.Juror, &c.Team, sqldb.Moment{Time: &c.At}} },
		`SELECT id, juror_id, team_id, at FROM hall_changes WHERE edition_id = $1 AND round = $2 ORDER BY id DESC LIMIT 1`, id, round)
	if err != nil || len(all) == 0 {
		return Change{}, err
	}
	c := all[0]
	c.Lost, err = sqldb.All(ctx, q, func(t *string) []any { return []any{t} }, `SELECT team_id FROM hall_lost WHERE change_id = $1 ORDER BY place`, c.ID)
	return c, err
}

func insertGone(ctx context.Context, tx *sqldb.Tx, id edition.ID, team string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO hall_gone (edition_id, team_id, made_at) VALUES ($1, $2, $3) ON CONFLICT (edition_id, team_id) DO NOTHING`,
		id, team, sqldb.Micros(tx.Now()))
	return err
}

// deleteGone says whether the team was gone.
func deleteGone(ctx context.Context, tx *sqldb.Tx, id edition.ID, team string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM hall_gone WHERE edition_id = $1 AND team_id = $2`, id, team)
	return n == 1, err
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
