package teaming

import (
	"fmt"
	"slices"
	"strings"
)

// findClashes lists constraints that contradict each other whatever the teams, in
// words. Each sentence is a proof on its own; an empty list proves nothing.
func findClashes(in *Instance) []Clash {
	f := &clashFinder{in: in, person: make(map[string]int, len(in.People))}
	for i, p := range in.People {
		f.person[p.ID] = i
	}
	f.locks()
	if len(f.found) > 0 { // the clusters below would mix what the locks confuse
		return f.found
	}
	f.clusters()
	f.sizes()
	f.limits()
	if len(f.found) == 0 {
		f.company()
	}
	if len(f.found) == 0 {
		f.assignment()
	}
	return f.found
}

const mostClashes = 12

// The kinds of a clash.
const (
	ClashSize        = "size"         // N people cannot be cut into teams of the size
	ClashTogether    = "together"     // N people who must stay together are too many for a team
	ClashGroupSplit  = "group_split"  // locks or a closed team split a group
	ClashClosedSize  = "closed_size"  // a team locked as it is has N people
	ClashLockedTeams = "locked_teams" // N locked teams are too many for the people
	ClashLock        = "lock"         // locks contradict each other
	ClashNever       = "never"        // people who must not share a team have to
	ClashLanguage    = "language"     // people without a language in common
	ClashExcluded    = "excluded"     // no challenge is left for people
	ClashChallenge   = "challenge"    // one challenge's number of teams cannot be kept
	ClashChallenges  = "challenges"   // the challenges' numbers of teams together cannot be
	ClashAlone       = "alone"        // too few others could share a team with people
	ClashRule        = "rule"         // the best answer found breaks this rule
	ClashWayOut      = "way_out"      // there are valid teams without this rule
)

// Clash is one reason why there are no valid teams: its kind, what it is about, and the
// whole of it in a sentence.
type Clash struct {
	Kind      string   `json:"kind"`
	Rule      string   `json:"rule,omitempty"` // H1 to H9, for ClashRule and ClashWayOut
	People    []string `json:"people,omitempty"`
	Team      string   `json:"team,omitempty"`
	Challenge string   `json:"challenge,omitempty"`
	N         int      `json:"n,omitempty"`
	Text      string   `json:"-"`
}

func (c Clash) String() string { return c.Text }

type clashFinder struct {
	in       *Instance
	person   map[string]int
	together [][]int // people who must share a team, one list a cluster
	allowed  [][]int // by cluster: challenges nobody of it excludes
	found    []Clash
}

func (f *clashFinder) say(c Clash, format string, args ...any) {
	if len(f.found) < mostClashes {
		c.Text = fmt.Sprintf(format, args...)
		f.found = append(f.found, c)
	}
}

// locks checks the organiser's locks against the people and each other.
func (f *clashFinder) locks() {
	at := map[string]string{}
	challenge := map[string]string{}
	members := map[string]map[string]bool{}
	for _, l := range f.in.Locks {
		if members[l.Team] == nil {
			members[l.Team] = map[string]bool{}
		}
		for _, id := range l.People {
			if _, known := f.person[id]; !known {
				f.say(Clash{Kind: ClashLock}, "%s is locked into team %s but is not in the list of people", id, l.Team)
			}
			if other, twice := at[id]; twice && other != l.Team {
				f.say(Clash{Kind: ClashLock, People: []string{id}}, "%s is locked into two teams, %s and %s", id, other, l.Team)
			}
			at[id] = l.Team
			members[l.Team][id] = true
		}
		if l.Challenge == "" {
			continue
		}
		if !slices.ContainsFunc(f.in.Challenges, func(c Challenge) bool { return c.ID == l.Challenge }) {
			f.say(Clash{Kind: ClashLock, Team: l.Team}, "team %s is locked on the challenge %s, which is not in the list", l.Team, l.Challenge)
		}
		if other, twice := challenge[l.Team]; twice && other != l.Challenge {
			f.say(Clash{Kind: ClashLock, Team: l.Team}, "team %s is locked on two challenges, %s and %s", l.Team, other, l.Challenge)
		}
		challenge[l.Team] = l.Challenge
	}
	group := map[string]string{}
	for _, p := range f.in.People {
		t, locked := at[p.ID]
		if !locked || p.Group == "" {
			continue
		}
		if other, twice := group[p.Group]; twice && other != t {
			f.say(Clash{Kind: ClashGroupSplit, People: []string{p.ID}}, "group %s must stay together, but locks put its people into %s and %s", p.Group, other, t)
		}
		group[p.Group] = t
	}
	for _, l := range f.in.Locks {
		if !l.Closed {
			continue
		}
		if len(members[l.Team]) != len(l.People) {
			f.say(Clash{Kind: ClashLock, Team: l.Team}, "team %s is closed with %d people, but other locks add to it", l.Team, len(l.People))
		}
		for _, p := range f.in.People {
			if p.Group != "" && group[p.Group] == l.Team && !members[l.Team][p.ID] {
				f.say(Clash{Kind: ClashGroupSplit, Team: l.Team, People: []string{p.ID}}, "team %s is closed, but %s must stay with group %s, which is in it", l.Team, p.ID, p.Group)
			}
		}
		if n := len(l.People); n < f.in.Size.Min || n > f.in.Size.Max || n == 0 {
			f.say(Clash{Kind: ClashClosedSize, Team: l.Team, N: n}, "team %s is closed with %d people, allowed are %d to %d", l.Team, n, f.in.Size.Min, f.in.Size.Max)
		}
	}
}

