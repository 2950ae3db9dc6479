package jury

import (
	"context"
	"errors"
	"fmt"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Desk is what a juror's page of one team needs besides the sheet. It is read for one
// juror and one team, so that it costs the same in an event of six teams and of a
// thousand.
type Desk struct {
	Juror    Juror
	Round    Round
	Criteria []Criterion
	Team     TeamRef
	Pitch    PitchRef
	Cell     Cell
	Next     string // the team to score after this one, "" when all is scored
	Done     int    // the juror's complete sheets

	sheets map[sheetKey]Sheet // the juror's
	all    []Criterion        // of the round; Criteria are those that the juror is asked of this team
	panels panels
}

// Desk reads the juror's page of a team.
func (s *Service) Desk(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID, team string) (d Desk, err error) {
	if d.Juror, err = s.juror(ctx, q, id, actor.ID); err != nil {
		return d, err
	}
	if d.Round, err = s.Round(ctx, q, id); err != nil {
		return d, err
	}
	if d.all, err = listCriteria(ctx, q, id, d.Round.Number); err != nil {
		return d, err
	}
	if d.Team, err = s.team(ctx, q, id, team); err != nil {
		return d, err
	}
	if d.panels, err = s.everyPanel(ctx, q, id); err != nil {
		return d, err
	}
	d.Criteria = d.panels.asks(actor.ID, d.Team, d.all)
	if s.with.Stage != nil {
		if d.Pitch, err = s.with.Stage.Pitch(ctx, q, id, team); err != nil {
			return d, fmt.Errorf("asking when the team pitches: %w", err)
		}
	}
	marks, err := listMarksOf(ctx, q, id, d.Round.Number, actor.ID)
	if err != nil {
		return d, fmt.Errorf("reading a juror's marks: %w", err)
	}
	d.sheets = current(marks)
	for _, sheet := range d.sheets {
		if sheet.Complete(common(d.all)) {
			d.Done++
		}
	}
	if d.Cell, err = s.cellAt(ctx, q, id, d, d.Team); err != nil {
		return d, err
	}
	d.Next, err = s.next(ctx, q, actor, id, d)
	return d, err
}

// cellAt is how far the juror is with a team.
func (s *Service) cellAt(ctx context.Context, q sqldb.Querier, id edition.ID, d Desk, team TeamRef) (Cell, error) {
	c, err := s.conflictOf(ctx, q, id, d.Juror.Account, team)
	return d.panels.cell(d.Juror, team, d.sheets[sheetKey{d.Juror.Account.ID, team.ID}], d.all, c), err
}

// waits says whether the team still waits for the juror's marks.
func (s *Service) waits(ctx context.Context, q sqldb.Querier, id edition.ID, d Desk, team string) (bool, error) {
	if !d.Round.Has(team) || d.sheets[sheetKey{d.Juror.Account.ID, team}].Complete(d.all) {
		return false, nil
	}
	ref, err := s.team(ctx, q, id, team)
	if errors.Is(err, sqldb.ErrNotFound) { // it no longer takes part
		return false, nil
	}
	if err != nil {
		return false, err
	}
	c, err := s.cellAt(ctx, q, id, d, ref)
	return c.State == CellNone || c.State == CellPartial, err
}

// window is how many pitches are looked at in one go on the way to the next team.
const window = 16

// next is the team on the stage if it still waits for the juror, else the next in pitch
// order that does, round the corner. Only where the stage leads to none is every team
// looked at.
func (s *Service) next(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID, d Desk) (string, error) {
	if d.Pitch.Position > 0 {
		on, err := s.with.Stage.OnStage(ctx, q, id)
		if err != nil {
			return "", fmt.Errorf("asking who is on the stage: %w", err)
		}
		ways := []struct{ from, to int }{{d.Pitch.Position + 1, last}, {1, d.Pitch.Position - 1}}
		if on.Position > 0 {
			ways = append([]struct{ from, to int }{{on.Position, on.Position}}, ways...)
		}
		for _, way := range ways {
			if team, err := s.walk(ctx, q, id, d, way.from, way.to); team != "" || err != nil {
				return team, err
			}
		}
	}
	mine, err := s.Mine(ctx, q, actor, id)
	if err != nil {
		return "", err
	}
	return mine.Next(d.Team.ID), nil
}

// last is a position after every pitch.
const last = 1 << 30

// walk looks for the first pitch from one position to another whose team waits.
func (s *Service) walk(ctx context.Context, q sqldb.Querier, id edition.ID, d Desk, from, to int) (string, error) {
	for ; from <= to; from += window {
		pitches, err := s.with.Stage.Between(ctx, q, id, from, min(from+window-1, to))
		if err != nil {
			return "", fmt.Errorf("asking who pitches next: %w", err)
		}
		if len(pitches) == 0 {
			return "", nil
		}
		for _, p := range pitches {
			if p.Team == d.Team.ID {
				continue
			}
			if waiting, err := s.waits(ctx, q, id, d, p.Team); waiting || err != nil {
				return p.Team, err
			}
		}
	}
	return "", nil
}

// Near lists the teams that marks given to this one may have been meant for: those
// without marks that pitch about the same time, or any where there is no order.
func (s *Service) Near(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID, d Desk) ([]TeamRef, error) {
	if d.Pitch.Position == 0 {
		mine, err := s.Mine(ctx, q, actor, id)
		var near []TeamRef
		for i, t := range mine.Teams {
			if t.ID != d.Team.ID && mine.Cells[i].State == CellNone {
				near = append(near, t)
			}
		}
		return near, err
	}
	pitches, err := s.with.Stage.Between(ctx, q, id, d.Pitch.Position-window, d.Pitch.Position+window)
	if err != nil {
		return nil, fmt.Errorf("asking who pitches about then: %w", err)
	}
	var near []TeamRef
	for _, p := range pitches {
		if p.Team == d.Team.ID || !d.Round.Has(p.Team) {
			continue
		}
		ref, err := s.team(ctx, q, id, p.Team)
		if errors.Is(err, sqldb.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		c, err := s.cellAt(ctx, q, id, d, ref)
		if err != nil {
			return nil, err
		}
		if c.State == CellNone {
			near = append(near, ref)
		}
	}
	return near, nil
}
