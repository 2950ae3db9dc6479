package mentoring

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// Ask puts the question of the actor's team into the queue. It returns ErrNoTeam for
// whom no team knows and ErrAsked while the team's last question is live.
func (s *Service) Ask(ctx context.Context, actor account.Actor, id edition.ID, question Question, action once.Action) (Request, error) {
	question, err := question.check()
	if err != nil {
		return Request{}, err
	}
	var asked Request
	err = s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		e, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := s.editions.Require(ctx, tx, actor, e.ID, edition.Participant); err != nil {
			return err
		}
		team, err := s.teamOf(ctx, tx, e.ID, actor)
		if err != nil {
			return err
		}
		fresh, err := once.First(ctx, tx, action)
		if err != nil {
			return err
		}
		if !fresh {
			asked, err = latestOf(ctx, tx, e.ID, team.ID)
			return err
		}
		asked, err = s.askTx(ctx, tx, actor, e.ID, team, question, action.Moment(now))
		return err
	})
	return asked, err
}

func (s *Service) askTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, team TeamRef, question Question, at time.Time) (Request, error) {
	r := Request{ID: ID(s.ids.ID()), Edition: id, Team: team, Place: question.Place, Text: question.Text,
		State: Open, AskedBy: actor.ID, Asked: at, OpenSince: at}
	if r.Place == "" {
		r.Place = team.Table
	}
	var err error
	if r.Theme, err = s.theme(ctx, tx, id, question.Theme); err != nil {
		return r, err
	}
	fresh, err := insertRequest(ctx, tx, r)
	if err != nil {
		return r, fmt.Errorf("asking for help: %w", err)
	}
	if !fresh {
		return r, ErrAsked
	}
	return r, s.tell(ctx, tx, actor, "mentoring.asked", Request{}, r, at)
}

// Withdraw takes the team's question back: any member may, and an organiser.
func (s *Service) Withdraw(ctx context.Context, actor account.Actor, id ID, action once.Action) (Request, error) {
	var after Request
	err := s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		before, now, err := s.find(ctx, tx, actor, id, edition.Participant)
		if err != nil {
			return err
		}
		if err := s.mayWithdraw(ctx, tx, actor, before); err != nil {
			return err
		}
		fresh, err := once.First(ctx, tx, action)
		if err != nil {
			return err
		}
		if !fresh || before.State == Withdrawn {
			after = before
			return nil
		}
		at := latest(action.Moment(now), before.OpenSince, before.Claimed)
		gone, err := withdraw(ctx, tx, id, at)
		if err != nil || !gone {
			return moved(err)
		}
		if err := s.closeTurn(ctx, tx, before, Contact{Ending: Dropped}, at); err != nil {
			return err
		}
		if after, err = s.read(ctx, tx, id); err != nil {
			return err
		}
		return s.tell(ctx, tx, actor, "mentoring.withdrawn", before, after, at)
	})
	return after, err
}

func (s *Service) mayWithdraw(ctx context.Context, tx *sqldb.Tx, actor account.Actor, r Request) error {
	team, err := s.teamOf(ctx, tx, r.Edition, actor)
	if err == nil && team.ID == r.Team.ID {
		return nil
	}
	if err != nil && !errors.Is(err, ErrNoTeam) {
		return err
	}
	return s.editions.Require(ctx, tx, actor, r.Edition)
}

func (s *Service) teamOf(ctx context.Context, q sqldb.Querier, id edition.ID, actor account.Actor) (TeamRef, error) {
	team, err := s.teams.OfAccount(ctx, q, id, actor.ID)
	if errs.Is(err, errs.NotFound) {
		return team, ErrNoTeam
	}
	return team, err
}
