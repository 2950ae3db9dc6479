package corrections

import (
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/jury"
	"h48/internal/ui"
)

// conflictsData is the list of recusals.
type conflictsData struct {
	ui.View
	v         *door.Visit
	conflicts []jury.Conflict
	jurors    []ui.Option
	teams     []ui.Option
	fields    map[string]ui.Field
}

func (p *pages) showConflicts(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.conflictsAgain(w, r, v, nil)
}

func (p *pages) conflictsAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	return jury.Show(w, r, v, refused, func() (templ.Component, error) {
		b, err := p.Board(r.Context(), p.db, v.Edition.ID)
		if err != nil {
			return nil, err
		}
		all, err := p.Conflicts(r.Context(), p.db, v.Edition.ID)
		data := conflictsData{View: v.Page(v.L.T("jury.conflicts"), jury.Topic(v.Edition.ID)), v: v, conflicts: all, fields: map[string]ui.Field{
			"juror": v.Field(r, refused, "juror", "jury.juror"), "team": v.Field(r, refused, "team", "jury.team"), "reason": v.Field(r, refused, "reason", "jury.reason")}}
		for _, row := range b.Rows {
			data.jurors = append(data.jurors, ui.Option{Value: string(row.Juror.Account.ID), Label: row.Juror.Account.Name})
		}
		for _, t := range b.Teams {
			data.teams = append(data.teams, ui.Option{Value: t.ID, Label: t.Name})
		}
		return conflictsPage(data), err
	})
}

func (p *pages) recuseJuror(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.Recuse(r.Context(), v.Actor, v.Edition.ID, account.ID(door.Text(r, "juror")), door.Text(r, "team"), door.Text(r, "reason"))
	return p.afterConflict(w, r, v, err)
}

func (p *pages) lift(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.Lift(r.Context(), v.Actor, v.Edition.ID, account.ID(door.Text(r, "juror")), door.Text(r, "team"), door.Text(r, "reason"))
	return p.afterConflict(w, r, v, err)
}

func (p *pages) afterConflict(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.conflictsAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.done")
	return v.Go(w, r, v.URL("jury", "conflicts"))
}
