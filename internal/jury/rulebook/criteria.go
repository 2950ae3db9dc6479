package rulebook

import (
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

func (p *pages) rulesRoutes(d *door.Door) {
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/judging", door.Anyone(), p.showRules)
	d.Get("/e/{edition}/jury/format", lead, p.showFormat)
	d.Post("/e/{edition}/jury/format", lead, p.takeOver)
	d.Get("/e/{edition}/jury/criteria", lead, p.showCriteria)
	d.Post("/e/{edition}/jury/criteria", lead, p.saveCriteria)
	d.Post("/e/{edition}/jury/ladder", lead, p.saveLadder)
}

// rubricData is the criteria's form, with a few empty lines, and the ladder's.
type rubricData struct {
	ui.View
	v          *door.Visit
	frozen     bool
	sealed     bool // the jury has seen the ranking: nothing changes any more
	empty      bool // nobody wrote a criterion yet
	rows       []rubricRow
	ladder     jury.Ladder
	steps      []ui.Field
	options    []ui.Option // of a step
	decider    ui.Field
	reason     ui.Field // of a change of the criteria
	why        ui.Field // of a change of the ladder
	amendments []jury.Amendment
	prizes     []ui.Option
}

type rubricRow struct {
	id                              string
	share                           string
	name, description, weight, most ui.Field
	prize                           ui.Field
	levels                          []ui.Field
}

func (row rubricRow) all() []ui.Field {
	return append([]ui.Field{row.name, row.weight, row.description, row.most}, row.levels...)
}

func (d rubricData) questions() []ui.Field {
	var all []ui.Field
	for _, row := range d.rows {
		all = append(all, row.all()...)
	}
	return append(append(all, d.steps...), d.decider, d.reason, d.why)
}

// form is one of the two of the page.
type form string

const (
	ofCriteria form = "criteria"
	ofLadder   form = "ladder"
)

// formOf is the form that a request sent, "" for none: what stands in the other one stays.
func formOf(r *http.Request) form {
	switch {
	case r.Method != http.MethodPost:
		return ""
	case path.Base(r.URL.Path) == string(ofLadder):
		return ofLadder
	}
	return ofCriteria
}

// reasonOf asks for the reason of a change, with what was typed where the form was sent.
func reasonOf(r *http.Request, v *door.Visit, refused error, sent bool) ui.Field {
	f := ui.Field{Name: "reason", Label: v.L.T("jury.amend_reason")}
	if sent {
		f = v.Field(r, refused, "reason", "jury.amend_reason")
	}
	f.Hint = v.L.T("jury.amend_reason_hint")
	return f
}

func (p *pages) showCriteria(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.criteriaAgain(w, r, v, nil)
}

func (p *pages) criteriaAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.rubricData(r, v, refused)
		return criteriaPage(data), err
	})
}

