package award

import (
	"context"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
)

func (p *pages) mountVoteAPI(d *door.Door) {
	organisers, jury := door.Only(edition.Organiser), door.Only(edition.Juror)
	d.API("POST", "/api/v1/e/{edition}/deliberation/votes", jury, "Put a question to the jury", door.Op(p.apiAsk))
	d.API("POST", "/api/v1/e/{edition}/deliberation/votes/{vote}/ballots", door.Exactly(edition.Juror), "Cast one's ballot", door.Op(p.apiCast))
	d.API("POST", "/api/v1/e/{edition}/deliberation/votes/{vote}/close", jury, "Close a vote and count it", door.Op(p.apiCloseVote))
	d.API("POST", "/api/v1/e/{edition}/prizes/{prize}/parts", jury, "Split a prize while the jury deliberates", door.Op(p.apiSplit))
	d.API("PUT", "/api/v1/e/{edition}/ceremony", organisers, "Take the ceremony a step on, or back", door.Op(p.apiReveal))
}

type optionOut struct {
	Place int    `json:"place"` // 0 is to abstain
	Label string `json:"label"`
	Team  string `json:"team,omitempty"`
	Tally int    `json:"tally"` // 0 while the vote runs
}

type voteOut struct {
	ID       string      `json:"id"`
	Question string      `json:"question"`
	Secret   bool        `json:"secret"`
	Running  bool        `json:"running"`
	Voted    int         `json:"voted"`
	Entitled int         `json:"entitled"` // 0 while the vote runs
	Options  []optionOut `json:"options"`
	Result   string      `json:"result,omitempty"` // in words
}

func outVote(v *door.Visit, vote Vote) voteOut {
	out := voteOut{ID: string(vote.ID), Question: vote.Question, Secret: vote.Secret, Running: vote.Running(), Voted: len(vote.Voters), Entitled: vote.Entitled}
	for _, o := range vote.Options {
		out.Options = append(out.Options, optionOut{o.Place, o.answer(v.L), o.Team, o.Tally})
	}
	if !vote.Running() {
		out.Result = vote.result(v.L)
	}
	return out
}

type askIn struct {
	Question string   `json:"question"`
	Secret   bool     `json:"secret"`
	Teams    []string `json:"teams"`
	Answers  []string `json:"answers"`
}

func (p *pages) apiAsk(ctx context.Context, v *door.Visit, in *askIn) (*deliberationOut, error) {
	if _, err := p.award.OpenVote(ctx, v.Actor, v.Edition.ID, Question{Text: in.Question, Secret: in.Secret, Teams: in.Teams, Answers: in.Answers}); err != nil {
		return nil, err
	}
	return p.apiDeliberation(ctx, v, nil)
}

type castIn struct {
	Vote  string `path:"vote" json:"-"`
	Place *int   `json:"place"`
}

func (p *pages) apiCast(ctx context.Context, v *door.Visit, in *castIn) (*deliberationOut, error) {
	if in.Place == nil {
		return nil, errs.Fields{{Name: "place", Key: "error.required"}}
	}
	if err := p.award.Cast(ctx, v.Actor, v.Edition.ID, VoteID(in.Vote), *in.Place); err != nil {
		return nil, err
	}
	return p.apiDeliberation(ctx, v, nil)
}

type voteIn struct {
	Vote string `path:"vote" json:"-"`
}

func (p *pages) apiCloseVote(ctx context.Context, v *door.Visit, in *voteIn) (*deliberationOut, error) {
	if err := p.award.CloseVote(ctx, v.Actor, v.Edition.ID, VoteID(in.Vote)); err != nil {
		return nil, err
	}
	return p.apiDeliberation(ctx, v, nil)
}

type partIn struct {
	Title string `json:"title"`
	Cents int64  `json:"cents"`
}

type splitIn struct {
	Prize  string   `path:"prize" json:"-"`
	Parts  []partIn `json:"parts"`
	Reason string   `json:"reason"`
}

func (p *pages) apiSplit(ctx context.Context, v *door.Visit, in *splitIn) (*prizesOut, error) {
	var parts []Part
	for _, part := range in.Parts {
		parts = append(parts, Part(part))
	}
	if _, err := p.award.Split(ctx, v.Actor, v.Edition.ID, PrizeID(in.Prize), parts, in.Reason); err != nil {
		return nil, err
	}
	return p.apiPrizes(ctx, v, nil)
}

type revealIn struct {
	At   int  `json:"at"` // the step at which the caller saw the stage, from 0
	Back bool `json:"back"`
}

type stageOut struct {
	Step  int `json:"step"`
	Steps int `json:"steps"`
}

func (p *pages) apiReveal(ctx context.Context, v *door.Visit, in *revealIn) (*stageOut, error) {
	if err := p.award.Reveal(ctx, v.Actor, v.Edition.ID, in.At, in.Back); err != nil {
		return nil, err
	}
	stage, err := p.award.Stage(ctx, p.award.db, v.Edition.ID)
	return &stageOut{stage.Beat, 2 * stage.All}, err
}
