package certificate

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

type pages struct{ certificates *Service }

// Routes registers the pages and the API of the certificates.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	organisers := door.Only(edition.Organiser)
	d.Get("/e/{edition}/certificate", door.Members(), p.mine)
	d.Get("/e/{edition}/certificate/{kind}", door.Members(), p.sheet)
	d.Get("/e/{edition}/certificates", organisers, p.all)
	d.Post("/e/{edition}/certificates", organisers, p.make)
	d.Post("/e/{edition}/certificates/letters", organisers, p.post)
	d.Get("/e/{edition}/sheets", organisers, p.sheets)
	d.Post("/e/{edition}/sheets/{sheet}", organisers, p.change)
	d.Post("/e/{edition}/certificates/{job}/stop", organisers, p.stop)
	d.Get("/e/{edition}/certificates/{job}", organisers, p.download)
	d.Get("/verify", door.Anyone(), p.ask)
	d.Get("/verify/{code}", door.Anyone(), p.verify)
	d.API("GET", "/api/v1/e/{edition}/certificates", organisers, "How many certificates there are to make, and the ZIPs made", door.Op(p.apiTally))
	d.API("POST", "/api/v1/e/{edition}/certificates", organisers, "Make the ZIP of the certificates", door.Op(p.apiMake))
	d.API("POST", "/api/v1/e/{edition}/certificates/letters", organisers, "Send everybody their certificates by e-mail", door.Op(p.apiPost))
	d.API("POST", "/api/v1/e/{edition}/certificates/{sheet}", organisers, "Withdraw, correct or give back a certificate", door.Op(p.apiChange))
	d.API("GET", "/api/v1/certificates/{code}", door.Anyone(), "What a certificate's code says", door.Op(p.apiVerify))
}

func (p *pages) mine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	mine, err := p.certificates.Mine(r.Context(), v.Actor, v.Edition, v.Now)
	if err != nil {
		return err
	}
	ready := Ready(v.Edition, v.Now)
	return v.Show(w, r, minePage(v.Page(v.L.T("certificate.mine"), Topic(v.Edition.ID)), mine, ready, v.URL))
}

func (p *pages) sheet(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var content bytes.Buffer
	kind := Kind(r.PathValue("kind"))
	err := p.certificates.Sheet(r.Context(), v.Actor, v.Edition, v.Now, kind, r.URL.Query().Get("for"), &content)
	if err != nil {
		return err
	}
	header(w, "application/pdf", string(kind)+"-"+v.Edition.Slug+".pdf")
	_, _ = content.WriteTo(w) // a reader who has gone is no error of ours
	return nil
}

