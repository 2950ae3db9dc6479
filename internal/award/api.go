package award

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
)

func (p *pages) mountAPI(d *door.Door) {
	organisers, jury := door.Only(edition.Organiser), door.Only(edition.Juror)
	d.API("GET", "/api/v1/e/{edition}/prizes", organisers, "The prizes and what became of them", door.Op(p.apiPrizes))
	d.API("POST", "/api/v1/e/{edition}/prizes", jury, "Add a prize; in the deliberation, one that was not planned", door.Op(p.apiAdd))
	d.API("POST", "/api/v1/e/{edition}/prizes/{prize}/states", organisers, "Say that a prize is paid, dropped or taken up again", door.Op(p.apiTurn))
	d.API("GET", "/api/v1/e/{edition}/deliberation", jury, "How far the deliberation is, and the ranking", door.Op(p.apiDeliberation))
	d.API("POST", "/api/v1/e/{edition}/deliberation", organisers, "Close the scoring and open the deliberation", door.Op(p.apiOpen))
	d.API("PUT", "/api/v1/e/{edition}/deliberation/decision", jury, "Give the prizes to teams; another order than the ranking's needs a reason", door.Op(p.apiDecide))
	d.API("GET", "/api/v1/e/{edition}/deliberation/favourites", jury, "What the public chose in its votes that were checked", door.Op(p.apiFavourites))
	d.API("POST", "/api/v1/e/{edition}/deliberation/favourites", jury, "Add the public's prize for one of its favourites", door.Op(p.apiCrown))
	d.API("POST", "/api/v1/e/{edition}/deliberation/close", jury, "Close the deliberation: the prizes are awarded", door.Op(p.apiClose))
	d.API("PUT", "/api/v1/e/{edition}/results", organisers, "Set the minute at which the results open", door.Op(p.apiResultsAt))
	d.API("GET", "/api/v1/e/{edition}/results", door.Anyone(), "The results, once they are public", door.Op(p.apiResults))
}

type prizeOut struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Text      string `json:"text,omitempty"`
	Cents     int64  `json:"cents"`
	Unplanned bool   `json:"unplanned"`
	Reason    string `json:"reason,omitempty"`
	State     string `json:"state"`
	Team      string `json:"team,omitempty"`
}

type prizesOut struct {
	Prizes []prizeOut `json:"prizes"`
}

func outPrize(p Prize) prizeOut {
	return prizeOut{ID: string(p.ID), Title: p.Title, Text: p.Text, Cents: p.Cents, Unplanned: p.Unplanned, Reason: p.Reason,
		State: string(p.State), Team: p.Team}
}

func (p *pages) apiPrizes(ctx context.Context, v *door.Visit, _ *struct{}) (*prizesOut, error) {
	prizes, err := p.award.Prizes(ctx, p.award.db, v.Edition.ID)
	out := &prizesOut{Prizes: []prizeOut{}}
	for _, one := range prizes {
		out.Prizes = append(out.Prizes, outPrize(one))
	}
	return out, err
}

type addIn struct {
	Title  string `json:"title"`
	Text   string `json:"text"`
	Cents  int64  `json:"cents"`
	Reason string `json:"reason"`
}

func (p *pages) apiAdd(ctx context.Context, v *door.Visit, in *addIn) (*prizeOut, error) {
	prize, err := p.award.AddPrize(ctx, v.Actor, v.Edition.ID, Prize{Title: in.Title, Text: in.Text, Cents: in.Cents, Reason: in.Reason})
	if err != nil {
		return nil, err
	}
	out := outPrize(prize)
	return &out, nil
}

type turnIn struct {
	Prize  string `path:"prize" json:"-"`
	State  string `json:"state"`
	Reason string `json:"reason"`
}

func (p *pages) apiTurn(ctx context.Context, v *door.Visit, in *turnIn) (*prizesOut, error) {
	if err := p.award.Turn(ctx, v.Actor, v.Edition.ID, PrizeID(in.Prize), PrizeState(in.State), in.Reason); err != nil {
		return nil, err
	}
	return p.apiPrizes(ctx, v, nil)
}

