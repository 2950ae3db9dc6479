package forming

import (
	"cmp"
	"slices"

	"h48/engine/teaming"
	"h48/internal/account"
)

// Tally counts what a set of teams achieves and lacks; every field can be said in words.
type Tally struct {
	Teams, People     int
	Wishes, WishesMet int
	First, Ranked     int // whose challenge is their first choice, of those who ranked
	NoRole, NoSkill   int // profiles and skills that teams lack
	Alone             int // tags that only one in a team has
	FewHours          int // teams with too few half-days in common
	Uneven            int // teams much stronger or weaker than the others
	OffSize           int // teams not of the wanted size
	Confidential      int // confidential wishes not respected
	Cost              int64
}

// tally counts over the teams of a solution.
func tally(in teaming.Instance, sol teaming.Solution, terms []teaming.TeamCost) Tally {
	t := Tally{Teams: len(sol.Teams)}
	person := make(map[string]*teaming.Person, len(in.People))
	for i := range in.People {
		person[in.People[i].ID] = &in.People[i]
	}
	for i, one := range sol.Teams {
		t.People += len(one.People)
		for _, id := range one.People {
			p := person[id]
			if p == nil {
				continue
			}
			for _, q := range p.Wants {
				if person[q] == nil {
					continue
				}
				t.Wishes++
				if slices.Contains(one.People, q) {
					t.WishesMet++
				}
			}
			if len(p.Prefs) > 0 {
				t.Ranked++
				if p.Prefs[0] == one.Challenge {
					t.First++
				}
			}
		}
		t.add(terms[i])
	}
	return t
}

func (t *Tally) add(c teaming.TeamCost) {
	t.Cost += c.Total
	t.NoRole += len(c.MissingRoles)
	t.NoSkill += len(c.MissingSkills)
	t.Alone += len(c.IsolatedTags)
	t.Confidential += len(c.Avoided)
	for _, one := range []struct {
		cost  int64
		count *int
	}{{c.Slots, &t.FewHours}, {c.Balance, &t.Uneven}, {c.Size, &t.OffSize}} {
		if one.cost > 0 {
			*one.count++
		}
	}
}

// better says in words what t does better than before, the most important first.
func (t Tally) better(before Tally) []Line {
	var lines []Line
	say := func(key string, gain int) {
		if gain > 0 {
			lines = append(lines, counted(key, gain, "good"))
		}
	}
	say("forming.better.confidential", before.Confidential-t.Confidential)
	say("forming.better.wishes", t.WishesMet-before.WishesMet)
	say("forming.better.roles", before.NoRole-t.NoRole)
	say("forming.better.skills", before.NoSkill-t.NoSkill)
	say("forming.better.first", t.First-before.First)
	say("forming.better.alone", before.Alone-t.Alone)
	say("forming.better.hours", before.FewHours-t.FewHours)
	say("forming.better.even", before.Uneven-t.Uneven)
	say("forming.better.size", before.OffSize-t.OffSize)
	return lines
}

// row is one line of a comparison: what is counted, in both, and whether more is better.
type row struct {
	key        string
	a, b       int
	of         int
	moreIsGood bool
}

// rows are what two tallies are compared by, without what is nothing in both.
func rows(a, b Tally) []row {
	all := []row{
		{"forming.tally.wishes", a.WishesMet, b.WishesMet, max(a.Wishes, b.Wishes), true},
		{"forming.tally.first", a.First, b.First, max(a.Ranked, b.Ranked), true},
		{"forming.tally.roles", a.NoRole, b.NoRole, 0, false},
		{"forming.tally.skills", a.NoSkill, b.NoSkill, 0, false},
		{"forming.tally.alone", a.Alone, b.Alone, 0, false},
		{"forming.tally.hours", a.FewHours, b.FewHours, 0, false},
		{"forming.tally.even", a.Uneven, b.Uneven, 0, false},
		{"forming.tally.size", a.OffSize, b.OffSize, 0, false},
		{"forming.tally.confidential", a.Confidential, b.Confidential, 0, false},
		{"forming.tally.teams", a.Teams, b.Teams, 0, false},
	}
	return slices.DeleteFunc(all, func(r row) bool { return r.a == 0 && r.b == 0 && r.of == 0 })
}

// verdict is which side is better: -1 for a, 1 for b, 0 for neither.
func (r row) verdict() int {
	if r.key == "forming.tally.teams" {
		return 0
	}
	if r.moreIsGood {
		return cmp.Compare(r.b, r.a)
	}
	return cmp.Compare(r.a, r.b)
}

// Pair is a group of one proposal and the one of another that it resembles most; a side
// that has no counterpart is "".
type Pair struct {
	A, B         Key
	Same         []account.ID // in both
	OnlyA, OnlyB []account.ID
}

// match finds for each group the one of the other proposal with the most people in
// common; groups of one name come first where they share as many.
func match(a, b Content) []Pair {
	type overlap struct{ i, j, same, named int }
	at := map[account.ID]int{}
	for j, g := range b.Groups {
		for _, p := range g.People {
			at[p] = j
		}
	}
	var all []overlap
	for i, g := range a.Groups {
		same := map[int]int{}
		for _, p := range g.People {
			if j, there := at[p]; there {
				same[j]++
			}
		}
		for j, n := range same {
			o := overlap{i, j, n, 0}
			if b.Groups[j].Key == g.Key {
				o.named = 1
			}
			all = append(all, o)
		}
	}
	slices.SortFunc(all, func(x, y overlap) int {
		return cmp.Or(cmp.Compare(y.same, x.same), cmp.Compare(y.named, x.named), cmp.Compare(x.i, y.i), cmp.Compare(x.j, y.j))
	})
	mate, taken := map[int]int{}, map[int]bool{}
	for _, o := range all {
		if _, done := mate[o.i]; !done && !taken[o.j] {
			mate[o.i], taken[o.j] = o.j, true
		}
	}
	var pairs []Pair
	for i, g := range a.Groups {
		if j, ok := mate[i]; ok {
			pairs = append(pairs, pairOf(g, b.Groups[j]))
		} else if len(g.People) > 0 {
			pairs = append(pairs, Pair{A: g.Key, OnlyA: g.People})
		}
	}
	for j, g := range b.Groups {
		if !taken[j] && len(g.People) > 0 {
			pairs = append(pairs, Pair{B: g.Key, OnlyB: g.People})
		}
	}
	return pairs
}

func pairOf(a, b Group) Pair {
	p := Pair{A: a.Key, B: b.Key, OnlyA: minus(a.People, b.People), OnlyB: minus(b.People, a.People)}
	p.Same = minus(a.People, p.OnlyA)
	return p
}

// same says whether both groups have the same people.
func (p Pair) same() bool { return len(p.OnlyA)+len(p.OnlyB) == 0 }

// moved lists who of those in both proposals would be with others: in the counterpart of
// their group they are not.
func moved(pairs []Pair, b Content) []account.ID {
	var all []account.ID
	for _, p := range pairs {
		for _, who := range p.OnlyA {
			if b.At(who) != "" {
				all = append(all, who)
			}
		}
	}
	slices.Sort(all)
	return all
}
