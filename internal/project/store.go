package project

import (
	"context"
	"errors"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

const columns = `id, edition_id, team_id, draft, revision, edited_by, edited_at, versions, reopened_until, reopened_for, published_at, withheld_for`

func fields(p *Project) []any {
	return []any{&p.ID, &p.Edition, &p.Team, sqldb.JSON{Of: &p.Draft}, &p.Revision, &p.EditedBy, sqldb.Moment{Time: &p.Edited},
		&p.Versions, sqldb.Moment{Time: &p.ReopenedUntil}, &p.ReopenedFor, sqldb.Moment{Time: &p.Published}, &p.Withheld}
}

// insertProject makes the empty project of a team that has none.
func insertProject(ctx context.Context, tx *sqldb.Tx, id ID, e edition.ID, t team.ID) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO projects (id, edition_id, team_id, draft, revision, edited_by, edited_at, versions,
		reopened_until, reopened_for, published_at, withheld_for) VALUES ($1, $2, $3, '{}', 0, '', 0, 0, 0, '', 0, '')
		ON CONFLICT (team_id) DO NOTHING`, id, e, t)
	return err
}

func getProject(ctx context.Context, q sqldb.Querier, where string, args ...any) (Project, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM projects WHERE `+where, args...)
}

func listProjects(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Project, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM projects WHERE edition_id = $1 ORDER BY id`, id)
}

// lockProject reads a project and makes whoever else changes it wait.
func lockProject(ctx context.Context, tx *sqldb.Tx, id ID) (Project, error) {
	return sqldb.One(ctx, tx, fields, `UPDATE projects SET revision = revision WHERE id = $1 RETURNING `+columns, id)
}

func updateDraft(ctx context.Context, tx *sqldb.Tx, p Project) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE projects SET draft = $2, revision = $3, edited_by = $4, edited_at = $5 WHERE id = $1`,
		p.ID, sqldb.JSON{Of: p.Draft}, p.Revision, p.EditedBy, sqldb.Micros(p.Edited))
	return err
}

// countVersion gives the next version its number and holds the project.
func countVersion(ctx context.Context, tx *sqldb.Tx, id ID) (Project, error) {
	return sqldb.One(ctx, tx, fields, `UPDATE projects SET versions = versions + 1 WHERE id = $1 RETURNING `+columns, id)
}

func updateReopened(ctx context.Context, tx *sqldb.Tx, id ID, until time.Time, reason string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE projects SET reopened_until = $2, reopened_for = $3 WHERE id = $1`, id, sqldb.Micros(until), reason)
	return err
}

func updateWithheld(ctx context.Context, tx *sqldb.Tx, id ID, reason string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE projects SET withheld_for = $2 WHERE id = $1`, id, reason)
	return err
}

func updatePublished(ctx context.Context, tx *sqldb.Tx, id edition.ID, at time.Time) (int64, error) {
	return sqldb.Exec(ctx, tx, `UPDATE projects SET published_at = $2 WHERE edition_id = $1 AND versions > 0`, id, sqldb.Micros(at))
}

// saved is a saving of a draft: what the page sent, and what the draft became.
type saved struct {
	project  ID
	revision int64
	editor   string
	sent     Content
	content  Content
	by       account.ID
	at       time.Time
}

func insertSaved(ctx context.Context, tx *sqldb.Tx, s saved) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO project_drafts (project_id, revision, editor, sent, content, saved_by, saved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.project, s.revision, s.editor, sqldb.JSON{Of: s.sent}, sqldb.JSON{Of: s.content}, s.by, sqldb.Micros(s.at))
	return err
}

// keptDrafts is how many savings of a draft are kept to join later ones with.
const keptDrafts = 60

func pruneDrafts(ctx context.Context, tx *sqldb.Tx, id ID, revision int64) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM project_drafts WHERE project_id = $1 AND revision < $2`, id, revision-keptDrafts)
	return err
}

func contentField(c *Content) []any { return []any{sqldb.JSON{Of: c}} }

// lastSent is what one opening of the editor sent last.
func lastSent(ctx context.Context, q sqldb.Querier, id ID, editor string) (Content, error) {
	return sqldb.One(ctx, q, contentField, `SELECT sent FROM project_drafts WHERE project_id = $1 AND editor = $2
		ORDER BY revision DESC LIMIT 1`, id, editor)
}

func draftAt(ctx context.Context, q sqldb.Querier, id ID, revision int64) (Content, error) {
	return sqldb.One(ctx, q, contentField, `SELECT content FROM project_drafts WHERE project_id = $1 AND revision = $2`, id, revision)
}

// keepCopy keeps what one opening of the editor could not join; its later words replace
// its earlier ones.
func keepCopy(ctx context.Context, tx *sqldb.Tx, c Copy, editor string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO project_copies (id, project_id, editor, content, saved_by, saved_at, settled_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT (project_id, editor) WHERE settled_at = 0 DO UPDATE SET content = excluded.content, saved_at = excluded.saved_at`,
		c.ID, c.Project, editor, sqldb.JSON{Of: c.Content}, c.By, sqldb.Micros(c.At))
	return err
}

