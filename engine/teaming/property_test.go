package teaming

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// drawInstance draws small instances that use every part of the format. Most are
// feasible, some are not.
func drawInstance(t *rapid.T, most int) Instance {
	n := rapid.IntRange(6, most).Draw(t, "people")
	in := Instance{Format: Format, Name: "drawn", Size: Size{Min: 2, Max: 4, Target: 3},
		Skills: []string{"dev", "design"}, Mix: []string{"student"}, Isolate: []string{"w"},
		CommonLanguage: rapid.Bool().Draw(t, "language"), StrengthMean: 5, StrengthTolerance: 2, SlotsNeeded: 2,
		Weights: Weights{Size: rapid.Int64Range(0, 6).Draw(t, "size"), Skill: 3, Mix: 4, Wish: 6, Avoid: 8, Isolation: 4, Balance: 1, Slots: 2,
			Move: 3, Fair: 1, FairOver: 12, Pref: []int64{0, 2}, Unranked: 5},
		Challenges: []Challenge{{ID: "a", Need: []int{3, 1}, MaxTeams: n}, {ID: "b", Need: []int{1, 3}, MinTeams: 1, MaxTeams: n/3 + 1}}}
	id := func(i int) string { return fmt.Sprintf("p%02d", i) }
	busy := ""
	if rapid.Bool().Draw(t, "many slots") { // traits then fill three words
		busy = strings.Repeat("0", maxSlots-4)
	}
	for i := range n {
		p := Person{ID: id(i), Role: rapid.SampledFrom([]string{"student", "pro"}).Draw(t, "role"),
			Skills:    []int{rapid.IntRange(0, 4).Draw(t, "dev"), rapid.IntRange(0, 4).Draw(t, "design")},
			Strength:  rapid.IntRange(2, 8).Draw(t, "strength"),
			Languages: rapid.SampledFrom([][]string{{"fr"}, {"fr", "en"}, {"en", "fr"}, {"en"}}).Draw(t, "languages"),
			Prefs:     rapid.SampledFrom([][]string{nil, {"a"}, {"b", "a"}}).Draw(t, "prefs"),
			Tags:      rapid.SampledFrom([][]string{nil, {"w"}}).Draw(t, "tags"),
			Slots:     busy + rapid.SampledFrom([]string{"1111", "1100", "0111"}).Draw(t, "slots")}
		other := id(rapid.IntRange(0, n-1).Draw(t, "other"))
		switch rapid.IntRange(0, 9).Draw(t, "relation") {
		case 0, 1, 2:
			p.Wants = []string{other}
		case 3:
			p.Avoids = []string{other}
		case 4:
			p.Never = []string{other}
		case 5, 6, 7: // units of several sizes
			p.Group = rapid.SampledFrom([]string{"g", "h", "i"}).Draw(t, "group")
		case 8:
			p.Excluded = []string{"b"}
		}
		in.People = append(in.People, p)
	}
	if rapid.Bool().Draw(t, "rerun") {
		in.Previous = []Previous{{"T1", []string{id(0), id(3)}}, {"T2", []string{id(1), id(4), "gone"}}}
	}
	if rapid.Bool().Draw(t, "lock") {
		in.Locks = []Lock{{Team: "T1", People: []string{id(0), id(2)}, Challenge: "a", Closed: rapid.Bool().Draw(t, "closed")}}
	}
	return in
}

// form runs Form and requires a valid answer or an explained refusal.
func form(t *rapid.T, in Instance, budget float64) (Result, bool) {
	r, err := Form(context.Background(), in, Options{Budget: budget})
	if err != nil {
		no, ok := err.(*Infeasible)
		if !ok || len(no.Clashes) == 0 {
			t.Fatalf("refused without a reason: %v", err)
		}
		return Result{}, false
	}
	return r, true
}

func TestEveryAnswerIsValidAndPricedByTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t, 24)
		r, ok := form(t, in, 0.05)
		if !ok {
			return
		}
		if broken := Check(in, r.Solution); len(broken) > 0 {
			t.Fatalf("broken constraints: %v", broken)
		}
		if cost, _ := Cost(in, r.Solution); cost != r.Cost || cost != r.Solution.ClaimedCost || r.Bound > cost {
			t.Fatalf("cost %d, claimed %d, in the solution %d, bound %d", cost, r.Cost, r.Solution.ClaimedCost, r.Bound)
		}
	})
}