type deliberationOut struct {
	State   string     `json:"state"`
	Reason  string     `json:"reason,omitempty"`
	Decider string     `json:"decider,omitempty"`
	Differs bool       `json:"differs"`
	Ranking []Standing `json:"ranking"`
	Verdict []string   `json:"verdict"` // the ranking in words
	Votes   []voteOut  `json:"votes"`
	Prizes  []prizeOut `json:"prizes"`
}

func (p *pages) apiDeliberation(ctx context.Context, v *door.Visit, _ *struct{}) (*deliberationOut, error) {
	m, err := p.award.Minutes(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &deliberationOut{State: string(m.Deliberation.State), Reason: m.Deliberation.Reason, Decider: m.Deliberation.Decider,
		Differs: m.Differs, Ranking: append([]Standing{}, m.Basis.Standings...), Votes: []voteOut{}, Prizes: []prizeOut{}}
	out.Verdict = append(m.Basis.verdict(v.L), m.Basis.besides(v.L, v.Is(edition.Organiser))...)
	for _, vote := range m.Votes {
		out.Votes = append(out.Votes, outVote(v, vote))
	}
	for _, prize := range m.Prizes {
		out.Prizes = append(out.Prizes, outPrize(prize))
	}
	return out, nil
}

func (p *pages) apiOpen(ctx context.Context, v *door.Visit, _ *struct{}) (*deliberationOut, error) {
	if err := p.award.OpenDeliberation(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	return p.apiDeliberation(ctx, v, nil)
}

type decideIn struct {
	// Teams maps a prize's id to a team's; a prize that is not there is not awarded.
	Teams         map[string]string `json:"teams"`
	Reason        string            `json:"reason"`
	Decider       string            `json:"decider"`
	DeciderReason string            `json:"decider_reason"`
}

func (p *pages) apiDecide(ctx context.Context, v *door.Visit, in *decideIn) (*deliberationOut, error) {
	decision := Decision{Choice: Choice{}, Reason: in.Reason, Decider: in.Decider, DeciderReason: in.DeciderReason}
	for prize, team := range in.Teams {
		decision.Choice[PrizeID(prize)] = team
	}
	if err := p.award.Decide(ctx, v.Actor, v.Edition.ID, decision); err != nil {
		return nil, err
	}
	return p.apiDeliberation(ctx, v, nil)
}

func (p *pages) apiClose(ctx context.Context, v *door.Visit, _ *struct{}) (*deliberationOut, error) {
	if err := p.award.Close(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	return p.apiDeliberation(ctx, v, nil)
}

type resultsAtIn struct {
	At string `json:"at"` // RFC 3339
}

func (p *pages) apiResultsAt(ctx context.Context, v *door.Visit, in *resultsAtIn) (*resultsOut, error) {
	at, err := time.Parse(time.RFC3339, in.At)
	if err != nil {
		return nil, errs.Fields{{Name: "at", Key: "error.required"}}
	}
	if err := p.award.SetResultsAt(ctx, v.Actor, v.Edition.ID, at); err != nil {
		return nil, err
	}
	return &resultsOut{At: at.Format(time.RFC3339), Laureates: []laureateOut{}}, nil
}

type laureateOut struct {
	Prize   string `json:"prize"`
	Cents   int64  `json:"cents"`
	Team    string `json:"team"`
	Project string `json:"project"`
}

type resultsOut struct {
	Public    bool          `json:"public"`
	At        string        `json:"at,omitempty"`
	Laureates []laureateOut `json:"laureates"`
}

func (p *pages) apiResults(ctx context.Context, v *door.Visit, _ *struct{}) (*resultsOut, error) {
	r, err := p.award.Results(ctx, p.award.db, v.Edition, v.Now)
	if err != nil {
		return nil, err
	}
	out := &resultsOut{Public: r.Public, Laureates: []laureateOut{}}
	if !r.At.IsZero() {
		out.At = r.At.In(v.Edition.Zone).Format(time.RFC3339)
	}
	for _, l := range r.Laureates {
		out.Laureates = append(out.Laureates, laureateOut{l.Prize.Title, l.Prize.Cents, l.Team.Name, l.Team.Title})
	}
	return out, nil
}
