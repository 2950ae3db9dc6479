package jury

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"h48/engine/ranking"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/chain"
	"h48/internal/kit/sqldb"
)

// TraceRanking is the kind of an entry that holds a ranking as the jury was shown it.
const TraceRanking = "jury.ranking"

// TracedRanking is a ranking with what it was computed from, as far as no entry before it
// says so already: who was judged, who judged, and which conflicts held, found ones too.
type TracedRanking struct {
	Round       int              `json:"round"`
	Teams       []TracedTeam     `json:"teams"`
	Jurors      []TracedPresence `json:"jurors"`
	Conflicts   []TracedRecusal  `json:"conflicts"`
	Fingerprint string           `json:"fingerprint"`
	Places      []TracedPlace    `json:"places"`
	// Prizes are the rankings of the prizes that have jurors, teams or a criterion of
	// their own, in the prizes' order.
	Prizes []TracedPrize     `json:"prizes,omitempty"`
	Names  map[string]string `json:"-"`
}

// TracedTeam is a team that is judged.
type TracedTeam struct {
	ID        string `json:"id"`
	Table     int    `json:"table"`
	Challenge string `json:"challenge,omitempty"`
}

// TracedPrize is the ranking of one prize.
type TracedPrize struct {
	Prize       string        `json:"prize"`
	Fingerprint string        `json:"fingerprint"`
	Places      []TracedPlace `json:"places"`
}

// TracedRecusal is a conflict that holds.
type TracedRecusal struct {
	Juror  account.ID `json:"juror"`
	Team   string     `json:"team"`
	Source Source     `json:"source"`
}

// TracedPlace is one team's place.
type TracedPlace struct {
	Team   string  `json:"team"`
	Rank   int     `json:"rank"`
	RankLo int     `json:"rank_lo"`
	RankHi int     `json:"rank_hi"`
	Score  float64 `json:"score"`
	PBest  float64 `json:"p_best"`
	Visits int     `json:"visits"`
	Tier   int     `json:"tier"`
	Tie    Tie     `json:"tie,omitempty"`
}

// Evidence is all that a ranking depends on, without a database: whoever holds it can
// compute the ranking again.
type Evidence struct {
	Round    Round
	Criteria []Criterion
	Marks    []Mark
	// Comparisons are all that were given in the round, in the order of the chain.
	Comparisons []Comparison
	Decisions   []Decision
	Panels      []Panel       // of prizes that were given one, whatever became of the prize
	Said        TracedRanking // whose places are not looked at
}

// Rank computes the ranking as the program does, and says it as it is traced.
func (e Evidence) Rank(ctx context.Context) (TracedRanking, error) {
	b := Board{Round: e.Round, Criteria: e.Criteria, sheets: current(e.Marks), comparisons: e.Comparisons, recused: map[sheetKey]Conflict{}, panels: e.Panels}
	for _, t := range e.Said.Teams {
		b.Teams = append(b.Teams, TeamRef{ID: t.ID, Table: t.Table, Challenge: t.Challenge})
	}
	for _, j := range e.Said.Jurors {
		b.Rows = append(b.Rows, Row{Juror: Juror{Account: account.Account{ID: j.Juror}, Presence: j.Presence}})
	}
	for _, c := range e.Said.Conflicts {
		held := Conflict{Juror: c.Juror, Team: c.Team, Source: c.Source}
		b.conflicts = append(b.conflicts, held)
		b.recused[sheetKey{c.Juror, c.Team}] = held
	}
	for _, p := range e.Said.Prizes {
		if _, there := b.panels.of(p.Prize); !there {
			b.panels = append(slices.Clone(b.panels), wholeJury(PrizeRef{ID: p.Prize}))
		}
	}
	r, err := b.rank(ctx, e.Decisions)
	if err != nil {
		return TracedRanking{}, err
	}
	t := b.traced(r)
	for _, p := range e.Said.Prizes {
		if err := b.tracePrize(ctx, &t, p.Prize, e.Decisions); err != nil {
			return t, err
		}
	}
	return t, nil
}

// tracePrize adds the ranking of one prize.
func (b Board) tracePrize(ctx context.Context, t *TracedRanking, prize string, decisions []Decision) error {
	r, err := b.rankFor(ctx, nil, prize, decisions)
	if err == nil {
		t.Prizes = append(t.Prizes, TracedPrize{Prize: prize, Fingerprint: r.Fingerprint, Places: places(r.Standings)})
	}
	return err
}

// traced is the ranking of the board as it is traced.
func (b Board) traced(r Ranking) TracedRanking {
	t := TracedRanking{Round: r.Round.Number, Fingerprint: r.Fingerprint, Teams: []TracedTeam{}, Jurors: []TracedPresence{},
		Conflicts: []TracedRecusal{}, Places: places(r.Standings)}
	in := map[string]bool{}
	for _, team := range b.Teams {
		in[team.ID] = true
		t.Teams = append(t.Teams, TracedTeam{ID: team.ID, Table: team.Table, Challenge: team.Challenge})
	}
	for _, row := range b.Rows {
		t.Jurors = append(t.Jurors, TracedPresence{Juror: row.Juror.Account.ID, Presence: row.Juror.Presence})
	}
	for _, c := range b.conflicts {
		if c.Lifted.IsZero() && in[c.Team] {
			t.Conflicts = append(t.Conflicts, TracedRecusal{Juror: c.Juror, Team: c.Team, Source: c.Source})
		}
	}
	return t
}

