package team

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
)

func nothing(int, int) {}

func crowd(n int) []Person {
	people := make([]Person, n)
	for i := range people {
		people[i] = Person{ID: account.ID(fmt.Sprintf("p%02d", i)), Profile: []string{"student", "professional"}[i%2]}
	}
	return people
}

func sizes(groups [][]account.ID) []int {
	var all []int
	for _, g := range groups {
		all = append(all, len(g))
	}
	return all
}

func TestDealer_sizes(t *testing.T) {
	t.Parallel()
	three := []Member{{ID: "x"}, {ID: "y"}, {ID: "z"}}
	for _, c := range []struct {
		name   string
		people int
		locked []Team
		want   []int
	}{
		{"the edition in Amiens", 24, nil, []int{4, 4, 4, 4, 4, 4}},
		{"fourteen come", 14, nil, []int{4, 4, 3, 3}},
		{"a class of five", 5, nil, []int{5}},
		{"nobody is left", 0, nil, nil},
		{"one is left and a team has room", 1, []Team{{State: Forming, Members: three}}, []int{4}},
		{"a complete team takes nobody", 4, []Team{{State: Complete, Members: three}}, []int{3, 4}},
		{"a small team is filled first", 5, []Team{{State: Forming, Members: three[:1]}}, []int{3, 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := Dealer{}.Form(t.Context(), crowd(c.people), Limits{3, 5}, c.locked, nothing)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, sizes(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDealer_saysWhenItCannotBeDone(t *testing.T) {
	t.Parallel()
	if _, err := (Dealer{}).Form(t.Context(), crowd(2), Limits{3, 5}, nil, nothing); err == nil {
		t.Error("two people made a team of three")
	}
}

func TestDealer_keepsWishesTogetherAndMixesProfiles(t *testing.T) {
	t.Parallel()
	people := crowd(8)
	people[0].Wishes, people[7].Wishes = []account.ID{"p07"}, []account.ID{"p00"}
	people[1].Group, people[6].Group = "colocataires", "colocataires"
	people[2].Wishes = []account.ID{"p03"} // not mutual: no promise
	got, err := Dealer{}.Form(t.Context(), people, Limits{4, 4}, nil, nothing)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range [][2]account.ID{{"p00", "p07"}, {"p01", "p06"}} {
		if !slices.ContainsFunc(got, func(g []account.ID) bool { return slices.Contains(g, pair[0]) && slices.Contains(g, pair[1]) }) {
			t.Errorf("%v are apart in %v", pair, got)
		}
	}
	for _, g := range got {
		students := 0
		for _, id := range g {
			for _, p := range people {
				if p.ID == id && p.Profile == "student" {
					students++
				}
			}
		}
		if students != 2 {
			t.Errorf("%d students of 4 in %v", students, g)
		}
	}
}

// Whatever comes in, the answer is a plan: everybody once, locked teams whole, sizes
// within the limits; and the same for any order of the people.
func TestDealer_alwaysAnswersAPlan(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		least := rapid.IntRange(1, 5).Draw(t, "min")
		limits := Limits{least, least + rapid.IntRange(0, 3).Draw(t, "spread")}
		people := crowd(rapid.IntRange(0, 40).Draw(t, "people"))
		for i := range people {
			if wish := rapid.IntRange(-1, len(people)-1).Draw(t, "wish"); wish >= 0 {
				people[i].Wishes = []account.ID{people[wish].ID}
				people[wish].Wishes = append(people[wish].Wishes, people[i].ID)
			}
			people[i].Group = rapid.SampledFrom([]string{"", "", "", "a", "b"}).Draw(t, "group")
		}
		var locked []Team
		for i := range rapid.IntRange(0, 3).Draw(t, "locked") {
			one := Team{State: rapid.SampledFrom([]State{Forming, Complete}).Draw(t, "state")}
			for j := range rapid.IntRange(1, limits.Max).Draw(t, "members") {
				one.Members = append(one.Members, Member{ID: account.ID(fmt.Sprintf("l%d-%d", i, j))})
			}
			locked = append(locked, one)
		}
		groups, err := Dealer{}.Form(t.Context(), people, limits, locked, nothing)
		if err != nil {
			return
		}
		if !checkPlan(people, limits, locked, groups) {
			t.Fatalf("no plan for %d people, %+v, %+v: %v", len(people), limits, locked, groups)
		}
		slices.Reverse(people)
		again, err := Dealer{}.Form(t.Context(), people, limits, locked, nothing)
		if err != nil || !cmp.Equal(groups, again) {
			t.Fatalf("another order, another answer: %v, %v, %v", groups, again, err)
		}
	})
}

func TestCheckPlan_findsWhatIsWrong(t *testing.T) {
	t.Parallel()
	people, limits := crowd(6), Limits{2, 3}
	locked := []Team{{State: Forming, Members: []Member{{ID: "x"}, {ID: "y"}}}}
	good := [][]account.ID{{"x", "y"}, {"p00", "p01", "p02"}, {"p03", "p04", "p05"}}
	if !checkPlan(people, limits, locked, good) {
		t.Error("a good plan is refused")
	}
	for name, bad := range map[string][][]account.ID{
		"somebody is missing":    {{"x", "y"}, {"p00", "p01", "p02"}, {"p03", "p04"}},
		"somebody is twice":      {{"x", "y"}, {"p00", "p01", "p02"}, {"p00", "p04", "p05"}},
		"a locked team is split": {{"x", "p00"}, {"y", "p01", "p02"}, {"p03", "p04", "p05"}},
		"a team is too large":    {{"x", "y", "p00", "p01"}, {"p02", "p03"}, {"p04", "p05"}},
		"a stranger":             {{"x", "y"}, {"p00", "p01", "p02"}, {"p03", "p04", "q"}},
		"a team is lost":         {},
	} {
		if checkPlan(people, limits, locked, bad) {
			t.Errorf("%s, and it passes", name)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add(" k7q-2mz ")
	f.Add("é\u00a0")
	f.Fuzz(func(t *testing.T, typed string) {
		once := ParseCode(typed)
		if ParseCode(once) != once {
			t.Errorf("%q folds to %q and then to %q", typed, once, ParseCode(once))
		}
	})
}
