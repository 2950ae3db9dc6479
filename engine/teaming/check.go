package teaming

import (
	"fmt"
	"slices"
)

// Violation is one broken hard constraint: its number in the format (H1 to H9), the
// team it concerns if any, the people or the challenge it is about, and the reason in
// words.
type Violation struct {
	Rule, Team, Reason string
	People             []string
	Challenge          string
}

func (v Violation) String() string { return v.Rule + ": " + v.Reason }

// Check lists every broken hard constraint of a solution, in a fixed order; an empty
// list means the solution is valid.
func Check(in Instance, sol Solution) []Violation {
	c := &checker{in: &in, book: newBook(&in), where: map[string]string{}, team: map[string]*Team{}}
	for i := range sol.Teams {
		c.checkTeam(&sol.Teams[i])
	}
	c.checkPeople()
	c.checkChallenges(sol)
	c.checkLocks()
	return c.found
}

type checker struct {
	in    *Instance
	book  *book
	where map[string]string // person → team
	team  map[string]*Team
	found []Violation
}

func (c *checker) fail(rule, team, format string, args ...any) *Violation {
	c.found = append(c.found, Violation{Rule: rule, Team: team, Reason: fmt.Sprintf(format, args...)})
	return &c.found[len(c.found)-1]
}

func (c *checker) checkTeam(t *Team) {
	if c.team[t.ID] != nil || t.ID == "" {
		c.fail("H9", t.ID, "two teams have the id %q, or it is empty", t.ID)
	}
	c.team[t.ID] = t
	if n := len(t.People); n < c.in.Size.Min || n > c.in.Size.Max || n == 0 {
		c.fail("H2", t.ID, "team %s has %d people, allowed are %d to %d", t.ID, n, c.in.Size.Min, c.in.Size.Max)
	}
	var members []*Person
	for _, id := range t.People {
		p := c.book.person[id]
		if p == nil {
			c.fail("H1", t.ID, "team %s holds %q, who is not in the list of people", t.ID, id)
			continue
		}
		members = append(members, p)
		if other, twice := c.where[id]; twice {
			c.fail("H1", t.ID, "%s is in %s and in %s", id, other, t.ID)
		}
		c.where[id] = t.ID
		if slices.Contains(p.Excluded, t.Challenge) && len(c.in.Challenges) > 0 {
			v := c.fail("H6", t.ID, "%s is excluded from %s, the challenge of team %s", id, t.Challenge, t.ID)
			v.People, v.Challenge = []string{id}, t.Challenge
		}
		for _, q := range p.Never {
			if slices.Contains(t.People, q) {
				c.fail("H4", t.ID, "%s and %s must never share a team, and do in %s", id, q, t.ID).People = []string{id, q}
			}
		}
	}
	if c.in.CommonLanguage && len(members) > 0 && !shareLanguage(members) {
		c.fail("H5", t.ID, "no language is spoken by all of team %s", t.ID)
	}
}

func shareLanguage(members []*Person) bool {
	for _, l := range members[0].Languages {
		if !slices.ContainsFunc(members, func(p *Person) bool { return !slices.Contains(p.Languages, l) }) {
			return true
		}
	}
	return false
}

func (c *checker) checkPeople() {
	groups := map[string]string{}
	for _, p := range c.in.People {
		at, ok := c.where[p.ID]
		if !ok {
			c.fail("H1", "", "%s is in no team", p.ID).People = []string{p.ID}
			continue
		}
		if p.Group == "" {
			continue
		}
		if other, ok := groups[p.Group]; ok && other != at {
			c.fail("H3", at, "group %s is split between %s and %s", p.Group, other, at).People = []string{p.ID}
		}
		groups[p.Group] = at
	}
}

func (c *checker) checkChallenges(sol Solution) {
	used := map[string]int{}
	known := map[string]bool{}
	for _, ch := range c.in.Challenges {
		known[ch.ID] = true
	}
	for _, t := range sol.Teams {
		used[t.Challenge]++
		if !known[t.Challenge] && (len(known) > 0 || t.Challenge != "") {
			c.fail("H7", t.ID, "team %s has the challenge %q, which is not in the list", t.ID, t.Challenge)
		}
	}
	for _, ch := range c.in.Challenges {
		if n := used[ch.ID]; n < ch.MinTeams || n > ch.MaxTeams {
			c.fail("H7", "", "challenge %s has %d teams, allowed are %s", ch.ID, n, teamRange(ch)).Challenge = ch.ID
		}
	}
}

func teamRange(ch Challenge) string {
	if ch.MaxTeams >= Unlimited {
		return fmt.Sprintf("%d or more", ch.MinTeams)
	}
	return fmt.Sprintf("%d to %d", ch.MinTeams, ch.MaxTeams)
}

func (c *checker) checkLocks() {
	for _, l := range c.in.Locks {
		t := c.team[l.Team]
		if t == nil {
			c.fail("H8", l.Team, "the locked team %s is missing", l.Team)
			continue
		}
		for _, p := range l.People {
			if c.where[p] != l.Team {
				c.fail("H8", l.Team, "%s is locked into team %s and is not there", p, l.Team).People = []string{p}
			}
		}
		if l.Closed && len(t.People) != len(l.People) {
			c.fail("H8", l.Team, "team %s is closed with %d people and has %d", l.Team, len(l.People), len(t.People))
		}
		if l.Challenge != "" && t.Challenge != l.Challenge {
			c.fail("H8", l.Team, "team %s is locked on %s and has %s", l.Team, l.Challenge, t.Challenge)
		}
	}
}
