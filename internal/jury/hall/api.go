package hall

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
)

// operations registers the JSON operations: what the head of the jury does at the desk,
// and jurors on their way.
func operations(d *door.Door, p *pages) {
	lead, juror := door.Only(edition.Juror), door.Exactly(edition.Juror) // of the jurors the head alone: the service asks
	const hall = "/api/v1/e/{edition}/jury/hall"
	d.API("GET", hall, lead, "How the judging stands, and where the next visits help most", door.Op(p.apiDesk))
	d.API("POST", hall+"/plan", lead, "Plan the visits, as a job", door.Op(p.apiPlan))
	d.API("POST", hall+"/send", lead, "Send a juror to a team next", door.Op(p.apiSend))
	d.API("POST", hall+"/jurors/{juror}/missing", lead, "Say that a juror is not there: their visits go to others", door.Op(p.apiMissing))
	d.API("POST", hall+"/jurors/{juror}/back", lead, "Say that a missing juror has come", door.Op(p.apiJurorBack))
	d.API("POST", hall+"/teams/{team}/left", lead, "Say that a team has left: nobody goes there any more", door.Op(p.apiLeft))
	d.API("POST", hall+"/teams/{team}/back", lead, "Say that a team has not left after all", door.Op(p.apiTeamBack))
	d.API("GET", "/api/v1/e/{edition}/jury/way", juror, "What the juror has before them, the next visit first", door.Op(p.apiWay))
	d.API("POST", "/api/v1/e/{edition}/jury/next", juror, "Where the juror goes next", door.Op(p.apiNext))
	d.API("POST", "/api/v1/e/{edition}/jury/skip/{errand}", juror, "Say that a visit was not made, and why: busy or absent", door.Op(p.apiSkip))
}

type none struct {
	Edition string `path:"edition" json:"-"`
}

type stopOut struct {
	ID    string     `json:"id,omitempty"` // "" for what was not asked for yet
	Juror account.ID `json:"juror"`
	Team  string     `json:"team"`
	Name  string     `json:"name"`
	Table int        `json:"table,omitempty"`
	// At is absent where the visit is for now.
	At     *time.Time `json:"at,omitempty"`
	Source Source     `json:"source,omitempty"`
	// Changed says that the newest change of plan gave the visit to the juror, or moved it
	// from WasAt.
	Changed bool       `json:"changed,omitempty"`
	WasAt   *time.Time `json:"was_at,omitempty"`
}

