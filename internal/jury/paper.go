package jury

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/ui"
)

// paperData is one juror's sheet for a team, for whoever leads the jury.
type paperData struct {
	ui.View
	v        *door.Visit
	juror    Juror
	team     TeamRef
	criteria []Criterion
	history  []Mark
	people   map[account.ID]string
	fields   []ui.Field
	reason   ui.Field
	teams    []ui.Option
	recused  bool
	open     bool
}

func (p *pages) showPaper(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.paperAgain(w, r, v, nil)
}

func (p *pages) paperAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return Show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.paperData(r, v, refused)
		if err != nil {
			return nil, err
		}
		return paperPage(data), nil
	})
}

func (p *pages) paperData(r *http.Request, v *door.Visit, refused error) (paperData, error) {
	ctx, id, team := r.Context(), v.Edition.ID, r.PathValue("team")
	data := paperData{v: v, people: map[account.ID]string{}, reason: v.Field(r, refused, "reason", "jury.reason")}
	b, err := p.read(ctx, p.db, id)
	if err != nil {
		return data, err
	}
	if data.juror, err = p.Service.juror(ctx, p.db, id, whose(r)); err != nil {
		return data, err
	}
	if data.team, err = p.Service.team(ctx, p.db, id, team); err != nil {
		return data, err
	}
	if data.history, err = p.History(ctx, p.db, id, whose(r), team); err != nil {
		return data, err
	}
	for _, m := range data.history {
		if _, known := data.people[m.EnteredBy]; !known {
			who, err := p.accounts.Get(ctx, p.db, m.EnteredBy)
			if err != nil {
				return data, err
			}
			data.people[m.EnteredBy] = who.Name
		}
	}
	for _, t := range b.Teams {
		if t.ID != team {
			data.teams = append(data.teams, ui.Option{Value: t.ID, Label: t.Name})
		}
	}
	data.View = v.Page(data.juror.Account.Name+" · "+data.team.Name, Topic(id))
	data.criteria, data.open = b.Criteria, b.Round.Open()
	_, data.recused = b.conflict(whose(r), team)
	data.fields = MarkFields(r, v, refused, b.Criteria, b.sheets[sheetKey{whose(r), team}])
	return data, nil
}

// criterion is the name of a criterion.
func (d paperData) criterion(id string) string {
	if i := slices.IndexFunc(d.criteria, func(c Criterion) bool { return c.ID == id }); i >= 0 {
		return d.criteria[i].Name
	}
	return id
}

func (p *pages) enterPaper(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	criteria, err := p.Criteria(r.Context(), p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	in, err := ReadAnswers(r, criteria)
	if err == nil {
		err = p.Enter(r.Context(), v.Actor, v.Edition.ID, whose(r), r.PathValue("team"), in, door.Action(r, v), door.Text(r, "reason"))
	}
	return p.afterPaper(w, r, v, err)
}

func (p *pages) moveSheet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.afterPaper(w, r, v, p.Move(r.Context(), v.Actor, v.Edition.ID, whose(r), r.PathValue("team"), door.Text(r, "to"), door.Text(r, "reason")))
}

func (p *pages) afterPaper(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.paperAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.done")
	return v.Go(w, r, v.URL("jury", "sheets", r.PathValue("juror"), r.PathValue("team")))
}
