package jury

import (
	"context"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const criterionColumns = `id, name, description, levels, low, middle, high, scale_min, scale_max, weight, prize_id`

func listCriteria(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]Criterion, error) {
	type row struct {
		Criterion
		low, middle, high string
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any {
		return []any{&r.ID, &r.Name, &r.Description, sqldb.JSON{Of: &r.Levels}, &r.low, &r.middle, &r.high, &r.Min, &r.Max, &r.Weight, &r.Prize}
	}, `SELECT `+criterionColumns+` FROM jury_criteria WHERE edition_id = $1 AND round = $2 ORDER BY position`, id, round)
	if err != nil {
		return nil, err
	}
	var all []Criterion
	for _, r := range rows {
		if len(r.Levels) == 0 && r.low+r.middle+r.high != "" && r.Max > r.Min {
			r.Levels = make([]string, r.Max-r.Min+1)
			r.Levels[(r.Max-r.Min)/2], r.Levels[0], r.Levels[r.Max-r.Min] = r.middle, r.low, r.high
		}
		all = append(all, r.Criterion)
	}
	return all, nil
}

func deleteCriteria(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM jury_criteria WHERE edition_id = $1 AND round = $2`, id, round)
	return err
}

func insertCriterion(ctx context.Context, tx *sqldb.Tx, id edition.ID, round, position int, c Criterion) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_criteria
		(id, edition_id, round, position, name, description, levels, low, middle, high, scale_min, scale_max, weight, prize_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', $8, $9, $10, $11)`,
		c.ID, id, round, position, c.Name, c.Description, sqldb.JSON{Of: c.Levels}, c.Min, c.Max, c.Weight, c.Prize)
	return err
}

func updateCriterion(ctx context.Context, tx *sqldb.Tx, id edition.ID, round, position int, c Criterion) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE jury_criteria SET position = $4, name = $5, description = $6, levels = $7, low = '', middle = '', high = '',
		weight = $8 WHERE edition_id = $1 AND round = $2 AND id = $3`, id, round, c.ID, position, c.Name, c.Description, sqldb.JSON{Of: c.Levels}, c.Weight)
	return err
}

// ladderText reads a ladder as it is kept.
type ladderText struct{ ladder *Ladder }

// Scan implements sql.Scanner.
func (t ladderText) Scan(value any) error {
	text, _ := value.(string)
	l, err := readLadder(text)
	*t.ladder = l
	return err
}

func updateLadder(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, l Ladder) error {
	text, err := l.text()
	if err != nil {
		return err
	}
	_, err = sqldb.Exec(ctx, tx, `UPDATE jury_rounds SET ladder = $3 WHERE edition_id = $1 AND number = $2`, id, round, text)
	return err
}

func listAmendments(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Amendment, error) {
	return sqldb.All(ctx, q, func(a *Amendment) []any {
		return []any{&a.ID, &a.Round, &a.What, &a.Reason, &a.Before, &a.After, &a.By, sqldb.Moment{Time: &a.Made}}
	}, `SELECT id, round, what, reason, before_text, after_text, made_by, made_at FROM jury_amendments WHERE edition_id = $1 ORDER BY made_at, id`, id)
}

func insertAmendment(ctx context.Context, tx *sqldb.Tx, id edition.ID, a Amendment) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_amendments (id, edition_id, round, what, reason, before_text, after_text, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, a.ID, id, a.Round, a.What, a.Reason, a.Before, a.After, a.By, sqldb.Micros(a.Made))
	return err
}
