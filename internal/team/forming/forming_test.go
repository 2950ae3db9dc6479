package forming

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/engine/teaming"
	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/registration"
	"h48/internal/team"
)

// hall is a situation of n people, every third of them a professional, with two teams of
// two that people founded.
func hall(n int) Situation {
	s := Situation{Board: team.Board{Limits: team.Limits{Min: 3, Max: 5}}, Rules: usualRules(), Wishes: map[account.ID]Wishes{},
		Skills: []registration.Skill{{Key: "web"}, {Key: "design"}}}
	for i := range n {
		profile := "student"
		if i%3 == 2 {
			profile = "professional"
		}
		s.People = append(s.People, team.Person{ID: account.ID(fmt.Sprintf("p%02d", i)), Name: fmt.Sprintf("Personne %02d", i), Profile: profile,
			Skills: map[string]int{"web": i % 5, "design": (i / 2) % 5}})
	}
	for k := range 2 {
		t := team.Team{ID: team.ID(fmt.Sprintf("t%d", k)), Name: fmt.Sprintf("Équipe %d", k), State: team.Forming}
		for _, p := range s.People[2*k : 2*k+2] {
			t.Members = append(t.Members, team.Member{ID: p.ID, Name: p.Name})
		}
		s.Teams = append(s.Teams, t)
	}
	return s
}

func solve(t interface {
	Helper()
	Fatal(...any)
}, s *Situation, base Content, mode Mode) Content {
	t.Helper()
	b := s.brief(base, mode)
	r, err := teaming.Form(context.Background(), b.Instance, teaming.Options{Budget: 1})
	if err != nil {
		t.Fatal(err)
	}
	return s.content(b, r.Solution, base)
}

func TestBrief_keepsWhoChoseTheirTeam(t *testing.T) {
	t.Parallel()
	s := newSituation(hall(12), nil, nil)
	for _, mode := range Modes {
		c := solve(t, s, s.current(mode), mode)
		for _, one := range s.Teams {
			for _, m := range one.Members {
				if c.At(m.ID) != Key(one.ID) {
					t.Errorf("%s: %s left the team that they founded", mode, m.ID)
				}
			}
		}
		if faults, _ := s.faults(c, func(k Key) string { return string(k) }); len(faults) > 0 {
			t.Errorf("%s: %d faults", mode, len(faults))
		}
	}
}

// After the teams were published, two people do not come: few others move.
func TestBrief_fewChangesAfterTwoNoShows(t *testing.T) {
	t.Parallel()
	all := hall(24)
	all.Teams = nil
	first := newSituation(all, nil, nil)
	before := solve(t, first, Content{}, Anew)
	for i, g := range before.Groups {
		one := team.Team{ID: team.ID(g.Key), Name: string(g.Key), State: team.Complete}
		for _, p := range g.People {
			one.Members = append(one.Members, team.Member{ID: p, Placed: true})
		}
		if i == 0 {
			one.Members[0].Placed = false
		}
		all.Teams = append(all.Teams, one)
	}
	out := []account.ID{"p05", "p11"}
	s := newSituation(all, nil, out)
	base := s.current(Few)
	after := solve(t, s, base, Few)
	if n := len(moved(match(base, after), after)); n > 4 {
		t.Errorf("%d of 22 people would move", n)
	}
	for _, who := range out {
		if after.At(who) != "" {
			t.Errorf("%s is in a team and did not come", who)
		}
	}
}

func TestBrief_locksHold(t *testing.T) {
	t.Parallel()
	all := hall(24)
	all.Teams = nil
	s := newSituation(all, nil, nil)
	first := solve(t, s, Content{}, Anew)
	first.Groups[1].Locked = true
	first.Locked = []account.ID{first.Groups[2].People[0]}
	for _, mode := range []Mode{Few, Anew} {
		again := solve(t, s, first, mode)
		i := slices.IndexFunc(again.Groups, func(g Group) bool { return g.Key == first.Groups[1].Key })
		if i < 0 || !again.Groups[i].Locked || len(minus(again.Groups[i].People, first.Groups[1].People)) > 0 || len(again.Groups[i].People) != len(first.Groups[1].People) {
			t.Errorf("%s: the locked team changed: %+v", mode, again.Groups)
		}
		if who := first.Locked[0]; again.At(who) != first.At(who) || !slices.Contains(again.Locked, who) {
			t.Errorf("%s: the locked person moved", mode)
		}
	}
}

