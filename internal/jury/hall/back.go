package hall

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// JurorBack says that a juror who was missing has come after all. What was given to others
// stays theirs: they were told.
func (s *Service) JurorBack(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID) error {
	return s.jury.Come(ctx, actor, id, juror)
}

// TeamBack says that a team has not left after all, and returns how many of its visits are
// planned again: those whose time has not come, of jurors who are there and have nothing
// else to do then.
func (s *Service) TeamBack(ctx context.Context, actor account.Actor, id edition.ID, team string) (again int, err error) {
	err = s.change(ctx, actor, id, once.Action{}, s.leads(ctx, actor, id), func(tx *sqldb.Tx, round int, now time.Time) (string, string, string, error) {
		gone, err := deleteGone(ctx, tx, id, team)
		if err == nil && !gone {
			err = sqldb.ErrNotFound
		}
		if err != nil {
			return "", "", "", err
		}
		again, err = s.reopen(ctx, tx, id, round, team, now)
		return "hall.team_back", "team:" + team, strconv.Itoa(again), err
	})
	return again, err
}

// reopen plans what the leaving of a team dropped again, as far as it still fits.
func (s *Service) reopen(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, team string, now time.Time) (again int, err error) {
	dropped, err := droppedFor(ctx, tx, id, round, team)
	if err != nil {
		return 0, fmt.Errorf("reading the visits of a team that is back: %w", err)
	}
	b, err := s.jury.Board(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	there := map[account.ID]bool{}
	for _, row := range b.Rows {
		there[row.Juror.Account.ID] = row.Juror.Presence == jury.Present
	}
	all, err := listErrands(ctx, tx, id, round)
	if err != nil {
		return 0, err
	}
	for _, e := range dropped {
		if !there[e.Juror] || e.At.Before(now) || taken(all, e) {
			continue
		}
		if err := reopenErrand(ctx, tx, id, e.ID); err != nil {
			return 0, fmt.Errorf("planning a visit again: %w", err)
		}
		again++
	}
	return again, nil
}

// taken says whether the juror of a visit goes elsewhere at its time, or to its team at
// another one.
func taken(all []Errand, e Errand) bool {
	for _, other := range all {
		if other.Juror == e.Juror && other.State == Open && (other.Team == e.Team || other.Source == Planned && other.Slot == e.Slot) {
			return true
		}
	}
	return false
}
