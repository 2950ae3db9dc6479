// Package trail writes who changed what, when, from which value to which. A service
// writes its entry in the transaction of the change. Entries are never altered.
package trail

import (
	"context"
	"fmt"
	"time"

	"h48/internal/kit/ids"
	"h48/internal/kit/sqldb"
)

// Entry is one change.
type Entry struct {
	ID string
	// Edition is empty for what belongs to the whole installation.
	Edition string
	// Actor is the account that did it; empty for the program itself.
	Actor string
	// Action is a verb of a room, such as "team.joined".
	Action string
	// Subject is what was changed: a kind and an id, such as "team:01j…".
	Subject string
	// Before and After are the values in a reader's words; either may be empty. They
	// hold no health data and no secret.
	Before, After string
	// EditionAt is the edition's time, MadeAt the wall's.
	EditionAt, MadeAt time.Time
}

// Trail writes entries.
type Trail struct{ ids *ids.Source }

// New returns a trail that names its entries from the source.
func New(source *ids.Source) *Trail { return &Trail{ids: source} }

// Write adds the entry; its ID and MadeAt are set here.
func (t *Trail) Write(ctx context.Context, tx *sqldb.Tx, e Entry) error {
	if e.EditionAt.IsZero() {
		e.EditionAt = tx.Now()
	}
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO trail_entries
		(id, edition_id, actor_id, action, subject, before, after, edition_at, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		t.ids.ID(), e.Edition, e.Actor, e.Action, e.Subject, e.Before, e.After,
		sqldb.Micros(e.EditionAt), sqldb.Micros(tx.Now()))
	if err != nil {
		return fmt.Errorf("writing the trail of %s: %w", e.Action, err)
	}
	return nil
}

// Of returns the newest entries of the edition, at most limit, older than the entry
// before ("" for the newest); with a subject, only its own.
func Of(ctx context.Context, q sqldb.Querier, edition, subject, before string, limit int) ([]Entry, error) {
	return sqldb.All(ctx, q, func(e *Entry) []any {
		return []any{&e.ID, &e.Edition, &e.Actor, &e.Action, &e.Subject, &e.Before, &e.After,
			sqldb.Moment{Time: &e.EditionAt}, sqldb.Moment{Time: &e.MadeAt}}
	}, `SELECT id, edition_id, actor_id, action, subject, before, after, edition_at, made_at
		FROM trail_entries
		WHERE edition_id = $1 AND (CAST($2 AS TEXT) = '' OR subject = $2) AND (CAST($3 AS TEXT) = '' OR id < $3)
		ORDER BY id DESC LIMIT $4`, edition, subject, before, limit)
}
