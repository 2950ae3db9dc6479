package forming

import (
	"maps"
	"slices"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/team"
)

// brief is an instance of the engine, with what stays outside of it.
type brief struct {
	teaming.Instance
	kept []Group // the teams that are not asked
	real map[Key]team.ID
}

// brief puts the situation in the engine's words. base are the groups that it starts
// from; mode says how much of them may change.
func (s *Situation) brief(base Content, mode Mode) brief {
	b := brief{Instance: teaming.Instance{Format: teaming.Format, Name: string(s.Edition.Slug), CommonLanguage: s.Rules.Language,
		Size:    teaming.Size{Min: s.Board.Limits.Min, Max: s.Board.Limits.Max, Target: s.Rules.target(s.Board.Limits)},
		Weights: s.Rules.weights(), Isolate: s.Rules.Tags}, real: map[Key]team.ID{}}
	aside := map[account.ID]bool{}
	for _, t := range s.Teams {
		b.real[Key(t.ID)] = t.ID
		if mode != priced && s.settled(t, mode) {
			g := Group{Key: Key(t.ID), Team: t.ID, Kept: true}
			for _, m := range t.Members {
				g.People = append(g.People, m.ID)
				aside[m.ID] = true
			}
			b.kept = append(b.kept, g)
		}
	}
	s.addSubjects(&b)
	s.addPeople(&b, aside)
	s.addLocks(&b, base, mode)
	return b
}

// priced is the mode in which groups are priced as they stand: all of them, settled or
// not.
const priced Mode = "priced"

// anySubject is the engine's challenge where teams choose theirs later.
const anySubject = "-"

// addSubjects says what the challenges need; without challenges, what every team needs.
func (s *Situation) addSubjects(b *brief) {
	need := func(more map[string]int) []int {
		v := make([]int, len(s.Skills))
		for i, skill := range s.Skills {
			v[i] = max(s.Rules.Skills[skill.Key], more[skill.Key])
		}
		return v
	}
	for _, skill := range s.Skills {
		b.Skills = append(b.Skills, skill.Key)
	}
	if s.assigns() {
		for _, c := range s.Challenges {
			n := s.Rules.Needs[c.ID]
			one := teaming.Challenge{ID: c.ID, Need: need(n.Skills), MinTeams: n.Min, MaxTeams: n.Max}
			if n.Max == 0 {
				one.MaxTeams = teaming.Unlimited
			}
			b.Challenges = append(b.Challenges, one)
		}
		return
	}
	b.Challenges = []teaming.Challenge{{ID: anySubject, Need: need(nil), MaxTeams: teaming.Unlimited}}
}

// assigns says whether each team gets a challenge.
func (s *Situation) assigns() bool { return s.Rules.Assign && len(s.Challenges) > 0 }

// addPeople tells of everybody what they said; of what somebody left open the engine
// hears what binds it least.
func (s *Situation) addPeople(b *brief, aside map[account.ID]bool) {
	profiles := map[string]bool{}
	strength, strong := 0, 0
	for _, p := range s.People {
		if aside[p.ID] {
			continue
		}
		profiles[p.Profile] = true
		w := s.Wishes[p.ID]
		one := teaming.Person{ID: string(p.ID), Group: p.Group, Role: p.Profile, Wants: texts(p.Wishes), Avoids: texts(p.Avoids), Tags: w.Tags}
		if w.Group != "" {
			one.Group = w.Group
		}
		for _, skill := range s.Skills {
			level := p.Skills[skill.Key]
			one.Skills = append(one.Skills, level)
			one.Strength += level
		}
		if one.Strength > 0 {
			strength, strong = strength+one.Strength, strong+1
		}
		s.addWishes(&one, w)
		b.People = append(b.People, one)
	}
	for _, profile := range s.Rules.Profiles {
		if profiles[profile] {
			b.Mix = append(b.Mix, profile)
		}
	}
	b.StrengthTolerance = 4
	if strong > 0 {
		b.StrengthMean = (strength + strong/2) / strong
	}
	for i := range b.People {
		if b.People[i].Strength == 0 { // nothing said is no weakness
			b.People[i].Strength = b.StrengthMean
		}
	}
	b.SlotsNeeded = s.halfDaysNeeded()
}

