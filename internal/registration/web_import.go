package registration

import (
	"fmt"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sheet"
	"h48/internal/kit/web"
	"h48/internal/ui"
)

func (h *handlers) importRoutes(d *door.Door) {
	d.Get("/e/{edition}/registrations/import", door.Only(), h.showUpload)
	d.Post("/e/{edition}/registrations/import", door.Only(), h.upload)
	d.Get("/e/{edition}/registrations/import/example.csv", door.Only(), h.example)
	d.Get("/e/{edition}/registrations/import/{file}", door.Only(), h.showPreview)
	d.Post("/e/{edition}/registrations/import/{file}", door.Only(), h.importFile)
}

func (h *handlers) showUpload(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.uploadForm(w, r, v, nil)
}

func (h *handlers) uploadForm(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	page := func() templ.Component {
		f := v.Field(r, wrong, "file", "registration.import.file")
		f.Required, f.Hint = true, v.L.T("registration.import.file_hint")
		if e, ok := web.Refusal(wrong); ok {
			f.Error = v.L.T(e.Key, e.Args...)
		}
		return uploadPage(v.Page(v.L.T("registration.import.title")), v, f)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h *handlers) upload(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	file, name, _, err := door.File(r, "file", sheet.MaxBytes)
	if err != nil {
		return h.uploadForm(w, r, v, err)
	}
	if file == nil {
		return h.uploadForm(w, r, v, errs.Fields{{Name: "file", Key: "registration.file.missing"}})
	}
	defer file.Close()
	p, err := h.Upload(r.Context(), v.Actor, v.Edition.ID, name, file)
	if err != nil {
		return h.uploadForm(w, r, v, err)
	}
	return v.Go(w, r, v.URL("registrations", "import", p.ID))
}

// example is a file to begin with, in the reader's language.
func (h *handlers) example(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	levels := Levels{}
	if len(skills) > 0 {
		levels[skills[0].Key] = 3
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="example.csv"`)
	return writeFile(w, []Registration{{Email: "camille@example.org", State: Confirmed, Created: v.Now,
		Answers: Answers{Name: "Camille Exemple", Profile: Student, Photo: PhotoGroup, Skills: levels}}}, skills, v.L)
}

func (h *handlers) showPreview(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return h.preview(w, r, v, nil)
}

func (h *handlers) preview(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	p, err := h.Preview(r.Context(), v.Actor, v.Edition.ID, r.PathValue("file"))
	if err != nil {
		return err
	}
	skills, err := h.Skills(r.Context(), h.db, v.Edition.ID)
	if err != nil {
		return err
	}
	job := jobs.Job{}
	if p.JobID != "" {
		if job, err = jobs.Get(r.Context(), h.db, p.JobID); err != nil {
			return fmt.Errorf("asking how far an import is: %w", err)
		}
	}
	page := func() templ.Component {
		view := v.Page(v.L.T("registration.import.title"), jobs.Topic(p.JobID))
		view.Wide = true
		leaveOut := v.Field(r, wrong, "leave_out", "registration.import.leave_out")
		leaveOut.Label = v.L.N("registration.import.leave_out", p.Report.LeftOut)
		welcome := v.Field(r, wrong, "welcome", "registration.import.welcome")
		welcome.Required = true
		return previewPage(view, v, p, job, skills, welcome, leaveOut)
	}
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (h *handlers) importFile(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := h.Import(r.Context(), v.Actor, v.Edition.ID, r.PathValue("file"), Welcome(door.Text(r, "welcome")), door.Has(r, "leave_out"))
	if err != nil {
		return h.preview(w, r, v, err)
	}
	return v.Go(w, r, v.URL("registrations", "import", r.PathValue("file")))
}

// steps are the import's.
func steps(v *door.Visit) []ui.Link {
	return []ui.Link{{Label: v.L.T("registration.import.step.file"), URL: v.URL("registrations", "import")},
		{Label: v.L.T("registration.import.step.preview")}, {Label: v.L.T("registration.import.step.report")}}
}

// progress is how far the import has come.
func progress(v *door.Visit, job jobs.Job) ui.ProgressData {
	return ui.ProgressData{Label: v.L.T("registration.import.running"), Value: job.Step, Max: max(job.Steps, 1),
		Text: v.L.T("registration.import.lines", "n", job.Step, "total", job.Steps)}
}

func welcomes(v *door.Visit) []ui.Option {
	return []ui.Option{
		{Value: string(Vouched), Label: v.L.T("registration.import.vouched"), Hint: v.L.T("registration.import.vouched_hint")},
		{Value: string(Invited), Label: v.L.T("registration.import.invited"), Hint: v.L.T("registration.import.invited_hint")},
	}
}
