package record

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
)

// archiveKind is the job that puts everything into one archive.
const archiveKind = "record.archive"

type archiveArgs struct {
	Lang i18n.Lang `json:"lang"`
}

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{archiveKind: s.archive}
}

// Topic is what the page of exports listens to.
func Topic(id edition.ID) string { return "record:" + string(id) }

// Order asks for the archive in the language and returns its job. While one is being made
// there is no second.
func (s *Service) Order(ctx context.Context, actor account.Actor, id edition.ID, lang i18n.Lang) (string, error) {
	var job string
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.jury.Leads(ctx, tx, actor, id); err != nil {
			return err
		}
		var err error
		job, err = s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: archiveKind, Edition: string(id), Args: archiveArgs{lang},
			OnlyOne: archiveKind + ":" + string(id), AskedBy: string(actor.ID)})
		if err == nil && job == "" {
			return errs.New(errs.Conflict, "record.being_made")
		}
		s.hub.Touch(tx, Topic(id))
		return err
	})
	return job, err
}

// Stop ends the making of an archive.
func (s *Service) Stop(ctx context.Context, actor account.Actor, id edition.ID, job string) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.jury.Leads(ctx, tx, actor, id); err != nil {
			return err
		}
		if _, err := ownJob(ctx, tx, id, job); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return s.queue.StopTx(ctx, tx, job)
	})
}

// ownJob is an archive's job of this edition.
func ownJob(ctx context.Context, q sqldb.Querier, id edition.ID, job string) (jobs.Job, error) {
	j, err := jobs.Get(ctx, q, job)
	if err == nil && (j.Edition != string(id) || j.Kind != archiveKind) {
		err = sqldb.ErrNotFound
	}
	return j, err
}

// Newest is the archive that was asked for last; ok is false before the first.
func (s *Service) Newest(ctx context.Context, id edition.ID) (job jobs.Job, ok bool, err error) {
	all, err := jobs.List(ctx, s.db, string(id), 100)
	for _, j := range all {
		if j.Kind == archiveKind {
			return j, true, err
		}
	}
	return jobs.Job{}, false, err
}

// archive writes the four exports aside, in one archive, and then into the store.
func (s *Service) archive(ctx context.Context, run *jobs.Run) (err error) {
	var args archiveArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	id := edition.ID(run.Edition)
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return fmt.Errorf("reading the edition: %w", err)
	}
	l := s.words.Locale(args.Lang).In(e.Zone)
	aside, err := os.CreateTemp("", "jury-*.zip")
	if err != nil {
		return fmt.Errorf("making room for the archive: %w", err)
	}
	defer func() { err = errors.Join(err, aside.Close(), os.Remove(aside.Name())) }()
	if err := s.fill(ctx, run, l, e, aside); err != nil {
		return err
	}
	size, err := aside.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := aside.Seek(0, io.SeekStart); err != nil {
		return err
	}
	key := "record/" + strings.ToLower(run.ID) + ".zip"
	if err := s.files.Put(ctx, key, aside, size, "application/zip"); err != nil {
		return fmt.Errorf("keeping the archive: %w", err)
	}
	run.Finish(key)
	s.hub.Tell(Topic(id))
	return nil
}

func (s *Service) fill(ctx context.Context, run *jobs.Run, l i18n.Locale, e edition.Edition, w io.Writer) error {
	archive := zip.NewWriter(w)
	for i, part := range s.exports() {
		run.Progress(i, len(s.exports()))
		if err := ctx.Err(); err != nil {
			return err
		}
		out, err := archive.CreateHeader(&zip.FileHeader{Name: part.file(l, e), Method: zip.Deflate, Modified: s.db.Now()})
		if err != nil {
			return err
		}
		if err := part.write(ctx, l, e.ID, out); err != nil {
			return fmt.Errorf("writing %s: %w", part.path, err)
		}
	}
	run.Progress(len(s.exports()), len(s.exports()))
	return archive.Close()
}

// export is one file that can be had at any second.
type export struct {
	path        string // of its address, and its extension
	name        string // the key of its file's name
	contentType string
	write       func(ctx context.Context, l i18n.Locale, id edition.ID, w io.Writer) error
}

func (x export) file(l i18n.Locale, e edition.Edition) string {
	return l.T(x.name) + "-" + e.Slug + x.path[strings.LastIndexByte(x.path, '.'):]
}

// exports are the files in the order in which the page offers them.
func (s *Service) exports() []export {
	return []export{
		{"record.jsonl", "record.file_record", "application/jsonl", func(ctx context.Context, _ i18n.Locale, id edition.ID, w io.Writer) error {
			return s.Write(ctx, id, w, nil)
		}},
		{"marks.xlsx", "record.file_marks", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", s.Book},
		{"judging.pdf", "record.file_minutes", "application/pdf", s.Minutes},
		{"marks.csv", "record.file_marks", "text/csv; charset=utf-8", s.CSV},
	}
}
