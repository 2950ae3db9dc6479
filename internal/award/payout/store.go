package payout

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func upsertShare(ctx context.Context, tx *sqldb.Tx, e edition.ID, s Share) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO payout_shares (edition_id, prize_id, account_id, name, cents) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (prize_id, account_id) DO UPDATE SET cents = excluded.cents`, e, s.Prize, s.Account, s.Name, s.Cents)
	return err
}

func shareFields(s *Share) []any { return []any{&s.Prize, &s.Account, &s.Name, &s.Cents} }

func movementFields(m *Movement) []any {
	return []any{&m.Prize, &m.Account, &m.Step, &m.State, &m.Cents, &m.Reason, &m.Actor, &m.ActorName, sqldb.Moment{Time: &m.At}}
}

// listShares returns the shares that are kept, with their steps, by prize.
func listShares(ctx context.Context, q sqldb.Querier, e edition.ID) (map[award.PrizeID][]Share, error) {
	shares, err := sqldb.All(ctx, q, shareFields, `SELECT prize_id, account_id, name, cents FROM payout_shares
		WHERE edition_id = $1 ORDER BY prize_id, name, account_id`, e)
	if err != nil {
		return nil, fmt.Errorf("reading the shares: %w", err)
	}
	moves, err := sqldb.All(ctx, q, movementFields, `SELECT prize_id, account_id, step, state, cents, reason, actor_id, actor_name, moved_at
		FROM payout_movements WHERE edition_id = $1 ORDER BY prize_id, account_id, step`, e)
	if err != nil {
		return nil, fmt.Errorf("reading what became of the shares: %w", err)
	}
	byPrize := map[award.PrizeID][]Share{}
	for _, s := range shares {
		s.kept = true
		for _, m := range moves {
			if m.Prize == s.Prize && m.Account == s.Account {
				s.Steps = append(s.Steps, m)
			}
		}
		byPrize[s.Prize] = append(byPrize[s.Prize], s)
	}
	return byPrize, nil
}

func insertMovement(ctx context.Context, tx *sqldb.Tx, e edition.ID, id string, m Movement) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO payout_movements (id, edition_id, prize_id, account_id, step, state, cents, reason, actor_id, actor_name, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`, id, e, m.Prize, m.Account, m.Step, m.State, m.Cents, m.Reason, m.Actor, m.ActorName, sqldb.Micros(m.At))
	return err
}

// vault is a row of sealed bank details.
type vault struct {
	account account.ID
	sealed  string
	given   time.Time
	ends    time.Time
}

func vaultFields(v *vault) []any {
	return []any{&v.account, &v.sealed, sqldb.Moment{Time: &v.given}, sqldb.Moment{Time: &v.ends}}
}

func upsertVault(ctx context.Context, tx *sqldb.Tx, e edition.ID, v vault) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO payout_accounts (edition_id, account_id, sealed, given_at, ends_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET sealed = excluded.sealed, given_at = excluded.given_at, ends_at = excluded.ends_at`,
		e, v.account, v.sealed, sqldb.Micros(v.given), sqldb.Micros(v.ends))
	return err
}

func listVaults(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID]vault, error) {
	rows, err := sqldb.All(ctx, q, vaultFields, `SELECT account_id, sealed, given_at, ends_at FROM payout_accounts WHERE edition_id = $1`, e)
	if err != nil {
		return nil, fmt.Errorf("reading whose bank details there are: %w", err)
	}
	all := map[account.ID]vault{}
	for _, v := range rows {
		all[v.account] = v
	}
	return all, nil
}

func deleteVault(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID) (int64, error) {
	return sqldb.Exec(ctx, tx, `DELETE FROM payout_accounts WHERE edition_id = $1 AND account_id = $2`, e, who)
}

func deleteVaultsOf(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM payout_accounts WHERE account_id = $1`, who)
	return err
}
