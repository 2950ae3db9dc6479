package paper

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// Open is a sheet as one person may see it.
type Open struct {
	Sheet
	Name     string // of the juror
	Teams    []jury.TeamRef
	Criteria []jury.Criterion
	// Mine is what this person typed, nil before; nobody sees what another typed before
	// both have.
	Mine *Reading
	// Leads says that this person may decide. First, Second and Doubts are theirs alone.
	Leads         bool
	First, Second *Reading
	Typists       []string
	Doubts        []Doubt
	// Recused are teams of the sheet that the juror keeps away from by now: nothing is
	// taken for them.
	Recused map[string]bool
	// Gone is what the sheet asks and the jury does not ask of this juror any more: Rows
	// are without it until the sheet is taken.
	Gone   []Gone
	Stale  bool // the criteria are no longer those that are printed
	Scores bool // the round takes marks
	Takes  bool // it takes at least those that were given before it closed
}

// Find is the sheet with the code, however it was typed or scanned.
func (s *Service) Find(ctx context.Context, actor account.Actor, id edition.ID, code string) (Sheet, error) {
	if err := s.mayType(ctx, s.db, actor, id); err != nil {
		return Sheet{}, err
	}
	sheet, err := sheetByCode(ctx, s.db, id, spoken(code))
	if errors.Is(err, sqldb.ErrNotFound) {
		err = errs.Fields{{Name: "code", Key: "paper.code_wrong"}}
	}
	return sheet, err
}

// Open reads a sheet for somebody who types or decides.
func (s *Service) Open(ctx context.Context, actor account.Actor, id edition.ID, code string) (Open, error) {
	if err := s.mayType(ctx, s.db, actor, id); err != nil {
		return Open{}, err
	}
	sheet, err := sheetByCode(ctx, s.db, id, spoken(code))
	if err != nil {
		return Open{}, err
	}
	o := Open{Sheet: sheet, Leads: s.jury.Leads(ctx, s.db, actor, id) == nil, Recused: map[string]bool{}}
	b, err := s.jury.BoardOf(ctx, s.db, id, sheet.Juror)
	if err != nil {
		return o, err
	}
	criteria, same := sheet.Rows.under(b.Criteria)
	o.Name, o.Criteria = b.Rows[0].Juror.Account.Name, criteria
	o.Stale, o.Scores = b.Round.Number != sheet.Round || !same, b.Round.Open()
	o.Takes = o.Scores || b.Round.Deliberation.IsZero()
	o.teams(b)
	if sheet.State != Taken && !o.Stale {
		o.Rows, o.Gone = sheet.Rows.still(b.Dues())
	}
	return o, s.readings(ctx, actor, &o, b)
}

// teams finds what the sheet's rows are called now.
func (o *Open) teams(b jury.Board) {
	known := map[string]jury.TeamRef{}
	for i, t := range b.Teams {
		known[t.ID] = t
		o.Recused[t.ID] = b.Rows[0].Cells[i].State == jury.CellRecused
	}
	for _, row := range o.Rows.Teams {
		t, there := known[row.Team]
		if !there { // it withdrew
			t = jury.TeamRef{ID: row.Team, Name: row.Team}
			o.Recused[row.Team] = true
		}
		o.Teams = append(o.Teams, t)
	}
}

func (s *Service) readings(ctx context.Context, actor account.Actor, o *Open, b jury.Board) error {
	all, err := listReadings(ctx, s.db, o.ID)
	if err != nil {
		return fmt.Errorf("reading what was typed: %w", err)
	}
	name := s.naming(ctx)
	for _, r := range all {
		if r.Nr >= decided {
			continue
		}
		who, err := name(r.By)
		if err != nil {
			return err
		}
		o.Typists = append(o.Typists, who)
		if r.By == actor.ID {
			o.Mine = &r
		}
		if !o.Leads || len(all) < 2 && r.By != actor.ID {
			continue
		}
		if r.Nr == 1 {
			o.First = &r
		} else {
			o.Second = &r
		}
	}
	if o.First == nil || o.State == Taken {
		return nil
	}
	var second Cells
	if o.Second != nil {
		second = o.Second.Cells
	}
	o.Doubts = doubts(o.Rows, o.First.Cells, second, b.Said)
	return nil
}

// Typed is what a person typed: a text for each cell, and the time that stands on the
// sheet.
type Typed struct {
	Cell  func(team, criterion string) string
	Given string
}

