package app

import (
	"context"
	"strconv"

	"github.com/a-h/templ"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/followup"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
	"h48/internal/registration"
	"h48/internal/ui"
)

// afterwards tells the follow-up which projects there are, and who agreed to be asked.
type afterwards struct {
	teams
	registrations *registration.Service
}

// Handed implements followup.Projects. Who agreed is who asked for news when registering.
func (p afterwards) Handed(ctx context.Context, q sqldb.Querier, e edition.ID) ([]followup.Project, error) {
	handedIn, err := p.projects.List(ctx, q, e)
	if err != nil || len(handedIn) == 0 {
		return nil, err
	}
	competing, err := p.competing(ctx, q, e)
	if err != nil {
		return nil, err
	}
	people, err := p.registrations.All(ctx, q, e)
	if err != nil {
		return nil, err
	}
	agreed := map[account.ID]bool{}
	for _, one := range people {
		agreed[one.Account] = one.News
	}
	all := make([]followup.Project, len(competing))
	for i, t := range competing {
		all[i] = followup.Project{Team: t.ID, TeamName: t.Name, Title: t.Title}
		for _, m := range t.Members {
			if agreed[m] {
				all[i].Agreed = append(all[i].Agreed, m)
			}
		}
	}
	return all, nil
}

// Public implements followup.Projects.
func (p afterwards) Public(ctx context.Context, q sqldb.Querier, e edition.ID) (bool, error) {
	all, err := p.projects.PublicProjects(ctx, q, e)
	return len(all) > 0, err
}

// followed looks at what became of the projects once people were asked.
func (w *watch) followed(ctx context.Context) error {
	if w.phase != edition.After {
		return nil
	}
	s, err := w.Followup.Summary(ctx, w.DB, w.v.Edition, w.v.Now)
	if err != nil || s.Projects == 0 {
		return err
	}
	url := w.v.URL("followup", "overview")
	if s.Silent > 0 {
		w.say(actSoon, "silent_projects", s.Silent, "mail", url)
	}
	if s.Unasked > 0 {
		w.say(actSoon, "unasked_projects", s.Unasked, "phone", url)
	}
	if s.Known > 0 {
		w.well("followed", "heart", url, "n", s.Known, "of", s.Projects)
	}
	return nil
}

// becameOf says, on the page of an edition that holds an earlier one again, what became
// of that one's projects, with the address where they stand; "" where nobody knows.
func (a *App) becameOf(ctx context.Context, v *door.Visit) (sentence, url string, err error) {
	if v.Edition.ClonedFrom == "" {
		return "", "", nil
	}
	before, err := a.Editions.Get(ctx, a.DB, v.Edition.ClonedFrom)
	if errs.Is(err, errs.NotFound) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	public, err := a.Followup.Public(ctx, a.DB, before.ID)
	if err != nil || !public || before.State == edition.Draft {
		return "", "", err
	}
	t, err := a.Followup.Tally(ctx, a.DB, before.ID)
	return t.Sentence(v.L, strconv.Itoa(before.At[edition.Starts].In(before.Zone).Year())), before.URL() + "/followup", err
}

// becameLine is the sentence and its way to the whole story.
type becameLine struct{ sentence, url string }

func (l becameLine) told() bool { return l.sentence != "" }

// becameCard is the line as the public page shows it.
func (l becameLine) card(v ui.View) ui.CardData {
	return ui.CardData{Title: l.sentence, URL: l.url, Icon: "lightbulb", Eyebrow: v.L.T("app.public.before")}
}

// became implements gallery.Became with what a team said last.
func (a *App) became(ctx context.Context, view ui.View, v *door.Visit, team string) (templ.Component, error) {
	public, err := a.Followup.Public(ctx, a.DB, v.Edition.ID)
	if err != nil || !public {
		return nil, err
	}
	last, err := a.Followup.Last(ctx, a.DB, v.Edition.ID, team)
	if err != nil || last == nil {
		return nil, err
	}
	return followup.Became(view, v, *last), nil
}
