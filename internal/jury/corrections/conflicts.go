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
	v *door.Visit
	// bundles are found for one reason each, for which none was lifted so far; conflicts
	// are all others.
	bundles   []bundle
	conflicts []jury.Conflict
	jurors    []ui.Option
	teams     []ui.Option
	// refused is which form was sent back, "" where it is the one that recuses.
	refused string
	fields  map[string]ui.Field
}

// bundle is what was found for the same reason, and can be lifted at once.
type bundle []jury.Conflict

// mostListed is how many recusals of a bundle are listed one by one.
const mostListed = 60

// key names a bundle, and the form by which a conflict is lifted.
func (b bundle) key() string { return string(b[0].Source) + " " + b[0].Reason }

func keyOf(c jury.Conflict) string { return string(c.Juror) + " " + c.Team }

// counts are how many jurors and teams the bundle keeps apart.
func (b bundle) counts() (jurors, teams int) {
	who, which := map[account.ID]bool{}, map[string]bool{}
	for _, c := range b {
		who[c.Juror], which[c.Team] = true, true
	}
	return len(who), len(which)
}

// bundled parts what can be lifted together from the rest, both in the order of the list.
func bundled(all []jury.Conflict) (bundles []bundle, rest []jury.Conflict) {
	at := map[string]bundle{}
	for _, c := range all {
		if one := (bundle{c}); c.Liftable() && c.Source != jury.ByOrganiser {
			at[one.key()] = append(at[one.key()], c)
		}
	}
	for _, c := range all {
		same := at[bundle{c}.key()]
		switch {
		case len(same) < 2 || !c.Liftable():
			rest = append(rest, c)
		case same[0] == c:
			bundles = append(bundles, same)
		}
	}
	return bundles, rest
}

// why is the field for the reason in one of the page's forms: what was typed, and what is
// wrong with it, stand in the one that was sent.
func (d conflictsData) why(form, id string) ui.Field {
	f := d.fields["reason"]
	if form != d.refused {
		f.Value, f.Error = "", ""
	}
	return needed(f, id)
}

// open keeps the form that was sent back in sight.
func (d conflictsData) open(form string) templ.Attributes {
	return templ.Attributes{"open": form != "" && form == d.refused && d.fields["reason"].Error != ""}
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
		data := conflictsData{View: v.Page(v.L.T("jury.conflicts"), jury.Topic(v.Edition.ID)), v: v, refused: door.Text(r, "form"), fields: map[string]ui.Field{
			"juror": v.Field(r, refused, "juror", "jury.juror"), "team": v.Field(r, refused, "team", "jury.team"), "reason": v.Field(r, refused, "reason", "jury.reason")}}
		data.bundles, data.conflicts = bundled(all)
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

func (p *pages) liftAll(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.LiftAll(r.Context(), v.Actor, v.Edition.ID, jury.Source(door.Text(r, "source")), door.Text(r, "found"), door.Text(r, "reason"))
	return p.afterConflict(w, r, v, err)
}

func (p *pages) afterConflict(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.conflictsAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.done")
	return v.Go(w, r, v.URL("jury", "conflicts"))
}
