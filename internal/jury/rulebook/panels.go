package rulebook

import (
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/ui"
)

func (p *pages) panelRoutes(d *door.Door) {
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/jury/panels", lead, p.showPanels)
	d.Post("/e/{edition}/jury/panels/{prize}", lead, p.savePanel)
}

// panelsData is each prize with its jury.
type panelsData struct {
	ui.View
	v          *door.Visit
	panels     []jury.Panel
	bonus      map[string]jury.Criterion // by prize
	jurors     []jury.Juror
	teams      []ui.Option
	members    []ui.Option // the jury
	challenges []ui.Option
	frozen     bool
	sealed     bool
	refused    string // the prize whose form was refused
	reason     ui.Field
	wrong      map[string]ui.Field
}

func (p *pages) showPanels(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.panelsAgain(w, r, v, nil)
}

func (p *pages) panelsAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.panelsData(r, v, refused)
		return panelsPage(data), err
	})
}

func (p *pages) panelsData(r *http.Request, v *door.Visit, refused error) (panelsData, error) {
	ctx, id := r.Context(), v.Edition.ID
	d := panelsData{View: v.Page(v.L.T("jury.panels"), jury.Topic(id)), v: v, bonus: map[string]jury.Criterion{}, wrong: map[string]ui.Field{},
		reason: v.Field(r, refused, "reason", "jury.amend_reason")}
	d.reason.Hint = v.L.T("jury.amend_reason_hint")
	b, err := p.Board(ctx, p.db, id)
	if err != nil {
		return d, err
	}
	if d.panels, err = p.Panels(ctx, p.db, id); err != nil {
		return d, err
	}
	d.frozen, d.sealed = b.Frozen, !b.Round.Deliberation.IsZero()
	for _, c := range b.Criteria {
		if c.Prize != "" {
			d.bonus[c.Prize] = c
		}
	}
	for _, row := range b.Rows {
		d.jurors = append(d.jurors, row.Juror)
		d.members = append(d.members, ui.Option{Value: string(row.Juror.Account.ID), Label: row.Juror.Account.Name})
	}
	for _, t := range b.Teams {
		d.teams = append(d.teams, ui.Option{Value: t.ID, Label: t.Name})
	}
	challenges, err := p.Challenges(ctx, p.db, id)
	if err != nil {
		return d, err
	}
	for _, c := range challenges {
		d.challenges = append(d.challenges, ui.Option{Value: c.ID, Label: c.Title})
	}
	if refused != nil {
		d.refused = r.PathValue("prize")
		if i := slices.IndexFunc(d.panels, func(p jury.Panel) bool { return p.Prize.ID == d.refused }); i >= 0 {
			typed := panelOf(r)
			typed.Prize = d.panels[i].Prize
			d.panels = slices.Clone(d.panels)
			d.panels[i] = typed
		}
	}
	for name, label := range map[string]string{"who": "jury.panel.who", "challenge": "jury.panel.challenge", "team": "jury.panel.teams",
		"juror": "jury.panel.jurors", "limited": "jury.panel.limited"} {
		d.wrong[name] = v.Field(r, refused, name, label)
	}
	return d, nil
}

// field is one question of a prize's form.
func (d panelsData) field(p jury.Panel, name, value string) ui.Field {
	f := d.wrong[name]
	f.ID, f.Value = name+"-"+p.Prize.ID, value
	if p.Prize.ID != d.refused {
		f.Error = ""
	}
	return f
}

// reasonOf asks why the panel changes; what was typed and refused stands in its own form.
func (d panelsData) reasonOf(p jury.Panel) ui.Field {
	f := named(d.reason, "reason-"+p.Prize.ID)
	if p.Prize.ID != d.refused {
		f.Error, f.Value = "", ""
	}
	return f
}

func (d panelsData) questions() []ui.Field {
	var all []ui.Field
	for _, p := range d.panels {
		if p.Prize.ID == d.refused {
			for _, name := range []string{"who", "challenge", "team", "juror", "limited"} {
				all = append(all, d.field(p, name, ""))
			}
			all = append(all, d.reasonOf(p))
		}
	}
	return all
}

func (d panelsData) eligible() []ui.Option {
	all := []ui.Option{{Value: string(jury.AllTeams), Label: d.L.T("jury.panel.who.all")}}
	if len(d.challenges) > 0 {
		all = append(all, ui.Option{Value: string(jury.OfChallenge), Label: d.L.T("jury.panel.who.challenge")})
	}
	return append(all, ui.Option{Value: string(jury.ChosenTeams), Label: d.L.T("jury.panel.who.chosen")})
}

// summary says a panel in a sentence or two.
func (d panelsData) summary(p jury.Panel) string {
	text := whoText(d.L, p, d.challenges, d.teams)
	if len(p.Jurors) == 0 {
		return text + " " + d.L.T("jury.panel.whole")
	}
	return text + " " + d.L.T("jury.panel.by", "names", juryOf(p, d.jurors))
}

// whoText says who may win.
func whoText(l ui.Locale, p jury.Panel, challenges, teams []ui.Option) string {
	switch p.Who {
	case jury.OfChallenge:
		return l.T("jury.panel.for_challenge", "name", ui.LabelOf(challenges, p.Challenge))
	case jury.ChosenTeams:
		return l.N("jury.panel.for_chosen", len(p.Teams))
	}
	return l.T("jury.panel.for_all")
}

func texts(all []account.ID) []string {
	out := make([]string, len(all))
	for i, id := range all {
		out[i] = string(id)
	}
	return out
}

func people(all []string) []account.ID {
	var out []account.ID
	for _, id := range all {
		out = append(out, account.ID(id))
	}
	return out
}

// panelOf reads a prize's form. Whoever judges for this prize alone judges for it.
func panelOf(r *http.Request) jury.Panel {
	p := jury.Panel{Prize: jury.PrizeRef{ID: r.PathValue("prize")}, Who: jury.Eligible(door.Text(r, "who")), Challenge: door.Text(r, "challenge"),
		Teams: door.Texts(r, "team"), Jurors: people(door.Texts(r, "juror")), Limited: people(door.Texts(r, "limited"))}
	for _, j := range p.Limited {
		if !slices.Contains(p.Jurors, j) {
			p.Jurors = append(p.Jurors, j)
		}
	}
	return p
}

func (p *pages) savePanel(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.SetPanel(r.Context(), v.Actor, v.Edition.ID, panelOf(r), door.Text(r, "reason")); err != nil {
		return p.panelsAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.done")
	return v.Go(w, r, v.URL("jury", "panels"))
}

// juryOf names the prize's jurors, for its page.
func juryOf(p jury.Panel, jurors []jury.Juror) string {
	var names []string
	for _, j := range jurors {
		if p.Has(j.Account.ID) {
			names = append(names, j.Account.Name)
		}
	}
	return strings.Join(names, ", ")
}
