package message

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/kit/once"
)

// announcementOut is an announcement as the API writes it. Seen and Reached are counted
// for organisers only.
type announcementOut struct {
	ID       ID         `json:"id"`
	Text     string     `json:"text"`
	Level    Level      `json:"level"`
	Audience Audience   `json:"audience"`
	Sent     time.Time  `json:"sent"`
	Expires  *time.Time `json:"expires"`
	Seen     int        `json:"seen"`
	Reached  int        `json:"reached"`
	Job      string     `json:"job"`
}

func out(a Announcement) *announcementOut {
	o := &announcementOut{ID: a.ID, Text: a.Text, Level: a.Level, Audience: a.Audience, Sent: a.Sent, Reached: a.Reached, Job: a.Job}
	if a.Reached > 0 {
		o.Seen = a.Seen
	}
	if !a.Expires.IsZero() {
		o.Expires = &a.Expires
	}
	return o
}

// operations registers the JSON operations.
func operations(d *door.Door, s *Service) {
	organisers := door.Only()
	const base = "/api/v1/e/{edition}/messages"
	d.API("GET", base, door.Anyone(), "What was announced to the reader", door.Op(s.apiHistory))
	d.API("GET", base+"/current", door.Anyone(), "What stands before the reader now", door.Op(s.apiCurrent))
	d.API("POST", base, organisers, "Make an announcement", door.Op(s.apiSend))
	d.API("POST", base+"/{announcement}/seen", door.Members(), "Say that one has seen it", door.Op(s.apiSeen))
	d.API("POST", base+"/{announcement}/retract", organisers, "Take an announcement down", door.Op(s.apiRetract))
	d.API("POST", base+"/{announcement}/stop", organisers, "Stop the letters of an announcement", door.Op(s.apiStop))
}

type listOut struct {
	Announcements []*announcementOut `json:"announcements"`
}

func outs(all []Announcement) *listOut {
	list := &listOut{Announcements: make([]*announcementOut, len(all))}
	for i, a := range all {
		list.Announcements[i] = out(a)
	}
	return list
}

func (s *Service) apiHistory(ctx context.Context, v *door.Visit, _ *struct{}) (*listOut, error) {
	all, err := s.History(ctx, s.db, v.Edition.ID, v.Roles)
	return outs(all), err
}

func (s *Service) apiCurrent(ctx context.Context, v *door.Visit, _ *struct{}) (*listOut, error) {
	all, err := s.Current(ctx, s.db, v.Edition.ID, v.Actor.ID, v.Roles, v.Now)
	return outs(all), err
}

type sendIn struct {
	Text     string   `json:"text"`
	Level    Level    `json:"level"`
	Audience Audience `json:"audience"`
	Minutes  int      `json:"minutes"`
	Email    bool     `json:"email"`
	Action   string   `json:"action_id"`
}

func (s *Service) apiSend(ctx context.Context, v *door.Visit, in *sendIn) (*announcementOut, error) {
	action := once.Action{}
	if in.Action != "" {
		action.ID = string(v.Actor.ID) + "/" + in.Action
	}
	a, err := s.Send(ctx, v.Actor, v.Edition.ID, Draft{Text: in.Text, Level: in.Level, Audience: in.Audience,
		For: time.Duration(in.Minutes) * time.Minute, Email: in.Email}, action)
	return out(a), err
}

type oneIn struct {
	Announcement ID `path:"announcement" json:"-"`
}

func (s *Service) apiSeen(ctx context.Context, v *door.Visit, in *oneIn) (*struct{}, error) {
	return nil, s.Seen(ctx, v.Actor, in.Announcement)
}

func (s *Service) apiRetract(ctx context.Context, v *door.Visit, in *oneIn) (*struct{}, error) {
	return nil, s.Retract(ctx, v.Actor, in.Announcement)
}

func (s *Service) apiStop(ctx context.Context, v *door.Visit, in *oneIn) (*struct{}, error) {
	return nil, s.StopLetters(ctx, v.Actor, in.Announcement)
}
