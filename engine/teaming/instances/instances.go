// Package instances draws team-forming instances of four families, for tests and
// benchmarks: plausible registrations, instances with a hidden perfect answer, sites
// that share nothing but the challenges, and the morning after with people missing.
// All people are invented; the same family, size and seed give the same instance.
package instances

import (
	"fmt"
	"math/rand/v2"

	"h48/engine/teaming"
)

// Family is a kind of instance.
type Family string

// The families.
const (
	Real  Family = "real"  // registrations: groups, wishes in circles of friends, skewed favourites
	Plant Family = "plant" // a partition of cost 0 is hidden, so the optimum is 0 at any size
	Multi Family = "multi" // relabelled copies of one site of 60 people, joined only by limits
	Rerun Family = "rerun" // a real instance with previous teams, 6 % of the people gone, 5 % new
)

var (
	names  = []string{"rental", "housing", "renovation", "energy", "mobility", "inclusion", "health", "education", "food", "water", "culture", "safety"}
	skills = []string{"dev", "data", "design", "business", "domain"}
)

// Generate draws an instance of about the given number of people; multi rounds to
// whole sites of 60. Unknown families are drawn as real.
func Generate(f Family, people int, seed uint64) teaming.Instance {
	rnd := rand.New(rand.NewPCG(seed, uint64(people)))
	var in teaming.Instance
	switch f {
	case Plant:
		in = plant(rnd, people)
	case Multi:
		in = multi(rnd, max(1, people/60))
	case Rerun:
		in = rerun(rnd, people)
	default:
		in = real(rnd, people)
	}
	in.Name = fmt.Sprintf("%s-%d-s%d", f, people, seed)
	return in
}

// frame is an instance without people: sizes, weights and challenges.
func frame(rnd *rand.Rand, people int) teaming.Instance {
	in := teaming.Instance{Format: teaming.Format, Size: teaming.Size{Min: 3, Max: 5, Target: 4}, Skills: skills,
		Mix: []string{"student", "professional"}, Isolate: []string{"w", "en"}, CommonLanguage: true,
		StrengthMean: 7, StrengthTolerance: 4, SlotsNeeded: 5,
		Weights: teaming.Weights{Size: 3, Skill: 3, Mix: 8, Wish: 6, Avoid: 8, Isolation: 4, Balance: 1, Slots: 2,
			Move: 3, Fair: 1, FairOver: 20, Pref: []int64{0, 2, 5}, Unranked: 9}}
	count := min(len(names), max(3, people/60+4))
	average := float64(people) / 4 / float64(count)
	for c := range count {
		need := []int{3 + rnd.IntN(2), 1 + rnd.IntN(3), 2 + rnd.IntN(2), 2, 2 + rnd.IntN(2)}
		in.Challenges = append(in.Challenges, teaming.Challenge{ID: names[c], Need: need,
			MinTeams: int(0.4 * average), MaxTeams: int(1.3*average) + 1})
	}
	return in
}

// favourites draws three challenges, the first ones more often.
func favourites(rnd *rand.Rand, count int) []string {
	var prefs []string
	taken := map[int]bool{}
	for len(prefs) < 3 {
		c := min(rnd.IntN(count), rnd.IntN(count))
		if !taken[c] {
			taken[c] = true
			prefs = append(prefs, names[c])
		}
	}
	return prefs
}

func real(rnd *rand.Rand, people int) teaming.Instance {
	in := frame(rnd, people)
	id := func(i int) string { return fmt.Sprintf("p%05d", i+1) }
	for i := 0; i < people; {
		size := 1
		if rnd.IntN(100) >= 88 { // draws of groups: about 78 % of people end up alone
			size = 2 + min(rnd.IntN(4), rnd.IntN(4))
		}
		size = min(size, people-i)
		prefs := favourites(rnd, len(in.Challenges))
		languages := drawLanguages(rnd)
		for k := range size {
			p := drawPerson(rnd, id(i+k))
			p.Languages = languages
			if len(languages) == 1 && languages[0] == "en" {
				p.Tags = append(p.Tags, "en")
			}
			if rnd.IntN(100) < 88 {
				p.Prefs = prefs
			}
			if size > 1 {
				p.Group = "g" + id(i)
			}
			in.People = append(in.People, p)
		}
		i += size
	}
	for i := range in.People {
		relations(rnd, &in, i, id)
	}
	return in
}

