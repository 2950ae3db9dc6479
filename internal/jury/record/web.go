package record

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/chain"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

type pages struct{ *Service }

// Routes registers the page of exports, the files and the operations.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	lead := door.Only(edition.Juror) // and of the jurors its head alone: asked in each
	d.Get("/e/{edition}/jury/exports", lead, p.show)
	d.Post("/e/{edition}/jury/exports", lead, p.order)
	d.Post("/e/{edition}/jury/exports/{job}/stop", lead, p.stop)
	d.Get("/e/{edition}/jury/exports/{job}", lead, p.download)
	for _, x := range s.exports() {
		d.Get("/e/{edition}/jury/"+x.path, lead, p.file(x))
	}
	d.API("GET", "/api/v1/e/{edition}/jury/trace", door.Members(), "Where the trace of the judging ends: to be written down and compared", door.Op(p.apiTrace))
	d.API("POST", "/api/v1/e/{edition}/jury/exports", lead, "Have everything put into one archive", door.Op(p.apiOrder))
	d.API("GET", "/api/v1/e/{edition}/jury/exports/{job}", lead, "How far an archive is", door.Op(p.apiJob))
}

// data is the page of exports.
type data struct {
	ui.View
	v    *door.Visit
	head chain.Head
	job  jobs.Job
	any  bool // an archive was asked for once
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id := r.Context(), v.Edition.ID
	if err := p.jury.Leads(ctx, p.db, v.Actor, id); err != nil {
		return err
	}
	d := data{v: v}
	var err error
	if d.head, err = p.jury.Head(ctx, p.db, id); err != nil {
		return err
	}
	if d.job, d.any, err = p.Newest(ctx, id); err != nil {
		return err
	}
	d.View = v.Page(v.L.T("record.title"), Topic(id), jobs.Topic(d.job.ID))
	return v.Show(w, r, exportsPage(d))
}

func (p *pages) order(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := p.Order(r.Context(), v.Actor, v.Edition.ID, v.L.Lang); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jury", "exports"))
}

func (p *pages) stop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.Stop(r.Context(), v.Actor, v.Edition.ID, r.PathValue("job")); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jury", "exports"))
}

func header(w http.ResponseWriter, contentType, name string, size int64) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	w.Header().Set("Cache-Control", "no-store")
}

// file answers with one export, made aside first: a file that cannot be finished is an
// error and not half a file.
func (p *pages) file(x export) door.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
		if err := p.jury.Leads(r.Context(), p.db, v.Actor, v.Edition.ID); err != nil {
			return err
		}
		aside, err := os.CreateTemp("", "jury-*")
		if err != nil {
			return fmt.Errorf("making room for an export: %w", err)
		}
		defer func() { _, _ = aside.Close(), os.Remove(aside.Name()) }() // it was sent or not
		if err := x.write(r.Context(), v.L, v.Edition.ID, aside); err != nil {
			return err
		}
		size, err := aside.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		if _, err := aside.Seek(0, io.SeekStart); err != nil {
			return err
		}
		header(w, x.contentType, x.file(v.L, v.Edition), size)
		_, _ = io.Copy(w, aside) // a reader who has gone is no error of ours
		return nil
	}
}

func (p *pages) download(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx := r.Context()
	if err := p.jury.Leads(ctx, p.db, v.Actor, v.Edition.ID); err != nil {
		return err
	}
	job, err := ownJob(ctx, p.db, v.Edition.ID, r.PathValue("job"))
	if err != nil {
		return err
	}
	if job.State != jobs.Done || job.Result == "" {
		return sqldb.ErrNotFound
	}
	file, info, err := p.files.Open(ctx, job.Result)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	header(w, "application/zip", v.L.T("record.file_all")+"-"+v.Edition.Slug+".zip", info.Size)
	_, _ = io.Copy(w, file) // a reader who has gone is no error of ours
	return nil
}

type none struct {
	Edition string `path:"edition" json:"-"`
}

type traceOut struct {
	Entries int64  `json:"entries"`
	Hash    string `json:"hash"`
}

func (p *pages) apiTrace(ctx context.Context, v *door.Visit, _ *none) (*traceOut, error) {
	h, err := p.jury.Head(ctx, p.db, v.Edition.ID)
	return &traceOut{Entries: h.N, Hash: h.Hash}, err
}

type jobIn struct {
	Edition string `path:"edition" json:"-"`
	Job     string `path:"job" json:"-"`
}

type jobOut struct {
	Job   string     `json:"job"`
	State jobs.State `json:"state"`
	Step  int        `json:"step"`
	Steps int        `json:"steps"`
	// File is where the archive is to be had, once it is made.
	File string `json:"file,omitempty"`
}

func (p *pages) apiOrder(ctx context.Context, v *door.Visit, _ *none) (*jobOut, error) {
	job, err := p.Order(ctx, v.Actor, v.Edition.ID, v.L.Lang)
	if err != nil {
		return nil, err
	}
	return p.apiJob(ctx, v, &jobIn{Job: job})
}

func (p *pages) apiJob(ctx context.Context, v *door.Visit, in *jobIn) (*jobOut, error) {
	if err := p.jury.Leads(ctx, p.db, v.Actor, v.Edition.ID); err != nil {
		return nil, err
	}
	j, err := ownJob(ctx, p.db, v.Edition.ID, in.Job)
	if err != nil {
		return nil, err
	}
	out := &jobOut{Job: j.ID, State: j.State, Step: j.Step, Steps: j.Steps}
	if j.State == jobs.Done {
		out.File = v.URL("jury", "exports", j.ID)
	}
	return out, nil
}
