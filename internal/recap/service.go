package recap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/ids"
	"h48/internal/kit/live"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Service is what can be done with a recap.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	editions *edition.Service
	facts    Facts
	files    files.Store
	hub      *live.Hub
	trail    *trail.Trail
	words    *i18n.Catalogue
}

// NewService returns the service.
func NewService(db *sqldb.DB, source *ids.Source, editions *edition.Service, facts Facts, store files.Store, hub *live.Hub,
	t *trail.Trail, words *i18n.Catalogue) *Service {
	return &Service{db: db, ids: source, editions: editions, facts: facts, files: store, hub: hub, trail: t, words: words}
}

// Topic is what the pages of an edition's recap listen to.
func Topic(e edition.ID) string { return "recap:" + string(e) }

// change runs one change of the recap by an organiser; edit returns what the trail says
// of it, or "" for what needs no note, as each key of a text.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, action string,
	edit func(tx *sqldb.Tx, e edition.Edition, now time.Time, r *Recap) (after string, err error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		r, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		after, err := edit(tx, e, now, &r)
		if err != nil {
			return err
		}
		if err := put(ctx, tx, r); err != nil {
			return fmt.Errorf("keeping the recap: %w", err)
		}
		s.hub.Touch(tx, Topic(id))
		if after == "" {
			return nil
		}
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action, Subject: "recap:" + string(id), After: after, EditionAt: now})
	})
}

// Write brings the figures up to date and writes the text from them, in the edition's
// language. A text that an organiser has edited stays as it is unless over is set.
func (s *Service) Write(ctx context.Context, actor account.Actor, id edition.ID, over bool) error {
	return s.change(ctx, actor, id, "recap.written", func(tx *sqldb.Tx, e edition.Edition, now time.Time, r *Recap) (string, error) {
		figures, err := s.facts.Figures(ctx, tx, id)
		if err != nil {
			return "", fmt.Errorf("collecting the facts: %w", err)
		}
		r.Figures, r.Written = figures, now
		if r.Edited && !over {
			return "figures", nil
		}
		r.Text, r.Edited = draft(s.words.Locale(e.Lang).In(e.Zone).With(e.Words), e, figures), false
		return "figures, text", nil
	})
}

// Edit replaces the text.
func (s *Service) Edit(ctx context.Context, actor account.Actor, id edition.ID, text string) error {
	if len(text) > longestText {
		return errs.Fields{{Name: "text", Key: "recap.too_long"}}
	}
	return s.change(ctx, actor, id, "", func(_ *sqldb.Tx, _ edition.Edition, _ time.Time, r *Recap) (string, error) {
		r.Edited = r.Edited || r.Text != text
		r.Text = text
		return "", nil
	})
}

// Publish opens the recap to everybody.
func (s *Service) Publish(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, "recap.published", func(_ *sqldb.Tx, _ edition.Edition, now time.Time, r *Recap) (string, error) {
		if r.Written.IsZero() || strings.TrimSpace(r.Text) == "" {
			return "", errs.New(errs.Conflict, "recap.empty")
		}
		if !r.Public() {
			r.Published = now
		}
		return r.Text, nil
	})
}

// Unpublish takes the recap back from the public.
func (s *Service) Unpublish(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.change(ctx, actor, id, "recap.unpublished", func(_ *sqldb.Tx, _ edition.Edition, _ time.Time, r *Recap) (string, error) {
		r.Published = time.Time{}
		return "draft", nil
	})
}

// Recap returns the recap as organisers see it: to others it is not there until it is
// published.
func (s *Service) Recap(ctx context.Context, q sqldb.Querier, actor account.Actor, e edition.ID) (Recap, error) {
	r, err := get(ctx, q, e)
	if err != nil || r.Public() {
		return r, err
	}
	if err := s.editions.Require(ctx, q, actor, e, edition.Organiser); err != nil {
		return Recap{}, sqldb.ErrNotFound
	}
	return r, nil
}

