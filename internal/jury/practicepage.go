package jury

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

func (p *pages) practiceRoutes(d *door.Door) {
	juror := door.Exactly(edition.Juror)
	d.Get("/e/{edition}/jury/practice", juror, p.showPractices)
	d.Get("/e/{edition}/jury/practice/{project}", juror, p.showPractice)
	d.Post("/e/{edition}/jury/practice/{project}", juror, p.practise)
}

// practiceData is the rehearsal on a juror's screen: both made-up projects, or one.
type practiceData struct {
	ui.View
	v        *door.Visit
	criteria []Criterion
	project  string
	sheets   map[string]map[string]Practised
	fields   []ui.Field
}

func (p *pages) practiceData(r *http.Request, v *door.Visit, title string) (practiceData, error) {
	d := practiceData{View: v.Page(title, Topic(v.Edition.ID)), v: v, sheets: map[string]map[string]Practised{}}
	var err error
	if d.criteria, err = p.practiceCriteria(r.Context(), p.db, v.Edition.ID); err != nil {
		return d, err
	}
	for _, name := range Practices() {
		if d.sheets[name], err = p.MyPractice(r.Context(), p.db, v.Actor, v.Edition.ID, name); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (p *pages) showPractices(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.practiceData(r, v, v.L.T("jury.practice"))
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, practicesPage(d))
}

func (p *pages) showPractice(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	w.Header().Set("X-Offline", "keep")
	return p.practiceAgain(w, r, v, nil)
}

func (p *pages) practiceAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	project := r.PathValue("project")
	if !slices.Contains(Practices(), project) {
		return sqldb.ErrNotFound
	}
	return Show(w, r, v, refused, func() (templ.Component, error) {
		d, err := p.practiceData(r, v, v.L.T("jury.practice."+project))
		if err != nil {
			return nil, err
		}
		d.project = project
		sheet := Sheet{}
		for c, said := range d.sheets[project] {
			a := said.mark()
			sheet[c] = Mark{Kind: a.Kind, Value: a.Value}
		}
		d.fields = markFieldsOf(r, v, refused, d.criteria, sheet)
		return practicePage(d), nil
	})
}

func (p *pages) practise(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id, project := r.Context(), v.Edition.ID, r.PathValue("project")
	criteria, err := p.practiceCriteria(ctx, p.db, id)
	if err != nil {
		return err
	}
	in, err := answers(r, criteria)
	if err == nil {
		err = unknownCriteria(r, criteria)
	}
	if err == nil {
		err = p.Practice(ctx, v.Actor, id, project, in, door.Action(r, v))
	}
	if err != nil {
		return p.practiceAgain(w, r, v, err)
	}
	if v.ForDevice() {
		return v.Go(w, r, "")
	}
	return v.Go(w, r, v.URL("jury", "practice"))
}

// values is what the server has, for the script that shows it.
func (d practiceData) values() string {
	all := map[string]string{}
	for _, c := range d.criteria {
		if said := answered(d.sheets[d.project], c); said != "" {
			all["mark_"+c.ID] = said
		}
	}
	text, _ := json.Marshal(all) // a map of strings can always be written
	return string(text)
}

// next leads on: to the other project, or back to both.
func (d practiceData) next() string {
	for _, name := range Practices() {
		if name != d.project && len(d.sheets[name]) == 0 {
			return d.v.URL("jury", "practice", name)
		}
	}
	return d.v.URL("jury", "practice")
}

// done says whether both projects have marks.
func (d practiceData) done() bool {
	return !slices.ContainsFunc(Practices(), func(name string) bool { return len(d.sheets[name]) < len(d.criteria) || len(d.criteria) == 0 })
}

// received says what became of one mark.
func (d practiceData) received(c Criterion) string {
	p, there := d.sheets[d.project][c.ID]
	if !there {
		return d.L.T("jury.practice.nothing")
	}
	value := d.L.T("jury.not_observed")
	if a := p.mark(); a.Kind == Scored {
		value = d.L.T("jury.out_of", "n", a.Value, "max", c.Max)
	}
	if late := p.Received.Sub(p.Given); late.Seconds() >= 2 {
		return d.L.T("jury.practice.late", "value", value, "given", d.L.Clock(p.Given), "received", d.L.Clock(p.Received), "late", late)
	}
	return d.L.T("jury.practice.at", "value", value, "given", d.L.Clock(p.Given))
}