func (p *pages) rubricData(r *http.Request, v *door.Visit, refused error) (rubricData, error) {
	ctx, id := r.Context(), v.Edition.ID
	sent := formOf(r)
	d := rubricData{View: v.Page(v.L.T("jury.criteria"), jury.Topic(id)), v: v,
		reason: named(reasonOf(r, v, refused, sent == ofCriteria), "criteria-reason"), why: named(reasonOf(r, v, refused, sent == ofLadder), "ladder-reason"), decider: v.Field(r, refused, "decider", "jury.ladder.who")}
	round, err := p.Round(ctx, p.db, id)
	if err != nil {
		return d, err
	}
	d.ladder, d.sealed = round.Ladder, !round.Deliberation.IsZero()
	criteria, err := p.Criteria(ctx, p.db, id)
	if err != nil {
		return d, err
	}
	if d.frozen, err = p.Frozen(ctx, p.db, id); err != nil {
		return d, err
	}
	if d.amendments, err = p.Amendments(ctx, p.db, id); err != nil {
		return d, err
	}
	panels, err := p.Panels(ctx, p.db, id)
	if err != nil {
		return d, err
	}
	for _, one := range panels {
		d.prizes = append(d.prizes, ui.Option{Value: one.Prize.ID, Label: v.L.T("jury.panel.only_for", "prize", one.Prize.Title)})
	}
	d.empty = len(criteria) == 0
	lines := min(max(len(criteria)+2, 6), jury.MostCriteria)
	if d.frozen {
		lines = len(criteria) // none can come or go
	}
	var typed []jury.Criterion
	if sent == ofCriteria {
		typed = typedCriteria(r)
	}
	weights := jury.Shares(criteria)
	for i := range lines {
		c, share := jury.Criterion{Min: 1, Max: 5}, ""
		if i < len(criteria) {
			c, share = criteria[i], v.L.Percent(weights[i])
		}
		if i < len(typed) && typed[i].Max > 0 {
			c.Max = typed[i].Max
		}
		row := rubricRowOf(r, v, refused, i, c, sent == ofCriteria)
		row.id, row.share, row.most.Disabled, row.prize.Disabled = c.ID, share, d.frozen, d.frozen
		row.name.Required, row.weight.Required = c.ID != "", c.ID != ""
		d.rows = append(d.rows, row)
	}
	d.ladderFields(r, v, refused, criteria)
	return d, nil
}

// ladderFields are the ladder's steps and a few empty ones.
func (d *rubricData) ladderFields(r *http.Request, v *door.Visit, refused error, criteria []jury.Criterion) {
	d.options = []ui.Option{{Value: string(jury.ByHeaviest), Label: v.L.T("jury.ladder.heaviest")}}
	for _, c := range criteria {
		if c.Prize == "" {
			d.options = append(d.options, ui.Option{Value: string(jury.ByOne) + ":" + c.Name, Label: v.L.T("jury.ladder.criterion_is", "name", c.Name)})
		}
	}
	for _, kind := range []jury.StepKind{jury.ByFirstPlaces, jury.ByDecider, jury.Shared} {
		d.options = append(d.options, ui.Option{Value: string(kind), Label: v.L.T("jury.ladder." + string(kind))})
	}
	for i := range min(max(len(d.ladder)+1, 4), jury.MostSteps) {
		f := v.Field(r, refused, jury.FieldName("step", i), "jury.ladder.step")
		f.Label = v.L.T("jury.ladder.step", "n", i+1)
		if formOf(r) != ofLadder && i < len(d.ladder) {
			f.Value = stepValue(d.ladder[i])
		}
		d.steps = append(d.steps, f)
	}
	if formOf(r) != ofLadder {
		d.decider.Value = d.ladder.Decider()
	}
	d.decider.Hint = v.L.T("jury.ladder.who_hint")
}

// stepValue is the step as the form sends it.
func stepValue(s jury.Step) string {
	if s.Kind == jury.ByOne {
		return string(s.Kind) + ":" + s.Name
	}
	return string(s.Kind)
}

// rubricRowOf is the line of a criterion: as it was sent, or as it is.
func rubricRowOf(r *http.Request, v *door.Visit, refused error, i int, c jury.Criterion, sent bool) rubricRow {
	question := func(name, label, value string) ui.Field {
		f := v.Field(r, refused, jury.FieldName(name, i), label)
		if !sent {
			f.Value = value
		}
		return f
	}
	number := func(name, label string, n int) ui.Field {
		f := question(name, label, "")
		if !sent && n > 0 {
			f.Value = strconv.Itoa(n)
		}
		f.InputMode, f.Short = "numeric", true
		return f
	}
	row := rubricRow{name: question("name", "jury.criterion", c.Name), description: question("description", "jury.description", c.Description),
		weight: number("weight", "jury.weight", c.Weight), most: number("max", "jury.scale_to", c.Max), prize: question("prize", "jury.panel.counts_for", c.Prize)}
	for n := c.Min; n <= min(c.Max, jury.MostWorded); n++ {
		f := question("level"+strconv.Itoa(n), "jury.level", c.Level(n))
		f.Label, f.MaxLength = v.L.T("jury.level", "n", n), jury.MostWords
		row.levels = append(row.levels, f)
	}
	return row
}

