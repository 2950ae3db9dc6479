package vote

import (
	"context"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
)

// operations registers the JSON operations.
func operations(d *door.Door, s *Service) {
	anyone, organisers := door.Anyone(), door.Only(edition.Organiser)
	const base = "/api/v1/e/{edition}/votes"
	d.API("GET", base, anyone, "The public's votes, with the results that are public", door.Op(s.apiVotes))
	d.API("POST", base, organisers, "Plan a vote", door.Op(s.apiAdd))
	d.API("POST", base+"/{poll}/ballots", anyone, "Cast a ballot with a code", door.Op(s.apiCast))
	d.API("GET", base+"/{poll}/board", organisers, "Where the ballots come from and what looks odd; the result once it is checked", door.Op(s.apiBoard))
	d.API("POST", base+"/{poll}/open", organisers, "Open a vote now", door.Op(s.act(s.Open)))
	d.API("POST", base+"/{poll}/close", organisers, "Close a vote now", door.Op(s.act(s.Close)))
	d.API("POST", base+"/{poll}/check", organisers, "Declare that the ballots were checked", door.Op(s.act(s.Check)))
	d.API("POST", base+"/{poll}/publish", organisers, "Publish a checked result at a moment", door.Op(s.apiPublish))
	d.API("POST", base+"/{poll}/asides", organisers, "Set ballots aside, for a reason that is published", door.Op(s.apiSetAside))
	d.API("POST", base+"/{poll}/cards", organisers, "Make cards for one ballot each, and their codes", door.Op(s.apiCards))
}

type lineOut struct {
	Team string `json:"team_id"`
	Name string `json:"project"`
	Rank int    `json:"rank"`
	N    int    `json:"ballots"`
}

type voteOut struct {
	ID       ID        `json:"id"`
	Question string    `json:"question"`
	Audience Audience  `json:"audience"`
	Most     int       `json:"most"`
	State    string    `json:"state"`
	Opens    time.Time `json:"opens"`
	Closes   time.Time `json:"closes,omitzero"`
	Ballots  int       `json:"ballots"`
	Result   []lineOut `json:"result,omitempty"`
}

type votesOut struct {
	Votes []voteOut `json:"votes"`
}

func (s *Service) apiVotes(ctx context.Context, v *door.Visit, _ *struct{}) (*votesOut, error) {
	all, err := s.Polls(ctx, s.db, v.Edition.ID)
	out := &votesOut{Votes: []voteOut{}}
	for _, p := range all {
		if err != nil {
			break
		}
		one := outOf(v, p)
		if one.Ballots, err = s.Turnout(ctx, s.db, p.ID); err != nil {
			break
		}
		if p.Public(v.Now) {
			var o Outcome
			o, err = s.Outcome(ctx, s.db, v.Edition.ID, p.ID, v.Now)
			one.Result = linesOut(o.Result)
		}
		out.Votes = append(out.Votes, one)
	}
	return out, err
}

func outOf(v *door.Visit, p Poll) voteOut {
	return voteOut{ID: p.ID, Question: p.Asks(v.L), Audience: p.Audience, Most: p.Most, State: stateWord(p, v), Opens: p.Opens, Closes: p.Closes}
}

// linesOut are the lines of a result that is large enough to be told.
func linesOut(r Result) []lineOut {
	if r.Silent() {
		return nil
	}
	all := make([]lineOut, len(r.Lines))
	for i, l := range r.Lines {
		all[i] = lineOut{Team: l.Team, Name: l.Name(), Rank: l.Rank, N: l.N}
	}
	return all
}

type planIn struct {
	Question Question  `json:"question"`
	Words    string    `json:"words"`
	Most     int       `json:"most"`
	Audience Audience  `json:"audience"`
	SpareOwn bool      `json:"spare_own"`
	AsksWhy  bool      `json:"asks_why"`
	Areas    []string  `json:"areas"`
	Opens    time.Time `json:"opens"`
	Closes   time.Time `json:"closes"`
}

func (s *Service) apiAdd(ctx context.Context, v *door.Visit, in *planIn) (*voteOut, error) {
	p, err := s.Add(ctx, v.Actor, v.Edition.ID, Plan(*in))
	out := outOf(v, p)
	return &out, err
}

type castIn struct {
	Poll  ID       `path:"poll" json:"-"`
	Code  string   `json:"code"`
	Teams []string `json:"team_ids"`
	Area  string   `json:"area"`
	Why   string   `json:"why"`
}

