package team

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// NewTeam as the place to put somebody makes a team for them.
const NewTeam ID = "new"

// Place puts a person where the organiser wants them: into the team to, into a new one
// (NewTeam), or out of every team (""). While teams form the organiser may pass the size
// rule for a moment, which keeps the teams from being frozen; once they are frozen only
// an exception lets a team grow beyond it.
func (s *Service) Place(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, to ID) error {
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		if who == "" { // nobody is named
			return sqldb.ErrNotFound
		}
		if err := s.participant(ctx, c.tx, id, who); err != nil {
			return err
		}
		from, err := s.OfAccount(ctx, c.tx, id, who)
		if err != nil && !errors.Is(err, ErrNone) {
			return err
		}
		if from.ID == to {
			return nil
		}
		if to == "" {
			return s.takeOut(ctx, c, from, who, "team.taken_out")
		}
		t, err := s.target(ctx, c, to)
		if err != nil {
			return err
		}
		return s.move(ctx, c, from, t, who)
	})
}

// target is the team to place somebody in, made where it is to be a new one.
func (s *Service) target(ctx context.Context, c change, to ID) (Team, error) {
	if to == NewTeam {
		name, err := s.freeName(ctx, c)
		if err != nil {
			return Team{}, err
		}
		return s.make(ctx, c, Details{Name: name})
	}
	t, err := s.living(ctx, c.tx, c.edition.ID, to)
	if err != nil {
		return t, err
	}
	if !c.board.Frozen.IsZero() && t.Exception == "" && len(t.Members) >= c.board.Limits.Max {
		return t, errs.New(ErrFull.Kind, ErrFull.Key, "max", c.board.Limits.Max)
	}
	return t, nil
}

// freeName is the first "team 7" of the edition's language that no team has.
func (s *Service) freeName(ctx context.Context, c change) (string, error) {
	l := s.words.Locale(c.edition.Lang).With(c.edition.Words)
	for n := 1; ; n++ {
		name := l.T("team.numbered", "n", n)
		taken, err := nameTaken(ctx, c.tx, c.edition.ID, name, "")
		if err != nil || !taken {
			return name, err
		}
	}
}

// move seats the person in the team; the one they leave ends with its last member.
func (s *Service) move(ctx context.Context, c change, from, to Team, who account.ID) error {
	if err := seat(ctx, c.tx, c.edition.ID, who, to.ID, true, c.now); err != nil {
		return fmt.Errorf("placing %s in %s: %w", who, to.ID, err)
	}
	if err := deleteApart(ctx, c.tx, c.edition.ID, who); err != nil {
		return err
	}
	if err := s.note(ctx, c, "team.placed", person(who), from.Name, to.Name); err != nil {
		return err
	}
	if from.ID != "" && len(from.Members) == 1 {
		return s.dissolve(ctx, c, from)
	}
	return nil
}

// RemoveTx takes a person out of their team in the caller's transaction, whatever has
// been frozen: somebody who withdrew, or whose data is erased. It is no error where they
// have none.
func (s *Service) RemoveTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, who account.ID) error {
	e, now, err := s.editions.Open(ctx, tx, id)
	if err != nil {
		return err
	}
	board, err := lockBoard(ctx, tx, e)
	if err != nil {
		return err
	}
	if err := deleteApart(ctx, tx, id, who); err != nil {
		return err
	}
	t, err := s.OfAccount(ctx, tx, id, who)
	if errors.Is(err, ErrNone) {
		return nil
	}
	if err != nil {
		return err
	}
	s.hub.Touch(tx, Topic(id))
	return s.takeOut(ctx, change{tx: tx, actor: actor, edition: e, board: board, now: now}, t, who, "team.taken_out")
}

// Merge puts everybody of one team into another and dissolves the first.
func (s *Service) Merge(ctx context.Context, actor account.Actor, id edition.ID, from, into ID) error {
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		a, err := s.living(ctx, c.tx, id, from)
		if err != nil {
			return err
		}
		b, err := s.living(ctx, c.tx, id, into)
		if err != nil {
			return err
		}
		if from == into {
			return nil
		}
		if len(a.Members)+len(b.Members) > c.board.Limits.Max && b.Exception == "" {
			return errs.New(ErrFull.Kind, ErrFull.Key, "max", c.board.Limits.Max)
		}
		for _, m := range a.Members {
			if err := seat(ctx, c.tx, id, m.ID, into, true, c.now); err != nil {
				return fmt.Errorf("moving %s: %w", m.ID, err)
			}
		}
		if err := s.note(ctx, c, "team.merged", subject(into), a.Name, b.Name); err != nil {
			return err
		}
		return s.dissolve(ctx, c, a)
	})
}

