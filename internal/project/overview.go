package project

import (
	"context"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

// Row is one team in the organiser's overview.
type Row struct {
	Team     team.Team
	Project  Project     // its zero value for a team that began nothing
	Current  *Submission // nil where nothing was handed in
	Attempts []Attempt   // too late, and not decided
}

// Overview says of each team what it has handed in and when.
func (s *Service) Overview(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Row, error) {
	teams, err := s.teams.List(ctx, q, id)
	if err != nil {
		return nil, err
	}
	projects, err := listProjects(ctx, q, id)
	if err != nil {
		return nil, err
	}
	current, err := listVersions(ctx, q, "p.edition_id = $1 AND v.number = p.versions", id)
	if err != nil {
		return nil, err
	}
	attempts, err := listAttempts(ctx, q, "p.edition_id = $1", id)
	if err != nil {
		return nil, err
	}
	rows := make([]Row, len(teams))
	at := map[team.ID]*Row{}
	for i, t := range teams {
		rows[i].Team = t
		at[t.ID] = &rows[i]
	}
	byID := map[ID]*Row{}
	for _, p := range projects {
		if r := at[p.Team]; r != nil {
			r.Project, byID[p.ID] = p, r
		}
	}
	for i, c := range current {
		if r := byID[c.Project]; r != nil {
			r.Current = &current[i]
		}
	}
	for _, a := range attempts {
		if r := byID[a.Project]; r != nil && a.Admitted.IsZero() {
			r.Attempts = append(r.Attempts, a)
		}
	}
	return rows, nil
}

// Summary counts what the teams have handed in.
func (s *Service) Summary(ctx context.Context, q sqldb.Querier, id edition.ID) (Summary, error) {
	rows, err := s.Overview(ctx, q, id)
	sum := Summary{Teams: len(rows)}
	for _, r := range rows {
		sum.Refused += len(r.Attempts)
		switch {
		case r.Current != nil:
			sum.HandedIn++
			if r.Current.Late() {
				sum.Late++
			}
		case !r.Project.Edited.IsZero():
			sum.Drafts++
		default:
			sum.Nothing++
		}
	}
	return sum, err
}
