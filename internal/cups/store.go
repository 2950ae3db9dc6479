package cups

import (
	"context"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func insertModel(ctx context.Context, tx *sqldb.Tx, m Model) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO cup_models (id, edition_id, name, volume_cl, deposit_cents, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, m.ID, m.Edition, m.Name, m.VolumeCl, m.Deposit, sqldb.Micros(tx.Now()))
	return err
}

func modelFields(m *Model) []any { return []any{&m.ID, &m.Edition, &m.Name, &m.VolumeCl, &m.Deposit} }

func getModel(ctx context.Context, q sqldb.Querier, id ModelID) (Model, error) {
	return sqldb.One(ctx, q, modelFields, `SELECT id, edition_id, name, volume_cl, deposit_cents FROM cup_models WHERE id = $1`, id)
}

func listModels(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Model, error) {
	return sqldb.All(ctx, q, modelFields, `SELECT id, edition_id, name, volume_cl, deposit_cents FROM cup_models
		WHERE edition_id = $1 ORDER BY created_at, id`, e)
}

const movementColumns = `id, edition_id, model_id, kind, quantity, from_place, to_place, cents, person, note, undoes, actor_id, moved_at`

func movementFields(m *Movement) []any {
	return []any{&m.ID, &m.Edition, &m.Model, &m.Kind, &m.Quantity, &m.From, &m.To, &m.Cents, &m.Person, &m.Note, &m.Undoes,
		&m.Actor, sqldb.Moment{Time: &m.At}}
}

func insertMovement(ctx context.Context, tx *sqldb.Tx, m Movement) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO cup_movements (`+movementColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		m.ID, m.Edition, m.Model, m.Kind, m.Quantity, m.From, m.To, m.Cents, m.Person, m.Note, m.Undoes, m.Actor, sqldb.Micros(m.At))
	if err != nil {
		return err
	}
	_, err = sqldb.Exec(ctx, tx, `INSERT INTO cup_sums (edition_id, model_id, kind, from_place, to_place, undoing, quantity, cents)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (edition_id, model_id, kind, from_place, to_place, undoing)
		DO UPDATE SET quantity = cup_sums.quantity + excluded.quantity, cents = cup_sums.cents + excluded.cents`,
		m.Edition, m.Model, m.Kind, m.From, m.To, m.Undoes != "", m.Quantity, m.Cents)
	return err
}

func getMovement(ctx context.Context, q sqldb.Querier, id string) (Movement, error) {
	return sqldb.One(ctx, q, movementFields, `SELECT `+movementColumns+` FROM cup_movements WHERE id = $1`, id)
}

func latestMovements(ctx context.Context, q sqldb.Querier, e edition.ID, limit int) ([]Movement, error) {
	return sqldb.All(ctx, q, movementFields, `SELECT `+movementColumns+` FROM cup_movements WHERE edition_id = $1
		ORDER BY moved_at DESC, id DESC LIMIT $2`, e, limit)
}

// sums are the ledger's movements of an edition, added up where they are of one sort, as
// each movement's own transaction added them.
func sums(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Movement, error) {
	return sqldb.All(ctx, q, func(m *Movement) []any {
		return []any{&m.Model, &m.Kind, &m.From, &m.To, &m.Undoes, &m.Quantity, &m.Cents}
	}, `SELECT model_id, kind, from_place, to_place, CASE WHEN undoing THEN 'undone' ELSE '' END, quantity, cents
		FROM cup_sums WHERE edition_id = $1 ORDER BY model_id, kind, from_place, to_place, undoing`, e)
}

// added are the same sums, added up anew from every movement.
func added(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Movement, error) {
	return sqldb.All(ctx, q, func(m *Movement) []any {
		return []any{&m.Model, &m.Kind, &m.From, &m.To, &m.Undoes, &m.Quantity, &m.Cents}
	}, `SELECT model_id, kind, from_place, to_place, CASE WHEN undoes <> '' THEN 'undone' ELSE '' END,
			CAST(SUM(quantity) AS BIGINT), CAST(SUM(cents) AS BIGINT)
		FROM cup_movements WHERE edition_id = $1 GROUP BY model_id, kind, from_place, to_place, undoes <> ''
		ORDER BY model_id, kind, from_place, to_place, undoes <> ''`, e)
}

// givenTo says when the person got a cup of the model as a gift, and has not given it up.
func givenTo(ctx context.Context, q sqldb.Querier, model ModelID, person string) (time.Time, error) {
	return sqldb.One(ctx, q, func(at *time.Time) []any { return []any{sqldb.Moment{Time: at}} },
		`SELECT g.moved_at FROM cup_movements g WHERE g.model_id = $1 AND g.person = $2 AND g.kind = 'give' AND g.undoes = ''
			AND NOT EXISTS (SELECT 1 FROM cup_movements u WHERE u.undoes = g.id) ORDER BY g.moved_at LIMIT 1`, model, person)
}

// lockModel makes the movements of one model follow each other: on PostgreSQL two
// counters could otherwise both hand out the last cup.
func lockModel(ctx context.Context, tx *sqldb.Tx, id ModelID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE cup_models SET name = name WHERE id = $1`, id)
	return err
}
