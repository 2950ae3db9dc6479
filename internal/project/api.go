package project

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/once"
	"h48/internal/team"
)

// Receipt is a version as the API tells it: the proof of a hand-in.
type Receipt struct {
	Project  ID         `json:"project"`
	Team     team.ID    `json:"team"`
	Version  int        `json:"version"`
	Content  Content    `json:"content"`
	Files    []FileID   `json:"files"`
	Basis    Basis      `json:"basis"`
	Late     bool       `json:"late"`
	By       account.ID `json:"by"`
	At       time.Time  `json:"at"`
	Received time.Time  `json:"received"`
	Digest   string     `json:"digest"`
}

func receipt(s Submission) Receipt {
	r := Receipt{Project: s.Project, Team: s.Team, Version: s.Number, Content: s.Content, Files: []FileID{}, Basis: s.Basis,
		Late: s.Late(), By: s.By, At: s.At, Received: s.Received, Digest: s.Digest}
	for _, f := range s.Files {
		r.Files = append(r.Files, f.ID)
	}
	return r
}

// delivery is a hand-in by a program.
type delivery struct {
	Content  Content `json:"content"`
	ActionID string  `json:"action_id"`
}

type none struct{}

// History is every version of one project, the newest first.
type History struct {
	Versions []Receipt `json:"versions"`
}

// api registers the room's operations.
func api(d *door.Door, s *Service) {
	d.API("POST", "/api/v1/e/{edition}/project/handin", door.Only(edition.Participant), "Hand the team's project in",
		door.Op(func(ctx context.Context, v *door.Visit, in *delivery) (*Receipt, error) {
			action := once.Action{}
			if in.ActionID != "" {
				action.ID = string(v.Actor.ID) + "/" + in.ActionID
			}
			mine, err := s.Mine(ctx, v.Actor, v.Edition.ID)
			if err != nil {
				return nil, err
			}
			sub, err := s.HandIn(ctx, v.Actor, v.Edition.ID, in.Content, Edit{Base: mine.Revision}, action)
			if err != nil {
				return nil, err
			}
			r := receipt(sub)
			return &r, nil
		}))
	d.API("GET", "/api/v1/e/{edition}/project/versions", door.Only(edition.Participant), "List the versions that one's team handed in",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*History, error) {
			mine, err := s.Mine(ctx, v.Actor, v.Edition.ID)
			if err != nil {
				return nil, err
			}
			versions, err := s.Versions(ctx, s.db, mine.ID)
			return history(versions), err
		}))
	d.API("GET", "/api/v1/e/{edition}/projects", door.Only(edition.Juror), "List what each team handed in last",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*History, error) {
			all, err := s.List(ctx, s.db, v.Edition.ID)
			return history(all), err
		}))
}

func history(all []Submission) *History {
	h := &History{Versions: []Receipt{}}
	for _, s := range all {
		h.Versions = append(h.Versions, receipt(s))
	}
	return h
}