// Pictures lists the recap's pictures.
func (s *Service) Pictures(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Picture, error) {
	return listPictures(ctx, q, e)
}

// AddPicture puts a picture into the recap. It must be one that browsers show in place,
// and come with a text for who cannot see it and a word on the consent of those who are
// seen.
func (s *Service) AddPicture(ctx context.Context, actor account.Actor, id edition.ID, p Picture, name string, content io.Reader) (Picture, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return p, err
	}
	var data []byte
	if content != nil {
		var err error
		if data, err = io.ReadAll(io.LimitReader(content, largestPicture+1)); err != nil {
			return p, fmt.Errorf("reading the picture: %w", err)
		}
	}
	if err := p.check(data, name); err != nil {
		return p, err
	}
	p.ID, p.Edition = s.ids.ID(), id
	p.Key = "recap/" + strings.ToLower(p.ID)
	if err := s.files.Put(ctx, p.Key, bytes.NewReader(data), int64(len(data)), p.ContentType); err != nil {
		return p, fmt.Errorf("keeping the picture: %w", err)
	}
	err := s.change(ctx, actor, id, "recap.picture_added", func(tx *sqldb.Tx, _ edition.Edition, _ time.Time, _ *Recap) (string, error) {
		others, err := listPictures(ctx, tx, id)
		if err == nil && len(others) >= mostPictures {
			err = errs.New(errs.Conflict, "recap.pictures_full")
		}
		if err != nil {
			return "", err
		}
		return p.Alt, insertPicture(ctx, tx, p)
	})
	if err != nil {
		return p, errors.Join(err, s.files.Delete(ctx, p.Key))
	}
	return p, nil
}

// check says what is wrong with the picture and sets its content type.
func (p *Picture) check(data []byte, name string) error {
	var wrong errs.Fields
	kind, inline := files.Kind(data[:min(len(data), files.HeadSize)], name)
	switch p.ContentType = kind; {
	case len(data) == 0:
		wrong.Add("picture", "error.required")
	case len(data) > largestPicture:
		wrong.Add("picture", "recap.picture_too_large")
	case !inline || !strings.HasPrefix(kind, "image/"):
		wrong.Add("picture", "recap.picture_kind")
	}
	for field, text := range map[string]string{"alt": p.Alt, "consent": p.Consent} {
		if text == "" {
			wrong.Add(field, "error.required")
		}
	}
	for field, text := range map[string]string{"alt": p.Alt, "consent": p.Consent, "credit": p.Credit} {
		if len(text) > longestLine {
			wrong.Add(field, "recap.line_too_long")
		}
	}
	return wrong.Err()
}

// DropPicture takes a picture out of the recap and deletes its file.
func (s *Service) DropPicture(ctx context.Context, actor account.Actor, id edition.ID, picture string) error {
	var key string
	err := s.change(ctx, actor, id, "recap.picture_dropped", func(tx *sqldb.Tx, _ edition.Edition, _ time.Time, _ *Recap) (string, error) {
		p, err := getPicture(ctx, tx, id, picture)
		if err != nil {
			return "", err
		}
		key = p.Key
		return p.Alt, deletePicture(ctx, tx, picture)
	})
	if err != nil {
		return err
	}
	return s.files.Delete(ctx, key)
}

// OpenPicture returns the file of a picture to who may see the recap; the caller closes
// it.
func (s *Service) OpenPicture(ctx context.Context, actor account.Actor, e edition.ID, picture string) (io.ReadSeekCloser, Picture, error) {
	if _, err := s.Recap(ctx, s.db, actor, e); err != nil {
		return nil, Picture{}, err
	}
	p, err := getPicture(ctx, s.db, e, picture)
	if err != nil {
		return nil, p, err
	}
	file, _, err := s.files.Open(ctx, p.Key)
	return file, p, err
}
