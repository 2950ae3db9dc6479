package api

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/format"
	"h48/internal/jury/rulebook"
)

func (p *pages) roundOperations(d *door.Door) {
	lead := door.Only(edition.Organiser)
	d.API("GET", "/api/v1/e/{edition}/jury/format", lead, "What the jury can hear in its time, and how often the best would win", door.Op(p.apiFormat))
	d.API("GET", "/api/v1/e/{edition}/jury/round", door.Members(), "How the present round is judged", door.Op(p.apiRound))
	d.API("PUT", "/api/v1/e/{edition}/jury/round", lead, "Say how the present round is judged, before the first mark", door.Op(p.apiSetUp))
	d.API("GET", "/api/v1/e/{edition}/jury/rules", door.Anyone(), "How the jury judges: criteria, ladder of ties, and what was changed after the first mark", door.Op(p.apiRules))
	d.API("PUT", "/api/v1/e/{edition}/jury/ladder", lead, "Write by which steps a tie ends; after the first mark for a reason", door.Op(p.apiSetLadder))
	d.API("POST", "/api/v1/e/{edition}/jury/final", lead, "Open a final among the best of the closed round", door.Op(p.apiFinal))
}

type formatIn struct {
	Edition string `path:"edition" json:"-"`
	Teams   int    `query:"teams" json:"-"`
	Jurors  int    `query:"jurors" json:"-"`
	Minutes int    `query:"minutes" json:"-"`
	Window  int    `query:"window" json:"-"`
}

type optionJSON struct {
	Form      format.Form `json:"form"`
	Way       jury.Way    `json:"way"`
	Each      int         `json:"visits_each"`
	Load      int         `json:"visits_a_juror"`
	Floor     int         `json:"floor"`
	Duration  int         `json:"minutes"`
	Fits      bool        `json:"fits"`
	Finalists int         `json:"finalists,omitempty"`
	// ChanceLow and ChanceHigh are absent where nothing like it was measured.
	ChanceLow  *float64 `json:"chance_low,omitempty"`
	ChanceHigh *float64 `json:"chance_high,omitempty"`
}

type changeJSON struct {
	Jurors  int        `json:"more_jurors,omitempty"`
	Minutes int        `json:"more_minutes,omitempty"`
	Option  optionJSON `json:"then"`
}

type formatOut struct {
	Teams       int           `json:"teams"`
	Jurors      int           `json:"jurors"`
	Minutes     int           `json:"minutes"`
	Window      int           `json:"window"`
	Recommended *optionJSON   `json:"recommended"`
	Why         format.Reason `json:"why"`
	Options     []optionJSON  `json:"options"`
	Changes     []changeJSON  `json:"changes"`
}

func optionOut(o format.Option) optionJSON {
	out := optionJSON{Form: o.Form, Way: jury.Way(o.Way), Each: o.Each, Load: o.Load, Floor: o.Floor, Duration: o.Duration, Fits: o.Fits, Finalists: o.Finalists}
	if o.Known {
		r := o.Chance.Rounded(0.05)
		out.ChanceLow, out.ChanceHigh = &r.Low, &r.High
	}
	return out
}