// A price says in words what would be lost, and never who refuses whom.
func TestPriceMove_inWords(t *testing.T) {
	t.Parallel()
	all := hall(9)
	all.Teams = nil
	all.Wishes = map[account.ID]Wishes{
		"p00": {With: []string{"personne 01"}, Group: "ABCDEF"}, "p01": {Group: "ABCDEF"},
		"p03": {Not: []Refusal{{Name: "Personne 06", Never: true}, {Name: "Personne 07"}}},
	}
	s := newSituation(all, nil, nil)
	c := Content{Groups: []Group{
		{Key: "T1", People: []account.ID{"p00", "p01", "p02"}},
		{Key: "T2", People: []account.ID{"p03", "p04", "p05"}},
		{Key: "T3", People: []account.ID{"p06", "p07", "p08"}},
	}}
	keys := func(lines []Line) []string {
		var all []string
		for _, l := range lines {
			all = append(all, l.Key)
		}
		return all
	}
	name := func(k Key) string { return string(k) }
	for _, one := range []struct {
		what         string
		who          account.ID
		to           Key
		broken, lost []string
	}{
		{"a group is split", "p00", "T2", []string{"forming.broken.size", "forming.broken.group"}, []string{"forming.price.size", "forming.price.wish"}},
		{"the only professional goes", "p02", "T2", []string{"forming.broken.size"}, []string{"forming.price.role", "forming.price.size"}},
		{"against a firm request", "p06", "T2", []string{"forming.broken.confidential", "forming.broken.size"}, []string{"forming.price.size"}},
		{"against a wish", "p07", "T2", []string{"forming.broken.size"}, []string{"forming.price.size", "forming.price.confidential"}},
	} {
		p, err := s.priceMove(c, one.who, one.to, name)
		if err != nil {
			t.Fatal(err)
		}
		broken, lost := keys(p.Broken), keys(p.Lost)
		lost = slices.DeleteFunc(lost, func(k string) bool { return k == "forming.price.balance" })
		slices.Sort(lost)
		slices.Sort(one.lost)
		if diff := cmp.Diff(one.broken, broken); diff != "" {
			t.Errorf("%s: %s", one.what, diff)
		}
		if diff := cmp.Diff(one.lost, lost); diff != "" {
			t.Errorf("%s: %s", one.what, diff)
		}
		for _, l := range append(p.Broken, p.Lost...) {
			if strings.Contains(l.Key, "confidential") && len(l.Args) > 0 {
				t.Errorf("%s: %s names somebody: %v", one.what, l.Key, l.Args)
			}
		}
	}
}

// Whatever is moved, the price is the difference of the tallies, and taking the move back
// leads back.
func TestPriceMove_isTheDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := hall(rapid.IntRange(6, 20).Draw(t, "people"))
		for i := range all.People {
			w := Wishes{}
			if k := rapid.IntRange(-1, len(all.People)-1).Draw(t, "with"); k >= 0 && k != i {
				w.With = []string{all.People[k].Name}
			}
			if k := rapid.IntRange(-3, len(all.People)-1).Draw(t, "not"); k >= 0 && k != i {
				w.Not = []Refusal{{Name: all.People[k].Name, Never: rapid.Bool().Draw(t, "never")}}
			}
			all.Wishes[all.People[i].ID] = w
		}
		all.Teams = nil
		s := newSituation(all, nil, nil)
		var c Content
		for i, p := range s.People {
			k := i % 4
			if len(c.Groups) <= k {
				c.Groups = append(c.Groups, Group{Key: Key(fmt.Sprintf("T%d", k+1))})
			}
			c.Groups[k].People = append(c.Groups[k].People, p.ID)
		}
		who := rapid.SampledFrom(s.People).Draw(t, "who").ID
		to := rapid.SampledFrom([]Key{"T1", "T2", "T3", "T4", NewGroup}).Draw(t, "to")
		before := c.At(who)
		price, err := s.priceMove(c, who, to, func(k Key) string { return string(k) })
		if err != nil {
			t.Fatal(err)
		}
		was := s.tally(c).Cost
		after := Content{Groups: slices.Clone(c.Groups)}
		after.put(who, to)
		if is := s.tally(after).Cost; is-was != price.Cost {
			t.Fatalf("moving %s from %s to %s was priced %d and cost %d", who, before, to, price.Cost, is-was)
		}
	})
}

