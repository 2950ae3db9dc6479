package gallery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
)

// siteKind is the job that makes the site of an edition's projects.
const siteKind = "gallery.site"

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{copyKind: s.copyPicture, siteKind: s.makeSite}
}

// MakeSite orders the site of the edition's projects and returns the job that makes it:
// the organisers' matter.
func (s *Service) MakeSite(ctx context.Context, actor account.Actor, e edition.ID) (string, error) {
	var id string
	err := s.organise(ctx, actor, e, func(tx *sqldb.Tx) (err error) {
		id, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: siteKind, Edition: string(e), Args: struct{}{}, OnlyOne: siteKind + ":" + string(e), AskedBy: string(actor.ID)})
		if err == nil && id == "" {
			err = errs.New(errs.Conflict, "gallery.site.being_made")
		}
		return err
	})
	return id, err
}

// StopSite ends the making of a site.
func (s *Service) StopSite(ctx context.Context, actor account.Actor, e edition.ID, job string) error {
	return s.organise(ctx, actor, e, func(tx *sqldb.Tx) error {
		if _, err := siteJob(ctx, tx, e, job); err != nil {
			return err
		}
		return s.queue.StopTx(ctx, tx, job)
	})
}

func (s *Service) organise(ctx context.Context, actor account.Actor, e edition.ID, do func(tx *sqldb.Tx) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, e, edition.Organiser); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(e))
		return do(tx)
	})
}

// siteJob is a job of this room and edition that makes a site.
func siteJob(ctx context.Context, q sqldb.Querier, e edition.ID, id string) (jobs.Job, error) {
	job, err := jobs.Get(ctx, q, id)
	if err == nil && (job.Edition != string(e) || job.Kind != siteKind) {
		err = sqldb.ErrNotFound
	}
	return job, err
}

// Sites lists the newest jobs that make the site.
func (s *Service) Sites(ctx context.Context, e edition.ID) ([]jobs.Job, error) {
	all, err := jobs.List(ctx, s.db, string(e), 100)
	var mine []jobs.Job
	for _, j := range all {
		if j.Kind == siteKind && len(mine) < 3 {
			mine = append(mine, j)
		}
	}
	return mine, err
}

// makeSite writes the site aside and then into the store; it leaves the key of the file.
func (s *Service) makeSite(ctx context.Context, run *jobs.Run) (err error) {
	aside, err := os.CreateTemp("", "site-*.zip")
	if err != nil {
		return fmt.Errorf("making room for the site: %w", err)
	}
	defer func() { err = errors.Join(err, aside.Close(), os.Remove(aside.Name())) }()
	if err := s.WriteSite(ctx, aside, edition.ID(run.Edition), run.Progress); err != nil {
		return err
	}
	size, err := aside.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := aside.Seek(0, io.SeekStart); err != nil {
		return err
	}
	key := "gallery/site/" + strings.ToLower(run.ID) + ".zip"
	if err := s.store.Put(ctx, key, aside, size, "application/zip"); err != nil {
		return fmt.Errorf("keeping the site: %w", err)
	}
	run.Finish(key)
	s.hub.Tell(Topic(edition.ID(run.Edition)))
	return nil
}

// OpenSite returns a site that was made; the caller closes it.
func (s *Service) OpenSite(ctx context.Context, e edition.ID, id string) (io.ReadSeekCloser, files.Info, error) {
	job, err := siteJob(ctx, s.db, e, id)
	if err == nil && (job.State != jobs.Done || job.Result == "") {
		err = sqldb.ErrNotFound
	}
	if err != nil {
		return nil, files.Info{}, err
	}
	return s.store.Open(ctx, job.Result)
}
