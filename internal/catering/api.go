package catering

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/once"
)

// planning registers the JSON operations of the plan.
func planning(d *door.Door, p *pages) {
	organisers := door.Only(edition.Organiser)
	const base = "/api/v1/e/{edition}/meals"
	d.API("POST", base, organisers, "Plan a meal", door.Op(p.apiAdd))
	d.API("POST", base+"/shift", organisers, "Move every meal that was not served by so many days", door.Op(p.apiShift))
	d.API("PUT", base+"/{meal}", organisers, "Change a meal", door.Op(p.apiChange))
	d.API("DELETE", base+"/{meal}", organisers, "Take a meal off the plan", door.Op(p.apiDrop))
}

type mealIn struct {
	Meal string    `path:"meal" json:"-"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

type mealOut struct {
	ID   string    `json:"id"`
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

func (p *pages) apiAdd(ctx context.Context, v *door.Visit, in *mealIn) (*mealOut, error) {
	m, err := p.meals.AddMeal(ctx, v.Actor, v.Edition.ID, in.Name, in.At)
	return &mealOut{m.ID, m.Name, m.At}, err
}

func (p *pages) apiChange(ctx context.Context, v *door.Visit, in *mealIn) (*mealOut, error) {
	m, err := p.meals.ChangeMeal(ctx, v.Actor, v.Edition.ID, in.Meal, in.Name, in.At)
	return &mealOut{m.ID, m.Name, m.At}, err
}

type dropIn struct {
	Meal string `path:"meal" json:"-"`
}

func (p *pages) apiDrop(ctx context.Context, v *door.Visit, in *dropIn) (*struct{}, error) {
	return &struct{}{}, p.meals.DropMeal(ctx, v.Actor, v.Edition.ID, in.Meal)
}

type shiftIn struct {
	Days int `json:"days"`
}

type shiftOut struct {
	Moved int `json:"moved"`
}

func (p *pages) apiShift(ctx context.Context, v *door.Visit, in *shiftIn) (*shiftOut, error) {
	n, err := p.meals.ShiftDays(ctx, v.Actor, v.Edition.ID, in.Days)
	return &shiftOut{Moved: n}, err
}

type tallyOut struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	At     string `json:"at"`
	Served int    `json:"served"`
	Extra  int    `json:"extra"`
	Twice  int    `json:"twice"`
}

type talliesOut struct {
	Meals []tallyOut `json:"meals"`
}

func (p *pages) apiTallies(ctx context.Context, v *door.Visit, _ *struct{}) (*talliesOut, error) {
	all, err := p.meals.Tallies(ctx, p.meals.db, v.Edition.ID)
	out := &talliesOut{Meals: []tallyOut{}}
	for _, t := range all {
		out.Meals = append(out.Meals, tallyOut{ID: t.ID, Name: t.Name, At: t.At.Format("2006-01-02T15:04:05Z07:00"), Served: t.Served, Extra: t.Extra, Twice: t.Twice})
	}
	return out, err
}

type serveIn struct {
	Meal     string `path:"meal" json:"-"`
	Badge    string `json:"badge"`
	Reason   string `json:"reason"`
	ActionID string `json:"action_id"`
}

type serveOut struct {
	Name  string `json:"name"`
	State string `json:"state"`
}

func (p *pages) apiServe(ctx context.Context, v *door.Visit, in *serveIn) (*serveOut, error) {
	who, name, err := p.badges.Holder(ctx, v.Actor, v.Edition.ID, in.Badge)
	if err != nil {
		return nil, err
	}
	action := once.Action{}
	if in.ActionID != "" {
		action.ID = string(v.Actor.ID) + "/" + in.ActionID
	}
	served, err := p.meals.Serve(ctx, v.Actor, v.Edition.ID, in.Meal, who, in.Reason, action)
	return &serveOut{Name: name, State: string(served.State)}, said(v, err)
}
