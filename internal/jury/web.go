package jury

import (
	"cmp"
	"net/http"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/ui"
)

type pages struct{ *Service }

// Routes registers the pages and operations.
func Routes(d *door.Door, s *Service) {
	p := &pages{s}
	juror := door.Exactly(edition.Juror)
	d.Get("/e/{edition}/jury", juror, p.showTeams)
	d.Get("/e/{edition}/jury/brief", juror, p.showBrief)
	d.Post("/e/{edition}/jury/brief", juror, p.acknowledge)
	d.Get("/e/{edition}/jury/teams/{team}", juror, p.showSheet)
	d.Post("/e/{edition}/jury/teams/{team}", juror, p.score)
	d.Post("/e/{edition}/jury/teams/{team}/conflict", juror, p.declare)
	d.Post("/e/{edition}/jury/teams/{team}/move", juror, p.moveMine)
	d.Get("/e/{edition}/jury/ranking", door.Only(edition.Juror), p.showRanking)
	d.Post("/e/{edition}/jury/ranking/decide", door.Only(edition.Organiser), p.decide)
	d.Post("/e/{edition}/jury/ranking/again", door.Only(edition.Organiser), p.weighAgain)
}

// Topics are what a page listens to that shows marks and pitches.
func (s *Service) Topics(id edition.ID) []string {
	topics := []string{Topic(id)}
	if s.with.Stage != nil {
		topics = append(topics, s.with.Stage.LiveTopic(id))
	}
	return topics
}

// Show answers with the page, or with the page again after a refusal.
func Show(w http.ResponseWriter, r *http.Request, v *door.Visit, refused error, page func() (templ.Component, error)) error {
	if refused == nil {
		c, err := page()
		if err != nil {
			return err
		}
		return v.Show(w, r, c)
	}
	var broken error
	err := v.Again(w, r, refused, func() templ.Component {
		c, err := page()
		if err != nil {
			broken, c = err, ui.Text("")
		}
		return c
	})
	return cmp.Or(broken, err)
}

// desk is a juror's page: the frame and how far they are.
type desk struct {
	ui.View
	Mine
	v         *door.Visit
	card      templ.Component // where to go next; may be nil
	rehearsed int             // made-up projects that the juror has marked
}

func (p *pages) desk(r *http.Request, v *door.Visit, title string) (desk, error) {
	mine, err := p.Mine(r.Context(), p.db, v.Actor, v.Edition.ID)
	if err != nil {
		return desk{}, err
	}
	rehearsed, err := p.Rehearsed(r.Context(), p.db, v.Edition.ID)
	return desk{View: v.Page(title, p.Topics(v.Edition.ID)...), Mine: mine, v: v, rehearsed: rehearsed[v.Actor.ID]}, err
}

func (p *pages) showTeams(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.desk(r, v, v.L.T("jury.my_teams"))
	if err != nil {
		return err
	}
	if unread, err := p.Unread(r.Context(), p.db, v.Edition.ID, d.Juror); err != nil || unread {
		if err != nil {
			return err
		}
		return v.Go(w, r, v.URL("jury", "brief"))
	}
	if p.guide != nil {
		if d.card, err = p.guide.Card(r.Context(), v); err != nil {
			return err
		}
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, teamsPage(d))
}

func (p *pages) showBrief(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	d, err := p.desk(r, v, v.L.T("jury.brief"))
	if err != nil {
		return err
	}
	amendments, err := p.Amendments(r.Context(), p.db, v.Edition.ID)
	if err != nil {
		return err
	}
	return v.Show(w, r, briefPage(d, amendments))
}

func (p *pages) acknowledge(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	if _, asked := r.PostForm["organisation"]; asked {
		if err := p.WorksFor(r.Context(), v.Actor, v.Edition.ID, door.Text(r, "organisation")); err != nil {
			return err
		}
	}
	if err := p.Acknowledge(r.Context(), v.Actor, v.Edition.ID); err != nil {
		return err
	}
	return v.Go(w, r, v.URL("jury"))
}

func (p *pages) declare(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.Declare(r.Context(), v.Actor, v.Edition.ID, r.PathValue("team"), door.Text(r, "reason"))
	if err != nil {
		return p.sheetAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.declared")
	return v.Go(w, r, v.URL("jury"))
}

func (p *pages) moveMine(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	to := door.Text(r, "to")
	if err := p.Move(r.Context(), v.Actor, v.Edition.ID, v.Actor.ID, r.PathValue("team"), to, ""); err != nil {
		return p.sheetAgain(w, r, v, err)
	}
	v.Say(w, "ok", "jury.moved")
	return v.Go(w, r, v.URL("jury", "teams", to))
}

// cell is the juror's own cell of a team.
func (d Mine) cell(team string) Cell {
	for i, t := range d.Teams {
		if t.ID == team {
			return d.Cells[i]
		}
	}
	return Cell{}
}
