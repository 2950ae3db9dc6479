package forming

import (
	"slices"
	"strings"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/registration"
	"h48/internal/ui"
)

// Portrait says of one team why these people are together, and what it lacks.
type Portrait struct {
	Why, Missing []Line
	Cost         int64
}

// portraits describe every group.
func (s *Situation) portraits(b brief, c Content, costs map[Key]teaming.TeamCost) map[Key]Portrait {
	all := make(map[Key]Portrait, len(c.Groups))
	d := s.describer(b)
	for _, g := range c.Groups {
		if cost, here := costs[g.Key]; here {
			all[g.Key] = d.portrait(g, cost)
		}
	}
	return all
}

// describer holds what the sentences about teams are made of.
type describer struct {
	*Situation
	b      brief
	person map[string]*teaming.Person
}

func (s *Situation) describer(b brief) describer {
	d := describer{s, b, make(map[string]*teaming.Person, len(b.People))}
	for i := range b.People {
		d.person[b.People[i].ID] = &b.People[i]
	}
	return d
}

func (d describer) name(id string) string { return d.Names[account.ID(id)] }

func (d describer) portrait(g Group, cost teaming.TeamCost) Portrait {
	p := Portrait{Cost: cost.Total}
	var members []*teaming.Person
	for _, id := range g.People {
		if m := d.person[string(id)]; m != nil {
			members = append(members, m)
		}
	}
	p.Why = append(p.Why, d.bonds(g, members)...)
	p.Why = append(p.Why, d.covers(g, members)...)
	p.Why = append(p.Why, d.shares(g, members, cost)...)
	p.Missing = d.lacks(g, cost)
	return p
}

// bonds are the people who are together because they wanted to be.
func (d describer) bonds(g Group, members []*teaming.Person) []Line {
	var lines []Line
	for _, t := range d.Teams {
		if Key(t.ID) == g.Key {
			var names list
			for _, id := range founders(t) {
				if slices.Contains(g.People, account.ID(id)) {
					names = append(names, d.name(id))
				}
			}
			if len(names) > 0 {
				lines = append(lines, counted("forming.why.founded", len(names), ui.Good, "names", names))
			}
		}
	}
	groups := map[string]list{}
	var order []string
	for _, m := range members {
		if m.Group == "" {
			continue
		}
		if groups[m.Group] == nil {
			order = append(order, m.Group)
		}
		groups[m.Group] = append(groups[m.Group], d.name(m.ID))
	}
	for _, group := range order {
		if len(groups[group]) > 1 {
			lines = append(lines, good("forming.why.group", "names", groups[group]))
		}
	}
	for _, m := range members {
		for _, q := range m.Wants {
			if !slices.Contains(g.People, account.ID(q)) {
				continue
			}
			other := d.person[q]
			mutual := other != nil && slices.Contains(other.Wants, m.ID)
			switch {
			case mutual && m.ID < q:
				lines = append(lines, good("forming.why.mutual", "names", list{d.name(m.ID), d.name(q)}))
			case !mutual:
				lines = append(lines, good("forming.why.wish", "who", d.name(m.ID), "whom", d.name(q)))
			}
		}
	}
	return lines
}

// covers says who brings what the team needs.
func (d describer) covers(g Group, members []*teaming.Person) []Line {
	var lines []Line
	need := d.need(g)
	var brings bringing
	for k, skill := range d.Skills {
		if k >= len(need) || need[k] == 0 {
			continue
		}
		best, who := 0, ""
		for _, m := range members {
			if k < len(m.Skills) && m.Skills[k] > best {
				best, who = m.Skills[k], d.name(m.ID)
			}
		}
		if best >= need[k] {
			brings = append(brings, brought{who, skill})
		}
	}
	if len(brings) > 0 {
		lines = append(lines, good("forming.why.skills", "who", brings))
	}
	if len(d.b.Mix) > 1 {
		all := true
		for _, role := range d.b.Mix {
			all = all && slices.ContainsFunc(members, func(m *teaming.Person) bool { return m.Role == role })
		}
		if all {
			lines = append(lines, good("forming.why.mix"))
		}
	}
	return lines
}

