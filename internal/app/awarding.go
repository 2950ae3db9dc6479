package app

import (
	"context"
	"math"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/link"
	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
)

// What the deliberation and the awards ask of other rooms.

// scoring gives the deliberation the jury's ranking.
type scoring struct{ jury *jury.Service }

// Close implements award.Scoring.
func (s scoring) Close(ctx context.Context, actor account.Actor, e edition.ID) error {
	err := s.jury.Close(ctx, actor, e)
	if errs.Is(err, errs.Conflict) { // it is closed already
		err = nil
	}
	if err == nil {
		err = s.jury.Deliberate(ctx, actor, e)
	}
	if errs.Is(err, errs.Conflict) {
		return nil
	}
	return err
}

// Ranking implements award.Scoring.
func (s scoring) Ranking(ctx context.Context, q sqldb.Querier, e edition.ID) (award.Ranking, error) {
	r, err := s.jury.Ranking(ctx, q, e)
	return rankingOf(r), err
}

// Own implements award.Scoring: a prize with a panel has its own ranking, every other one
// follows the common one.
func (s scoring) Own(ctx context.Context, q sqldb.Querier, e edition.ID, prize award.PrizeID) (award.Ranking, bool, error) {
	apart, err := s.jury.Apart(ctx, q, e, string(prize))
	if err != nil || !apart {
		return award.Ranking{}, false, err
	}
	r, err := s.jury.RankingFor(ctx, q, e, string(prize))
	return rankingOf(r), err == nil, err
}

// rankingOf is the jury's ranking as the deliberation reads it.
func rankingOf(r jury.Ranking) award.Ranking {
	out := award.Ranking{Fingerprint: r.Fingerprint, Sheets: r.Sheets, Expected: r.Expected}
	for _, step := range r.Round.Ladder {
		out.Ladder = append(out.Ladder, award.Step{Kind: string(step.Kind), Name: step.Name})
	}
	for _, one := range r.Standings {
		raw := one.Raw
		if math.IsNaN(raw) { // nobody has seen it
			raw = 0
		}
		out.Standings = append(out.Standings, award.Standing{Team: one.Team.ID, Name: one.Team.Name, Title: one.Team.Title, Rank: one.Rank,
			Score: one.Score, Low: one.RankLo, High: one.RankHi, PBest: one.PBest, Raw: raw, Tier: one.Tier, Tie: award.Tie(one.Tie), Sheets: one.Visits})
	}
	for _, j := range r.Jurors {
		out.Jurors = append(out.Jurors, award.Influence{Account: j.Juror.Account.ID, Name: j.Juror.Account.Name, Sheets: j.Visits,
			Severity: j.Severity, Without: j.Without, Check: j.Check})
	}
	for _, c := range r.Criteria {
		out.Criteria = append(out.Criteria, award.Criterion{Name: c.Name, Weight: c.Weight})
	}
	return out
}

// Recused implements award.Scoring.
func (s scoring) Recused(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID][]string, error) {
	all, err := s.jury.Conflicts(ctx, q, e)
	recused := map[account.ID][]string{}
	for _, c := range all {
		if c.Lifted.IsZero() {
			recused[c.Juror] = append(recused[c.Juror], c.Team)
		}
	}
	return recused, err
}

// Amended implements award.Scoring.
func (s scoring) Amended(ctx context.Context, q sqldb.Querier, e edition.ID) ([]award.Amended, error) {
	all, err := s.jury.Amendments(ctx, q, e)
	out := make([]award.Amended, len(all))
	for i, a := range all {
		out[i] = award.Amended{At: a.Made, Reason: a.Reason, Before: a.Before, After: a.After,
			Say: func(l i18n.Locale) (string, []string, []string) { return a.Title(l), a.Was(l), a.Is(l) }}
	}
	return out, err
}

// codes know whose code a juror signs with.
type codes struct{ links *link.Service }

// Whose implements award.Codes.
func (c codes) Whose(ctx context.Context, e edition.ID, code string) (account.ID, error) {
	return c.links.Whose(ctx, e, code)
}

// curtain opens, with the results, what waits for them: the projects that were handed in.
type curtain struct{ projects *project.Service }

// OpenTx implements award.Curtain.
func (c curtain) OpenTx(ctx context.Context, tx *sqldb.Tx, e edition.ID) error {
	return c.projects.PublishTx(ctx, tx, account.Program, e)
}

// laureates tells the deliberation who competes, with the people of each team.
type laureates struct {
	teams
	accounts *account.Service
}

// Competing implements award.Teams.
func (l laureates) Competing(ctx context.Context, q sqldb.Querier, e edition.ID) ([]award.TeamRef, error) {
	all, err := l.competing(ctx, q, e)
	if err != nil {
		return nil, err
	}
	var members []account.ID
	for _, one := range all {
		members = append(members, one.Members...)
	}
	people, err := l.accounts.Of(ctx, q, members)
	if err != nil {
		return nil, err
	}
	refs := make([]award.TeamRef, len(all))
	for i, one := range all {
		refs[i] = award.TeamRef{ID: one.ID, Name: one.Name, Title: one.Title, Pitch: one.Pitch}
		for _, id := range one.Members {
			refs[i].Members = append(refs[i].Members, award.Member{Account: id, Name: people[id].Name})
		}
	}
	return refs, nil
}
