package registration

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/names"
)

// MostLevel is the highest level of a skill; 0 is "not at all".
const MostLevel = 4

// Skill is something that people can say how well they know.
type Skill struct {
	// Key stays the same when the label is put in other words.
	Key string `json:"key"`
	// Label is what the organiser calls it; "" for a usual skill, which has words in the
	// catalogue.
	Label string `json:"label"`
}

// usual are the skills of a social landlord's hackathon: what an edition asks for until
// its organiser says otherwise.
var usual = []Skill{{Key: "web"}, {Key: "data"}, {Key: "design"}, {Key: "marketing"},
	{Key: "rental"}, {Key: "housing"}, {Key: "business"}}

// Name is the skill in the reader's words.
func (s Skill) Name(l i18n.Locale) string {
	if s.Label != "" {
		return s.Label
	}
	return l.T("registration.skill." + s.Key)
}

// Levels are a person's skills: a skill's key and a level from 1 to MostLevel. A skill at
// level 0 is not there.
type Levels map[string]int

// of keeps the levels of the given skills, within the range.
func (v Levels) of(skills []Skill) Levels {
	kept := Levels{}
	for _, s := range skills {
		if level := min(v[s.Key], MostLevel); level > 0 {
			kept[s.Key] = level
		}
	}
	return kept
}

// Text writes the levels as a file has them, "Design 3, Web development 1": the highest
// first.
func (v Levels) Text(skills []Skill, l i18n.Locale) string {
	known := slices.DeleteFunc(slices.Clone(skills), func(s Skill) bool { return v[s.Key] == 0 })
	slices.SortStableFunc(known, func(a, b Skill) int { return v[b.Key] - v[a.Key] })
	parts := make([]string, len(known))
	for i, s := range known {
		parts[i] = fmt.Sprintf("%s %d", s.Name(l), v[s.Key])
	}
	return strings.Join(parts, ", ")
}

// merged returns the levels with those of more over them.
func (v Levels) merged(more Levels) Levels {
	all := maps.Clone(v)
	if all == nil {
		all = Levels{}
	}
	maps.Copy(all, more)
	return all
}

// parseSkillList reads an organiser's list, one label a line. A label that is one of the
// skills of before, in any language, keeps that skill's key and so people's levels.
func parseSkillList(text string, before []Skill, locales []i18n.Locale) ([]Skill, error) {
	var list []Skill
	var f errs.Fields
	taken := map[string]bool{}
	for line := range strings.Lines(text) {
		label := strings.Join(strings.Fields(line), " ")
		if label == "" {
			continue
		}
		if utf8.RuneCountInString(label) > mostName || strings.ContainsAny(label, ",;|") {
			f.Add("skills", "registration.skill_form", "skill", label)
			continue
		}
		skill := skillOf(label, append(slices.Clone(before), usual...), locales)
		if taken[skill.Key] {
			f.Add("skills", "registration.skill_twice", "skill", label)
			continue
		}
		taken[skill.Key] = true
		list = append(list, skill)
	}
	if len(list) > 40 {
		f.Add("skills", "registration.skill_many", "most", 40)
	}
	return list, f.Err()
}

// skillOf returns the known skill that the label names, or a new one.
func skillOf(label string, known []Skill, locales []i18n.Locale) Skill {
	for _, s := range known {
		if s.named(label, locales) {
			return s
		}
	}
	return Skill{Key: strings.ReplaceAll(names.Fold(label), " ", "_"), Label: label}
}

func (s Skill) named(label string, locales []i18n.Locale) bool {
	for _, l := range locales {
		if names.Fold(s.Name(l)) == names.Fold(label) {
			return true
		}
	}
	return false
}

// parseLevels reads a cell such as "Design 3, Web development": a skill without a level
// has the level 2. wrong is the first part that names no skill or no level.
func parseLevels(cell string, skills []Skill, locales []i18n.Locale) (levels Levels, wrong string) {
	levels = Levels{}
	for _, part := range strings.FieldsFunc(cell, func(c rune) bool { return strings.ContainsRune(",;|\n", c) }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		label, level := part, 2
		i := find(label, skills, locales)
		if last := part[len(part)-1]; i < 0 && last >= '0' && last <= '0'+MostLevel {
			label, level = strings.TrimRight(part[:len(part)-1], " :="), int(last-'0')
			i = find(label, skills, locales)
		}
		if i < 0 {
			return nil, part
		}
		levels[skills[i].Key] = level
	}
	return levels, ""
}

// find returns the place of the skill that the label names, or -1.
func find(label string, skills []Skill, locales []i18n.Locale) int {
	return slices.IndexFunc(skills, func(s Skill) bool { return s.named(label, locales) })
}
