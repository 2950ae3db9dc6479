package registration

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/ui"
)

// pageLength is how many people stand on one page of the list.
const pageLength = 50

func (h *handlers) organiserRoutes(d *door.Door) {
	d.Get("/e/{edition}/registrations", door.Only(), h.showList)
	d.Post("/e/{edition}/registrations/fill", door.Only(), h.fill)
	d.Get("/e/{edition}/registrations/new", door.Only(), h.showAdd)
	d.Post("/e/{edition}/registrations/new", door.Only(), h.add)
	d.Get("/e/{edition}/registrations/skills", door.Only(), h.showSkills)
	d.Post("/e/{edition}/registrations/skills", door.Only(), h.setSkills)
	d.Get("/e/{edition}/registrations/export.csv", door.Only(), h.export)
	d.Get("/e/{edition}/registrations/meals", door.Only(edition.Crew), h.showMeals)
	d.Get("/e/{edition}/registrations/person/{registration}", door.Only(), h.showPerson)
	d.Post("/e/{edition}/registrations/person/{registration}/move", door.Only(), h.move)
	d.Post("/e/{edition}/registrations/person/{registration}/resend", door.Only(), h.resend)
}

// list is the organiser's page of people.
type list struct {
	sum    Summary
	people []Registration
	total  int
	filter Filter
	page   int
	url    string
	query  url.Values
}

// filterOf reads the filter of an address.
func filterOf(q url.Values) (f Filter, page int) {
	f = Filter{Text: q.Get("q"), State: knownState(q.Get("state"))}
	if p := Profile(q.Get("profile")); slices.Contains(Profiles[:3], p) {
		f.Profile = &p
	} else if q.Get("profile") == "unsaid" {
		none := Unsaid
		f.Profile = &none
	}
	page, err := strconv.Atoi(q.Get("page"))
	if err != nil || page < 1 || page > 1_000_000 {
		page = 1
	}
	f.Offset, f.Limit = (page-1)*pageLength, pageLength
	return f, page
}

func (h *handlers) showList(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	q := r.URL.Query()
	f, page := filterOf(q)
	people, total, err := h.List(r.Context(), v.Actor, v.Edition.ID, f)
	if err != nil {
		return err
	}
	sum, err := h.Summary(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	view := v.Page(v.L.T("registration.list.title"), Topic(v.Edition.ID))
	view.Wide = true
	return v.Show(w, r, listPage(view, v, list{sum: sum, people: people, total: total, filter: f, page: page,
		url: v.URL("registrations"), query: q}))
}

// with is the list's address with one value changed, on its first page.
func (p list) with(name, value string) string {
	q := url.Values{}
	for k, values := range p.query {
		q[k] = values
	}
	q.Del("page")
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return p.url
	}
	return p.url + "?" + q.Encode()
}

func (p list) pages() int { return max((p.total+pageLength-1)/pageLength, 1) }

// tabs are the states as ways to filter.
func (p list) tabs(v *door.Visit) []ui.Link {
	counts := map[State]int{Waiting: p.sum.Waiting, Pending: p.sum.Pending}
	tabs := []ui.Link{{Label: v.L.T("registration.list.everybody"), URL: p.with("state", ""), Current: p.filter.State == ""}}
	for _, s := range States {
		tabs = append(tabs, ui.Link{Label: v.L.T("registration.state." + string(s)), URL: p.with("state", string(s)),
			Current: p.filter.State == s, Count: counts[s]})
	}
	return tabs
}

// keep are the values of the address that a search leaves.
func (p list) keep() []ui.Option {
	var all []ui.Option
	for _, name := range []string{"state", "profile"} {
		if value := p.query.Get(name); value != "" {
			all = append(all, ui.Option{Value: name, Label: value})
		}
	}
	return all
}

// rows are the people of the page.
func (p list) rows(v *door.Visit) []ui.Row {
	rows := make([]ui.Row, len(p.people))
	for i, r := range p.people {
		name := r.Name
		if r.State == Waiting && p.filter.State == Waiting && p.filter.Text == "" && p.filter.Profile == nil {
			name = fmt.Sprintf("%d. %s", p.filter.Offset+i+1, r.Name)
		}
		rows[i] = ui.Row{ID: "r-" + string(r.ID), URL: v.URL("registrations", "person", string(r.ID)), Muted: !r.Here() && r.State != Waiting,
			Cells: []templ.Component{ui.Text(name), ui.Text(r.Email), ui.Text(v.L.T(r.Profile.key())), ui.Text(r.Trade),
				ui.Chip(r.State.tone(), v.L.T("registration.state."+string(r.State))), ui.Text(v.L.DateTime(r.Created))}}
	}
	return rows
}