func drawLanguages(rnd *rand.Rand) []string {
	switch r := rnd.IntN(100); {
	case r < 8:
		return []string{"fr"}
	case r < 13:
		return []string{"en"}
	case r < 15:
		return []string{"fr", "en", "es"}
	}
	return []string{"fr", "en"}
}

func drawPerson(rnd *rand.Rand, id string) teaming.Person {
	p := teaming.Person{ID: id, Role: "student", Skills: make([]int, len(skills)), Strength: 3 + rnd.IntN(9)}
	switch r := rnd.IntN(10); {
	case r == 9:
		p.Role = "other"
	case r > 5:
		p.Role = "professional"
	}
	for range 2 + rnd.IntN(2) {
		p.Skills[min(rnd.IntN(5), rnd.IntN(6))] = 1 + rnd.IntN(4)
	}
	if rnd.IntN(10) < 3 {
		p.Tags = []string{"w"}
	}
	slots := []byte("11111111")
	for range rnd.IntN(3) {
		slots[rnd.IntN(8)] = '0'
	}
	p.Slots = string(slots)
	return p
}

// relations gives a person wishes inside a circle of twelve, and now and then somebody
// to avoid or a challenge excluded.
func relations(rnd *rand.Rand, in *teaming.Instance, i int, id func(int) string) {
	p := &in.People[i]
	circle := i / 12 * 12
	if rnd.IntN(10) < 4 {
		for range 1 + rnd.IntN(2) {
			if j := circle + rnd.IntN(12); j != i && j < len(in.People) {
				p.Wants = append(p.Wants, id(j))
			}
		}
	}
	j := rnd.IntN(len(in.People))
	switch r := rnd.IntN(100); {
	case r < 4 && j != i:
		p.Avoids = []string{id(j)}
	case r < 6 && j != i && (p.Group == "" || in.People[j].Group != p.Group):
		p.Never = []string{id(j)}
	case r < 10:
		p.Excluded = []string{names[rnd.IntN(len(in.Challenges))]}
	}
}

// plant hides teams of four that cost nothing, then shuffles the people.
func plant(rnd *rand.Rand, people int) teaming.Instance {
	in := frame(rnd, people)
	used := make([]int, len(in.Challenges))
	for t := range people / 4 {
		c := rnd.IntN(len(in.Challenges))
		used[c]++
		members := make([]teaming.Person, 4)
		slots := []byte("11111111")
		for range rnd.IntN(4) {
			slots[rnd.IntN(8)] = '0'
		}
		for k := range members {
			members[k] = drawPerson(rnd, "")
			members[k].Role = []string{"student", "professional", "student", "other"}[k]
			members[k].Languages = []string{"fr", "en"}
			members[k].Tags = nil
			members[k].Slots = string(slots)
			members[k].Strength = 7 + k%2*2 - 1
			prefs := favourites(rnd, len(in.Challenges))
			members[k].Prefs = append([]string{names[c]}, prefs[:2]...)
		}
		for k, level := range in.Challenges[c].Need {
			members[(k+t)%4].Skills[k] = max(level, members[(k+t)%4].Skills[k])
		}
		in.People = append(in.People, members...)
	}
	for c := range used {
		in.Challenges[c].MinTeams = max(0, used[c]-1)
		in.Challenges[c].MaxTeams = used[c] + 1
	}
	order := rnd.Perm(len(in.People))
	shuffled := make([]teaming.Person, len(order))
	for i, j := range order {
		in.People[i].ID = fmt.Sprintf("p%05d", j+1)
		if i%4 == 0 && rnd.IntN(2) == 0 {
			in.People[i].Wants = []string{fmt.Sprintf("p%05d", order[i+1]+1)}
		}
		shuffled[j] = in.People[i]
	}
	in.People = shuffled
	return in
}

