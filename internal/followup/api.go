package followup

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
)

// operations registers the JSON operations.
func operations(d *door.Door, s *Service) {
	const base = "/api/v1/e/{edition}/followup"
	d.API("GET", base, door.Anyone(), "What became of the projects", door.Op(s.apiStories))
	d.API("POST", base+"/{team}", door.Only(edition.Organiser), "Say what became of a project, and why an organiser says it", door.Op(s.apiFillIn))
}

type storyOut struct {
	Team    string    `json:"team_id"`
	Name    string    `json:"team"`
	Project string    `json:"project"`
	State   State     `json:"state"` // "" where nobody has said anything
	Words   string    `json:"words"`
	URL     string    `json:"url"`
	At      time.Time `json:"at,omitzero"`
}

type storiesOut struct {
	Projects []storyOut    `json:"projects"`
	Counts   map[State]int `json:"counts"`
}

// apiStories lists nothing before the projects are public.
func (s *Service) apiStories(ctx context.Context, v *door.Visit, _ *struct{}) (*storiesOut, error) {
	out := &storiesOut{Projects: []storyOut{}, Counts: map[State]int{}}
	public, err := s.Public(ctx, s.db, v.Edition.ID)
	if err != nil || !public && !v.Is(edition.Organiser) {
		return out, err
	}
	all, err := s.Stories(ctx, s.db, v.Edition.ID)
	for _, one := range all {
		line := storyOut{Team: one.Team, Name: one.TeamName, Project: one.Title}
		if one.Last != nil {
			line.State, line.Words, line.URL, line.At = one.Last.State, one.Last.Words, one.Last.URL, one.Last.At
		}
		out.Projects = append(out.Projects, line)
	}
	out.Counts = tally(all).By
	return out, err
}

type fillIn struct {
	Team   string `path:"team" json:"-"`
	State  State  `json:"state"`
	Words  string `json:"words"`
	URL    string `json:"url"`
	Reason string `json:"reason"`
}

func (s *Service) apiFillIn(ctx context.Context, v *door.Visit, in *fillIn) (*struct{}, error) {
	return nil, s.FillIn(ctx, v.Actor, v.Edition.ID, in.Team, Said{State: in.State, Words: in.Words, URL: in.URL, Reason: in.Reason})
}
