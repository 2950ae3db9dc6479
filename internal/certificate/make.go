package certificate

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
)

// makeKind is the job that makes the ZIP of an edition's sheets.
const makeKind = "certificate.make"

type makeArgs struct {
	Kinds []Kind `json:"kinds"`
}

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{makeKind: s.makeZIP}
}

// makeZIP writes all sheets of the kinds into a ZIP aside, and then into the store. It
// leaves the key of the file.
func (s *Service) makeZIP(ctx context.Context, run *jobs.Run) (err error) {
	var args makeArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	e, err := s.editions.Get(ctx, s.db, edition.ID(run.Edition))
	if err != nil {
		return fmt.Errorf("reading the edition: %w", err)
	}
	all, err := s.claims(ctx, e.ID, true)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(c Claim) bool { return !slices.Contains(args.Kinds, c.Kind) })
	issued, err := s.issue(ctx, account.Program, e.ID, all)
	if err != nil {
		return err
	}
	aside, err := os.CreateTemp("", "certificates-*.zip")
	if err != nil {
		return fmt.Errorf("making room for the certificates: %w", err)
	}
	defer func() { err = errors.Join(err, aside.Close(), os.Remove(aside.Name())) }()
	if err := s.writeAll(ctx, run, aside, e, all, issued); err != nil {
		return err
	}
	size, err := aside.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := aside.Seek(0, io.SeekStart); err != nil {
		return err
	}
	stored := "certificate/" + strings.ToLower(run.ID) + ".zip"
	if err := s.files.Put(ctx, stored, aside, size, "application/zip"); err != nil {
		return fmt.Errorf("keeping the certificates: %w", err)
	}
	run.Finish(stored)
	s.hub.Tell(Topic(e.ID))
	return nil
}

func (s *Service) writeAll(ctx context.Context, run *jobs.Run, w io.Writer, e edition.Edition, all []Claim, issued map[key]Certificate) error {
	archive := zip.NewWriter(w)
	looks, err := s.looks(ctx, e)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	for i, c := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !issued[keyOf(c)].Revoked.IsZero() {
			continue
		}
		doc, err := s.sheet(looks, c, issued[keyOf(c)])
		if err != nil {
			return err
		}
		content.Reset()
		if _, err := doc.WriteTo(&content); err != nil {
			return fmt.Errorf("writing the sheet of %s: %w", c.Account, err)
		}
		// The sheets are compressed inside; to do it again would only take time.
		entry, err := archive.CreateHeader(&zip.FileHeader{Name: fmt.Sprintf("%s/%04d-%s.pdf", c.Kind, i+1, fileName(c.Name)),
			Method: zip.Store, Modified: issued[keyOf(c)].Issued})
		if err != nil {
			return err
		}
		if _, err := content.WriteTo(entry); err != nil {
			return err
		}
		run.Progress(i+1, len(all))
	}
	return archive.Close()
}

// fileName keeps the letters and digits of a name, so that it is a file's on any
// system.
func fileName(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	text := []rune(strings.Join(words, "-"))
	if len(text) == 0 {
		return "x"
	}
	return string(text[:min(len(text), 60)])
}