// multi relabels one site of 60 people for every site.
func multi(rnd *rand.Rand, sites int) teaming.Instance {
	in := real(rnd, 60)
	base := in.People
	in.People = nil
	label := func(list []string, k int) []string {
		var out []string
		for _, s := range list {
			out = append(out, fmt.Sprintf("%s-%d", s, k))
		}
		return out
	}
	for k := range sites {
		for _, p := range base {
			p.ID = fmt.Sprintf("%s-%d", p.ID, k)
			if p.Group != "" {
				p.Group = fmt.Sprintf("%s-%d", p.Group, k)
			}
			p.Wants, p.Avoids, p.Never = label(p.Wants, k), label(p.Avoids, k), label(p.Never, k)
			p.Languages = label(p.Languages, k)
			in.People = append(in.People, p)
		}
	}
	rnd.Shuffle(len(in.People), func(a, b int) { in.People[a], in.People[b] = in.People[b], in.People[a] })
	for c := range in.Challenges {
		in.Challenges[c].MinTeams *= sites
		in.Challenges[c].MaxTeams *= sites
	}
	return in
}

// rerun groups the people of a real instance into previous teams as they stand in the
// list, takes 6 % away, adds 5 % and closes a tenth of the teams that stayed whole.
func rerun(rnd *rand.Rand, people int) teaming.Instance {
	in := real(rnd, people+people/20)
	late := in.People[people:]
	var stayed []teaming.Person
	var team teaming.Previous
	size, lastGroup, whole := 0, "", true
	flush := func() {
		if size < in.Size.Min || size > in.Size.Max {
			team = teaming.Previous{}
		} else {
			team.Team = fmt.Sprintf("T%d", len(in.Previous)+1)
			in.Previous = append(in.Previous, team)
			if whole && rnd.IntN(10) == 0 && teamIsValid(in, team) {
				in.Locks = append(in.Locks, teaming.Lock{Team: team.Team, People: team.People, Closed: true})
			}
		}
		team, size, whole = teaming.Previous{}, 0, true
	}
	for _, p := range in.People[:people] {
		if size >= in.Size.Target && (p.Group == "" || p.Group != lastGroup) || size >= in.Size.Max {
			flush()
		}
		lastGroup = p.Group
		team.People = append(team.People, p.ID)
		size++
		if rnd.IntN(100) < 6 {
			whole = false
			continue
		}
		stayed = append(stayed, p)
	}
	flush()
	in.People = append(stayed, late...)
	return in
}

// teamIsValid says whether previous people can be locked together at all: whole
// groups, one language, nobody refused and one challenge for all.
func teamIsValid(in teaming.Instance, t teaming.Previous) bool {
	for _, c := range in.Challenges {
		sol := teaming.Solution{Teams: []teaming.Team{{ID: t.Team, Challenge: c.ID, People: t.People}}}
		broken := false
		for _, v := range teaming.Check(in, sol) {
			broken = broken || v.Team == t.Team
		}
		groups := map[string]int{}
		for _, p := range in.People {
			if p.Group != "" {
				groups[p.Group]++
			}
		}
		for _, p := range in.People {
			for _, id := range t.People {
				if p.ID == id && p.Group != "" {
					groups[p.Group]--
				}
			}
		}
		for _, p := range in.People {
			for _, id := range t.People {
				broken = broken || p.ID == id && p.Group != "" && groups[p.Group] > 0
			}
		}
		if !broken {
			return true
		}
	}
	return false
}