func listCopies(ctx context.Context, q sqldb.Querier, id ID) ([]Copy, error) {
	return sqldb.All(ctx, q, func(c *Copy) []any {
		return []any{&c.ID, &c.Project, sqldb.JSON{Of: &c.Content}, &c.By, sqldb.Moment{Time: &c.At}}
	}, `SELECT id, project_id, content, saved_by, saved_at FROM project_copies
		WHERE project_id = $1 AND settled_at = 0 ORDER BY id`, id)
}

func settleCopy(ctx context.Context, tx *sqldb.Tx, id ID, copyID string, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE project_copies SET settled_at = $3 WHERE project_id = $1 AND id = $2 AND settled_at = 0`,
		id, copyID, sqldb.Micros(at))
	return n == 1, err
}

const versionColumns = `v.id, v.edition_id, v.project_id, v.team_id, v.number, v.content, v.files, v.basis, v.note, v.handed_by,
	v.handed_at, v.received_at, v.device_at, v.deadline_at, v.digest`

// versionRow is a version with the ids of its files.
type versionRow struct {
	Submission
	files []FileID
}

func versionFields(r *versionRow) []any {
	s := &r.Submission
	return []any{&s.ID, &s.Edition, &s.Project, &s.Team, &s.Number, sqldb.JSON{Of: &s.Content}, sqldb.JSON{Of: &r.files}, &s.Basis,
		&s.Note, &s.By, sqldb.Moment{Time: &s.At}, sqldb.Moment{Time: &s.Received}, sqldb.Moment{Time: &s.Device},
		sqldb.Moment{Time: &s.Deadline}, &s.Digest}
}

func insertVersion(ctx context.Context, tx *sqldb.Tx, s Submission, fileIDs []FileID) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO project_versions (id, edition_id, project_id, team_id, number, content, files, basis, note,
		handed_by, handed_at, received_at, device_at, deadline_at, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		s.ID, s.Edition, s.Project, s.Team, s.Number, sqldb.JSON{Of: s.Content}, sqldb.JSON{Of: fileIDs}, s.Basis, s.Note, s.By,
		sqldb.Micros(s.At), sqldb.Micros(s.Received), sqldb.Micros(s.Device), sqldb.Micros(s.Deadline), s.Digest)
	return err
}

// listVersions returns versions with their files; where begins after FROM
// project_versions v JOIN projects p.
func listVersions(ctx context.Context, q sqldb.Querier, where string, args ...any) ([]Submission, error) {
	rows, err := sqldb.All(ctx, q, versionFields, `SELECT `+versionColumns+` FROM project_versions v
		JOIN projects p ON p.id = v.project_id WHERE `+where, args...)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var all []File
	if len(rows) == 1 || rows[0].Project == rows[len(rows)-1].Project {
		all, err = listFiles(ctx, q, "project_id = $1", rows[0].Project)
	} else {
		all, err = listFiles(ctx, q, "edition_id = $1", rows[0].Edition)
	}
	if err != nil {
		return nil, err
	}
	byID := make(map[FileID]File, len(all))
	for _, f := range all {
		byID[f.ID] = f
	}
	versions := make([]Submission, len(rows))
	for i, r := range rows {
		versions[i] = r.Submission
		for _, id := range r.files {
			versions[i].Files = append(versions[i].Files, byID[id])
		}
	}
	return versions, nil
}

func anyShown(ctx context.Context, q sqldb.Querier, id edition.ID) (bool, error) {
	return sqldb.Value[bool](ctx, q, `SELECT EXISTS (SELECT 1 FROM projects WHERE edition_id = $1 AND versions > 0 AND withheld_for = '')`, id)
}

const fileColumns = `id, edition_id, project_id, name, size, content_type, store_key, added_by, added_at, removed_at`

func fileFields(f *File) []any {
	return []any{&f.ID, &f.Edition, &f.Project, &f.Name, &f.Size, &f.ContentType, &f.Key, &f.By,
		sqldb.Moment{Time: &f.Added}, sqldb.Moment{Time: &f.Removed}}
}

func insertFile(ctx context.Context, tx *sqldb.Tx, f File) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO project_files (`+fileColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		f.ID, f.Edition, f.Project, f.Name, f.Size, f.ContentType, f.Key, f.By, sqldb.Micros(f.Added))
	return err
}

