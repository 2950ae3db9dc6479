package programme

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/ui"
)

// editForm is a session as the organiser's page asks for it.
type editForm struct {
	Session ID // "" for a new one
	Kind, Title, Text, Room, Start, End, Seats,
	Speakers, SpeakerName, Public ui.Field
	Kinds  []ui.Option // of session, to choose from
	Known  []ui.Option // the speakers to choose from
	Chosen []string
}

func (f editForm) fields() []ui.Field {
	return []ui.Field{f.Kind, f.Title, f.Start, f.End, f.Room, f.Seats, f.Speakers, f.SpeakerName, f.Text}
}

func (h handlers) showNew(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	start := v.Edition.At[edition.Starts]
	if v.Now.After(start) {
		start = v.Now.Truncate(time.Hour).Add(time.Hour)
	}
	page, err := h.editPage(r, v, Session{Kind: Workshop, Public: true, Start: start, End: start.Add(time.Hour)}, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (h handlers) showEdit(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	s, err := h.s.sessionIn(r.Context(), h.s.db, v.Edition.ID, session(r))
	if err != nil {
		return err
	}
	page, err := h.editPage(r, v, s, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

// editPage fills the form from the session, or from what was typed where that is wrong.
func (h handlers) editPage(r *http.Request, v *door.Visit, s Session, wrong error) (func() templ.Component, error) {
	field := func(name, value string) ui.Field {
		f := v.Field(r, wrong, name, "programme.field."+name)
		if wrong == nil {
			f.Value = value
		}
		return f
	}
	public := ""
	if s.Public {
		public = "on"
	}
	form := editForm{Session: s.ID, Kinds: kindOptions(v.L, v.Edition.Kind), Kind: field("kind", string(s.Kind)), Title: field("title", s.Title), Text: field("text", s.Text),
		Room: field("room", s.Room), Start: field("start", ui.LocalTime(v.L, s.Start)), End: field("end", ui.LocalTime(v.L, s.End)),
		Seats: field("seats", strconv.Itoa(s.Seats)), Speakers: field("speakers", ""), SpeakerName: field("speaker_name", s.SpeakerName),
		Public: field("public", public)}
	for _, p := range s.Speakers {
		form.Chosen = append(form.Chosen, string(p.ID))
	}
	if wrong != nil {
		form.Chosen = door.Texts(r, "speakers")
	}
	speakers, err := h.s.editions.Members(r.Context(), h.s.db, v.Edition.ID, edition.Speaker)
	if err != nil {
		return nil, err
	}
	for _, m := range speakers {
		form.Known = append(form.Known, ui.Option{Value: string(m.Account.ID), Label: m.Account.Name})
	}
	if form.Room.List, err = h.s.Rooms(r.Context(), h.s.db, v.Edition.ID); err != nil {
		return nil, err
	}
	title := v.L.T("programme.new")
	if s.ID != "" {
		title = v.L.T("programme.edit")
	}
	return func() templ.Component { return editPage(v.Page(title), form, v.URL) }, nil
}

func (h handlers) add(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.save(w, r, v, Session{}, func(plan Plan) (Session, error) {
		return h.s.Add(r.Context(), v.Actor, v.Edition.ID, plan)
	})
}

func (h handlers) change(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	s, err := h.s.sessionIn(r.Context(), h.s.db, v.Edition.ID, session(r))
	if err != nil {
		return err
	}
	return h.save(w, r, v, s, func(plan Plan) (Session, error) {
		return h.s.Change(r.Context(), v.Actor, s.ID, plan)
	})
}

func (h handlers) save(w http.ResponseWriter, r *http.Request, v *door.Visit, s Session, do func(Plan) (Session, error)) error {
	plan, err := readPlan(r, v)
	if err == nil {
		s, err = do(plan)
	}
	if err != nil {
		page, failed := h.editPage(r, v, s, err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "programme.said.saved")
	return v.Go(w, r, v.URL("programme", string(s.ID)))
}

// readPlan reads the form.
func readPlan(r *http.Request, v *door.Visit) (Plan, error) {
	var wrong errs.Fields
	plan := Plan{Kind: Kind(door.Text(r, "kind")), Title: door.Text(r, "title"), Text: door.Text(r, "text"), Room: door.Text(r, "room"),
		Seats: door.Int(r, "seats", &wrong), Public: door.Has(r, "public"), SpeakerName: door.Text(r, "speaker_name")}
	for _, id := range door.Texts(r, "speakers") {
		plan.Speakers = append(plan.Speakers, account.ID(id))
	}
	plan.Start, plan.End = door.Moment(r, v.L, "start", &wrong), door.Moment(r, v.L, "end", &wrong)
	if err := wrong.Err(); err != nil {
		return plan, err
	}
	return plan, nil
}

// importView is a calendar file as its page shows it.
type importView struct {
	File   ui.Field
	Import *Import // nil before a file was given
	Leave  ui.Field
}

func (h handlers) showImport(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	id := r.URL.Query().Get("file")
	page, err := h.importPage(r, v, id, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (h handlers) importPage(r *http.Request, v *door.Visit, id string, wrong error) (func() templ.Component, error) {
	view := importView{File: v.Field(r, wrong, "file", "programme.import_file"), Leave: v.Field(r, nil, "leave_out", "programme.import_leave_out")}
	if id != "" {
		made, err := h.s.Import(r.Context(), v.Actor, v.Edition.ID, id)
		if err != nil {
			return nil, err
		}
		view.Import = &made
	}
	return func() templ.Component { return importPage(v.Page(v.L.T("programme.import")), view, v.URL) }, nil
}

func (h handlers) preview(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	made, err := h.readFile(r, v)
	if err != nil {
		page, failed := h.importPage(r, v, "", err)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	return v.Go(w, r, v.URL("programme", "import")+"?file="+made.ID)
}

func (h handlers) readFile(r *http.Request, v *door.Visit) (Import, error) {
	file, name, _, err := door.File(r, "file", MostFile)
	if err != nil {
		return Import{}, err
	}
	if file == nil {
		return Import{}, errs.Fields{{Name: "file", Key: "error.required"}}
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return Import{}, err
	}
	return h.s.Preview(r.Context(), v.Actor, v.Edition.ID, fileName(name), content)
}

func (h handlers) apply(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	id := door.Text(r, "file")
	n, err := h.s.Apply(r.Context(), v.Actor, v.Edition.ID, id, door.Has(r, "leave_out"))
	if err != nil {
		page, failed := h.importPage(r, v, id, nil)
		if failed != nil {
			return failed
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "programme.said.imported", "n", n)
	return v.Go(w, r, v.URL("programme"))
}

// kindOptions are the kinds to choose from.
func kindOptions(l ui.Locale, event edition.Kind) []ui.Option {
	var all []ui.Option
	for _, k := range Kinds {
		if k != Pitch || event.Competes() {
			all = append(all, ui.Option{Value: string(k), Label: l.T("programme.kind." + string(k))})
		}
	}
	return all
}
