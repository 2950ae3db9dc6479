package registration

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/kit/i18n"
)

func (h *handlers) apiRoutes(d *door.Door) {
	d.API("POST", "/api/v1/e/{edition}/registrations", door.Anyone(), "Register; a letter asks to confirm", door.Op(h.apiRegister))
	d.API("GET", "/api/v1/e/{edition}/registrations", door.Only(), "List registrations", door.Op(h.apiList))
	d.API("GET", "/api/v1/e/{edition}/registrations/summary", door.Only(), "Count seats and profiles", door.Op(h.apiSummary))
}

type registerIn struct {
	Edition string `path:"edition" json:"-"`
	Email   string `json:"email"`
	Name    string `json:"name"`
	Profile string `json:"profile"`
	Trade   string `json:"trade"`
	// Organisation is where they work or study.
	Organisation string `json:"organisation"`
	// Skills has a level from 1 to 4 by the skill's key.
	Skills   map[string]int `json:"skills"`
	Meals    []string       `json:"meals"`
	MealNote string         `json:"meal_note"`
	With     string         `json:"with"`
	Theme    string         `json:"theme"`
	Photo    string         `json:"photo"`
	News     bool           `json:"news"`
	Rules    bool           `json:"rules"`
	Lang     string         `json:"lang"`
}

type registerOut struct {
	// State is "sent" where a letter asks to confirm, else the registration's state.
	State string `json:"state"`
}

func (h *handlers) apiRegister(ctx context.Context, v *door.Visit, in *registerIn) (*registerOut, error) {
	a := Answers{Name: in.Name, Profile: Profile(in.Profile), Trade: in.Trade, Organisation: in.Organisation, Skills: in.Skills, MealNote: in.MealNote,
		With: in.With, Theme: in.Theme, Photo: Photo(in.Photo), News: in.News}
	for _, m := range in.Meals {
		a.Meals = append(a.Meals, Meal(m))
	}
	lang, ok := i18n.ParseLang(in.Lang)
	if !ok {
		lang = v.L.Lang
	}
	settled, err := h.Register(ctx, v.Actor, v.Edition.ID, Asked{Email: in.Email, Answers: a, Rules: in.Rules, Lang: lang})
	if err != nil {
		return nil, err
	}
	if settled == nil {
		return &registerOut{State: "sent"}, nil
	}
	return &registerOut{State: string(settled.State)}, nil
}

type listIn struct {
	Edition string `path:"edition" json:"-"`
	Text    string `query:"q" json:"-"`
	State   string `query:"state" json:"-"`
	Offset  int    `query:"offset" json:"-"`
	Limit   int    `query:"limit" json:"-"`
}

type listOut struct {
	Total  int          `json:"total"`
	People []personJSON `json:"people"`
}

type personJSON struct {
	ID           string         `json:"id"`
	Account      string         `json:"account"`
	Name         string         `json:"name"`
	Email        string         `json:"email"`
	State        string         `json:"state"`
	Profile      string         `json:"profile"`
	Trade        string         `json:"trade"`
	Organisation string         `json:"organisation,omitempty"`
	Skills       map[string]int `json:"skills"`
	Created      time.Time      `json:"created"`
}

// mostListed is how many registrations one answer of the API holds at most.
const mostListed = 500

func (h *handlers) apiList(ctx context.Context, v *door.Visit, in *listIn) (*listOut, error) {
	if in.Limit <= 0 || in.Limit > mostListed {
		in.Limit = mostListed
	}
	all, total, err := h.List(ctx, v.Actor, v.Edition.ID, Filter{Text: in.Text, State: knownState(in.State), Offset: in.Offset, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listOut{Total: total, People: make([]personJSON, len(all))}
	for i, r := range all {
		out.People[i] = personJSON{ID: string(r.ID), Account: string(r.Account), Name: r.Name, Email: r.Email, State: string(r.State),
			Profile: string(r.Profile), Trade: r.Trade, Organisation: r.Organisation, Skills: r.Skills, Created: r.Created}
	}
	return out, nil
}

type summaryIn struct {
	Edition string `path:"edition" json:"-"`
}

type summaryOut struct {
	Seats     int            `json:"seats"`
	Confirmed int            `json:"confirmed"`
	Waiting   int            `json:"waiting"`
	Pending   int            `json:"pending"`
	Profiles  map[string]int `json:"profiles"`
}

func (h *handlers) apiSummary(ctx context.Context, v *door.Visit, _ *summaryIn) (*summaryOut, error) {
	sum, err := h.Summary(ctx, h.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &summaryOut{Seats: sum.Seats, Confirmed: sum.Confirmed, Waiting: sum.Waiting, Pending: sum.Pending, Profiles: map[string]int{}}
	for i, p := range Profiles {
		out.Profiles[profileValue(p)] = sum.Profiles[i]
	}
	return out, nil
}