func (p *pages) apiFormat(ctx context.Context, v *door.Visit, in *formatIn) (*formatOut, error) {
	q, err := rulebook.Expected(ctx, p.Service, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	for _, n := range []struct {
		to   *int
		said int
	}{{&q.Teams, in.Teams}, {&q.Jurors, in.Jurors}, {&q.Minutes, in.Minutes}, {&q.Window, in.Window}} {
		if n.said != 0 {
			*n.to = n.said
		}
	}
	if err := rulebook.CheckQuestion(q); err != nil {
		return nil, err
	}
	a, err := rulebook.Calculate(q)
	if err != nil {
		return nil, err
	}
	out := &formatOut{Teams: q.Teams, Jurors: q.Jurors, Minutes: q.Minutes, Window: q.Window, Why: a.Why, Options: []optionJSON{}, Changes: []changeJSON{}}
	for i, o := range a.Options {
		out.Options = append(out.Options, optionOut(o))
		if i == a.Best {
			best := optionOut(o)
			out.Recommended = &best
		}
	}
	for _, c := range a.Changes {
		out.Changes = append(out.Changes, changeJSON{Jurors: c.Jurors, Minutes: c.Minutes, Option: optionOut(c.Option)})
	}
	return out, nil
}

type setupJSON struct {
	Format       jury.Format `json:"format"`
	Way          jury.Way    `json:"way"`
	Floor        int         `json:"floor"`
	Minutes      int         `json:"minutes"`
	Window       int         `json:"window"`
	Finalists    int         `json:"finalists"`
	FinalMinutes int         `json:"final_minutes"`
}

type roundOut struct {
	Number int        `json:"number"`
	Setup  setupJSON  `json:"setup"`
	Frozen bool       `json:"frozen"`
	Closed *time.Time `json:"closed_at"`
	// FinalOf is the round whose best are in this one, and Teams who they are.
	FinalOf int      `json:"final_of,omitempty"`
	Teams   []string `json:"teams,omitempty"`
}

func (p *pages) apiRound(ctx context.Context, v *door.Visit, _ *none) (*roundOut, error) {
	r, err := p.Round(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &roundOut{Number: r.Number, Setup: setupJSON(r.Setup), FinalOf: r.Of, Teams: r.Teams}
	if !r.Open() {
		out.Closed = &r.Closed
	}
	out.Frozen, err = p.Frozen(ctx, p.db, v.Edition.ID)
	return out, err
}

type setupIn struct {
	Edition string    `path:"edition" json:"-"`
	Setup   setupJSON `json:"setup"`
	Reason  string    `json:"reason"` // needed after the first mark
}

func (p *pages) apiSetUp(ctx context.Context, v *door.Visit, in *setupIn) (*roundOut, error) {
	if err := p.SetUp(ctx, v.Actor, v.Edition.ID, jury.Setup(in.Setup), in.Reason); err != nil {
		return nil, err
	}
	return p.apiRound(ctx, v, &none{})
}

func (p *pages) apiFinal(ctx context.Context, v *door.Visit, _ *none) (*roundOut, error) {
	if err := p.OpenFinal(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	return p.apiRound(ctx, v, &none{})
}

type stepJSON struct {
	Kind jury.StepKind `json:"kind"`
	Name string        `json:"name,omitempty"`
}

type amendmentJSON struct {
	Round  int       `json:"round"`
	What   string    `json:"what"`
	Reason string    `json:"reason"`
	Before string    `json:"before"`
	After  string    `json:"after"`
	At     time.Time `json:"at"`
}

type rulesOut struct {
	Round      int             `json:"round"`
	Setup      setupJSON       `json:"setup"`
	Criteria   []criterionJSON `json:"criteria"`
	Ladder     []stepJSON      `json:"ladder"`
	Frozen     bool            `json:"frozen"`
	Amendments []amendmentJSON `json:"amendments"`
}

func (p *pages) apiRules(ctx context.Context, v *door.Visit, _ *none) (*rulesOut, error) {
	r, err := p.Rules(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &rulesOut{Round: r.Round.Number, Setup: setupJSON(r.Round.Setup), Frozen: r.Frozen, Criteria: []criterionJSON{}, Amendments: []amendmentJSON{}}
	for _, c := range r.Criteria {
		out.Criteria = append(out.Criteria, criterionJSON(c))
	}
	for _, step := range r.Round.Ladder {
		out.Ladder = append(out.Ladder, stepJSON(step))
	}
	for _, a := range r.Amendments {
		out.Amendments = append(out.Amendments, amendmentJSON{Round: a.Round, What: a.What, Reason: a.Reason, Before: a.Before, After: a.After, At: a.Made})
	}
	return out, nil
}

type ladderIn struct {
	Edition string     `path:"edition" json:"-"`
	Ladder  []stepJSON `json:"ladder"`
	Reason  string     `json:"reason"` // needed after the first mark
}

func (p *pages) apiSetLadder(ctx context.Context, v *door.Visit, in *ladderIn) (*rulesOut, error) {
	var l jury.Ladder
	for _, step := range in.Ladder {
		l = append(l, jury.Step(step))
	}
	if err := p.SetLadder(ctx, v.Actor, v.Edition.ID, l, in.Reason); err != nil {
		return nil, err
	}
	return p.apiRules(ctx, v, &none{})
}
