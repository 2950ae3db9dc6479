package gallery

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
)

const entryColumns = `project_id, edition_id, team_id, challenge_id, title, pitch, title_key, pictures, starts_at, year`

func entryFields(e *Entry) []any {
	return []any{&e.Project, &e.Edition, &e.Team, &e.Challenge, &e.Title, &e.Pitch, &e.titleKey, &e.pictures, sqldb.Moment{Time: &e.starts}, &e.Year}
}

// fileList is the ids of some files, in a column.
type fileList []project.FileID

// String implements fmt.Stringer.
func (l fileList) String() string {
	ids := make([]string, len(l))
	for i, id := range l {
		ids[i] = string(id)
	}
	return strings.Join(ids, " ")
}

// Scan implements sql.Scanner.
func (l *fileList) Scan(src any) error {
	text, is := src.(string)
	if !is {
		return fmt.Errorf("a list of files cannot be read from %T", src)
	}
	*l = nil
	for id := range strings.FieldsSeq(text) {
		*l = append(*l, project.FileID(id))
	}
	return nil
}

func insertEntry(ctx context.Context, tx *sqldb.Tx, e Entry, searchKey string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO gallery_entries (`+entryColumns+`, search_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.Project, e.Edition, e.Team, e.Challenge, e.Title, e.Pitch, e.titleKey, e.pictures.String(), sqldb.Micros(e.starts), e.Year, searchKey)
	return err
}

// deleteEntries takes one project of the edition out of the index, or all for "".
func deleteEntries(ctx context.Context, tx *sqldb.Tx, e edition.ID, only project.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM gallery_entries WHERE edition_id = $1 AND (project_id = $2 OR CAST($2 AS TEXT) = '')`, e, only)
	return err
}

func getEntry(ctx context.Context, q sqldb.Querier, e edition.ID, p project.ID) (Entry, error) {
	return sqldb.One(ctx, q, entryFields, `SELECT `+entryColumns+` FROM gallery_entries WHERE edition_id = $1 AND project_id = $2`, e, p)
}

// listEntries returns what the public may see of one edition, or of all for "": the
// newest edition first, then by title.
func listEntries(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Entry, error) {
	return sqldb.All(ctx, q, entryFields, `SELECT `+entryColumns+` FROM gallery_entries WHERE edition_id = $1 OR CAST($1 AS TEXT) = ''
		ORDER BY starts_at DESC, edition_id, title_key, project_id`, e)
}

// wordsOf is what a project is found by.
type wordsOf struct {
	project project.ID
	key     string
}

// searchKeys returns the words of each entry; they are long, so only a search reads them.
func searchKeys(ctx context.Context, q sqldb.Querier, e edition.ID) (map[project.ID]string, error) {
	all, err := sqldb.All(ctx, q, func(w *wordsOf) []any { return []any{&w.project, &w.key} },
		`SELECT project_id, search_key FROM gallery_entries WHERE edition_id = $1 OR CAST($1 AS TEXT) = ''`, e)
	keys := make(map[project.ID]string, len(all))
	for _, w := range all {
		keys[w.project] = w.key
	}
	return keys, err
}

const pictureColumns = `id, edition_id, project_id, alt, position, state, hidden_for, width, height`

func pictureFields(p *Picture) []any {
	return []any{&p.ID, &p.Edition, &p.Project, &p.Alt, &p.Position, &p.State, &p.HiddenFor, &p.Width, &p.Height}
}

func insertPicture(ctx context.Context, tx *sqldb.Tx, p Picture) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO gallery_pictures (`+pictureColumns+`)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), '', COUNT(*), 'waiting', '', 0, 0
		FROM gallery_pictures WHERE project_id = $3`, p.ID, p.Edition, p.Project)
	return err
}

func getPicture(ctx context.Context, q sqldb.Querier, e edition.ID, id project.FileID) (Picture, error) {
	return sqldb.One(ctx, q, pictureFields, `SELECT `+pictureColumns+` FROM gallery_pictures WHERE edition_id = $1 AND id = $2`, e, id)
}

func listPictures(ctx context.Context, q sqldb.Querier, p project.ID) ([]Picture, error) {
	return sqldb.All(ctx, q, pictureFields, `SELECT `+pictureColumns+` FROM gallery_pictures WHERE project_id = $1 ORDER BY position, id`, p)
}

// picturesOf lists the pictures of an edition's projects, those of a project together.
func picturesOf(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Picture, error) {
	return sqldb.All(ctx, q, pictureFields, `SELECT `+pictureColumns+` FROM gallery_pictures WHERE edition_id = $1 ORDER BY project_id, position, id`, e)
}

// picturesIn lists the pictures of the projects.
func picturesIn(ctx context.Context, q sqldb.Querier, entries []Entry) ([]Picture, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	args := make([]any, len(entries))
	for i, e := range entries {
		args[i] = e.Project
	}
	return sqldb.All(ctx, q, pictureFields, `SELECT `+pictureColumns+` FROM gallery_pictures WHERE project_id IN `+sqldb.In(1, len(args))+`
		ORDER BY project_id, position, id`, args...)
}

// updateMade notes what became of a picture that waited.
func updateMade(ctx context.Context, tx *sqldb.Tx, p Picture) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE gallery_pictures SET state = $2, width = $3, height = $4 WHERE id = $1 AND state = 'waiting'`,
		p.ID, p.State, p.Width, p.Height)
	return err
}

func updateAlt(ctx context.Context, tx *sqldb.Tx, p Picture) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE gallery_pictures SET alt = $2 WHERE id = $1`, p.ID, p.Alt)
	return err
}

// updateFirst makes the picture the first of its project.
func updateFirst(ctx context.Context, tx *sqldb.Tx, p Picture) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE gallery_pictures SET position = CASE WHEN id = $1 THEN 0 ELSE position + 1 END
		WHERE project_id = $2 AND position <= $3`, p.ID, p.Project, p.Position)
	return err
}

// updateHidden takes a picture away, or brings back one that was taken away: it waits
// for its copies again.
func updateHidden(ctx context.Context, tx *sqldb.Tx, id project.FileID, from []State, to State, reason string) (bool, error) {
	args := []any{id, to, reason}
	for _, s := range from {
		args = append(args, s)
	}
	n, err := sqldb.Exec(ctx, tx, `UPDATE gallery_pictures SET state = $2, hidden_for = $3 WHERE id = $1 AND state IN `+sqldb.In(4, len(from)), args...)
	return n == 1, err
}

// said is a member's answer.
type said struct {
	who   account.ID
	shown bool
}

func saidFields(s *said) []any { return []any{&s.who, &s.shown} }

// consents returns what the members of an edition answered.
func consents(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID]bool, error) {
	all, err := sqldb.All(ctx, q, saidFields, `SELECT account_id, shown FROM gallery_consents WHERE edition_id = $1`, e)
	answers := make(map[account.ID]bool, len(all))
	for _, s := range all {
		answers[s.who] = s.shown
	}
	return answers, err
}

func setConsent(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID, shown bool, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO gallery_consents (edition_id, account_id, shown, said_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET shown = excluded.shown, said_at = excluded.said_at`, e, who, shown, sqldb.Micros(at))
	return err
}

func deleteConsents(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM gallery_consents WHERE account_id = $1`, who)
	return err
}
