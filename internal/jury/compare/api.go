package compare

import (
	"context"

	"h48/internal/door"
)

type here struct {
	Edition string `path:"edition" json:"-"`
}

type preferenceOut struct {
	// Teams are those that the juror has seen, best first.
	Teams []string `json:"teams"`
	// Pairs are the questions that would teach most.
	Pairs [][2]string `json:"pairs"`
}

func (p *pages) apiPreference(ctx context.Context, v *door.Visit, _ *here) (*preferenceOut, error) {
	_, own, err := p.Own(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &preferenceOut{Teams: []string{}, Pairs: [][2]string{}}
	for _, t := range own.Teams {
		out.Teams = append(out.Teams, t.ID)
	}
	for _, pair := range own.Pairs(fewPairs) {
		out.Pairs = append(out.Pairs, [2]string{pair.A.ID, pair.B.ID})
	}
	return out, nil
}

type compareIn struct {
	Edition string `path:"edition" json:"-"`
	Better  string `json:"better"`
	Worse   string `json:"worse"`
	// TakeBack withdraws what was said of the two.
	TakeBack bool `json:"take_back"`
	// ActionID makes sure that an answer sent twice counts once; ActedAt is when it was
	// given, as RFC 3339.
	ActionID string `json:"action_id"`
	ActedAt  string `json:"acted_at"`
}

func (p *pages) apiCompare(ctx context.Context, v *door.Visit, in *compareIn) (*preferenceOut, error) {
	a, err := door.ActionOf(v, in.ActionID, in.ActedAt)
	if err != nil {
		return nil, err
	}
	if in.TakeBack {
		err = p.TakeBack(ctx, v.Actor, v.Edition.ID, in.Better, in.Worse, a)
	} else {
		err = p.Compare(ctx, v.Actor, v.Edition.ID, in.Better, in.Worse, a)
	}
	if err != nil {
		return nil, err
	}
	return p.apiPreference(ctx, v, &here{})
}