func TestMatch_findsTheCounterpart(t *testing.T) {
	t.Parallel()
	a := Content{Groups: []Group{{Key: "T1", People: those("a b c")}, {Key: "T2", People: those("d e f")}, {Key: "T3", People: those("g h")}}}
	b := Content{Groups: []Group{{Key: "T7", People: those("d e a")}, {Key: "T1", People: those("b c f")}, {Key: "T9", People: those("x")}}}
	want := []Pair{
		{A: "T1", B: "T1", Same: those("b c"), OnlyA: those("a"), OnlyB: those("f")},
		{A: "T2", B: "T7", Same: those("d e"), OnlyA: those("f"), OnlyB: those("a")},
		{A: "T3", OnlyA: those("g h")},
		{B: "T9", OnlyB: those("x")},
	}
	got := match(a, b)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(those("a f"), moved(got, b)); diff != "" {
		t.Error(diff)
	}
}

func those(text string) []account.ID {
	var all []account.ID
	for _, id := range strings.Fields(text) {
		all = append(all, account.ID(id))
	}
	return all
}

func TestLetter(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 53: "BA"} {
		if got := letter(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}

func TestHalfDays_ofAWeekend(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2018, 5, 19, 9, 0, 0, 0, paris)
	e := edition.Edition{Zone: paris, At: map[edition.Moment]time.Time{edition.Starts: start, edition.HandIn: start.Add(48 * time.Hour)}}
	var parts []string
	for _, h := range halfDays(e) {
		parts = append(parts, fmt.Sprint(h.From.Day(), h.Part))
	}
	want := "19morning 19afternoon 19evening 20morning 20afternoon 20evening 21morning"
	if got := strings.Join(parts, " "); got != want {
		t.Errorf("got %s", got)
	}
	if halfDays(edition.Edition{Zone: paris}) != nil {
		t.Error("an event without hours has half-days")
	}
}

func TestWishes_tidy(t *testing.T) {
	t.Parallel()
	rules, challenges := usualRules(), []Challenge{{ID: "a"}, {ID: "b"}}
	w, err := Wishes{With: []string{" Cléo  Exemple ", "", "Cléo Exemple"}, Not: []Refusal{{Name: " "}, {Name: "Dora"}}, Prefs: []string{"b", "z", "a", "b"},
		Excluded: []string{"a"}, Languages: []string{"fr", "klingon"}, Away: []int{3, 1, 1, 99, -1}}.tidy(rules, challenges, 7)
	want := Wishes{With: []string{"Cléo Exemple"}, Not: []Refusal{{Name: "Dora"}}, Prefs: []string{"b"}, Excluded: []string{"a"}, Languages: []string{"fr"}, Away: []int{1, 3}}
	if diff := cmp.Diff(want, w); diff != "" || err != nil {
		t.Error(diff, err)
	}
	for what, bad := range map[string]Wishes{
		"too many":         {With: []string{"a", "b", "c", "d", "e", "f"}},
		"wished and not":   {With: []string{"Cléo Exemple"}, Not: []Refusal{{Name: "cleo exemple"}}},
		"no challenge":     {Excluded: []string{"a", "b"}},
		"a very long name": {With: []string{strings.Repeat("x", 200)}},
	} {
		if _, err := bad.tidy(rules, challenges, 7); err == nil {
			t.Errorf("%s passes", what)
		}
	}
}

// How sure the answer is stands in one sentence: proven, close to the best possible, or the
// least that any teams can lack.
func TestSureness(t *testing.T) {
	t.Parallel()
	words, err := i18n.New(Words)
	if err != nil {
		t.Fatal(err)
	}
	l := words.Locale(i18n.English)
	for _, c := range []struct {
		p    Proposal
		want string
	}{
		{Proposal{Cost: 62, Bound: 62, Proven: true}, "Proven: no other teams would be better."},
		{Proposal{Cost: 110, Bound: 100}, "At most 10% above what is possible."},
		{Proposal{Cost: 600, Bound: 100}, "The best found. Fewer than 100 points missing is impossible."},
		{Proposal{Cost: 8}, "The best found in the time given."},
		{Proposal{Cost: 8, Stopped: true}, "The best found before the stop."},
	} {
		if got := sureness(l, c.p); got != c.want {
			t.Errorf("%+v: %q, not %q", c.p, got, c.want)
		}
	}
}