// apiCast is for a kiosk: it takes the code of a badge, a card or a letter. What many
// share, the code on the screen or a poster's, is for devices that hold one code each.
func (s *Service) apiCast(ctx context.Context, v *door.Visit, in *castIn) (*struct{}, error) {
	code := in.Code
	if len(Tidy(code)) <= cardSigns {
		var err error
		if code, err = s.Enter(ctx, v.Edition.ID, in.Poll, code, "", ""); err != nil {
			return nil, err
		}
	}
	if strings.Contains(code, ".") {
		return nil, ErrCode
	}
	return nil, s.Cast(ctx, v.Edition.ID, in.Poll, code, Cast{Teams: in.Teams, Area: in.Area, Why: in.Why}, "")
}

type pollIn struct {
	Poll ID `path:"poll" json:"-"`
}

// act is an operation that needs nothing but the vote.
func (s *Service) act(do func(ctx context.Context, actor account.Actor, e edition.ID, id ID) error) func(context.Context, *door.Visit, *pollIn) (*struct{}, error) {
	return func(ctx context.Context, v *door.Visit, in *pollIn) (*struct{}, error) {
		return nil, do(ctx, v.Actor, v.Edition.ID, in.Poll)
	}
}

type publishIn struct {
	Poll ID        `path:"poll" json:"-"`
	At   time.Time `json:"at"`
}

func (s *Service) apiPublish(ctx context.Context, v *door.Visit, in *publishIn) (*struct{}, error) {
	return nil, s.Publish(ctx, v.Actor, v.Edition.ID, in.Poll, in.At)
}

type pileOut struct {
	Source  Source `json:"source"`
	Batch   string `json:"batch_id"`
	Label   string `json:"label"`
	Codes   int    `json:"codes"`
	Ballots int    `json:"ballots"`
	Aside   int    `json:"set_aside"`
}

type signOut struct {
	Kind   Kind      `json:"kind"`
	Source Source    `json:"source"`
	Batch  string    `json:"batch_id"`
	Span   time.Time `json:"span,omitzero"`
	Net    string    `json:"network"`
	N      int       `json:"n"`
	Of     int       `json:"of"`
}

type boardOut struct {
	Vote   voteOut   `json:"vote"`
	Piles  []pileOut `json:"sources"`
	Signs  []signOut `json:"signs"`
	Result []lineOut `json:"result,omitempty"`
}

func (s *Service) apiBoard(ctx context.Context, v *door.Visit, in *pollIn) (*boardOut, error) {
	b, err := s.Board(ctx, v.Actor, v.Edition.ID, in.Poll)
	if err != nil {
		return nil, err
	}
	out := &boardOut{Vote: outOf(v, b.Poll), Piles: []pileOut{}, Signs: []signOut{}}
	out.Vote.Ballots = b.Cast
	for _, p := range b.Piles {
		one := pileOut{Source: p.Source, Codes: p.Issued, Ballots: p.Ballots, Aside: p.Aside}
		if p.Batch != nil {
			one.Batch, one.Label = p.Batch.ID, p.Batch.Label
		}
		out.Piles = append(out.Piles, one)
	}
	for _, sign := range b.Signs {
		out.Signs = append(out.Signs, signOut(sign))
	}
	if b.Result != nil {
		out.Result = linesOut(*b.Result)
	}
	return out, nil
}

type asideIn struct {
	Poll   ID        `path:"poll" json:"-"`
	Source Source    `json:"source"`
	Batch  string    `json:"batch_id"`
	Span   time.Time `json:"span"`
	Net    string    `json:"network"`
	Reason string    `json:"reason"`
}

func (s *Service) apiSetAside(ctx context.Context, v *door.Visit, in *asideIn) (*struct{}, error) {
	return nil, s.SetAside(ctx, v.Actor, v.Edition.ID, in.Poll, Aside{Source: in.Source, Batch: in.Batch, Span: in.Span, Net: in.Net, Reason: in.Reason})
}

type cardsIn struct {
	Poll  ID     `path:"poll" json:"-"`
	Label string `json:"label"`
	Size  int    `json:"size"`
}

type cardsOut struct {
	Batch string   `json:"batch_id"`
	Codes []string `json:"codes"`
}

func (s *Service) apiCards(ctx context.Context, v *door.Visit, in *cardsIn) (*cardsOut, error) {
	b, err := s.Cards(ctx, v.Actor, v.Edition.ID, in.Poll, in.Label, in.Size)
	if err != nil {
		return nil, err
	}
	codes, err := s.Codes(ctx, v.Actor, v.Edition.ID, in.Poll, b.ID)
	return &cardsOut{b.ID, codes}, err
}
