// Package practice is the rehearsal on a juror's screen: two made-up projects, so that they
// have touched the scale once before it counts. What is said there is kept by the jury
// room, which uses it for nothing.
package practice

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

type pages struct {
	*jury.Service
	db *sqldb.DB
}

// Routes registers the pages of the rehearsal.
func Routes(d *door.Door, s *jury.Service, db *sqldb.DB) {
	p := &pages{s, db}
	juror := door.Exactly(edition.Juror)
	d.Get("/e/{edition}/jury/practice", juror, p.showPractices)
	d.Get("/e/{edition}/jury/practice/{project}", juror, p.showPractice)
	d.Post("/e/{edition}/jury/practice/{project}", juror, p.practise)
}

// sheets is the rehearsal on a juror's screen: both made-up projects, or one.
type sheets struct {
	ui.View
	v        *door.Visit
	criteria []jury.Criterion
	project  string
	sheets   map[string]map[string]jury.Practised
	fields   []ui.Field
}

func (p *pages) data(r *http.Request, v *door.Visit, title string) (sheets, error) {
	d := sheets{View: v.Page(title, jury.Topic(v.Edition.ID)), v: v, sheets: map[string]map[string]jury.Practised{}}
	var err error
	if d.criteria, err = p.PracticeCriteria(r.Context(), p.db, v.Edition.ID); err != nil {
		return d, err
	}
	for _, name := range jury.Practices() {
		if d.sheets[name], err = p.MyPractice(r.Context(), p.db, v.Actor, v.Edition.ID, name); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (p *pages) showPractices(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.data(r, v, v.L.T("jury.practice"))
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
	if !slices.Contains(jury.Practices(), project) {
		return sqldb.ErrNotFound
	}
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		d, err := p.data(r, v, v.L.T("jury.practice."+project))
		if err != nil {
			return nil, err
		}
		d.project = project
		sheet := jury.Sheet{}
		for c, said := range d.sheets[project] {
			a := said.Answer()
			sheet[c] = jury.Mark{Kind: a.Kind, Value: a.Value}
		}
		d.fields = jury.MarkFields(r, v, refused, d.criteria, sheet)
		return practicePage(d), nil
	})
}

func (p *pages) practise(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id, project := r.Context(), v.Edition.ID, r.PathValue("project")
	criteria, err := p.PracticeCriteria(ctx, p.db, id)
	if err != nil {
		return err
	}
	in, err := jury.ReadAnswers(r, criteria)
	if err == nil {
		err = jury.UnknownCriteria(r, criteria)
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
func (d sheets) values() string {
	all := map[string]string{}
	for _, c := range d.criteria {
		if said := d.sheets[d.project][c.ID].Value; said != "" {
			all["mark_"+c.ID] = said
		}
	}
	text, _ := json.Marshal(all) // a map of strings can always be written
	return string(text)
}

// next leads on: to the other project, or back to both.
func (d sheets) next() string {
	for _, name := range jury.Practices() {
		if name != d.project && len(d.sheets[name]) == 0 {
			return d.v.URL("jury", "practice", name)
		}
	}
	return d.v.URL("jury", "practice")
}

// done says whether both projects have marks.
func (d sheets) done() bool {
	return !slices.ContainsFunc(jury.Practices(), func(name string) bool { return len(d.sheets[name]) < len(d.criteria) || len(d.criteria) == 0 })
}

// received says what became of one mark.
func (d sheets) received(c jury.Criterion) string {
	p, there := d.sheets[d.project][c.ID]
	if !there {
		return d.L.T("jury.practice.nothing")
	}
	value := d.L.T("jury.not_observed")
	if a := p.Answer(); a.Kind == jury.Scored {
		value = d.L.T("jury.out_of", "n", a.Value, "max", c.Max)
	}
	if late := p.Received.Sub(p.Given); late.Seconds() >= 2 {
		return d.L.T("jury.practice.late", "value", value, "given", d.L.Clock(p.Given), "received", d.L.Clock(p.Received), "late", late)
	}
	return d.L.T("jury.practice.at", "value", value, "given", d.L.Clock(p.Given))
}
