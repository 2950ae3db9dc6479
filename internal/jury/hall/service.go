package hall

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/engine/ranking"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/ids"
	"h48/internal/kit/jobs"
	"h48/internal/kit/live"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
	"h48/internal/kit/turns"
)

// Service is what can be done in the hall.
type Service struct {
	db       *sqldb.DB
	ids      *ids.Source
	jury     *jury.Service
	editions *edition.Service
	hub      *live.Hub
	queue    *jobs.Queue
	trail    *trail.Trail
	base     string // address of the program
}

// NewService returns the service; base is the address that the codes on the tables lead to.
func NewService(db *sqldb.DB, source *ids.Source, j *jury.Service, editions *edition.Service, hub *live.Hub, queue *jobs.Queue, t *trail.Trail, base string) *Service {
	return &Service{db: db, ids: source, jury: j, editions: editions, hub: hub, queue: queue, trail: t, base: base}
}

// judged reads board and ranking of one moment. Marks that were read before, and a ranking
// that was computed before, are not read or computed again: the jury keeps them.
func (s *Service) judged(ctx context.Context, id edition.ID) (board jury.Board, ranked jury.Ranking, err error) {
	err = s.db.Freeze(ctx, func(q sqldb.Querier) error {
		board, ranked, err = s.jury.Judged(ctx, q, id)
		return err
	})
	board.Teams = seated(board.Teams)
	return board, ranked, err
}

// Desk is what the head of the jury sees.
type Desk struct {
	Board   jury.Board
	Ranking jury.Ranking
	Walks   []Walk // as the board's rows
	Gone    map[string]bool
	Offers  []Stop // where a juror who has nowhere to go would help most
	Planned int    // visits of the plan that are still to be made
	Change  Change // of the plan, the newest

	at time.Time // the edition's, of what is printed
}

// Walk is one juror's way.
type Walk struct {
	Row   jury.Row
	Stops []Stop // to be made, in their order
	Left  int    // planned visits that nobody makes, because the juror is not there
	Odd   Odd
}

// Odd is what is unusual about a juror's marks; a question, not a verdict.
type Odd string

// The kinds of oddness.
const (
	Ordinary Odd = ""
	Hard     Odd = "hard"
	Soft     Odd = "soft"
	Flat     Odd = "flat"  // hardly any difference between teams
	Other    Odd = "other" // the sheet does not look like the others'
)

// Desk reads how the judging stands and where the next visits would help.
func (s *Service) Desk(ctx context.Context, actor account.Actor, id edition.ID) (Desk, error) {
	if err := s.jury.Leads(ctx, s.db, actor, id); err != nil {
		return Desk{}, err
	}
	d, all, err := s.desk(ctx, id)
	if err != nil {
		return d, err
	}
	d.Offers, err = d.offers(all)
	return d, err
}

func (s *Service) desk(ctx context.Context, id edition.ID) (d Desk, all []Errand, err error) {
	if d.Board, d.Ranking, err = s.judged(ctx, id); err != nil {
		return d, nil, err
	}
	if all, err = listErrands(ctx, s.db, id, d.Board.Round.Number); err != nil {
		return d, nil, fmt.Errorf("reading the errands: %w", err)
	}
	if d.Gone, err = listGone(ctx, s.db, id); err != nil {
		return d, nil, err
	}
	if d.Change, err = lastChange(ctx, s.db, id, d.Board.Round.Number); err != nil {
		return d, nil, fmt.Errorf("reading the last change of plan: %w", err)
	}
	if team := d.Change.Team; team != "" && !d.Gone[team] {
		d.Change = Change{} // it was taken back
	}
	odd := oddness(d.Board, d.Ranking)
	for _, row := range d.Board.Rows {
		w := Walk{Row: row, Stops: stops(d.Board, row, all, d.Gone), Odd: odd[row.Juror.Account.ID]}
		for _, stop := range w.Stops {
			if stop.Source == Planned {
				d.Planned++
			}
		}
		if row.Juror.Presence != jury.Present {
			w.Left = leftBy(row.Juror.Account.ID, all, d.Gone)
		}
		d.Walks = append(d.Walks, w)
	}
	return d, all, nil
}

