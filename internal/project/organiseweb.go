package project

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"h48/internal/door"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
	"h48/internal/ui"
)

// organiseRoutes are the organisers' pages.
func organiseRoutes(d *door.Door, p pages) {
	d.Get("/e/{edition}/handins", door.Only(), p.showOverview)
	d.Get("/e/{edition}/handins/{team}", door.Only(), p.showDecisions)
	d.Post("/e/{edition}/handins/{team}/reopen", door.Only(), p.reopen)
	d.Post("/e/{edition}/handins/{team}/move", door.Only(), p.move)
	d.Post("/e/{edition}/handins/{team}/admit", door.Only(), p.admit)
	d.Post("/e/{edition}/handins/{team}/withhold", door.Only(), p.withhold)
	d.Post("/e/{edition}/handins/{team}/release", door.Only(), p.release)
	d.Post("/e/{edition}/handins/publish", door.Only(), p.publish)
	d.Post("/e/{edition}/handins/unpublish", door.Only(), p.unpublish)
	d.Get("/e/{edition}/challenges", door.Anyone(), p.showChallenges)
	d.Post("/e/{edition}/challenges", door.Only(), p.setChallenge)
}

func (p pages) showOverview(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.overview(r, v)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) overview(r *http.Request, v *door.Visit) (func() templ.Component, error) {
	rows, err := p.s.Overview(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	sum, err := p.s.Summary(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	return func() templ.Component {
		view := v.Page(v.L.T("project.overview.title"), Topic(v.Edition.ID), team.Topic(v.Edition.ID))
		view.Wide = true
		return overviewPage(view, rows, sum, v.URL)
	}, nil
}

// decisions are what an organiser may decide about one team's project.
type decisions struct {
	Row     Row
	Options []ui.Option
	URL     func(parts ...string) string

	Until, Reason, Challenge ui.Field
}

func (p pages) showDecisions(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.decisions(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) decisions(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	rows, err := p.s.Overview(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := decisions{URL: v.URL}
	for _, row := range rows {
		if row.Team.ID == team.ID(r.PathValue("team")) {
			d.Row = row
		}
	}
	if d.Row.Team.ID == "" {
		return nil, sqldb.ErrNotFound
	}
	have := d.Row.Project.Draft.Challenge
	if d.Row.Current != nil {
		have = d.Row.Current.Challenge
	}
	if d.Options, err = p.options(r, v, have); err != nil {
		return nil, err
	}
	d.Until, d.Reason = v.Field(r, wrong, "until", "project.decide.until"), v.Field(r, wrong, "reason", "project.reason")
	d.Challenge = v.Field(r, wrong, "challenge", "project.field.challenge")
	if wrong == nil {
		d.Until.Value, d.Challenge.Value = ui.LocalTime(v.L, v.Now.Add(30*time.Minute)), string(have)
	}
	return func() templ.Component {
		return decisionsPage(v.Page(v.L.T("project.decide.title", "team", d.Row.Team.Name), TeamTopic(d.Row.Team.ID)), d)
	}, nil
}

// decided answers a decision: the page again, with what was refused.
func (p pages) decided(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string) error {
	if refusal != nil {
		page, err := p.decisions(r, v, refusal)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	v.Say(w, "ok", word)
	return v.Go(w, r, v.URL("handins", r.PathValue("team")))
}

func (p pages) reopen(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	var wrong errs.Fields
	until := door.MustMoment(r, v.L, "until", &wrong)
	if err := wrong.Err(); err != nil {
		return p.decided(w, r, v, err, "")
	}
	err := p.s.Reopen(r.Context(), v.Actor, v.Edition.ID, team.ID(r.PathValue("team")), until, door.Text(r, "reason"))
	return p.decided(w, r, v, err, "project.decide.reopened")
}

func (p pages) move(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.MoveChallenge(r.Context(), v.Actor, v.Edition.ID, team.ID(r.PathValue("team")), ChallengeID(door.Text(r, "challenge")), door.Text(r, "reason"))
	return p.decided(w, r, v, err, "project.decide.moved")
}

func (p pages) admit(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	_, err := p.s.Admit(r.Context(), v.Actor, v.Edition.ID, team.ID(r.PathValue("team")), door.Text(r, "attempt"), door.Text(r, "reason"))
	return p.decided(w, r, v, err, "project.decide.admitted")
}

func (p pages) withhold(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Withhold(r.Context(), v.Actor, v.Edition.ID, team.ID(r.PathValue("team")), door.Text(r, "reason"))
	return p.decided(w, r, v, err, "project.decide.withheld")
}

func (p pages) release(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	err := p.s.Release(r.Context(), v.Actor, v.Edition.ID, team.ID(r.PathValue("team")), door.Text(r, "reason"))
	return p.decided(w, r, v, err, "project.decide.released")
}

func (p pages) publish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.publicAnswer(w, r, v, p.s.Publish(r.Context(), v.Actor, v.Edition.ID), "project.published")
}

func (p pages) unpublish(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	return p.publicAnswer(w, r, v, p.s.Unpublish(r.Context(), v.Actor, v.Edition.ID), "project.unpublished")
}

func (p pages) publicAnswer(w http.ResponseWriter, r *http.Request, v *door.Visit, refusal error, word string) error {
	if refusal != nil {
		page, err := p.overview(r, v)
		if err != nil {
			return err
		}
		return v.Again(w, r, refusal, page)
	}
	v.Say(w, "ok", word)
	return v.Go(w, r, v.URL("handins"))
}

// challengeData is the page of the challenges; organisers change them there.
type challengeData struct {
	Challenges []Challenge
	Organiser  bool
	URL        func(parts ...string) string

	Title, Text, Partner ui.Field
}

func (p pages) showChallenges(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	page, err := p.challenges(r, v, nil)
	if err != nil {
		return err
	}
	return v.Show(w, r, page())
}

func (p pages) challenges(r *http.Request, v *door.Visit, wrong error) (func() templ.Component, error) {
	all, err := p.s.Challenges(r.Context(), p.s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	d := challengeData{Challenges: all, Organiser: v.Is("organiser"), URL: v.URL,
		Title: v.Field(r, wrong, "title", "project.challenge.title"), Text: v.Field(r, wrong, "text", "project.challenge.text"),
		Partner: v.Field(r, wrong, "partner", "project.challenge.partner")}
	return func() templ.Component {
		return challengesPage(v.Page(v.L.T("project.challenges.title"), Topic(v.Edition.ID)), d)
	}, nil
}

func (p pages) setChallenge(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
	c := Challenge{ID: ChallengeID(door.Text(r, "id")), Title: door.Text(r, "title"), Text: door.Text(r, "text"), Partner: door.Text(r, "partner")}
	if door.Has(r, "drop") {
		c.Dropped = v.Now
	}
	if _, err := p.s.SetChallenge(r.Context(), v.Actor, v.Edition.ID, c); err != nil {
		page, again := p.challenges(r, v, err)
		if again != nil {
			return again
		}
		return v.Again(w, r, err, page)
	}
	v.Say(w, "ok", "project.challenge.saved")
	return v.Go(w, r, v.URL("challenges"))
}