// need is what the group's challenge asks, in the order of the skills.
func (d describer) need(g Group) []int {
	id := g.Challenge
	if !d.assigns() {
		id = anySubject
	}
	for _, c := range d.b.Challenges {
		if c.ID == id {
			return c.Need
		}
	}
	return nil
}

// shares says what all of the team have in common.
func (d describer) shares(g Group, members []*teaming.Person, cost teaming.TeamCost) []Line {
	var lines []Line
	if d.Rules.Language && len(members) > 1 {
		said := slices.DeleteFunc(slices.Clone(members), func(m *teaming.Person) bool { return len(d.Wishes[account.ID(m.ID)].Languages) == 0 })
		var common list
		for _, l := range d.Rules.Languages {
			if !slices.ContainsFunc(said, func(m *teaming.Person) bool { return !slices.Contains(m.Languages, l) }) {
				common = append(common, l)
			}
		}
		if len(said) > 0 && len(common) > 0 {
			lines = append(lines, good("forming.why.language", "language", languages(common)))
		}
	}
	ranked, first := 0, 0
	for _, m := range members {
		if len(m.Prefs) > 0 {
			ranked++
			if m.Prefs[0] == g.Challenge {
				first++
			}
		}
	}
	if ranked > 0 && first > 0 {
		lines = append(lines, counted("forming.why.first", first, ui.Good, "of", ranked))
	}
	if n := len(d.HalfDays); n > 0 && cost.SlotsFree < n && cost.Slots == 0 {
		lines = append(lines, counted("forming.why.hours", cost.SlotsFree, ui.Good, "of", n))
	}
	return lines
}

// lacks is what the team costs, in words.
func (d describer) lacks(g Group, cost teaming.TeamCost) []Line {
	var lines []Line
	for _, role := range cost.MissingRoles {
		lines = append(lines, bad("forming.missing.role", "profile", key("registration.profile."+role)))
	}
	if skills := d.skills(cost.MissingSkills); len(skills) > 0 {
		lines = append(lines, bad("forming.missing.skills", "skills", skills))
	}
	for _, pair := range cost.UnmetWishes {
		if _, here := d.person[pair[1]]; here {
			lines = append(lines, bad("forming.missing.wish", "who", d.name(pair[0]), "whom", d.name(pair[1])))
		}
	}
	for _, tag := range cost.IsolatedTags {
		lines = append(lines, bad("forming.missing.alone", "tag", tag))
	}
	if cost.Slots > 0 {
		lines = append(lines, counted("forming.missing.hours", cost.SlotsFree, ui.Warn, "needed", d.b.SlotsNeeded))
	}
	if cost.Balance > 0 {
		lines = append(lines, bad("forming.missing.balance"))
	}
	if cost.Size > 0 {
		lines = append(lines, counted("forming.missing.size", len(g.People), ui.Plain, "target", d.b.Size.Target))
	}
	if n := len(cost.Avoided); n > 0 {
		lines = append(lines, counted("forming.missing.confidential", n, ui.Warn))
	}
	return lines
}

func (d describer) skills(keys []string) skillNames {
	var all skillNames
	for _, k := range keys {
		for _, s := range d.Skills {
			if s.Key == k {
				all = append(all, s)
			}
		}
	}
	return all
}

// skillNames are skills in a sentence, in the reader's words.
type skillNames []registration.Skill

func (n skillNames) text(loc ui.Locale) string {
	names := make(list, len(n))
	for i, s := range n {
		names[i] = s.Name(loc)
	}
	return names.text(loc)
}

// bringing is who brings which skill.
type bringing []brought

type brought struct {
	who   string
	skill registration.Skill
}

func (b bringing) text(loc ui.Locale) string {
	parts := make(list, len(b))
	for i, one := range b {
		parts[i] = loc.T("forming.why.brings", "who", one.who, "skill", one.skill.Name(loc))
	}
	return parts.text(loc)
}

// languages names languages in the reader's words.
type languages []string

func (n languages) text(loc ui.Locale) string {
	names := make(list, len(n))
	for i, code := range n {
		names[i] = languageName(loc, code)
	}
	return names.text(loc)
}

// languageName is the language in the reader's words, or the code itself, as an organiser
// may have typed a language that the catalogue does not know.
func languageName(loc ui.Locale, code string) string {
	if key := "forming.language." + strings.ToLower(code); loc.Has(key) {
		return loc.T(key)
	}
	return code
}