func places(standings []Standing) []TracedPlace {
	all := make([]TracedPlace, len(standings))
	for i, st := range standings {
		all[i] = TracedPlace{Team: st.Team.ID, Rank: st.Rank, RankLo: st.RankLo, RankHi: st.RankHi, Score: st.Score,
			PBest: st.PBest, Visits: st.Visits, Tier: st.Tier, Tie: st.Tie}
	}
	return all
}

// Traced is the present ranking as it would be traced now, with the teams' names beside.
func (s *Service) Traced(ctx context.Context, q sqldb.Querier, id edition.ID) (TracedRanking, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return TracedRanking{}, err
	}
	b, err := s.boardOf(ctx, q, id, r)
	if err != nil {
		return TracedRanking{}, err
	}
	decisions, err := listDecisions(ctx, q, id, r.Number)
	if err != nil {
		return TracedRanking{}, err
	}
	ranked, err := b.rank(ctx, decisions)
	if err != nil {
		return TracedRanking{}, err
	}
	t := b.traced(ranked)
	for _, p := range b.panels {
		if b.apart(p) {
			if err := b.tracePrize(ctx, &t, p.Prize.ID, decisions); err != nil {
				return t, err
			}
		}
	}
	t.Names = map[string]string{}
	for _, team := range b.Teams {
		t.Names[team.ID] = team.Name
	}
	return t, nil
}

// traceRanking appends the ranking once the jury may see it: when the deliberation opens
// and after every change that can move it from then on.
func (s *Service) traceRanking(ctx context.Context, tx *sqldb.Tx, id edition.ID) error {
	r, err := s.Round(ctx, tx, id)
	if err != nil || r.Deliberation.IsZero() {
		return err
	}
	t, err := s.Traced(ctx, tx, id)
	if err != nil {
		return fmt.Errorf("tracing the ranking: %w", err)
	}
	return s.trace(ctx, tx, id, TraceRanking, "edition:"+string(id), t)
}

// RoundMark is a mark with the number of its round.
type RoundMark struct {
	Mark
	Round int
}

// Kept is what the tables of the jury hold, to be compared with the chain.
type Kept struct {
	Head    chain.Head
	Marks   []RoundMark
	Rubrics []TracedRubric
	Amended []TracedAmendment // changes of the rules after the first mark
	// Compared is every word on two teams, taken back ones too.
	Compared []TracedComparison
	Ranking  TracedRanking
}

// Kept reads everything at one moment; q must be frozen.
func (s *Service) Kept(ctx context.Context, q sqldb.Querier, id edition.ID) (k Kept, err error) {
	if k.Head, err = chain.End(ctx, q, string(id)); err != nil {
		return k, err
	}
	err = s.Export(ctx, q, id, func(round int, m Mark) error {
		k.Marks = append(k.Marks, RoundMark{Mark: m, Round: round})
		return nil
	})
	if err != nil {
		return k, err
	}
	last, err := s.Round(ctx, q, id)
	if err != nil {
		return k, err
	}
	for n := 1; n <= last.Number; n++ {
		criteria, err := listCriteria(ctx, q, id, n)
		if err != nil {
			return k, err
		}
		if len(criteria) > 0 {
			k.Rubrics = append(k.Rubrics, TracedRubric{Round: n, Criteria: criteria})
		}
	}
	if k.Compared, err = s.Compared(ctx, q, id, last.Number); err != nil {
		return k, fmt.Errorf("reading the comparisons: %w", err)
	}
	amended, err := listAmendments(ctx, q, id)
	if err != nil {
		return k, err
	}
	for _, a := range amended {
		k.Amended = append(k.Amended, a.Traced())
	}
	k.Ranking, err = s.Traced(ctx, q, id)
	return k, err
}

// Compared is every word on two teams in the rounds up to the last, taken back ones too.
func (s *Service) Compared(ctx context.Context, q sqldb.Querier, id edition.ID, last int) (all []TracedComparison, err error) {
	for n := 1; err == nil && n <= last; n++ {
		var said []Comparison
		said, err = listComparisons(ctx, q, id, n)
		for _, c := range said {
			all = append(all, c.Traced(n))
		}
	}
	return all, err
}

// Traced is the amendment as it is traced.
func (a Amendment) Traced() TracedAmendment {
	return TracedAmendment{Round: a.Round, What: a.What, Reason: a.Reason, Before: a.Before, After: a.After}
}

// Panel is the panel that was traced.
func (t TracedPanel) Panel() Panel {
	return Panel{Prize: PrizeRef{ID: t.Prize}, Who: t.Who, Challenge: t.Challenge, Teams: t.Teams, Jurors: t.Jurors, Limited: t.Limited}
}

