package teaming

import (
	"context"
	"fmt"
	"slices"
)

// company checks that every cluster has enough possible teammates, that every
// language community can be cut into teams, and that people who refuse each other
// are not more than the teams.
func (f *clashFinder) company() {
	m := &model{in: f.in}
	m.mergeUnits()
	person := make(map[string]int32, len(f.person))
	for id, i := range f.person {
		person[id] = int32(i)
	}
	m.buildLinks(person)
	if m.buildLanguages() != nil {
		return
	}
	f.communities(m)
	if len(f.found) > 0 { // of a community too small for a team, nobody has teammates: that says it again
		return
	}
	f.teammates(m)
	f.refusals(m)
}

// communities cuts every component of languages into teams.
func (f *clashFinder) communities(m *model) {
	if !f.in.CommonLanguage {
		return
	}
	people := map[int32][]int{}
	var order []int32
	for _, u := range m.units {
		if people[u.comp] == nil {
			order = append(order, u.comp)
		}
		for _, i := range u.people {
			people[u.comp] = append(people[u.comp], int(i))
		}
	}
	if len(order) < 2 {
		return
	}
	low := max(1, f.in.Size.Min)
	for _, c := range order {
		n := len(people[c])
		if (n+f.in.Size.Max-1)/f.in.Size.Max > n/low {
			f.say(Clash{Kind: ClashLanguage, People: f.ids(people[c])}, "%s speak no language of the others, and %d people cannot be cut into teams of %d to %d",
				f.names(people[c]), n, f.in.Size.Min, f.in.Size.Max)
		}
	}
}

// teammates counts, for every cluster smaller than a team, the people who could join
// it: fit in size, share a language and a challenge, and do not refuse.
func (f *clashFinder) teammates(m *model) {
	low := f.in.Size.Min
	kind, lists := f.kinds()
	share := make([][]bool, len(lists))
	for a := range lists {
		share[a] = make([]bool, len(lists))
		for b := range lists {
			share[a][b] = len(f.in.Challenges) == 0 || slices.ContainsFunc(lists[a], func(c int) bool { return slices.Contains(lists[b], c) })
		}
	}
	for k := range m.units {
		u := &m.units[k]
		have := int(u.size)
		for j := 0; j < len(m.units) && have < low; j++ {
			v := &m.units[j]
			if j == k || v.comp != u.comp || v.lang&u.lang == 0 || int(u.size+v.size) > f.in.Size.Max || !share[kind[k]][kind[j]] {
				continue
			}
			if !slices.ContainsFunc(m.adj[k], func(l link) bool { return l.never && int(l.to) == j }) {
				have += int(v.size)
			}
		}
		if have < low {
			f.say(Clash{Kind: ClashAlone, People: f.ids(f.together[k]), N: have}, "%s cannot be in a team of %d: with everyone who shares a language and a challenge, fits the largest team and is not refused, there are %d people",
				f.name(f.together[k]), low, have)
		}
	}
}

// kinds numbers the different lists of accepted challenges, by cluster.
func (f *clashFinder) kinds() (kind []int, lists [][]int) {
	index := map[string]int{}
	for _, allowed := range f.allowed {
		key := fmt.Sprint(allowed)
		k, ok := index[key]
		if !ok {
			k = len(lists)
			index[key] = k
			lists = append(lists, allowed)
		}
		kind = append(kind, k)
	}
	return kind, lists
}

// refusals looks greedily for people who all refuse one another; each needs a team of
// their own.
func (f *clashFinder) refusals(m *model) {
	never := func(a, b int32) bool {
		return slices.ContainsFunc(m.adj[a], func(l link) bool { return l.never && l.to == b })
	}
	most := len(f.in.People) / max(1, f.in.Size.Min)
	if len(f.in.Challenges) > 0 {
		teams := 0
		for _, c := range f.in.Challenges {
			teams = min(teams+c.MaxTeams, Unlimited)
		}
		most = min(most, teams)
	}
	for u := range m.units {
		clique := []int32{int32(u)}
		for _, l := range m.adj[u] {
			if l.never && !slices.ContainsFunc(clique, func(v int32) bool { return v != l.to && !never(v, l.to) }) {
				clique = append(clique, l.to)
			}
		}
		if len(clique) > most {
			var people []int
			for _, v := range clique {
				people = append(people, int(m.units[v].people[0]))
			}
			f.say(Clash{Kind: ClashNever, People: f.ids(people)}, "%s all refuse one another and need %d teams, and there can be at most %d", f.names(people), len(clique), most)
			return
		}
	}
}

