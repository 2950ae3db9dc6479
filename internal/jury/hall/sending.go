package hall

import (
	"context"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// Send asks a juror to go to a team next: it stands on their phone at once, before
// anything else. A later sending takes the place of an earlier one.
func (s *Service) Send(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, team string, a once.Action) error {
	return s.change(ctx, actor, id, a, s.leads(ctx, actor, id), func(tx *sqldb.Tx, round int, _ time.Time) (string, string, string, error) {
		return "hall.sent", "account:" + string(juror), team, s.errand(ctx, tx, id, round, Errand{Juror: juror, Team: team, Source: Sent})
	})
}

// errand writes an errand in place of what was asked of the juror besides the plan.
func (s *Service) errand(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, e Errand) error {
	b, err := s.jury.BoardOf(ctx, tx, id, e.Juror)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(b.Teams, func(t jury.TeamRef) bool { return t.ID == e.Team })
	if i < 0 {
		return sqldb.ErrNotFound
	}
	row := b.Rows[0]
	if c := row.Cells[i].State; row.Juror.Presence != jury.Present || c != jury.CellNone && c != jury.CellPartial {
		return errs.New(errs.Conflict, "hall.cannot_send")
	}
	all, err := listErrands(ctx, tx, id, round)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.Juror == e.Juror && old.State == Open && (old.Source != Planned || old.Team == e.Team) {
			if _, err := closeErrand(ctx, tx, id, old.ID, Dropped, ""); err != nil {
				return err
			}
			if old.Team == e.Team && old.Slot > 0 {
				e.Slot, e.At = old.Slot, old.At
			}
		}
	}
	e.ID = s.ids.ID()
	return insertErrand(ctx, tx, id, round, e)
}

// Mine is what a juror has before them, the next stop first.
func (s *Service) Mine(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) ([]Stop, jury.Board, error) {
	b, err := s.jury.BoardOf(ctx, q, id, actor.ID)
	if err != nil {
		return nil, b, err
	}
	all, err := listErrands(ctx, q, id, b.Round.Number)
	if err != nil {
		return nil, b, err
	}
	b.Teams = seated(b.Teams)
	gone, err := listGone(ctx, q, id)
	return stops(b, b.Rows[0], all, gone), b, err
}

// Next gives a juror who has nowhere to go the visit that helps most, and keeps to it
// until it is made or skipped, over any restart.
func (s *Service) Next(ctx context.Context, actor account.Actor, id edition.ID) (Stop, error) {
	mine, _, err := s.Mine(ctx, s.db, actor, id)
	if err != nil || len(mine) > 0 {
		return first(mine), err
	}
	d, all, err := s.desk(ctx, id)
	if err != nil {
		return Stop{}, err
	}
	p, err := d.posterior(all)
	if err != nil {
		return Stop{}, err
	}
	stop, ok, err := d.next(p, actor.ID)
	if err == nil && (!ok || !d.Board.Round.Open()) {
		err = errNothing
	}
	if err != nil {
		return stop, err
	}
	mayWalk := func(tx *sqldb.Tx) error { return s.editions.Require(ctx, tx, actor, id, edition.Juror) }
	err = s.change(ctx, actor, id, once.Action{}, mayWalk, func(tx *sqldb.Tx, round int, _ time.Time) (string, string, string, error) {
		e := Errand{Juror: actor.ID, Team: stop.Team, Source: Offered}
		return "hall.next", "account:" + string(actor.ID), stop.Team, s.errand(ctx, tx, id, round, e)
	})
	return stop, err
}

func first(all []Stop) Stop {
	if len(all) == 0 {
		return Stop{}
	}
	return all[0]
}

// Skip says that the juror did not make a visit: the table was busy, or nobody was there.
func (s *Service) Skip(ctx context.Context, actor account.Actor, id edition.ID, errand, why string, a once.Action) error {
	if why != Busy && why != Absent {
		return errs.Fields{{Name: "why", Key: "error.required"}}
	}
	own := func(tx *sqldb.Tx) error {
		who, err := jurorOf(ctx, tx, id, errand)
		if err == nil && who != actor.ID {
			err = sqldb.ErrNotFound
		}
		return err
	}
	return s.change(ctx, actor, id, a, own, func(tx *sqldb.Tx, _ int, _ time.Time) (string, string, string, error) {
		open, err := closeErrand(ctx, tx, id, errand, Skipped, why)
		if err == nil && !open {
			err = errNoErrand
		}
		return "hall.skipped", "errand:" + errand, why, err
	})
}
