package project

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
	"h48/internal/ui"
)

// pages are this room's pages.
type pages struct{ s *Service }

// Routes registers the room's pages and its part of the API.
func Routes(d *door.Door, s *Service) {
	p := pages{s}
	member := door.Only(edition.Participant)
	d.Get("/e/{edition}/project", member, p.showEditor)
	d.Post("/e/{edition}/project/draft", member, p.saveDraft)
	d.Post("/e/{edition}/project/preview", member, p.preview)
	d.Post("/e/{edition}/project/handin", member, p.handIn)
	d.Post("/e/{edition}/project/files", member, p.attach)
	d.Post("/e/{edition}/project/files/{file}/remove", member, p.detach)
	d.Get("/e/{edition}/project/copies/{copy}", member, p.showCopy)
	d.Post("/e/{edition}/project/copies/{copy}", member, p.settle)
	d.Get("/e/{edition}/projects/{project}/versions", door.Members(), p.showVersions)
	d.Get("/e/{edition}/projects/{project}/versions/{number}", door.Members(), p.showReceipt)
	d.Get("/e/{edition}/project-files/{file}", door.Anyone(), p.serveFile)
	organiseRoutes(d, p)
	api(d, s)
}

// editorData is what the editor's page shows.
type editorData struct {
	Edition  edition.Edition
	Project  Project
	Team     team.Team
	Typed    Content
	Gate     Gate
	Current  *Submission
	Copies   []Copy
	Files    []File
	Options  []ui.Option // the challenges
	Editor   string
	Base     int64
	Previews bool // show what the description looks like
	Own      bool // the reader is of the team
	Now      time.Time
	URL      func(parts ...string) string

	Title, Pitch, Challenge, Description, Links, File ui.Field
}

// name is a member's name, or nothing for somebody who left.
func (d editorData) name(who account.ID) string {
	for _, m := range d.Team.Members {
		if m.ID == who {
			return m.Name
		}
	}
	return "–"
}

// isNewer says whether the draft has something that was not handed in.
func (d editorData) isNewer() bool {
	return d.Current != nil && !d.Project.Edited.IsZero() && !d.Project.Draft.Equal(d.Current.Content)
}

func (p pages) showEditor(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.editor(r, v, nil)
	if errors.Is(err, team.ErrNone) {
		return v.Show(w, r, noTeamPage(v.Page(v.L.T("project.title"), team.Topic(v.Edition.ID)), v.URL))
	}
	if err != nil {
		return err
	}
	return v.Show(w, r, page(false))
}

// editor prepares the editor's page, with what was typed in a form and what is wrong
// with it.
func (p pages) editor(r *http.Request, v *door.Visit, wrong error) (func(previews bool) templ.Component, error) {
	ctx := r.Context()
	d := editorData{Edition: v.Edition, Now: v.Now, URL: v.URL}
	var err error
	if d.Project, err = p.s.Mine(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	if d.Team, err = p.s.teams.Get(ctx, p.s.db, v.Edition.ID, d.Project.Team); err != nil {
		return nil, err
	}
	d.Gate = gateAt(v.Edition, d.Project, v.Now)
	if d.Copies, err = p.s.Copies(ctx, p.s.db, d.Project.ID); err != nil {
		return nil, err
	}
	if d.Files, err = p.s.Files(ctx, p.s.db, d.Project.ID); err != nil {
		return nil, err
	}
	current, err := p.s.Current(ctx, p.s.db, d.Project.Team)
	switch {
	case err == nil:
		d.Current = &current
	case !errors.Is(err, ErrNone):
		return nil, err
	}
	if d.Options, err = p.options(r, v, d.Project.Draft.Challenge); err != nil {
		return nil, err
	}
	d.Typed, d.Editor, d.Base = d.Project.Draft, p.s.ids.ID(), d.Project.Revision
	if r.PostForm.Has("editor") {
		var edit Edit
		d.Typed, edit = typed(r)
		d.Editor, d.Base = edit.Editor, edit.Base
	}
	d.fields(r, v, wrong)
	return func(previews bool) templ.Component {
		d.Previews = previews
		return editorPage(v.Page(v.L.T("project.title"), TeamTopic(d.Project.Team)), d)
	}, nil
}

// fields are the questions of the form, with what was typed.
func (d *editorData) fields(r *http.Request, v *door.Visit, wrong error) {
	d.Title, d.Pitch = v.Field(r, wrong, "title", "project.field.title"), v.Field(r, wrong, "pitch", "project.field.pitch")
	d.Challenge, d.Description = v.Field(r, wrong, "challenge", "project.field.challenge"), v.Field(r, wrong, "description", "project.field.description")
	d.Links, d.File = v.Field(r, wrong, "links", "project.field.links"), v.Field(r, wrong, "file", "project.file.choose")
	d.Title.Value, d.Pitch.Value, d.Description.Value, d.Challenge.Value = d.Typed.Title, d.Typed.Pitch, d.Typed.Description, string(d.Typed.Challenge)
	d.Links.ID, d.File.Value = "f-link-url-1", ""
}

// options are the challenges that a team may choose, and the one it has.
func (p pages) options(r *http.Request, v *door.Visit, have ChallengeID) ([]ui.Option, error) {
	all, err := p.s.Challenges(r.Context(), p.s.db, v.Edition.ID)
	var options []ui.Option
	for _, c := range all {
		if c.Dropped.IsZero() || c.ID == have {
			options = append(options, ui.Option{Value: string(c.ID), Label: c.Title})
		}
	}
	return options, err
}

// typed reads the editor's form.
func typed(r *http.Request) (Content, Edit) {
	var none errs.Fields
	edit := Edit{Editor: door.Text(r, "editor"), Base: int64(door.Int(r, "base", &none))}
	c := Content{Title: door.Text(r, "title"), Pitch: door.Text(r, "pitch"), Description: door.Text(r, "description"),
		Challenge: ChallengeID(door.Text(r, "challenge"))}
	for i := 1; i <= MaxLinks; i++ {
		c.Links = append(c.Links, Link{Label: door.Text(r, fmt.Sprint("link-label-", i)), URL: door.Text(r, fmt.Sprint("link-url-", i))})
	}
	return c.tidy(), edit
}

// again shows the editor after a refused form.
func (p pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error) error {
	page, err := p.editor(r, v, refusal)
	if err != nil {
		return err
	}
	return v.Again(w, r, refusal, func() templ.Component { return page(false) })
}

func (p pages) saveDraft(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	c, edit := typed(r)
	_, err := p.s.SaveDraft(r.Context(), v.Actor, v.Edition.ID, c, edit)
	if errors.Is(err, ErrDiverged) && r.Header.Get("X-Autosave") == "" {
		v.Say(w, "warn", "project.diverged")
		return v.Go(w, r, v.URL("project"))
	}
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "project.saved")
	return v.Go(w, r, v.URL("project"))
}

