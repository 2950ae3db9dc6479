// Package api is what programs call of the jury: its rounds, rules, panels, marks and
// ranking as JSON. It decides nothing: every operation is a use case of the room.
package api

import (
	"context"
	"math"

	"h48/engine/ranking"
	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
)

// pages answers programs.
type pages struct {
	*jury.Service
	db sqldb.Querier
}

// Routes registers the operations.
func Routes(d *door.Door, s *jury.Service, db sqldb.Querier) {
	p := &pages{s, db}
	lead, juror := door.Only(edition.Organiser), door.Exactly(edition.Juror)
	d.API("GET", "/api/v1/e/{edition}/jury/criteria", door.Members(), "The rubric of the present round", door.Op(p.apiCriteria))
	d.API("PUT", "/api/v1/e/{edition}/jury/criteria", lead, "Set the rubric; after the first mark only its words and weights, for a reason", door.Op(p.apiSetCriteria))
	p.roundOperations(d)
	p.panelOperations(d)
	d.API("PUT", "/api/v1/e/{edition}/jury/teams/{team}/marks", juror, "Give one's own marks to a team", door.Op(p.apiScore))
	d.API("GET", "/api/v1/e/{edition}/jury/teams/{team}/marks", juror, "Read one's own marks of a team", door.Op(p.apiMySheet))
	d.API("GET", "/api/v1/e/{edition}/jury/coverage", lead, "Who has scored what", door.Op(p.apiCoverage))
	d.API("GET", "/api/v1/e/{edition}/jury/ranking", door.Only(edition.Juror), "The ranking, once its reader may see it", door.Op(p.apiRanking))
	d.API("GET", "/api/v1/e/{edition}/jury/event", lead, "The marks that count, to recompute the ranking", door.Op(p.apiEvent))
}

type none struct {
	Edition string `path:"edition" json:"-"`
}

type criterionJSON struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name"`
	Description string `json:"description"`
	// Levels says what each level means, the least first.
	Levels []string `json:"levels,omitempty"`
	Min    int      `json:"min"`
	Max    int      `json:"max"`
	Weight int      `json:"weight"`
	Prize  string   `json:"prize,omitempty"` // of a bonus criterion
}

type rubricOut struct {
	Frozen   bool            `json:"frozen"`
	Criteria []criterionJSON `json:"criteria"`
}