// read reads what was typed, with an error beside each cell that cannot be.
func (t Typed) read(rows Rows, criteria []jury.Criterion, now time.Time, zone *time.Location) (Cells, time.Time, error) {
	cells, wrong := Cells{}, errs.Fields(nil)
	for _, row := range rows.Teams {
		for _, c := range row.Asks {
			one := criterionOf(criteria, c)
			value, ok := readCell(t.Cell(row.Team, c), one)
			if !ok {
				wrong.Add(rows.name("c", row.Team, c), "paper.cell_range", "min", one.Min, "max", one.Max)
				continue
			}
			cells.set(row.Team, c, value)
		}
	}
	given, ok := clock(t.Given, now, zone)
	if !ok {
		wrong.Add("given", "paper.time_wrong")
	}
	if len(wrong) == 0 && cells.filled() == 0 {
		wrong.Add("given", "paper.nothing_typed")
	}
	return cells, given, wrong.Err()
}

// Type takes in what a person typed of a sheet, and returns how the sheet stands then. The
// second who types is another person than the first. Where both agree and nothing stands
// against it, the marks are the juror's from now on. A person may correct their own typing
// until the other has typed.
func (s *Service) Type(ctx context.Context, actor account.Actor, id edition.ID, code string, in Typed) (State, error) {
	var state State
	err := s.change(ctx, actor, id, s.mayType, func(tx *sqldb.Tx, now time.Time) ([]trail.Entry, error) {
		w, err := s.work(ctx, tx, id, code)
		if err != nil {
			return nil, err
		}
		if w.sheet.Juror == actor.ID {
			return nil, ErrOwn
		}
		cells, given, err := in.read(w.sheet.Rows, w.board.Criteria, now, w.zone)
		if err != nil {
			return nil, err
		}
		r := Reading{Nr: 1, By: actor.ID, Cells: cells, Given: given, Typed: now}
		switch w.sheet.State {
		case Printed:
			state = Once
		case Once:
			state = Once
			if w.readings[0].By != actor.ID {
				r.Nr = 2
				state, err = s.compare(ctx, tx, actor, w, r)
			}
		case Taken:
			err = ErrTaken
		default:
			err = ErrTyped
		}
		if err != nil {
			return nil, err
		}
		if err := putReading(ctx, tx, w.sheet.ID, r); err != nil {
			return nil, fmt.Errorf("keeping what was typed: %w", err)
		}
		return []trail.Entry{{Action: "paper.typed", Subject: about(w.sheet), Before: string(w.sheet.State), After: strconv.Itoa(r.Nr) + " " + string(state) + w.without()}},
			s.turn(ctx, tx, w.sheet, state, now, "")
	})
	return state, err
}

// compare sets the second reading beside the first and takes what both agree on.
func (s *Service) compare(ctx context.Context, tx *sqldb.Tx, actor account.Actor, w work, second Reading) (State, error) {
	first := w.readings[0]
	if otherTime(first.Given, second.Given) ||
		len(doubts(w.sheet.Rows, first.Cells, second.Cells, w.board.Said)) > 0 {
		return Differs, nil
	}
	if first.Given.IsZero() {
		first.Given = second.Given
	}
	err := s.take(ctx, tx, actor, w.sheet, first.Cells, first.Given, "")
	if errs.Is(err, errs.Conflict) || errs.Is(err, errs.Forbidden) {
		return Twice, nil // the jury says why when somebody asks it to take them
	}
	return Taken, err
}

// take makes the cells the juror's marks.
func (s *Service) take(ctx context.Context, tx *sqldb.Tx, actor account.Actor, sheet Sheet, cells Cells, given time.Time, alone string) error {
	if given.IsZero() {
		_, now, err := s.editions.Open(ctx, tx, sheet.Edition)
		if err != nil {
			return err
		}
		given = now
	}
	_, err := s.jury.CopyTx(ctx, tx, actor, sheet.Edition, jury.Copied{Sheet: sheet.Code, Juror: sheet.Juror, Given: given, Reason: alone,
		Teams: sheet.Rows.copied(cells)})
	return err
}

// turn leaves the state that the sheet was read in.
func (s *Service) turn(ctx context.Context, tx *sqldb.Tx, sheet Sheet, to State, now time.Time, alone string) error {
	taken := time.Time{}
	if to == Taken {
		taken = now
	}
	moved, err := moveSheet(ctx, tx, sheet, to, taken, alone)
	if err == nil && !moved {
		err = ErrChanged
	}
	return err
}