// halfDaysNeeded is what the organiser asks, or two thirds of all.
func (s *Situation) halfDaysNeeded() int {
	if s.Rules.HalfDays > 0 {
		return min(s.Rules.HalfDays, len(s.HalfDays))
	}
	return (2*len(s.HalfDays) + 2) / 3
}

func (s *Situation) addWishes(one *teaming.Person, w Wishes) {
	for _, name := range w.With {
		if who, known := s.find(name); known && string(who) != one.ID && !slices.Contains(one.Wants, string(who)) {
			one.Wants = append(one.Wants, string(who))
		}
	}
	for _, not := range w.Not {
		who, known := s.find(not.Name)
		switch {
		case !known || string(who) == one.ID:
		case not.Never:
			one.Never = append(one.Never, string(who))
		default:
			one.Avoids = append(one.Avoids, string(who))
		}
	}
	if s.assigns() {
		one.Prefs, one.Excluded = w.Prefs, w.Excluded
	}
	one.Languages = w.Languages
	if len(one.Languages) == 0 {
		one.Languages = s.Rules.Languages
	}
	if len(one.Languages) == 0 { // the organiser names no language
		one.Languages = []string{string(s.Edition.Lang)}
	}
	slots := []byte{}
	for i := range s.HalfDays {
		if slices.Contains(w.Away, i) {
			slots = append(slots, '0')
		} else {
			slots = append(slots, '1')
		}
	}
	one.Slots = string(slots)
}

func texts(ids []account.ID) []string {
	var all []string
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}

// addLocks says who must stay where, and from where each move counts.
func (s *Situation) addLocks(b *brief, base Content, mode Mode) {
	here := map[string]bool{}
	for _, p := range b.People {
		here[p.ID] = true
	}
	locks := map[Key]teaming.Lock{}
	lock := func(key Key, closed bool, challenge string, people []string) {
		l := locks[key]
		l.Team, l.Closed = string(key), l.Closed || closed
		if challenge != "" {
			l.Challenge = challenge
		}
		for _, p := range people {
			if here[p] && !slices.Contains(l.People, p) {
				l.People = append(l.People, p)
			}
		}
		if len(l.People) > 0 {
			locks[key] = l
		}
	}
	chose := map[account.ID]Key{}
	for _, t := range s.Teams {
		for _, m := range t.Members {
			if !m.Placed || mode == Place {
				chose[m.ID] = Key(t.ID)
			}
		}
	}
	for _, g := range base.Groups {
		if g.Kept && mode != priced {
			continue
		}
		people := texts(g.People)
		if g.Locked {
			lock(g.Key, true, g.Challenge, people)
		}
		for _, p := range g.People {
			if slices.Contains(base.Locked, p) || chose[p] == g.Key {
				lock(g.Key, false, "", []string{string(p)})
			}
		}
		if mode == Place || mode == Few { // who is moved by hand is meant to move
			b.Previous = append(b.Previous, teaming.Previous{Team: string(g.Key), People: people})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(locks)) {
		l := locks[key]
		l.Closed = l.Closed && len(l.People) >= b.Size.Min // somebody of a locked team did not come: it may get others
		b.Locks = append(b.Locks, l)
	}
	b.loosen(locks)
}

// loosen lets go of a group whose people are locked into different teams: what somebody
// decided later counts.
func (b *brief) loosen(locks map[Key]teaming.Lock) {
	at := map[string]Key{}
	for key, l := range locks {
		for _, p := range l.People {
			at[p] = key
		}
	}
	teams, closed := map[string]Key{}, map[string]bool{}
	split := map[string]bool{}
	for key, l := range locks {
		closed[string(key)] = l.Closed
	}
	for _, p := range b.People {
		if key, locked := at[p.ID]; locked && p.Group != "" {
			if other, there := teams[p.Group]; there && other != key {
				split[p.Group] = true
			}
			teams[p.Group] = key
		}
	}
	for i := range b.People {
		p := &b.People[i]
		_, locked := at[p.ID]
		if split[p.Group] || (!locked && closed[string(teams[p.Group])]) {
			p.Group = ""
		}
	}
}
