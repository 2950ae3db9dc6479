package choosing

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/programme"
)

type none struct{}

// Choice is a person's order of workshops as the API tells it.
type Choice struct {
	Open     bool           `json:"open"`
	Until    time.Time      `json:"until"`
	Sessions []programme.ID `json:"sessions"` // that can be chosen
	Order    []programme.ID `json:"order"`
}

type choosing struct {
	Order []programme.ID `json:"order"`
}

type opening struct {
	Until time.Time `json:"until"`
	Most  int       `json:"most"`
}

type ordered struct {
	Job string `json:"job"`
}

// api registers the room's operations.
func api(d *door.Door, s *Service) {
	d.API("GET", "/api/v1/e/{edition}/workshops", door.Members(), "Read which workshops can be chosen and one's own order",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*Choice, error) {
			m, err := s.Mine(ctx, v.Actor, v.Edition.ID)
			c := &Choice{Open: m.Open, Until: m.Book.Until, Sessions: []programme.ID{}, Order: m.Order}
			for _, one := range m.Sessions {
				c.Sessions = append(c.Sessions, one.ID)
			}
			return c, err
		}))
	d.API("PUT", "/api/v1/e/{edition}/workshops", door.Members(), "Put the workshops that one would like in order",
		door.Op(func(ctx context.Context, v *door.Visit, in *choosing) (*none, error) {
			return nil, s.Choose(ctx, v.Actor, v.Edition.ID, in.Order)
		}))
	d.API("POST", "/api/v1/e/{edition}/workshops/open", door.Only(), "Let people choose their workshops until a moment",
		door.Op(func(ctx context.Context, v *door.Visit, in *opening) (*none, error) {
			return nil, s.OpenUntil(ctx, v.Actor, v.Edition.ID, in.Until, in.Most)
		}))
	d.API("POST", "/api/v1/e/{edition}/workshops/plan", door.Only(), "Share out the seats by preference",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*ordered, error) {
			job, err := s.Order(ctx, v.Actor, v.Edition.ID)
			return &ordered{job}, err
		}))
	d.API("GET", "/api/v1/e/{edition}/workshops/plan", door.Only(), "Read how the seats would be shared out",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*Plan, error) {
			o, err := s.Overview(ctx, v.Actor, v.Edition.ID)
			if err == nil && o.Book.Plan == nil {
				err = ErrNoPlan
			}
			return o.Book.Plan, err
		}))
	d.API("POST", "/api/v1/e/{edition}/workshops/publish", door.Only(), "Make the plan of seats true and write to everybody who chose",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*none, error) {
			return nil, s.Publish(ctx, v.Actor, v.Edition.ID)
		}))
}