func (p pages) preview(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	typed(r) // parses the form
	page, err := p.editor(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page(true))
}

func (p pages) handIn(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	c, edit := typed(r)
	sub, err := p.s.HandIn(r.Context(), v.Actor, v.Edition.ID, c, edit, door.Action(r, v))
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "project.handin.done", "n", sub.Number, "time", v.L.DateTime(sub.At))
	return v.Go(w, r, v.URL("projects", string(sub.Project), "versions", strconv.Itoa(sub.Number)))
}

func (p pages) attach(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	begun := v.Now // the visit began with the request's first bytes
	body, name, size, err := door.File(r, "file", MaxFile)
	if errs.Is(err, errs.TooLarge) {
		err = errs.New(ErrTooLarge.Kind, ErrTooLarge.Key, "max", MaxFile/1_000_000)
	} else if err == nil && body == nil {
		err = errs.Fields{{Name: "file", Key: "project.file_needed"}}
	}
	if err != nil {
		return p.again(w, r, v, err)
	}
	defer body.Close()
	f, err := p.s.Attach(r.Context(), v.Actor, v.Edition.ID, Upload{Name: name, Size: size, Body: body, Begun: begun})
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "project.file.added", "name", f.Name)
	return v.Go(w, r, v.URL("project")+"#files")
}

func (p pages) detach(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.Detach(r.Context(), v.Actor, v.Edition.ID, FileID(r.PathValue("file"))); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "project.file.removed")
	return v.Go(w, r, v.URL("project")+"#files")
}

// copyData is what the page shows on which two texts become one.
type copyData struct {
	editorData
	Copy Copy
}

func (p pages) showCopy(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.copyPage(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) copyPage(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	ctx := r.Context()
	d := copyData{editorData: editorData{Edition: v.Edition, Now: v.Now, URL: v.URL}}
	var err error
	if d.Project, err = p.s.Mine(ctx, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	if d.Team, err = p.s.teams.Get(ctx, p.s.db, v.Edition.ID, d.Project.Team); err != nil {
		return nil, err
	}
	if d.Options, err = p.options(r, v, d.Project.Draft.Challenge); err != nil {
		return nil, err
	}
	copies, err := p.s.Copies(ctx, p.s.db, d.Project.ID)
	if err != nil {
		return nil, err
	}
	for _, c := range copies {
		if c.ID == r.PathValue("copy") {
			d.Copy = c
		}
	}
	if d.Copy.ID == "" {
		return nil, sqldb.ErrNotFound
	}
	d.Typed, d.Base = d.Copy.Content, d.Project.Revision
	if r.PostForm.Has("editor") {
		d.Typed, _ = typed(r)
	}
	d.fields(r, v, wrong)
	return func() templ.Component {
		return mergePage(v.Page(v.L.T("project.merge.title"), TeamTopic(d.Project.Team)), d)
	}, nil
}

func (p pages) settle(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	c, edit := typed(r)
	_, err := p.s.Settle(r.Context(), v.Actor, v.Edition.ID, r.PathValue("copy"), c, edit.Base)
	if err != nil {
		page, again := p.copyPage(r, v, err)
		if again != nil {
			return errors.Join(err, again)
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "project.merged")
	return v.Go(w, r, v.URL("project"))
}

// serveFile gives a file out. Only real pictures are shown in place; all else is a
// download that no browser interprets.
func (p pages) serveFile(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	f, content, err := p.s.Open(r.Context(), v.Actor, v.Edition.ID, FileID(r.PathValue("file")))
	if err != nil {
		return err
	}
	defer content.Close()
	h := w.Header()
	h.Set("Content-Type", f.ContentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, max-age=3600")
	disposition := "attachment"
	if f.Picture() {
		disposition = "inline"
	}
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": f.Name}))
	http.ServeContent(w, r, "", f.Added, content)
	return nil
}

// lineTone is how a line of a comparison is marked beside its sign.
func lineTone(sign byte) ui.Tone {
	if sign == '+' {
		return ui.Good
	}
	return ui.Bad
}

// changed keeps the lines of a comparison that did not stay.
func changed(before, after string) []Line {
	var out []Line
	for _, l := range Diff(before, after) {
		if l.Sign != ' ' && strings.TrimSpace(l.Text) != "" {
			out = append(out, l)
		}
	}
	return out
}
