package vote

import (
	"context"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const ballotColumns = `id, poll_id, source, batch_id, area, span_at, net, choices, aside_id`

func ballotRow(b *ballot) []any {
	return []any{&b.id, &b.source, &b.batch, &b.area, sqldb.Moment{Time: &b.span}, &b.net, sqldb.JSON{Of: &b.teams}, &b.aside}
}

func insertBallot(ctx context.Context, tx *sqldb.Tx, id ID, b ballot) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_ballots (`+ballotColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		b.id, id, b.source, b.batch, b.area, sqldb.Micros(b.span), b.net, sqldb.JSON{Of: b.teams}, b.aside)
	return err
}

func listBallots(ctx context.Context, q sqldb.Querier, id ID) ([]ballot, error) {
	return sqldb.All(ctx, q, ballotRow, `SELECT id, source, batch_id, area, span_at, net, choices, aside_id
		FROM vote_ballots WHERE poll_id = $1 ORDER BY id`, id)
}

func countBallots(ctx context.Context, q sqldb.Querier, id ID) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM vote_ballots WHERE poll_id = $1`, id)
}

// listHeaps counts the ballots that are not set aside, without their choices.
func listHeaps(ctx context.Context, q sqldb.Querier, id ID) ([]Heap, error) {
	return sqldb.All(ctx, q, func(h *Heap) []any {
		return []any{&h.Source, &h.Batch, sqldb.Moment{Time: &h.Span}, &h.Net, &h.N}
	}, `SELECT source, batch_id, span_at, net, COUNT(*) FROM vote_ballots WHERE poll_id = $1 AND aside_id = ''
		GROUP BY source, batch_id, span_at, net ORDER BY source, batch_id, span_at, net`, id)
}

// seal takes the order in which they came from codes and ballots: the box is emptied and
// filled again in the order of the drawn keys, every code is written anew, holders and
// the keys of the networks are forgotten.
func seal(ctx context.Context, tx *sqldb.Tx, id ID) error {
	all, err := listBallots(ctx, tx, id)
	if err != nil {
		return err
	}
	// What others drop in meanwhile is not among them and stays where it is.
	for some := range slices.Chunk(all, 500) {
		keys := make([]any, len(some))
		for i, b := range some {
			keys[i] = b.id
		}
		if _, err := sqldb.Exec(ctx, tx, `DELETE FROM vote_ballots WHERE id IN `+sqldb.In(1, len(some)), keys...); err != nil {
			return err
		}
	}
	for _, b := range all { // listed by their keys
		if err := insertBallot(ctx, tx, id, b); err != nil {
			return err
		}
	}
	if _, err := sqldb.Exec(ctx, tx, `UPDATE vote_tokens SET holder_id = '', team_id = '' WHERE poll_id = $1`, id); err != nil {
		return err
	}
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM vote_series WHERE batch_id IN (SELECT id FROM vote_batches WHERE poll_id = $1)`, id); err != nil {
		return err
	}
	_, err = sqldb.Exec(ctx, tx, `DELETE FROM vote_keys WHERE poll_id = $1`, id)
	return err
}

// blur forgets when and from which network each ballot came.
func blur(ctx context.Context, tx *sqldb.Tx, id ID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE vote_ballots SET span_at = 0, net = '' WHERE poll_id = $1`, id)
	return err
}

func insertReason(ctx context.Context, tx *sqldb.Tx, reason string, id ID, team, body string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_reasons (id, poll_id, team_id, body, state, decided_by)
		VALUES ($1, $2, $3, $4, 'waiting', '')`, reason, id, team, body)
	return err
}

// Reason is why somebody chose.
type Reason struct {
	ID    string
	Team  string
	Body  string
	State string // waiting, shown, hidden
}

func reasonFields(r *Reason) []any { return []any{&r.ID, &r.Team, &r.Body, &r.State} }

func listReasons(ctx context.Context, q sqldb.Querier, id ID) ([]Reason, error) {
	return sqldb.All(ctx, q, reasonFields, `SELECT id, team_id, body, state FROM vote_reasons WHERE poll_id = $1 ORDER BY id`, id)
}

func decideReason(ctx context.Context, tx *sqldb.Tx, id ID, reason, state string, by account.ID) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_reasons SET state = $3, decided_by = $4 WHERE poll_id = $1 AND id = $2`, id, reason, state, by)
	return n == 1, err
}

// note counts something that looked odd.
func note(ctx context.Context, tx *sqldb.Tx, id ID, n noted) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_signs (poll_id, kind, source, batch_id, span_at, net, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (poll_id, kind, source, batch_id, span_at, net) DO UPDATE SET n = vote_signs.n + excluded.n`,
		id, n.kind, n.Source, n.Batch, sqldb.Micros(n.Span), n.Net, n.N)
	return err
}

// noteLongest keeps the longest of the runs of a span.
func noteLongest(ctx context.Context, tx *sqldb.Tx, id ID, n noted) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_signs (poll_id, kind, source, batch_id, span_at, net, n) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (poll_id, kind, source, batch_id, span_at, net) DO UPDATE SET n = excluded.n WHERE vote_signs.n < excluded.n`,
		id, n.kind, n.Source, n.Batch, sqldb.Micros(n.Span), n.Net, n.N)
	return err
}