func header(w http.ResponseWriter, contentType, name string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// workshop is the organisers' page.
type workshop struct {
	tally   Tally
	makings []jobs.Job
	kinds   ui.Field
	offered []Kind // those that this event gives
	lead    string // the key of what the page is for
	url     func(parts ...string) string
}

// offered are the certificates that the event gives: where nobody competes there are no
// laureates.
func offered(e edition.Edition) []Kind {
	if e.Kind.Competes() {
		return Kinds
	}
	return slices.DeleteFunc(slices.Clone(Kinds), func(k Kind) bool { return k == Diploma })
}

func (p *pages) all(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.workshop(w, r, v, nil)
}

func (p *pages) workshop(w http.ResponseWriter, r *http.Request, v *door.Visit, wrong error) error {
	shop := workshop{offered: offered(v.Edition), lead: "certificate.lead", kinds: v.Field(r, wrong, "kinds", "certificate.kinds"), url: v.URL}
	if !v.Edition.Kind.Competes() {
		shop.lead = "certificate.lead_guests"
	}
	var err error
	if shop.tally, err = p.certificates.Tally(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	if shop.makings, err = p.certificates.Makings(r.Context(), v.Edition.ID); err != nil {
		return err
	}
	topics := []string{Topic(v.Edition.ID)}
	for _, j := range shop.makings {
		if !j.State.Ended() {
			topics = append(topics, jobs.Topic(j.ID))
		}
	}
	page := func() templ.Component { return workshopPage(v.Page(v.L.T("certificate.title"), topics...), shop) }
	if wrong != nil {
		return v.Again(w, r, wrong, page)
	}
	return v.Show(w, r, page())
}

func (p *pages) make(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var kinds []Kind
	for _, k := range door.Texts(r, "kinds") {
		kinds = append(kinds, Kind(k))
	}
	if _, err := p.certificates.MakeAll(r.Context(), v.Actor, v.Edition.ID, kinds); err != nil {
		return p.workshop(w, r, v, err)
	}
	return v.Go(w, r, v.URL("certificates"))
}

func (p *pages) stop(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.certificates.Stop(r.Context(), v.Actor, v.Edition.ID, r.PathValue("job")); err != nil {
		return p.workshop(w, r, v, err)
	}
	return v.Go(w, r, v.URL("certificates"))
}

func (p *pages) download(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	job, err := ownJob(r.Context(), p.certificates.db, v.Edition.ID, r.PathValue("job"))
	if err != nil {
		return err
	}
	if job.State != jobs.Done || job.Result == "" {
		return sqldb.ErrNotFound
	}
	file, info, err := p.certificates.files.Open(r.Context(), job.Result)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // it was only read
	header(w, "application/zip", "certificates-"+v.Edition.Slug+".zip")
	w.Header().Set("Content-Length", strconv.FormatInt(info.Size, 10))
	_, _ = io.Copy(w, file) // a reader who has gone is no error of ours
	return nil
}

func (p *pages) ask(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if code := r.URL.Query().Get("code"); code != "" {
		return v.Go(w, r, "/verify/"+url.PathEscape(p.certificates.normal(code)))
	}
	return v.Show(w, r, verifyPage(v.Page(v.L.T("certificate.verify")), verified{}))
}

// verified is what the page about a code shows.
type verified struct {
	asked, found bool
	Verified
}

func (p *pages) verify(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	said, err := p.certificates.Verify(r.Context(), r.PathValue("code"))
	view := v.Page(v.L.T("certificate.verify"))
	if errs.Is(err, errs.NotFound) {
		return v.ShowStatus(w, r, http.StatusNotFound, verifyPage(view, verified{asked: true}))
	}
	if err != nil {
		return err
	}
	return v.Show(w, r, verifyPage(view, verified{found: true, Verified: said}))
}

func (p *pages) post(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, err := p.certificates.Post(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return p.workshop(w, r, v, err)
	}
	return v.Go(w, r, v.URL("certificates"))
}

// mostSheets is how many sheets the list shows; a search finds the others.
const mostSheets = 50

// drawer is the organisers' list of what was issued.
type drawer struct {
	sheets []Sheet
	total  int
	text   string
	reason ui.Field
	wrong  string // the id of the sheet whose form was refused
	url    func(parts ...string) string
}

func (p *pages) sheets(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.drawer(r, v, r.URL.Query().Get("q"), nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p *pages) drawer(r *http.Request, v *door.Visit, text string, wrong error) (func() templ.Component, error) {
	d := drawer{text: text, reason: v.Field(r, wrong, "reason", "certificate.reason"), url: v.URL, wrong: r.PathValue("sheet")}
	var err error
	d.sheets, d.total, err = p.certificates.Sheets(r.Context(), v.Actor, v.Edition.ID, text, mostSheets)
	return func() templ.Component {
		return drawerPage(v.Page(v.L.T("certificate.sheets_title"), Topic(v.Edition.ID)), d)
	}, err
}

func (p *pages) change(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	do, text := door.Text(r, "do"), door.Text(r, "q")
	if err := p.certificates.turn(r.Context(), v.Actor, v.Edition.ID, r.PathValue("sheet"), do, door.Text(r, "reason")); err != nil {
		page, failed := p.drawer(r, v, text, err)
		if failed != nil {
			return errors.Join(err, failed)
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "certificate.done")
	return v.Go(w, r, v.URL("sheets")+"?q="+url.QueryEscape(text))
}

type zipOut struct {
	Job   string `json:"job"`
	State string `json:"state"`
	Step  int    `json:"step"`
	Steps int    `json:"steps"`
}

type tallyOut struct {
	Kinds  map[string]int `json:"kinds"`
	Issued int            `json:"issued"`
	Zips   []zipOut       `json:"zips"`
}

func (p *pages) apiTally(ctx context.Context, v *door.Visit, _ *struct{}) (*tallyOut, error) {
	t, err := p.certificates.Tally(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	makings, err := p.certificates.Makings(ctx, v.Edition.ID)
	out := &tallyOut{Kinds: map[string]int{}, Issued: t.Issued, Zips: []zipOut{}}
	for kind, n := range t.Claims {
		out.Kinds[string(kind)] = n
	}
	for _, j := range makings {
		out.Zips = append(out.Zips, zipOut{j.ID, string(j.State), j.Step, j.Steps})
	}
	return out, err
}

type makeIn struct {
	Kinds []string `json:"kinds"`
}

func (p *pages) apiMake(ctx context.Context, v *door.Visit, in *makeIn) (*zipOut, error) {
	var kinds []Kind
	for _, k := range in.Kinds {
		kinds = append(kinds, Kind(k))
	}
	id, err := p.certificates.MakeAll(ctx, v.Actor, v.Edition.ID, kinds)
	if err != nil {
		return nil, err
	}
	return &zipOut{Job: id, State: string(jobs.Waiting)}, nil
}

func (p *pages) apiPost(ctx context.Context, v *door.Visit, _ *struct{}) (*zipOut, error) {
	id, err := p.certificates.Post(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	return &zipOut{Job: id, State: string(jobs.Waiting)}, nil
}

type changeIn struct {
	Sheet  string `path:"sheet" json:"-"`
	Do     string `json:"do"` // revoke, restore or correct
	Reason string `json:"reason"`
}

func (p *pages) apiChange(ctx context.Context, v *door.Visit, in *changeIn) (*struct{}, error) {
	return nil, p.certificates.turn(ctx, v.Actor, v.Edition.ID, in.Sheet, in.Do, in.Reason)
}

type verifyIn struct {
	Code string `path:"code" json:"-"`
}

type verifyOut struct {
	State    string `json:"state"` // valid, revoked or replaced
	Kind     string `json:"kind"`
	Edition  string `json:"edition"`
	Initials string `json:"initials"`
	Issued   string `json:"issued"`
	Reason   string `json:"reason,omitempty"`
}

func (p *pages) apiVerify(ctx context.Context, _ *door.Visit, in *verifyIn) (*verifyOut, error) {
	said, err := p.certificates.Verify(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	out := &verifyOut{State: "valid", Kind: string(said.Kind), Edition: said.In.Name, Initials: said.Initials, Issued: said.Issued.UTC().Format(time.RFC3339)}
	switch {
	case !said.Revoked.IsZero():
		out.State, out.Reason = "revoked", said.RevokedFor
	case said.Former != nil:
		out.State, out.Reason, out.Issued = "replaced", said.Former.Reason, said.Former.Issued.UTC().Format(time.RFC3339)
	}
	return out, nil
}
