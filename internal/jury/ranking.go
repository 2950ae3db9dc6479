package jury

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/engine/ranking"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury/estimate"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Tie says by which step of the round's ladder a team that is exactly tied got its place.
type Tie string

// What a tie ended with.
const (
	NoTie          Tie = ""
	TieCriterion   Tie = "criterion"    // the mean on a criterion: the one with the most weight, or a chosen one
	TieFirstPlaces Tie = "first_places" // how many jurors have it first
	TieDecision    Tie = "decision"     // a named person decided, with a reason
	TieOpen        Tie = "open"         // somebody has to decide
	TieShared      Tie = "shared"       // the place is shared, as the ladder says
)

// Standing is one team's place.
type Standing struct {
	Team   TeamRef
	Rank   int // teams whose tie is open share it
	RankLo int // 90 % interval of the true rank
	RankHi int
	Score  float64 // estimated merit, on the scale of the marks
	SD     float64
	PBest  float64 // probability of being the best
	PTop3  float64
	Raw    float64 // weighted mean of the marks; NaN without any
	Visits int     // sheets that count
	Tier   int     // teams of one tier are not separated by the marks
	Tie    Tie
	Why    ranking.Reasons // why Score is not Raw: they add up to the difference
}

// JurorView is what the marks say of a juror.
type JurorView struct {
	Juror    Juror
	Severity float64 // added to what the juror sees; negative is strict
	Visits   int
	Without  string            // the team that would be first without the juror
	Moves    ranking.Influence // of teams' ids; only where Weighed was asked, and see Ranking.Influence
	Check    bool              // the sheet does not look like the others': a question, not a verdict
}

// Decision is a named person's word on an open tie.
type Decision struct {
	Team    string // goes first
	Decider string
	Reason  string
	By      account.ID
	Made    time.Time
}

// Ranking is the result of the marks of the present round. The same marks give the same
// ranking, on every machine.
type Ranking struct {
	Round     Round
	Criteria  []Criterion
	Standings []Standing // best first
	Jurors    []JurorView
	Decisions []Decision
	Sheets    int
	Expected  int
	// Fingerprint names the input: SHA-256 of the marks that count, the rubric and the
	// recusals.
	Fingerprint string
	// More is about how many further visits to the leaders would help; 0 for none.
	More int
	// Influence says whether the jurors' Moves are of these very marks.
	Influence Influence
}

// Influence is of which marks the influence of the jurors is known.
type Influence struct {
	Newest bool  // of all those of the ranking
	Sheets int   // of how many, where it is older; 0 where it is not known yet
	Failed error // why it could not be computed of the newest; nil where it was, or is being
}

// Unheard counts the teams of which no juror has said anything yet, while more may be
// said: before they are heard nobody leads.
func (r Ranking) Unheard() (n int) {
	for _, s := range r.Standings {
		if s.Visits == 0 && r.Round.Open() {
			n++
		}
	}
	return n
}

// Leaders are the teams that the marks cannot tell from the first.
func (r Ranking) Leaders() []Standing {
	var all []Standing
	for _, s := range r.Standings {
		if s.Tier == 1 && s.Visits > 0 {
			all = append(all, s)
		}
	}
	return all
}

// Standings is the ranking alone, best first. After a final come the teams that were not
// in it, as the round before left them.
func (s *Service) Standings(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Standing, error) {
	r, err := s.Ranking(ctx, q, id)
	if err != nil || !r.Round.Final() {
		return r.Standings, err
	}
	before, err := s.round(ctx, q, id, r.Round.Of)
	if err != nil {
		return nil, err
	}
	earlier, err := s.rankingOf(ctx, q, id, before)
	return follow(r, earlier.Standings), err
}

// follow puts those of the earlier round who are not in the final behind its standings.
func follow(final Ranking, earlier []Standing) []Standing {
	all, in := slices.Clone(final.Standings), 0
	tier := 0
	for _, st := range all {
		tier = max(tier, st.Tier)
	}
	for _, st := range earlier {
		if final.Round.Has(st.Team.ID) {
			in++
			continue
		}
		st.Rank += len(final.Standings) - in
		st.RankLo, st.RankHi = max(st.RankLo, len(final.Standings)+1), max(st.RankHi, len(final.Standings)+1)
		st.PBest, st.PTop3, st.Tier = 0, 0, st.Tier+tier
		all = append(all, st)
	}
	return all
}

