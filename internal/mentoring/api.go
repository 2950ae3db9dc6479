package mentoring

import (
	"context"
	"time"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/once"
)

// requestOut is a request as the API writes it.
type requestOut struct {
	ID      ID        `json:"id"`
	Team    string    `json:"team"`
	TeamID  string    `json:"team_id"`
	Place   string    `json:"place"`
	Theme   string    `json:"theme"`
	ThemeID ThemeID   `json:"theme_id"`
	Text    string    `json:"text"`
	Note    string    `json:"note"`
	State   State     `json:"state"`
	Mentor  string    `json:"mentor"`
	Asked   time.Time `json:"asked"`
	Waited  int       `json:"waited_seconds"`
	Outcome string    `json:"outcome"`
}

func out(r Request, now time.Time) *requestOut {
	return &requestOut{ID: r.ID, Team: r.Team.Name, TeamID: r.Team.ID, Place: r.Place, Theme: r.Theme.Name, ThemeID: r.Theme.ID,
		Text: r.Text, Note: r.Note, State: r.State, Mentor: r.Mentor.Name, Asked: r.Asked,
		Waited: int(r.Wait(now).Seconds()), Outcome: r.Outcome}
}

func outs(requests []Request, now time.Time) []*requestOut {
	all := make([]*requestOut, len(requests))
	for i, r := range requests {
		all[i] = out(r, now)
	}
	return all
}

// onRequest is the input of what is done to a request. A device that may send twice
// gives the action an id and its moment.
type onRequest struct {
	Request ID        `path:"request" json:"-"`
	Action  string    `json:"action_id"`
	At      time.Time `json:"acted_at"`
}

func (in onRequest) once(v *door.Visit) once.Action {
	if in.Action == "" {
		return once.Action{}
	}
	return once.Action{ID: string(v.Actor.ID) + "/" + in.Action, At: in.At}
}

// operations registers the JSON operations.
func operations(d *door.Door, s *Service) {
	mentors, teams := door.Only(edition.Mentor), door.Only(edition.Participant)
	const base = "/api/v1/e/{edition}/help"
	d.API("GET", base+"/queue", mentors, "Who waits for a mentor, the best match first", door.Op(s.apiQueue))
	d.API("GET", base+"/themes", door.Members(), "What a team may ask about", door.Op(s.apiThemes))
	d.API("POST", base, teams, "Ask for help for one's team", door.Op(s.apiAsk))
	d.API("POST", base+"/{request}/claim", mentors, "Take a request", door.Op(s.apiClaim))
	d.API("POST", base+"/{request}/release", mentors, "Give a request back", door.Op(s.apiRelease))
	d.API("POST", base+"/{request}/hand-over", mentors, "Hand a request over to another expertise", door.Op(s.apiHandOver))
	d.API("POST", base+"/{request}/resolve", mentors, "Close a request with one line and the minutes", door.Op(s.apiResolve))
	d.API("POST", base+"/{request}/withdraw", teams, "Take one's question back", door.Op(s.apiWithdraw))
	d.API("PUT", base+"/duty", mentors, "Say that one is there, or goes", door.Op(s.apiDuty))
}

type queueOut struct {
	Mine    []*requestOut `json:"mine"`
	Waiting []*requestOut `json:"waiting"`
	Others  []*requestOut `json:"others"`
}

func (s *Service) apiQueue(ctx context.Context, v *door.Visit, _ *struct{}) (*queueOut, error) {
	q, err := s.Queue(ctx, v.Actor, v.Edition.ID)
	return &queueOut{outs(q.Mine, v.Now), outs(q.Waiting, v.Now), outs(q.Others, v.Now)}, err
}

type themeOut struct {
	ID   ThemeID `json:"id"`
	Name string  `json:"name"`
}

type themesOut struct {
	Themes []themeOut `json:"themes"`
}

func (s *Service) apiThemes(ctx context.Context, v *door.Visit, _ *struct{}) (*themesOut, error) {
	themes, err := s.Themes(ctx, s.db, v.Edition.ID)
	list := &themesOut{Themes: make([]themeOut, len(themes))}
	for i, t := range themes {
		list.Themes[i] = themeOut(t)
	}
	return list, err
}

type askIn struct {
	Theme  ThemeID   `json:"theme_id"`
	Text   string    `json:"text"`
	Place  string    `json:"place"`
	Action string    `json:"action_id"`
	At     time.Time `json:"acted_at"`
}

func (s *Service) apiAsk(ctx context.Context, v *door.Visit, in *askIn) (*requestOut, error) {
	r, err := s.Ask(ctx, v.Actor, v.Edition.ID, Question{Theme: in.Theme, Text: in.Text, Place: in.Place},
		onRequest{Action: in.Action, At: in.At}.once(v))
	return out(r, v.Now), err
}

func (s *Service) apiClaim(ctx context.Context, v *door.Visit, in *onRequest) (*requestOut, error) {
	r, err := s.Claim(ctx, v.Actor, in.Request, in.once(v))
	return out(r, v.Now), err
}

func (s *Service) apiRelease(ctx context.Context, v *door.Visit, in *onRequest) (*requestOut, error) {
	r, err := s.Release(ctx, v.Actor, in.Request, in.once(v))
	return out(r, v.Now), err
}

func (s *Service) apiWithdraw(ctx context.Context, v *door.Visit, in *onRequest) (*requestOut, error) {
	r, err := s.Withdraw(ctx, v.Actor, in.Request, in.once(v))
	return out(r, v.Now), err
}

type handOverIn struct {
	Request ID        `path:"request" json:"-"`
	Theme   ThemeID   `json:"theme_id"`
	Note    string    `json:"note"`
	Minutes int       `json:"minutes"`
	Action  string    `json:"action_id"`
	At      time.Time `json:"acted_at"`
}

func (s *Service) apiHandOver(ctx context.Context, v *door.Visit, in *handOverIn) (*requestOut, error) {
	r, err := s.HandOver(ctx, v.Actor, in.Request, Handover{Theme: in.Theme, Note: in.Note, Minutes: in.Minutes},
		onRequest{Action: in.Action, At: in.At}.once(v))
	return out(r, v.Now), err
}

type resolveIn struct {
	Request ID        `path:"request" json:"-"`
	Line    string    `json:"line"`
	Minutes int       `json:"minutes"`
	Action  string    `json:"action_id"`
	At      time.Time `json:"acted_at"`
}

func (s *Service) apiResolve(ctx context.Context, v *door.Visit, in *resolveIn) (*requestOut, error) {
	r, err := s.Resolve(ctx, v.Actor, in.Request, Outcome{Line: in.Line, Minutes: in.Minutes},
		onRequest{Action: in.Action, At: in.At}.once(v))
	return out(r, v.Now), err
}

type dutyIn struct {
	On bool `json:"on"`
}

func (s *Service) apiDuty(ctx context.Context, v *door.Visit, in *dutyIn) (*struct{}, error) {
	return nil, s.Duty(ctx, v.Actor, v.Edition.ID, v.Actor.ID, in.On)
}
