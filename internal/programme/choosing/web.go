package choosing

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/programme"
	"h48/internal/ui"
)

type pages struct{ s *Service }

// Routes registers the room's pages and its part of the API.
func Routes(d *door.Door, s *Service) {
	p := pages{s}
	d.Get("/e/{edition}/workshops", door.Members(), p.showMine)
	d.Post("/e/{edition}/workshops", door.Members(), p.choose)
	d.Get("/e/{edition}/workshops/plan", door.Only(), p.showPlan)
	d.Post("/e/{edition}/workshops/open", door.Only(), p.open)
	d.Post("/e/{edition}/workshops/plan", door.Only(), p.plan)
	d.Post("/e/{edition}/workshops/publish", door.Only(), p.publish)
	api(d, s)
}

type mineData struct {
	Mine
	URL       func(parts ...string) string
	Organises bool
	Fields    []ui.Field
}

func (p pages) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.mine(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) mine(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	m, err := p.s.Mine(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := mineData{Mine: m, URL: v.URL, Organises: v.Is(edition.Organiser)}
	for k := range min(MostWishes, len(m.Sessions)) {
		f := v.Field(r, wrong, field(k), "choosing.wish")
		f.Label = v.L.T("choosing.wish", "n", k+1)
		if wrong == nil && k < len(m.Order) {
			f.Value = string(m.Order[k])
		}
		d.Fields = append(d.Fields, f)
	}
	return func() templ.Component {
		return minePage(v.Page(v.L.T("choosing.title"), Topic(v.Edition.ID), programme.Topic(v.Edition.ID)), d)
	}, nil
}

func field(k int) string { return "wish_" + strconv.Itoa(k+1) }

func (p pages) choose(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wishes []programme.ID
	for k := range MostWishes {
		if id := door.Text(r, field(k)); id != "" {
			wishes = append(wishes, programme.ID(id))
		}
	}
	if err := p.s.Choose(r.Context(), v.Actor, v.Edition.ID, wishes); err != nil {
		page, broken := p.mine(r, v, err)
		if broken != nil {
			return broken
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "choosing.kept")
	return v.Go(w, r, v.URL("workshops"))
}

type planData struct {
	Overview
	URL         func(parts ...string) string
	Until, Most ui.Field
}

func (p pages) showPlan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.overview(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) overview(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	o, err := p.s.Overview(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := planData{Overview: o, URL: v.URL, Until: v.Field(r, wrong, "until", "choosing.until"), Most: v.Field(r, wrong, "most", "choosing.most")}
	if wrong == nil {
		d.Until.Value, d.Most.Value = "", strconv.Itoa(o.Book.Most)
		if !o.Book.Until.IsZero() {
			d.Until.Value = ui.LocalTime(v.L, o.Book.Until)
		}
	}
	topics := []string{Topic(v.Edition.ID), programme.Topic(v.Edition.ID)}
	if o.Job != nil {
		topics = append(topics, jobs.Topic(o.Job.ID))
	}
	return func() templ.Component {
		view := v.Page(v.L.T("choosing.plan"), topics...)
		view.Wide = true
		return planPage(view, d)
	}, nil
}

func (p pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string) error {
	if refusal != nil {
		page, err := p.overview(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	v.Say(w, "ok", word)
	return v.Go(w, r, v.URL("workshops", "plan"))
}

func (p pages) open(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	most := door.Int(r, "most", &wrong)
	until := door.MustMoment(r, v.L, "until", &wrong)
	err := wrong.Err()
	if err == nil {
		err = p.s.OpenUntil(r.Context(), v.Actor, v.Edition.ID, until, most)
	}
	return p.again(w, r, v, err, "choosing.opened")
}

func (p pages) plan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.s.Order(r.Context(), v.Actor, v.Edition.ID)
	return p.again(w, r, v, err, "choosing.ordered")
}

func (p pages) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.again(w, r, v, p.s.Publish(r.Context(), v.Actor, v.Edition.ID), "choosing.published")
}
