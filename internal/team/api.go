package team

import (
	"context"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/once"
)

// Report is a team as the API tells it.
type Report struct {
	ID         ID     `json:"id"`
	Name       string `json:"name"`
	Code       string `json:"code,omitempty"`
	LookingFor string `json:"looking_for"`
	Table      int    `json:"table"`
	State      State  `json:"state"`
	Members    []Mate `json:"members"`
	Fit        Fit    `json:"fit"`
	Exception  string `json:"exception,omitempty"`
}

// Mate is a member as the API tells it.
type Mate struct {
	ID   account.ID `json:"id"`
	Name string     `json:"name"`
}

// report tells a team; its code only to those who may give it away.
func report(t Team, b Board, withCode bool) Report {
	r := Report{ID: t.ID, Name: t.Name, LookingFor: t.LookingFor, Table: t.Table, State: t.State, Members: []Mate{},
		Fit: b.Limits.Of(len(t.Members)), Exception: t.Exception}
	if withCode {
		r.Code = t.Code
	}
	for _, m := range t.Members {
		r.Members = append(r.Members, Mate{ID: m.ID, Name: m.Name})
	}
	return r
}

type founding struct {
	Name       string `json:"name"`
	LookingFor string `json:"looking_for"`
	ActionID   string `json:"action_id"`
}

type joining struct {
	Code string `json:"code"`
}

// placing names a person and the team to put them in: an id, "new", or "" for none.
type placing struct {
	Account account.ID `json:"account"`
	Team    ID         `json:"team"`
}

type none struct{}

// Everyone is the answer about all teams of an edition.
type Everyone struct {
	Teams  []Report `json:"teams"`
	Left   []Mate   `json:"left"`
	Frozen bool     `json:"frozen"`
	Min    int      `json:"min"`
	Max    int      `json:"max"`
}

// api registers the room's operations.
func api(d *door.Door, s *Service) {
	d.API("GET", "/api/v1/e/{edition}/teams", door.Members(), "List the teams and who has none",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*Everyone, error) { return s.everyone(ctx, v) }))
	d.API("POST", "/api/v1/e/{edition}/teams", door.Only(edition.Participant), "Found a team",
		door.Op(func(ctx context.Context, v *door.Visit, in *founding) (*Report, error) {
			action := once.Action{}
			if in.ActionID != "" {
				action.ID = string(v.Actor.ID) + "/" + in.ActionID
			}
			t, err := s.Found(ctx, v.Actor, v.Edition.ID, Details{Name: in.Name, LookingFor: in.LookingFor}, action)
			return s.tell(ctx, v, t, err)
		}))
	d.API("POST", "/api/v1/e/{edition}/teams/join", door.Only(edition.Participant), "Join a team by its code",
		door.Op(func(ctx context.Context, v *door.Visit, in *joining) (*Report, error) {
			t, err := s.Join(ctx, v.Actor, v.Edition.ID, in.Code)
			return s.tell(ctx, v, t, err)
		}))
	d.API("POST", "/api/v1/e/{edition}/team/leave", door.Only(edition.Participant), "Leave one's team",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*none, error) {
			return nil, s.Leave(ctx, v.Actor, v.Edition.ID)
		}))
	d.API("POST", "/api/v1/e/{edition}/teams/place", door.Only(), "Put a person into a team, a new one, or none",
		door.Op(func(ctx context.Context, v *door.Visit, in *placing) (*none, error) {
			return nil, s.Place(ctx, v.Actor, v.Edition.ID, in.Account, in.Team)
		}))
	d.API("POST", "/api/v1/e/{edition}/teams/freeze", door.Only(), "Freeze the teams",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*none, error) {
			return nil, s.Freeze(ctx, v.Actor, v.Edition.ID)
		}))
}

// tell answers with a team of the caller's own.
func (s *Service) tell(ctx context.Context, v *door.Visit, t Team, err error) (*Report, error) {
	if err != nil {
		return nil, err
	}
	b, err := s.Board(ctx, s.db, v.Edition.ID)
	r := report(t, b, true)
	return &r, err
}

// everyone tells all teams; who is left over is the organisers' business.
func (s *Service) everyone(ctx context.Context, v *door.Visit) (*Everyone, error) {
	teams, err := s.List(ctx, s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	b, err := s.Board(ctx, s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	organiser := v.Is(edition.Organiser)
	all := &Everyone{Teams: []Report{}, Left: []Mate{}, Frozen: !b.Frozen.IsZero(), Min: b.Limits.Min, Max: b.Limits.Max}
	for _, t := range teams {
		all.Teams = append(all.Teams, report(t, b, organiser || t.Has(v.Actor.ID)))
	}
	if !organiser {
		return all, nil
	}
	left, err := s.Left(ctx, s.db, v.Edition.ID)
	for _, l := range left {
		all.Left = append(all.Left, Mate{ID: l.ID, Name: l.Name})
	}
	return all, err
}
