package forming

import (
	"context"
	"fmt"
	"slices"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
	"h48/internal/ui"
)

// situation reads everything that a proposal is made from, without the people of out.
func (s *Service) situation(ctx context.Context, q sqldb.Querier, id edition.ID, out []account.ID) (*Situation, error) {
	e, err := s.editions.Get(ctx, q, id)
	if err != nil {
		return nil, err
	}
	sit := Situation{Edition: e, HalfDays: halfDays(e)}
	if sit.Board, err = s.teams.Board(ctx, q, id); err != nil {
		return nil, err
	}
	if sit.Teams, err = s.teams.List(ctx, q, id); err != nil {
		return nil, err
	}
	if sit.People, err = s.near.Roster.Confirmed(ctx, q, id); err != nil {
		return nil, fmt.Errorf("reading who takes part: %w", err)
	}
	if sit.Wishes, err = listWishes(ctx, q, id); err != nil {
		return nil, err
	}
	if sit.Rules, err = getRules(ctx, q, id); err != nil {
		return nil, err
	}
	if sit.Challenges, err = s.near.Challenges(ctx, q, id); err != nil {
		return nil, err
	}
	if sit.Skills, err = s.near.Skills.Skills(ctx, q, id); err != nil {
		return nil, err
	}
	apart, err := s.teams.Apart(ctx, q, id)
	if err != nil {
		return nil, err
	}
	return newSituation(sit, apart, out), nil
}

// absent lists who has a seat and has not checked in; nobody before the first has.
func (s *Service) absent(ctx context.Context, q sqldb.Querier, id edition.ID) ([]account.ID, error) {
	came, err := s.near.Came(ctx, q, id)
	if err != nil || len(came) == 0 {
		return nil, err
	}
	people, err := s.near.Roster.Confirmed(ctx, q, id)
	var out []account.ID
	for _, p := range people {
		if !came[p.ID] {
			out = append(out, p.ID)
		}
	}
	slices.Sort(out)
	return out, err
}

// View is a proposal in the present situation.
type View struct {
	Proposal
	sit       *Situation
	Portraits map[Key]Portrait
	Tally     Tally
	Faults    []Line
	// Outdated is a proposal for teams that have changed since.
	Outdated bool
}

// See returns a proposal, or the teams as they are for Now, as they stand in the present
// situation: an organiser's business.
func (s *Service) See(ctx context.Context, actor account.Actor, id edition.ID, p ID) (View, error) {
	v, err := s.outline(ctx, actor, id, p)
	if err != nil {
		return v, err
	}
	b, _, costs, _ := v.sit.price(v.Content)
	v.Portraits = v.sit.portraits(b, v.Content, costs)
	v.Tally = v.sit.tally(v.Content)
	return v, nil
}

// outline is See without what is said of each group: enough to price a move, many times
// while somebody is dragged.
func (s *Service) outline(ctx context.Context, actor account.Actor, id edition.ID, p ID) (View, error) {
	var v View
	err := s.editions.Require(ctx, s.db, actor, id, edition.Organiser)
	if err != nil {
		return v, err
	}
	if p != Now {
		if v.Proposal, err = getProposal(ctx, s.db, id, p); err != nil {
			return v, err
		}
	}
	if v.sit, err = s.situation(ctx, s.db, id, v.Out); err != nil {
		return v, err
	}
	if p == Now {
		v.Proposal = Proposal{ID: Now, Edition: id, State: Published, Content: v.sit.current(Few), Board: v.sit.Board.Revision}
	}
	v.Outdated = v.State == Open && v.Board != v.sit.Board.Revision
	return v, nil
}

// title names the groups of the view in the reader's language.
func (v View) title(l ui.Locale) func(Key) string {
	names := map[Key]string{}
	for _, t := range v.sit.Teams {
		names[Key(t.ID)] = t.Name
	}
	n := 0
	for _, g := range v.Groups {
		if g.Team == "" {
			n++
			names[g.Key] = l.T("forming.new_team", "n", n)
		}
	}
	return func(k Key) string {
		if name, known := names[k]; known {
			return name
		}
		if k == "" {
			return l.T("forming.no_team")
		}
		return l.T("forming.a_new_team")
	}
}

// Nowhere lists who comes and has no group.
func (v View) Nowhere() []account.ID {
	var all []account.ID
	for _, p := range v.sit.People {
		if v.At(p.ID) == "" {
			all = append(all, p.ID)
		}
	}
	return all
}

// Gone says whether somebody in a group does not come any more.
func (v View) Gone(who account.ID) bool {
	return !slices.ContainsFunc(v.sit.People, func(p team.Person) bool { return p.ID == who })
}

func (v View) challenge(id string) string {
	for _, c := range v.sit.Challenges {
		if c.ID == id {
			return c.Title
		}
	}
	return ""
}
