package followup

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/post"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Projects is what this room asks of the teams.
type Projects interface {
	// Handed lists the projects that were handed in, with the members who agreed to news.
	Handed(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Project, error)
	// Public says whether everybody may see the edition's projects.
	Public(ctx context.Context, q sqldb.Querier, e edition.ID) (bool, error)
}

// Service is what can be done about what became of the projects.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	accounts *account.Service
	projects Projects
	files    files.Store
	hub      *live.Hub
	queue    *jobs.Queue
	post     *post.Post
	trail    *trail.Trail
	words    *i18n.Catalogue
	base     string
}

// NewService returns the service; base is the installation's own address, which letters
// carry. From then on every edition that is made or changed has its turns ordered.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, accounts *account.Service, projects Projects, store files.Store,
	hub *live.Hub, queue *jobs.Queue, mailer *post.Post, t *trail.Trail, words *i18n.Catalogue, base string) *Service {
	s := &Service{db: db, ids: source, editions: editions, accounts: accounts, projects: projects, files: store, hub: hub, queue: queue,
		post: mailer, trail: t, words: words, base: base}
	editions.Whenever(s.orderTurns)
	return s
}

// Topic is what the pages about an edition's projects listen to.
func Topic(e edition.ID) string { return "followup:" + string(e) }

func hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Sheet is what a person who was asked sees.
type Sheet struct {
	Project Project
	Months  int
	// Last is what was said before, by whomever of the team.
	Last    *Report
	Stopped bool
}

// Sheet returns the form of a letter's link; ErrLink where the link is none.
func (s *Service) Sheet(ctx context.Context, e edition.ID, token string) (Sheet, error) {
	a, err := s.ask(ctx, s.db, e, token)
	if err != nil {
		return Sheet{}, err
	}
	p, err := s.project(ctx, s.db, e, a.team)
	if err != nil {
		return Sheet{}, err
	}
	sheet := Sheet{Project: p, Months: a.months}
	if sheet.Last, err = lastOf(ctx, s.db, e, a.team); err != nil {
		return sheet, err
	}
	sheet.Stopped, err = hasStopped(ctx, s.db, a.account)
	return sheet, err
}

func (s *Service) ask(ctx context.Context, q sqldb.Querier, e edition.ID, token string) (ask, error) {
	a, err := askOfLink(ctx, q, e, hash(token))
	if errors.Is(err, sqldb.ErrNotFound) {
		err = ErrLink
	}
	return a, err
}

func (s *Service) project(ctx context.Context, q sqldb.Querier, e edition.ID, team string) (Project, error) {
	all, err := s.projects.Handed(ctx, q, e)
	if err != nil {
		return Project{}, err
	}
	i := slices.IndexFunc(all, func(p Project) bool { return p.Team == team })
	if i < 0 {
		return Project{}, sqldb.ErrNotFound
	}
	return all[i], nil
}

func lastOf(ctx context.Context, q sqldb.Querier, e edition.ID, team string) (*Report, error) {
	all, err := reportsOf(ctx, q, e, team)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return &all[len(all)-1], nil
}

// Answer keeps what the person of the link says of the project.
func (s *Service) Answer(ctx context.Context, e edition.ID, token string, said Said) error {
	a, err := s.ask(ctx, s.db, e, token)
	if err != nil {
		return err
	}
	who, err := s.accounts.Get(ctx, s.db, a.account)
	if err != nil {
		return err
	}
	said.Reason = ""
	return s.keep(ctx, who.Actor(), Report{Edition: e, Team: a.team, Months: a.months, By: a.account}, said)
}

// FillIn is an organiser who says what became of a project, or corrects it: why is asked,
// and the report before stays in the history.
func (s *Service) FillIn(ctx context.Context, actor account.Actor, e edition.ID, team string, said Said) error {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Organiser); err != nil {
		return err
	}
	if strings.TrimSpace(said.Reason) == "" {
		if _, err := said.check(); err != nil {
			return err
		}
		return ErrReason
	}
	if _, err := s.project(ctx, s.db, e, team); err != nil {
		return err
	}
	return s.keep(ctx, actor, Report{Edition: e, Team: team, By: actor.ID, Organiser: true}, said)
}

// keep writes the report, with its picture or that of the one before.
func (s *Service) keep(ctx context.Context, actor account.Actor, r Report, said Said) error {
	said, err := said.check()
	if err != nil {
		return err
	}
	r.ID, r.State, r.Words, r.URL, r.Reason = s.ids.ID(), said.State, said.Words, said.URL, said.Reason
	if len(said.Picture) > 0 {
		kind, _ := files.Kind(said.Picture[:min(len(said.Picture), files.HeadSize)], said.Name)
		r.Picture = Picture{Key: "followup/" + strings.ToLower(r.ID), ContentType: kind, Alt: said.Alt}
		if err := s.files.Put(ctx, r.Picture.Key, bytes.NewReader(said.Picture), int64(len(said.Picture)), kind); err != nil {
			return fmt.Errorf("keeping the picture: %w", err)
		}
	}
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error { return s.report(ctx, tx, actor, r) })
	if err != nil && len(said.Picture) > 0 {
		err = errors.Join(err, s.files.Delete(ctx, r.Picture.Key))
	}
	return err
}

