package catering

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func insertMeal(ctx context.Context, tx *sqldb.Tx, m Meal) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO meals (id, edition_id, name, at) VALUES ($1, $2, $3, $4)`,
		m.ID, m.Edition, m.Name, sqldb.Micros(m.At))
	return err
}

func mealFields(m *Meal) []any {
	return []any{&m.ID, &m.Edition, &m.Name, sqldb.Moment{Time: &m.At}}
}

func getMeal(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (Meal, error) {
	return sqldb.One(ctx, q, mealFields, `SELECT id, edition_id, name, at FROM meals WHERE id = $1 AND edition_id = $2`, id, e)
}

func updateMeal(ctx context.Context, tx *sqldb.Tx, m Meal) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE meals SET name = $2, at = $3 WHERE id = $1`, m.ID, m.Name, sqldb.Micros(m.At))
	return err
}

func deleteMeal(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM meals WHERE id = $1`, id)
	return err
}

func tallies(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Tally, error) {
	return sqldb.All(ctx, q, func(t *Tally) []any {
		return append(mealFields(&t.Meal), &t.Served, &t.Extra, &t.Twice)
	}, `SELECT m.id, m.edition_id, m.name, m.at, COUNT(s.id) FILTER (WHERE s.state = 'first'),
			COUNT(s.id) FILTER (WHERE s.state = 'extra'), COUNT(s.id) FILTER (WHERE s.state = 'twice')
		FROM meals m LEFT JOIN meal_servings s ON s.meal_id = m.id
		WHERE m.edition_id = $1 GROUP BY m.id, m.edition_id, m.name, m.at ORDER BY m.at, m.id`, e)
}

// insertServing adds a serving; a second first one of a badge adds nothing and is false.
func insertServing(ctx context.Context, tx *sqldb.Tx, s Serving) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO meal_servings (id, meal_id, account_id, state, reason, served_by, served_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (meal_id, account_id) WHERE state = 'first' DO NOTHING`,
		s.ID, s.Meal, s.Account, s.State, s.Reason, s.By, sqldb.Micros(s.At))
	return n == 1, err
}

func servingFields(s *Serving) []any {
	return []any{&s.ID, &s.Meal, &s.Account, &s.State, &s.Reason, &s.By, sqldb.Moment{Time: &s.At}}
}

func firstServing(ctx context.Context, q sqldb.Querier, meal string, who account.ID) (Serving, error) {
	return sqldb.One(ctx, q, servingFields, `SELECT id, meal_id, account_id, state, reason, served_by, served_at
		FROM meal_servings WHERE meal_id = $1 AND account_id = $2 AND state = 'first'`, meal, who)
}

func latestServings(ctx context.Context, q sqldb.Querier, meal string, limit int) ([]Serving, error) {
	return sqldb.All(ctx, q, servingFields, `SELECT id, meal_id, account_id, state, reason, served_by, served_at
		FROM meal_servings WHERE meal_id = $1 ORDER BY served_at DESC, id DESC LIMIT $2`, meal, limit)
}