// profileBars are the profiles of those who have a seat: the count, and its share.
func profileBars(l i18n.Locale, sum Summary) ui.BarsData {
	data := ui.BarsData{Label: l.T("registration.list.profiles")}
	for i, share := range sum.Shares() {
		data.Max += float64(sum.Profiles[i]) // a third is drawn as a third
		data.Rows = append(data.Rows, ui.Bar{Label: l.T(Profiles[i].key()), Value: float64(sum.Profiles[i]),
			Text: l.T("registration.list.share", "n", sum.Profiles[i], "percent", share)})
	}
	return data
}

func (h *handlers) fill(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	n, err := h.Fill(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	v.Say(w, "ok", "registration.said.filled", "n", n)
	return v.Go(w, r, v.URL("registrations"))
}

func (h *handlers) showAdd(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.addForm(w, r, v, nil)
}

func (h *handlers) addForm(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	page := func() templ.Component {
		return addPage(v.Page(v.L.T("registration.add.title")), v, questions(r, v, wrong, nil, Answers{}))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h *handlers) add(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	added, err := h.Add(r.Context(), v.Actor, v.Edition.ID, Asked{Email: door.Text(r, "email"), Answers: answers(r, nil), Lang: v.Edition.Lang})
	if err != nil {
		return h.addForm(w, r, v, err)
	}
	v.Say(w, "ok", "registration.said.added", "name", added.Name)
	return v.Go(w, r, v.URL("registrations", "person", string(added.ID)))
}

func (h *handlers) showSkills(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.skillsForm(w, r, v, nil)
}

func (h *handlers) skillsForm(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	page := func() templ.Component {
		f := v.Field(r, wrong, "skills", "registration.skills.label")
		f.Hint, f.Rows = v.L.T("registration.skills.hint"), 12
		if r.Method == http.MethodGet {
			var names []string
			for _, s := range skills {
				names = append(names, s.Name(v.L))
			}
			f.Value = strings.Join(names, "\n")
		}
		return skillsPage(v.Page(v.L.T("registration.skills.title")), v, f)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h *handlers) setSkills(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := h.SetSkills(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "skills")); err != nil {
		return h.skillsForm(w, r, v, err)
	}
	v.Say(w, "ok", "registration.said.saved")
	return v.Go(w, r, v.URL("registrations", "skills"))
}

func (h *handlers) export(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	f, _ := filterOf(r.URL.Query())
	var file strings.Builder
	if err := h.Export(r.Context(), v.Actor, v.Edition.ID, f, v.L, &file); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+v.Edition.Slug+`-registrations.csv"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(file.String())) // a reader who has gone is no error of ours
	return nil
}

func (h *handlers) showMeals(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sheet, err := h.MealSheet(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, mealsPage(v.Page(v.L.T("registration.meals.title"), Topic(v.Edition.ID)), v, sheet))
}

// person returns the registration of the address, which is of this edition.
func (h *handlers) person(r *http.Request, v *door.Visit) (Registration, error) {
	found, err := h.Get(r.Context(), v.Actor, ID(r.PathValue("registration")))
	if err == nil && found.Edition != v.Edition.ID {
		err = edition.ErrForbidden
	}
	return found, err
}

func (h *handlers) showPerson(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	found, err := h.person(r, v)
	if err != nil {
		return err
	}
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, personPage(v.Page(found.Name, Topic(v.Edition.ID)), v, found, skills))
}

func (h *handlers) move(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	found, err := h.person(r, v)
	if err != nil {
		return err
	}
	if found, err = h.Move(r.Context(), v.Actor, found.ID, State(door.Text(r, "to"))); err != nil {
		return err
	}
	v.Say(w, "ok", "registration.said.moved", "name", found.Name, "state", v.L.T("registration.state."+string(found.State)))
	return v.Go(w, r, v.URL("registrations", "person", string(found.ID)))
}

func (h *handlers) resend(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	found, err := h.person(r, v)
	if err != nil {
		return err
	}
	if err := h.Resend(r.Context(), v.Actor, found.ID); err != nil {
		return err
	}
	v.Say(w, "ok", "registration.said.resent", "email", found.Email)
	return v.Go(w, r, v.URL("registrations", "person", string(found.ID)))
}