// Traced is the mark as it is traced; its reason's digest is not known here.
func (m Mark) Traced() TracedMark {
	return TracedMark{ID: m.ID, Juror: m.Juror, Team: m.Team, Criterion: m.Criterion, Kind: m.Kind, Value: m.Value,
		Given: sqldb.Micros(m.Given), Received: sqldb.Micros(m.Received), By: m.EnteredBy, Paper: m.Paper}
}

// Mark is the mark that was traced, without its reason.
func (t TracedMark) Mark() Mark {
	return Mark{ID: t.ID, Juror: t.Juror, Team: t.Team, Criterion: t.Criterion, Kind: t.Kind, Value: t.Value,
		Given: time.UnixMicro(t.Given).UTC(), Received: time.UnixMicro(t.Received).UTC(), EnteredBy: t.By, Paper: t.Paper}
}

// Round is the round that was traced.
func (t TracedRound) Round() Round {
	r := Round{Number: t.Number, Setup: t.Setup, Of: t.Of, Teams: t.Teams, Reason: t.Reason, Ladder: t.Ladder, Opened: time.UnixMicro(t.Opened).UTC()}
	if t.Closed > 0 {
		r.Closed = time.UnixMicro(t.Closed).UTC()
	}
	if t.Deliberation > 0 {
		r.Deliberation = time.UnixMicro(t.Deliberation).UTC()
	}
	return r
}

// Ordinary is the first round as it is before anybody set anything.
func Ordinary() Round { return Round{Number: 1, Setup: ordinary(), Ladder: usualLadder()} }

// Event is the board as the engine reads it.
func (b Board) Event() ranking.Event { return b.event() }

// Spread is how far apart a juror's totals lie: their standard deviation, over n teams.
func (b Board) Spread(juror account.ID) (sd float64, n int) {
	sum, squares := 0.0, 0.0
	for _, t := range b.Teams {
		if total, ok := b.sheets[sheetKey{juror, t.ID}].Total(b.Criteria); ok {
			sum, squares, n = sum+total, squares+total*total, n+1
		}
	}
	if n == 0 {
		return 0, 0
	}
	mean := sum / float64(n)
	return math.Sqrt(max(0, squares/float64(n)-mean*mean)), n
}

// Judged is the board and its ranking, read once.
func (s *Service) Judged(ctx context.Context, q sqldb.Querier, id edition.ID) (Board, Ranking, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return Board{}, Ranking{}, err
	}
	b, err := s.boardOf(ctx, q, id, r)
	if err != nil {
		return b, Ranking{}, err
	}
	decisions, err := listDecisions(ctx, q, id, r.Number)
	if err != nil {
		return b, Ranking{}, err
	}
	ranked, _, err := b.rankWith(ctx, s.memo, decisions)
	return b, ranked, err
}

// BoardOf is the board with one juror alone.
func (s *Service) BoardOf(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID) (Board, error) {
	j, err := s.juror(ctx, q, id, juror)
	if err != nil {
		return Board{}, err
	}
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return Board{}, err
	}
	marks, err := listMarksOf(ctx, q, id, r.Number, juror)
	if err != nil {
		return Board{}, err
	}
	b, err := s.readOf(ctx, q, id, r, []Juror{j}, sheets{}.With(marks))
	if err == nil {
		b.count()
	}
	return b, err
}

// Away says that a juror is no longer waited for, as whoever leads the jury sees it.
func (s *Service) Away(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID, reason string) error {
	if err := s.Leads(ctx, s.db, actor, id); err != nil {
		return err
	}
	return s.setPresence(ctx, actor, id, juror, Absent, reason, edition.Juror)
}

// Come says that a juror who was absent is there, as whoever leads the jury sees it. One who
// is excluded stays so: that is the organisers' to lift.
func (s *Service) Come(ctx context.Context, actor account.Actor, id edition.ID, juror account.ID) error {
	if err := s.Leads(ctx, s.db, actor, id); err != nil {
		return err
	}
	j, err := s.juror(ctx, s.db, id, juror)
	if err != nil {
		return err
	}
	if j.Presence != Absent {
		return sqldb.ErrNotFound
	}
	return s.setPresence(ctx, actor, id, juror, Present, "", edition.Juror)
}

// Traced is the comparison of the round as it is traced.
func (c Comparison) Traced(round int) TracedComparison {
	return TracedComparison{ID: c.ID, Round: round, Juror: c.Juror, Better: c.Better, Worse: c.Worse, Taken: c.Taken,
		Given: sqldb.Micros(c.Given), Received: sqldb.Micros(c.Received)}
}

// Comparison is the comparison that was traced.
func (t TracedComparison) Comparison() Comparison {
	return Comparison{ID: t.ID, Juror: t.Juror, Better: t.Better, Worse: t.Worse, Taken: t.Taken,
		Given: time.UnixMicro(t.Given).UTC(), Received: time.UnixMicro(t.Received).UTC()}
}