// assignment checks by a flow that the people fit into the challenges they accept, and
// names those who do not (Hall's condition; Hall, "On Representatives of Subsets",
// J. London Math. Soc. 10, 1935).
func (f *clashFinder) assignment() {
	if len(f.in.Challenges) == 0 {
		return
	}
	room := make([]int, len(f.in.Challenges))
	for c, ch := range f.in.Challenges {
		room[c] = min(ch.MaxTeams, len(f.in.People)) * f.in.Size.Max
	}
	in := make([][]int, len(room)) // people in each challenge
	byCluster, _ := f.kinds()
	kind := make([]int, len(f.in.People))
	accepts := make([][]int, len(f.in.People))
	for k, people := range f.together {
		for _, i := range people {
			kind[i], accepts[i] = byCluster[k], f.allowed[k]
		}
	}
	seats := seating{room, in, kind, accepts}
	for i := range f.in.People {
		seen := make([]bool, len(room))
		if seats.place(i, seen) {
			continue
		}
		stuck := []int{i}
		names, places := "", 0
		for c, s := range seen {
			if s {
				stuck = append(stuck, in[c]...)
				names += " " + f.in.Challenges[c].ID
				places += room[c]
			}
		}
		slices.Sort(stuck)
		f.say(Clash{Kind: ClashExcluded, People: f.ids(stuck)}, "%d people (%s) accept only these challenges:%s, and there is room for %d", len(stuck), f.names(stuck), names, places)
		return
	}
}

// seating is a flow of people into challenges, built one person at a time.
type seating struct {
	room    []int
	in      [][]int
	kind    []int   // by person: people of one kind accept the same challenges
	accepts [][]int // by person
}

// place finds a place for one person, moving others along an augmenting path. The
// challenges reached are marked in seen.
func (s *seating) place(i int, seen []bool) bool {
	for _, c := range s.accepts[i] {
		if len(s.in[c]) < s.room[c] {
			s.in[c] = append(s.in[c], i)
			return true
		}
	}
	for _, c := range s.accepts[i] {
		if seen[c] {
			continue
		}
		seen[c] = true
		tried := map[int]bool{} // one try a kind is enough
		for k, j := range s.in[c] {
			if tried[s.kind[j]] {
				continue
			}
			tried[s.kind[j]] = true
			if s.place(j, seen) {
				s.in[c][k] = i
				return true
			}
		}
	}
	return false
}

// explain says why no valid answer was found: what the best one still breaks, and
// which kinds of constraint would have to give way.
func (s *solver) explain(in *Instance) error {
	e := &Infeasible{}
	for _, v := range Check(*in, s.m.solution(s.best.teams)) {
		if len(e.Clashes) == 6 {
			break
		}
		e.Clashes = append(e.Clashes, Clash{Kind: ClashRule, Rule: v.Rule, Team: v.Team, People: v.People, Challenge: v.Challenge, Text: v.Reason})
	}
	for _, r := range relaxations {
		looser := *in
		r.relax(&looser)
		if s.feasible(&looser) {
			e.Clashes = append(e.Clashes, Clash{Kind: ClashWayOut, Rule: r.kind, Text: "valid teams exist " + r.words})
		}
	}
	return e
}

// relaxations are the constraints an organiser could give up, one at a time.
var relaxations = []struct {
	kind  string // the rule
	words string
	relax func(*Instance)
}{
	{"H5", "if the common language is not required", func(in *Instance) { in.CommonLanguage = false }},
	{"H4", "if nobody is refused (never)", func(in *Instance) { in.People = mapPeople(in, func(p *Person) { p.Never = nil }) }},
	{"H6", "if nobody is excluded from a challenge", func(in *Instance) { in.People = mapPeople(in, func(p *Person) { p.Excluded = nil }) }},
	{"H3", "if groups may be split", func(in *Instance) { in.People = mapPeople(in, func(p *Person) { p.Group = "" }) }},
	{"H7", "if the challenges' numbers of teams are free", func(in *Instance) {
		in.Challenges = slices.Clone(in.Challenges)
		for c := range in.Challenges {
			in.Challenges[c].MinTeams, in.Challenges[c].MaxTeams = 0, Unlimited
		}
	}},
	{"H2", "if teams may have one person less or more", func(in *Instance) { in.Size.Min, in.Size.Max = max(1, in.Size.Min-1), in.Size.Max+1 }},
	{"H8", "without the locks", func(in *Instance) { in.Locks = nil }},
}

func mapPeople(in *Instance, change func(*Person)) []Person {
	people := slices.Clone(in.People)
	for i := range people {
		change(&people[i])
	}
	return people
}

// feasible says whether a short search finds valid teams.
func (s *solver) feasible(in *Instance) bool {
	if len(findClashes(in)) > 0 {
		return false
	}
	m, err := buildModel(in)
	if err != nil {
		return false
	}
	rnd := random(0)
	t := &solver{m: m, part: m.wholePart(), rnd: &rnd, table: s.table, at: make([]int32, len(m.units))}
	for tries := 0; tries < 2 && (tries == 0 || t.best.broken > 0); tries++ {
		t.start(min(int64(len(m.units))*500+50_000, 1_000_000), nil, newMeter(context.Background(), workPerSecond))
	}
	return t.best.broken == 0
}
