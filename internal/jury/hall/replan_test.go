package hall

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"h48/internal/account"
)

// routesOf draws a hall that keeps the rules: no table has two jurors at once, nobody sees
// a team twice.
func routesOf(t *rapid.T, most, jurors int) (routes []Route, slots int) {
	slots = rapid.IntRange(1, most).Draw(t, "slots")
	teams := rapid.IntRange(1, most+1).Draw(t, "teams")
	for j := range rapid.IntRange(2, jurors).Draw(t, "jurors") {
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

// fullRoutes draws a small hall with hardly a free hand.
func fullRoutes(t *rapid.T) (routes []Route, slots int) {
	slots = rapid.IntRange(2, 4).Draw(t, "slots")
	teams := slots + rapid.IntRange(0, 1).Draw(t, "more")
	for j := range rapid.IntRange(3, 4).Draw(t, "jurors") {
		r := Route{Juror: account.ID(fmt.Sprint("j", j)), Visits: map[int]string{}, Barred: map[string]bool{}}
		routes = append(routes, r)
		if j > 0 && rapid.Bool().Draw(t, "bars") {
			r.Barred[fmt.Sprint("t", rapid.IntRange(0, teams-1).Draw(t, "barred"))] = true
		}
		for slot := 1; slot <= slots; slot++ {
			if rapid.IntRange(0, 5).Draw(t, "free") == 0 {
				continue
			}
			from := rapid.IntRange(0, teams-1).Draw(t, "from")
			for k := range teams {
				if team := fmt.Sprint("t", (from+k)%teams); fits(routes, j, team, slot) {
					r.Visits[slot] = team
					break
				}
			}
		}
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

// keeps checks what holds of every change of plan: the rules, the past, and that it names
// what it changed.
func keeps(t *rapid.T, before, after []Route, got Replanned, first int) {
	for k, r := range after {
		for slot, team := range r.Visits {
			delete(r.Visits, slot)
			if !fits(after, k, team, slot) {
				t.Fatalf("%s sees %s in slot %d against the rules", r.Juror, team, slot)
			}
			r.Visits[slot] = team
			if k == 0 {
				t.Fatalf("the missing juror still sees %s", team)
			}
		}
	}
	changed := 0
	for k, r := range before[1:] {
		for slot, team := range r.Visits {
			if after[k+1].Visits[slot] != team {
				if changed++; slot < first {
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
}

// In a hall of any size the rules hold, the past stays, nobody who stays is moved but those
// it names, and nobody is moved while free hands would do.
func TestReplan_keepsTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, slots := routesOf(t, 6, 5)
		first := rapid.IntRange(1, slots).Draw(t, "first")
		missing := map[account.ID]bool{before[0].Juror: true}
		after := clone(before)
		got := Replan(after, missing, nil, first, slots)
		keeps(t, before, after, got, first)
		if most := mostFree(before, first, slots); len(got.Moved) > 0 && most == len(got.Given) || len(got.Given) < most {
			t.Fatalf("free hands can make %d visits, %d were given and %d moved", most, len(got.Given), len(got.Moved))
		}
	})
}

// TestReplan_isTheBestThereIs tries every way in small halls: none loses fewer visits, and
// none that loses as few moves fewer.
func TestReplan_isTheBestThereIs(t *testing.T) {
	t.Parallel()
	several, example := 0, ""
	rapid.Check(t, func(t *rapid.T) {
		before, slots := fullRoutes(t)
		after := clone(before)
		got := Replan(after, map[account.ID]bool{before[0].Juror: true}, nil, 1, slots)
		keeps(t, before, after, got, 1)
		lost, moved := everyWay(before, slots)
		if len(got.Lost) != lost || len(got.Moved) != moved {
			t.Fatalf("%d lost and %d moved, where %d lost and %d moved would do", len(got.Lost), len(got.Moved), lost, moved)
		}
		if moved > 1 {
			several++
			example = fmt.Sprintf("%+v -> %+v", before, got)
		}
	})
	t.Logf("%d halls needed more than one move, such as %s", several, example)
}

// everyWay puts each visit into every slot, and each of the missing juror's to everybody:
// the fewest visits lost, and for so few the fewest moved.
func everyWay(before []Route, slots int) (lost, moved int) {
	routes := clone(before)
	var all []visit
	for k, r := range before {
		for slot := 1; slot <= slots; slot++ {
			if team := r.Visits[slot]; team != "" {
				all = append(all, visit{team: team, route: k, from: slot})
			}
		}
		routes[k].Visits = map[int]string{}
	}
	lost, moved = len(all)+1, 0
	var try func(i, l, m int)
	try = func(i, l, m int) {
		if l > lost || l == lost && m >= moved || m > mostMoved {
			return
		}
		if i == len(all) {
			lost, moved = l, m
			return
		}
		v := all[i]
		who := []int{v.route}
		if v.route == 0 {
			who = []int{}
			for k := 1; k < len(routes); k++ {
				if !seesIn(before[k], v.team) {
					who = append(who, k)
				}
			}
		}
		for _, k := range who {
			for slot := 1; slot <= slots; slot++ {
				if routes[k].Visits[slot] != "" || !fits(routes, k, v.team, slot) {
					continue
				}
				cost := 0
				if v.route != 0 && slot != v.from {
					cost = 1
				}
				routes[k].Visits[slot] = v.team
				try(i+1, l, m+cost)
				delete(routes[k].Visits, slot)
			}
		}
		if v.route == 0 {
			try(i+1, l+1, m)
		}
	}
	try(0, 0, 0)
	return lost, moved
}

func seesIn(r Route, team string) bool {
	for _, other := range r.Visits {
		if other == team {
			return true
		}
	}
	return false
}

func TestReplan_movesWhereItMust(t *testing.T) {
	t.Parallel()
	route := func(who account.ID, barred string, teams ...string) Route {
		r := Route{Juror: who, Visits: map[int]string{}, Barred: map[string]bool{barred: true}}
		for i, team := range teams {
			if team != "" {
				r.Visits[i+1] = team
			}
		}
		return r
	}
	for _, c := range []struct {
		what   string
		slots  int
		routes []Route
		want   string
	}{
		{"free hands at free tables", 2, []Route{route("anne", "", "A", "B"), route("basile", "", "C"), route("chloé", "")},
			"given [{chloé A 0 1} {basile B 0 2}] moved [] lost []"},
		{"one makes room", 2, []Route{route("anne", "", "A", "B"), route("basile", "", "B"), route("chloé", "", "", "A"), route("denis", "A")},
			"given [{basile A 0 1} {chloé B 0 1}] moved [{basile B 1 2}] lost []"},
		{"two make room", 4, []Route{route("anne", "", "B", "E", "", "C"), route("basile", "D", "C", "B"), route("chloé", "", "D", "", "C", "A"), route("denis", "", "", "A", "B", "E")},
			"given [{chloé B 0 1} {basile E 0 3} {denis C 0 4}] moved [{chloé D 1 2} {denis E 4 1}] lost []"},
		{"nobody may", 2, []Route{route("anne", "", "A"), route("basile", "A"), route("chloé", "A")}, "given [] moved [] lost [A]"},
	} {
		got := Replan(c.routes, map[account.ID]bool{"anne": true}, nil, 1, c.slots)
		if said := fmt.Sprintf("given %v moved %v lost %v", got.Given, got.Moved, got.Lost); said != c.want {
			t.Errorf("%s: %s, want %s", c.what, said, c.want)
		}
	}
}

// A hall of forty with hardly a free hand is replanned while somebody waits.
func TestReplan_aLargeHallEnds(t *testing.T) {
	t.Parallel()
	const jurors, slots, teams = 40, 12, 40
	var routes []Route
	for j := range jurors {
		r := Route{Juror: account.ID(fmt.Sprint("j", j)), Visits: map[int]string{}, Barred: map[string]bool{}}
		for slot := 1; slot <= slots; slot++ {
			if (j+slot)%9 > 0 {
				r.Visits[slot] = fmt.Sprint("t", (j+slot)%teams)
			}
			r.Barred[fmt.Sprint("t", (j+slot+15)%teams)] = slot > 3
		}
		routes = append(routes, r)
	}
	before := clone(routes)
	got := Replan(routes, map[account.ID]bool{"j0": true}, nil, 1, slots)
	if len(got.Given)+len(got.Lost) != len(before[0].Visits) || len(got.Lost) > 0 {
		t.Errorf("of %d visits %d were given and %d lost", len(before[0].Visits), len(got.Given), len(got.Lost))
	}
}

// mostFree tries everything: how many of the lost visits free hands can make.
func mostFree(before []Route, first, slots int) int {
	routes := clone(before)
	var lost []string
	for slot := 1; slot <= slots; slot++ {
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
		before, slots := routesOf(t, 6, 5)
		after := clone(before)
		got := Replan(after, nil, map[string]bool{"t0": true}, 1, slots)
		if len(got.Given)+len(got.Moved)+len(got.Lost) != 0 || count(after)["t0"] != 0 {
			t.Fatalf("%+v, and %d visits to who left", got, count(after)["t0"])
		}
	})
}