// leftBy is how many open visits of the plan a juror who is not there leaves behind.
func leftBy(juror account.ID, all []Errand, gone map[string]bool) (n int) {
	for _, e := range all {
		if e.Juror == juror && e.Source == Planned && e.State == Open && !gone[e.Team] {
			n++
		}
	}
	return n
}

// stops are a juror's visits to be made: open, to a team that is there, without a
// complete sheet and without a conflict.
func stops(b jury.Board, row jury.Row, all []Errand, gone map[string]bool) []Stop {
	if row.Juror.Presence != jury.Present {
		return nil
	}
	at := map[string]int{}
	for i, t := range b.Teams {
		at[t.ID] = i
	}
	mine := slices.DeleteFunc(slices.Clone(all), func(e Errand) bool { return e.Juror != row.Juror.Account.ID || e.State != Open })
	var left []Stop
	for _, e := range inOrder(mine) {
		i, there := at[e.Team]
		if !there || gone[e.Team] {
			continue
		}
		if c := row.Cells[i].State; c == jury.CellNone || c == jury.CellPartial {
			left = append(left, Stop{Errand: e, Ref: b.Teams[i]})
		}
	}
	return left
}

// oddness says which jurors mark unlike the others: by more than a seventh of the scale
// harder or softer, or with less than half of the usual spread between teams.
func oddness(b jury.Board, r jury.Ranking) map[account.ID]Odd {
	width := 4.0
	if len(b.Criteria) > 0 {
		width = float64(b.Criteria[0].Max - b.Criteria[0].Min)
	}
	spreads := map[account.ID]float64{}
	var usual []float64
	for _, row := range b.Rows {
		if sd, n := b.Spread(row.Juror.Account.ID); n >= 4 {
			spreads[row.Juror.Account.ID] = sd
			usual = append(usual, sd)
		}
	}
	slices.Sort(usual)
	odd := map[account.ID]Odd{}
	for _, j := range r.Jurors {
		sd, enough := spreads[j.Juror.Account.ID]
		switch {
		case j.Visits < 2:
		case j.Check:
			odd[j.Juror.Account.ID] = Other
		case enough && len(usual) > 2 && sd < usual[len(usual)/2]/2:
			odd[j.Juror.Account.ID] = Flat
		case j.Severity < -width/7:
			odd[j.Juror.Account.ID] = Hard
		case j.Severity > width/7:
			odd[j.Juror.Account.ID] = Soft
		}
	}
	return odd
}

