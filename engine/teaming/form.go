package teaming

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Options tune one run. The zero value means a budget of 10 seconds and seed 0.
type Options struct {
	Seed     uint64
	Budget   float64        // seconds of an ordinary core, turned into a fixed number of steps
	Progress func(Progress) // called on every better answer, from the same goroutine; may be nil
}

// Progress is what is known when a better answer or bound has been found.
type Progress struct {
	Cost, Bound int64
	Broken      int64   // hard constraints the answer still breaks; 0 means valid
	Done        float64 // share of the budget spent
	// Answer is the best teams so far and what each costs; nil while some constraint is
	// broken. It may be called during the callback only.
	Answer func() (Solution, []TeamCost)
}

// Result is an answer and what is known about it. Cost - Bound is the most that any
// other answer could be better by.
type Result struct {
	Solution Solution
	Cost     int64
	Bound    int64
	Proven   bool       // Cost is the optimum
	Stopped  bool       // the context ended before the budget did
	Terms    []TeamCost // one a team, in the solution's order
}

// Gap is the most that the answer can be above the optimum, in percent of its cost.
func (r Result) Gap() float64 {
	if r.Cost == 0 {
		return 0
	}
	return 100 * float64(r.Cost-r.Bound) / float64(r.Cost)
}

// Form looks for the cheapest valid teams within the budget. The same instance, seed
// and budget give the same answer everywhere. A cancelled context ends the search at
// once with the best answer so far; an instance without valid teams is an *Infeasible.
// The order of people and challenges in the instance does not matter: the answer is in
// the order of ids.
func Form(ctx context.Context, in Instance, opt Options) (Result, error) {
	if err := Validate(in); err != nil {
		return Result{}, err
	}
	in = canonical(in)
	if clashes := findClashes(&in); len(clashes) > 0 {
		return Result{}, &Infeasible{Clashes: clashes, Proven: true}
	}
	if opt.Budget <= 0 || math.IsNaN(opt.Budget) {
		opt.Budget = 10
	}
	in.Size.Max = min(in.Size.Max, max(in.Size.Min, len(in.People), 1)) // no team is larger
	m, err := buildModel(&in)
	if err != nil {
		return Result{}, err
	}
	rnd := random(opt.Seed)
	s := &solver{m: m, part: m.wholePart(), rnd: &rnd, table: deviates(), at: make([]int32, len(m.units)), bound: m.floor()}
	total := allowance(opt.Budget, s.atOnce())
	meter := newMeter(ctx, total)
	if opt.Progress != nil {
		s.report = func(p plan, bound int64) {
			known := Progress{Cost: p.cost, Bound: bound, Broken: p.broken, Done: min(1, float64(meter.spent)/float64(total))}
			if p.broken == 0 {
				known.Answer = func() (Solution, []TeamCost) {
					sol := m.solution(p.teams)
					cost, terms := Cost(in, sol)
					sol.ClaimedCost = cost
					return sol, terms
				}
			}
			opt.Progress(known)
		}
	}
	if len(m.units) > 0 || len(m.locks) > 0 {
		s.run(meter)
	} else {
		s.proven = true
	}
	s.rescue(meter)
	if s.best.broken > 0 {
		if ctx.Err() != nil {
			return Result{}, fmt.Errorf("forming teams: interrupted before any valid answer: %w", ctx.Err())
		}
		return Result{}, s.explain(&in)
	}
	return s.result(&in, ctx.Err() != nil), nil
}

// canonical puts people and challenges in the order of their ids, so that the order of
// the input does not matter.
func canonical(in Instance) Instance {
	in.People = slices.Clone(in.People)
	slices.SortFunc(in.People, func(a, b Person) int { return strings.Compare(a.ID, b.ID) })
	in.Challenges = slices.Clone(in.Challenges)
	for c := range in.Challenges {
		ch := &in.Challenges[c]
		ch.MinTeams, ch.MaxTeams = min(ch.MinTeams, Unlimited), min(ch.MaxTeams, Unlimited)
	}
	slices.SortFunc(in.Challenges, func(a, b Challenge) int { return strings.Compare(a.ID, b.ID) })
	return in
}

// result names the teams and prices them again from the definition.
func (s *solver) result(in *Instance, stopped bool) Result {
	sol := s.m.solution(s.best.teams)
	r := Result{Solution: sol, Bound: s.bound, Proven: s.proven, Stopped: stopped && !s.proven}
	r.Cost, r.Terms = Cost(*in, sol)
	r.Solution.ClaimedCost = r.Cost
	return r
}

// solution turns columns into named teams: locks first, then in the order of their
// first person.
func (m *model) solution(teams []column) Solution {
	sol := Solution{Format: SolutionFormat, Name: m.in.Name, Teams: []Team{}}
	taken := map[string]bool{}
	for _, l := range m.in.Locks {
		taken[l.Team] = true
	}
	for _, p := range m.in.Previous {
		taken[p.Team] = true
	}
	type placed struct {
		column
		people []int32
	}
	var list []placed
	for _, c := range teams {
		p := placed{column: c}
		for _, u := range c.units {
			p.people = append(p.people, m.units[u].people...)
		}
		slices.Sort(p.people)
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b placed) int {
		if x, y := m.lockRank(a.ident), m.lockRank(b.ident); x != y {
			return x - y
		}
		return int(a.people[0] - b.people[0])
	})
	next := 1
	for _, p := range list {
		t := Team{}
		if p.ident >= 0 {
			t.ID = m.ident[p.ident]
		} else {
			for taken["T"+strconv.Itoa(next)] {
				next++
			}
			t.ID = "T" + strconv.Itoa(next)
			next++
		}
		if len(m.in.Challenges) > 0 {
			t.Challenge = m.in.Challenges[p.challenge].ID
		}
		for _, i := range p.people {
			t.People = append(t.People, m.in.People[i].ID)
		}
		sol.Teams = append(sol.Teams, t)
	}
	return sol
}

func (m *model) lockRank(ident int32) int {
	if ident >= 0 && int(ident) < len(m.locks) {
		return int(ident)
	}
	return len(m.locks)
}

// Infeasible says that an instance has no valid teams, or that none was found, and
// which constraints clash.
type Infeasible struct {
	Clashes []Clash
	Proven  bool // false: none was found within the budget
}

func (e *Infeasible) Error() string {
	why := make([]string, len(e.Clashes))
	for i, c := range e.Clashes {
		why[i] = c.Text
	}
	if e.Proven {
		return "no valid teams exist: " + strings.Join(why, "; ")
	}
	return "no valid teams were found: " + strings.Join(why, "; ")
}
