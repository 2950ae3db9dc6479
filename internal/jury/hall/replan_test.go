package hall

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"h48/internal/account"
)

// routesOf draws a hall that keeps the rules: no table has two jurors at once, nobody sees
// a team twice.
func routesOf(t *rapid.T) (routes []Route, slots int) {
	slots = rapid.IntRange(1, 6).Draw(t, "slots")
	teams := rapid.IntRange(1, 6).Draw(t, "teams")
	for j := range rapid.IntRange(2, 5).Draw(t, "jurors") {
		r := Route{Juror: account.ID(fmt.Sprint("j", j)), Visits: map[int]string{}, Barred: map[string]bool{}}
		for slot := 1; slot <= slots; slot++ {
			team := fmt.Sprint("t", rapid.IntRange(0, teams+1).Draw(t, "team"))
			routes := append(routes, r)
			if team < fmt.Sprint("t", teams) && fits(routes, len(routes)-1, team, slot) {
				r.Visits[slot] = team
			}
		}
		if team := fmt.Sprint("t", rapid.IntRange(0, teams-1).Draw(t, "barred")); fits(append(routes, r), len(routes), team, 0) {
			r.Barred[team] = true
		}
		routes = append(routes, r)
	}
	return routes, slots
}

// fits says whether the visit breaks no rule.
func fits(routes []Route, who int, team string, slot int) bool {
	for k, r := range routes {
		for s, other := range r.Visits {
			if other == team && (k == who || s == slot) {
				return false
			}
		}
	}
	return !routes[who].Barred[team]
}

func count(routes []Route) (visits map[string]int) {
	visits = map[string]int{}
	for _, r := range routes {
		for _, team := range r.Visits {
			visits[team]++
		}
	}
	return visits
}

func clone(routes []Route) (all []Route) {
	for _, r := range routes {
		c := Route{Juror: r.Juror, Visits: map[int]string{}, Barred: r.Barred}
		for s, team := range r.Visits {
			c.Visits[s] = team
		}
		all = append(all, c)
	}
	return all
}

// TestReplan_movesAsFewAsPossible: the rules hold, the past stays, nobody who stays is
// moved but those it names, no visit is lost that a free hand could make, and nobody is
// moved while free hands would do.
func TestReplan_movesAsFewAsPossible(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, slots := routesOf(t)
		first := rapid.IntRange(1, slots).Draw(t, "first")
		missing := map[account.ID]bool{before[0].Juror: true}
		after := clone(before)
		got := Replan(after, missing, nil, first, slots)
		for k, r := range after {
			for slot, team := range r.Visits {
				delete(r.Visits, slot)
				if !fits(after, k, team, slot) {
					t.Fatalf("%s sees %s in slot %d against the rules", r.Juror, team, slot)
				}
				r.Visits[slot] = team
				if missing[r.Juror] && slot >= first {
					t.Fatalf("the missing juror still sees %s", team)
				}
			}
		}
		changed := 0
		for k, r := range before[1:] {
			for slot, team := range r.Visits {
				if after[k+1].Visits[slot] != team {
					changed++
					if slot < first {
						t.Fatalf("the past was changed")
					}
				}
			}
		}
		if changed != len(got.Moved) {
			t.Fatalf("%d visits were moved, %d are named", changed, len(got.Moved))
		}
		was, is := count(before), count(after)
		for _, team := range got.Lost {
			is[team]++
		}
		if fmt.Sprint(was) != fmt.Sprint(is) {
			t.Fatalf("visits of teams: %v became %v with %v lost", was, is, got.Lost)
		}
		if most := mostFree(before, missing, first, slots); len(got.Given)-len(got.Moved) != most {
			t.Fatalf("%d visits were given without moving anybody, %d can be", len(got.Given)-len(got.Moved), most)
		}
	})
}

// mostFree tries everything: how many of the lost visits free hands can make.
func mostFree(before []Route, missing map[account.ID]bool, first, slots int) int {
	routes := clone(before)
	var lost []string
	for slot := first; slot <= slots; slot++ {
		if team := routes[0].Visits[slot]; team != "" {
			lost = append(lost, team)
			delete(routes[0].Visits, slot)
		}
	}
	var try func(i int) int
	try = func(i int) int {
		if i == len(lost) {
			return 0
		}
		best := try(i + 1)
		for k := 1; k < len(routes); k++ {
			for slot := first; slot <= slots && best < len(lost)-i; slot++ {
				if routes[k].Visits[slot] == "" && fits(routes, k, lost[i], slot) {
					routes[k].Visits[slot] = lost[i]
					best = max(best, 1+try(i+1))
					delete(routes[k].Visits, slot)
				}
			}
		}
		return best
	}
	return try(0)
}

func TestReplan_aTeamThatLeavesMovesNobody(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, slots := routesOf(t)
		after := clone(before)
		got := Replan(after, nil, map[string]bool{"t0": true}, 1, slots)
		if len(got.Given)+len(got.Moved)+len(got.Lost) != 0 || count(after)["t0"] != 0 {
			t.Fatalf("%+v, and %d visits to who left", got, count(after)["t0"])
		}
	})
}
