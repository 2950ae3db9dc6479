package recap

import (
	"context"
	"errors"
	"fmt"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func fields(r *Recap) []any {
	return []any{&r.Edition, &r.Text, &r.Edited, sqldb.JSON{Of: &r.Figures}, sqldb.Moment{Time: &r.Written}, sqldb.Moment{Time: &r.Published}}
}

// get returns the edition's recap; an empty one before the first draft.
func get(ctx context.Context, q sqldb.Querier, e edition.ID) (Recap, error) {
	r, err := sqldb.One(ctx, q, fields, `SELECT edition_id, body, edited, figures, written_at, published_at FROM recaps WHERE edition_id = $1`, e)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Recap{Edition: e}, nil
	}
	if err != nil {
		return r, fmt.Errorf("reading the recap: %w", err)
	}
	return r, nil
}

func put(ctx context.Context, tx *sqldb.Tx, r Recap) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO recaps (edition_id, body, edited, figures, written_at, published_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (edition_id) DO UPDATE SET body = excluded.body, edited = excluded.edited, figures = excluded.figures,
		written_at = excluded.written_at, published_at = excluded.published_at`,
		r.Edition, r.Text, r.Edited, sqldb.JSON{Of: r.Figures}, sqldb.Micros(r.Written), sqldb.Micros(r.Published))
	return err
}

const pictureColumns = `id, edition_id, file_key, content_type, alt, credit, consent`

func pictureFields(p *Picture) []any {
	return []any{&p.ID, &p.Edition, &p.Key, &p.ContentType, &p.Alt, &p.Credit, &p.Consent}
}

func insertPicture(ctx context.Context, tx *sqldb.Tx, p Picture) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO recap_pictures (`+pictureColumns+`, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		p.ID, p.Edition, p.Key, p.ContentType, p.Alt, p.Credit, p.Consent, sqldb.Micros(tx.Now()))
	return err
}

func listPictures(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Picture, error) {
	return sqldb.All(ctx, q, pictureFields, `SELECT `+pictureColumns+` FROM recap_pictures WHERE edition_id = $1 ORDER BY id`, e)
}

func getPicture(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (Picture, error) {
	return sqldb.One(ctx, q, pictureFields, `SELECT `+pictureColumns+` FROM recap_pictures WHERE edition_id = $1 AND id = $2`, e, id)
}

func deletePicture(ctx context.Context, tx *sqldb.Tx, id string) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM recap_pictures WHERE id = $1`, id)
	return err
}
