package paper

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/jury"
	"h48/internal/kit/errs"
)

var grid = Rows{Criteria: []string{"c1", "c2"}, Teams: []Row{{Team: "t1", Asks: []string{"c1", "c2"}}, {Team: "t2", Asks: []string{"c1"}}}}

func TestDoubts(t *testing.T) {
	t.Parallel()
	said := map[string]jury.Sheet{"t1": {"c1": {Kind: jury.Scored, Value: 3}}, "t2": {"c1": {Kind: jury.NotObserved}}}
	of := func(team string) jury.Sheet { return said[team] }
	none := func(string) jury.Sheet { return nil }
	for _, c := range []struct {
		what          string
		first, second Cells
		said          func(string) jury.Sheet
		want          []string // team criterion first second phone
	}{
		{"both agree", Cells{"t1": {"c1": "4"}}, Cells{"t1": {"c1": "4"}}, none, nil},
		{"another figure", Cells{"t1": {"c1": "4", "c2": "2"}}, Cells{"t1": {"c1": "1", "c2": "2"}}, none, []string{"t1 c1 4 1 "}},
		{"one saw nothing there", Cells{"t2": {"c1": "4"}}, Cells{}, none, []string{"t2 c1 4  "}},
		{"a dash is no blank", Cells{"t2": {"c1": Unseen}}, Cells{}, none, []string{"t2 c1 not_observed  "}},
		{"the phone says the same", Cells{"t1": {"c1": "3"}, "t2": {"c1": Unseen}}, Cells{"t1": {"c1": "3"}, "t2": {"c1": Unseen}}, of, nil},
		{"the phone says otherwise", Cells{"t1": {"c1": "5"}}, Cells{"t1": {"c1": "5"}}, of, []string{"t1 c1 5 5 3"}},
		{"the paper says nothing", Cells{}, Cells{}, of, nil},
		{"one of them reads what the phone says", Cells{"t1": {"c1": "3"}}, Cells{"t1": {"c1": "5"}}, of, []string{"t1 c1 3 5 3"}},
		{"one reading alone", Cells{"t1": {"c1": "5", "c2": "1"}}, nil, of, []string{"t1 c1 5 5 3"}},
		{"what was not asked is not compared", Cells{"t2": {"c2": "5"}}, Cells{}, none, nil},
	} {
		var got []string
		for _, d := range doubts(grid, c.first, c.second, c.said) {
			phone := ""
			if d.Phone != nil {
				phone = spell(*d.Phone)
			}
			got = append(got, d.Team+" "+d.Criterion+" "+d.First+" "+d.Second+" "+phone)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
	}
}

// Whatever two people type, every cell ends as one of: what both say, a decision, blank.
func TestSettle_leavesNoCellUndecided(t *testing.T) {
	t.Parallel()
	criteria := []jury.Criterion{{ID: "c1", Min: 1, Max: 5}, {ID: "c2", Min: 1, Max: 5}}
	value := rapid.SampledFrom([]string{"", "1", "3", "5", Unseen})
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) Cells {
			cells := Cells{}
			for _, row := range grid.Teams {
				for _, c := range row.Asks {
					cells.set(row.Team, c, value.Draw(t, name+row.Team+c))
				}
			}
			return cells
		}
		first, second := draw("first"), draw("second")
		all := doubts(grid, first, second, func(string) jury.Sheet { return nil })
		which := rapid.SampledFrom([]string{First, Second, Other, ""}).Draw(t, "which")
		final, err := settle(grid, criteria, first, all, func(string, string) Choice { return Choice{Which: which, Other: "2"} })
		if which == "" && len(all) > 0 {
			if !errs.Is(err, errs.Invalid) {
				t.Fatalf("undecided: %v", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range grid.Teams {
			for _, c := range row.Asks {
				a, b, got := first[row.Team][c], second[row.Team][c], final[row.Team][c]
				want := map[string]string{First: a, Second: b, Other: "2"}[which]
				if a == b {
					want = a
				}
				if got != want {
					t.Fatalf("%s %s: %q, %q became %q by %s", row.Team, c, a, b, got, which)
				}
			}
		}
	})
}

func TestReadCell(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{" 4 ": "4", "04": "4", "-": Unseen, "–": Unseen, ".": Unseen, "": "", "0": "?", "6": "?", "4,5": "?", "oui": "?"} {
		got, ok := readCell(typed, jury.Criterion{Min: 1, Max: 5})
		if !ok {
			got = "?"
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestClock_isTheLastSuchMoment(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2018, 5, 21, 0, 20, 0, 0, paris)
	for typed, want := range map[string]string{"00:10": "21 00:10", "0h05": "21 00:05", "23 h 50": "20 23:50", "00:25": "21 00:25", // a watch that is fast
		"01:25": "20 01:25", "14h": "20 14:00", "": "-", "midi": "?", "25:00": "?"} {
		got := "?"
		if at, ok := clock(typed, now, paris); ok && at.IsZero() {
			got = "-"
		} else if ok {
			got = at.In(paris).Format("02 15:04")
		}
		if got != want {
			t.Errorf("%q is %s, want %s", typed, got, want)
		}
	}
}

// Two people read the same hour, however late the second of them typed it.
func TestOtherTime(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, 5, 21, 12, 32, 0, 0, time.UTC)
	for _, c := range []struct {
		a, b time.Time
		want bool
	}{{at, at, false}, {at, at.AddDate(0, 0, -1), false}, {at, at.Add(time.Minute), true}, {at, time.Time{}, false}} {
		if got := otherTime(c.a, c.b); got != c.want {
			t.Errorf("%v and %v differ: %v", c.a, c.b, got)
		}
	}
}

func TestSpoken(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"k7p 2qx", " K7P-2QX ", "https://h48.test/e/amiens-2018/jury/paper/K7P2QX"} {
		if got := spoken(typed); got != "K7P2QX" {
			t.Errorf("%q is %q", typed, got)
		}
	}
}

// The order of the plan comes first; of hundreds of teams only the planned are printed.
func TestRowsOf_followThePlan(t *testing.T) {
	t.Parallel()
	var dues []jury.Due
	for _, id := range []string{"a", "b", "c", "d"} {
		dues = append(dues, jury.Due{Team: jury.TeamRef{ID: id}})
	}
	names := func(r Rows) (all string) {
		for _, row := range r.Teams {
			all += row.Team
		}
		return all
	}
	if got := names(rowsOf(nil, dues, []string{"c", "a"})); got != "cabd" {
		t.Errorf("got %s", got)
	}
	for range mostBeside {
		dues = append(dues, jury.Due{Team: jury.TeamRef{ID: "x"}})
	}
	if got := names(rowsOf(nil, dues, []string{"c", "a"})); got != "ca" {
		t.Errorf("of many: %s", got)
	}
}