// Event is the present round as the engine, `h48 rank` and anybody who recomputes the
// result read it: ids alone, no names, no notes.
func (s *Service) Event(ctx context.Context, q sqldb.Querier, id edition.ID) (ranking.Event, error) {
	b, err := s.Board(ctx, q, id)
	return b.of("").event(), err
}

// Ranking computes the ranking of the present round from its marks.
func (s *Service) Ranking(ctx context.Context, q sqldb.Querier, id edition.ID) (Ranking, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return Ranking{}, err
	}
	return s.rankingOf(ctx, q, id, r)
}

// Weighed is the ranking with each juror's influence on it. That takes a fit a juror, so in
// a large event it is computed afterwards: until then it is the last one known, and
// InfluenceTopic is touched when there is a newer one.
func (s *Service) Weighed(ctx context.Context, q sqldb.Querier, id edition.ID) (Ranking, error) {
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
	r, event, err := b.rankWith(ctx, s.memo, decisions)
	if err != nil || len(r.Standings) == 0 {
		return r, err
	}
	w, fresh, err := s.memo.Weigh(ctx, purposeOf(id, round), r.Fingerprint, event, ranking.Options{Floor: round.Floor},
		func() { s.hub.Tell(InfluenceTopic(id)) })
	if err != nil {
		return r, fmt.Errorf("weighing the jurors: %w", err)
	}
	r.Influence = Influence{Newest: fresh, Sheets: w.Visits, Failed: w.Failed}
	moves := map[string]ranking.Influence{}
	for _, j := range w.Jurors {
		moves[j.Juror] = j.Influence
	}
	for i := range r.Jurors {
		r.Jurors[i].Moves = moves[string(r.Jurors[i].Juror.Account.ID)]
	}
	return r, nil
}

func purposeOf(id edition.ID, r Round) string { return fmt.Sprint(id, "/", r.Number) }

// WeighAgain lets the jurors' influence be computed again after that failed.
func (s *Service) WeighAgain(ctx context.Context, actor account.Actor, id edition.ID) error {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser); err != nil {
		return err
	}
	r, err := s.Round(ctx, s.db, id)
	if err == nil {
		s.memo.Retry(purposeOf(id, r))
	}
	return err
}

// InfluenceTopic is touched when the jurors' influence is known of newer marks.
func InfluenceTopic(id edition.ID) string { return "influence:" + string(id) }

func (s *Service) rankingOf(ctx context.Context, q sqldb.Querier, id edition.ID, round Round) (Ranking, error) {
	b, err := s.boardOf(ctx, q, id, round)
	if err != nil {
		return Ranking{}, err
	}
	decisions, err := listDecisions(ctx, q, id, b.Round.Number)
	if err != nil {
		return Ranking{}, err
	}
	r, _, err := b.rankWith(ctx, s.memo, decisions)
	return r, err
}

// rank is the ranking of what the board holds, and of nothing else.
func (b Board) rank(ctx context.Context, decisions []Decision) (Ranking, error) {
	r, _, err := b.rankWith(ctx, nil, decisions)
	return r, err
}

// rankWith is rank, and the event that it was computed from.
func (b Board) rankWith(ctx context.Context, memo *estimate.Memo, decisions []Decision) (Ranking, ranking.Event, error) {
	r := Ranking{Round: b.Round, Criteria: b.Criteria, Decisions: decisions, Sheets: b.Done, Expected: b.Expected}
	if len(b.Criteria) == 0 || len(b.Teams) == 0 {
		return r, ranking.Event{}, nil
	}
	b = b.of("")
	event, err := b.event(), error(nil)
	if r.Fingerprint, err = fingerprint(event); err != nil {
		return r, event, err
	}
	result, err := memo.Rank(ctx, r.Fingerprint, event, ranking.Options{Floor: b.Round.Floor})
	if err != nil {
		return r, event, fmt.Errorf("ranking the teams: %w", err)
	}
	r.Standings, r.Jurors, r.More = b.standings(result), b.views(result), result.Advice.MoreVisits
	b.settle(r.Standings, r.Decisions)
	return r, event, nil
}

