package app

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/certificate"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/recap"
	"h48/internal/registration"
)

// chronicle tells the certificates and the recap what happened, as the rooms counted it.
type chronicle struct{ app *App }

// arrived is who came, by account, and when for the first time.
func (f chronicle) arrived(ctx context.Context, e edition.ID) (map[account.ID]time.Time, error) {
	all, err := f.app.Checkin.People(ctx, account.Program, e, "")
	came := map[account.ID]time.Time{}
	for _, one := range all {
		if !one.First.IsZero() {
			came[one.Account] = one.First
		}
	}
	return came, err
}

// People implements certificate.People.
func (f chronicle) People(ctx context.Context, q sqldb.Querier, e edition.ID) ([]certificate.Person, error) {
	came, err := f.arrived(ctx, e)
	if err != nil {
		return nil, err
	}
	teams, err := f.app.Team.List(ctx, q, e)
	if err != nil {
		return nil, err
	}
	teamOf := map[account.ID]string{}
	for _, t := range teams {
		for _, m := range t.Members {
			teamOf[m.ID] = t.Name
		}
	}
	efforts, err := f.app.Mentoring.Efforts(ctx, q, e)
	if err != nil {
		return nil, err
	}
	hours := map[account.ID]int{}
	for _, effort := range efforts {
		hours[effort.Mentor.ID] = int((effort.Time + time.Hour/2) / time.Hour)
	}
	members, err := f.app.Editions.Members(ctx, q, e, "")
	people := make([]certificate.Person, 0, len(members))
	for _, m := range members {
		_, here := came[m.Account.ID]
		one := certificate.Person{Account: m.Account.ID, Name: m.Account.Name, Email: m.Account.Email, Lang: m.Account.Lang, Role: m.Role, Arrived: here}
		switch m.Role { //nolint:exhaustive // the others have neither
		case edition.Participant:
			one.Team = teamOf[m.Account.ID]
		case edition.Mentor:
			one.Hours = hours[m.Account.ID]
		}
		people = append(people, one)
	}
	return people, err
}

// Laureates implements certificate.People.
func (f chronicle) Laureates(ctx context.Context, q sqldb.Querier, e edition.ID) ([]certificate.Laureate, bool, error) {
	won, err := f.app.Award.Laureates(ctx, q, e)
	if err != nil {
		return nil, false, err
	}
	ed, err := f.app.Editions.Get(ctx, q, e)
	if err != nil {
		return nil, false, err
	}
	results, err := f.app.Award.Results(ctx, q, ed, ed.Now(f.app.DB.Now()))
	var all []certificate.Laureate
	for _, l := range won {
		for _, m := range l.Team.Members {
			all = append(all, certificate.Laureate{Account: m.Account, Name: m.Name, PrizeID: string(l.Prize.ID), Prize: l.Prize.Title,
				Project: l.Team.Title, Team: l.Team.Name})
		}
	}
	return all, results.Public, err
}

// Figures implements recap.Facts.
func (f chronicle) Figures(ctx context.Context, q sqldb.Querier, e edition.ID) (recap.Figures, error) {
	var all recap.Figures
	for _, count := range []func(context.Context, sqldb.Querier, edition.ID, *recap.Figures) error{
		f.countPeople, f.countWork, f.countThings, f.countPrizes} {
		if err := count(ctx, q, e, &all); err != nil {
			return all, err
		}
	}
	return all, nil
}

func (f chronicle) countPeople(ctx context.Context, q sqldb.Querier, e edition.ID, all *recap.Figures) error {
	confirmed, err := f.app.Registration.Confirmed(ctx, q, e)
	if err != nil {
		return err
	}
	came, err := f.arrived(ctx, e)
	if err != nil {
		return err
	}
	counts := map[registration.Profile]int{}
	for _, p := range confirmed {
		if _, here := came[p.Account]; here || len(came) == 0 {
			counts[p.Profile]++
		}
		if _, here := came[p.Account]; here {
			all.Came++
		}
	}
	all.Registered = len(confirmed)
	for _, p := range []registration.Profile{registration.Student, registration.Professional} {
		all.Profiles = append(all.Profiles, recap.Count{Key: "registration.profile." + string(p), N: counts[p]})
	}
	for role, n := range map[edition.Role]*int{edition.Mentor: &all.Mentors, edition.Juror: &all.Jurors, edition.Crew: &all.Crew} {
		members, err := f.app.Editions.Members(ctx, q, e, role)
		if err != nil {
			return err
		}
		*n = len(members)
	}
	return nil
}

func (f chronicle) countWork(ctx context.Context, q sqldb.Querier, e edition.ID, all *recap.Figures) error {
	projects, err := f.app.Project.Summary(ctx, q, e)
	if err != nil {
		return err
	}
	all.Teams, all.Submitted = projects.Teams, projects.HandedIn
	help, err := f.app.Mentoring.Summary(ctx, q, e)
	if err != nil {
		return err
	}
	all.Requests, all.MedianWait = help.Helped, help.Median
	sessions, err := f.app.Programme.Summary(ctx, q, e)
	if err != nil {
		return err
	}
	all.Sessions = sessions.Sessions
	all.Ballots, err = f.app.Vote.Ballots(ctx, q, e)
	return err
}

func (f chronicle) countThings(ctx context.Context, q sqldb.Querier, e edition.ID, all *recap.Figures) error {
	meals, err := f.app.Catering.Tallies(ctx, q, e)
	if err != nil {
		return err
	}
	for _, m := range meals {
		all.Meals += m.Served + m.Extra
	}
	stocks, err := f.app.Cups.Stocks(ctx, q, e)
	for _, s := range stocks {
		all.CupsOut += s.HandedOut
		all.CupsBack += s.Returned
	}
	return err
}

func (f chronicle) countPrizes(ctx context.Context, q sqldb.Querier, e edition.ID, all *recap.Figures) error {
	won, err := f.app.Award.Laureates(ctx, q, e)
	if err != nil {
		return err
	}
	for _, l := range won {
		all.Prizes = append(all.Prizes, recap.Won{Prize: l.Prize.Title, Cents: l.Prize.Cents, Team: l.Team.Name, Project: l.Team.Title, Pitch: l.Team.Pitch})
	}
	partners, err := f.app.Editions.Partners(ctx, q, e)
	for _, p := range partners {
		all.Partners = append(all.Partners, p.Name)
	}
	return err
}
