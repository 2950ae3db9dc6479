package hall

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/jury/large"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/ui"
)

type pages struct{ *Service }

// Routes registers the desk of the head of the jury, what jurors do on their way, and the
// operations.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	lead, juror := door.Only(edition.Juror), door.Exactly(edition.Juror) // of the jurors the head alone: the service asks
	d.Get("/e/{edition}/jury/hall", lead, p.show)
	d.Post("/e/{edition}/jury/hall/plan", lead, p.order)
	d.Post("/e/{edition}/jury/hall/send", lead, p.send)
	d.Post("/e/{edition}/jury/hall/missing", lead, p.missing)
	d.Post("/e/{edition}/jury/hall/left", lead, p.left)
	d.Post("/e/{edition}/jury/hall/back", lead, p.comeBack)
	d.Get("/e/{edition}/jury/hall/sheets", lead, p.sheets)
	d.Get("/e/{edition}/jury/hall/routes.pdf", lead, p.print("hall.file_routes", s.routes))
	d.Get("/e/{edition}/jury/hall/wall.pdf", lead, p.print("hall.file_wall", s.wall))
	d.Get("/e/{edition}/jury/hall/tables.pdf", lead, p.print("hall.file_tables", s.tables))
	d.Post("/e/{edition}/jury/next", juror, p.next)
	d.Post("/e/{edition}/jury/skip/{errand}", juror, p.skip)
	operations(d, p)
}

// deskData is the desk as a page.
type deskData struct {
	ui.View
	Desk
	v                       *door.Visit
	job                     jobs.Job
	planned                 bool // a plan was asked for once
	page                    large.Window
	minutes, window, starts ui.Field
}

// to is where a form of the desk goes; its answer shows the same page of teams.
func (d deskData) to(path string) templ.SafeURL {
	return templ.SafeURL(d.page.Here(d.v.URL("jury", "hall", path)))
}

func (p *pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.again(w, r, v, nil)
}

func (p *pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error) error {
	ctx, id := r.Context(), v.Edition.ID
	d := deskData{v: v, minutes: v.Field(r, refused, "minutes", "hall.minutes"), window: v.Field(r, refused, "window", "hall.window"),
		starts: v.Field(r, refused, "starts", "hall.starts")}
	var err error
	if d.Desk, err = p.Desk(ctx, v.Actor, id); err != nil {
		return err
	}
	d.page = large.Turned(d.Board.Teams, r.URL.Query())
	if d.job, d.planned, err = p.Newest(ctx, id); err != nil {
		return err
	}
	if r.PostForm == nil {
		setup := d.Board.Round.Setup
		d.minutes.Value, d.window.Value = strconv.Itoa(orElse(setup.Minutes, 5)), strconv.Itoa(orElse(setup.Window, 60))
		d.starts.Value = v.Now.In(v.L.Zone()).Format("15:04")
	}
	d.minutes.InputMode, d.window.InputMode = "numeric", "numeric"
	d.minutes.Short, d.window.Short, d.starts.Short = true, true, true
	d.View = v.Page(v.L.T("hall.title"), jury.Topic(id), Topic(id), jobs.Topic(d.job.ID))
	page := func() templ.Component { return deskPage(d) }
	if refused != nil {
		return v.Again(w, r, refused, page)
	}
	return v.Show(w, r, page())
}

func orElse(n, other int) int {
	if n > 0 {
		return n
	}
	return other
}

// back answers a change at the desk.
func (p *pages) back(w http.ResponseWriter, r *http.Request, v *door.Visit, err error, key string, args ...any) error {
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", key, args...)
	return v.Go(w, r, large.Kept(v.URL("jury", "hall"), r.URL.Query()))
}

func (p *pages) order(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	wanted := Wanted{Minutes: door.Int(r, "minutes", &wrong), Window: door.Int(r, "window", &wrong), Starts: v.Now}
	if text := door.Text(r, "starts"); text != "" {
		at, err := time.Parse("15:04", text)
		if err != nil {
			wrong.Add("starts", "hall.time_form")
		}
		now := v.Now.In(v.L.Zone())
		wanted.Starts = time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, v.L.Zone())
		if now.Sub(wanted.Starts) > 12*time.Hour { // half past midnight, said late in the evening
			wanted.Starts = wanted.Starts.AddDate(0, 0, 1)
		}
	}
	err := wrong.Err()
	if err == nil {
		_, err = p.Order(r.Context(), v.Actor, v.Edition.ID, wanted)
	}
	return p.back(w, r, v, err, "hall.planning_now")
}

func (p *pages) send(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.Send(r.Context(), v.Actor, v.Edition.ID, account.ID(door.Text(r, "juror")), door.Text(r, "team"), door.Action(r, v))
	return p.back(w, r, v, err, "hall.was_sent")
}

func (p *pages) missing(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	out, err := p.Missing(r.Context(), v.Actor, v.Edition.ID, account.ID(door.Text(r, "juror")), v.L.T("hall.missing_reason"))
	return p.back(w, r, v, err, "hall.was_replanned", "given", len(out.Given), "moved", len(out.Moved), "lost", len(out.Lost))
}

func (p *pages) left(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	out, err := p.Left(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "team"))
	return p.back(w, r, v, err, "hall.was_replanned", "given", len(out.Given), "moved", len(out.Moved), "lost", len(out.Lost))
}

// comeBack is of the juror or the team that the form names.
func (p *pages) comeBack(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	ctx, id := r.Context(), v.Edition.ID
	if juror := account.ID(door.Text(r, "juror")); juror != "" {
		return p.back(w, r, v, p.JurorBack(ctx, v.Actor, id, juror), "hall.juror_back")
	}
	n, err := p.TeamBack(ctx, v.Actor, id, door.Text(r, "team"))
	return p.back(w, r, v, err, "hall.team_back", "n", n)
}

func (p *pages) sheets(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.Desk(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, sheetsPage(v.Page(v.L.T("hall.sheets"), Topic(v.Edition.ID)), v, d))
}

func (p *pages) next(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.Next(r.Context(), v.Actor, v.Edition.ID)
	if errs.Is(err, errs.Conflict) {
		v.Say(w, "ok", "hall.nothing_left")
		err = nil
	}
	if err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jury"))
}

func (p *pages) skip(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.Skip(r.Context(), v.Actor, v.Edition.ID, r.PathValue("errand"), door.Text(r, "why"), door.Action(r, v)); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jury"))
}

// Card says on a juror's own page where to go now, and after that.
func (s *Service) Card(ctx context.Context, v *door.Visit) (templ.Component, error) {
	mine, b, err := s.Mine(ctx, s.db, v.Actor, v.Edition.ID)
	if err != nil || !b.Round.Open() || b.Rows[0].Juror.Presence != jury.Present {
		return nil, err
	}
	if len(mine) == 0 && (b.Round.Format != jury.Expo || b.Rows[0].Done >= b.Rows[0].Expected) {
		return nil, nil
	}
	return walkCard(v, mine), nil
}
