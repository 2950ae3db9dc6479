package meeting

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
	"h48/internal/mentoring"
	"h48/internal/ui"
)

type pages struct{ s *Service }

// Routes registers the room's pages and operations.
func Routes(d *door.Door, s *Service) {
	p := pages{s}
	both, mentors, teams, organisers := door.Only(edition.Mentor, edition.Participant), door.Only(edition.Mentor), door.Only(edition.Participant), door.Only()
	d.Get("/e/{edition}/help/meetings", both, p.show)
	d.Post("/e/{edition}/help/meetings/round", organisers, p.setRound)
	d.Post("/e/{edition}/help/meetings/plan", organisers, p.plan)
	d.Post("/e/{edition}/help/meetings/publish", organisers, p.publish)
	d.Post("/e/{edition}/help/meetings/wish", teams, p.wish)
	d.Post("/e/{edition}/help/meetings/presence", mentors, p.presence)
	const base = "/api/v1/e/{edition}/meetings"
	d.API("GET", base, both, "Read one's own meetings with mentors", door.Op(s.apiMine))
	d.API("PUT", base+"/wish", teams, "Say what one's team would like to talk about", door.Op(s.apiWish))
	d.API("POST", base+"/plan", organisers, "Plan the meetings", door.Op(s.apiPlan))
	d.API("POST", base+"/publish", organisers, "Show everybody their meetings", door.Op(s.apiPublish))
	d.API("POST", base+"/leave", mentors, "Leave: one's meetings to come go to others", door.Op(s.apiLeave))
}

// pageData is what each page shows.
type pageData struct {
	View
	URL    func(parts ...string) string
	Me     account.ID
	Mentor bool
	Boss   bool
	From   ui.Field
	To     ui.Field
	Counts []ui.Field // minutes, a team's, a mentor's
	Wants  []ui.Field
	Lost   []Missing
}

func (p pages) show(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.page(r, v, nil)
	if err != nil {
		return err
	}
	w.Header().Set("X-Offline", "keep")
	return v.Show(w, r, page())
}

