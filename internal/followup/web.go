package followup

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

// Routes registers this room's pages and operations.
func Routes(d *door.Door, s *Service) {
	h := handlers{s}
	anyone, organisers := door.Anyone(), door.Only(edition.Organiser)
	d.Get("/e/{edition}/followup", anyone, h.showPublic)
	d.Get("/e/{edition}/followup/picture/{report}", anyone, h.picture)
	d.Get("/e/{edition}/followup/answer/{token}", anyone, h.showSheet)
	d.Post("/e/{edition}/followup/answer/{token}", anyone, h.answer)
	d.Get("/e/{edition}/followup/answer/{token}/thanks", anyone, h.thanks)
	d.Get("/e/{edition}/followup/answer/{token}/stop", anyone, h.showStop)
	d.Post("/e/{edition}/followup/answer/{token}/stop", anyone, h.stop)
	d.Get("/e/{edition}/followup/overview", organisers, h.showOverview)
	d.Post("/e/{edition}/followup/overview", organisers, h.setQuiet)
	d.Get("/e/{edition}/followup/overview/{team}", organisers, h.showProject)
	d.Post("/e/{edition}/followup/overview/{team}", organisers, h.fillIn)
	operations(d, s)
}

type handlers struct{ s *Service }

func (h handlers) showPublic(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	public, err := h.s.Public(r.Context(), h.s.db, v.Edition.ID)
	if err != nil {
		return err
	}
	var all []Story
	if public {
		if all, err = h.s.Stories(r.Context(), h.s.db, v.Edition.ID); err != nil {
			return err
		}
	}
	return v.Show(w, r, publicPage(v.Page(v.L.T("followup.title"), Topic(v.Edition.ID)), v, all, tally(all)))
}

func (h handlers) picture(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	content, picture, err := h.s.OpenPicture(r.Context(), v.Actor, v.Edition.ID, r.PathValue("report"))
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }() // it was only read
	w.Header().Set("Content-Type", picture.ContentType)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeContent(w, r, "", time.Time{}, content)
	return nil
}

// form is what is asked of a project.
type form struct {
	State, Words, URL, Picture, Alt, Reason ui.Field
}

func (f form) all() []ui.Field {
	return []ui.Field{f.State, f.Words, f.URL, f.Picture, f.Alt, f.Reason}
}

func questions(r *http.Request, v *door.Visit, last *Report, wrong error) form {
	field := func(name, value string) ui.Field {
		f := v.Field(r, wrong, name, "followup.field."+name)
		if r.PostForm == nil {
			f.Value = value
		}
		return f
	}
	if last == nil {
		last = &Report{}
	}
	f := form{State: field("state", string(last.State)), Words: field("words", last.Words), URL: field("url", last.URL),
		Picture: field("picture", ""), Alt: field("alt", last.Picture.Alt), Reason: field("reason", "")}
	f.State.Required, f.Reason.Required = true, true
	f.Words.MaxLength, f.Words.Rows, f.Alt.MaxLength, f.Reason.MaxLength = MostWords, 4, MostLine, MostLine
	f.Words.Hint, f.Alt.Hint, f.Reason.Hint = v.L.T("followup.hint.words"), v.L.T("followup.hint.alt"), v.L.T("followup.hint.reason")
	f.URL.Kind, f.URL.InputMode, f.URL.Autocomplete = "url", "url", "url"
	return f
}

// said reads the form.
func said(r *http.Request) (Said, error) {
	in := Said{State: State(door.Text(r, "state")), Words: door.Text(r, "words"), URL: door.Text(r, "url"), Alt: door.Text(r, "alt"), Reason: door.Text(r, "reason")}
	file, name, _, err := door.File(r, "picture", largestPicture)
	if errs.Is(err, errs.TooLarge) {
		return in, errs.Fields{{Name: "picture", Key: "followup.picture_large"}}
	}
	if err != nil || file == nil {
		return in, err
	}
	defer func() { _ = file.Close() }() // it was only read
	if in.Picture, err = io.ReadAll(io.LimitReader(file, largestPicture+1)); err != nil {
		return in, fmt.Errorf("reading the picture: %w", err)
	}
	in.Name = name
	return in, nil
}

func (h handlers) showSheet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.sheet(w, r, v, nil)
}

