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

// Filter narrows what is read of a trail; its zero value narrows nothing.
type Filter struct {
	Subject, Actor string
	// Actions are the verbs to be had, at most 500; every verb where it is empty.
	Actions []string
	// Before is the id of an entry: only older ones are read.
	Before string
}

const filtered = `SELECT id, edition_id, actor_id, action, subject, before, after, edition_at, made_at FROM trail_entries
	WHERE edition_id = $1 AND (CAST($2 AS TEXT) = '' OR subject = $2) AND (CAST($3 AS TEXT) = '' OR id < $3)
		AND (CAST($4 AS TEXT) = '' OR actor_id = $4)`

func fields(e *Entry) []any {
	return []any{&e.ID, &e.Edition, &e.Actor, &e.Action, &e.Subject, &e.Before, &e.After,
		sqldb.Moment{Time: &e.EditionAt}, sqldb.Moment{Time: &e.MadeAt}}
}

// Of returns the newest entries of the edition that the filter lets through, at most limit.
func Of(ctx context.Context, q sqldb.Querier, edition string, f Filter, limit int) ([]Entry, error) {
	args := []any{edition, f.Subject, f.Before, f.Actor, limit}
	if len(f.Actions) == 0 {
		return sqldb.All(ctx, q, fields, filtered+` ORDER BY id DESC LIMIT $5`, args...)
	}
	for _, action := range f.Actions {
		args = append(args, action)
	}
	return sqldb.All(ctx, q, fields, filtered+` AND action IN `+sqldb.In(6, len(f.Actions))+` ORDER BY id DESC LIMIT $5`, args...)
}

// Actions lists the verbs that the edition's trail has, in the order of the alphabet.
func Actions(ctx context.Context, q sqldb.Querier, edition string) ([]string, error) {
	return sqldb.All(ctx, q, func(action *string) []any { return []any{action} },
		`SELECT DISTINCT action FROM trail_entries WHERE edition_id = $1 ORDER BY action`, edition)
}
