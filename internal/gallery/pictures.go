package gallery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/jobs"
	"h48/internal/kit/picture"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
)

// copyKind is the job that makes the clean copies of a picture.
const copyKind = "gallery.copy"

type copyArgs struct {
	File project.FileID `json:"file"`
}

// PictureTx implements project.Follower: the copies are made soon, once.
func (s *Service) PictureTx(ctx context.Context, tx *sqldb.Tx, f project.File) error {
	if err := insertPicture(ctx, tx, Picture{ID: f.ID, Edition: f.Edition, Project: f.Project}); err != nil {
		return fmt.Errorf("noting a picture: %w", err)
	}
	return s.orderCopies(ctx, tx, f.Edition, f.ID)
}

func (s *Service) orderCopies(ctx context.Context, tx *sqldb.Tx, e edition.ID, f project.FileID) error {
	_, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: copyKind, Edition: string(e), Args: copyArgs{f}, OnlyOne: copyKind + ":" + string(f)})
	return err
}

// copyPicture makes the clean copies of a picture. What is no picture in spite of its
// name is refused for good and shown to nobody.
func (s *Service) copyPicture(ctx context.Context, run *jobs.Run) error {
	var args copyArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	id := edition.ID(run.Edition)
	p, err := getPicture(ctx, s.db, id, args.File)
	if err != nil {
		return err
	}
	f, err := s.projects.File(ctx, s.db, id, args.File)
	if err != nil {
		return err
	}
	copies, err := s.readCopies(ctx, f)
	switch {
	case errors.Is(err, picture.ErrRefused):
		p.State = Refused
	case err != nil:
		return err
	default:
		p.State = Ready
		for i, c := range copies {
			if err := s.store.Put(ctx, p.key(sizes[i]), bytes.NewReader(c.JPEG), int64(len(c.JPEG)), "image/jpeg"); err != nil {
				return fmt.Errorf("keeping a copy: %w", err)
			}
			p.Width, p.Height = c.Width, c.Height
		}
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		s.hub.Touch(tx, Topic(id), project.Topic(id))
		return updateMade(ctx, tx, p)
	})
}

func (s *Service) readCopies(ctx context.Context, f project.File) ([]picture.Copy, error) {
	content, _, err := s.store.Open(ctx, f.Key)
	if err != nil {
		return nil, fmt.Errorf("opening the picture %s: %w", f.ID, err)
	}
	copies, err := picture.Copies(content, int(Small), int(Large))
	return copies, errors.Join(err, content.Close())
}

// Describe says what a picture of the actor's team shows, for who cannot see it, and
// whether it comes first.
func (s *Service) Describe(ctx context.Context, actor account.Actor, id edition.ID, file project.FileID, alt string, first bool) error {
	if alt = strings.Join(strings.Fields(alt), " "); utf8.RuneCountInString(alt) > MostAlt {
		return errs.Fields{{Name: "alt", Key: "gallery.alt_long", Args: []any{"max", MostAlt, "n", utf8.RuneCountInString(alt)}}}
	}
	return s.change(ctx, actor, id, file, "gallery.described", alt, func(tx *sqldb.Tx, p Picture) error {
		p.Alt = alt
		if err := updateAlt(ctx, tx, p); err != nil || !first {
			return err
		}
		return updateFirst(ctx, tx, p)
	})
}

// Hide takes a picture away from everybody at once, as when somebody in it takes their
// consent back: its team and the organisers may. Its copies are deleted.
func (s *Service) Hide(ctx context.Context, actor account.Actor, id edition.ID, file project.FileID, reason string) error {
	if reason = strings.TrimSpace(reason); utf8.RuneCountInString(reason) > maxReason {
		return errs.Fields{{Name: "reason", Key: "gallery.reason_long", Args: []any{"max", maxReason}}}
	}
	var gone Picture
	err := s.change(ctx, actor, id, file, "gallery.hidden", reason, func(tx *sqldb.Tx, p Picture) error {
		gone = p
		ok, err := updateHidden(ctx, tx, file, []State{Waiting, Ready, Refused}, Hidden, reason)
		if err == nil && !ok {
			err = errs.New(errs.Conflict, "gallery.changed_meanwhile")
		}
		return err
	})
	if err != nil {
		return err
	}
	// Nobody can reach them any more; what cannot be deleted now only takes room.
	for _, size := range sizes {
		err = errors.Join(err, s.store.Delete(ctx, gone.key(size)))
	}
	return err
}

// Unhide brings a picture back, with new copies.
func (s *Service) Unhide(ctx context.Context, actor account.Actor, id edition.ID, file project.FileID) error {
	return s.change(ctx, actor, id, file, "gallery.unhidden", "", func(tx *sqldb.Tx, _ Picture) error {
		ok, err := updateHidden(ctx, tx, file, []State{Hidden}, Waiting, "")
		if err == nil && !ok {
			err = errs.New(errs.Conflict, "gallery.changed_meanwhile")
		}
		if err != nil {
			return err
		}
		return s.orderCopies(ctx, tx, id, file)
	})
}

// change changes a picture of the actor's own team, or any for an organiser.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, file project.FileID, action, after string,
	do func(tx *sqldb.Tx, p Picture) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := getPicture(ctx, tx, id, file)
		if err != nil {
			return err
		}
		if err := s.mayChange(ctx, tx, actor, p); err != nil {
			return err
		}
		if err := do(tx, p); err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return s.note(ctx, tx, actor, id, now, action, "picture:"+string(file), after)
	})
}

func (s *Service) mayChange(ctx context.Context, tx *sqldb.Tx, actor account.Actor, p Picture) error {
	err := s.editions.Require(ctx, tx, actor, p.Edition, edition.Organiser)
	if err == nil || !errors.Is(err, edition.ErrForbidden) {
		return err
	}
	mine, err := s.teams.IDOfAccount(ctx, tx, p.Edition, actor.ID)
	if err != nil {
		return errNotYours
	}
	of, err := s.projects.Get(ctx, tx, p.Edition, p.Project)
	if err == nil && of.Team != mine {
		err = errNotYours
	}
	return err
}

// OpenPicture returns a copy of a picture to who may see the project; the caller closes
// it.
func (s *Service) OpenPicture(ctx context.Context, actor account.Actor, e edition.Edition, file project.FileID, size Size) (io.ReadSeekCloser, files.Info, error) {
	p, err := getPicture(ctx, s.db, e.ID, file)
	if err != nil {
		return nil, files.Info{}, err
	}
	if p.State != Ready {
		return nil, files.Info{}, sqldb.ErrNotFound
	}
	of, err := s.projects.Get(ctx, s.db, e.ID, p.Project)
	if err != nil {
		return nil, files.Info{}, err
	}
	if err := s.projects.MaySee(ctx, s.db, actor, of); err != nil {
		if errs.KindOf(err) == errs.Internal {
			return nil, files.Info{}, err
		}
		if err := s.publicHas(ctx, e, p); err != nil {
			return nil, files.Info{}, err
		}
	}
	return s.store.Open(ctx, p.key(size))
}

// publicHas refuses a picture that is not in what the public may see.
func (s *Service) publicHas(ctx context.Context, e edition.Edition, p Picture) error {
	entry, err := getEntry(ctx, s.db, e.ID, p.Project)
	if err == nil && len(visible([]Picture{p}, p.Project, entry.pictures)) == 0 {
		err = sqldb.ErrNotFound
	}
	return err
}
