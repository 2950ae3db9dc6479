package programme

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const sessionColumns = `s.id, s.edition_id, s.kind, s.title, s.text, s.room, s.starts_at, s.ends_at, s.seats, s.public,
	s.cancelled, s.speaker_name, s.source_uid, s.sequence, s.updated_at, s.moved_at,
	(SELECT COUNT(*) FROM programme_places p WHERE p.session_id = s.id AND p.state = 'seated'),
	(SELECT COUNT(*) FROM programme_places p WHERE p.session_id = s.id AND p.state = 'waiting')`

func sessionFields(s *Session) []any {
	return []any{&s.ID, &s.Edition, &s.Kind, &s.Title, &s.Text, &s.Room, sqldb.Moment{Time: &s.Start}, sqldb.Moment{Time: &s.End},
		&s.Seats, &s.Public, &s.Cancelled, &s.SpeakerName, &s.sourceUID, &s.Sequence, sqldb.Moment{Time: &s.Updated},
		sqldb.Moment{Time: &s.Moved}, &s.Seated, &s.Waiting}
}

func getSession(ctx context.Context, q sqldb.Querier, id ID) (Session, error) {
	s, err := sqldb.One(ctx, q, sessionFields, `SELECT `+sessionColumns+` FROM programme_sessions s WHERE s.id = $1`, id)
	if err != nil {
		return s, err
	}
	speakers, err := speakersOf(ctx, q, s.Edition)
	s.Speakers = speakers[id]
	return s, err
}

func titleOf(ctx context.Context, q sqldb.Querier, e edition.ID, id ID) (string, error) {
	return sqldb.Value[string](ctx, q, `SELECT title FROM programme_sessions WHERE edition_id = $1 AND id = $2`, e, id)
}

// lockSession keeps other transactions from giving places of the session until this one
// ends; on SQLite they wait anyway.
func lockSession(ctx context.Context, tx *sqldb.Tx, id ID) error {
	n, err := sqldb.Exec(ctx, tx, `UPDATE programme_sessions SET sequence = sequence WHERE id = $1`, id)
	if err == nil && n == 0 {
		return sqldb.ErrNotFound
	}
	return err
}

func listSessions(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Session, error) {
	all, err := sqldb.All(ctx, q, sessionFields, `SELECT `+sessionColumns+` FROM programme_sessions s
		WHERE s.edition_id = $1 ORDER BY s.starts_at, s.ends_at, s.room, s.id`, e)
	if err != nil {
		return nil, err
	}
	speakers, err := speakersOf(ctx, q, e)
	for i := range all {
		all[i].Speakers = speakers[all[i].ID]
	}
	return all, err
}

// speakersOf lists the edition's speakers by session.
func speakersOf(ctx context.Context, q sqldb.Querier, e edition.ID) (map[ID][]Person, error) {
	type row struct {
		session ID
		person  Person
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any { return []any{&r.session, &r.person.ID, &r.person.Name} },
		`SELECT sp.session_id, a.id, a.name FROM programme_speakers sp
		JOIN accounts a ON a.id = sp.account_id JOIN programme_sessions s ON s.id = sp.session_id
		WHERE s.edition_id = $1 ORDER BY a.name, a.id`, e)
	by := map[ID][]Person{}
	for _, r := range rows {
		by[r.session] = append(by[r.session], r.person)
	}
	return by, err
}

func insertSession(ctx context.Context, tx *sqldb.Tx, s Session) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO programme_sessions (id, edition_id, kind, title, text, room, starts_at, ends_at,
			seats, public, cancelled, speaker_name, source_uid, sequence, updated_at, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)`,
		s.ID, s.Edition, s.Kind, s.Title, s.Text, s.Room, sqldb.Micros(s.Start), sqldb.Micros(s.End), s.Seats, s.Public,
		s.Cancelled, s.SpeakerName, s.sourceUID, s.Sequence, sqldb.Micros(tx.Now()))
	return err
}

func updateSession(ctx context.Context, tx *sqldb.Tx, s Session) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE programme_sessions SET kind = $2, title = $3, text = $4, room = $5, starts_at = $6,
			ends_at = $7, seats = $8, public = $9, cancelled = $10, speaker_name = $11, sequence = $12, updated_at = $13, moved_at = $14
		WHERE id = $1`,
		s.ID, s.Kind, s.Title, s.Text, s.Room, sqldb.Micros(s.Start), sqldb.Micros(s.End), s.Seats, s.Public,
		s.Cancelled, s.SpeakerName, s.Sequence, sqldb.Micros(tx.Now()), sqldb.Micros(s.Moved))
	return err
}

func replaceSpeakers(ctx context.Context, tx *sqldb.Tx, id ID, speakers []account.ID) error {
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM programme_speakers WHERE session_id = $1`, id); err != nil {
		return err
	}
	for _, who := range speakers {
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO programme_speakers (session_id, account_id) VALUES ($1, $2)`, id, who); err != nil {
			return err
		}
	}
	return nil
}