func moment(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

func stopJSON(s Stop) stopOut {
	return stopOut{ID: s.ID, Juror: s.Juror, Team: s.Team, Name: s.Ref.Name, Table: s.Ref.Table, At: moment(s.At), Source: s.Source,
		Changed: s.ChangeID != "", WasAt: moment(s.WasAt)}
}

func stopsJSON(all []Stop) []stopOut {
	out := make([]stopOut, len(all))
	for i, s := range all {
		out[i] = stopJSON(s)
	}
	return out
}

type walkOut struct {
	Juror    account.ID    `json:"juror"`
	Name     string        `json:"name"`
	Presence jury.Presence `json:"presence"`
	Silent   bool          `json:"silent"`
	Done     int           `json:"done"`
	Expected int           `json:"expected"`
	Odd      Odd           `json:"odd,omitempty"`
	Stops    []stopOut     `json:"stops"`
	// Left is how many planned visits nobody makes because the juror is not there.
	Left int `json:"left,omitempty"`
}

type seenOut struct {
	Team   string `json:"team"`
	Name   string `json:"name"`
	Table  int    `json:"table,omitempty"`
	Sheets int    `json:"sheets"`
	// RankLo and RankHi are the ranks that the team may truly have; 0 before it was seen.
	RankLo int  `json:"rank_lo,omitempty"`
	RankHi int  `json:"rank_hi,omitempty"`
	Gone   bool `json:"gone,omitempty"`
}

type changeOut struct {
	Juror account.ID `json:"juror,omitempty"` // who is missing
	Team  string     `json:"team,omitempty"`  // who left
	At    time.Time  `json:"at"`
	// Lost are the teams that get a visit less, one entry a visit.
	Lost []string `json:"lost"`
}

type planOut struct {
	Job   string     `json:"job"`
	State jobs.State `json:"state"`
	Step  int        `json:"step"`
	Steps int        `json:"steps"`
}

type deskOut struct {
	Done     int       `json:"done"`
	Expected int       `json:"expected"`
	Leaders  []string  `json:"leaders"` // teams that the marks cannot tell from the first
	Jurors   []walkOut `json:"jurors"`
	Teams    []seenOut `json:"teams"`
	Offers   []stopOut `json:"offers"`
	// Wanting are the teams of whom another visit would tell most, those first.
	Wanting []string   `json:"wanting"`
	Planned int        `json:"planned"` // visits of the plan that are still to be made
	Change  *changeOut `json:"change,omitempty"`
	Plan    *planOut   `json:"plan,omitempty"` // the planning that was asked for last
}

func (p *pages) apiDesk(ctx context.Context, v *door.Visit, _ *none) (*deskOut, error) {
	d, err := p.Desk(ctx, v.Actor, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := deskJSON(d)
	job, asked, err := p.Newest(ctx, v.Edition.ID)
	if asked {
		out.Plan = &planOut{Job: job.ID, State: job.State, Step: job.Step, Steps: job.Steps}
	}
	return out, err
}

func deskJSON(d Desk) *deskOut {
	out := &deskOut{Done: d.Board.Done, Expected: d.Board.Expected, Leaders: []string{}, Jurors: []walkOut{}, Teams: []seenOut{}, Offers: stopsJSON(d.Offers),
		Wanting: []string{}, Planned: d.Planned}
	for _, s := range d.Ranking.Leaders() {
		out.Leaders = append(out.Leaders, s.Team.ID)
	}
	for _, w := range d.Walks {
		j := w.Row.Juror
		out.Jurors = append(out.Jurors, walkOut{Juror: j.Account.ID, Name: j.Account.Name, Presence: j.Presence, Silent: w.Row.Silent,
			Done: w.Row.Done, Expected: w.Row.Expected, Odd: w.Odd, Stops: stopsJSON(w.Stops), Left: w.Left})
	}
	ranked := d.ranked()
	for i, t := range d.Board.Teams {
		one := seenOut{Team: t.ID, Name: t.Name, Table: t.Table, Sheets: d.Board.PerTeam[i], Gone: d.Gone[t.ID]}
		if s := ranked[t.ID]; s.Visits > 0 {
			one.RankLo, one.RankHi = s.RankLo, s.RankHi
		}
		out.Teams = append(out.Teams, one)
	}
	for _, i := range d.wanting() {
		out.Wanting = append(out.Wanting, d.Board.Teams[i].ID)
	}
	if c := d.Change; c.ID != "" {
		out.Change = &changeOut{Juror: c.Juror, Team: c.Team, At: c.At, Lost: append([]string{}, c.Lost...)}
	}
	return out
}

type planIn struct {
	Edition string `path:"edition" json:"-"`
	Minutes int    `json:"minutes"` // a visit, with the walk to it
	Window  int    `json:"window"`  // minutes in all
	// Starts is the edition's time, as RFC 3339; now where it is empty.
	Starts string `json:"starts"`
}

func (p *pages) apiPlan(ctx context.Context, v *door.Visit, in *planIn) (*deskOut, error) {
	wanted := Wanted{Minutes: in.Minutes, Window: in.Window, Starts: v.Now}
	if in.Starts != "" {
		at, err := time.Parse(time.RFC3339, in.Starts)
		if err != nil {
			return nil, errs.Fields{{Name: "starts", Key: "error.time_form"}}
		}
		wanted.Starts = at
	}
	if _, err := p.Order(ctx, v.Actor, v.Edition.ID, wanted); err != nil {
		return nil, err
	}
	return p.apiDesk(ctx, v, &none{})
}

type sendIn struct {
	Edition  string     `path:"edition" json:"-"`
	Juror    account.ID `json:"juror"`
	Team     string     `json:"team"`
	ActionID string     `json:"action_id"` // sent twice, it counts once
}

func (p *pages) apiSend(ctx context.Context, v *door.Visit, in *sendIn) (*deskOut, error) {
	a, err := door.ActionOf(v, in.ActionID, "")
	if err != nil {
		return nil, err
	}
	if err := p.Send(ctx, v.Actor, v.Edition.ID, in.Juror, in.Team, a); err != nil {
		return nil, err
	}
	return p.apiDesk(ctx, v, &none{})
}

type jurorIn struct {
	Edition string     `path:"edition" json:"-"`
	Juror   account.ID `path:"juror" json:"-"`
	Reason  string     `json:"reason"` // of the missing; stays in the minutes
}

type teamIn struct {
	Edition string `path:"edition" json:"-"`
	Team    string `path:"team" json:"-"`
}

type shiftOut struct {
	Juror account.ID `json:"juror"`
	Team  string     `json:"team"`
}

// replannedOut is what a change of plan cost. Said twice, it costs nothing the second time.
type replannedOut struct {
	Given []shiftOut `json:"given"` // visits that others take over
	Moved []shiftOut `json:"moved"` // visits of others that have another time
	Lost  []string   `json:"lost"`  // teams that get a visit less, one entry a visit
}

func replannedJSON(r Replanned, err error) (*replannedOut, error) {
	if err != nil {
		return nil, err
	}
	out := &replannedOut{Given: []shiftOut{}, Moved: []shiftOut{}, Lost: append([]string{}, r.Lost...)}
	for _, s := range r.Given {
		out.Given = append(out.Given, shiftOut{s.Juror, s.Team})
	}
	for _, s := range r.Moved {
		out.Moved = append(out.Moved, shiftOut{s.Juror, s.Team})
	}
	return out, nil
}

func (p *pages) apiMissing(ctx context.Context, v *door.Visit, in *jurorIn) (*replannedOut, error) {
	if in.Reason == "" {
		in.Reason = v.L.T("hall.missing_reason")
	}
	return replannedJSON(p.Missing(ctx, v.Actor, v.Edition.ID, in.Juror, in.Reason))
}

func (p *pages) apiJurorBack(ctx context.Context, v *door.Visit, in *jurorIn) (*deskOut, error) {
	if err := p.JurorBack(ctx, v.Actor, v.Edition.ID, in.Juror); err != nil {
		return nil, err
	}
	return p.apiDesk(ctx, v, &none{})
}

func (p *pages) apiLeft(ctx context.Context, v *door.Visit, in *teamIn) (*replannedOut, error) {
	return replannedJSON(p.Left(ctx, v.Actor, v.Edition.ID, in.Team))
}

func (p *pages) apiTeamBack(ctx context.Context, v *door.Visit, in *teamIn) (*deskOut, error) {
	if _, err := p.TeamBack(ctx, v.Actor, v.Edition.ID, in.Team); err != nil {
		return nil, err
	}
	return p.apiDesk(ctx, v, &none{})
}

type wayOut struct {
	Stops []stopOut `json:"stops"`
}

func (p *pages) apiWay(ctx context.Context, v *door.Visit, _ *none) (*wayOut, error) {
	mine, _, err := p.Mine(ctx, p.db, v.Actor, v.Edition.ID)
	return &wayOut{stopsJSON(mine)}, err
}

func (p *pages) apiNext(ctx context.Context, v *door.Visit, _ *none) (*stopOut, error) {
	s, err := p.Next(ctx, v.Actor, v.Edition.ID)
	o := stopJSON(s)
	return &o, err
}

type skipIn struct {
	Edition  string `path:"edition" json:"-"`
	Errand   string `path:"errand" json:"-"`
	Why      string `json:"why"`
	ActionID string `json:"action_id"` // sent twice, it counts once
}

func (p *pages) apiSkip(ctx context.Context, v *door.Visit, in *skipIn) (*wayOut, error) {
	a, err := door.ActionOf(v, in.ActionID, "")
	if err != nil {
		return nil, err
	}
	if err := p.Skip(ctx, v.Actor, v.Edition.ID, in.Errand, in.Why, a); err != nil {
		return nil, err
	}
	return p.apiWay(ctx, v, &none{})
}