func (s *Service) report(ctx context.Context, tx *sqldb.Tx, actor account.Actor, r Report) error {
	_, now, err := s.editions.Open(ctx, tx, r.Edition)
	if err != nil {
		return err
	}
	before, err := lastOf(ctx, tx, r.Edition, r.Team)
	if err != nil {
		return err
	}
	was := ""
	if before != nil {
		was = string(before.State)
		if r.Picture.Key == "" {
			r.Picture = before.Picture
		}
	}
	r.At = now
	if err := insertReport(ctx, tx, r); err != nil {
		return fmt.Errorf("keeping what became of %s: %w", r.Team, err)
	}
	s.hub.Touch(tx, Topic(r.Edition))
	after := string(r.State)
	if r.Reason != "" {
		after += ": " + r.Reason
	}
	return s.trail.Write(ctx, tx, trail.Entry{Edition: string(r.Edition), Actor: string(actor.ID), Action: "followup.reported",
		Subject: "team:" + r.Team, Before: was, After: after, EditionAt: now})
}

// Stop keeps these letters from the person of the link, for good.
func (s *Service) Stop(ctx context.Context, e edition.ID, token string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		a, err := s.ask(ctx, tx, e, token)
		if err != nil {
			return err
		}
		return insertStop(ctx, tx, a.account, tx.Now())
	})
}

// GoOn takes a Stop back.
func (s *Service) GoOn(ctx context.Context, e edition.ID, token string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		a, err := s.ask(ctx, tx, e, token)
		if err != nil {
			return err
		}
		return deleteStop(ctx, tx, a.account)
	})
}

// SetQuiet turns the letters of an edition off or on.
func (s *Service) SetQuiet(ctx context.Context, actor account.Actor, e edition.ID, quiet bool) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		ed, now, err := s.editions.Open(ctx, tx, e)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e, edition.Organiser); err != nil {
			return err
		}
		if err := setQuiet(ctx, tx, e, quiet); err != nil {
			return err
		}
		if err := s.orderTurns(ctx, tx, ed); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(e))
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(e), Actor: string(actor.ID), Action: "followup.quiet",
			Subject: "edition:" + string(e), After: fmt.Sprint(quiet), EditionAt: now})
	})
}

// Stories lists the projects with what became of them; for a page that everybody sees,
// ask Public first.
func (s *Service) Stories(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Story, error) {
	projects, err := s.projects.Handed(ctx, q, e)
	if err != nil {
		return nil, err
	}
	reports, err := listReports(ctx, q, e)
	return stories(projects, reports), err
}

// Last is what was said last of a team's project, or nil.
func (s *Service) Last(ctx context.Context, q sqldb.Querier, e edition.ID, team string) (*Report, error) {
	return lastOf(ctx, q, e, team)
}

// States is what was said last of each team's project of which something was said.
func (s *Service) States(ctx context.Context, q sqldb.Querier, e edition.ID) (map[string]State, error) {
	reports, err := listReports(ctx, q, e)
	states := make(map[string]State, len(reports))
	for _, r := range reports { // the newest comes last
		states[r.Team] = r.State
	}
	return states, err
}

// Public says whether everybody may see what became of the projects.
func (s *Service) Public(ctx context.Context, q sqldb.Querier, e edition.ID) (bool, error) {
	return s.projects.Public(ctx, q, e)
}

// Tally counts what became of the projects: for the next edition's page.
func (s *Service) Tally(ctx context.Context, q sqldb.Querier, e edition.ID) (Tally, error) {
	all, err := s.Stories(ctx, q, e)
	return tally(all), err
}

// OpenPicture opens the picture of a report that its reader may see.
func (s *Service) OpenPicture(ctx context.Context, actor account.Actor, e edition.ID, id string) (io.ReadSeekCloser, Picture, error) {
	r, err := getReport(ctx, s.db, e, id)
	if err != nil {
		return nil, Picture{}, err
	}
	public, err := s.Public(ctx, s.db, e)
	if err != nil {
		return nil, Picture{}, err
	}
	if r.Picture.Key == "" || !public && s.editions.Require(ctx, s.db, actor, e, edition.Organiser) != nil {
		return nil, Picture{}, sqldb.ErrNotFound
	}
	content, _, err := s.files.Open(ctx, r.Picture.Key)
	return content, r.Picture, err
}

// Forget leaves no trace of the person.
func (s *Service) Forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	return forgetPerson(ctx, tx, who)
}
