package programme

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/kit/once"
)

// sessionOut is a session as the API writes it.
type sessionOut struct {
	ID        ID         `json:"id"`
	Kind      Kind       `json:"kind"`
	Title     string     `json:"title"`
	Text      string     `json:"text"`
	Room      string     `json:"room"`
	Start     time.Time  `json:"start"`
	End       time.Time  `json:"end"`
	Seats     int        `json:"seats"`
	Seated    int        `json:"seated"`
	Waiting   int        `json:"waiting"`
	Public    bool       `json:"public"`
	Cancelled bool       `json:"cancelled"`
	Speakers  string     `json:"speakers"`
	Mine      PlaceState `json:"mine"`
}

func out(e Entry) *sessionOut {
	return &sessionOut{ID: e.ID, Kind: e.Kind, Title: e.Title, Text: e.Text, Room: e.Room, Start: e.Start, End: e.End, Seats: e.Seats,
		Seated: e.Seated, Waiting: e.Waiting, Public: e.Public, Cancelled: e.Cancelled, Speakers: e.By(), Mine: e.Mine}
}

// operations registers the JSON operations.
func operations(d *door.Door, s *Service) {
	members, organisers := door.Members(), door.Only()
	const base = "/api/v1/e/{edition}/sessions"
	d.API("GET", base, door.Anyone(), "The programme, as far as the reader may see it", door.Op(s.apiList))
	d.API("GET", base+"/{session}", door.Anyone(), "One session", door.Op(s.apiGet))
	d.API("POST", base, organisers, "Add a session", door.Op(s.apiAdd))
	d.API("POST", base+"/usual", organisers, "Add the sessions that the edition's moments make plain", door.Op(s.apiAddUsual))
	d.API("POST", base+"/shift", organisers, "Move every session by so many days", door.Op(s.apiShift))
	d.API("PUT", base+"/{session}", organisers, "Change a session", door.Op(s.apiChange))
	d.API("POST", base+"/{session}/cancel", organisers, "Cancel a session", door.Op(s.apiCancel))
	d.API("POST", base+"/{session}/sign-up", members, "Take a seat, or a turn in the line", door.Op(s.apiSignUp))
	d.API("POST", base+"/{session}/sign-off", members, "Give one's place back", door.Op(s.apiSignOff))
	d.API("POST", base+"/{session}/attend", members, "Note who was there", door.Op(s.apiAttend))
}

type listOut struct {
	Sessions []*sessionOut `json:"sessions"`
}

func (s *Service) apiList(ctx context.Context, v *door.Visit, _ *struct{}) (*listOut, error) {
	entries, err := s.List(ctx, s.db, v.Actor, v.Edition.ID)
	list := &listOut{Sessions: make([]*sessionOut, len(entries))}
	for i, e := range entries {
		list.Sessions[i] = out(e)
	}
	return list, err
}

// onSession is the input of what is done to a session. A device that may send twice
// gives the action an id and its moment.
type onSession struct {
	Session ID        `path:"session" json:"-"`
	Action  string    `json:"action_id"`
	At      time.Time `json:"acted_at"`
}

func (in onSession) once(v *door.Visit) once.Action {
	if in.Action == "" {
		return once.Action{}
	}
	return once.Action{ID: string(v.Actor.ID) + "/" + in.Action, At: in.At}
}

type getIn struct {
	Session ID `path:"session" json:"-"`
}

func (s *Service) apiGet(ctx context.Context, v *door.Visit, in *getIn) (*sessionOut, error) {
	e, err := s.Get(ctx, s.db, v.Actor, v.Edition.ID, in.Session)
	return out(e), err
}

type planIn struct {
	Session     ID           `path:"session" json:"-"`
	Kind        Kind         `json:"kind"`
	Title       string       `json:"title"`
	Text        string       `json:"text"`
	Room        string       `json:"room"`
	Start       time.Time    `json:"start"`
	End         time.Time    `json:"end"`
	Seats       int          `json:"seats"`
	Public      bool         `json:"public"`
	Speakers    []account.ID `json:"speakers"`
	SpeakerName string       `json:"speaker_name"`
}

func (in planIn) plan() Plan {
	return Plan{Kind: in.Kind, Title: in.Title, Text: in.Text, Room: in.Room, Start: in.Start, End: in.End, Seats: in.Seats,
		Public: in.Public, Speakers: in.Speakers, SpeakerName: in.SpeakerName}
}

func (s *Service) apiAdd(ctx context.Context, v *door.Visit, in *planIn) (*sessionOut, error) {
	session, err := s.Add(ctx, v.Actor, v.Edition.ID, in.plan())
	return out(Entry{Session: session}), err
}

type shiftIn struct {
	Days int `json:"days"`
}

type shiftOut struct {
	Moved int `json:"moved"`
}

func (s *Service) apiShift(ctx context.Context, v *door.Visit, in *shiftIn) (*shiftOut, error) {
	n, err := s.ShiftDays(ctx, v.Actor, v.Edition.ID, in.Days)
	return &shiftOut{Moved: n}, err
}

type usualOut struct {
	Added int `json:"added"`
}

func (s *Service) apiAddUsual(ctx context.Context, v *door.Visit, _ *struct{}) (*usualOut, error) {
	n, err := s.AddUsual(ctx, v.Actor, v.Edition.ID)
	return &usualOut{Added: n}, err
}

func (s *Service) apiChange(ctx context.Context, v *door.Visit, in *planIn) (*sessionOut, error) {
	session, err := s.Change(ctx, v.Actor, in.Session, in.plan())
	return out(Entry{Session: session}), err
}

func (s *Service) apiCancel(ctx context.Context, v *door.Visit, in *getIn) (*sessionOut, error) {
	session, err := s.Cancel(ctx, v.Actor, in.Session)
	return out(Entry{Session: session}), err
}

type placeOut struct {
	State PlaceState `json:"state"`
}

func (s *Service) apiSignUp(ctx context.Context, v *door.Visit, in *onSession) (*placeOut, error) {
	state, err := s.SignUp(ctx, v.Actor, in.Session, in.once(v))
	return &placeOut{State: state}, err
}

func (s *Service) apiSignOff(ctx context.Context, v *door.Visit, in *onSession) (*struct{}, error) {
	return nil, s.SignOff(ctx, v.Actor, in.Session, in.once(v))
}

type attendIn struct {
	Session ID         `path:"session" json:"-"`
	Account account.ID `json:"account"`
	There   bool       `json:"there"`
	Action  string     `json:"action_id"`
	At      time.Time  `json:"acted_at"`
}

func (s *Service) apiAttend(ctx context.Context, v *door.Visit, in *attendIn) (*struct{}, error) {
	return nil, s.Attend(ctx, v.Actor, in.Session, in.Account, in.There,
		onSession{Action: in.Action, At: in.At}.once(v))
}
