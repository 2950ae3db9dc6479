package project

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// HandIn makes the content the team's next version. When it returns nil the version is
// on disk. What comes too late is kept as an attempt and answered with ErrClosed. The
// moment that counts is the server's, when the call begins: waiting for a turn at the
// disk makes nobody late.
func (s *Service) HandIn(ctx context.Context, actor account.Actor, id edition.ID, c Content, edit Edit, a once.Action) (Submission, error) {
	arrived := s.db.Now()
	c = c.tidy()
	if err := c.check(); err != nil {
		return Submission{}, err
	}
	e, err := s.editions.Get(ctx, s.db, id)
	if err != nil {
		return Submission{}, err
	}
	p, err := s.Mine(ctx, actor, id)
	if err != nil {
		return Submission{}, err
	}
	if c.Challenge != "" {
		if err := s.checkChallenge(ctx, id, c.Challenge); err != nil {
			return Submission{}, err
		}
	}
	sub := Submission{Edition: id, Project: p.ID, Team: p.Team, Content: c, By: actor.ID, At: e.Now(arrived), Received: arrived, Device: a.At}
	gate := gateAt(e, p, sub.At)
	sub.Basis, sub.Deadline = gate.Basis, gate.Deadline
	if !gate.Open {
		return sub, s.refuse(ctx, p, sub)
	}
	if sub.Files, err = draftFiles(ctx, s.db, p.ID); err != nil {
		return sub, err
	}
	return s.keepVersion(ctx, actor, p, sub, edit, a)
}

// keepVersion writes the version in a transaction of few statements: in the last minutes
// everybody is here at once.
func (s *Service) keepVersion(ctx context.Context, actor account.Actor, p Project, sub Submission, edit Edit, a once.Action) (Submission, error) {
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		first, err := once.First(ctx, tx, a)
		if err != nil {
			return err
		}
		if !first {
			sub, err = s.Current(ctx, tx, p.Team)
			return err
		}
		if sub, p, err = s.addVersion(ctx, tx, actor, sub); err != nil {
			return err
		}
		// The version is what was handed in; where others wrote meanwhile, the draft
		// keeps what both wrote.
		_, _, err = s.joinDraft(ctx, tx, p, sub.Content, edit, actor.ID, sub.At)
		return err
	})
	return sub, err
}

// addVersion counts and writes the version.
func (s *Service) addVersion(ctx context.Context, tx *sqldb.Tx, actor account.Actor, sub Submission) (Submission, Project, error) {
	fileIDs := make([]FileID, len(sub.Files))
	for i, f := range sub.Files {
		fileIDs[i] = f.ID
	}
	var err error
	if sub.Digest, err = digest(sub.Content, fileIDs); err != nil {
		return sub, Project{}, fmt.Errorf("proving the version: %w", err)
	}
	p, err := countVersion(ctx, tx, sub.Project)
	if err != nil {
		return sub, p, fmt.Errorf("counting the version: %w", err)
	}
	sub.ID, sub.Number = s.ids.ID(), p.Versions
	if err := insertVersion(ctx, tx, sub, fileIDs); err != nil {
		return sub, p, fmt.Errorf("keeping version %d: %w", sub.Number, err)
	}
	s.touch(tx, p)
	if !p.Published.IsZero() {
		if err := s.shown(ctx, tx, p.Edition, p.ID); err != nil {
			return sub, p, err
		}
	}
	return sub, p, s.note(ctx, tx, actor, p, sub.At, "project.handed_in", "", fmt.Sprintf("%d, %s, %s", sub.Number, sub.Basis, sub.Digest[:12]))
}

// refuse keeps what came too late.
func (s *Service) refuse(ctx context.Context, p Project, sub Submission) error {
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		s.touch(tx, p)
		return insertAttempt(ctx, tx, Attempt{ID: s.ids.ID(), Project: p.ID, Content: sub.Content, By: sub.By,
			At: sub.At, Received: sub.Received, Device: sub.Device})
	})
	if err != nil {
		return fmt.Errorf("keeping a late attempt: %w", err)
	}
	return ErrClosed
}

// checkChallenge refuses a challenge that the edition does not offer.
func (s *Service) checkChallenge(ctx context.Context, id edition.ID, c ChallengeID) error {
	all, err := listChallenges(ctx, s.db, id)
	if err != nil {
		return err
	}
	for _, have := range all {
		if have.ID == c && have.Dropped.IsZero() {
			return nil
		}
	}
	return errs.Fields{{Name: "challenge", Key: "project.challenge_unknown"}}
}

// Gate says whether a team may hand in now.
func (s *Service) Gate(e edition.Edition, p Project, now time.Time) Gate { return gateAt(e, p, now) }