// name is how a cluster is called in a sentence.
func (f *clashFinder) name(cluster []int) string {
	first := f.in.People[cluster[0]]
	switch {
	case len(cluster) == 1:
		return first.ID
	case first.Group != "" && !slices.ContainsFunc(cluster, func(i int) bool { return f.in.People[i].Group != first.Group }):
		return fmt.Sprintf("group %s (%s)", first.Group, f.names(cluster))
	default:
		return fmt.Sprintf("%s, who groups or locks keep together,", f.names(cluster))
	}
}

func (f *clashFinder) ids(people []int) []string {
	ids := make([]string, len(people))
	for k, i := range people {
		ids[k] = f.in.People[i].ID
	}
	return ids
}

func (f *clashFinder) names(people []int) string {
	var ids []string
	for k, i := range people {
		if k == 6 && len(people) > 7 {
			ids = append(ids, fmt.Sprintf("and %d more", len(people)-k))
			break
		}
		ids = append(ids, f.in.People[i].ID)
	}
	return strings.Join(ids, ", ")
}

// clusters checks what holds inside each set of people who must share a team.
func (f *clashFinder) clusters() {
	root := clusters(f.in)
	index := map[int]int{}
	for i := range f.in.People {
		k, ok := index[root[i]]
		if !ok {
			k = len(f.together)
			index[root[i]] = k
			f.together = append(f.together, nil)
		}
		f.together[k] = append(f.together[k], i)
	}
	lockedOn := map[string]string{}
	for _, l := range f.in.Locks {
		for _, id := range l.People {
			if l.Challenge != "" {
				lockedOn[id] = l.Challenge
			}
		}
	}
	for _, cluster := range f.together {
		f.allowed = append(f.allowed, f.insideCluster(cluster, lockedOn))
	}
}

