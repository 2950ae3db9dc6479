// Package turns makes those who change the same thing follow each other.
//
// Where a use case reads much, decides, and writes what it decided, two of them at once
// could each decide on what the other is about to change: on PostgreSQL the later one
// would write the earlier one's answer away. A service that takes the turn first reads
// what everybody before it has committed. It is for what people do now and then; what
// thousands do at once names the state that it leaves instead (docs/sql.md).
package turns

import (
	"context"
	"fmt"

	"h48/internal/kit/sqldb"
)

// Take waits until no other transaction has the turn of that name, such as "crew:" and an
// edition's id, and has it until the transaction ends. It is the first that a transaction
// does: what was read before may be old. SQLite has one writer, so there it is nothing.
func Take(ctx context.Context, tx *sqldb.Tx, name string) error {
	if tx.Dialect == sqldb.SQLite {
		return nil
	}
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO turns (name) VALUES ($1) ON CONFLICT (name) DO UPDATE SET name = excluded.name`, name)
	if err != nil {
		return fmt.Errorf("taking the turn of %s: %w", name, err)
	}
	return nil
}
