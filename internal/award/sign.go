package award

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Codes know whose spoken code it is: a juror signs with it on a device that is shared.
type Codes interface {
	Whose(ctx context.Context, e edition.ID, code string) (account.ID, error)
}

// Hand is what somebody signs with: the digest of what they read, and what they drew.
type Hand struct {
	Digest  string
	Drawing string
}

// Sign puts the actor's signature under the minutes that they read: a juror's own matter.
func (s *Service) Sign(ctx context.Context, actor account.Actor, e edition.ID, h Hand) error {
	return s.sign(ctx, actor, e, actor.ID, BySession, h)
}

// SignWithCode puts the signature of the juror whose code it is under the minutes, on the
// device of somebody who may read them.
func (s *Service) SignWithCode(ctx context.Context, actor account.Actor, e edition.ID, code string, h Hand) error {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Juror); err != nil {
		return err
	}
	who, err := s.with.Codes.Whose(ctx, e, code)
	if err != nil {
		return err
	}
	return s.sign(ctx, actor, e, who, ByCode, h)
}

// Signatures are all that were given under the minutes, the oldest first.
func (s *Service) Signatures(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Signature, error) {
	return listSignatures(ctx, q, e)
}

func (s *Service) sign(ctx context.Context, actor account.Actor, e edition.ID, who account.ID, way Way, h Hand) error {
	if _, ok := ParseDrawing(h.Drawing); !ok {
		return errs.Fields{{Name: "drawing", Key: "award.drawing_wrong"}}
	}
	again := errors.New("signed already")
	err := s.act(ctx, actor, e, edition.Juror, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if d.State != Decided && d.State != Closed {
			return deed{}, errs.New(errs.Conflict, "award.not_decided")
		}
		m, err := s.written(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		i := slices.IndexFunc(m.Jury, func(a Attendance) bool { return a.Account == who && a.Presence == Present })
		if i < 0 {
			return deed{}, errs.New(errs.Forbidden, "award.no_signature")
		}
		if h.Digest == "" || h.Digest != m.Digest() {
			return deed{}, errs.New(errs.Conflict, "award.read_again")
		}
		one := Signature{ID: s.ids.ID(), Account: who, Name: m.Jury[i].Name, Digest: h.Digest, Way: way, Drawing: h.Drawing, At: now}
		err = insertSignature(ctx, tx, e, one)
		if sqldb.IsUnique(err) {
			return deed{}, again
		}
		if err != nil {
			return deed{}, fmt.Errorf("signing the minutes: %w", err)
		}
		return deed{Entry: trail.Entry{Action: "award.signed", Subject: "account:" + string(who), After: h.Digest}, body: TracedSignature{Digest: h.Digest, Way: way}}, nil
	})
	if errors.Is(err, again) {
		return nil
	}
	return err
}

// MaxScan is the largest scan.
const MaxScan = 15_000_000

// AttachScan keeps a scan of the minutes signed on paper, as PDF or as a picture.
func (s *Service) AttachScan(ctx context.Context, actor account.Actor, e edition.ID, name string, body io.Reader) error {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Organiser); err != nil {
		return err
	}
	content, err := io.ReadAll(io.LimitReader(body, MaxScan+1))
	if err != nil {
		return fmt.Errorf("reading a scan: %w", err)
	}
	kind, shown := files.Kind(content[:min(len(content), files.HeadSize)], name)
	if !shown || len(content) > MaxScan {
		return errs.Fields{{Name: "scan", Key: "award.scan_wrong"}}
	}
	scan := Scan{ID: s.ids.ID(), Kind: kind, Hash: sum(content), By: actor.Name}
	scan.Key = "award/" + string(e) + "/" + scan.ID
	if err := s.with.Files.Put(ctx, scan.Key, bytes.NewReader(content), int64(len(content)), kind); err != nil {
		return fmt.Errorf("keeping a scan: %w", err)
	}
	err = s.act(ctx, actor, e, edition.Organiser, func(tx *sqldb.Tx, d Deliberation, now time.Time) (deed, error) {
		if d.State != Decided && d.State != Closed {
			return deed{}, errs.New(errs.Conflict, "award.not_decided")
		}
		m, err := s.written(ctx, tx, e)
		if err != nil {
			return deed{}, err
		}
		scan.At, scan.Digest = now, m.Digest()
		done := deed{Entry: trail.Entry{Action: "award.scanned", Subject: "scan:" + scan.ID, After: scan.Hash}, body: TracedScan{Digest: scan.Digest, File: scan.Hash}}
		return done, insertScan(ctx, tx, e, scan)
	})
	if err != nil {
		return errors.Join(err, s.with.Files.Delete(context.WithoutCancel(ctx), scan.Key))
	}
	return nil
}

// OpenScan returns a scan's content, for the jury and the organisers; the caller closes it.
func (s *Service) OpenScan(ctx context.Context, actor account.Actor, e edition.ID, id string) (Scan, io.ReadSeekCloser, error) {
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Juror); err != nil {
		return Scan{}, nil, err
	}
	all, err := listScans(ctx, s.db, e)
	if err != nil {
		return Scan{}, nil, err
	}
	i := slices.IndexFunc(all, func(one Scan) bool { return one.ID == id })
	if i < 0 {
		return Scan{}, nil, sqldb.ErrNotFound
	}
	content, _, err := s.with.Files.Open(ctx, all[i].Key)
	return all[i], content, err
}