// insideCluster checks one cluster and returns the challenges it accepts.
func (f *clashFinder) insideCluster(cluster []int, lockedOn map[string]string) []int {
	if n := len(cluster); n > f.in.Size.Max {
		f.say(Clash{Kind: ClashTogether, People: f.ids(cluster), N: n}, "%s has %d people, and the largest team has %d", f.name(cluster), n, f.in.Size.Max)
	}
	inside := map[string]bool{}
	for _, i := range cluster {
		inside[f.in.People[i].ID] = true
	}
	for _, i := range cluster {
		for _, q := range f.in.People[i].Never {
			if inside[q] {
				f.say(Clash{Kind: ClashNever, People: []string{f.in.People[i].ID, q}}, "%s and %s must never share a team, but a group or a lock keeps them together", f.in.People[i].ID, q)
			}
		}
	}
	people := make([]int32, len(cluster))
	for k, i := range cluster {
		people[k] = int32(i)
	}
	if f.in.CommonLanguage && len(unitLanguages(f.in, people)) == 0 {
		if len(cluster) == 1 {
			f.say(Clash{Kind: ClashLanguage, People: f.ids(cluster)}, "%s speaks no language, and every team needs one in common", f.name(cluster))
		} else {
			f.say(Clash{Kind: ClashLanguage, People: f.ids(cluster)}, "%s have no language in common", f.name(cluster))
		}
	}
	var allowed []int
	for c, ch := range f.in.Challenges {
		excluded, elsewhere := false, false
		for _, i := range cluster {
			p := f.in.People[i]
			excluded = excluded || slices.Contains(p.Excluded, ch.ID)
			if on := lockedOn[p.ID]; on != "" && on != ch.ID {
				elsewhere = true
			} else if on == ch.ID && slices.Contains(p.Excluded, ch.ID) {
				f.say(Clash{Kind: ClashExcluded, People: []string{p.ID}, Challenge: ch.ID}, "%s is excluded from %s, but a lock gives the team that challenge", p.ID, ch.ID)
			}
		}
		if !excluded && !elsewhere && ch.MaxTeams > 0 {
			allowed = append(allowed, c)
		}
	}
	if len(allowed) == 0 && len(f.in.Challenges) > 0 {
		f.say(Clash{Kind: ClashExcluded, People: f.ids(cluster)}, "%s cannot take any challenge: all are excluded, closed or contradict a lock", f.name(cluster))
	}
	return allowed
}

// sizes checks that the number of people can be cut into teams at all.
func (f *clashFinder) sizes() {
	n, size := len(f.in.People), f.in.Size
	low := max(1, size.Min)
	if n > 0 && (n+size.Max-1)/size.Max > n/low {
		f.say(Clash{Kind: ClashSize, N: n}, "%d people cannot be cut into teams of %d to %d", n, size.Min, size.Max)
	}
	names := map[string]bool{}
	for _, l := range f.in.Locks {
		names[l.Team] = true
	}
	if len(names) > n/low {
		f.say(Clash{Kind: ClashLockedTeams, N: len(names)}, "%d locked teams need %d people, and there are %d", len(names), len(names)*low, n)
	}
}

// limits checks the challenges' numbers of teams against each other and the people.
func (f *clashFinder) limits() {
	if len(f.in.Challenges) == 0 {
		return
	}
	n, low := len(f.in.People), max(1, f.in.Size.Min)
	least, most := 0, 0
	locked := map[string]map[string]bool{}
	for _, l := range f.in.Locks {
		if locked[l.Challenge] == nil {
			locked[l.Challenge] = map[string]bool{}
		}
		locked[l.Challenge][l.Team] = true
	}
	for c, ch := range f.in.Challenges {
		if ch.MinTeams > ch.MaxTeams {
			f.say(Clash{Kind: ClashChallenge, Challenge: ch.ID}, "challenge %s wants at least %d teams and at most %d", ch.ID, ch.MinTeams, ch.MaxTeams)
		}
		if k := len(locked[ch.ID]); k > ch.MaxTeams {
			f.say(Clash{Kind: ClashChallenge, Challenge: ch.ID}, "%d teams are locked on challenge %s, which takes %d", k, ch.ID, ch.MaxTeams)
		}
		least += ch.MinTeams
		most = min(most+ch.MaxTeams, Unlimited)
		willing := 0
		for k := range f.together {
			if slices.Contains(f.allowed[k], c) {
				willing += len(f.together[k])
			}
		}
		if willing < ch.MinTeams*low {
			f.say(Clash{Kind: ClashChallenge, Challenge: ch.ID}, "challenge %s wants %d teams of at least %d people, and %d people accept it", ch.ID, ch.MinTeams, low, willing)
		}
	}
	if least > n/low {
		f.say(Clash{Kind: ClashChallenges, N: least}, "the challenges want at least %d teams, and %d people make at most %d of %d or more", least, n, n/low, low)
	}
	if need := (n + f.in.Size.Max - 1) / f.in.Size.Max; most < need {
		f.say(Clash{Kind: ClashChallenges, N: most}, "the challenges take at most %d teams, and %d people need at least %d of up to %d", most, n, need, f.in.Size.Max)
	}
}