// Relax gives the edition's teams other limits than the edition's own, for a reason that
// is kept. A Max of 0 goes back to the edition's.
func (s *Service) Relax(ctx context.Context, actor account.Actor, id edition.ID, l Limits, reason string) error {
	if l.Max == 0 {
		l.Min = 0
	} else {
		var f errs.Fields
		if l.Min < 1 || l.Max < l.Min || l.Max > 50 {
			f.Add("max", "edition.team_range")
		}
		reason = needReason(&f, reason)
		if err := f.Err(); err != nil {
			return err
		}
	}
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		if err := updateLimits(ctx, c.tx, id, l, reason); err != nil {
			return fmt.Errorf("relaxing the team size: %w", err)
		}
		b := c.board.Limits
		return s.note(ctx, c, "team.relaxed", "edition:"+string(id), fmt.Sprintf("%d–%d", b.Min, b.Max), fmt.Sprintf("%d–%d; %s", l.Min, l.Max, reason))
	})
}

// Except lets one team break the size rule, for a reason that is kept; an empty reason
// takes that back.
func (s *Service) Except(ctx context.Context, actor account.Actor, id edition.ID, team ID, reason string) error {
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		t, err := s.living(ctx, c.tx, id, team)
		if err != nil {
			return err
		}
		if reason != "" {
			var f errs.Fields
			if reason = needReason(&f, reason); f.Err() != nil {
				return f.Err()
			}
		}
		before := t.Exception
		t.Exception = reason
		if err := updateTeam(ctx, c.tx, t); err != nil {
			return fmt.Errorf("excepting %s: %w", team, err)
		}
		return s.note(ctx, c, "team.excepted", subject(team), before, reason)
	})
}

// Excuse leaves a person without a team, for a reason that is kept; an empty reason
// takes that back.
func (s *Service) Excuse(ctx context.Context, actor account.Actor, id edition.ID, who account.ID, reason string) error {
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		if _, err := teamIDOf(ctx, c.tx, id, who); !errors.Is(err, sqldb.ErrNotFound) {
			return orElse(err, ErrInOther)
		}
		if reason == "" {
			if err := deleteApart(ctx, c.tx, id, who); err != nil {
				return fmt.Errorf("taking back that %s stays apart: %w", who, err)
			}
			return s.note(ctx, c, "team.excused", person(who), "", "")
		}
		var f errs.Fields
		if reason = needReason(&f, reason); f.Err() != nil {
			return f.Err()
		}
		if err := insertApart(ctx, c.tx, id, who, reason, c.now); err != nil {
			return fmt.Errorf("leaving %s apart: %w", who, err)
		}
		return s.note(ctx, c, "team.excused", person(who), "", reason)
	})
}

// SetTable gives a team a table; 0 takes it away. Two teams may share one.
func (s *Service) SetTable(ctx context.Context, actor account.Actor, id edition.ID, team ID, table int) error {
	if table < 0 || table > 9999 {
		return errs.Fields{{Name: "table", Key: "team.table_range"}}
	}
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		t, err := s.living(ctx, c.tx, id, team)
		if err != nil {
			return err
		}
		return s.seatTeam(ctx, c, t, table)
	})
}

func (s *Service) seatTeam(ctx context.Context, c change, t Team, table int) error {
	before := t.Table
	t.Table = table
	if err := updateTeam(ctx, c.tx, t); err != nil {
		return fmt.Errorf("giving %s table %d: %w", t.ID, table, err)
	}
	return s.note(ctx, c, "team.table", subject(t.ID), strconv.Itoa(before), strconv.Itoa(table))
}

// Freeze settles the teams: nobody joins or leaves any more, each has a table. It
// refuses with ErrBlocked while something stands in the way: see Obstacles.
func (s *Service) Freeze(ctx context.Context, actor account.Actor, id edition.ID) error {
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		if !c.board.Frozen.IsZero() {
			return nil
		}
		obstacles, err := s.obstacles(ctx, c.tx, c.edition, c.board)
		if err != nil {
			return err
		}
		if n := obstacles.Count(); n > 0 {
			return errs.New(ErrBlocked.Kind, ErrBlocked.Key, "n", n)
		}
		teams, err := listTeams(ctx, c.tx, id)
		if err != nil {
			return err
		}
		if err := s.completeAll(ctx, c, teams); err != nil {
			return err
		}
		if err := updateFrozen(ctx, c.tx, id, c.now); err != nil {
			return fmt.Errorf("freezing the teams: %w", err)
		}
		return s.note(ctx, c, "team.frozen", "edition:"+string(id), "", strconv.Itoa(len(teams)))
	})
}

