package forming

import (
	"slices"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/names"
	"h48/internal/registration"
	"h48/internal/team"
)

// Challenge is a subject that teams can work on.
type Challenge struct{ ID, Title string }

// Situation is everything that a proposal is made from.
type Situation struct {
	Edition    edition.Edition
	Board      team.Board
	Teams      []team.Team
	People     []team.Person // who is to be in a team, by id
	Wishes     map[account.ID]Wishes
	Rules      Rules
	Challenges []Challenge // that teams may choose
	Skills     []registration.Skill
	HalfDays   []HalfDay
	Names      map[account.ID]string

	byName map[string][]account.ID // by folded name
}

// newSituation sorts the people and leaves out those of out and those left apart.
func newSituation(s Situation, apart map[account.ID]bool, out []account.ID) *Situation {
	s.Names, s.byName = map[account.ID]string{}, map[string][]account.ID{}
	s.People = slices.Clone(s.People)
	for _, p := range s.People {
		s.Names[p.ID] = p.Name
	}
	for _, t := range s.Teams {
		for _, m := range t.Members {
			if _, known := s.Names[m.ID]; !known {
				s.People = append(s.People, team.Person{ID: m.ID, Name: m.Name})
				s.Names[m.ID] = m.Name
			}
		}
	}
	for id, name := range s.Names {
		key := names.Fold(name)
		s.byName[key] = append(s.byName[key], id)
	}
	s.People = slices.DeleteFunc(s.People, func(p team.Person) bool { return apart[p.ID] || slices.Contains(out, p.ID) })
	slices.SortFunc(s.People, func(a, b team.Person) int { return compareIDs(a.ID, b.ID) })
	return &s
}

func compareIDs(a, b account.ID) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// find returns the one person of that name; several of one name are nobody.
func (s *Situation) find(name string) (account.ID, bool) {
	if found := s.byName[names.Fold(name)]; len(found) == 1 {
		return found[0], true
	}
	return "", false
}

// founders are the members who chose the team themselves.
func founders(t team.Team) []string {
	var all []string
	for _, m := range t.Members {
		if !m.Placed {
			all = append(all, string(m.ID))
		}
	}
	return all
}

// settled says whether a team is not to be asked: it is an exception; or those who chose
// it closed it, or are more than a team may have. Where nobody is to move, every complete
// team is settled, and every team that is too large.
func (s *Situation) settled(t team.Team, mode Mode) bool {
	fixed := len(founders(t))
	if mode == Place {
		fixed = len(t.Members)
	}
	closed := t.State == team.Complete && fixed == len(t.Members)
	return t.Exception != "" || closed || fixed > s.Board.Limits.Max
}

// current is the proposal that changes nothing.
func (s *Situation) current(mode Mode) Content {
	c := Content{Mode: mode}
	here := map[account.ID]bool{}
	for _, p := range s.People {
		here[p.ID] = true
	}
	for _, t := range s.Teams {
		g := Group{Key: Key(t.ID), Team: t.ID, Kept: s.settled(t, mode)}
		for _, m := range t.Members {
			if here[m.ID] || g.Kept {
				g.People = append(g.People, m.ID)
			}
		}
		c.Groups = append(c.Groups, g)
	}
	return c
}

// content are the teams of a solution as groups: the existing teams in their order, then
// the new ones.
func (s *Situation) content(b brief, sol teaming.Solution, base Content) Content {
	at := map[Key]teaming.Team{}
	for _, t := range sol.Teams {
		at[Key(t.ID)] = t
	}
	locked := map[Key]bool{}
	for _, g := range base.Groups {
		locked[g.Key] = g.Locked
	}
	group := func(key Key, t teaming.Team) Group {
		g := Group{Key: key, Team: b.real[key], Locked: locked[key] && len(t.People) > 0, Challenge: t.Challenge}
		if g.Challenge == anySubject {
			g.Challenge = ""
		}
		for _, p := range t.People {
			g.People = append(g.People, account.ID(p))
		}
		return g
	}
	c := Content{}
	for _, t := range s.Teams {
		if i := slices.IndexFunc(b.kept, func(g Group) bool { return g.Team == t.ID }); i >= 0 {
			c.Groups = append(c.Groups, b.kept[i])
		} else {
			c.Groups = append(c.Groups, group(Key(t.ID), at[Key(t.ID)]))
		}
		delete(at, Key(t.ID))
	}
	for _, t := range sol.Teams {
		if _, left := at[Key(t.ID)]; left {
			c.Groups = append(c.Groups, group(Key(t.ID), t))
		}
	}
	for _, p := range base.Locked {
		if c.At(p) == base.At(p) {
			c.Locked = append(c.Locked, p)
		}
	}
	return c
}

// price is the cost of the groups in the present situation, by group. People who were
// added or left since count as they stand.
func (s *Situation) price(c Content) (brief, teaming.Solution, map[Key]teaming.TeamCost, int64) {
	b := s.brief(c, priced)
	sol := s.solution(c)
	total, terms := teaming.Cost(b.Instance, sol)
	costs := make(map[Key]teaming.TeamCost, len(terms))
	for _, t := range terms {
		costs[Key(t.Team)] = t
	}
	return b, sol, costs, total
}

// solution is the content in the engine's words, with its one challenge where teams
// choose theirs later.
func (s *Situation) solution(c Content) teaming.Solution {
	sol := c.solution()
	if s.assigns() {
		return sol
	}
	for i := range sol.Teams {
		sol.Teams[i].Challenge = anySubject
	}
	return sol
}

// tally counts what the groups achieve and lack as they stand.
func (s *Situation) tally(c Content) Tally {
	b := s.brief(c, priced)
	sol := s.solution(c)
	_, terms := teaming.Cost(b.Instance, sol)
	return tally(b.Instance, sol, terms)
}
