package forming

import (
	"slices"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/ui"
)

// Price is what moving one person would change.
type Price struct {
	Who      account.ID
	Name     string
	From, To Key
	// Cost is how much dearer the teams become; below 0 they get better.
	Cost int64
	// Broken are rules that the move would break: it can be made all the same, and the
	// proposal cannot be published while they are broken.
	Broken []Line
	// Lost and Gained are what the teams would lack, and no longer lack.
	Lost, Gained []Line
}

// Offer is a group that somebody could be moved to.
type Offer struct {
	Key  Key
	Cost int64
}

// priceMove asks the engine what a move would cost.
func (s *Situation) priceMove(c Content, who account.ID, to Key, title func(Key) string) (Price, error) {
	b, sol, _, _ := s.price(c)
	p := Price{Who: who, Name: s.Names[who], From: c.At(who), To: to}
	if to == NewGroup {
		to = c.freeKey()
		p.To = NewGroup
	}
	_, change, err := teaming.Move(b.Instance, sol, string(who), string(to))
	if err != nil {
		return p, ErrNobody
	}
	p.Cost = change.Cost
	d := s.describer(b)
	for _, v := range change.Broken {
		if line, told := d.broken(v, title); told {
			p.Broken = append(p.Broken, line)
		}
	}
	p.Lost, p.Gained = d.differences(change.Before, change.After, title)
	if to == "" { // wishes of somebody without a team are not met by that
		p.Gained = nil
	}
	return p, nil
}

// mostOffers is how many places are proposed for one person.
const mostOffers = 5

// offers are the groups where a person would cost least.
func (s *Situation) offers(c Content, who account.ID) []Offer {
	b, sol, _, _ := s.price(c)
	var all []Offer
	for _, o := range teaming.Offers(b.Instance, sol, string(who)) {
		i := slices.IndexFunc(c.Groups, func(g Group) bool { return string(g.Key) == o.Team })
		if g := c.Groups[i]; !g.Kept && !g.Locked && len(g.People) < s.Board.Limits.Max {
			all = append(all, Offer{Key(o.Team), o.Cost})
		}
	}
	return all[:min(len(all), mostOffers)]
}

// faults are the rules that the groups break as they stand, and the groups that break one.
func (s *Situation) faults(c Content, title func(Key) string) (lines []Line, in map[Key]bool) {
	b, sol, _, _ := s.price(c)
	d := s.describer(b)
	excused := map[string]bool{}
	for _, g := range c.Groups {
		excused[string(g.Key)] = g.Kept
	}
	in = map[Key]bool{}
	for _, v := range teaming.Check(b.Instance, sol) {
		if line, told := d.broken(v, title); told && !excused[v.Team] {
			lines = append(lines, line)
			in[Key(v.Team)] = true
		}
	}
	return lines, in
}

// broken puts a broken constraint into words. That two people must not share a team is
// told without saying who asked, or who they are.
func (d describer) broken(v teaming.Violation, title func(Key) string) (Line, bool) {
	team := title(Key(v.Team))
	switch v.Rule {
	case "H1":
		return bad("forming.broken.nowhere", "who", d.names(v.People)), true
	case "H2":
		return bad("forming.broken.size", "team", team, "min", d.b.Size.Min, "max", d.b.Size.Max), true
	case "H3":
		return bad("forming.broken.group"), true
	case "H4":
		return bad("forming.broken.confidential"), true
	case "H5":
		return bad("forming.broken.language", "team", team), true
	case "H6":
		return bad("forming.broken.excluded", "who", d.names(v.People), "challenge", d.challenge(v.Challenge)), true
	case "H7":
		return bad("forming.broken.challenge", "challenge", d.challenge(v.Challenge)), true
	case "H8":
		if len(v.People) == 0 {
			return bad("forming.broken.closed", "team", team), true
		}
		return bad("forming.broken.locked", "who", d.names(v.People), "team", team), true
	}
	return Line{}, false
}

func (d describer) names(ids []string) list {
	var all list
	for _, id := range ids {
		all = append(all, d.name(id))
	}
	return all
}

