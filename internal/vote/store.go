package vote

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const pollColumns = `id, edition_id, question, words, most, audience, spare_own, asks_why, areas, opens_at, closes_at, state, secret,
	checked_at, checked_by, publish_at`

func pollFields(p *Poll) []any {
	return []any{&p.ID, &p.Edition, &p.Question, &p.Words, &p.Most, &p.Audience, &p.SpareOwn, &p.AsksWhy, sqldb.JSON{Of: &p.Areas},
		sqldb.Moment{Time: &p.Opens}, sqldb.Moment{Time: &p.Closes}, &p.State, &p.secret,
		sqldb.Moment{Time: &p.Checked}, &p.CheckedBy, sqldb.Moment{Time: &p.PublishAt}}
}

func getPoll(ctx context.Context, q sqldb.Querier, e edition.ID, id ID) (Poll, error) {
	return sqldb.One(ctx, q, pollFields, `SELECT `+pollColumns+` FROM vote_polls WHERE edition_id = $1 AND id = $2`, e, id)
}

func listPolls(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Poll, error) {
	return sqldb.All(ctx, q, pollFields, `SELECT `+pollColumns+` FROM vote_polls WHERE edition_id = $1 ORDER BY opens_at, id`, e)
}

func insertPoll(ctx context.Context, tx *sqldb.Tx, p Poll) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_polls (`+pollColumns+`, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'planned', $12, 0, '', 0, $13)`,
		p.ID, p.Edition, p.Question, p.Words, p.Most, p.Audience, p.SpareOwn, p.AsksWhy, sqldb.JSON{Of: p.Areas}, sqldb.Micros(p.Opens),
		sqldb.Micros(p.Closes), p.secret, sqldb.Micros(tx.Now()))
	return err
}

// updatePlan changes a vote that has not opened.
func updatePlan(ctx context.Context, tx *sqldb.Tx, id ID, p Plan) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_polls SET question = $2, words = $3, most = $4, audience = $5, spare_own = $6, asks_why = $7,
			areas = $8, opens_at = $9, closes_at = $10 WHERE id = $1 AND state = 'planned'`,
		id, p.Question, p.Words, p.Most, p.Audience, p.SpareOwn, p.AsksWhy, sqldb.JSON{Of: p.Areas}, sqldb.Micros(p.Opens), sqldb.Micros(p.Closes))
	return n == 1, err
}

func openPoll(ctx context.Context, tx *sqldb.Tx, id ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_polls SET state = 'open', opens_at = $2 WHERE id = $1 AND state = 'planned'`, id, sqldb.Micros(at))
	return n == 1, err
}

// closePoll ends a vote and forgets the secret of its codes: from here on nobody can tell
// whether a person has voted.
func closePoll(ctx context.Context, tx *sqldb.Tx, id ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_polls SET state = 'closed', closes_at = $2, secret = '' WHERE id = $1 AND state = 'open'`, id, sqldb.Micros(at))
	return n == 1, err
}

// movePollEnd changes when a vote that is not over closes.
func movePollEnd(ctx context.Context, tx *sqldb.Tx, id ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_polls SET closes_at = $2 WHERE id = $1 AND state = 'open'`, id, sqldb.Micros(at))
	return n == 1, err
}

func checkPoll(ctx context.Context, tx *sqldb.Tx, id ID, by account.ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_polls SET state = 'checked', checked_at = $3, checked_by = $2
		WHERE id = $1 AND state = 'closed'`, id, by, sqldb.Micros(at))
	return n == 1, err
}

func publishPoll(ctx context.Context, tx *sqldb.Tx, id ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_polls SET publish_at = $2 WHERE id = $1 AND state = 'checked'`, id, sqldb.Micros(at))
	return n == 1, err
}

func deletePoll(ctx context.Context, tx *sqldb.Tx, id ID) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM vote_polls WHERE id = $1 AND state = 'planned'`, id)
	return n == 1, err
}

func insertChoice(ctx context.Context, tx *sqldb.Tx, id ID, position int, c Choice) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_options (poll_id, team_id, team_name, title, pitch, picture, position)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, id, c.Team, c.TeamName, c.Title, c.Pitch, c.Picture, position)
	return err
}

func listChoices(ctx context.Context, q sqldb.Querier, id ID) ([]Choice, error) {
	return sqldb.All(ctx, q, func(c *Choice) []any { return []any{&c.Team, &c.TeamName, &c.Title, &c.Pitch, &c.Picture} },
		`SELECT team_id, team_name, title, pitch, picture FROM vote_options WHERE poll_id = $1 ORDER BY position`, id)
}

// Batch are codes that were made together.
type Batch struct {
	ID      string
	Poll    ID
	Source  Source
	Label   string
	Area    string
	Size    int
	Job     string
	Made    time.Time
	Voided  time.Time
	Why     string
	madeBy  account.ID
	waiting int
}

const batchColumns = `b.id, b.poll_id, b.source, b.label, b.area, b.size, b.job_id, b.made_by, b.made_at, b.voided_at, b.voided_why,
	(SELECT COUNT(*) FROM vote_letters l WHERE l.batch_id = b.id AND NOT l.sent)`

