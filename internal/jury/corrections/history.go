package corrections

import (
	"net/http"
	"slices"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

// historyData is the history of one juror's sheet for a team, for whoever leads the jury.
type historyData struct {
	ui.View
	v        *door.Visit
	juror    jury.Juror
	team     jury.TeamRef
	criteria []jury.Criterion
	history  []jury.Mark
	people   map[account.ID]string
	reason   ui.Field
	teams    []ui.Option
	open     bool
}

func (p *pages) showHistory(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.historyAgain(w, r, v, nil)
}

func (p *pages) historyAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		data, err := p.historyData(r, v, refused)
		if err != nil {
			return nil, err
		}
		return historyPage(data), nil
	})
}

func (p *pages) historyData(r *http.Request, v *door.Visit, refused error) (historyData, error) {
	ctx, id, team := r.Context(), v.Edition.ID, r.PathValue("team")
	data := historyData{v: v, people: map[account.ID]string{}, reason: v.Field(r, refused, "reason", "jury.reason")}
	b, err := p.BoardOf(ctx, p.db, id, whose(r))
	if err != nil {
		return data, err
	}
	data.juror = b.Rows[0].Juror
	i := slices.IndexFunc(b.Teams, func(t jury.TeamRef) bool { return t.ID == team })
	if i < 0 {
		return data, sqldb.ErrNotFound
	}
	data.team = b.Teams[i]
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
	data.View = v.Page(data.juror.Account.Name+" · "+data.team.Name, jury.Topic(id))
	data.criteria, data.open = b.Criteria, b.Round.Open()
	return data, nil
}

// why says where a mark comes from that the juror did not give themselves.
func (d historyData) why(m jury.Mark) string {
	if m.Paper == "" {
		return m.Reason
	}
	text := d.L.T("jury.from_paper", "code", m.Paper)
	if m.Reason != "" {
		text += " · " + m.Reason
	}
	return text
}

// criterion is the name of a criterion.
func (d historyData) criterion(id string) string {
	if i := slices.IndexFunc(d.criteria, func(c jury.Criterion) bool { return c.ID == id }); i >= 0 {
		return d.criteria[i].Name
	}
	return id
}

func (p *pages) moveSheet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.afterMove(w, r, v, p.Move(r.Context(), v.Actor, v.Edition.ID, whose(r), r.PathValue("team"), door.Text(r, "to"), door.Text(r, "reason")))
}

func (p *pages) afterMove(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.historyAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.done")
	return v.Go(w, r, v.URL("jury", "sheets", r.PathValue("juror"), r.PathValue("team")))
}

// whose is a juror's id of an address.
func whose(r *http.Request) account.ID { return account.ID(r.PathValue("juror")) }
