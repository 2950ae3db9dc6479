package gallery

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/jobs"
	"h48/internal/project"
	"h48/internal/ui"
)

// deskRoutes are the organisers' page about the public projects.
func deskRoutes(d *door.Door, p pages) {
	organisers := door.Only(edition.Organiser)
	d.Get("/e/{edition}/gallery", organisers, p.showDesk)
	d.Post("/e/{edition}/gallery/pictures/{picture}", organisers, p.deskPicture)
	d.Post("/e/{edition}/gallery/sites", organisers, p.makeSite)
	d.Post("/e/{edition}/gallery/sites/{job}/stop", organisers, p.stopSite)
	d.Get("/e/{edition}/gallery/sites/{job}", organisers, p.downloadSite)
	d.API("POST", "/api/v1/e/{edition}/gallery/sites", organisers, "Make the site of the public projects, as a ZIP", door.Op(p.apiSite))
}

// desk is what the organisers' page shows.
type desk struct {
	works  []deskWork
	sites  []jobs.Job
	reason ui.Field
	url    func(parts ...string) string
}

// deskWork is a public project with all its pictures, hidden ones too.
type deskWork struct {
	Card
	pictures []Picture
}

func (p pages) showDesk(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.desk(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) desk(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	ctx := r.Context()
	d := desk{reason: v.Field(r, wrong, "reason", "gallery.desk_reason"), url: v.URL}
	found, err := p.s.Find(ctx, Filter{Edition: v.Edition.ID, Size: 100})
	if err != nil {
		return nil, err
	}
	pictures, err := picturesOf(ctx, p.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range found.Cards {
		one := deskWork{Card: c}
		for _, picture := range pictures {
			if picture.Project == c.Project {
				one.pictures = append(one.pictures, picture)
			}
		}
		d.works = append(d.works, one)
	}
	if d.sites, err = p.s.Sites(ctx, v.Edition.ID); err != nil {
		return nil, err
	}
	topics := []string{Topic(v.Edition.ID)}
	for _, j := range d.sites {
		if !j.State.Ended() {
			topics = append(topics, jobs.Topic(j.ID))
		}
	}
	return func() templ.Component { return deskPage(v.Page(v.L.T("gallery.desk_title"), topics...), d) }, nil
}

// deskAgain answers a form of the desk that was refused.
func (p pages) deskAgain(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	page, err := p.desk(r, v, wrong)
	if err != nil {
		return err
	}
	return v.Again(w, r, wrong, page)
}

func (p pages) deskPicture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	file := project.FileID(r.PathValue("picture"))
	var err error
	if door.Text(r, "do") == "unhide" {
		err = p.s.Unhide(r.Context(), v.Actor, v.Edition.ID, file)
	} else {
		err = p.s.Hide(r.Context(), v.Actor, v.Edition.ID, file, door.Text(r, "reason"))
	}
	if err != nil {
		return p.deskAgain(w, r, v, err)
	}
	v.Say(w, "ok", "gallery.saved")
	return v.Go(w, r, v.URL("gallery"))
}

func (p pages) makeSite(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := p.s.MakeSite(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return p.deskAgain(w, r, v, err)
	}
	return v.Go(w, r, v.URL("gallery"))
}

func (p pages) stopSite(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.StopSite(r.Context(), v.Actor, v.Edition.ID, r.PathValue("job")); err != nil {
		return p.deskAgain(w, r, v, err)
	}
	return v.Go(w, r, v.URL("gallery"))
}

func (p pages) downloadSite(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	file, info, err := p.s.OpenSite(r.Context(), v.Edition.ID, r.PathValue("job"))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	h := w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="projets-`+v.Edition.Slug+`.zip"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.FormatInt(info.Size, 10))
	_, _ = io.Copy(w, file) // a reader who has gone is no error of ours
	return nil
}

type siteOut struct {
	Job string `json:"job"`
}

func (p pages) apiSite(ctx context.Context, v *door.Visit, _ *struct{}) (*siteOut, error) {
	id, err := p.s.MakeSite(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	return &siteOut{Job: id}, nil
}
