package meeting

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/mentoring"
)

var noon = time.Date(2018, 5, 20, 12, 0, 0, 0, time.UTC)

func mentor(name string, themes ...mentoring.ThemeID) mentoring.Mentor {
	m := mentoring.Mentor{Person: mentoring.Person{ID: account.ID(name), Name: name}}
	for _, t := range themes {
		m.Themes = append(m.Themes, mentoring.Theme{ID: t})
	}
	return m
}

// drawTable invents teams, mentors and what they want.
func drawTable(t *rapid.T) Table {
	table := Table{Round: Round{From: noon, To: noon.Add(2 * time.Hour), Minutes: 20, PerTeam: 2, PerMentor: rapid.IntRange(1, 6).Draw(t, "each")},
		Gone: map[account.ID]bool{}, Wishes: map[string][]mentoring.ThemeID{}}
	all := []mentoring.ThemeID{"web", "rent", "pitch"}
	for i := range rapid.IntRange(0, 5).Draw(t, "mentors") {
		m := mentor(fmt.Sprint("m", i), all[:rapid.IntRange(0, 3).Draw(t, "knows")]...)
		if rapid.Bool().Draw(t, "said when") {
			m.Slots = []mentoring.Slot{{From: noon, To: noon.Add(time.Duration(rapid.IntRange(10, 120).Draw(t, "stays")) * time.Minute)}}
		}
		table.Mentors = append(table.Mentors, m)
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "teams") {
		id := fmt.Sprint("t", i)
		table.Teams = append(table.Teams, mentoring.TeamRef{ID: id, Name: id})
		table.Wishes[id] = rapid.Permutation(all).Draw(t, "wishes")[:rapid.IntRange(0, 3).Draw(t, "how many")]
	}
	return table
}

// check says what is wrong with dates: nobody is in two places, everybody who meets is
// there, and a mentor knows what it is about.
func check(t *rapid.T, table Table, dates []Date) {
	t.Helper()
	load := map[account.ID]int{}
	for i, d := range dates {
		j := slices.IndexFunc(table.Mentors, func(m mentoring.Mentor) bool { return m.ID == d.Mentor })
		m := table.Mentors[j]
		load[m.ID]++
		if d.Theme != "" && !m.Knows(d.Theme) || !there(m, d.At, 20*time.Minute) {
			t.Errorf("%+v with %+v", d, m)
		}
		for _, o := range dates[:i] {
			if o.At.Equal(d.At) && (o.Team == d.Team || o.Mentor == d.Mentor) {
				t.Errorf("%+v and %+v at once", o, d)
			}
		}
	}
	for who, n := range load {
		if n > table.Round.PerMentor {
			t.Errorf("%s has %d meetings", who, n)
		}
	}
}

// Whatever people want, the plan keeps the rules; when a mentor leaves, nobody else's
// meeting moves; and each wish without a meeting has its reason.
func TestMake_keepsTheRulesAndEverybodyElse(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		table := drawTable(t)
		first, err := table.Make(t.Context(), noon.Add(-time.Hour), false, func(float64) {})
		if err != nil {
			t.Fatal(err)
		}
		check(t, table, first)
		for i := range first {
			first[i].ID, first[i].Planned = fmt.Sprint(i), true
		}
		table.Dates = first
		if n := len(table.wanted()) - len(first); len(table.Missing()) != n {
			t.Errorf("%d wishes are missing, of %d", len(table.Missing()), n)
		}
		if len(table.Mentors) == 0 {
			return
		}
		gone := table.Mentors[0].ID
		table.Gone[gone] = true
		now := noon.Add(30 * time.Minute)
		second, err := table.Make(t.Context(), now, true, func(float64) {})
		if err != nil {
			t.Fatal(err)
		}
		check(t, table, second)
		for _, d := range first {
			if stays := slices.Contains(second, d); stays != (d.Mentor != gone || !d.At.After(now)) {
				t.Errorf("%+v stays: %v", d, stays)
			}
		}
		for _, d := range second {
			if !slices.Contains(first, d) && (d.Mentor == gone || !d.At.After(now)) {
				t.Errorf("new: %+v", d)
			}
		}
	})
}

func TestMissing_why(t *testing.T) {
	t.Parallel()
	early := mentor("early", "rent")
	early.Slots = []mentoring.Slot{{From: noon.Add(-2 * time.Hour), To: noon.Add(-time.Hour)}}
	table := Table{Round: Round{From: noon, To: noon.Add(time.Hour), Minutes: 20, PerTeam: 3, PerMentor: 3},
		Mentors: []mentoring.Mentor{mentor("web", "web"), early, mentor("left", "law")}, Gone: map[account.ID]bool{"left": true},
		Teams: []mentoring.TeamRef{{ID: "t1"}, {ID: "t2"}}, Wishes: map[string][]mentoring.ThemeID{"t1": {"web", "rent", "law"}, "t2": {"poetry"}}}
	want := []Missing{{"t1", "web", Full}, {"t1", "rent", Away}, {"t1", "law", Left}, {"t2", "poetry", Unknown}}
	if diff := cmp.Diff(want, table.Missing()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// After the meetings became longer, what is kept still lies on the round, and nobody is in
// two of them.
func TestKeeps_onlyWhatTheRoundStillHas(t *testing.T) {
	t.Parallel()
	table := Table{Round: Round{From: noon, To: noon.Add(2 * time.Hour), Minutes: 30, PerTeam: 1, PerMentor: 6}, Gone: map[account.ID]bool{},
		Mentors: []mentoring.Mentor{mentor("m", "web")}, Teams: []mentoring.TeamRef{{ID: "a"}, {ID: "b"}},
		Wishes: map[string][]mentoring.ThemeID{"a": {"web"}, "b": {"web"}}}
	for minutes, want := range map[int]bool{0: true, 20: false, 30: true, 40: false} {
		d := Date{Team: "a", Mentor: "m", Theme: "web", At: noon.Add(time.Duration(minutes) * time.Minute), Planned: true}
		if got := table.keeps(d, noon.Add(-time.Hour), true); got != want {
			t.Errorf("a meeting %d minutes past noon is kept: %v", minutes, got)
		}
	}
	begun := Date{Team: "a", Mentor: "m", Theme: "web", At: noon.Add(20 * time.Minute), Planned: true} // has begun, so it stays
	in := table.instance(noon.Add(25*time.Minute), []Date{begun})
	if slices.Contains(in.Mentors[0].Free, 1) || !slices.Contains(in.Mentors[0].Free, 2) { // 12:30 and 13:00
		t.Errorf("around a meeting from 12:20 to 12:50 the mentor is free at %v", in.Mentors[0].Free)
	}
}