// completeAll makes every team complete and gives those without a table the lowest free
// number, in the order in which they were founded.
func (s *Service) completeAll(ctx context.Context, c change, teams []Team) error {
	var taken []int
	for _, t := range teams {
		taken = append(taken, t.Table)
	}
	next := 1
	for _, t := range teams {
		for t.Table == 0 && slices.Contains(taken, next) {
			next++
		}
		if t.Table == 0 {
			t.Table = next
			next++
		}
		t.State = Complete
		if err := updateTeam(ctx, c.tx, t); err != nil {
			return fmt.Errorf("completing %s: %w", t.ID, err)
		}
	}
	return nil
}

// Thaw lets teams change again, for a reason that is kept.
func (s *Service) Thaw(ctx context.Context, actor account.Actor, id edition.ID, reason string) error {
	var f errs.Fields
	if reason = needReason(&f, reason); f.Err() != nil {
		return f.Err()
	}
	return s.alter(ctx, actor, id, s.asOrganiser(ctx, actor, id), func(c change) error {
		if err := updateFrozen(ctx, c.tx, id, time.Time{}); err != nil {
			return fmt.Errorf("thawing the teams: %w", err)
		}
		return s.note(ctx, c, "team.thawed", "edition:"+string(id), "", reason)
	})
}

// Board returns what the organiser decided about the teams.
func (s *Service) Board(ctx context.Context, q sqldb.Querier, id edition.ID) (Board, error) {
	e, err := s.editions.Get(ctx, q, id)
	if err != nil {
		return Board{}, err
	}
	return getBoard(ctx, q, e)
}

// Left lists the confirmed participants without a team, by name.
func (s *Service) Left(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Left, error) {
	people, err := s.roster.Confirmed(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("reading who takes part: %w", err)
	}
	seated, err := listMembers(ctx, q, "m.edition_id = $1", id)
	if err != nil {
		return nil, err
	}
	reasons, err := listApart(ctx, q, id)
	if err != nil {
		return nil, err
	}
	in := make(map[account.ID]bool, len(seated))
	for _, m := range seated {
		in[m.ID] = true
	}
	var left []Left
	for _, p := range people {
		if !in[p.ID] {
			left = append(left, Left{Person: p, Reason: reasons[p.ID]})
		}
	}
	byName(left)
	return left, nil
}

// Obstacles says what keeps the teams from being frozen.
func (s *Service) Obstacles(ctx context.Context, q sqldb.Querier, id edition.ID) (Obstacles, error) {
	e, err := s.editions.Get(ctx, q, id)
	if err != nil {
		return Obstacles{}, err
	}
	board, err := getBoard(ctx, q, e)
	if err != nil {
		return Obstacles{}, err
	}
	return s.obstacles(ctx, q, e, board)
}

func (s *Service) obstacles(ctx context.Context, q sqldb.Querier, e edition.Edition, board Board) (Obstacles, error) {
	teams, err := listTeams(ctx, q, e.ID)
	if err != nil {
		return Obstacles{}, err
	}
	left, err := s.Left(ctx, q, e.ID)
	return findObstacles(teams, left, board.Limits), err
}

// Summary counts the teams of the edition.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, id edition.ID) (Summary, error) {
	e, err := s.editions.Get(ctx, q, id)
	if err != nil {
		return Summary{}, err
	}
	board, err := getBoard(ctx, q, e)
	if err != nil {
		return Summary{}, err
	}
	teams, err := listTeams(ctx, q, id)
	if err != nil {
		return Summary{}, err
	}
	left, err := s.Left(ctx, q, id)
	if err != nil {
		return Summary{}, err
	}
	o := findObstacles(teams, left, board.Limits)
	sum := Summary{Teams: len(teams), Left: len(o.Left), Small: len(o.Small), Large: len(o.Large), Limits: board.Limits, Frozen: !board.Frozen.IsZero()}
	for _, t := range teams {
		sum.People += len(t.Members)
		if t.State == Complete {
			sum.Complete++
		}
	}
	return sum, nil
}
