package teaming

import "slices"

// TeamCost explains one team's cost: the terms of the objective, each already
// multiplied by its weight. Total = Raw + Fair + Move, and Raw is the sum of the rest.
type TeamCost struct {
	Team                                                           string
	Size, Skill, Pref, Mix, Wish, Avoid, Isolation, Balance, Slots int64
	Raw, Fair, Move, Total                                         int64
	MissingSkills                                                  []string // below the challenge's need
	MissingRoles, IsolatedTags                                     []string
	UnmetWishes, Avoided                                           [][2]string // who, whom
	Moved                                                          []string    // people who change team
	SlotsFree                                                      int         // free for every member
}

// Cost is the objective of a solution, exactly as the format defines it, with the
// terms of every team in the solution's order. It says nothing of hard constraints
// (see Check); unknown people and challenges count as empty ones.
func Cost(in Instance, sol Solution) (int64, []TeamCost) {
	book := newBook(&in)
	total := int64(0)
	out := make([]TeamCost, len(sol.Teams))
	for i, t := range sol.Teams {
		out[i] = book.team(t)
		total += out[i].Total
	}
	return total, out
}

// book holds the look-ups that pricing a team by its definition needs.
type book struct {
	in     *Instance
	person map[string]*Person
	need   map[string][]int
	prev   map[string]string
}

func newBook(in *Instance) *book {
	b := &book{in, make(map[string]*Person, len(in.People)), map[string][]int{}, map[string]string{}}
	for i := range in.People {
		b.person[in.People[i].ID] = &in.People[i]
	}
	for _, c := range in.Challenges {
		b.need[c.ID] = c.Need
	}
	for _, t := range in.Previous {
		for _, p := range t.People {
			b.prev[p] = t.Team
		}
	}
	return b
}

// team prices one team straight from the definition, without any state that the
// search keeps: tests hold the search to it.
func (b *book) team(t Team) TeamCost {
	in, w := b.in, b.in.Weights
	c := TeamCost{Team: t.ID}
	var members []*Person
	for _, id := range t.People {
		if p := b.person[id]; p != nil {
			members = append(members, p)
		}
	}
	c.Size = w.Size * abs(int64(len(t.People)-in.Size.Target))
	b.coverage(&c, members, b.need[t.Challenge])
	deviation := int64(0)
	for _, p := range members {
		deviation += int64(p.Strength - in.StrengthMean)
		if len(in.Challenges) > 0 {
			c.Pref += prefCost(w, p.Prefs, t.Challenge)
		}
		for _, q := range p.Wants {
			if !slices.Contains(t.People, q) {
				c.Wish += w.Wish
				c.UnmetWishes = append(c.UnmetWishes, [2]string{p.ID, q})
			}
		}
		for _, q := range p.Avoids {
			if slices.Contains(t.People, q) {
				c.Avoid += w.Avoid
				c.Avoided = append(c.Avoided, [2]string{p.ID, q})
			}
		}
		if old, ok := b.prev[p.ID]; ok && old != t.ID {
			c.Move += w.Move
			c.Moved = append(c.Moved, p.ID)
		}
	}
	c.Balance = w.Balance * max(0, abs(deviation)-int64(in.StrengthTolerance))
	c.SlotsFree = commonSlots(members)
	if in.SlotsNeeded > 0 && len(members) > 0 {
		c.Slots = w.Slots * int64(max(0, in.SlotsNeeded-c.SlotsFree))
	}
	c.Raw = c.Size + c.Skill + c.Pref + c.Mix + c.Wish + c.Avoid + c.Isolation + c.Balance + c.Slots
	c.Fair = w.Fair * max(0, c.Raw-w.FairOver)
	c.Total = c.Raw + c.Fair + c.Move
	return c
}

// coverage prices skills, roles and tags: what the team as a whole has or lacks.
func (b *book) coverage(c *TeamCost, members []*Person, need []int) {
	w := b.in.Weights
	for k, name := range b.in.Skills {
		wanted, best := 0, 0
		if k < len(need) {
			wanted = need[k]
		}
		for _, p := range members {
			if k < len(p.Skills) {
				best = max(best, p.Skills[k])
			}
		}
		if wanted > best {
			c.Skill += w.Skill * int64(wanted-best)
			c.MissingSkills = append(c.MissingSkills, name)
		}
	}
	for _, role := range b.in.Mix {
		if !slices.ContainsFunc(members, func(p *Person) bool { return p.Role == role }) {
			c.Mix += w.Mix
			c.MissingRoles = append(c.MissingRoles, role)
		}
	}
	for _, tag := range b.in.Isolate {
		bearers := 0
		for _, p := range members {
			if slices.Contains(p.Tags, tag) {
				bearers++
			}
		}
		if bearers == 1 {
			c.Isolation += w.Isolation
			c.IsolatedTags = append(c.IsolatedTags, tag)
		}
	}
}

// prefCost is what a challenge costs someone with these preferences; somebody
// without preferences is content with any.
func prefCost(w Weights, prefs []string, challenge string) int64 {
	if len(prefs) == 0 {
		return 0
	}
	if r := slices.Index(prefs, challenge); r >= 0 && r < len(w.Pref) {
		return w.Pref[r]
	}
	return w.Unranked
}

func commonSlots(members []*Person) int {
	if len(members) == 0 {
		return 0
	}
	n := 0
	for s := range len(members[0].Slots) {
		if !slices.ContainsFunc(members, func(p *Person) bool { return s >= len(p.Slots) || p.Slots[s] != '1' }) {
			n++
		}
	}
	return n
}

func abs(x int64) int64 {
	if x < 0 {
		return -x
	}
	return x
}
