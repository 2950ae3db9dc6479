package followup

import (
	"context"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// Turn is one asking, as organisers see it.
type Turn struct {
	Months int
	Due    time.Time
	Asked  int // people who had a letter
	Heard  int // projects of which something was said since
}

// Overview is what organisers see.
type Overview struct {
	Stories []Story
	History map[string][]Report // of each team, the newest first
	Turns   []Turn
	Tally   Tally
	Quiet   bool
	// Silent are projects that were asked about and that nobody has answered for.
	Silent []Project
	Names  map[account.ID]string
}

// Overview returns how the follow-up stands: an organiser's matter.
func (s *Service) Overview(ctx context.Context, actor account.Actor, e edition.ID) (Overview, error) {
	o := Overview{History: map[string][]Report{}, Names: map[account.ID]string{}}
	if err := s.editions.Require(ctx, s.db, actor, e, edition.Organiser); err != nil {
		return o, err
	}
	ed, err := s.editions.Get(ctx, s.db, e)
	if err != nil {
		return o, err
	}
	if o.Quiet, err = isQuiet(ctx, s.db, e); err != nil {
		return o, err
	}
	projects, err := s.projects.Handed(ctx, s.db, e)
	if err != nil {
		return o, err
	}
	reports, err := listReports(ctx, s.db, e)
	if err != nil {
		return o, err
	}
	asks, err := listAsks(ctx, s.db, e)
	if err != nil {
		return o, err
	}
	o.Stories = stories(projects, reports)
	o.Tally = tally(o.Stories)
	o.Turns = turns(ed, asks, reports)
	for _, r := range slices.Backward(reports) {
		o.History[r.Team] = append(o.History[r.Team], r)
		if _, known := o.Names[r.By]; r.By != "" && !known {
			who, err := s.accounts.Get(ctx, s.db, r.By)
			if err != nil {
				return o, err
			}
			o.Names[r.By] = who.Name
		}
	}
	o.Silent = silent(projects, asks, reports)
	return o, nil
}

// turns counts each asking.
func turns(e edition.Edition, asks []ask, reports []Report) []Turn {
	var all []Turn
	for _, months := range Turns {
		due, set := Due(e, months)
		if !set {
			continue
		}
		t, heard := Turn{Months: months, Due: due}, map[string]bool{}
		for _, a := range asks {
			if a.months == months {
				t.Asked++
			}
		}
		for _, r := range reports {
			if r.Months == months {
				heard[r.Team] = true
			}
		}
		t.Heard = len(heard)
		all = append(all, t)
	}
	return all
}

// silent lists the projects whose newest asking nobody has answered, by anybody.
func silent(projects []Project, asks []ask, reports []Report) []Project {
	asked, heard := map[string]time.Time{}, map[string]time.Time{}
	for _, a := range asks {
		if a.asked.After(asked[a.team]) {
			asked[a.team] = a.asked
		}
	}
	for _, r := range reports {
		heard[r.Team] = r.At
	}
	return slices.DeleteFunc(slices.Clone(projects), func(p Project) bool {
		at, was := asked[p.Team]
		return !was || !heard[p.Team].Before(at)
	})
}

// Summary is the follow-up in figures.
type Summary struct {
	Tally
	// Silent projects were asked about and nobody has answered; Unasked is how many
	// projects have nobody who agreed to be written to, once the first turn has come.
	Silent, Unasked int
}

// Summary counts; it names nobody.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (Summary, error) {
	var sum Summary
	projects, err := s.projects.Handed(ctx, q, e.ID)
	if err != nil {
		return sum, err
	}
	reports, err := listReports(ctx, q, e.ID)
	if err != nil {
		return sum, err
	}
	asks, err := listAsks(ctx, q, e.ID)
	if err != nil {
		return sum, err
	}
	all := stories(projects, reports)
	sum.Tally, sum.Silent = tally(all), len(silent(projects, asks, reports))
	first, set := Due(e, Turns[0])
	if !set || now.Before(first) {
		return sum, nil
	}
	for _, one := range all {
		if len(one.Agreed) == 0 && one.Last == nil {
			sum.Unasked++
		}
	}
	return sum, nil
}
