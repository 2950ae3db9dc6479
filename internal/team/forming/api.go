package forming

import (
	"context"

	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/jobs"
)

// Report is a proposal as the API tells it.
type Report struct {
	ID       ID            `json:"id"`
	Letter   string        `json:"letter"`
	State    State         `json:"state"`
	Outdated bool          `json:"outdated"`
	Cost     int64         `json:"cost"`
	Bound    int64         `json:"bound"`
	Proven   bool          `json:"proven"`
	Groups   []GroupReport `json:"groups,omitempty"`
	// Faults are the rules that it breaks, in words.
	Faults []string `json:"faults,omitempty"`
}

// GroupReport is one team of a proposal.
type GroupReport struct {
	Key       Key          `json:"key"`
	Team      string       `json:"team,omitempty"`
	Name      string       `json:"name"`
	Challenge string       `json:"challenge,omitempty"`
	People    []account.ID `json:"people"`
	Locked    bool         `json:"locked"`
	Cost      int64        `json:"cost"`
	Why       []string     `json:"why"`
	Missing   []string     `json:"missing"`
}

// Search is how the last search stands.
type Search struct {
	State    jobs.State `json:"state"` // "" where there was none
	Done     float64    `json:"done"`
	Cost     int64      `json:"cost"`
	Bound    int64      `json:"bound"`
	Tally    Tally      `json:"tally"`
	Proposal ID         `json:"proposal,omitempty"`
	Failed   bool       `json:"failed"`
}

type one struct {
	Proposal ID `json:"-" path:"proposal"`
}

type none struct{}

type all struct {
	Proposals []Report `json:"proposals"`
	Search    Search   `json:"search"`
}

type ordering struct {
	Mode   Mode `json:"mode"`
	Basis  ID   `json:"basis"`
	Here   bool `json:"here"`
	Budget int  `json:"budget"`
}

type ordered struct {
	Job string `json:"job"`
}

type moving struct {
	Proposal ID         `json:"-" path:"proposal"`
	Account  account.ID `json:"account"`
	To       Key        `json:"to"`
}

type pricing struct {
	Proposal ID     `json:"-" path:"proposal"`
	Account  string `json:"-" query:"account"`
	To       string `json:"-" query:"to"`
}

type quote struct {
	Cost   int64    `json:"cost"`
	Broken []string `json:"broken"`
	Lost   []string `json:"lost"`
	Gained []string `json:"gained"`
	Offers []Offer  `json:"offers"`
}

type locking struct {
	Proposal ID         `json:"-" path:"proposal"`
	Account  account.ID `json:"account"`
	Group    Key        `json:"group"`
	Locked   bool       `json:"locked"`
}

type publishing struct {
	Proposal ID   `json:"-" path:"proposal"`
	Anyway   bool `json:"anyway"`
}

type comparing struct {
	A string `json:"-" query:"a"`
	B string `json:"-" query:"b"`
}

type compared struct {
	CostA  int64        `json:"cost_a"`
	CostB  int64        `json:"cost_b"`
	Better []string     `json:"better"` // what b does better
	Worse  []string     `json:"worse"`
	Moved  []account.ID `json:"moved"`
	Pairs  []Pair       `json:"pairs"`
}

