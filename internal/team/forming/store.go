package forming

import (
	"context"
	"errors"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func getRules(ctx context.Context, q sqldb.Querier, id edition.ID) (Rules, error) {
	r, err := sqldb.One(ctx, q, func(r *Rules) []any { return []any{sqldb.JSON{Of: r}} },
		`SELECT content FROM forming_rules WHERE edition_id = $1`, id)
	if errors.Is(err, sqldb.ErrNotFound) {
		return usualRules(), nil
	}
	return r, err
}

func setRules(ctx context.Context, tx *sqldb.Tx, id edition.ID, r Rules, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO forming_rules (edition_id, content, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (edition_id) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at`, id, sqldb.JSON{Of: r}, sqldb.Micros(at))
	return err
}

// wishRow is one person's wishes.
type wishRow struct {
	who    account.ID
	wishes Wishes
}

func wishFields(w *wishRow) []any {
	return []any{&w.who, sqldb.JSON{Of: &w.wishes}, &w.wishes.Group}
}

func getWishes(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (Wishes, error) {
	w, err := sqldb.One(ctx, q, wishFields, `SELECT account_id, content, group_code FROM forming_wishes
		WHERE edition_id = $1 AND account_id = $2`, id, who)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Wishes{}, nil
	}
	return w.wishes, err
}

func listWishes(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]Wishes, error) {
	rows, err := sqldb.All(ctx, q, wishFields, `SELECT account_id, content, group_code FROM forming_wishes WHERE edition_id = $1`, id)
	all := make(map[account.ID]Wishes, len(rows))
	for _, w := range rows {
		all[w.who] = w.wishes
	}
	return all, err
}

func setWishes(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID, w Wishes, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO forming_wishes (edition_id, account_id, content, group_code, changed_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET content = excluded.content, group_code = excluded.group_code,
			changed_at = excluded.changed_at`, id, who, sqldb.JSON{Of: w}, w.Group, sqldb.Micros(at))
	return err
}

func deleteWishes(ctx context.Context, tx *sqldb.Tx, id edition.ID) (int, error) {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM forming_wishes WHERE edition_id = $1`, id)
	return int(n), err
}

func deleteWishesOf(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM forming_wishes WHERE account_id = $1`, who)
	return err
}

// listGroup returns who shares the code.
func listGroup(ctx context.Context, q sqldb.Querier, id edition.ID, code string) ([]account.ID, error) {
	return sqldb.All(ctx, q, func(who *account.ID) []any { return []any{who} },
		`SELECT account_id FROM forming_wishes WHERE edition_id = $1 AND group_code = $2 ORDER BY changed_at, account_id`, id, code)
}

const columns = `id, edition_id, number, state, content, cost, bound, proven, stopped, basis_id, board_revision, revision, made_at`

func fields(p *Proposal) []any {
	return []any{&p.ID, &p.Edition, &p.Number, &p.State, sqldb.JSON{Of: &p.Content}, &p.Cost, &p.Bound, &p.Proven, &p.Stopped,
		&p.Basis, &p.Board, &p.Revision, sqldb.Moment{Time: &p.Made}}
}

func insertProposal(ctx context.Context, tx *sqldb.Tx, p *Proposal) error {
	var err error
	p.Number, err = sqldb.Value[int](ctx, tx, `SELECT COALESCE(MAX(number), 0) + 1 FROM forming_proposals WHERE edition_id = $1`, p.Edition)
	if err != nil {
		return err
	}
	_, err = sqldb.Exec(ctx, tx, `INSERT INTO forming_proposals (id, edition_id, number, state, content, cost, bound, proven, stopped,
		basis_id, board_revision, revision, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		p.ID, p.Edition, p.Number, p.State, sqldb.JSON{Of: p.Content}, p.Cost, p.Bound, p.Proven, p.Stopped, p.Basis, p.Board, p.Revision, sqldb.Micros(p.Made))
	return err
}

// updateContent writes a change by hand; it says whether the proposal was still open and
// as the reader had seen it.
func updateContent(ctx context.Context, tx *sqldb.Tx, p Proposal) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE forming_proposals SET content = $3, revision = revision + 1
		WHERE id = $1 AND revision = $2 AND state = 'open'`, p.ID, p.Revision, sqldb.JSON{Of: p.Content})
	return n == 1, err
}

// moveProposal changes the state of a proposal that is open; it says whether it was.
func moveProposal(ctx context.Context, tx *sqldb.Tx, id edition.ID, p ID, to State) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE forming_proposals SET state = $3 WHERE edition_id = $1 AND id = $2 AND state = 'open'`, id, p, to)
	return n == 1, err
}

func getProposal(ctx context.Context, q sqldb.Querier, id edition.ID, p ID) (Proposal, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM forming_proposals WHERE edition_id = $1 AND id = $2`, id, p)
}

// listProposals returns those that are not dropped, the newest first.
func listProposals(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Proposal, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM forming_proposals
		WHERE edition_id = $1 AND state <> 'dropped' ORDER BY number DESC LIMIT 30`, id)
}

func getRun(ctx context.Context, q sqldb.Querier, id edition.ID) (Run, error) {
	return sqldb.One(ctx, q, func(r *Run) []any {
		return []any{&r.Job, sqldb.JSON{Of: r}, sqldb.Moment{Time: &r.Started}}
	}, `SELECT job_id, content, started_at FROM forming_runs WHERE edition_id = $1`, id)
}

func setRun(ctx context.Context, tx *sqldb.Tx, id edition.ID, r Run) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO forming_runs (edition_id, job_id, content, started_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id) DO UPDATE SET job_id = excluded.job_id, content = excluded.content, started_at = excluded.started_at`,
		id, r.Job, sqldb.JSON{Of: r}, sqldb.Micros(r.Started))
	return err
}
