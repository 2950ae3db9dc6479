package vote

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
)

// The jobs of this room.
const (
	openKind    = "vote.open"
	closeKind   = "vote.close"
	publishKind = "vote.publish"
	lettersKind = "vote.letters"
)

type turnArgs struct{ Poll ID }

// Jobs are the handlers of this room's jobs.
func (s *Service) Jobs() map[string]jobs.Handler {
	return map[string]jobs.Handler{openKind: s.turn, closeKind: s.turn, publishKind: s.turn, lettersKind: s.sendLetters}
}

// orderTurns orders the opening and the close at their moments.
func (s *Service) orderTurns(ctx context.Context, tx *sqldb.Tx, p Poll) error {
	if err := s.dropTurns(ctx, tx, p); err != nil {
		return err
	}
	if p.State == Planned {
		if err := s.orderAt(ctx, tx, p, openKind, p.Opens); err != nil {
			return err
		}
	}
	if p.Closes.IsZero() {
		return nil
	}
	return s.orderAt(ctx, tx, p, closeKind, p.Closes)
}

func (s *Service) dropTurns(ctx context.Context, tx *sqldb.Tx, p Poll) error {
	return errors.Join(s.queue.DropTx(ctx, tx, openKind+":"+string(p.ID)), s.queue.DropTx(ctx, tx, closeKind+":"+string(p.ID)))
}

func (s *Service) orderPublishing(ctx context.Context, tx *sqldb.Tx, p Poll) error {
	if err := s.queue.DropTx(ctx, tx, publishKind+":"+string(p.ID)); err != nil {
		return err
	}
	return s.orderAt(ctx, tx, p, publishKind, p.PublishAt)
}

func (s *Service) orderAt(ctx context.Context, tx *sqldb.Tx, p Poll, kind string, at time.Time) error {
	_, err := s.queue.EnqueueTx(ctx, tx, jobs.Order{Kind: kind, Edition: string(p.Edition), Args: turnArgs{p.ID}, At: at,
		OnEditionTime: true, OnlyOne: kind + ":" + string(p.ID)})
	return err
}

// turn opens or closes a vote whose moment has come, or tells open pages that its result
// is public. It may run twice, and find that somebody was faster.
func (s *Service) turn(ctx context.Context, run *jobs.Run) error {
	var args turnArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		_, now, err := s.editions.Open(ctx, tx, edition.ID(run.Edition))
		if err != nil {
			return err
		}
		p, err := getPoll(ctx, tx, edition.ID(run.Edition), args.Poll)
		if errors.Is(err, sqldb.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(p.Edition))
		switch {
		case run.Kind == openKind && p.State == Planned && now.Before(p.Opens),
			run.Kind == closeKind && p.State == Open && now.Before(p.Closes): // the clock was turned back
			return s.orderTurns(ctx, tx, p)
		case run.Kind == openKind && p.State == Planned:
			err = s.openTx(ctx, tx, p, p.Opens)
		case run.Kind == closeKind && p.State == Open && !p.Closes.IsZero():
			err = s.closeTx(ctx, tx, p, p.Closes)
		default:
			return nil
		}
		if errors.Is(err, ErrNoProject) { // an organiser is told on the dashboard, and opens it when there is one
			return fmt.Errorf("%w: %w", err, jobs.ErrForGood)
		}
		if errs.Is(err, errs.Conflict) {
			return nil
		}
		if err != nil {
			return err
		}
		return s.write(ctx, tx, account.Program, p, run.Kind, "", now)
	})
}