func listNoted(ctx context.Context, q sqldb.Querier, id ID) ([]noted, error) {
	return sqldb.All(ctx, q, func(n *noted) []any {
		return []any{&n.kind, &n.Source, &n.Batch, sqldb.Moment{Time: &n.Span}, &n.Net, &n.N}
	}, `SELECT kind, source, batch_id, span_at, net, n FROM vote_signs WHERE poll_id = $1 ORDER BY kind, source, batch_id, span_at, net`, id)
}

// tries counts the wrong codes of a network in a span.
func tries(ctx context.Context, q sqldb.Querier, id ID, span time.Time, net string) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM vote_signs
		WHERE poll_id = $1 AND kind = 'unknown' AND span_at = $2 AND net = $3`, id, sqldb.Micros(span), net)
}

// series is the last card of a stack that was used.
type series struct {
	serial int
	at     time.Time
	run    int
}

// lockSeries reads a stack's series, the zero one for a new stack, and makes whoever uses a
// card of the same stack at the same time wait, so that no card is missed.
func lockSeries(ctx context.Context, tx *sqldb.Tx, batch string) (series, error) {
	return sqldb.One(ctx, tx, func(s *series) []any { return []any{&s.serial, sqldb.Moment{Time: &s.at}, &s.run} },
		`INSERT INTO vote_series (batch_id, card, used_at, run) VALUES ($1, 0, 0, 0)
		ON CONFLICT (batch_id) DO UPDATE SET run = vote_series.run RETURNING card, used_at, run`, batch)
}

func putSeries(ctx context.Context, tx *sqldb.Tx, batch string, s series) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_series (batch_id, card, used_at, run) VALUES ($1, $2, $3, $4)
		ON CONFLICT (batch_id) DO UPDATE SET card = excluded.card, used_at = excluded.used_at, run = excluded.run`,
		batch, s.serial, sqldb.Micros(s.at), s.run)
	return err
}

// dayKey is the key of a day's network marks; the first who asks draws it.
func dayKey(ctx context.Context, tx *sqldb.Tx, id ID, day, fresh string) (string, error) {
	if _, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_keys (poll_id, day, secret) VALUES ($1, $2, $3) ON CONFLICT (poll_id, day) DO NOTHING`, id, day, fresh); err != nil {
		return "", err
	}
	return sqldb.Value[string](ctx, tx, `SELECT secret FROM vote_keys WHERE poll_id = $1 AND day = $2`, id, day)
}

// Aside is a decision to leave ballots out.
type Aside struct {
	ID       string
	Source   Source
	Batch    string
	Span     time.Time
	Net      string
	Ballots  int
	Reason   string
	By       account.ID
	At       time.Time
	Restored time.Time
	Why      string // it was taken back
}

func asideFields(a *Aside) []any {
	return []any{&a.ID, &a.Source, &a.Batch, sqldb.Moment{Time: &a.Span}, &a.Net, &a.Ballots, &a.Reason, &a.By,
		sqldb.Moment{Time: &a.At}, sqldb.Moment{Time: &a.Restored}, &a.Why}
}

func listAsides(ctx context.Context, q sqldb.Querier, id ID) ([]Aside, error) {
	return sqldb.All(ctx, q, asideFields, `SELECT id, source, batch_id, span_at, net, ballots, reason, by_id, at, restored_at, restored_why
		FROM vote_asides WHERE poll_id = $1 ORDER BY at, id`, id)
}

// setAside marks the ballots that the decision names and returns how many.
func setAside(ctx context.Context, tx *sqldb.Tx, id ID, a Aside) (int, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_ballots SET aside_id = $2 WHERE poll_id = $1 AND aside_id = '' AND source = $3
			AND (CAST($4 AS TEXT) = '' OR batch_id = $4) AND (CAST($5 AS BIGINT) = 0 OR span_at = $5) AND (CAST($6 AS TEXT) = '' OR net = $6)`,
		id, a.ID, a.Source, a.Batch, sqldb.Micros(a.Span), a.Net)
	return int(n), err
}

func insertAside(ctx context.Context, tx *sqldb.Tx, id ID, a Aside) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_asides (id, poll_id, source, batch_id, span_at, net, ballots, reason, by_id, at, restored_at, restored_why, restored_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, '', '')`,
		a.ID, id, a.Source, a.Batch, sqldb.Micros(a.Span), a.Net, a.Ballots, a.Reason, a.By, sqldb.Micros(a.At))
	return err
}

// restoreAside puts the ballots back into the count.
func restoreAside(ctx context.Context, tx *sqldb.Tx, id ID, aside, why string, by account.ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_asides SET restored_at = $3, restored_why = $4, restored_by = $5
		WHERE poll_id = $1 AND id = $2 AND restored_at = 0`, id, aside, sqldb.Micros(at), why, by)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = sqldb.Exec(ctx, tx, `UPDATE vote_ballots SET aside_id = '' WHERE poll_id = $1 AND aside_id = $2`, id, aside)
	return err == nil, err
}

// countEdition counts the ballots of all votes of an edition.
func countEdition(ctx context.Context, q sqldb.Querier, e edition.ID) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM vote_ballots b JOIN vote_polls p ON p.id = b.poll_id WHERE p.edition_id = $1`, e)
}
