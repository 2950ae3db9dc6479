package recap

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/markdown"
	"h48/internal/ui"
)

type pages struct{ recap *Service }

// Routes registers the pages and the API of the recap.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	organisers := door.Only(edition.Organiser)
	d.Get("/e/{edition}/recap", door.Anyone(), p.show)
	d.Get("/e/{edition}/recap/numbers.csv", door.Anyone(), p.numbers)
	d.Get("/e/{edition}/recap/pictures/{picture}", door.Anyone(), p.picture)
	d.Get("/e/{edition}/recap/edit", organisers, p.desk)
	d.Post("/e/{edition}/recap/edit", organisers, p.edit)
	d.Post("/e/{edition}/recap/write", organisers, p.write)
	d.Post("/e/{edition}/recap/publish", organisers, p.publish)
	d.Post("/e/{edition}/recap/unpublish", organisers, p.unpublish)
	d.Post("/e/{edition}/recap/pictures", organisers, p.addPicture)
	d.Post("/e/{edition}/recap/pictures/{picture}/drop", organisers, p.dropPicture)
	d.API("GET", "/api/v1/e/{edition}/recap", door.Anyone(), "The recap, once it is public", door.Op(p.apiGet))
	d.API("POST", "/api/v1/e/{edition}/recap", organisers, "Write the recap from the facts", door.Op(p.apiWrite))
	d.API("PUT", "/api/v1/e/{edition}/recap", organisers, "Replace the recap's text", door.Op(p.apiEdit))
	d.API("POST", "/api/v1/e/{edition}/recap/publication", organisers, "Publish the recap", door.Op(p.apiPublish))
	d.API("DELETE", "/api/v1/e/{edition}/recap/publication", organisers, "Take the recap back", door.Op(p.apiUnpublish))
}

