package chain

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/kit/sqldb"
)

// Append adds one entry to the edition's chain; see AppendAll.
func (c *Chain) Append(ctx context.Context, tx *sqldb.Tx, edition, kind, subject string, body any) error {
	return c.AppendAll(ctx, tx, edition, Item{Kind: kind, Subject: subject, Body: body})
}

// AppendAll adds entries in their order: one statement each, and two for the end of the
// chain however many there are. From here to the end of the transaction others who append to the same edition wait, so
// a service appends last, after all its other changes.
func (c *Chain) AppendAll(ctx context.Context, tx *sqldb.Tx, edition string, items ...Item) error {
	if len(items) == 0 {
		return nil
	}
	head, err := c.advance(ctx, tx, edition, len(items))
	if err != nil {
		return fmt.Errorf("finding the end of the chain: %w", err)
	}
	at := tx.Now().Truncate(time.Microsecond)
	for _, it := range items {
		e, err := head.write(at, it)
		if err != nil {
			return err
		}
		if err := insertEntry(ctx, tx, edition, e); err != nil {
			return fmt.Errorf("adding to the chain: %w", err)
		}
		head = Head{N: e.N, Hash: e.Hash}
	}
	if _, err := sqldb.Exec(ctx, tx, `UPDATE chain_heads SET hash = $2 WHERE edition_id = $1`, edition, head.Hash); err != nil {
		return fmt.Errorf("moving the end of the chain: %w", err)
	}
	return nil
}

// Hold makes others who append to the edition's chain wait from here to the end of the
// transaction, and waits for those who do: what the caller reads from here on holds when it
// appends. It is for what is rare; everybody else appends last.
func (c *Chain) Hold(ctx context.Context, tx *sqldb.Tx, edition string) error {
	if _, err := c.advance(ctx, tx, edition, 0); err != nil {
		return fmt.Errorf("holding the chain: %w", err)
	}
	return nil
}

// advance moves the head by n entries and returns where it was. Changing the row first
// makes those who append at once follow each other on both databases.
func (c *Chain) advance(ctx context.Context, tx *sqldb.Tx, edition string, n int) (Head, error) {
	h, err := sqldb.One(ctx, tx, headFields, `INSERT INTO chain_heads (edition_id, n, hash, salt) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id) DO UPDATE SET n = chain_heads.n + excluded.n RETURNING n, hash`,
		edition, n, Genesis(edition), c.ids.Secret())
	h.N -= int64(n)
	return h, err
}

func headFields(h *Head) []any { return []any{&h.N, &h.Hash} }

func insertEntry(ctx context.Context, tx *sqldb.Tx, edition string, e Entry) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO chain_entries (edition_id, n, made_at, kind, subject, body, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, edition, e.N, sqldb.Micros(e.At), e.Kind, e.Subject, e.Body, e.Hash)
	return err
}

// Conceal is what stands in an entry for a text that must not stand there in the clear:
// its digest under the chain's salt, "" for no text. Whoever holds both text and salt can
// show that they belong together; without the salt the text cannot be guessed.
func (c *Chain) Conceal(ctx context.Context, tx *sqldb.Tx, edition, subject, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	salt, err := sqldb.Value[string](ctx, tx, `SELECT salt FROM chain_heads WHERE edition_id = $1`, edition)
	if errors.Is(err, sqldb.ErrNotFound) {
		if _, err = c.advance(ctx, tx, edition, 0); err == nil {
			salt, err = sqldb.Value[string](ctx, tx, `SELECT salt FROM chain_heads WHERE edition_id = $1`, edition)
		}
	}
	if err != nil {
		return "", fmt.Errorf("finding the chain's salt: %w", err)
	}
	return conceal(salt, subject, text), nil
}

// End is where the edition's chain ends.
func End(ctx context.Context, q sqldb.Querier, edition string) (Head, error) {
	h, err := sqldb.One(ctx, q, headFields, `SELECT n, hash FROM chain_heads WHERE edition_id = $1`, edition)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Head{Hash: Genesis(edition)}, nil
	}
	return h, err
}

// After lists the entries that follow entry n, at most limit.
func After(ctx context.Context, q sqldb.Querier, edition string, n int64, limit int) ([]Entry, error) {
	return sqldb.All(ctx, q, func(e *Entry) []any {
		return []any{&e.N, sqldb.Moment{Time: &e.At}, &e.Kind, &e.Subject, &e.Body, &e.Hash}
	}, `SELECT n, made_at, kind, subject, body, hash FROM chain_entries WHERE edition_id = $1 AND n > $2 ORDER BY n LIMIT $3`, edition, n, limit)
}

// Each calls f with every entry of the edition in its order.
func Each(ctx context.Context, q sqldb.Querier, edition string, f func(Entry) error) error {
	for n := int64(0); ; {
		all, err := After(ctx, q, edition, n, 1000)
		if err != nil {
			return fmt.Errorf("reading the chain: %w", err)
		}
		for _, e := range all {
			if err := f(e); err != nil {
				return err
			}
			n = e.N
		}
		if len(all) == 0 {
			return nil
		}
	}
}
