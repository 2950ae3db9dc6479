package award

import (
	"context"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func insertSignature(ctx context.Context, tx *sqldb.Tx, e edition.ID, s Signature) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_signatures (id, edition_id, account_id, name, digest, way, drawing, signed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, s.ID, e, s.Account, s.Name, s.Digest, s.Way, s.Drawing, sqldb.Micros(s.At))
	return err
}

func signatureFields(s *Signature) []any {
	return []any{&s.ID, &s.Account, &s.Name, &s.Digest, &s.Way, &s.Drawing, sqldb.Moment{Time: &s.At}}
}

// listSignatures returns the signatures, the oldest first.
func listSignatures(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Signature, error) {
	return sqldb.All(ctx, q, signatureFields, `SELECT id, account_id, name, digest, way, drawing, signed_at FROM deliberation_signatures
		WHERE edition_id = $1 ORDER BY signed_at, id`, e)
}

func insertScan(ctx context.Context, tx *sqldb.Tx, e edition.ID, s Scan) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_scans (id, edition_id, digest, file_key, file_kind, file_hash, actor_name, added_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, s.ID, e, s.Digest, s.Key, s.Kind, s.Hash, s.By, sqldb.Micros(s.At))
	return err
}

func scanFields(s *Scan) []any {
	return []any{&s.ID, &s.Digest, &s.Key, &s.Kind, &s.Hash, &s.By, sqldb.Moment{Time: &s.At}}
}

func listScans(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Scan, error) {
	return sqldb.All(ctx, q, scanFields, `SELECT id, digest, file_key, file_kind, file_hash, actor_name, added_at FROM deliberation_scans
		WHERE edition_id = $1 ORDER BY added_at, id`, e)
}
