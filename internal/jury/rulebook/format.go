package rulebook

import (
	"cmp"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"h48/engine/ranking/chance"
	"h48/internal/door"
	"h48/internal/jury"
	"h48/internal/jury/format"
	"h48/internal/kit/errs"
	"h48/internal/kit/web"
	"h48/internal/ui"
)

// formatData is the calculator on an organiser's screen.
type formatData struct {
	ui.View
	format.Answer
	v                              *door.Visit
	round                          jury.Round
	frozen                         bool
	teams, jurors, minutes, window ui.Field
}

func (d formatData) fields() []ui.Field { return []ui.Field{d.teams, d.jurors, d.minutes, d.window} }

// question reads the calculator's numbers from an address or a form; what is not said is
// as expected.
func question(r *http.Request, expected format.Question) (format.Question, error) {
	q := expected
	for name, to := range map[string]*int{"teams": &q.Teams, "jurors": &q.Jurors, "minutes": &q.Minutes, "window": &q.Window} {
		if text := r.FormValue(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil {
				n = -1 // out of every range
			}
			*to = n
		}
	}
	return q, CheckQuestion(q)
}

func (p *pages) showFormat(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.formatAgain(w, r, v, nil)
}

func (p *pages) formatAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.formatData(r, v, refused)
		return formatPage(data), err
	})
}

func (p *pages) formatData(r *http.Request, v *door.Visit, refused error) (formatData, error) {
	ctx, id := r.Context(), v.Edition.ID
	d := formatData{View: v.Page(v.L.T("jury.format"), jury.Topic(id)), v: v}
	d.Wide = true
	expected, err := Expected(ctx, p.Service, p.db, id)
	if err != nil {
		return d, err
	}
	if d.round, err = p.Round(ctx, p.db, id); err != nil {
		return d, err
	}
	if d.frozen, err = p.Frozen(ctx, p.db, id); err != nil {
		return d, err
	}
	q, asked := question(r, expected)
	if asked == nil {
		if d.Answer, err = Calculate(q); err != nil {
			return d, err
		}
	}
	number := func(name string, n int) ui.Field {
		f := v.Field(r, cmp.Or(asked, refused), name, "jury.format."+name)
		if f.Value = r.FormValue(name); f.Value == "" {
			f.Value = strconv.Itoa(n)
		}
		f.InputMode, f.Short, f.Required, f.Kind, f.Min = "numeric", true, true, "number", "1"
		return f
	}
	d.teams, d.jurors = number("teams", q.Teams), number("jurors", q.Jurors)
	d.minutes, d.window = number("minutes", q.Minutes), number("window", q.Window)
	return d, nil
}

func (p *pages) takeOver(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	expected, err := Expected(r.Context(), p.Service, p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	q, err := question(r, expected)
	if err == nil {
		err = TakeOver(r.Context(), p.Service, v.Actor, v.Edition.ID, q, format.Form(door.Text(r, "form")), jury.Way(door.Text(r, "way")))
	}
	if _, late := web.Fields(err).Of("reason"); late { // the page stood open when the first mark came: it asks for none
		err = errs.New(errs.Conflict, "jury.frozen")
	}
	if err != nil {
		return p.formatAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.format.taken")
	return v.Go(w, r, v.URL("jury", "format"))
}

// sentence says an option in minutes.
func (d formatData) sentence(o format.Option) string {
	switch o.Form {
	case format.WholeJury:
		return d.L.T("jury.format.whole_text", "teams", d.Teams, "minutes", d.Minutes, "total", o.Duration)
	case format.Visits:
		return d.L.N("jury.format.visits_text", o.Each, "teams", d.Teams, "jurors", d.L.N("jury.format.n_jurors", d.Jurors), "window", d.Window)
	}
	return d.L.N("jury.format.final_text", o.Each, "first", o.First, "finalists", o.Finalists, "minutes", d.Minutes, "jurors", d.L.N("jury.format.n_jurors", d.Jurors))
}

// odds says how often the best wins, as a range.
func (d formatData) odds(o format.Option) string {
	if !o.Known {
		return d.L.T("jury.format.no_figure")
	}
	r := o.Chance.Rounded(0.05)
	return d.L.T("jury.format.chance", "low", d.L.Percent(r.Low), "high", d.L.Percent(r.High))
}

// why says why the option is recommended.
func (d formatData) why() string {
	text := d.L.T("jury.format.why." + string(d.Why))
	if o := d.Options[d.Best]; o.Way == chance.Both {
		text += " " + d.L.T("jury.format.why_both")
	}
	return text
}

// changed says what a change would bring.
func (d formatData) changed(c format.Change) string {
	what := d.L.N("jury.format.more_minutes", c.Minutes)
	if c.Jurors > 0 {
		what = d.L.N("jury.format.more_jurors", c.Jurors)
	}
	brings := d.L.N("jury.format.then_visits", c.Option.Each)
	if c.Option.Form == format.WholeJury {
		brings = d.L.T("jury.format.then_every")
	} else if c.Option.Form == format.ThenAFinal {
		brings = d.L.N("jury.format.then_final", c.Option.Each)
	}
	if c.Option.Known {
		r := c.Option.Chance.Rounded(0.05)
		brings += " " + d.L.T("jury.format.chance_short", "low", d.L.Percent(r.Low), "high", d.L.Percent(r.High))
	}
	return d.L.T("jury.format.with", "what", what, "brings", brings)
}
