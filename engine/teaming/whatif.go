package teaming

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Change is what moving somebody by hand would do: the teams it touches before and
// after, and the hard constraints that it would break and mend.
type Change struct {
	// Cost is how much dearer the teams become; below 0 they become better.
	Cost           int64
	Before, After  []TeamCost // of the teams touched; one that ends or begins stands on one side only
	Broken, Mended []Violation
}

// Move prices putting one person into the team to, and returns the teams as they would
// be. A team that nobody is left in ends. A name that no team has begins a team, with
// the challenge that costs it least; "" takes the person out of every team.
func Move(in Instance, sol Solution, person, to string) (Solution, Change, error) {
	known := slices.ContainsFunc(in.People, func(p Person) bool { return p.ID == person })
	if !known {
		return sol, Change{}, fmt.Errorf("nobody is called %q", person)
	}
	book := newBook(&in)
	after, change := book.move(sol, person, to)
	before := Check(in, sol)
	broken := Check(in, after)
	change.Broken, change.Mended = without(broken, before), without(before, broken)
	return after, change, nil
}

// Offer is a team that somebody could be moved to, and what that would cost.
type Offer struct {
	Team string
	Cost int64
}

// Offers prices every other team for one person, the cheapest first. It looks at costs
// alone: see Move for the constraints that the chosen one would break.
func Offers(in Instance, sol Solution, person string) []Offer {
	book := newBook(&in)
	var all []Offer
	for _, t := range sol.Teams {
		if !slices.Contains(t.People, person) {
			_, change := book.move(sol, person, t.ID)
			all = append(all, Offer{t.ID, change.Cost})
		}
	}
	slices.SortStableFunc(all, func(a, b Offer) int { return cmp.Compare(a.Cost, b.Cost) })
	return all
}

// move makes the change and prices the teams that it touches.
func (b *book) move(sol Solution, person, to string) (Solution, Change) {
	out := sol
	out.Teams = slices.Clone(sol.Teams)
	var change Change
	touch := func(i int, people []string) {
		before := b.team(out.Teams[i])
		change.Before = append(change.Before, before)
		change.Cost -= before.Total
		out.Teams[i].People = people
		if len(people) > 0 {
			after := b.team(out.Teams[i])
			change.After = append(change.After, after)
			change.Cost += after.Total
		}
	}
	for i, t := range out.Teams {
		switch at := slices.Index(t.People, person); {
		case at >= 0 && t.ID == to:
			return sol, Change{}
		case at >= 0:
			touch(i, slices.Delete(slices.Clone(t.People), at, at+1))
		case t.ID == to:
			people := append(slices.Clone(t.People), person)
			slices.Sort(people)
			touch(i, people)
		}
	}
	if to != "" && !slices.ContainsFunc(out.Teams, func(t Team) bool { return t.ID == to }) {
		begun, cost := b.begin(to, person)
		out.Teams = append(out.Teams, begun)
		change.After = append(change.After, cost)
		change.Cost += cost.Total
	}
	out.Teams = slices.DeleteFunc(out.Teams, func(t Team) bool { return len(t.People) == 0 })
	return out, change
}

// begin is a team of one person with the challenge that costs it least.
func (b *book) begin(id, person string) (Team, TeamCost) {
	best := Team{ID: id, People: []string{person}}
	cost := b.team(best)
	for i, c := range b.in.Challenges {
		t := Team{ID: id, Challenge: c.ID, People: best.People}
		if k := b.team(t); i == 0 || k.Total < cost.Total {
			best, cost = t, k
		}
	}
	return best, cost
}

// without are the violations of a that b does not have.
func without(a, b []Violation) []Violation {
	var all []Violation
	for _, v := range a {
		same := func(w Violation) bool {
			return v.Rule == w.Rule && v.Team == w.Team && v.Challenge == w.Challenge && strings.Join(v.People, " ") == strings.Join(w.People, " ")
		}
		if !slices.ContainsFunc(b, same) {
			all = append(all, v)
		}
	}
	return all
}