func (p pages) page(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	view, err := p.s.See(r.Context(), v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := pageData{View: view, URL: v.URL, Me: v.Actor.ID, Mentor: v.Is(edition.Mentor), Boss: v.Is(edition.Organiser)}
	d.ask(r, v, wrong)
	topics := []string{Topic(v.Edition.ID), mentoring.Topic(v.Edition.ID)}
	if d.Boss {
		d.Lost = d.Missing()
		if d.Job != nil {
			topics = append(topics, jobs.Topic(d.Job.ID))
		}
	}
	return func() templ.Component {
		if d.Boss {
			return boardPage(v.Page(v.L.T("meeting.title"), topics...), d)
		}
		return minePage(v.Page(v.L.T("meeting.title"), topics...), d)
	}, nil
}

// ask makes the questions: the organiser's about the time, a team's about its themes.
func (d *pageData) ask(r *http.Request, v *door.Visit, wrong error) {
	d.From, d.To = v.Field(r, wrong, "from", "meeting.from"), v.Field(r, wrong, "to", "meeting.to")
	d.From.Required, d.To.Required = true, true
	d.Counts = []ui.Field{v.Field(r, wrong, "minutes", "meeting.minutes"), v.Field(r, wrong, "per_team", "meeting.per_team"), v.Field(r, wrong, "per_mentor", "meeting.per_mentor")}
	most := []int{mostMinutes, MostThemes, mostEach}
	for i := range d.Counts {
		f := &d.Counts[i]
		f.Kind, f.Short, f.Required, f.Min, f.Max = "number", true, true, "1", strconv.Itoa(most[i])
		if wrong == nil {
			f.Value = strconv.Itoa([]int{d.Round.Minutes, d.Round.PerTeam, d.Round.PerMentor}[i])
		}
	}
	if wrong == nil {
		d.From.Value, d.To.Value = ui.LocalTime(v.L, d.Round.From), ui.LocalTime(v.L, d.Round.To)
	}
	if d.Team == nil {
		return
	}
	for k := range min(MostThemes, len(d.Themes), max(d.Round.PerTeam, 1)) {
		f := v.Field(r, wrong, "theme_"+strconv.Itoa(k+1), "meeting.wish")
		f.Label = v.L.T("meeting.wish", "n", k+1)
		if wishes := d.Wishes[d.Team.ID]; wrong == nil && k < len(wishes) {
			f.Value = string(wishes[k])
		}
		d.Wants = append(d.Wants, f)
	}
}

// again answers a form.
func (p pages) again(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string) error {
	if refusal != nil {
		page, err := p.page(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	v.Say(w, "ok", word)
	return v.Go(w, r, v.URL("help", "meetings"))
}

func (p pages) setRound(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	round := Round{Minutes: door.Int(r, "minutes", &wrong), PerTeam: door.Int(r, "per_team", &wrong), PerMentor: door.Int(r, "per_mentor", &wrong)}
	for name, into := range map[string]*time.Time{"from": &round.From, "to": &round.To} {
		if t, err := ui.ParseLocalTime(v.L, door.Text(r, name)); err == nil {
			*into = t
		}
	}
	err := wrong.Err()
	if err == nil {
		err = p.s.SetRound(r.Context(), v.Actor, v.Edition.ID, round)
	}
	return p.again(w, r, v, err, "meeting.round_set")
}

func (p pages) plan(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.s.Order(r.Context(), v.Actor, v.Edition.ID, door.Has(r, "few"))
	return p.again(w, r, v, err, "meeting.ordered")
}

func (p pages) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.again(w, r, v, p.s.Publish(r.Context(), v.Actor, v.Edition.ID), "meeting.published")
}

func (p pages) wish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wanted []mentoring.ThemeID
	for k := range MostThemes {
		if id := door.Text(r, "theme_"+strconv.Itoa(k+1)); id != "" {
			wanted = append(wanted, mentoring.ThemeID(id))
		}
	}
	return p.again(w, r, v, p.s.Wish(r.Context(), v.Actor, v.Edition.ID, wanted), "meeting.wished")
}

func (p pages) presence(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	who := v.Actor.ID
	if id := door.Text(r, "mentor"); id != "" {
		who = account.ID(id)
	}
	if door.Has(r, "back") {
		return p.again(w, r, v, p.s.Return(r.Context(), v.Actor, v.Edition.ID, who), "meeting.is_back")
	}
	return p.again(w, r, v, p.s.Leave(r.Context(), v.Actor, v.Edition.ID, who), "meeting.has_left")
}

type none struct{}

// appointmentOut is a meeting as the API tells it.
type appointmentOut struct {
	At     time.Time `json:"at"`
	Until  time.Time `json:"until"`
	Team   string    `json:"team"`
	Table  string    `json:"table"`
	Mentor string    `json:"mentor"`
	Theme  string    `json:"theme"`
}

type mineOut struct {
	Meetings []appointmentOut `json:"meetings"`
}

func (s *Service) apiMine(ctx context.Context, v *door.Visit, _ *none) (*mineOut, error) {
	view, err := s.See(ctx, v.Actor, v.Edition.ID)
	out := &mineOut{Meetings: []appointmentOut{}}
	for _, d := range view.Mine {
		a := view.appointment(d)
		out.Meetings = append(out.Meetings, appointmentOut{a.At, a.Until, a.TeamName, a.Table, a.With, a.About})
	}
	return out, err
}

type wishIn struct {
	Themes []mentoring.ThemeID `json:"themes"`
}

func (s *Service) apiWish(ctx context.Context, v *door.Visit, in *wishIn) (*none, error) {
	return nil, s.Wish(ctx, v.Actor, v.Edition.ID, in.Themes)
}

type planIn struct {
	Few bool `json:"few_changes"`
}

type planOut struct {
	Job string `json:"job"`
}

func (s *Service) apiPlan(ctx context.Context, v *door.Visit, in *planIn) (*planOut, error) {
	job, err := s.Order(ctx, v.Actor, v.Edition.ID, in.Few)
	return &planOut{job}, err
}

func (s *Service) apiPublish(ctx context.Context, v *door.Visit, _ *none) (*none, error) {
	return nil, s.Publish(ctx, v.Actor, v.Edition.ID)
}

func (s *Service) apiLeave(ctx context.Context, v *door.Visit, _ *none) (*none, error) {
	return nil, s.Leave(ctx, v.Actor, v.Edition.ID, v.Actor.ID)
}