// api registers the room's operations.
func api(d *door.Door, s *Service) {
	d.API("GET", "/api/v1/e/{edition}/teams/proposals", door.Only(), "List the proposals of teams, and how the last search stands",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*all, error) { return s.tellAll(ctx, v) }))
	d.API("POST", "/api/v1/e/{edition}/teams/proposals", door.Only(), "Look for teams: mode is place, few or anew",
		door.Op(func(ctx context.Context, v *door.Visit, in *ordering) (*ordered, error) {
			job, err := s.Form(ctx, v.Actor, v.Edition.ID, Wanted{Mode: in.Mode, Basis: in.Basis, Here: in.Here, Budget: in.Budget})
			return &ordered{job}, err
		}))
	d.API("POST", "/api/v1/e/{edition}/teams/proposals/stop", door.Only(), "Stop the search and take the best so far",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*none, error) {
			return nil, s.Stop(ctx, v.Actor, v.Edition.ID)
		}))
	d.API("GET", "/api/v1/e/{edition}/teams/proposals/{proposal}", door.Only(), "Read a proposal, or the teams as they are (now): why each team, and what it lacks",
		door.Op(func(ctx context.Context, v *door.Visit, in *one) (*Report, error) { return s.tell(ctx, v, in.Proposal) }))
	d.API("GET", "/api/v1/e/{edition}/teams/proposals/{proposal}/price", door.Only(), "Price a move without making it",
		door.Op(func(ctx context.Context, v *door.Visit, in *pricing) (*quote, error) { return s.tellPrice(ctx, v, in) }))
	d.API("POST", "/api/v1/e/{edition}/teams/proposals/{proposal}/move", door.Only(), "Move a person into a group, a new one, or none",
		door.Op(func(ctx context.Context, v *door.Visit, in *moving) (*none, error) {
			return nil, s.Move(ctx, v.Actor, v.Edition.ID, in.Proposal, in.Account, in.To)
		}))
	d.API("POST", "/api/v1/e/{edition}/teams/proposals/{proposal}/lock", door.Only(), "Lock a person or a whole group, or let go of them",
		door.Op(func(ctx context.Context, v *door.Visit, in *locking) (*none, error) {
			if in.Account != "" {
				return nil, s.Lock(ctx, v.Actor, v.Edition.ID, in.Proposal, in.Account, in.Locked)
			}
			return nil, s.LockGroup(ctx, v.Actor, v.Edition.ID, in.Proposal, in.Group, in.Locked)
		}))
	d.API("POST", "/api/v1/e/{edition}/teams/proposals/{proposal}/publish", door.Only(), "Make a proposal true and write to everybody whom it moves",
		door.Op(func(ctx context.Context, v *door.Visit, in *publishing) (*none, error) {
			return nil, s.Publish(ctx, v.Actor, v.Edition.ID, in.Proposal, in.Anyway)
		}))
	d.API("GET", "/api/v1/e/{edition}/teams/comparison", door.Only(), "Compare two proposals",
		door.Op(func(ctx context.Context, v *door.Visit, in *comparing) (*compared, error) {
			return s.tellComparison(ctx, v, in)
		}))
	d.API("GET", "/api/v1/e/{edition}/teams/rules", door.Only(), "Read what teams should be like",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*Rules, error) {
			r, err := s.RulesOf(ctx, s.db, v.Edition.ID)
			return &r, err
		}))
	d.API("PUT", "/api/v1/e/{edition}/teams/rules", door.Only(), "Say what teams should be like",
		door.Op(func(ctx context.Context, v *door.Visit, in *Rules) (*none, error) {
			return nil, s.SetRules(ctx, v.Actor, v.Edition.ID, *in)
		}))
	d.API("GET", "/api/v1/e/{edition}/wishes", door.Only(edition.Participant), "Read one's own wishes",
		door.Op(func(ctx context.Context, v *door.Visit, _ *none) (*Wishes, error) {
			m, err := s.Mine(ctx, v.Actor, v.Edition.ID)
			return &m.Wishes, err
		}))
	d.API("PUT", "/api/v1/e/{edition}/wishes", door.Only(edition.Participant), "Say one's wishes",
		door.Op(func(ctx context.Context, v *door.Visit, in *Wishes) (*none, error) {
			return nil, s.Say(ctx, v.Actor, v.Edition.ID, *in)
		}))
}

func (s *Service) tellAll(ctx context.Context, v *door.Visit) (*all, error) {
	list, err := s.Proposals(ctx, s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	board, err := s.teams.Board(ctx, s.db, v.Edition.ID)
	if err != nil {
		return nil, err
	}
	out := &all{Proposals: []Report{}}
	for _, p := range list {
		out.Proposals = append(out.Proposals, report(p, p.State == Open && p.Board != board.Revision))
	}
	run, job, err := s.Watch(ctx, s.db, v.Edition.ID)
	if errs.Is(err, errs.NotFound) {
		return out, nil
	}
	best := run.Best()
	out.Search = Search{State: job.State, Done: best.Done, Cost: best.Tally.Cost, Bound: best.Bound, Tally: best.Tally, Proposal: run.Made, Failed: run.Failed}
	return out, err
}

func report(p Proposal, outdated bool) Report {
	return Report{ID: p.ID, Letter: p.Letter(), State: p.State, Outdated: outdated, Cost: p.Cost, Bound: p.Bound, Proven: p.Proven}
}

func (s *Service) tell(ctx context.Context, v *door.Visit, p ID) (*Report, error) {
	view, err := s.See(ctx, v.Actor, v.Edition.ID, p)
	if err != nil {
		return nil, err
	}
	title := view.title(v.L)
	r := report(view.Proposal, view.Outdated)
	faults, _ := view.sit.faults(view.Content, title)
	r.Faults = spokenLines(v, faults)
	for _, g := range view.Groups {
		portrait := view.Portraits[g.Key]
		r.Groups = append(r.Groups, GroupReport{Key: g.Key, Team: string(g.Team), Name: title(g.Key), Challenge: g.Challenge, People: g.People,
			Locked: g.Locked, Cost: portrait.Cost, Why: spokenLines(v, portrait.Why), Missing: spokenLines(v, portrait.Missing)})
	}
	return &r, nil
}

func spokenLines(v *door.Visit, lines []Line) []string {
	texts := []string{}
	for _, l := range lines {
		texts = append(texts, l.Text(v.L))
	}
	return texts
}

func (s *Service) tellPrice(ctx context.Context, v *door.Visit, in *pricing) (*quote, error) {
	p, offers, err := s.PriceMove(ctx, v.Actor, v.Edition.ID, in.Proposal, account.ID(in.Account), Key(in.To), v.L)
	if err != nil {
		return nil, err
	}
	return &quote{p.Cost, spokenLines(v, p.Broken), spokenLines(v, p.Lost), spokenLines(v, p.Gained), offers}, nil
}

func (s *Service) tellComparison(ctx context.Context, v *door.Visit, in *comparing) (*compared, error) {
	c, err := s.Compare(ctx, v.Actor, v.Edition.ID, ID(in.A), ID(in.B), v.L)
	if err != nil {
		return nil, err
	}
	return &compared{c.A.Tally.Cost, c.B.Tally.Cost, spokenLines(v, c.Better), spokenLines(v, c.Worse), c.Moved, c.Pairs}, nil
}
