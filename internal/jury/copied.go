package jury

import (
	"cmp"
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Copied is what a juror wrote on a paper sheet, once it is settled how to read it.
type Copied struct {
	Sheet  string // its code, which the marks carry
	Juror  account.ID
	Given  time.Time // what the sheet says, in the edition's time
	Reason string    // why one person alone copied it; "" where two did
	Teams  []CopiedTeam
}

// CopiedTeam is the part of a sheet that is about one team, by criterion.
type CopiedTeam struct {
	Team  string
	Marks map[string]Answer
}

// CopyTx makes what stands on a paper sheet the juror's marks, as part of a use case that
// has asked whether the actor may and whether the sheet was copied before. A mark that the
// juror has given already and that says the same is not given again; one that says
// otherwise is replaced, since whoever calls has decided so. Teams that the juror may not
// judge (any more) are left out and returned; any other refusal leaves all as it was.
func (s *Service) CopyTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, c Copied) (left []string, err error) {
	_, now, err := s.editions.Open(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if c.Given.After(now) {
		c.Given = now
	}
	round, criteria, err := s.scoring(ctx, tx, id, c.Given)
	if err != nil {
		return nil, err
	}
	if j, err := s.juror(ctx, tx, id, c.Juror); err != nil || j.Presence == Excluded {
		return nil, cmp.Or(err, error(ErrNotJuror))
	}
	var all []handed
	for _, t := range c.Teams {
		h := handed{juror: c.Juror, team: t.Team, in: Answers{Marks: t.Marks}, given: c.Given, now: now, round: round,
			paper: c.Sheet, reason: c.Reason, onlyNew: true}
		switch err := s.mayJudge(ctx, tx, id, c.Juror, t.Team); {
		case errs.Is(err, errs.Forbidden), errs.Is(err, errs.NotFound):
			left = append(left, t.Team)
			continue
		case err != nil:
			return nil, err
		}
		if h.criteria, err = s.answerable(ctx, tx, id, h, criteria); err != nil {
			return nil, err
		}
		all = append(all, h)
	}
	s.hub.Touch(tx, Topic(id))
	for _, h := range all {
		if err := s.keepMarks(ctx, tx, actor, id, h); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// handed is a sheet on its way in.
type handed struct {
	juror      account.ID
	team       string
	in         Answers
	given, now time.Time
	round      Round
	criteria   []Criterion // on which the juror judges the team
	paper      string
	reason     string
	onlyNew    bool // what says the same as what is known is not kept again
}

// answerable narrows the round's criteria to those on which the juror judges the team and
// checks the answers to them.
func (s *Service) answerable(ctx context.Context, tx *sqldb.Tx, id edition.ID, h handed, criteria []Criterion) ([]Criterion, error) {
	ref, err := s.team(ctx, tx, id, h.team)
	if err != nil {
		return nil, err
	}
	if criteria, err = s.asked(ctx, tx, id, h.juror, ref, criteria); err != nil {
		return nil, err
	}
	return criteria, checkAnswers(criteria, h.in)
}

// keepMarks adds the marks of a sheet whose answers were checked. One from paper comes
// after what it takes the place of: the newest counts, and somebody decided that it should.
// It says what was known then, so that a mark on its way from the phone becomes a dispute.
func (s *Service) keepMarks(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, h handed) error {
	known, err := s.sheet(ctx, tx, id, h.round.Number, h.juror, h.team)
	if err != nil {
		return err
	}
	if h.paper != "" {
		h.in.Seen = blind
		for _, m := range known {
			if m.Received.After(h.in.Seen) {
				h.in.Seen = m.Received
			}
		}
	}
	var marks []Mark
	for _, c := range h.criteria {
		answer, said := h.in.Marks[c.ID]
		old, there := known[c.ID]
		if !said || h.onlyNew && there && old.Kind == answer.Kind && old.Value == answer.Value {
			continue
		}
		m := Mark{ID: s.ids.ID(), Juror: h.juror, Team: h.team, Criterion: c.ID, Kind: answer.Kind, Value: answer.Value,
			Given: h.given, Received: h.now, EnteredBy: actor.ID, Reason: h.reason, Paper: h.paper, Device: h.in.Device, Seen: h.in.Seen}
		if h.paper != "" && there && !m.Given.After(old.Given) {
			m.Given = old.Given.Add(time.Microsecond)
		}
		if err := s.addMark(ctx, tx, actor, id, h.round.Number, m, old, c.Name); err != nil {
			return err
		}
		marks = append(marks, m)
	}
	return s.traceMarks(ctx, tx, id, subject(h.juror, h.team), h.round, marks)
}

// Due is a team on a juror's list, with the criteria on which they judge it.
type Due struct {
	Team  TeamRef
	Asks  []string
	State CellState
}

// Dues are the teams that a juror is to judge or has judged, of a board with them alone:
// none that they keep away from.
func (b Board) Dues() []Due {
	var all []Due
	for i, t := range b.Teams {
		juror, cell := b.Rows[0].Juror.Account.ID, b.Rows[0].Cells[i]
		if cell.State == CellRecused || !b.panels.sees(juror, t) {
			continue
		}
		d := Due{Team: t, State: cell.State}
		for _, c := range b.panels.asks(juror, t, b.Criteria) {
			d.Asks = append(d.Asks, c.ID)
		}
		all = append(all, d)
	}
	return all
}

// Said is what counts of the juror's marks for a team, of a board with them alone.
func (b Board) Said(team string) Sheet { return b.sheets[sheetKey{b.Rows[0].Juror.Account.ID, team}] }