func (p *pages) apiCriteria(ctx context.Context, v *door.Visit, _ *none) (*rubricOut, error) {
	criteria, err := p.Criteria(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &rubricOut{Criteria: []criterionJSON{}}
	for _, c := range criteria {
		out.Criteria = append(out.Criteria, criterionJSON(c))
	}
	out.Frozen, err = p.Frozen(ctx, p.db, v.Edition.ID)
	return out, err
}

type rubricIn struct {
	Edition  string          `path:"edition" json:"-"`
	Criteria []criterionJSON `json:"criteria"`
	Reason   string          `json:"reason"` // needed after the first mark
}

func (p *pages) apiSetCriteria(ctx context.Context, v *door.Visit, in *rubricIn) (*rubricOut, error) {
	var all []jury.Criterion
	for _, c := range in.Criteria {
		all = append(all, jury.Criterion(c))
	}
	if err := p.AmendCriteria(ctx, v.Actor, v.Edition.ID, all, in.Reason); err != nil {
		return nil, err
	}
	return p.apiCriteria(ctx, v, &none{})
}

type answerJSON struct {
	Criterion string `json:"criterion"`
	// Value is null where the criterion could not be observed.
	Value *int `json:"value"`
}

type marksIn struct {
	Edition string       `path:"edition" json:"-"`
	Team    string       `path:"team" json:"-"`
	Marks   []answerJSON `json:"marks"`
	Note    *string      `json:"note"`
	// Word is for the team to read afterwards; Named lets it know whose word it is.
	Word  *string `json:"word"`
	Named bool    `json:"named"`
	// ActionID makes sure that a sheet sent twice counts once; ActedAt is when it was
	// given, as RFC 3339.
	ActionID string `json:"action_id"`
	ActedAt  string `json:"acted_at"`
}

type marksOut struct {
	Marks []answerJSON `json:"marks"`
	Note  string       `json:"note"`
}

func (p *pages) apiScore(ctx context.Context, v *door.Visit, in *marksIn) (*marksOut, error) {
	answers := jury.Answers{Marks: map[string]jury.Answer{}, Note: in.Note}
	for _, m := range in.Marks {
		answers.Marks[m.Criterion] = jury.Answer{Kind: jury.NotObserved}
		if m.Value != nil {
			answers.Marks[m.Criterion] = jury.Answer{Kind: jury.Scored, Value: *m.Value}
		}
	}
	a, err := door.ActionOf(v, in.ActionID, in.ActedAt)
	if err != nil {
		return nil, err
	}
	if in.Word != nil {
		answers.Word = &jury.Word{Text: *in.Word, Named: in.Named}
	}
	if err := p.Score(ctx, v.Actor, v.Edition.ID, in.Team, answers, a); err != nil {
		return nil, err
	}
	return p.apiMySheet(ctx, v, &teamIn{Team: in.Team})
}

type teamIn struct {
	Edition string `path:"edition" json:"-"`
	Team    string `path:"team" json:"-"`
}

func (p *pages) apiMySheet(ctx context.Context, v *door.Visit, in *teamIn) (*marksOut, error) {
	sheet, note, err := p.MySheet(ctx, p.db, v.Actor, v.Edition.ID, in.Team)
	if err != nil {
		return nil, err
	}
	criteria, err := p.Criteria(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &marksOut{Marks: []answerJSON{}, Note: note}
	for _, c := range criteria {
		m, there := sheet[c.ID]
		if !there {
			continue
		}
		answer := answerJSON{Criterion: c.ID}
		if m.Kind == jury.Scored {
			answer.Value = &m.Value
		}
		out.Marks = append(out.Marks, answer)
	}
	return out, nil
}

type coverageOut struct {
	Done     int           `json:"done"`
	Expected int           `json:"expected"`
	Rows     []coverageRow `json:"rows"`
}

type coverageRow struct {
	Juror  account.ID                `json:"juror"`
	Name   string                    `json:"name"`
	Silent bool                      `json:"silent"`
	Teams  map[string]jury.CellState `json:"teams"`
}

func (p *pages) apiCoverage(ctx context.Context, v *door.Visit, _ *none) (*coverageOut, error) {
	b, err := p.Board(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &coverageOut{Done: b.Done, Expected: b.Expected, Rows: []coverageRow{}}
	for _, row := range b.Rows {
		line := coverageRow{Juror: row.Juror.Account.ID, Name: row.Juror.Account.Name, Silent: row.Silent, Teams: map[string]jury.CellState{}}
		for i, t := range b.Teams {
			line.Teams[t.ID] = row.Cells[i].State
		}
		out.Rows = append(out.Rows, line)
	}
	return out, nil
}

type standingOut struct {
	Team   string   `json:"team"`
	Name   string   `json:"name"`
	Rank   int      `json:"rank"`
	RankLo int      `json:"rank_lo"`
	RankHi int      `json:"rank_hi"`
	Score  float64  `json:"score"`
	PBest  float64  `json:"p_best"`
	Raw    *float64 `json:"raw_mean"`
	Visits int      `json:"visits"`
	Tier   int      `json:"tier"`
	Tie    jury.Tie `json:"tie,omitempty"`
}

type rankingOut struct {
	Round       int           `json:"round"`
	Fingerprint string        `json:"fingerprint"`
	Standings   []standingOut `json:"standings"`
}

func (p *pages) apiRanking(ctx context.Context, v *door.Visit, _ *none) (*rankingOut, error) {
	if err := p.Sealed(ctx, p.db, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	r, err := p.Ranking(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &rankingOut{Round: r.Round.Number, Fingerprint: r.Fingerprint, Standings: []standingOut{}}
	for _, s := range r.Standings {
		line := standingOut{Team: s.Team.ID, Name: s.Team.Name, Rank: s.Rank, RankLo: s.RankLo, RankHi: s.RankHi, Score: s.Score,
			PBest: s.PBest, Visits: s.Visits, Tier: s.Tier, Tie: s.Tie}
		if !math.IsNaN(s.Raw) {
			line.Raw = &s.Raw
		}
		out.Standings = append(out.Standings, line)
	}
	return out, nil
}

func (p *pages) apiEvent(ctx context.Context, v *door.Visit, _ *none) (*ranking.Event, error) {
	e, err := p.Event(ctx, p.db, v.Edition.ID)
	return &e, err
}