// posterior is the ranking's live state with who is on the way where and what was skipped.
func (d Desk) posterior(all []Errand) (*ranking.Posterior, error) {
	p, err := ranking.New(d.Board.Event(), ranking.Options{Floor: d.Board.Round.Floor, Walk: true, Together: together(all)})
	if err != nil {
		return nil, fmt.Errorf("asking where a visit helps: %w", err)
	}
	in := map[string]bool{}
	for _, t := range d.Board.Teams {
		in[t.ID] = true
	}
	var jurors []string
	for _, row := range d.Board.Rows {
		if row.Juror.Presence != jury.Excluded {
			jurors = append(jurors, string(row.Juror.Account.ID))
		}
	}
	for _, e := range all {
		if e.State == Skipped && in[e.Team] && slices.Contains(jurors, string(e.Juror)) {
			if err := p.Skip(string(e.Juror), e.Team, ranking.Reason(e.Why)); err != nil {
				return nil, err
			}
		}
	}
	for team := range d.Gone {
		for range 2 { // absent twice is absent for good
			if in[team] && len(jurors) > 0 {
				if err := p.Skip(jurors[0], team, ranking.Absent); err != nil {
					return nil, err
				}
			}
		}
	}
	for _, w := range d.Walks {
		if len(w.Stops) > 0 {
			if err := p.Announce(string(w.Row.Juror.Account.ID), w.Stops[0].Team); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

// together is how many jurors may be offered a contender's table at once: several, until one
// of them found it busy while it was offered to another too. Planned visits have times of
// their own and say nothing of that.
func together(all []Errand) int {
	for _, e := range all {
		if e.Source != Offered || e.State != Skipped || e.Why != Busy {
			continue
		}
		if slices.ContainsFunc(all, func(o Errand) bool { return o.Source == Offered && o.Team == e.Team && o.Juror != e.Juror }) {
			return 1
		}
	}
	return ranking.Several
}

// offers are the next visits of those who have nowhere to go, who did least first.
func (d Desk) offers(all []Errand) ([]Stop, error) {
	idle := slices.DeleteFunc(slices.Clone(d.Walks), func(w Walk) bool {
		return len(w.Stops) > 0 || w.Row.Juror.Presence != jury.Present || w.Row.Done >= w.Row.Expected
	})
	if len(idle) == 0 || !d.Board.Round.Open() { // asking where a visit helps takes a fit of the model
		return nil, nil
	}
	slices.SortStableFunc(idle, func(a, b Walk) int { return a.Row.Done - b.Row.Done })
	p, err := d.posterior(all)
	if err != nil {
		return nil, err
	}
	var offers []Stop
	for _, w := range idle {
		stop, ok, err := d.next(p, w.Row.Juror.Account.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			offers = append(offers, stop)
		}
	}
	return offers, nil
}

func (d Desk) next(p *ranking.Posterior, juror account.ID) (Stop, bool, error) {
	team, ok, err := p.Next(string(juror))
	if err != nil || !ok || d.Gone[team] {
		return Stop{}, false, err
	}
	i := slices.IndexFunc(d.Board.Teams, func(t jury.TeamRef) bool { return t.ID == team })
	return Stop{Errand: Errand{Juror: juror, Team: team}, Ref: d.Board.Teams[i]}, true, nil
}

// change runs a change of the hall as the actor's, whose right allowed says. They follow
// each other: two jurors who go missing at once would give one visit to the same hands.
func (s *Service) change(ctx context.Context, actor account.Actor, id edition.ID, a once.Action, allowed func(tx *sqldb.Tx) error,
	do func(tx *sqldb.Tx, round int, now time.Time) (action, subject, after string, err error)) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := turns.Take(ctx, tx, "hall:"+string(id)); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := allowed(tx); err != nil {
			return err
		}
		if first, err := once.First(ctx, tx, a); err != nil || !first {
			return err
		}
		r, err := s.jury.Round(ctx, tx, id)
		if err != nil {
			return err
		}
		action, subject, after, err := do(tx, r.Number, now)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		s.hub.Touch(tx, jury.Topic(id)) // the jurors' phones
		return s.trail.Write(ctx, tx, trail.Entry{Edition: string(id), Actor: string(actor.ID), Action: action, Subject: subject, After: after, EditionAt: now})
	})
}

func (s *Service) leads(ctx context.Context, actor account.Actor, id edition.ID) func(tx *sqldb.Tx) error {
	return func(tx *sqldb.Tx) error { return s.jury.Leads(ctx, tx, actor, id) }
}

// Missing says that a juror did not come or left: nobody waits for them, and their visits
// go to those who stay, moving as few others as possible.
func (s *Service) Missing(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, reason string) (Replanned, error) {
	if err := s.jury.Leads(ctx, s.db, actor, id); err != nil {
		return Replanned{}, err
	}
	if err := s.jury.Away(ctx, actor, id, juror, strings.TrimSpace(reason)); err != nil {
		return Replanned{}, err
	}
	return s.replan(ctx, actor, id, Change{Juror: juror})
}

// Left says that a team went home: nobody is sent there any more.
func (s *Service) Left(ctx context.Context, actor account.Actor, id edition.ID, team string) (Replanned, error) {
	return s.replan(ctx, actor, id, Change{Team: team})
}
