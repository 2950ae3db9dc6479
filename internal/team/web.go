package team

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/qr"
	"h48/internal/ui"
)

// pages are this room's pages.
type pages struct{ s *Service }

// Routes registers the room's pages and its part of the API.
func Routes(d *door.Door, s *Service) {
	p := pages{s}
	d.Get("/e/{edition}/teams", door.Anyone(), p.showList)
	d.Get("/e/{edition}/team", door.Only(edition.Participant), p.showMine)
	d.Get("/e/{edition}/teams/join", door.SignedIn(), p.showInvitation)
	d.Post("/e/{edition}/teams/join", door.Only(edition.Participant), p.join)
	d.Post("/e/{edition}/teams/found", door.Only(edition.Participant), p.found)
	d.Post("/e/{edition}/team/leave", door.Only(edition.Participant), p.leave)
	d.Post("/e/{edition}/teams/{team}/describe", door.Only(edition.Participant), p.describe)
	d.Post("/e/{edition}/teams/{team}/close", door.Only(edition.Participant), p.close)
	d.Post("/e/{edition}/teams/{team}/reopen", door.Only(edition.Participant), p.reopen)
	boardRoutes(d, p)
	api(d, s)
}

func (p pages) showList(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	teams, err := p.s.List(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, listPage(v.Page(v.L.T("team.list.title"), Topic(v.Edition.ID)), teams, len(v.Roles) > 0))
}

// myTeam is what the page of one's own team shows; Team is nil for who has none.
type myTeam struct {
	Team   *Team
	Open   []Team // teams that still take people
	Board  Board
	Me     account.ID
	URL    func(parts ...string) string
	Invite string
	QR     string // an svg

	Name, LookingFor, Code ui.Field
}

func (p pages) showMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.mine(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

// mine prepares the page of one's own team, with what is wrong with a form sent to it.
func (p pages) mine(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	ctx, id := r.Context(), v.Edition.ID
	m := myTeam{Me: v.Actor.ID, URL: v.URL}
	var err error
	if m.Board, err = p.s.Board(ctx, p.s.db, id); err != nil {
		return nil, err
	}
	t, err := p.s.OfAccount(ctx, p.s.db, id, v.Actor.ID)
	if err != nil && !errors.Is(err, ErrNone) {
		return nil, err
	}
	m.Name, m.LookingFor = v.Field(r, wrong, "name", "team.name"), v.Field(r, wrong, "looking_for", "team.looking_for")
	m.Code = v.Field(r, wrong, "code", "team.join.code")
	if err == nil {
		m.Team, m.Invite = &t, p.s.InviteURL(v.Edition, t)
		code, err := qr.New(m.Invite)
		if err != nil {
			return nil, err
		}
		m.QR = code.SVG(v.L.T("team.invite.qr", "code", t.Code))
		if wrong == nil {
			m.Name.Value, m.LookingFor.Value = t.Name, t.LookingFor
		}
	} else if m.Open, err = p.open(r, id, m.Board); err != nil {
		return nil, err
	}
	return func() templ.Component {
		return minePage(v.Page(v.L.T("team.mine.title"), Topic(id)), m)
	}, nil
}

// open lists the teams that still take people.
func (p pages) open(r *http.Request, id edition.ID, b Board) ([]Team, error) {
	teams, err := p.s.List(r.Context(), p.s.db, id)
	var open []Team
	for _, t := range teams {
		if t.State == Forming && len(t.Members) < b.Limits.Max && b.Frozen.IsZero() {
			open = append(open, t)
		}
	}
	return open, err
}

// again shows the page of one's own team after a refused form.
func (p pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error) error {
	page, err := p.mine(r, v, refusal)
	if err != nil {
		return err
	}
	return v.Again(w, r, refusal, page)
}

func (p pages) found(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d := Details{Name: door.Text(r, "name"), LookingFor: door.Text(r, "looking_for")}
	t, err := p.s.Found(r.Context(), v.Actor, v.Edition.ID, d, door.Action(r, v))
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "team.found.done", "team", t.Name)
	return v.Go(w, r, v.URL("team"))
}

func (p pages) showInvitation(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	t, err := p.s.ByCode(r.Context(), p.s.db, v.Edition.ID, r.URL.Query().Get("code"))
	if err != nil {
		return err
	}
	return v.Show(w, r, invitationPage(v.Page(v.L.T("team.join.page", "team", t.Name)), t, v.URL))
}

func (p pages) join(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	t, err := p.s.Join(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "code"))
	if errors.Is(err, ErrCode) {
		err = errs.Fields{{Name: "code", Key: ErrCode.Key}}
	}
	if err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "team.join.done", "team", t.Name)
	return v.Go(w, r, v.URL("team"))
}

func (p pages) leave(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.Leave(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "team.left")
	return v.Go(w, r, v.URL("team"))
}

func (p pages) describe(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d := Details{Name: door.Text(r, "name"), LookingFor: door.Text(r, "looking_for")}
	if _, err := p.s.Describe(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("team")), d); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "team.saved")
	return v.Go(w, r, v.URL("team"))
}

func (p pages) close(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.Close(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("team"))); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "team.closed.done")
	return v.Go(w, r, v.URL("team"))
}

func (p pages) reopen(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if err := p.s.Reopen(r.Context(), v.Actor, v.Edition.ID, ID(r.PathValue("team"))); err != nil {
		return p.again(w, r, v, err)
	}
	v.Say(w, "ok", "team.reopened")
	return v.Go(w, r, v.URL("team"))
}
