package gallery

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/project"
	"h48/internal/team"
	"h48/internal/ui"
)

// teamRoutes are a team's pages about its own public page.
func teamRoutes(d *door.Door, p pages) {
	member := door.Only(edition.Participant)
	d.Get("/e/{edition}/project/public", member, p.showMine)
	d.Post("/e/{edition}/project/public/me", member, p.agree)
	d.Post("/e/{edition}/project/public/pictures/{picture}", member, p.setPicture)
}

func (p pages) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.mine(r, v, nil)
	if errors.Is(err, team.ErrNone) {
		return v.Go(w, r, v.URL("project")) // which says what to do without a team
	}
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

// mine prepares the team's page, with what is wrong with the form of one picture.
func (p pages) mine(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	d := teamData{url: v.URL, alt: map[project.FileID]ui.Field{}}
	var err error
	if d.shown, d.pictures, d.members, err = p.s.Mine(r.Context(), v.Actor, v.Edition); err != nil {
		return nil, err
	}
	for _, m := range d.members {
		if m.Account == v.Actor.ID {
			d.me = m
		}
	}
	for _, one := range d.pictures {
		f := ui.Field{Name: "alt", Label: v.L.T("gallery.alt"), Value: one.Alt}
		if string(one.ID) == r.PathValue("picture") {
			f = v.Field(r, wrong, "alt", "gallery.alt")
		}
		f.ID, f.Hint, f.MaxLength = "f-alt-"+string(one.ID), v.L.T("gallery.alt_hint"), MostAlt
		d.alt[one.ID] = f
	}
	topics := []string{Topic(v.Edition.ID)}
	return func() templ.Component { return teamPage(v.Page(v.L.T("gallery.mine"), topics...), d) }, nil
}

func (p pages) agree(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	shown := door.Text(r, "shown") == "yes"
	if err := p.s.Agree(r.Context(), v.Actor, v.Edition.ID, shown); err != nil {
		return err
	}
	if shown {
		v.Say(w, "ok", "gallery.said_yes")
	} else {
		v.Say(w, "ok", "gallery.said_no")
	}
	return v.Go(w, r, v.URL("project", "public"))
}

func (p pages) setPicture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, file := r.Context(), project.FileID(r.PathValue("picture"))
	var err error
	switch do := door.Text(r, "do"); do {
	case "hide":
		err = p.s.Hide(ctx, v.Actor, v.Edition.ID, file, door.Text(r, "reason"))
	case "unhide":
		err = p.s.Unhide(ctx, v.Actor, v.Edition.ID, file)
	default:
		err = p.s.Describe(ctx, v.Actor, v.Edition.ID, file, door.Text(r, "alt"), do == "first")
	}
	if err != nil {
		page, failed := p.mine(r, v, err)
		if failed != nil {
			return errors.Join(err, failed)
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "gallery.saved")
	return v.Go(w, r, v.URL("project", "public")+"#picture-"+string(file))
}
