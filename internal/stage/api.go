package stage

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
)

func (p *pages) operations(d *door.Door) {
	d.API("GET", "/api/v1/e/{edition}/pitches", door.Anyone(), "The order of the pitches and who is on the stage", door.Op(p.apiOrder))
	d.API("GET", "/api/v1/e/{edition}/pitches/draw", door.Anyone(), "The draw, to recompute it", door.Op(p.apiDrawOf))
	d.API("POST", "/api/v1/e/{edition}/pitches/promise", door.Only(edition.Organiser), "Publish the fingerprint of a secret before the draw", door.Op(p.apiPromise))
	d.API("POST", "/api/v1/e/{edition}/pitches/draw", door.Only(edition.Organiser), "Draw the order", door.Op(p.apiDraw))
	d.API("POST", "/api/v1/e/{edition}/pitches/{team}/start", door.Only(edition.Crew), "Start a team's time", door.Op(p.apiStart))
	d.API("POST", "/api/v1/e/{edition}/pitches/{team}/stop", door.Only(edition.Crew), "Stop a team's time", door.Op(p.apiStop))
}

type none struct {
	Edition string `path:"edition" json:"-"`
}

type pitchOut struct {
	Team       string     `json:"team"`
	Name       string     `json:"name"`
	Position   int        `json:"position"`
	State      State      `json:"state"`
	Allotted   int        `json:"allotted_seconds"`
	Spent      int        `json:"spent_seconds"`
	StartedAt  *time.Time `json:"started_at,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
	ExpectedAt *time.Time `json:"expected_at,omitempty"`
}

type orderOut struct {
	Pitches []pitchOut `json:"pitches"`
}

func (p *pages) apiOrder(ctx context.Context, v *door.Visit, _ *none) (*orderOut, error) {
	l, err := p.Lineup(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &orderOut{Pitches: []pitchOut{}}
	for _, t := range l.Pitches {
		row := pitchOut{Team: t.Team.ID, Name: t.Team.Name, Position: t.Position, State: t.State, Allotted: int(t.Allotted.Seconds()),
			Spent: int(t.Spent(v.Now).Seconds()), StartedAt: moment(t.Started), EndedAt: moment(t.Ended)}
		if at, ok := l.Expected(t.Team.ID, v.Now, v.Edition.At[edition.Pitches]); ok {
			row.ExpectedAt = moment(at)
		}
		out.Pitches = append(out.Pitches, row)
	}
	return out, nil
}

// moment is a time that may be missing.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type drawOut struct {
	Commitment string     `json:"commitment"`
	PromisedAt *time.Time `json:"promised_at"`
	DrawnAt    *time.Time `json:"drawn_at"`
	Secret     string     `json:"secret"`
	Public     string     `json:"public"`
	Order      []string   `json:"order"`
}

func (p *pages) apiDrawOf(ctx context.Context, v *door.Visit, _ *none) (*drawOut, error) {
	d, err := p.DrawOf(ctx, p.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	return &drawOut{Commitment: d.Commitment, PromisedAt: moment(d.Promised), DrawnAt: moment(d.Drawn), Secret: d.Secret,
		Public: d.Public, Order: d.Order}, nil
}

func (p *pages) apiPromise(ctx context.Context, v *door.Visit, in *none) (*drawOut, error) {
	if err := p.Promise(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	return p.apiDrawOf(ctx, v, in)
}

type drawIn struct {
	Edition string `path:"edition" json:"-"`
	Word    string `json:"word"`
}

func (p *pages) apiDraw(ctx context.Context, v *door.Visit, in *drawIn) (*drawOut, error) {
	if err := p.Draw(ctx, v.Actor, v.Edition.ID, in.Word); err != nil {
		return nil, err
	}
	return p.apiDrawOf(ctx, v, &none{})
}

type stepIn struct {
	Edition string `path:"edition" json:"-"`
	Team    string `path:"team" json:"-"`
	// ActionID makes sure that an action sent twice counts once; ActedAt is when it was
	// done, as RFC 3339.
	ActionID string `json:"action_id"`
	ActedAt  string `json:"acted_at"`
}

func (p *pages) apiStart(ctx context.Context, v *door.Visit, in *stepIn) (*orderOut, error) {
	a, err := door.ActionOf(v, in.ActionID, in.ActedAt)
	if err == nil {
		err = p.Start(ctx, v.Actor, v.Edition.ID, in.Team, a)
	}
	if err != nil {
		return nil, err
	}
	return p.apiOrder(ctx, v, &none{})
}

func (p *pages) apiStop(ctx context.Context, v *door.Visit, in *stepIn) (*orderOut, error) {
	a, err := door.ActionOf(v, in.ActionID, in.ActedAt)
	if err == nil {
		err = p.Stop(ctx, v.Actor, v.Edition.ID, in.Team, a)
	}
	if err != nil {
		return nil, err
	}
	return p.apiOrder(ctx, v, &none{})
}
