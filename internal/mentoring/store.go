package mentoring

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const requestColumns = `r.id, r.edition_id, r.team_id, r.place, COALESCE(r.theme_id, ''), COALESCE(t.name, ''), r.text, r.note,
	r.state, r.asked_by, COALESCE(r.mentor_id, ''), COALESCE(a.name, ''), r.asked_at, r.open_since, r.waited,
	r.claimed_at, r.closed_at, r.reminded_at, r.outcome`

const requestTables = ` FROM mentoring_requests r
	LEFT JOIN mentoring_themes t ON t.id = r.theme_id LEFT JOIN accounts a ON a.id = r.mentor_id `

// requestRow is a request as its columns have it.
type requestRow struct {
	Request
	waited int64
}

func requestFields(r *requestRow) []any {
	return []any{&r.ID, &r.Edition, &r.Team.ID, &r.Place, &r.Theme.ID, &r.Theme.Name, &r.Text, &r.Note,
		&r.State, &r.AskedBy, &r.Mentor.ID, &r.Mentor.Name, sqldb.Moment{Time: &r.Asked}, sqldb.Moment{Time: &r.OpenSince}, &r.waited,
		sqldb.Moment{Time: &r.Claimed}, sqldb.Moment{Time: &r.Closed}, sqldb.Moment{Time: &r.Reminded}, &r.Outcome}
}

func (r requestRow) request() Request {
	r.Request.Waited = time.Duration(r.waited) * time.Microsecond
	return r.Request
}

func getRequest(ctx context.Context, q sqldb.Querier, id ID) (Request, error) {
	r, err := sqldb.One(ctx, q, requestFields, `SELECT `+requestColumns+requestTables+`WHERE r.id = $1`, id)
	return r.request(), err
}

// liveRequestOf is the request for which the team waits or is being helped.
func liveRequestOf(ctx context.Context, q sqldb.Querier, e edition.ID, team string) (Request, error) {
	r, err := sqldb.One(ctx, q, requestFields, `SELECT `+requestColumns+requestTables+`
		WHERE r.edition_id = $1 AND r.team_id = $2 AND r.state IN ('open', 'claimed')`, e, team)
	return r.request(), err
}

// listLive lists the requests that wait or are being helped with, who asked first first.
func listLive(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Request, error) {
	rows, err := sqldb.All(ctx, q, requestFields, `SELECT `+requestColumns+requestTables+`
		WHERE r.edition_id = $1 AND r.state IN ('open', 'claimed') ORDER BY r.asked_at, r.id`, e)
	return requests(rows), err
}

// listClosed lists ended requests, the newest first; of one team, or of all for "".
func listClosed(ctx context.Context, q sqldb.Querier, e edition.ID, team string, limit int) ([]Request, error) {
	rows, err := sqldb.All(ctx, q, requestFields, `SELECT `+requestColumns+requestTables+`
		WHERE r.edition_id = $1 AND r.state IN ('resolved', 'withdrawn') AND (CAST($2 AS TEXT) = '' OR r.team_id = $2)
		ORDER BY r.closed_at DESC, r.id DESC LIMIT $3`, e, team, limit)
	return requests(rows), err
}

func requests(rows []requestRow) []Request {
	list := make([]Request, len(rows))
	for i, r := range rows {
		list[i] = r.request()
	}
	return list
}

// insertRequest adds an open request and says false when the team already has a live one.
func insertRequest(ctx context.Context, tx *sqldb.Tx, r Request) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO mentoring_requests (id, edition_id, team_id, place, theme_id, text, note, state,
			asked_by, mentor_id, asked_at, open_since, waited, claimed_at, closed_at, reminded_at, outcome)
		VALUES ($1, $2, $3, $4, $5, $6, '', 'open', $7, NULL, $8, $8, 0, 0, 0, 0, '')
		ON CONFLICT (edition_id, team_id) WHERE state IN ('open', 'claimed') DO NOTHING`,
		r.ID, r.Edition, r.Team.ID, r.Place, nullable(string(r.Theme.ID)), r.Text, r.AskedBy, sqldb.Micros(r.Asked))
	return n == 1, err
}

// claim gives an open request to the mentor; false when it is open no more.
func claim(ctx context.Context, tx *sqldb.Tx, id ID, mentor account.ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE mentoring_requests
		SET state = 'claimed', mentor_id = $2, claimed_at = $3, waited = waited + CAST($3 AS BIGINT) - open_since
		WHERE id = $1 AND state = 'open'`, id, mentor, sqldb.Micros(at))
	return n == 1, err
}