func TestTheCostKeptBySearchIsTheCostRecomputed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := canonical(drawInstance(t, 20))
		if len(findClashes(&in)) > 0 {
			return
		}
		m, err := buildModel(&in)
		if err != nil {
			t.Fatal(err)
		}
		rnd := random(rapid.Uint64().Draw(t, "seed"))
		s := &solver{m: m, part: m.wholePart(), rnd: &rnd, table: deviates(), at: make([]int32, len(m.units))}
		a := s.annealer()
		a.open()
		a.scatter(4)
		a.temp = 5
		for range 300 {
			a.step()
		}
		sol := m.solution(a.snapshot().teams)
		violations := Check(in, sol)
		excluded := slices.ContainsFunc(violations, func(v Violation) bool { return v.Rule == "H6" })
		if want, _ := Cost(in, sol); a.cost != want && !excluded { // an excluded challenge has no price
			t.Fatalf("kept %d, recomputed %d", a.cost, want)
		}
		if valid := len(violations) == 0; valid != (a.broken == 0) {
			t.Fatalf("search counts %d broken constraints, Check says valid: %v", a.broken, valid)
		}
	})
}

func TestProvenOptimaAgreeWithTryingEverything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t, 6)
		in.Challenges[1].MinTeams = 0
		want, possible := bruteForce(in)
		r, ok := form(t, in, 1)
		if ok != possible {
			t.Fatalf("found valid teams: %v, they exist: %v", ok, possible)
		}
		if ok && (!r.Proven || r.Cost != want) {
			t.Fatalf("cost %d (proven %v), optimum %d", r.Cost, r.Proven, want)
		}
	})
}

// bruteForce tries every partition, challenge and useful id.
func bruteForce(in Instance) (best int64, possible bool) {
	ids := []string{"T1", "T2", "x1", "x2", "x3", "x4"}
	var teams []Team
	var place func(i int)
	place = func(i int) {
		if i == len(in.People) {
			if slices.ContainsFunc(teams, func(t Team) bool { return len(t.People) == 1 }) {
				return
			}
			sol := Solution{Teams: slices.DeleteFunc(slices.Clone(teams), func(t Team) bool { return len(t.People) == 0 })}
			if len(Check(in, sol)) == 0 {
				if cost, _ := Cost(in, sol); !possible || cost < best {
					best, possible = cost, true
				}
			}
			return
		}
		newcomer := false
		for k := range teams {
			if len(teams[k].People) == in.Size.Max {
				continue
			}
			if len(teams[k].People) > 0 {
				teams[k].People = append(teams[k].People, in.People[i].ID)
				place(i + 1)
				teams[k].People = teams[k].People[:len(teams[k].People)-1]
				continue
			}
			if newcomer && strings.HasPrefix(teams[k].ID, "x") {
				continue // new ids are alike
			}
			newcomer = newcomer || strings.HasPrefix(teams[k].ID, "x")
			for _, c := range in.Challenges {
				teams[k].Challenge = c.ID
				teams[k].People = append(teams[k].People, in.People[i].ID)
				place(i + 1)
				teams[k].People = teams[k].People[:0]
			}
		}
	}
	for _, id := range ids[:min(len(ids), 2+len(in.People)/2)] {
		teams = append(teams, Team{ID: id})
	}
	place(0)
	return best, possible
}

func TestTheOrderOfTheInputDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t, 20)
		shuffled := in
		shuffled.People = rapid.Permutation(in.People).Draw(t, "order")
		shuffled.Challenges = rapid.Permutation(in.Challenges).Draw(t, "challenges")
		a, okA := form(t, in, 0.05)
		b, okB := form(t, shuffled, 0.05)
		if okA != okB {
			t.Fatalf("feasible %v and %v", okA, okB)
		}
		if diff := cmp.Diff(a.Solution, b.Solution); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestLocksNeverLowerTheOptimum(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInstance(t, 14)
		in.Locks = nil
		free, ok := form(t, in, 2)
		locked := in
		locked.Locks = []Lock{{Team: "L", People: []string{"p00", "p03"}}}
		tight, still := form(t, locked, 2)
		if still && !ok {
			t.Fatal("a lock made the instance feasible")
		}
		// An id of its own can cost a lock's people a move but can never gain any.
		if still && free.Proven && tight.Cost < free.Cost {
			t.Fatalf("locked %d, free %d", tight.Cost, free.Cost)
		}
	})
}
