package app

import (
	"context"
	"io"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/checkin"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/files"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
	"h48/internal/registration"
	"h48/internal/ui"
	"h48/internal/vote"
)

// voters tells the vote who has come and who takes part.
type voters struct {
	checkin       *checkin.Service
	registrations *registration.Service
}

// voter is somebody as the door sees them; who is only registered in line has no vote.
func voter(one checkin.Someone) vote.Person {
	return vote.Person{Account: one.Account, Came: !one.First.IsZero(), Participant: one.State == registration.Confirmed}
}

// Wearer implements vote.People.
func (v voters) Wearer(ctx context.Context, q sqldb.Querier, e edition.ID, code string) (vote.Person, error) {
	one, err := v.checkin.ByCode(ctx, q, e, code)
	return voter(one), err
}

// Member implements vote.People.
func (v voters) Member(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (vote.Person, error) {
	one, err := v.checkin.Holder(ctx, q, e, who)
	return voter(one), err
}

// Everybody implements vote.People.
func (v voters) Everybody(ctx context.Context, q sqldb.Querier, e edition.ID) ([]vote.Person, error) {
	all, err := v.checkin.Everyone(ctx, q, e)
	people := make([]vote.Person, len(all))
	for i, one := range all {
		people[i] = voter(one)
	}
	return people, err
}

// candidates tells the vote what can be chosen.
type candidates struct {
	teams
	files files.Store
}

// Choices implements vote.Projects: what was handed in, with its first picture.
func (c candidates) Choices(ctx context.Context, q sqldb.Querier, e edition.ID) ([]vote.Choice, error) {
	all, err := c.competing(ctx, q, e)
	if err != nil {
		return nil, err
	}
	handedIn, err := c.projects.List(ctx, q, e)
	if err != nil {
		return nil, err
	}
	pictures := map[string]string{}
	for _, s := range handedIn {
		pictures[string(s.Team)] = firstPicture(s)
	}
	choices := make([]vote.Choice, len(all))
	for i, t := range all {
		choices[i] = vote.Choice{Team: t.ID, TeamName: t.Name, Title: t.Title, Pitch: t.Pitch, Picture: pictures[t.ID], Members: t.Members}
	}
	return choices, nil
}

func firstPicture(s project.Submission) string {
	for _, f := range s.Files {
		if f.Picture() {
			return f.Key
		}
	}
	return ""
}

// Picture implements vote.Projects.
func (c candidates) Picture(ctx context.Context, key string) (io.ReadSeekCloser, string, error) {
	content, info, err := c.files.Open(ctx, key)
	return content, info.ContentType, err
}

// voting adds to the navigation where there is something to vote on, from the pitches on.
func (a *App) voting(ctx context.Context, v *door.Visit, view *ui.View) error {
	if !v.Edition.Has(edition.HandIn, v.Now) || v.Is(edition.Organiser) {
		return nil
	}
	s, err := a.Vote.Summary(ctx, a.DB, v.Edition.ID, v.Now)
	if err != nil || s.Open+s.Public == 0 {
		return err
	}
	view.Topics = append(view.Topics, vote.Topic(v.Edition.ID))
	link := ui.Link{Label: v.L.T("app.nav.vote"), URL: v.URL("vote"), Icon: "vote", Count: s.Here}
	at := min(len(view.Nav), 1)
	if s.Here == 0 {
		at = len(view.Nav)
	}
	view.Nav = append(view.Nav[:at:at], append([]ui.Link{link}, view.Nav[at:]...)...)
	return nil
}

// votes looks at the public's votes.
func (w *watch) votes(ctx context.Context) error {
	s, err := w.Vote.Summary(ctx, w.DB, w.v.Edition.ID, w.v.Now)
	if err != nil {
		return err
	}
	url := w.v.URL("votes")
	if s.Next != "" {
		url = w.v.URL("votes", string(s.Next))
	}
	if s.Ballots > 0 && w.during(edition.Pitching, edition.Judging, edition.Awarding) {
		w.figure(ui.StatData{Label: w.v.L.T("app.stat.ballots"), Value: w.v.L.Int(int64(s.Ballots)), Icon: "vote", URL: url})
	}
	if s.ToCheck > 0 {
		w.say(w.urgentIn(edition.Judging, edition.Awarding), "vote_check", s.ToCheck, "vote", url)
	}
	if s.ToPublish > 0 {
		w.say(actSoon, "vote_publish", s.ToPublish, "vote", url)
	}
	if s.Open > 0 {
		w.well("vote_open", "vote", url, "n", s.Ballots)
	}
	return nil
}

// favourites tells the deliberation what the public chose. It asks for the vote late:
// that room is built after the award's.
type favourites struct{ vote func() *vote.Service }

// Favourites implements award.Public.
func (f favourites) Favourites(ctx context.Context, q sqldb.Querier, e edition.ID) ([]award.Favourite, error) {
	outcomes, err := f.vote().Favourites(ctx, q, e)
	all := make([]award.Favourite, len(outcomes))
	for i, o := range outcomes {
		all[i] = award.Favourite{Vote: string(o.Poll.ID), Counted: o.Result.Counted, Asks: func(l i18n.Locale) string {
			return o.Poll.Asks(l) + " · " + l.T("vote.audience."+string(o.Poll.Audience))
		}}
		for _, line := range o.Result.Leaders() {
			all[i].Leaders = append(all[i].Leaders, award.Chosen{Team: line.Team, Name: line.Name(), N: line.N})
		}
	}
	return all, err
}
