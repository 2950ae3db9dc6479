package catering

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/web"
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
	d.Post("/e/{edition}/meals/shift", organisers, p.shift)
	d.Post("/e/{edition}/meals/{meal}/change", organisers, p.change)
	d.Post("/e/{edition}/meals/{meal}/drop", organisers, p.drop)
	d.Get("/e/{edition}/meals/{meal}", crew, p.showMeal)
	d.Post("/e/{edition}/meals/{meal}", crew, p.serve)
	d.API("GET", "/api/v1/e/{edition}/meals", crew, "The meals and how many are served", door.Op(p.apiTallies))
	d.API("POST", "/api/v1/e/{edition}/meals/{meal}/servings", crew, "Serve a badge", door.Op(p.apiServe))
	planning(d, p)
}

// kitchen is the page of all meals.
type kitchen struct {
	tallies   []Tally
	plates    []Plates
	dietWord  func(string) string
	fields    []ui.Field
	organiser bool
	// astray is how many meals the event has left behind; days is by how many all move.
	astray, days int
	url          func(parts ...string) string
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
	k.astray, k.days = Astray(v.Edition, k.tallies)
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

func (p *pages) shift(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	days, err := strconv.Atoi(door.Text(r, "days"))
	if err != nil {
		return errs.New(errs.Invalid, "catering.shift_range")
	}
	n, err := p.meals.ShiftDays(r.Context(), v.Actor, v.Edition.ID, days)
	if err != nil {
		return err
	}
	v.Say(w, "ok", "catering.said.shifted", "n", n)
	return v.Go(w, r, v.URL("meals"))
}

func (p *pages) change(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	at := door.MustMoment(r, v.L, "at", &wrong)
	err := wrong.Err()
	if err == nil {
		_, err = p.meals.ChangeMeal(r.Context(), v.Actor, v.Edition.ID, r.PathValue("meal"), door.Text(r, "name"), at)
	}
	if err != nil {
		return p.sittingAgain(w, r, v, err)
	}
	v.Say(w, "ok", "catering.said.changed")
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
	// plan are the fields of an organiser who changes the meal; none for the crew.
	plan []ui.Field
	url  func(parts ...string) string
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
	s := sitting{url: func(parts ...string) string { return v.URL(append([]string{"meals", id}, parts...)...) }, fields: []ui.Field{v.Field(r, wrong, "badge", "catering.badge"), v.Field(r, wrong, "reason", "catering.reason")}}
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
	if v.Is(edition.Organiser) {
		s.plan = []ui.Field{v.Field(r, wrong, "name", "catering.name"), v.Field(r, wrong, "at", "catering.at")}
		if !r.PostForm.Has("name") {
			s.plan[0].Value, s.plan[1].Value = s.tally.Name, ui.LocalTime(v.L, s.tally.At)
		}
	}
	s.recent, s.names, err = p.meals.Latest(r.Context(), id, latest)
	return s, err
}

// serve hands a plate out. The phone at the counter is told in words who eats, or who has
// eaten: it shows them large, and the next badge may come. A badge that comes twice is no
// action to keep.
func (p *pages) serve(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who, name, err := p.badges.Holder(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "badge"))
	unknown, nobody := web.Fields(err).Of("badge")
	var plate Serving
	if err == nil {
		plate, err = p.meals.Serve(r.Context(), v.Actor, v.Edition.ID, r.PathValue("meal"), who, door.Text(r, "reason"), door.Action(r, v))
	}
	switch err = said(v, err); {
	case errors.Is(err, ErrServed) && v.ForDevice():
		return v.Tell(w, web.Say(v.L, err), ui.Bad)
	case nobody && v.ForDevice() && !late(door.Action(r, v).Moment(v.Now), v.Wall, v.Edition):
		return v.Tell(w, v.L.T(unknown.Key), ui.Bad)
	}
	if err != nil {
		return p.sittingAgain(w, r, v, err)
	}
	key, tone := "catering.done", ui.Good
	if plate.State != First && plate.State != "" {
		key, tone = "catering.done."+string(plate.State), ui.Warn
	}
	if words := v.L.T(key, "name", name); v.ForDevice() {
		return v.Tell(w, words, tone)
	}
	v.Say(w, "ok", key, "name", name)
	return v.Go(w, r, v.URL("meals", r.PathValue("meal")))
}

// said puts into the reader's words who has eaten, and when.
func said(v *door.Visit, err error) error {
	var eaten *Eaten
	if errors.As(err, &eaten) {
		return errs.New(errs.Conflict, "catering.served", "name", eaten.Name, "at", v.L.Clock(eaten.At))
	}
	return err
}

func (p *pages) sittingAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	s, failed := p.sitting(r, v, err)
	if failed != nil {
		return failed
	}
	return v.Again(w, r, err, func() templ.Component { return sittingPage(v.Page(s.tally.Name, Topic(v.Edition.ID)), s) })
}