// insertPlace adds a place at the end of the line; false where the person has one.
func insertPlace(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID, state PlaceState, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO programme_places (session_id, account_id, state, turn, signed_at, attended_at)
		VALUES ($1, $2, $3, (SELECT COALESCE(MAX(turn), 0) + 1 FROM programme_places WHERE session_id = $1), $4, 0)
		ON CONFLICT (session_id, account_id) DO NOTHING`, id, who, state, sqldb.Micros(at))
	return n == 1, err
}

func deletePlace(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM programme_places WHERE session_id = $1 AND account_id = $2`, id, who)
	return n == 1, err
}

// seatFirst gives a seat to the first who waits, and returns who that is; "" for nobody.
func seatFirst(ctx context.Context, tx *sqldb.Tx, id ID) (account.ID, error) {
	moved, err := sqldb.All(ctx, tx, func(who *account.ID) []any { return []any{who} }, `UPDATE programme_places SET state = 'seated'
		WHERE session_id = $1 AND state = 'waiting' AND turn =
			(SELECT MIN(turn) FROM programme_places WHERE session_id = $1 AND state = 'waiting')
		RETURNING account_id`, id)
	if err != nil || len(moved) == 0 {
		return "", err
	}
	return moved[0], nil
}

// setAttended notes that the person was there, or was not.
func setAttended(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE programme_places SET attended_at = $3 WHERE session_id = $1 AND account_id = $2`,
		id, who, sqldb.Micros(at))
	return err
}

// takeSeat seats a person who is there, whatever the list says.
func takeSeat(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE programme_places SET state = 'seated' WHERE session_id = $1 AND account_id = $2`, id, who)
	return err
}

func placeFields(p *Place) []any {
	return []any{&p.Session, &p.Person.ID, &p.Person.Name, &p.State, sqldb.Moment{Time: &p.Signed}, sqldb.Moment{Time: &p.Attended}}
}

const placeColumns = `p.session_id, p.account_id, a.name, p.state, p.signed_at, p.attended_at`

// listPlaces lists who signed up for the session, in their order.
func listPlaces(ctx context.Context, q sqldb.Querier, id ID) ([]Place, error) {
	return sqldb.All(ctx, q, placeFields, `SELECT `+placeColumns+` FROM programme_places p JOIN accounts a ON a.id = p.account_id
		WHERE p.session_id = $1 ORDER BY p.state, p.turn`, id)
}

// placesOf lists the person's places in the edition.
func placesOf(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) ([]Place, error) {
	return sqldb.All(ctx, q, placeFields, `SELECT `+placeColumns+` FROM programme_places p JOIN accounts a ON a.id = p.account_id
		JOIN programme_sessions s ON s.id = p.session_id WHERE s.edition_id = $1 AND p.account_id = $2
		ORDER BY s.starts_at, s.id`, e, who)
}

// feedSecret is the secret of the person's feed, or errs.NotFound.
func feedSecret(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (string, error) {
	return sqldb.Value[string](ctx, q, `SELECT secret FROM programme_feeds WHERE edition_id = $1 AND account_id = $2`, e, who)
}

// feedOwner is whose feed the secret opens, or errs.NotFound.
func feedOwner(ctx context.Context, q sqldb.Querier, e edition.ID, secret string) (account.ID, error) {
	return sqldb.Value[account.ID](ctx, q, `SELECT account_id FROM programme_feeds WHERE edition_id = $1 AND secret = $2`, e, secret)
}

func putFeed(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID, secret string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO programme_feeds (edition_id, account_id, secret) VALUES ($1, $2, $3)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET secret = excluded.secret`, e, who, secret)
	return err
}

// upload is a calendar file that waits for its import.
type upload struct {
	ID, Name, Content string
	Edition           edition.ID
}

func insertImport(ctx context.Context, tx *sqldb.Tx, u upload) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO programme_imports (id, edition_id, name, content, made_at) VALUES ($1, $2, $3, $4, $5)`,
		u.ID, u.Edition, u.Name, u.Content, sqldb.Micros(tx.Now()))
	return err
}

func getImport(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (upload, error) {
	return sqldb.One(ctx, q, func(u *upload) []any { return []any{&u.ID, &u.Edition, &u.Name, &u.Content} },
		`SELECT id, edition_id, name, content FROM programme_imports WHERE edition_id = $1 AND id = $2`, e, id)
}

// deleteImports forgets a file that was imported, and those that nobody confirmed.
func deleteImports(ctx context.Context, tx *sqldb.Tx, id string, before time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM programme_imports WHERE id = $1 OR made_at < $2`, id, sqldb.Micros(before))
	return err
}
