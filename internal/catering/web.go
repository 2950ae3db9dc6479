package catering

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/ui"
)

// latest is how many of the served the page shows.
const latest = 20

type pages struct {
	meals  *Service
	badges Badges
	// dietWord is the key of a diet's name in the catalogue.
	dietWord func(diet string) string
}

// Routes registers the pages and the API of the meals; dietWord is the catalogue's key
// of a diet.
func Routes(d *door.Door, s *Service, badges Badges, dietWord func(diet string) string) {
	p := &pages{meals: s, badges: badges, dietWord: dietWord}
	crew, organisers := door.Only(edition.Crew), door.Only(edition.Organiser)
	d.Get("/e/{edition}/meals", crew, p.show)
	d.Post("/e/{edition}/meals", organisers, p.add)
	d.Post("/e/{edition}/meals/{meal}/drop", organisers, p.drop)
	d.Get("/e/{edition}/meals/{meal}", crew, p.showMeal)
	d.Post("/e/{edition}/meals/{meal}", crew, p.serve)
	d.API("GET", "/api/v1/e/{edition}/meals", crew, "The meals and how many are served", door.Op(p.apiTallies))
	d.API("POST", "/api/v1/e/{edition}/meals/{meal}/servings", crew, "Serve a badge", door.Op(p.apiServe))
}

// kitchen is the page of all meals.
type kitchen struct {
	tallies   []Tally
	plates    []Plates
	dietWord  func(string) string
	fields    []ui.Field
	organiser bool
	url       func(parts ...string) string
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	k, err := p.kitchen(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, kitchenPage(v.Page(v.L.T("catering.title"), Topic(v.Edition.ID)), k))
}

func (p *pages) kitchen(r *http.Request, v *door.Visit, wrong error) (kitchen, error) {
	k := kitchen{dietWord: p.dietWord, organiser: v.Is(edition.Organiser), url: v.URL,
		fields: []ui.Field{v.Field(r, wrong, "name", "catering.name"), v.Field(r, wrong, "at", "catering.at")}}
	var err error
	if k.tallies, err = p.meals.Tallies(r.Context(), p.meals.db, v.Edition.ID); err != nil {
		return k, err
	}
	k.plates, err = p.meals.Plates(r.Context(), v.Actor, v.Edition.ID)
	return k, err
}

func (p *pages) add(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	at := door.MustMoment(r, v.L, "at", &wrong)
	err := wrong.Err()
	if err == nil {
		_, err = p.meals.AddMeal(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "name"), at)
	}
	if err != nil {
		k, failed := p.kitchen(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, func() templ.Component {
			return kitchenPage(v.Page(v.L.T("catering.title"), Topic(v.Edition.ID)), k)
		})
	}
	return v.Go(w, r, v.URL("meals"))
}

func (p *pages) drop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.meals.DropMeal(r.Context(), v.Actor, v.Edition.ID, r.PathValue("meal")); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("meals"))
}

// sitting is the page at which one meal is served.
type sitting struct {
	tally  Tally
	recent []Serving
	names  map[account.ID]string
	fields []ui.Field
	url    string
}

func (p *pages) showMeal(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	s, err := p.sitting(r, v, nil)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, sittingPage(v.Page(s.tally.Name, Topic(v.Edition.ID)), s))
}

func (p *pages) sitting(r *http.Request, v *door.Visit, wrong error) (sitting, error) {
	id := r.PathValue("meal")
	s := sitting{url: v.URL("meals", id), fields: []ui.Field{v.Field(r, wrong, "badge", "catering.badge"), v.Field(r, wrong, "reason", "catering.reason")}}
	if _, err := getMeal(r.Context(), p.meals.db, v.Edition.ID, id); err != nil {
		return s, err
	}
	all, err := p.meals.Tallies(r.Context(), p.meals.db, v.Edition.ID)
	if err != nil {
		return s, err
	}
	for _, t := range all {
		if t.ID == id {
			s.tally = t
		}
	}
	s.recent, s.names, err = p.meals.Latest(r.Context(), id, latest)
	return s, err
}

func (p *pages) serve(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who, name, err := p.badges.Holder(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "badge"))
	if errs.Is(err, errs.NotFound) {
		err = errs.Fields{{Name: "badge", Key: "error.not_found"}}
	}
	if err == nil {
		_, err = p.meals.Serve(r.Context(), v.Actor, v.Edition.ID, r.PathValue("meal"), who, door.Text(r, "reason"), door.Action(r, v))
	}
	if err != nil {
		s, failed := p.sitting(r, v, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, func() templ.Component { return sittingPage(v.Page(s.tally.Name, Topic(v.Edition.ID)), s) })
	}
	v.Say(w, "ok", "catering.done", "name", name)
	return v.Go(w, r, v.URL("meals", r.PathValue("meal")))
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
	return &serveOut{Name: name, State: string(served.State)}, err
}
