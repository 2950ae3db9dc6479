package project

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/team"
)

// Service is what can be done with projects.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	teams    *team.Service
	store    files.Store
	hub      *live.Hub
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
	follower Follower
}

// Follower is a room that shows the public what the teams made. It hears of a change in
// the transaction that makes it, so that what is withheld is gone at once.
type Follower interface {
	// PictureTx hears of a picture that a team added.
	PictureTx(ctx context.Context, tx *sqldb.Tx, f File) error
	// ShownTx hears that the public sees another state of the project, or of all projects
	// of the edition where the project is "".
	ShownTx(ctx context.Context, tx *sqldb.Tx, id edition.ID, p ID) error
}

// Follow names the follower; it is called while the program is built.
func (s *Service) Follow(f Follower) { s.follower = f }

// shown tells the follower.
func (s *Service) shown(ctx context.Context, tx *sqldb.Tx, id edition.ID, p ID) error {
	if s.follower == nil {
		return nil
	}
	return s.follower.ShownTx(ctx, tx, id, p)
}

// NewService returns the service; store keeps the files, and base is the installation's
// own address.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, teams *team.Service, store files.Store, hub *live.Hub,
	p *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	return &Service{db: db, ids: source, editions: editions, teams: teams, store: store, hub: hub, post: p, trail: t, words: words, base: base}
}

// Topic is what pages about all projects of the edition listen to.
func Topic(id edition.ID) string { return "project:" + string(id) }

// TeamTopic is what pages about one team's project listen to.
func TeamTopic(id team.ID) string { return "project:team:" + string(id) }

func subject(id ID) string { return "project:" + string(id) }

// touch tells the open pages that a project changed.
func (s *Service) touch(tx *sqldb.Tx, p Project) {
	s.hub.Touch(tx, Topic(p.Edition), TeamTopic(p.Team))
}

func (s *Service) note(ctx context.Context, tx *sqldb.Tx, actor account.Actor, p Project, now time.Time, action, before, after string) error {
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(p.Edition), Actor: string(actor.ID), Action: action,
		Subject: subject(p.ID), Before: before, After: after, EditionAt: now})
}

// Mine returns the project of the actor's team, made empty when it has none yet, or
// team.ErrNone.
func (s *Service) Mine(ctx context.Context, actor account.Actor, id edition.ID) (Project, error) {
	if actor.Public() {
		return Project{}, errs.New(errs.Unauthenticated, "error.sign_in")
	}
	t, err := s.teams.IDOfAccount(ctx, s.db, id, actor.ID)
	if err != nil {
		return Project{}, err
	}
	return s.ofTeam(ctx, id, t)
}

// ofTeam returns the project of a team, made empty when there is none.
func (s *Service) ofTeam(ctx context.Context, id edition.ID, t team.ID) (Project, error) {
	p, err := getProject(ctx, s.db, "team_id = $1", t)
	if !errors.Is(err, sqldb.ErrNotFound) {
		return p, err
	}
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := insertProject(ctx, tx, ID(s.ids.ID()), id, t); err != nil {
			return fmt.Errorf("making the project of %s: %w", t, err)
		}
		p, err = getProject(ctx, tx, "team_id = $1", t)
		return err
	})
	return p, err
}

// Edit says from where a draft was written: which opening of the editor's page, and the
// revision that it showed.
type Edit struct {
	Editor string
	Base   int64
}

// SaveDraft keeps what a member wrote. Where others wrote meanwhile, parts that only one
// of them changed are joined; where both changed the same part, the draft stays as it
// is, the member's words are kept as a copy, and the answer is ErrDiverged.
func (s *Service) SaveDraft(ctx context.Context, actor account.Actor, id edition.ID, c Content, edit Edit) (Project, error) {
	c = c.tidy()
	var f errs.Fields
	if c.checkSizes(&f); f.Err() != nil {
		return Project{}, f.Err()
	}
	p, err := s.Mine(ctx, actor, id)
	if err != nil {
		return p, err
	}
	clashed := false
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if p, err = lockProject(ctx, tx, p.ID); err != nil {
			return err
		}
		if g := gateAt(e, p, now); !g.Open {
			return ErrClosed
		}
		p, clashed, err = s.joinDraft(ctx, tx, p, c, edit, actor.ID, now)
		return err
	})
	if err == nil && clashed {
		err = ErrDiverged
	}
	return p, err
}

// joinDraft joins what a page sent with the draft that the transaction holds.
func (s *Service) joinDraft(ctx context.Context, tx *sqldb.Tx, p Project, sent Content, edit Edit, by account.ID, now time.Time) (Project, bool, error) {
	if sent.Equal(p.Draft) {
		return p, false, nil
	}
	base, err := baseOf(ctx, tx, p, edit)
	if err != nil {
		return p, false, err
	}
	merged, clash := merge(base, sent, p.Draft)
	if len(clash) > 0 {
		kept := Copy{ID: s.ids.ID(), Project: p.ID, Content: sent, By: by, At: now}
		if edit.Editor == "" { // a page that does not say which it is replaces no other's words
			edit.Editor = kept.ID
		}
		if err := keepCopy(ctx, tx, kept, edit.Editor); err != nil {
			return p, true, fmt.Errorf("keeping a copy: %w", err)
		}
		s.touch(tx, p)
	}
	if merged.Equal(p.Draft) && (len(clash) == 0 || sent.Equal(base)) {
		return p, len(clash) > 0, nil
	}
	p.Draft, p.EditedBy, p.Edited = merged, by, now
	p.Revision++
	if err := updateDraft(ctx, tx, p); err != nil {
		return p, false, fmt.Errorf("keeping the draft: %w", err)
	}
	row := saved{project: p.ID, revision: p.Revision, editor: edit.Editor, sent: sent, content: merged, by: by, at: now}
	if err := insertSaved(ctx, tx, row); err != nil {
		return p, false, fmt.Errorf("keeping the draft: %w", err)
	}
	s.touch(tx, p)
	return p, len(clash) > 0, pruneDrafts(ctx, tx, p.ID, p.Revision)
}