// story is the public page.
type story struct {
	recap     Recap
	html      string
	pictures  []Picture
	partners  []edition.PartnerOrg
	organiser bool
	url       func(parts ...string) string
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx := r.Context()
	recap, err := p.recap.Recap(ctx, p.recap.db, v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	s := story{recap: recap, html: markdown.HTML(recap.Text, 2), organiser: v.Is(edition.Organiser), url: v.URL}
	if s.pictures, err = p.recap.Pictures(ctx, p.recap.db, v.Edition.ID); err != nil {
		return err
	}
	if s.partners, err = p.recap.editions.Partners(ctx, p.recap.db, v.Edition.ID); err != nil {
		return err
	}
	return v.Show(w, r, storyPage(v.Page(v.L.T("recap.title"), Topic(v.Edition.ID)), s))
}

func (p *pages) numbers(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	recap, err := p.recap.Recap(r.Context(), p.recap.db, v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	if err := writeNumbers(&content, v.L, recap.Figures); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="numbers-`+v.Edition.Slug+`.csv"`)
	_, _ = content.WriteTo(w) // a reader who has gone is no error of ours
	return nil
}

func (p *pages) picture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	file, picture, err := p.recap.OpenPicture(r.Context(), v.Actor, v.Edition.ID, r.PathValue("picture"))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	w.Header().Set("Content-Type", picture.ContentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.Copy(w, file) // a reader who has gone is no error of ours
	return nil
}

// desk is where an organiser works on the recap.
type desk struct {
	recap    Recap
	fields   map[string]ui.Field
	pictures []Picture
	url      func(parts ...string) string
}

func (p *pages) desk(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.deskPage(w, r, v, nil)
}

func (p *pages) deskPage(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	recap, err := p.recap.Recap(r.Context(), p.recap.db, v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	d := desk{recap: recap, fields: map[string]ui.Field{}, url: v.URL}
	for _, name := range []string{"text", "picture", "alt", "credit", "consent"} {
		d.fields[name] = v.Field(r, wrong, name, "recap."+name)
	}
	if text := d.fields["text"]; !r.PostForm.Has("text") {
		text.Value = recap.Text
		d.fields["text"] = text
	}
	if d.pictures, err = p.recap.Pictures(r.Context(), p.recap.db, v.Edition.ID); err != nil {
		return err
	}
	page := func() templ.Component {
		return deskPage(v.Page(v.L.T("recap.desk"), Topic(v.Edition.ID)), d)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

// after leads back to the desk, or shows it with what was refused.
func (p *pages) after(w http.ResponseWriter, r *http.Request, v *door.Visit, err error) error {
	if err != nil {
		return p.deskPage(w, r, v, err)
	}
	v.Say(w, "ok", "recap.done")
	return v.Go(w, r, v.URL("recap", "edit"))
}

func (p *pages) edit(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.recap.Edit(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "text")+"\n"))
}

func (p *pages) write(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.recap.Write(r.Context(), v.Actor, v.Edition.ID, door.Has(r, "over")))
}

func (p *pages) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.recap.Publish(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return p.deskPage(w, r, v, err)
	}
	v.Say(w, "ok", "recap.is_published")
	return v.Go(w, r, v.URL("recap"))
}

func (p *pages) unpublish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.recap.Unpublish(r.Context(), v.Actor, v.Edition.ID))
}

func (p *pages) addPicture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	file, name, _, err := door.File(r, "picture", largestPicture)
	if err != nil {
		return err
	}
	var content io.Reader
	if file != nil {
		defer func() { _ = file.Close() }() // it was only read
		content = file
	}
	_, err = p.recap.AddPicture(r.Context(), v.Actor, v.Edition.ID, Picture{Alt: door.Text(r, "alt"), Credit: door.Text(r, "credit"),
		Consent: door.Text(r, "consent")}, name, content)
	return p.after(w, r, v, err)
}

func (p *pages) dropPicture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.after(w, r, v, p.recap.DropPicture(r.Context(), v.Actor, v.Edition.ID, r.PathValue("picture")))
}

type recapOut struct {
	Text     string   `json:"text"`
	Edited   bool     `json:"edited"`
	Public   bool     `json:"public"`
	Figures  Figures  `json:"figures"`
	Profiles []rowOut `json:"profiles"`
}

type rowOut struct {
	Key     string `json:"key"`
	N       int    `json:"n"`
	Percent int    `json:"percent"`
}

func (p *pages) apiGet(ctx context.Context, v *door.Visit, _ *struct{}) (*recapOut, error) {
	r, err := p.recap.Recap(ctx, p.recap.db, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &recapOut{Text: r.Text, Edited: r.Edited, Public: r.Public(), Figures: r.Figures, Profiles: []rowOut{}}
	for _, row := range Rows(r.Figures.Profiles, r.Figures.People()) {
		one := rowOut{row.Key, row.N, row.Percent}
		if row.Other {
			one.Key = "other"
		}
		out.Profiles = append(out.Profiles, one)
	}
	return out, nil
}

type writeIn struct {
	// Over writes over what an organiser has edited.
	Over bool `json:"over"`
}

func (p *pages) apiWrite(ctx context.Context, v *door.Visit, in *writeIn) (*recapOut, error) {
	if err := p.recap.Write(ctx, v.Actor, v.Edition.ID, in.Over); err != nil {
		return nil, err
	}
	return p.apiGet(ctx, v, nil)
}

type editIn struct {
	Text string `json:"text"`
}

func (p *pages) apiEdit(ctx context.Context, v *door.Visit, in *editIn) (*recapOut, error) {
	if err := p.recap.Edit(ctx, v.Actor, v.Edition.ID, in.Text); err != nil {
		return nil, err
	}
	return p.apiGet(ctx, v, nil)
}

func (p *pages) apiPublish(ctx context.Context, v *door.Visit, _ *struct{}) (*recapOut, error) {
	if err := p.recap.Publish(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	return p.apiGet(ctx, v, nil)
}

func (p *pages) apiUnpublish(ctx context.Context, v *door.Visit, _ *struct{}) (*recapOut, error) {
	if err := p.recap.Unpublish(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	return p.apiGet(ctx, v, nil)
}