// typedCriteria reads the rubric's form, lines without a name too.
func typedCriteria(r *http.Request) []jury.Criterion {
	var all []jury.Criterion
	for i := range jury.MostCriteria {
		var wrong errs.Fields
		c := jury.Criterion{ID: door.Text(r, jury.FieldName("id", i)), Name: door.Text(r, jury.FieldName("name", i)), Description: door.Text(r, jury.FieldName("description", i)),
			Prize: door.Text(r, jury.FieldName("prize", i)), Min: 1, Max: door.Int(r, jury.FieldName("max", i), &wrong)}
		for n := 1; n <= jury.MostWorded; n++ {
			c.Levels = append(c.Levels, door.Text(r, jury.FieldName("level"+strconv.Itoa(n), i)))
		}
		all = append(all, c)
	}
	return all
}

func (p *pages) saveCriteria(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	do := door.Text(r, "do")
	if do == "landlord" {
		return p.afterRules(w, r, v, p.SetCriteria(r.Context(), v.Actor, v.Edition.ID, jury.Landlord(v.L)))
	}
	var wrong errs.Fields
	var all []jury.Criterion
	for i, c := range typedCriteria(r) {
		if c.Weight = door.Int(r, jury.FieldName("weight", i), &wrong); c.Name != "" {
			all = append(all, c)
		}
	}
	err := wrong.Err()
	if err == nil {
		present, broken := p.Criteria(r.Context(), p.db, v.Edition.ID)
		if broken != nil {
			return broken
		}
		keepScales(all, present)
		err = p.AmendCriteria(r.Context(), v.Actor, v.Edition.ID, moved(all, do), door.Text(r, "reason"))
	}
	return p.afterRules(w, r, v, err)
}

// keepScales gives back what the form of a frozen rubric does not send.
func keepScales(all, present []jury.Criterion) {
	for i, c := range all {
		if k := slices.IndexFunc(present, func(o jury.Criterion) bool { return o.ID == c.ID && c.ID != "" }); k >= 0 && c.Max == 0 {
			all[i].Min, all[i].Max, all[i].Prize = present[k].Min, present[k].Max, present[k].Prize
		}
	}
}

// moved swaps a line with the one above it, where "up_N" asks for it.
func moved(all []jury.Criterion, do string) []jury.Criterion {
	text, up := strings.CutPrefix(do, "up_")
	if i, err := strconv.Atoi(text); up && err == nil && i > 0 && i < len(all) {
		all[i-1], all[i] = all[i], all[i-1]
	}
	return all
}

func (p *pages) saveLadder(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var l jury.Ladder
	for i := range jury.MostSteps {
		kind, name, _ := strings.Cut(door.Text(r, jury.FieldName("step", i)), ":")
		if kind == "" {
			continue
		}
		step := jury.Step{Kind: jury.StepKind(kind), Name: name}
		if step.Kind == jury.ByDecider {
			step.Name = door.Text(r, "decider")
		}
		l = append(l, step)
	}
	return p.afterRules(w, r, v, p.SetLadder(r.Context(), v.Actor, v.Edition.ID, l, door.Text(r, "reason")))
}

func (p *pages) afterRules(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.criteriaAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.done")
	return v.Go(w, r, v.URL("jury", "criteria"))
}

// rulesData is how the jury judges, for everybody.
type rulesData struct {
	ui.View
	v *door.Visit
	jury.Rules
}

func (d rulesData) challengeOptions() []ui.Option {
	var all []ui.Option
	for _, c := range d.Challenges {
		all = append(all, ui.Option{Value: c.ID, Label: c.Title})
	}
	return all
}

func (p *pages) showRules(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	rules, err := p.Rules(r.Context(), p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, rulesPage(rulesData{View: v.Page(v.L.T("jury.rules"), jury.Topic(v.Edition.ID)), v: v, Rules: rules}))
}
