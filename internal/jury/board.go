package jury

import (
	"context"
	"fmt"
	"slices"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// CellState is how far one juror is with one team.
type CellState string

// The states of a cell.
const (
	CellNone     CellState = "none"
	CellPartial  CellState = "partial"
	CellComplete CellState = "complete"
	CellRecused  CellState = "recused"
	CellFree     CellState = "free" // the juror is absent, excluded, or judges for other prizes: nobody waits for it
)

// Cell is one juror's work on one team.
type Cell struct {
	State CellState
	Given int // criteria with an answer
	// ByOther says that somebody else than the juror entered a mark.
	ByOther bool
	// Conflict is why the juror is recused.
	Conflict Conflict
}

// Row is one juror's work.
type Row struct {
	Juror    Juror
	Cells    []Cell // as the board's teams
	Done     int    // complete sheets
	Expected int    // sheets that are waited for
	Silent   bool   // waited for, and no mark at all
}

// Board is who has scored what: jurors by name, teams in pitch order.
type Board struct {
	Round    Round
	Frozen   bool
	Criteria []Criterion
	Teams    []TeamRef
	Pitches  map[string]PitchRef
	Rows     []Row
	PerTeam  []int // complete sheets of each team that count
	Done     int
	Expected int

	comparisons []Comparison
	sheets      map[sheetKey]Sheet
	conflicts   []Conflict
	recused     map[sheetKey]Conflict // the conflicts that hold
	panels      panels
}

// Board reads who has scored what. It holds marks' counts and no values.
func (s *Service) Board(ctx context.Context, q sqldb.Querier, id edition.ID) (Board, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return Board{}, err
	}
	return s.boardOf(ctx, q, id, r)
}

func (s *Service) boardOf(ctx context.Context, q sqldb.Querier, id edition.ID, r Round) (Board, error) {
	b, err := s.readRound(ctx, q, id, r)
	if err == nil {
		b.count()
	}
	return b, err
}

// count fills the rows in.
func (b *Board) count() {
	b.PerTeam = make([]int, len(b.Teams))
	for i := range b.Rows {
		row := &b.Rows[i]
		said := false
		for k, t := range b.Teams {
			cell := b.cell(row.Juror, t)
			row.Cells = append(row.Cells, cell)
			said = said || cell.Given > 0
			if cell.State == CellComplete {
				b.PerTeam[k]++
				row.Done++
			}
			if cell.State != CellRecused && cell.State != CellFree {
				row.Expected++
			}
		}
		row.Silent = row.Expected > 0 && !said
		b.Done, b.Expected = b.Done+row.Done, b.Expected+row.Expected
	}
}

// read gathers what the board and the ranking of the present round are made of.
func (s *Service) read(ctx context.Context, q sqldb.Querier, id edition.ID) (Board, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return Board{}, err
	}
	return s.readRound(ctx, q, id, r)
}

func (s *Service) readRound(ctx context.Context, q sqldb.Querier, id edition.ID, r Round) (Board, error) {
	jurors, err := s.Jurors(ctx, q, id)
	if err != nil {
		return Board{}, err
	}
	given, err := s.sheetsOf(ctx, q, id, r.Number)
	if err != nil {
		return Board{}, err
	}
	b, err := s.readOf(ctx, q, id, r, jurors, given)
	if err != nil {
		return b, err
	}
	if b.comparisons, err = listComparisons(ctx, q, id, r.Number); err != nil {
		return b, fmt.Errorf("reading the comparisons: %w", err)
	}
	b.Frozen = b.Frozen || len(b.comparisons) > 0
	return b, nil
}

// sheetsOf are the sheets of a round.
func (s *Service) sheetsOf(ctx context.Context, q sqldb.Querier, id edition.ID, round int) (sheets, error) {
	after := func(last string) ([]Mark, error) { return listMarksAfter(ctx, q, id, round, last) }
	if _, undecided := q.(*sqldb.Tx); undecided { // what it reads may still be rolled back
		all, err := after("")
		return sheets{}.With(all), err
	}
	return s.heard.Read(roundKey{id, round}, after, func() (int, error) { return countMarks(ctx, q, id, round) })
}

type roundKey struct {
	edition edition.ID
	round   int
}

// readOf reads the part of the board that those jurors are on, with their marks.
func (s *Service) readOf(ctx context.Context, q sqldb.Querier, id edition.ID, r Round, jurors []Juror, given sheets) (b Board, err error) {
	b.Round = r
	if b.Criteria, err = listCriteria(ctx, q, id, b.Round.Number); err != nil {
		return b, err
	}
	if b.Teams, err = s.teams(ctx, q, id); err != nil {
		return b, err
	}
	b.Teams = b.Round.judged(slices.Clone(b.Teams))
	if b.Pitches, err = s.pitches(ctx, q, id); err != nil {
		return b, err
	}
	if b.conflicts, err = s.conflicts(ctx, q, id, b.Teams, jurors); err != nil {
		return b, err
	}
	if b.panels, err = s.everyPanel(ctx, q, id); err != nil {
		return b, err
	}
	b.recused = map[sheetKey]Conflict{}
	for _, c := range b.conflicts {
		if c.holds() {
			b.recused[sheetKey{c.Juror, c.Team}] = c
		}
	}
	b.sheets, b.Frozen = given.Count, given.Marks > 0
	for _, j := range jurors {
		b.Rows = append(b.Rows, Row{Juror: j})
	}
	return b, nil
}

