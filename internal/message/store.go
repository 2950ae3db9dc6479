package message

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const columns = `m.id, m.edition_id, m.text, m.level, m.audience, a.name, m.sent_at, m.expires_at, m.ended_at, m.job_id,
	(SELECT COUNT(*) FROM message_seen s WHERE s.announcement_id = m.id)`

const tables = ` FROM message_announcements m JOIN accounts a ON a.id = m.sent_by `

func fields(a *Announcement) []any {
	return []any{&a.ID, &a.Edition, &a.Text, &a.Level, &a.Audience, &a.By, sqldb.Moment{Time: &a.Sent}, sqldb.Moment{Time: &a.Expires},
		sqldb.Moment{Time: &a.Ended}, &a.Job, &a.Seen}
}

func getAnnouncement(ctx context.Context, q sqldb.Querier, id ID) (Announcement, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+tables+`WHERE m.id = $1`, id)
}

func textOf(ctx context.Context, q sqldb.Querier, e edition.ID, id ID) (string, error) {
	return sqldb.Value[string](ctx, q, `SELECT text FROM message_announcements WHERE edition_id = $1 AND id = $2`, e, id)
}

// listAnnouncements lists the newest, at most limit.
func listAnnouncements(ctx context.Context, q sqldb.Querier, e edition.ID, limit int) ([]Announcement, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+tables+`WHERE m.edition_id = $1 ORDER BY m.sent_at DESC, m.id DESC LIMIT $2`, e, limit)
}

// listStanding lists what nobody has taken down and what has not expired.
func listStanding(ctx context.Context, q sqldb.Querier, e edition.ID, now time.Time) ([]Announcement, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+tables+`WHERE m.edition_id = $1 AND m.ended_at = 0
		AND m.sent_at <= $2 AND (m.expires_at = 0 OR m.expires_at > $2) ORDER BY m.sent_at DESC, m.id DESC`, e, sqldb.Micros(now))
}

func insertAnnouncement(ctx context.Context, tx *sqldb.Tx, a Announcement, by account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO message_announcements
			(id, edition_id, text, level, audience, sent_by, sent_at, expires_at, ended_at, job_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)`,
		a.ID, a.Edition, a.Text, a.Level, a.Audience, by, sqldb.Micros(a.Sent), sqldb.Micros(a.Expires), a.Job)
	return err
}

// endAnnouncement takes it down; false where that was done before.
func endAnnouncement(ctx context.Context, tx *sqldb.Tx, id ID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE message_announcements SET ended_at = $2 WHERE id = $1 AND ended_at = 0`, id, sqldb.Micros(at))
	return n == 1, err
}

func insertSeen(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO message_seen (announcement_id, account_id, seen_at) VALUES ($1, $2, $3)
		ON CONFLICT (announcement_id, account_id) DO NOTHING`, id, who, sqldb.Micros(at))
	return err
}

// seenBy lists the edition's announcements that the person has seen.
func seenBy(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (map[ID]bool, error) {
	ids, err := sqldb.All(ctx, q, func(id *ID) []any { return []any{id} }, `SELECT s.announcement_id FROM message_seen s
		JOIN message_announcements m ON m.id = s.announcement_id WHERE m.edition_id = $1 AND s.account_id = $2`, e, who)
	seen := make(map[ID]bool, len(ids))
	for _, id := range ids {
		seen[id] = true
	}
	return seen, err
}

// insertLetter notes that the person is written to; false where they were before.
func insertLetter(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO message_letters (announcement_id, account_id) VALUES ($1, $2)
		ON CONFLICT (announcement_id, account_id) DO NOTHING`, id, who)
	return n == 1, err
}