func batchFields(b *Batch) []any {
	return []any{&b.ID, &b.Poll, &b.Source, &b.Label, &b.Area, &b.Size, &b.Job, &b.madeBy, sqldb.Moment{Time: &b.Made},
		sqldb.Moment{Time: &b.Voided}, &b.Why, &b.waiting}
}

func insertBatch(ctx context.Context, tx *sqldb.Tx, b Batch) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_batches (id, poll_id, source, label, area, size, job_id, made_by, made_at, voided_at, voided_why)
		VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8, 0, '')`, b.ID, b.Poll, b.Source, b.Label, b.Area, b.Size, b.madeBy, sqldb.Micros(b.Made))
	return err
}

func setBatchJob(ctx context.Context, tx *sqldb.Tx, batch, job string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE vote_batches SET job_id = $2 WHERE id = $1`, batch, job)
	return err
}

func listBatches(ctx context.Context, q sqldb.Querier, id ID) ([]Batch, error) {
	return sqldb.All(ctx, q, batchFields, `SELECT `+batchColumns+` FROM vote_batches b WHERE b.poll_id = $1 ORDER BY b.made_at, b.id`, id)
}

func getBatch(ctx context.Context, q sqldb.Querier, id ID, batch string) (Batch, error) {
	return sqldb.One(ctx, q, batchFields, `SELECT `+batchColumns+` FROM vote_batches b WHERE b.poll_id = $1 AND b.id = $2`, id, batch)
}

// voidBatch takes the unused codes of a batch out of use.
func voidBatch(ctx context.Context, tx *sqldb.Tx, batch, why string, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_batches SET voided_at = $2, voided_why = $3 WHERE id = $1 AND voided_at = 0`, batch, sqldb.Micros(at), why)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = sqldb.Exec(ctx, tx, `UPDATE vote_tokens SET state = 'void' WHERE batch_id = $1 AND state = 'fresh'`, batch)
	return err == nil, err
}

// token is a code as it is kept.
type token struct {
	mark   string
	poll   ID
	source Source
	batch  string
	serial int
	holder account.ID
	team   string
	state  string
}

func insertToken(ctx context.Context, tx *sqldb.Tx, t token) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_tokens (mark, poll_id, source, batch_id, card, holder_id, team_id, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (mark) DO NOTHING`,
		t.mark, t.poll, t.source, t.batch, t.serial, t.holder, t.team, t.state)
	return n == 1, err
}

func getToken(ctx context.Context, q sqldb.Querier, id ID, mark string) (token, error) {
	return sqldb.One(ctx, q, func(t *token) []any {
		return []any{&t.mark, &t.poll, &t.source, &t.batch, &t.serial, &t.holder, &t.team, &t.state}
	}, `SELECT mark, poll_id, source, batch_id, card, holder_id, team_id, state FROM vote_tokens WHERE mark = $1 AND poll_id = $2`, mark, id)
}

// spendToken uses a fresh code up; false where it is not fresh any more.
func spendToken(ctx context.Context, tx *sqldb.Tx, mark string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_tokens SET state = 'spent' WHERE mark = $1 AND state = 'fresh'`, mark)
	return n == 1, err
}

// issued counts the codes of each source and batch.
type issued struct {
	stack
	fresh, spent int
}

func countTokens(ctx context.Context, q sqldb.Querier, id ID) ([]issued, error) {
	return sqldb.All(ctx, q, func(i *issued) []any { return []any{&i.source, &i.batch, &i.fresh, &i.spent} },
		`SELECT source, batch_id, COUNT(*) FILTER (WHERE state = 'fresh'), COUNT(*) FILTER (WHERE state = 'spent')
		FROM vote_tokens WHERE poll_id = $1 GROUP BY source, batch_id ORDER BY source, batch_id`, id)
}

func insertLetter(ctx context.Context, tx *sqldb.Tx, id, batch string, who account.ID, address string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO vote_letters (id, batch_id, account_id, address, sent) VALUES ($1, $2, $3, $4, FALSE)`, id, batch, who, address)
	return err
}

type letter struct {
	id      string
	account account.ID
	address string
}

func waitingLetters(ctx context.Context, q sqldb.Querier, batch string) ([]letter, error) {
	return sqldb.All(ctx, q, func(l *letter) []any { return []any{&l.id, &l.account, &l.address} },
		`SELECT id, account_id, address FROM vote_letters WHERE batch_id = $1 AND NOT sent ORDER BY id`, batch)
}

// sentLetter notes that a letter was ordered and forgets to whom; false where it was
// before.
func sentLetter(ctx context.Context, tx *sqldb.Tx, id string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE vote_letters SET sent = TRUE, address = '', account_id = '' WHERE id = $1 AND NOT sent`, id)
	return n == 1, err
}

func forgetHolder(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	if _, err := sqldb.Exec(ctx, tx, `UPDATE vote_tokens SET holder_id = '' WHERE holder_id = $1`, who); err != nil {
		return err
	}
	_, err := sqldb.Exec(ctx, tx, `UPDATE vote_letters SET account_id = '', address = '', sent = TRUE WHERE account_id = $1`, who)
	return err
}