// work is a sheet that is being worked on, with what is known of it.
type work struct {
	sheet    Sheet
	board    jury.Board
	readings []Reading
	zone     *time.Location
	gone     []Gone // what the sheet's rows are without
}

// without names in the trail what is printed and was not asked any more.
func (w work) without() string {
	var all []string
	for _, g := range w.gone {
		for _, c := range g.Asked {
			all = append(all, g.Team+"/"+criterionOf(w.board.Criteria, c).Name)
		}
	}
	if len(all) == 0 {
		return ""
	}
	return " −(" + strings.Join(all, ", ") + ")"
}

// work reads a sheet that can be worked on: of the present round and under its criteria,
// with the rows that are still asked of the juror.
func (s *Service) work(ctx context.Context, tx *sqldb.Tx, id edition.ID, code string) (w work, err error) {
	if w.sheet, err = lockSheet(ctx, tx, id, spoken(code)); err != nil {
		return w, err
	}
	e, err := s.editions.Get(ctx, tx, id)
	if err != nil {
		return w, err
	}
	w.zone = e.Zone
	if w.board, err = s.jury.BoardOf(ctx, tx, id, w.sheet.Juror); err != nil {
		return w, err
	}
	if _, same := w.sheet.Rows.under(w.board.Criteria); !same || w.board.Round.Number != w.sheet.Round {
		return w, ErrRubric
	}
	w.sheet.Rows, w.gone = w.sheet.Rows.still(w.board.Dues())
	w.readings, err = listReadings(ctx, tx, w.sheet.ID)
	return w, err
}

// Settled is how somebody who leads the jury decides, with the sheet before them.
type Settled struct {
	Choose func(team, criterion string) Choice
	Given  string // the time on the sheet
	// Alone is why one reading must do; needed where there is one only.
	Alone string
}

// Settle decides what two readings, or a reading and the phone, disagree on, and makes the
// sheet's marks the juror's. With one reading alone it is the exception of an event that
// has nobody else to type: it takes a reason, which stays with the marks.
func (s *Service) Settle(ctx context.Context, actor account.Actor, id edition.ID, code string, in Settled) error {
	return s.change(ctx, actor, id, s.jury.Leads, func(tx *sqldb.Tx, now time.Time) ([]trail.Entry, error) {
		w, err := s.work(ctx, tx, id, code)
		if err != nil {
			return nil, err
		}
		if w.sheet.Juror == actor.ID {
			return nil, ErrOwn
		}
		second, err := w.second(actor, in)
		if err != nil {
			return nil, err
		}
		all := doubts(w.sheet.Rows, w.readings[0].Cells, second, w.board.Said)
		cells, err := settle(w.sheet.Rows, w.board.Criteria, w.readings[0].Cells, all, in.Choose)
		if err != nil {
			return nil, err
		}
		given, ok := clock(in.Given, now, w.zone)
		if !ok {
			return nil, errs.Fields{{Name: "given", Key: "paper.time_wrong"}}
		}
		if err := s.take(ctx, tx, actor, w.sheet, cells, given, in.Alone); err != nil {
			return nil, err
		}
		if err := putReading(ctx, tx, w.sheet.ID, Reading{Nr: decided, By: actor.ID, Cells: cells, Given: given, Typed: now}); err != nil {
			return nil, fmt.Errorf("keeping the decision: %w", err)
		}
		entries := []trail.Entry{{Action: "paper.settled", Subject: about(w.sheet), Before: string(w.sheet.State), After: string(Taken) + w.without() + " " + in.Alone}}
		for _, d := range all {
			entries = append(entries, trail.Entry{Action: "paper.decided", Subject: about(w.sheet) + "/" + d.Team, Before: d.First + " | " + d.Second,
				After: criterionOf(w.board.Criteria, d.Criterion).Name + ": " + cells[d.Team][d.Criterion]})
		}
		return entries, s.turn(ctx, tx, w.sheet, Taken, now, in.Alone)
	})
}

// second is the other reading of a sheet that can be settled, nil where one must do.
func (w work) second(actor account.Actor, in Settled) (Cells, error) {
	switch w.sheet.State {
	case Twice, Differs:
		return w.readings[1].Cells, nil
	case Once:
		if w.readings[0].By != actor.ID {
			return nil, errs.New(errs.Conflict, "paper.type_it_too")
		}
		if in.Alone == "" {
			return nil, errs.Fields{{Name: "alone", Key: "error.required"}}
		}
		return nil, nil
	case Taken:
		return nil, ErrTaken
	default:
		return nil, errs.New(errs.Conflict, "paper.nobody_typed")
	}
}