// sheet is the form of a letter's link; a link that is none is told kindly.
func (h handlers) sheet(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	sheet, err := h.s.Sheet(r.Context(), v.Edition.ID, r.PathValue("token"))
	if errs.Is(err, errs.NotFound) {
		return v.ShowStatus(w, r, http.StatusNotFound, deadPage(v.Page(v.L.T("followup.title")), v))
	}
	if err != nil {
		return err
	}
	page := func() templ.Component {
		return sheetPage(v.Page(v.L.T("followup.title")), v, sheet, questions(r, v, sheet.Last, wrong), v.URL("followup", "answer", r.PathValue("token")))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h handlers) answer(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	in, err := said(r)
	if err == nil {
		err = h.s.Answer(r.Context(), v.Edition.ID, r.PathValue("token"), in)
	}
	if err != nil {
		return h.sheet(w, r, v, err)
	}
	return v.Go(w, r, v.URL("followup", "answer", r.PathValue("token"), "thanks"))
}

func (h handlers) thanks(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sheet, err := h.s.Sheet(r.Context(), v.Edition.ID, r.PathValue("token"))
	if err != nil {
		return err
	}
	return v.Show(w, r, thanksPage(v.Page(v.L.T("followup.thanks")), v, sheet, v.URL("followup", "answer", r.PathValue("token"))))
}

func (h handlers) showStop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	sheet, err := h.s.Sheet(r.Context(), v.Edition.ID, r.PathValue("token"))
	if err != nil {
		return err
	}
	return v.Show(w, r, stopPage(v.Page(v.L.T("followup.stop")), v, sheet, v.URL("followup", "answer", r.PathValue("token"))))
}

// stop hears a person, and the mail programs that press for them.
func (h handlers) stop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	do := h.s.Stop
	if door.Text(r, "do") == "go_on" {
		do = h.s.GoOn
	}
	if err := do(r.Context(), v.Edition.ID, r.PathValue("token")); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("followup", "answer", r.PathValue("token"), "stop"))
}

func (h handlers) showOverview(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	o, err := h.s.Overview(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, overviewPage(v.Page(v.L.T("followup.overview"), Topic(v.Edition.ID)), v, o))
}

func (h handlers) setQuiet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	quiet := door.Text(r, "letters") == "off"
	if err := h.s.SetQuiet(r.Context(), v.Actor, v.Edition.ID, quiet); err != nil {
		return err
	}
	if quiet {
		v.Say(w, "ok", "followup.said.quiet")
	} else {
		v.Say(w, "ok", "followup.said.asking")
	}
	return v.Go(w, r, v.URL("followup", "overview"))
}

func (h handlers) showProject(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.project(w, r, v, nil)
}

func (h handlers) project(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	o, err := h.s.Overview(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(o.Stories, func(s Story) bool { return s.Team == r.PathValue("team") })
	if i < 0 {
		return sqldb.ErrNotFound
	}
	story := o.Stories[i]
	page := func() templ.Component {
		return fillPage(v.Page(story.Name(), Topic(v.Edition.ID)), v, story, o, questions(r, v, story.Last, wrong))
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h handlers) fillIn(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	in, err := said(r)
	if err == nil {
		err = h.s.FillIn(r.Context(), v.Actor, v.Edition.ID, r.PathValue("team"), in)
	}
	if err != nil {
		return h.project(w, r, v, err)
	}
	v.Say(w, "ok", "followup.said.filled")
	return v.Go(w, r, v.URL("followup", "overview"))
}

// tone is how a state presents itself.
func (s State) tone() ui.Tone {
	return map[State]ui.Tone{Idea: ui.Water, Pilot: ui.Now, InService: ui.Good, Stopped: ui.Plain}[s]
}

// Sentence says what became of an edition's projects, in the reader's language: "Of the 6
// projects of 2018, 2 are in service and 1 is being tried." It is "" while nobody knows
// of any.
func (t Tally) Sentence(l ui.Locale, year string) string {
	if t.Known == 0 {
		return ""
	}
	var parts []string
	for _, s := range States {
		if n := t.By[s]; n > 0 {
			parts = append(parts, l.N("followup.count."+string(s), n))
		}
	}
	list := parts[len(parts)-1]
	if len(parts) > 1 {
		list = strings.Join(parts[:len(parts)-1], ", ") + " " + l.T("followup.and") + " " + list
	}
	return l.N("followup.counted", t.Projects, "year", year, "list", list)
}
