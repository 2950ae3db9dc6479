package project

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
)

// Upload is a file on its way in.
type Upload struct {
	Name string
	Size int64
	Body io.Reader
	// Begun is the edition's time at which it began to arrive: what counts for the
	// deadline, since a slow network is nobody's fault.
	Begun time.Time
}

// Attach adds a file to the project of the actor's team. Once a version has been handed
// in, the file joins it as a new version by itself: the text goes first, the files may
// follow.
func (s *Service) Attach(ctx context.Context, actor account.Actor, id edition.ID, u Upload) (File, error) {
	if u.Size > MaxFile {
		return File{}, errs.New(ErrTooLarge.Kind, ErrTooLarge.Key, "max", MaxFile/1_000_000)
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return File{}, err
	}
	p, err := s.Mine(ctx, actor, id)
	if err != nil {
		return File{}, err
	}
	gate := gateAt(e, p, u.Begun)
	if !gate.Open {
		return File{}, ErrClosed
	}
	have, err := draftFiles(ctx, s.db, p.ID)
	if err != nil {
		return File{}, err
	}
	if len(have) >= MaxFiles {
		return File{}, errs.New(ErrFiles.Kind, ErrFiles.Key, "max", MaxFiles)
	}
	f, err := s.put(ctx, p, actor, u)
	if err != nil {
		return f, err
	}
	if err := s.addFile(ctx, actor, p, f, gate); err != nil {
		return f, errors.Join(err, s.store.Delete(context.WithoutCancel(ctx), f.Key))
	}
	return f, nil
}

// put keeps the content. What it is is read from its first bytes, never from what the
// sender calls it alone.
func (s *Service) put(ctx context.Context, p Project, actor account.Actor, u Upload) (File, error) {
	f := File{ID: FileID(s.ids.ID()), Edition: p.Edition, Project: p.ID, Name: cleanName(u.Name), Size: u.Size, By: actor.ID, Added: u.Begun}
	head := make([]byte, files.HeadSize)
	n, err := io.ReadFull(u.Body, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return f, fmt.Errorf("reading %s: %w", f.Name, err)
	}
	f.ContentType, _ = files.Kind(head[:n], f.Name)
	f.Key = "project/" + string(p.ID) + "/" + string(f.ID)
	if err := s.store.Put(ctx, f.Key, io.MultiReader(bytes.NewReader(head[:n]), u.Body), u.Size, f.ContentType); err != nil {
		return f, fmt.Errorf("keeping %s: %w", f.Name, err)
	}
	return f, nil
}

// cleanName is a file's name as people gave it, without a path and without signs that
// turn the reading direction or hide an ending.
func cleanName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name)
	if name = strings.TrimSpace(name); name == "" || name == "." || name == "/" || name == ".." {
		return "file"
	}
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:100]) + string(runes[len(runes)-20:])
	}
	return name
}

// addFile notes the file, and makes the version that holds it.
func (s *Service) addFile(ctx context.Context, actor account.Actor, p Project, f File, gate Gate) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, p.Edition)
		if err != nil {
			return err
		}
		if p, err = lockProject(ctx, tx, p.ID); err != nil {
			return err
		}
		have, err := draftFiles(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		if len(have) >= MaxFiles {
			return errs.New(ErrFiles.Kind, ErrFiles.Key, "max", MaxFiles)
		}
		if err := insertFile(ctx, tx, f); err != nil {
			return fmt.Errorf("noting the file %s: %w", f.ID, err)
		}
		if f.Picture() && s.follower != nil {
			if err := s.follower.PictureTx(ctx, tx, f); err != nil {
				return err
			}
		}
		s.touch(tx, p)
		if err := s.note(ctx, tx, actor, p, now, "project.file_added", "", f.Name); err != nil || p.Versions == 0 {
			return err
		}
		current, err := s.Current(ctx, tx, p.Team)
		if err != nil {
			return err
		}
		next := Submission{Edition: p.Edition, Project: p.ID, Team: p.Team, Content: current.Content, Files: append(current.Files, f),
			Basis: gate.Basis, By: actor.ID, At: f.Added, Received: tx.Now(), Deadline: e.At[edition.HandIn]}
		_, _, err = s.addVersion(ctx, tx, actor, next)
		return err
	})
}

// Detach takes a file out of the draft; versions that have it keep it.
func (s *Service) Detach(ctx context.Context, actor account.Actor, id edition.ID, file FileID) error {
	p, err := s.Mine(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if !gateAt(e, p, now).Open {
			return ErrClosed
		}
		ok, err := removeFile(ctx, tx, p.ID, file, now)
		if err != nil {
			return fmt.Errorf("taking the file %s out: %w", file, err)
		}
		if !ok {
			return sqldb.ErrNotFound
		}
		s.touch(tx, p)
		return s.note(ctx, tx, actor, p, now, "project.file_removed", string(file), "")
	})
}

// Open returns a file for somebody who may see it: its team, jurors and organisers; and
// everybody, once the projects are published, if the last version has it and it is no
// picture: a picture says where it was taken, so the public gets copies that do not. The
// caller closes the content.
func (s *Service) Open(ctx context.Context, actor account.Actor, id edition.ID, file FileID) (File, io.ReadSeekCloser, error) {
	f, err := getFile(ctx, s.db, id, file)
	if err != nil {
		return f, nil, err
	}
	if err := s.mayRead(ctx, actor, f); err != nil {
		return f, nil, err
	}
	content, _, err := s.store.Open(ctx, f.Key)
	if err != nil {
		return f, nil, fmt.Errorf("opening the file %s: %w", f.ID, err)
	}
	return f, content, nil
}

func (s *Service) mayRead(ctx context.Context, actor account.Actor, f File) error {
	p, err := getProject(ctx, s.db, "id = $1", f.Project)
	if err != nil {
		return err
	}
	if err := s.MaySee(ctx, s.db, actor, p); err == nil || !errs.Is(err, errs.Forbidden) && !errs.Is(err, errs.Unauthenticated) {
		return err
	}
	if p.Published.IsZero() || p.Withheld != "" || f.Picture() {
		return ErrNotYours
	}
	current, err := s.Current(ctx, s.db, p.Team)
	if err != nil {
		return err
	}
	for _, have := range current.Files {
		if have.ID == f.ID {
			return nil
		}
	}
	return ErrNotYours
}

// MaySee refuses whoever is neither of the project's team, nor a juror, nor an
// organiser. A project that is withheld is not for jurors.
func (s *Service) MaySee(ctx context.Context, q sqldb.Querier, actor account.Actor, p Project) error {
	if actor.Public() && !actor.Program {
		return errs.New(errs.Unauthenticated, "error.sign_in")
	}
	mine, err := s.teams.IDOfAccount(ctx, q, p.Edition, actor.ID)
	if err == nil && mine == p.Team {
		return nil
	}
	var readers []edition.Role
	if p.Withheld == "" {
		readers = []edition.Role{edition.Juror}
	}
	if err := s.editions.Require(ctx, q, actor, p.Edition, readers...); err != nil {
		return orNotYours(err)
	}
	return nil
}

func orNotYours(err error) error {
	if errors.Is(err, edition.ErrForbidden) {
		return ErrNotYours
	}
	return err
}