// reopen puts a request that the mentor holds back into the queue, under its own or
// another theme; false when they do not hold it.
func reopen(ctx context.Context, tx *sqldb.Tx, r Request, mentor account.ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE mentoring_requests
		SET state = 'open', mentor_id = NULL, open_since = $3, theme_id = $4, note = $5, reminded_at = 0
		WHERE id = $1 AND state = 'claimed' AND mentor_id = $2`,
		r.ID, mentor, sqldb.Micros(at), nullable(string(r.Theme.ID)), r.Note)
	return n == 1, err
}

// resolve ends a request that the mentor holds; false when they do not.
func resolve(ctx context.Context, tx *sqldb.Tx, id ID, mentor account.ID, at time.Time, outcome string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE mentoring_requests SET state = 'resolved', closed_at = $3, outcome = $4
		WHERE id = $1 AND state = 'claimed' AND mentor_id = $2`, id, mentor, sqldb.Micros(at), outcome)
	return n == 1, err
}

// withdraw ends a live request, and counts the wait that ends with it; false when it
// has ended already.
func withdraw(ctx context.Context, tx *sqldb.Tx, id ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE mentoring_requests SET closed_at = $2,
			waited = CASE WHEN state = 'open' THEN waited + CAST($2 AS BIGINT) - open_since ELSE waited END, state = 'withdrawn'
		WHERE id = $1 AND state IN ('open', 'claimed')`, id, sqldb.Micros(at))
	return n == 1, err
}

// remind notes that the organisers were told of a request that still waits since the
// moment; false when it does not.
func remind(ctx context.Context, tx *sqldb.Tx, id ID, since, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE mentoring_requests SET reminded_at = $3
		WHERE id = $1 AND state = 'open' AND open_since = $2 AND reminded_at = 0`, id, sqldb.Micros(since), sqldb.Micros(at))
	return n == 1, err
}

// waits lists how long each request waited that a mentor came for.
func waits(ctx context.Context, q sqldb.Querier, e edition.ID) ([]time.Duration, error) {
	micros, err := sqldb.All(ctx, q, func(n *int64) []any { return []any{n} },
		`SELECT waited FROM mentoring_requests WHERE edition_id = $1 AND claimed_at > 0 ORDER BY waited, id`, e)
	all := make([]time.Duration, len(micros))
	for i, n := range micros {
		all[i] = time.Duration(n) * time.Microsecond
	}
	return all, err
}

func insertContact(ctx context.Context, tx *sqldb.Tx, e edition.ID, c Contact) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO mentoring_contacts
			(id, edition_id, request_id, mentor_id, team_id, from_at, to_at, minutes, ending, line)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		c.ID, e, nullable(string(c.Request)), c.Mentor.ID, c.Team.ID, sqldb.Micros(c.From), sqldb.Micros(c.To), c.Minutes, c.Ending, c.Line)
	return err
}

// endContact ends the turn of whoever helps with the request; there may be none.
func endContact(ctx context.Context, tx *sqldb.Tx, request ID, c Contact) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE mentoring_contacts SET to_at = $2, minutes = $3, ending = $4, line = $5
		WHERE request_id = $1 AND ending = 'helping'`, request, sqldb.Micros(c.To), c.Minutes, c.Ending, c.Line)
	return err
}

func listContacts(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Contact, error) {
	return sqldb.All(ctx, q, func(c *Contact) []any {
		return []any{&c.ID, &c.Request, &c.Mentor.ID, &c.Mentor.Name, &c.Team.ID, sqldb.Moment{Time: &c.From},
			sqldb.Moment{Time: &c.To}, &c.Minutes, &c.Ending, &c.Line}
	}, `SELECT c.id, COALESCE(c.request_id, ''), c.mentor_id, a.name, c.team_id, c.from_at, c.to_at, c.minutes, c.ending, c.line
		FROM mentoring_contacts c JOIN accounts a ON a.id = c.mentor_id
		WHERE c.edition_id = $1 ORDER BY c.from_at DESC, c.id DESC`, e)
}

// listMet are one mentor's contacts, by team and ending alone.
func listMet(ctx context.Context, q sqldb.Querier, e edition.ID, mentor account.ID) ([]Contact, error) {
	return sqldb.All(ctx, q, func(c *Contact) []any { return []any{&c.Team.ID, &c.Ending} },
		`SELECT DISTINCT team_id, ending FROM mentoring_contacts WHERE edition_id = $1 AND mentor_id = $2 ORDER BY team_id, ending`, e, mentor)
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// latestOf is the team's last request, ended or not.
func latestOf(ctx context.Context, q sqldb.Querier, e edition.ID, team string) (Request, error) {
	r, err := sqldb.One(ctx, q, requestFields, `SELECT `+requestColumns+requestTables+`
		WHERE r.edition_id = $1 AND r.team_id = $2 ORDER BY r.asked_at DESC, r.id DESC LIMIT 1`, e, team)
	return r.request(), err
}
