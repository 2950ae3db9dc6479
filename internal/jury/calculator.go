package jury

import (
	"cmp"
	"context"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"h48/engine/ranking/chance"
	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury/format"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

// What the calculator begins with where the edition says nothing yet.
const (
	usualTeams   = 6
	usualJurors  = 3
	usualMinutes = 10
	usualWindow  = 60
)

// Calculate says what is possible in the time, by the measured table.
func (s *Service) Calculate(q format.Question) (format.Answer, error) {
	table, err := chance.Measured()
	return format.New(table).Answer(q), err
}

// Expected is what the calculator begins with: the teams and jurors there are, and the
// minutes of the present round.
func (s *Service) Expected(ctx context.Context, q sqldb.Querier, id edition.ID) (format.Question, error) {
	r, err := s.Round(ctx, q, id)
	if err != nil {
		return format.Question{}, err
	}
	teams, err := s.teams(ctx, q, id)
	if err != nil {
		return format.Question{}, err
	}
	jurors, err := s.Jurors(ctx, q, id)
	present := 0
	for _, j := range jurors {
		if j.Presence == Present {
			present++
		}
	}
	return format.Question{Teams: cmp.Or(len(r.judged(teams)), usualTeams), Jurors: cmp.Or(present, usualJurors),
		Minutes: cmp.Or(r.Minutes, usualMinutes), Window: cmp.Or(r.Window, usualWindow)}, err
}

// setupOf is an option of the calculator as a round.
func setupOf(q format.Question, o format.Option) Setup {
	s := Setup{Format: Expo, Way: Way(o.Way), Floor: o.Floor, Minutes: q.Minutes, Window: q.Window}
	switch o.Form {
	case format.WholeJury:
		s.Format, s.Floor = OnStage, 0
	case format.ThenAFinal:
		s.Window = q.Window - o.Finalists*q.Minutes
		s.Finalists, s.FinalMinutes = o.Finalists, q.Minutes
	}
	return s
}

// TakeOver sets the present round up as the calculator's option: the form in the way, for
// the question as it was asked. Where the rules are frozen it needs a reason (Amend).
func (s *Service) TakeOver(ctx context.Context, actor account.Actor, id edition.ID, q format.Question, form format.Form, way Way, reason string) error {
	a, err := s.Calculate(q)
	if err != nil {
		return err
	}
	for _, o := range append(a.Ways, a.Options...) {
		if o.Form == form && o.Way == chance.Way(way) && o.Fits {
			return s.SetUp(ctx, actor, id, setupOf(q, o), reason)
		}
	}
	return errs.New(errs.Invalid, "jury.format.impossible")
}

// formatData is the calculator on an organiser's screen.
type formatData struct {
	ui.View
	format.Answer
	v                              *door.Visit
	round                          Round
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
	return q, checkQuestion(q)
}

func checkQuestion(q format.Question) error {
	var wrong errs.Fields
	within := func(name string, n, from, to int) {
		if n < from || n > to {
			wrong.Add(name, "jury.format.range", "from", from, "to", to)
		}
	}
	within("teams", q.Teams, 2, format.MostTeams)
	within("jurors", q.Jurors, 1, format.MostJurors)
	within("minutes", q.Minutes, 1, format.MostMinutes)
	within("window", q.Window, 1, format.MostWindow)
	return wrong.Err()
}

func (p *pages) showFormat(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.formatAgain(w, r, v, nil)
}

func (p *pages) formatAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.formatData(r, v, refused)
		return formatPage(data), err
	})
}

func (p *pages) formatData(r *http.Request, v *door.Visit, refused error) (formatData, error) {
	ctx, id := r.Context(), v.Edition.ID
	d := formatData{View: v.Page(v.L.T("jury.format"), Topic(id)), v: v}
	d.Wide = true
	expected, err := p.Expected(ctx, p.db, id)
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
		if d.Answer, err = p.Calculate(q); err != nil {
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
	expected, err := p.Expected(r.Context(), p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	q, err := question(r, expected)
	if err == nil {
		err = p.TakeOver(r.Context(), v.Actor, v.Edition.ID, q, format.Form(door.Text(r, "form")), Way(door.Text(r, "way")), door.Text(r, "reason"))
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

// setupText says how the round is set up, as organisers, jurors and the public read it.
func setupText(l ui.Locale, r Round) string {
	text := l.T("jury.format.is." + string(r.Format))
	if r.Final() {
		text = l.T("jury.format.is_final", "n", len(r.Teams))
	}
	text += " " + l.T("jury.format.way."+string(r.Way))
	if r.Minutes > 0 {
		text += " " + l.N("jury.format.minutes_each."+string(r.Format), r.Minutes)
	}
	if r.Floor > 0 && r.Format == Expo {
		text += " " + l.N("jury.format.floor_text", r.Floor)
	}
	if r.Finalists > 0 {
		text += " " + l.T("jury.format.finalists_text", "n", r.Finalists)
	}
	return text
}