func (b Board) cell(j Juror, team TeamRef) Cell {
	key := sheetKey{j.Account.ID, team.ID}
	return b.panels.cell(j, team, b.sheets[key], b.Criteria, b.recused[key])
}

// cell is how far a juror is with one team's sheet, of which only what their panels ask
// is waited for.
func (all panels) cell(j Juror, team TeamRef, sheet Sheet, criteria []Criterion, conflict Conflict) Cell {
	if !all.sees(j.Account.ID, team) {
		return Cell{State: CellFree}
	}
	return cellOf(j, sheet, all.asks(j.Account.ID, team, criteria), conflict)
}

// cellOf is how far a juror is with one team's sheet.
func cellOf(j Juror, sheet Sheet, criteria []Criterion, conflict Conflict) Cell {
	c := Cell{State: CellNone, Given: len(sheet)}
	for _, m := range sheet {
		c.ByOther = c.ByOther || m.EnteredBy != j.Account.ID
	}
	switch {
	case conflict.holds():
		c.State, c.Conflict, c.Given = CellRecused, conflict, 0
	case sheet.Complete(criteria) && j.Presence != Excluded:
		c.State = CellComplete
	case j.Presence != Present:
		c.State = CellFree
	case len(sheet) > 0:
		c.State = CellPartial
	}
	return c
}

func (b Board) conflict(juror account.ID, team string) (Conflict, bool) {
	c, recused := b.recused[sheetKey{juror, team}]
	return c, recused
}

// Mine is a juror's own part of the board.
type Mine struct {
	Row
	Round    Round
	Criteria []Criterion
	Teams    []TeamRef
	Pitches  map[string]PitchRef

	sheets map[string]Sheet // by team
}

// Mine reads how far the juror is: every team that they judge, and no other juror's marks.
func (s *Service) Mine(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) (Mine, error) {
	j, err := s.juror(ctx, q, id, actor.ID)
	if err != nil {
		return Mine{}, err
	}
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return Mine{}, err
	}
	marks, err := listMarksOf(ctx, q, id, r.Number, actor.ID)
	if err != nil {
		return Mine{}, fmt.Errorf("reading a juror's marks: %w", err)
	}
	b, err := s.readOf(ctx, q, id, r, []Juror{j}, sheets{}.With(marks))
	if err != nil {
		return Mine{}, err
	}
	b.Teams = slices.DeleteFunc(b.Teams, func(t TeamRef) bool { return !b.panels.sees(actor.ID, t) })
	b.count()
	mine := Mine{Row: b.Rows[0], Round: b.Round, Criteria: b.Criteria, Teams: b.Teams, Pitches: b.Pitches, sheets: map[string]Sheet{}}
	for k, sheet := range b.sheets {
		mine.sheets[k.team] = sheet
	}
	return mine, nil
}

// Next is the team to score after the given one: the one on the stage if it still waits
// for marks, else the next in pitch order that does, round the corner; "" when all is
// scored.
func (m Mine) Next(after string) string {
	start := slices.IndexFunc(m.Teams, func(t TeamRef) bool { return t.ID == after }) + 1
	best := ""
	for k := range m.Teams {
		i := (start + k) % len(m.Teams)
		team := m.Teams[i].ID
		if c := m.Cells[i]; team == after || c.State != CellNone && c.State != CellPartial {
			continue
		}
		if m.Pitches[team].On() {
			return team
		}
		if best == "" {
			best = team
		}
	}
	return best
}

// Minutes is what the minutes of the jury say besides the ranking.
type Minutes struct {
	Jurors    []Juror
	Conflicts []Conflict // recusals, and those that were lifted with why
	Rounds    []Round
	Decisions []Decision // of ties
	Criteria  []Criterion
}

// Minutes gathers what the minutes have to say.
func (s *Service) Minutes(ctx context.Context, q sqldb.Querier, id edition.ID) (Minutes, error) {
	b, err := s.read(ctx, q, id)
	if err != nil {
		return Minutes{}, err
	}
	m := Minutes{Conflicts: b.conflicts, Criteria: b.Criteria}
	for _, r := range b.Rows {
		m.Jurors = append(m.Jurors, r.Juror)
	}
	if m.Rounds, err = listRounds(ctx, q, id); err != nil {
		return m, err
	}
	m.Decisions, err = listDecisions(ctx, q, id, b.Round.Number)
	return m, err
}