// baseOf is what the page's writer started from: what the page sent last, or else what
// it showed when it was opened. Where that is too long ago it is empty, so that whatever
// differs is kept twice.
func baseOf(ctx context.Context, tx *sqldb.Tx, p Project, edit Edit) (Content, error) {
	if edit.Editor != "" {
		base, err := lastSent(ctx, tx, p.ID, edit.Editor)
		if !errors.Is(err, sqldb.ErrNotFound) {
			return base, err
		}
	}
	if edit.Base == p.Revision {
		return p.Draft, nil
	}
	base, err := draftAt(ctx, tx, p.ID, edit.Base)
	return base, missing(err)
}

// Copies are what members wrote over each other and nobody has joined yet.
func (s *Service) Copies(ctx context.Context, q sqldb.Querier, id ID) ([]Copy, error) {
	return listCopies(ctx, q, id)
}

// Settle ends a divergence: c is what the member made of both, base the revision of the
// draft that they saw. It answers ErrMoved where the draft changed meanwhile.
func (s *Service) Settle(ctx context.Context, actor account.Actor, id edition.ID, copyID string, c Content, base int64) (Project, error) {
	c = c.tidy()
	var f errs.Fields
	if c.checkSizes(&f); f.Err() != nil {
		return Project{}, f.Err()
	}
	p, err := s.Mine(ctx, actor, id)
	if err != nil {
		return p, err
	}
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if p, err = lockProject(ctx, tx, p.ID); err != nil {
			return err
		}
		if g := gateAt(e, p, now); !g.Open {
			return ErrClosed
		}
		if p.Revision != base {
			return ErrMoved
		}
		if ok, err := settleCopy(ctx, tx, p.ID, copyID, now); err != nil {
			return fmt.Errorf("settling a copy: %w", err)
		} else if !ok {
			return ErrMoved
		}
		s.touch(tx, p)
		p, _, err = s.joinDraft(ctx, tx, p, c, Edit{Base: base}, actor.ID, now)
		return err
	})
	return p, err
}

// Get returns a project.
func (s *Service) Get(ctx context.Context, q sqldb.Querier, id edition.ID, project ID) (Project, error) {
	return getProject(ctx, q, "edition_id = $1 AND id = $2", id, project)
}

// Current returns what the team handed in last, or ErrNone.
func (s *Service) Current(ctx context.Context, q sqldb.Querier, t team.ID) (Submission, error) {
	all, err := listVersions(ctx, q, "p.team_id = $1 AND v.number = p.versions", t)
	if err == nil && len(all) == 0 {
		err = ErrNone
	}
	if err != nil {
		return Submission{}, err
	}
	return all[0], nil
}

// Shown returns what the team handed in last, or ErrNone where it did not or where that
// is withheld.
func (s *Service) Shown(ctx context.Context, q sqldb.Querier, t team.ID) (Submission, error) {
	all, err := listVersions(ctx, q, "p.team_id = $1 AND v.number = p.versions AND p.withheld_for = ''", t)
	if err == nil && len(all) == 0 {
		err = ErrNone
	}
	if err != nil {
		return Submission{}, err
	}
	return all[0], nil
}

// Begun says whether any team's project is handed in and shown.
func (s *Service) Begun(ctx context.Context, q sqldb.Querier, id edition.ID) (bool, error) {
	return anyShown(ctx, q, id)
}

// List returns what each team of the edition handed in last, in the order in which the
// projects were begun. Projects that are withheld are left out.
func (s *Service) List(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Submission, error) {
	return listVersions(ctx, q, "p.edition_id = $1 AND v.number = p.versions AND p.withheld_for = '' ORDER BY v.project_id", id)
}

// PublicProjects returns what the public may see of the edition's projects: nothing
// before they are published.
func (s *Service) PublicProjects(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Submission, error) {
	return s.publicOnes(ctx, q, id, "")
}

// PublicProject returns what the public may see of one project: nothing, or one version.
func (s *Service) PublicProject(ctx context.Context, q sqldb.Querier, id edition.ID, only ID) ([]Submission, error) {
	return s.publicOnes(ctx, q, id, only)
}

func (s *Service) publicOnes(ctx context.Context, q sqldb.Querier, id edition.ID, only ID) ([]Submission, error) {
	return listVersions(ctx, q, `p.edition_id = $1 AND (p.id = $2 OR CAST($2 AS TEXT) = '') AND v.number = p.versions
		AND p.withheld_for = '' AND p.published_at > 0 ORDER BY v.project_id`, id, only)
}

// File returns a file that a team added; whoever asks knows who may see it.
func (s *Service) File(ctx context.Context, q sqldb.Querier, id edition.ID, file FileID) (File, error) {
	return getFile(ctx, q, id, file)
}

// Versions returns everything that a team handed in, the newest first.
func (s *Service) Versions(ctx context.Context, q sqldb.Querier, id ID) ([]Submission, error) {
	return listVersions(ctx, q, "v.project_id = $1 ORDER BY v.number DESC", id)
}

// Files returns the files of the draft.
func (s *Service) Files(ctx context.Context, q sqldb.Querier, id ID) ([]File, error) {
	return draftFiles(ctx, q, id)
}

// Attempts returns what came too late from one project.
func (s *Service) Attempts(ctx context.Context, q sqldb.Querier, id ID) ([]Attempt, error) {
	return listAttempts(ctx, q, "a.project_id = $1", id)
}