func removeFile(ctx context.Context, tx *sqldb.Tx, id ID, file FileID, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE project_files SET removed_at = $3 WHERE project_id = $1 AND id = $2 AND removed_at = 0`,
		id, file, sqldb.Micros(at))
	return n == 1, err
}

func listFiles(ctx context.Context, q sqldb.Querier, where string, arg any) ([]File, error) {
	return sqldb.All(ctx, q, fileFields, `SELECT `+fileColumns+` FROM project_files WHERE `+where+` ORDER BY added_at, id`, arg)
}

func getFile(ctx context.Context, q sqldb.Querier, e edition.ID, id FileID) (File, error) {
	return sqldb.One(ctx, q, fileFields, `SELECT `+fileColumns+` FROM project_files WHERE edition_id = $1 AND id = $2`, e, id)
}

// draftFiles are the files of the draft.
func draftFiles(ctx context.Context, q sqldb.Querier, id ID) ([]File, error) {
	return listFiles(ctx, q, "project_id = $1 AND removed_at = 0", id)
}

const attemptColumns = `a.id, a.project_id, a.content, a.tried_by, a.tried_at, a.received_at, a.device_at, a.admitted_at`

func attemptFields(a *Attempt) []any {
	return []any{&a.ID, &a.Project, sqldb.JSON{Of: &a.Content}, &a.By, sqldb.Moment{Time: &a.At}, sqldb.Moment{Time: &a.Received},
		sqldb.Moment{Time: &a.Device}, sqldb.Moment{Time: &a.Admitted}}
}

func insertAttempt(ctx context.Context, tx *sqldb.Tx, a Attempt) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO project_attempts (id, project_id, content, tried_by, tried_at, received_at, device_at, admitted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
		a.ID, a.Project, sqldb.JSON{Of: a.Content}, a.By, sqldb.Micros(a.At), sqldb.Micros(a.Received), sqldb.Micros(a.Device))
	return err
}

func listAttempts(ctx context.Context, q sqldb.Querier, where string, arg any) ([]Attempt, error) {
	return sqldb.All(ctx, q, attemptFields, `SELECT `+attemptColumns+` FROM project_attempts a
		JOIN projects p ON p.id = a.project_id WHERE `+where+` ORDER BY a.id`, arg)
}

func admitAttempt(ctx context.Context, tx *sqldb.Tx, id string, at time.Time) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE project_attempts SET admitted_at = $2 WHERE id = $1 AND admitted_at = 0`, id, sqldb.Micros(at))
	return n == 1, err
}

func challengeFields(c *Challenge) []any {
	return []any{&c.ID, &c.Edition, &c.Title, &c.Text, &c.Partner, sqldb.Moment{Time: &c.Dropped}}
}

func insertChallenge(ctx context.Context, tx *sqldb.Tx, c Challenge) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO project_challenges (id, edition_id, title, body, partner, position, dropped_at)
		SELECT CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS TEXT), COUNT(*), 0
		FROM project_challenges WHERE edition_id = $2`, c.ID, c.Edition, c.Title, c.Text, c.Partner)
	return err
}

func updateChallenge(ctx context.Context, tx *sqldb.Tx, c Challenge) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE project_challenges SET title = $3, body = $4, partner = $5, dropped_at = $6
		WHERE edition_id = $1 AND id = $2`, c.Edition, c.ID, c.Title, c.Text, c.Partner, sqldb.Micros(c.Dropped))
	return n == 1, err
}

func listChallenges(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Challenge, error) {
	return sqldb.All(ctx, q, challengeFields, `SELECT id, edition_id, title, body, partner, dropped_at
		FROM project_challenges WHERE edition_id = $1 ORDER BY position, id`, id)
}

// missing makes "there is none" no error.
func missing(err error) error {
	if errors.Is(err, sqldb.ErrNotFound) {
		return nil
	}
	return err
}