func (d describer) challenge(id string) string {
	for _, c := range d.Challenges {
		if c.ID == id {
			return c.Title
		}
	}
	return id
}

// differences says what teams lack after a change and did not before, and the reverse.
func (d describer) differences(before, after []teaming.TeamCost, title func(Key) string) (lost, gained []Line) {
	for _, a := range after {
		var b teaming.TeamCost
		role, skill := "forming.price.new.role", "forming.price.new.skill" // a new team loses nothing: it has not
		if i := slices.IndexFunc(before, func(x teaming.TeamCost) bool { return x.Team == a.Team }); i >= 0 {
			b, role, skill = before[i], "forming.price.role", "forming.price.skill"
		}
		team := title(Key(a.Team))
		for _, profile := range minus(a.MissingRoles, b.MissingRoles) {
			lost = append(lost, bad(role, "team", team, "profile", key("registration.profile."+profile)))
		}
		for _, profile := range minus(b.MissingRoles, a.MissingRoles) {
			gained = append(gained, good("forming.gain.role", "team", team, "profile", key("registration.profile."+profile)))
		}
		if less := d.skills(minus(a.MissingSkills, b.MissingSkills)); len(less) > 0 {
			lost = append(lost, bad(skill, "team", team, "skills", less))
		}
		if more := d.skills(minus(b.MissingSkills, a.MissingSkills)); len(more) > 0 {
			gained = append(gained, good("forming.gain.skill", "team", team, "skills", more))
		}
		for _, tag := range minus(a.IsolatedTags, b.IsolatedTags) {
			lost = append(lost, bad("forming.price.alone", "team", team, "tag", tag))
		}
		for _, tag := range minus(b.IsolatedTags, a.IsolatedTags) {
			gained = append(gained, good("forming.gain.alone", "team", team, "tag", tag))
		}
		lost, gained = amounts(a, b, team, lost, gained)
	}
	lost, gained = d.wishes(before, after, lost, gained)
	return lost, gained
}

// amounts tells of the costs that are a number and no list of names.
func amounts(a, b teaming.TeamCost, team string, lost, gained []Line) (less, more []Line) {
	for _, one := range []struct {
		delta       int64
		worse, good string
	}{
		{a.Pref - b.Pref, "forming.price.pref", "forming.gain.pref"},
		{a.Slots - b.Slots, "forming.price.hours", "forming.gain.hours"},
		{a.Balance - b.Balance, "forming.price.balance", "forming.gain.balance"},
		{a.Size - b.Size, "forming.price.size", "forming.gain.size"},
	} {
		if one.delta > 0 {
			lost = append(lost, bad(one.worse, "team", team))
		} else if one.delta < 0 {
			gained = append(gained, good(one.good, "team", team))
		}
	}
	return lost, gained
}

// wishes compares who is with whom over all teams touched, and how many confidential
// wishes are not respected.
func (d describer) wishes(before, after []teaming.TeamCost, lost, gained []Line) (less, more []Line) {
	var was, is [][2]string
	avoided := 0
	for _, t := range before {
		was, avoided = append(was, t.UnmetWishes...), avoided-len(t.Avoided)
	}
	for _, t := range after {
		is, avoided = append(is, t.UnmetWishes...), avoided+len(t.Avoided)
	}
	for _, pair := range minus(is, was) {
		lost = append(lost, bad("forming.price.wish", "who", d.name(pair[0]), "whom", d.name(pair[1])))
	}
	for _, pair := range minus(was, is) {
		gained = append(gained, good("forming.gain.wish", "who", d.name(pair[0]), "whom", d.name(pair[1])))
	}
	if avoided > 0 {
		lost = append(lost, counted("forming.price.confidential", avoided, ui.Warn))
	} else if avoided < 0 {
		gained = append(gained, counted("forming.gain.confidential", -avoided, ui.Good))
	}
	return lost, gained
}

// minus are the values of a that are not in b.
func minus[T comparable](a, b []T) []T {
	return slices.DeleteFunc(slices.Clone(a), func(x T) bool { return slices.Contains(b, x) })
}