// event is the round without what does not count: sheets of jurors who are excluded or
// recused. Everything stands in the order of ids.
func (b Board) event() ranking.Event {
	var e ranking.Event
	for _, t := range b.Teams {
		e.Projects = append(e.Projects, ranking.Project{ID: t.ID, Table: t.Table, NoTable: t.Table == 0})
	}
	for _, c := range b.Criteria {
		e.Criteria = append(e.Criteria, ranking.Criterion{ID: c.ID, Min: float64(c.Min), Max: float64(c.Max), Weight: float64(c.Weight)})
	}
	for _, row := range b.Rows {
		j := row.Juror
		if j.Presence == Excluded {
			continue
		}
		juror := ranking.Juror{ID: string(j.Account.ID)}
		if j.Presence == Absent {
			juror.Capacity = -1
		}
		e.Jurors = append(e.Jurors, juror)
		for _, t := range b.Teams {
			if _, recused := b.conflict(j.Account.ID, t.ID); recused {
				e.Conflicts = append(e.Conflicts, ranking.Conflict{Juror: juror.ID, Project: t.ID})
				continue
			}
			if scores := b.sheets[sheetKey{j.Account.ID, t.ID}].scores(b.Criteria); len(scores) > 0 {
				e.Visits = append(e.Visits, ranking.Visit{Juror: juror.ID, Project: t.ID, Scores: scores})
			}
		}
	}
	e.Comparisons = b.compared()
	slices.SortFunc(e.Projects, func(a, b ranking.Project) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(e.Jurors, func(a, b ranking.Juror) int { return strings.Compare(a.ID, b.ID) })
	slices.SortFunc(e.Conflicts, func(a, b ranking.Conflict) int {
		return cmp.Or(strings.Compare(a.Juror, b.Juror), strings.Compare(a.Project, b.Project))
	})
	slices.SortFunc(e.Visits, func(a, b ranking.Visit) int {
		return cmp.Or(strings.Compare(a.Juror, b.Juror), strings.Compare(a.Project, b.Project))
	})
	return e
}

// compared are the comparisons that count, by juror and as they were given.
func (b Board) compared() []ranking.Comparison {
	said, teams := map[account.ID][]Comparison{}, map[string]bool{}
	for _, c := range b.comparisons {
		said[c.Juror] = append(said[c.Juror], c)
	}
	for _, t := range b.Teams {
		teams[t.ID] = true
	}
	var all []ranking.Comparison
	for _, row := range b.Rows {
		who := row.Juror.Account.ID
		if row.Juror.Presence == Excluded {
			continue
		}
		may := func(team string) bool {
			_, recused := b.conflict(who, team)
			return teams[team] && !recused
		}
		for i, c := range standing(said[who]) {
			if may(c.Better) && may(c.Worse) {
				all = append(all, ranking.Comparison{Juror: string(who), Winner: c.Better, Loser: c.Worse, Seq: i})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b ranking.Comparison) int { return strings.Compare(a.Juror, b.Juror) })
	return all
}

func (s Sheet) scores(criteria []Criterion) map[string]float64 {
	scores := map[string]float64{}
	for _, c := range criteria {
		if m, there := s[c.ID]; there && m.Kind == Scored {
			scores[c.ID] = float64(m.Value)
		}
	}
	return scores
}

func fingerprint(e ranking.Event) (string, error) {
	text, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("writing the marks: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

func (b Board) standings(result ranking.Result) []Standing {
	all, teams := make([]Standing, len(result.Projects)), map[string]TeamRef{}
	for _, t := range b.Teams {
		teams[t.ID] = t
	}
	for i, p := range result.Projects {
		all[i] = Standing{Team: teams[p.Project], Rank: p.Rank, RankLo: p.RankLo, RankHi: p.RankHi, Score: p.Score, SD: p.SD,
			PBest: p.PBest, PTop3: p.PTop3, Raw: p.Raw, Visits: p.Visits, Tier: p.Tier, Why: p.Reasons}
	}
	return all
}

func (b Board) views(result ranking.Result) []JurorView {
	var all []JurorView
	for _, row := range b.Rows {
		i := slices.IndexFunc(result.Jurors, func(r ranking.JurorReport) bool { return r.Juror == string(row.Juror.Account.ID) })
		if i < 0 {
			continue
		}
		r := result.Jurors[i]
		all = append(all, JurorView{Juror: row.Juror, Severity: r.Severity, Visits: r.Visits, Without: r.Without, Moves: r.Influence, Check: r.Flag == ranking.Check})
	}
	return all
}

// Sealed refuses who may not see the ranking: jurors before the deliberation.
func (s *Service) Sealed(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) error {
	if err := s.editions.Require(ctx, q, actor, id, edition.Organiser); err == nil || !errs.Is(err, errs.Forbidden) {
		return err
	}
	if err := s.editions.Require(ctx, q, actor, id, edition.Juror); err != nil {
		return err
	}
	r, err := s.Round(ctx, q, id)
	if err == nil && r.Deliberation.IsZero() {
		return ErrSealed
	}
	return err
}
