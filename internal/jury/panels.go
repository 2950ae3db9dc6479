package jury

import (
	"context"
	"fmt"
	"math"
	"slices"

	"h48/engine/ranking"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury/estimate"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

func (s *Service) prizes(ctx context.Context, q sqldb.Querier, id edition.ID) ([]PrizeRef, error) {
	if s.with.Prizes == nil {
		return nil, nil
	}
	all, err := s.with.Prizes.ToWin(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("asking what can be won: %w", err)
	}
	return all, nil
}

// Challenges are what the teams work on.
func (s *Service) Challenges(ctx context.Context, q sqldb.Querier, id edition.ID) ([]ChallengeRef, error) {
	if s.with.Challenges == nil {
		return nil, nil
	}
	all, err := s.with.Challenges.Challenges(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("asking for the challenges: %w", err)
	}
	return all, nil
}

// Panels are the panels of all prizes, in the prizes' order.
func (s *Service) Panels(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Panel, error) {
	prizes, err := s.prizes(ctx, q, id)
	if err != nil {
		return nil, err
	}
	set, err := listPanels(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("reading the panels: %w", err)
	}
	all := make([]Panel, len(prizes))
	for i, prize := range prizes {
		all[i] = wholeJury(prize)
		if p, there := panels(set).of(prize.ID); there {
			p.Prize = prize
			all[i] = p
		}
	}
	return all, nil
}

// Apart says whether the prize has jurors, teams or a criterion of its own, and so may
// have another ranking than the common one.
func (s *Service) Apart(ctx context.Context, q sqldb.Querier, id edition.ID, prize string) (bool, error) {
	all, err := s.Panels(ctx, q, id)
	if err != nil {
		return false, err
	}
	p, there := panels(all).of(prize)
	if !there {
		return false, nil
	}
	b := Board{}
	b.Criteria, err = s.Criteria(ctx, q, id)
	return b.apart(p), err
}

// apart says whether the panel's prize has another ranking than the common one.
func (b Board) apart(p Panel) bool {
	return !p.Gone && (p.Who != AllTeams || len(p.Jurors) > 0 ||
		slices.ContainsFunc(b.Criteria, func(c Criterion) bool { return c.Prize == p.Prize.ID }))
}

// everyPanel is Panels, and behind them the panels of prizes that fell away: their limited
// jurors do not come to judge for the others by that.
func (s *Service) everyPanel(ctx context.Context, q sqldb.Querier, id edition.ID) (panels, error) {
	all, err := s.Panels(ctx, q, id)
	if err != nil {
		return nil, err
	}
	set, err := listPanels(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("reading the panels: %w", err)
	}
	for _, p := range set {
		if _, live := panels(all).of(p.Prize.ID); !live {
			p.Gone = true
			all = append(all, p)
		}
	}
	return all, nil
}

// SetPanel says who judges a prize and who may win it. From the first mark on it takes a
// reason that everybody can read.
func (s *Service) SetPanel(ctx context.Context, actor account.Actor, id edition.ID, p Panel, reason string) error {
	slices.Sort(p.Teams)
	slices.Sort(p.Jurors)
	slices.Sort(p.Limited)
	if p.Who != ChosenTeams {
		p.Teams = nil
	}
	if p.Who != OfChallenge {
		p.Challenge = ""
	}
	if err := p.check(); err != nil {
		return err
	}
	return s.rule(ctx, actor, id, rule{what: "panel", reason: reason, wanted: p.text()}, func(tx *sqldb.Tx, _ Round, _ bool) (Change, error) {
		all, err := s.Panels(ctx, tx, id)
		if err != nil {
			return Change{}, err
		}
		before, there := panels(all).of(p.Prize.ID)
		if !there {
			return Change{}, sqldb.ErrNotFound
		}
		p.Prize = before.Prize
		for _, who := range p.Jurors {
			if _, err := s.juror(ctx, tx, id, who); err != nil {
				return Change{}, err
			}
		}
		said := Change{Before: before.text(), After: p.text()}
		if said.Before == said.After {
			return said, nil
		}
		if err := putPanel(ctx, tx, id, p); err != nil {
			return said, fmt.Errorf("setting a prize's jury: %w", err)
		}
		return said, s.trace(ctx, tx, id, TracePanel, "prize:"+p.Prize.ID, TracedPanel{Prize: p.Prize.ID, Who: p.Who, Challenge: p.Challenge,
			Teams: p.Teams, Jurors: p.Jurors, Limited: p.Limited})
	})
}

// asked narrows the round's criteria to those on which the juror judges the team, and
// refuses a team that the juror's panels do not judge.
func (s *Service) asked(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID, team TeamRef, criteria []Criterion) ([]Criterion, error) {
	all, err := s.everyPanel(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if !all.sees(juror, team) {
		return nil, errs.New(errs.Forbidden, "jury.panel.not_yours")
	}
	return all.asks(juror, team, criteria), nil
}

// of is the board as it counts for a prize, "" for the common ranking: the criteria that
// count for it, without the jurors who judge for other prizes alone.
func (b Board) of(prize string) Board {
	b.Criteria = slices.DeleteFunc(slices.Clone(b.Criteria), func(c Criterion) bool { return c.Prize != "" && c.Prize != prize })
	b.Rows = slices.DeleteFunc(slices.Clone(b.Rows), func(r Row) bool { return !b.panels.counts(r.Juror.Account.ID, prize) })
	return b
}

// RankingFor is the ranking of one prize: of the teams that may win it, best first, after
// the marks of everybody whose marks count for it. All that jurors said of any team makes
// one common estimate, so a prize with few teams gains from what the others show of its
// jurors. A bonus criterion is one of the criteria of this estimate, with its weight beside
// the common ones; where a juror was not asked for it, the engine lets the common criteria
// speak for it, each by how far it lies from its own mean, so that no team is better or
// worse for having met jurors of another panel. The probabilities are among the teams that
// may win. It says nothing of the jurors: those views are of the common ranking.
func (s *Service) RankingFor(ctx context.Context, q sqldb.Querier, id edition.ID, prize string) (Ranking, error) {
	round, err := s.Round(ctx, q, id)
	if err != nil {
		return Ranking{}, err
	}
	b, err := s.boardOf(ctx, q, id, round)
	if err != nil {
		return Ranking{}, err
	}
	decisions, err := listDecisions(ctx, q, id, round.Number)
	if err != nil {
		return Ranking{}, err
	}
	return b.rankFor(ctx, s.memo, prize, decisions)
}

// rankFor is the ranking of a prize from what the board holds, and from nothing else.
func (b Board) rankFor(ctx context.Context, memo *estimate.Memo, prize string, decisions []Decision) (Ranking, error) {
	panel, there := b.panels.of(prize)
	if !there {
		return Ranking{}, sqldb.ErrNotFound
	}
	b = b.of(prize)
	r := Ranking{Round: b.Round, Criteria: b.Criteria, Decisions: decisions}
	if len(b.Criteria) == 0 || len(b.Teams) == 0 {
		return r, nil
	}
	event := b.event()
	wanted := ranking.Prize{ID: prize}
	for i, t := range b.Teams {
		if panel.May(t) {
			wanted.Projects = append(wanted.Projects, t.ID)
			r.count(b.Rows, i)
		}
	}
	if len(wanted.Projects) == 0 {
		return r, nil
	}
	for _, j := range event.Jurors {
		if panel.Has(account.ID(j.ID)) {
			wanted.Jurors = append(wanted.Jurors, j.ID)
		}
	}
	event.Prizes = []ranking.Prize{wanted}
	var err error
	if r.Fingerprint, err = fingerprint(event); err != nil {
		return r, err
	}
	result, err := memo.Rank(ctx, r.Fingerprint, event, ranking.Options{Floor: b.Round.Floor})
	if err != nil {
		return r, fmt.Errorf("ranking the teams for a prize: %w", err)
	}
	r.Standings = b.among(result)
	b.Teams = slices.DeleteFunc(slices.Clone(b.Teams), func(t TeamRef) bool { return !panel.May(t) })
	b.settle(r.Standings, decisions)
	return r, nil
}

// count adds the sheets of the team in the column to those of the ranking.
func (r *Ranking) count(rows []Row, column int) {
	for _, row := range rows {
		if column >= len(row.Cells) { // a board without cells, of a record
			continue
		}
		switch row.Cells[column].State {
		case CellComplete:
			r.Sheets, r.Expected = r.Sheets+1, r.Expected+1
		case CellNone, CellPartial:
			r.Expected++
		}
	}
}

// among are the standings of the first prize's teams, among themselves.
func (b Board) among(result ranking.Result) []Standing {
	all := b.standings(result)
	prize := result.Prizes[0]
	standings := make([]Standing, len(prize.Order))
	for i, team := range prize.Order {
		k := slices.IndexFunc(all, func(s Standing) bool { return s.Team.ID == team })
		st := all[k]
		st.Rank, st.PBest, st.RankLo, st.RankHi, st.Tier = i+1, prize.PBest[i], prize.RankLo[i], prize.RankHi[i], 2
		st.PTop3 = math.NaN() // the engine says it among all teams
		if slices.Contains(prize.Leaders, team) {
			st.Tier = 1
		}
		standings[i] = st
	}
	return standings
}
