package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"h48/internal/account"
	"h48/internal/jury/paper"
	"h48/internal/kit/i18n"
)

// paperJuror is who judges the expo on paper: the third of the jury, whose phone is dead.
const paperJuror = 2

// sheetOnPaper is a printed sheet with what its juror wrote on it.
type sheetOnPaper struct {
	paper.Sheet
	cells   map[string]map[string]string // by team and criterion
	misread [2]string                    // the box that the second person reads wrongly
	settled int
}

// has says whether the team is printed.
func (s sheetOnPaper) has(team string) bool {
	return slices.ContainsFunc(s.Rows.Teams, func(row paper.Row) bool { return row.Team == team })
}

func (s sheetOnPaper) boxes() int {
	n := 0
	for _, row := range s.cells {
		n += len(row)
	}
	return n
}

func (r *Rehearsal) printSheet(ctx context.Context) error {
	_, sheets, err := r.app.Paper.Print(ctx, r.boss, r.e.ID, []account.ID{r.cast.jurors[paperJuror].actor.ID}, i18n.French)
	if err != nil {
		return err
	}
	r.expo.sheet = sheetOnPaper{Sheet: sheets[0], cells: map[string]map[string]string{}}
	return nil
}

// write is the juror with a pen, at the team's table.
func (x *expo) write(team string) {
	for _, row := range x.sheet.Rows.Teams {
		if row.Team != team {
			continue
		}
		x.sheet.cells[team] = map[string]string{}
		for _, c := range row.Asks {
			x.sheet.cells[team][c] = strconv.Itoa(1 + x.felt(5))
			x.sheet.misread = [2]string{team, c}
		}
	}
}

// typeSheet has two of the crew type the sheet; the second misreads one box.
func (r *Rehearsal) typeSheet(ctx context.Context) error {
	s := &r.expo.sheet
	if s.boxes() == 0 { // the juror had no table to go to
		r.expo.write(s.Rows.Teams[0].Team)
	}
	read := func(team, criterion string) string { return s.cells[team][criterion] }
	if _, err := r.app.Paper.Type(ctx, r.cast.crew[0].actor, r.e.ID, s.Code, paper.Typed{Cell: read}); err != nil {
		return err
	}
	state, err := r.app.Paper.Type(ctx, r.cast.crew[1].actor, r.e.ID, s.Code, paper.Typed{Cell: func(team, criterion string) string {
		if s.misread == [2]string{team, criterion} {
			return map[bool]string{true: "4", false: "1"}[read(team, criterion) == "1"]
		}
		return read(team, criterion)
	}})
	if err == nil && state != paper.Differs {
		err = fmt.Errorf("two people read another figure, and the sheet is %s", state)
	}
	return err
}

// settleSheet has who leads the jury look at the paper.
func (r *Rehearsal) settleSheet(ctx context.Context) error {
	s := &r.expo.sheet
	return r.app.Paper.Settle(ctx, r.boss, r.e.ID, s.Code, paper.Settled{Choose: func(team, criterion string) paper.Choice {
		s.settled++
		return paper.Choice{Which: paper.First}
	}})
}

// checkSheet finds a box that is not the juror's mark, or is one more than once.
func (r *Rehearsal) checkSheet(ctx context.Context) error {
	s, juror := r.expo.sheet, r.cast.jurors[paperJuror].actor.ID
	if s.settled != 1 {
		return fmt.Errorf("%d differences of the paper sheet were settled", s.settled)
	}
	var wrong []error
	for team, row := range s.cells {
		all, err := r.app.Jury.History(ctx, r.app.DB, r.e.ID, juror, team)
		if err != nil {
			return err
		}
		for c, value := range row {
			n := 0
			for _, m := range all {
				if m.Paper == s.Code && m.Criterion == c && strconv.Itoa(m.Value) == value {
					n++
				}
			}
			if n != 1 {
				wrong = append(wrong, fmt.Errorf("a box of the paper sheet is %d marks", n))
			}
		}
	}
	return errors.Join(wrong...)
}
