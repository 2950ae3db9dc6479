package choosing

import (
	"context"
	"errors"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/programme"
)

// getBook returns how an edition's people choose; the usual book where nothing was said.
func getBook(ctx context.Context, q sqldb.Querier, id edition.ID) (Book, error) {
	b, err := sqldb.One(ctx, q, func(b *Book) []any {
		return []any{sqldb.Moment{Time: &b.Until}, &b.Most, &b.Job, sqldb.JSON{Of: &b.Plan}, sqldb.Moment{Time: &b.Published}}
	}, `SELECT until_at, most, job_id, plan, published_at FROM choosing_books WHERE edition_id = $1`, id)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Book{Most: 2}, nil
	}
	return b, err
}

func setBook(ctx context.Context, tx *sqldb.Tx, id edition.ID, b Book) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO choosing_books (edition_id, until_at, most, job_id, plan, published_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (edition_id) DO UPDATE SET until_at = excluded.until_at, most = excluded.most, job_id = excluded.job_id,
			plan = excluded.plan, published_at = excluded.published_at`,
		id, sqldb.Micros(b.Until), b.Most, b.Job, sqldb.JSON{Of: b.Plan}, sqldb.Micros(b.Published))
	return err
}

// publish marks the plan as true; false where it was already.
func publish(ctx context.Context, tx *sqldb.Tx, id edition.ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE choosing_books SET published_at = $2 WHERE edition_id = $1 AND published_at = 0 AND plan <> ''`, id, sqldb.Micros(at))
	return n == 1, err
}

func listWishes(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Wish, error) {
	return sqldb.All(ctx, q, func(w *Wish) []any { return []any{&w.Who, sqldb.JSON{Of: &w.Sessions}} },
		`SELECT account_id, content FROM choosing_wishes WHERE edition_id = $1 ORDER BY account_id`, id)
}

func wishOf(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) ([]programme.ID, error) {
	w, err := sqldb.One(ctx, q, func(w *Wish) []any { return []any{sqldb.JSON{Of: &w.Sessions}} },
		`SELECT content FROM choosing_wishes WHERE edition_id = $1 AND account_id = $2`, id, who)
	if errors.Is(err, sqldb.ErrNotFound) {
		return nil, nil
	}
	return w.Sessions, err
}

func setWish(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID, sessions []programme.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO choosing_wishes (edition_id, account_id, content, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at`,
		id, who, sqldb.JSON{Of: sessions}, sqldb.Micros(at))
	return err
}

// deleteWishes drops what a person wished.
func deleteWishes(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM choosing_wishes WHERE account_id = $1`, who)
	return err
}
