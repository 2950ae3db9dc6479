package jury

import (
	"context"
	"math"
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/ui"
)

func (p *pages) panelRoutes(d *door.Door) {
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/jury/panels", lead, p.showPanels)
	d.Post("/e/{edition}/jury/panels/{prize}", lead, p.savePanel)
	d.API("GET", "/api/v1/e/{edition}/jury/panels", lead, "Who judges each prize, and who may win it", door.Op(p.apiPanels))
	d.API("PUT", "/api/v1/e/{edition}/jury/panels/{prize}", lead, "Say who judges a prize and who may win it; after the first mark for a reason", door.Op(p.apiSetPanel))
	d.API("GET", "/api/v1/e/{edition}/jury/panels/{prize}/ranking", door.Only(edition.Juror), "The ranking of one prize, once its reader may see it", door.Op(p.apiPrizeRanking))
}

// panelsData is each prize with its jury.
type panelsData struct {
	ui.View
	v          *door.Visit
	panels     []Panel
	bonus      map[string]Criterion // by prize
	jurors     []Juror
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
	return show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.panelsData(r, v, refused)
		return panelsPage(data), err
	})
}

func (p *pages) panelsData(r *http.Request, v *door.Visit, refused error) (panelsData, error) {
	ctx, id := r.Context(), v.Edition.ID
	d := panelsData{View: v.Page(v.L.T("jury.panels"), Topic(id)), v: v, bonus: map[string]Criterion{}, wrong: map[string]ui.Field{},
		reason: v.Field(r, refused, "reason", "jury.amend_reason")}
	d.reason.Hint = v.L.T("jury.amend_reason_hint")
	b, err := p.read(ctx, p.db, id)
	if err != nil {
		return d, err
	}
	d.panels, d.frozen, d.sealed = b.panels, b.Frozen, !b.Round.Deliberation.IsZero()
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
	challenges, err := p.challenges(ctx, p.db, id)
	if err != nil {
		return d, err
	}
	for _, c := range challenges {
		d.challenges = append(d.challenges, ui.Option{Value: c.ID, Label: c.Title})
	}
	if refused != nil {
		d.refused = r.PathValue("prize")
		if i := slices.IndexFunc(d.panels, func(p Panel) bool { return p.Prize.ID == d.refused }); i >= 0 {
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
func (d panelsData) field(p Panel, name, value string) ui.Field {
	f := d.wrong[name]
	f.ID, f.Value = name+"-"+p.Prize.ID, value
	if p.Prize.ID != d.refused {
		f.Error = ""
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
			all = append(all, named(d.reason, "reason-"+p.Prize.ID))
		}
	}
	return all
}

func (d panelsData) eligible() []ui.Option {
	all := []ui.Option{{Value: string(AllTeams), Label: d.L.T("jury.panel.who.all")}}
	if len(d.challenges) > 0 {
		all = append(all, ui.Option{Value: string(OfChallenge), Label: d.L.T("jury.panel.who.challenge")})
	}
	return append(all, ui.Option{Value: string(ChosenTeams), Label: d.L.T("jury.panel.who.chosen")})
}

// summary says a panel in a sentence or two.
func (d panelsData) summary(p Panel) string {
	text := whoText(d.L, p, d.challenges, d.teams)
	if len(p.Jurors) == 0 {
		return text + " " + d.L.T("jury.panel.whole")
	}
	return text + " " + d.L.T("jury.panel.by", "names", juryOf(p, d.jurors))
}

// whoText says who may win.
func whoText(l ui.Locale, p Panel, challenges, teams []ui.Option) string {
	switch p.Who {
	case OfChallenge:
		return l.T("jury.panel.for_challenge", "name", label(challenges, p.Challenge))
	case ChosenTeams:
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
func panelOf(r *http.Request) Panel {
	p := Panel{Prize: PrizeRef{ID: r.PathValue("prize")}, Who: Eligible(door.Text(r, "who")), Challenge: door.Text(r, "challenge"),
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

type panelJSON struct {
	Prize     string       `json:"prize"`
	Title     string       `json:"title"`
	Who       Eligible     `json:"eligible"`
	Challenge string       `json:"challenge,omitempty"`
	Teams     []string     `json:"teams,omitempty"`
	Jurors    []account.ID `json:"jurors,omitempty"` // none is the whole jury
	Limited   []account.ID `json:"limited,omitempty"`
}

type panelsOut struct {
	Panels []panelJSON `json:"panels"`
}

func (p *pages) apiPanels(ctx context.Context, v *door.Visit, _ *none) (*panelsOut, error) {
	all, err := p.Panels(ctx, p.db, v.Edition.ID)
	out := &panelsOut{Panels: []panelJSON{}}
	for _, one := range all {
		out.Panels = append(out.Panels, panelJSON{Prize: one.Prize.ID, Title: one.Prize.Title, Who: one.Who, Challenge: one.Challenge,
			Teams: one.Teams, Jurors: one.Jurors, Limited: one.Limited})
	}
	return out, err
}

type panelIn struct {
	Edition   string       `path:"edition" json:"-"`
	Prize     string       `path:"prize" json:"-"`
	Who       Eligible     `json:"eligible"`
	Challenge string       `json:"challenge"`
	Teams     []string     `json:"teams"`
	Jurors    []account.ID `json:"jurors"`
	Limited   []account.ID `json:"limited"`
	Reason    string       `json:"reason"` // needed after the first mark
}

func (p *pages) apiSetPanel(ctx context.Context, v *door.Visit, in *panelIn) (*panelsOut, error) {
	panel := Panel{Prize: PrizeRef{ID: in.Prize}, Who: in.Who, Challenge: in.Challenge, Teams: in.Teams, Jurors: in.Jurors, Limited: in.Limited}
	if err := p.SetPanel(ctx, v.Actor, v.Edition.ID, panel, in.Reason); err != nil {
		return nil, err
	}
	return p.apiPanels(ctx, v, &none{})
}

type prizeIn struct {
	Edition string `path:"edition" json:"-"`
	Prize   string `path:"prize" json:"-"`
}

type prizeStandings struct {
	Prize     string        `json:"prize"`
	Standings []standingOut `json:"standings"`
}

func (p *pages) apiPrizeRanking(ctx context.Context, v *door.Visit, in *prizeIn) (*prizeStandings, error) {
	if err := p.Sealed(ctx, p.db, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	all, err := p.StandingsFor(ctx, p.db, v.Edition.ID, in.Prize)
	if err != nil {
		return nil, err
	}
	out := &prizeStandings{Prize: in.Prize, Standings: []standingOut{}}
	for _, s := range all {
		line := standingOut{Team: s.Team.ID, Name: s.Team.Name, Rank: s.Rank, RankLo: s.RankLo, RankHi: s.RankHi, Score: s.Score,
			PBest: s.PBest, Visits: s.Visits, Tier: s.Tier, Tie: s.Tie}
		if !math.IsNaN(s.Raw) {
			line.Raw = &s.Raw
		}
		out.Standings = append(out.Standings, line)
	}
	return out, nil
}
