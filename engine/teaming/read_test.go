package teaming_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"h48/engine/teaming"
)

func TestUnreadableInputSaysWhere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"{\"format\":\"teams-instance/1\",\n \"people\": [}", "line 2, column 13"},
		{`{"format":"teams-instance/1","size":{"max":"five"}}`, "size.max"},
		{`{"format":"other/1"}`, "format"},
		{`{"format":"teams-instance/1"}`, "size.max"},
		{`{"format":"teams-instance/1","size":{"min":1,"max":5},"skills":["dev"],"people":[{"id":"a","skills":[7]}]}`, "people[0].skills[0]"},
		{`{"format":"teams-instance/1","size":{"min":1,"max":5},"people":[{"id":"a"},{"id":"a"}]}`, "people[1].id"},
		{`{"format":"teams-instance/1","size":{"min":1,"max":5},"weights":{"wish":-1}}`, "weights.wish"},
	} {
		if _, err := teaming.Decode([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant it to name %s", c.text, err, c.want)
		}
	}
}

func TestAMissingLimitIsNoLimit(t *testing.T) {
	t.Parallel()
	in, err := teaming.Decode([]byte(`{"format":"teams-instance/1","size":{"min":1,"max":5},"challenges":[{"id":"a"},{"id":"b","max_teams":0}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if in.Challenges[0].MaxTeams != teaming.Unlimited || in.Challenges[1].MaxTeams != 0 {
		t.Errorf("limits %d and %d", in.Challenges[0].MaxTeams, in.Challenges[1].MaxTeams)
	}
}

func crowd(n int, change func(*teaming.Instance)) teaming.Instance {
	in := teaming.Instance{Format: teaming.Format, Size: teaming.Size{Min: 3, Max: 5, Target: 4}}
	for i := range n {
		in.People = append(in.People, teaming.Person{ID: fmt.Sprint("p", i), Languages: []string{"fr"}})
	}
	change(&in)
	return in
}

func TestClashingConstraintsAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in     teaming.Instance
		words  []string
		proven bool
	}{
		"too few people": {crowd(2, func(*teaming.Instance) {}), []string{"2 people cannot be cut into teams of 3 to 5"}, true},
		"group too large": {crowd(12, func(in *teaming.Instance) {
			for i := range 6 {
				in.People[i].Group = "friends"
			}
		}), []string{"group friends", "6 people"}, true},
		"refusal in a group": {crowd(12, func(in *teaming.Instance) {
			in.People[0].Group, in.People[1].Group = "g", "g"
			in.People[0].Never = []string{"p1"}
		}), []string{"p0 and p1 must never share"}, true},
		"no common language": {crowd(12, func(in *teaming.Instance) {
			in.CommonLanguage = true
			in.People[4].Languages = []string{"eo"}
		}), []string{"p4"}, true},
		"challenges too small": {crowd(12, func(in *teaming.Instance) {
			in.Challenges = []teaming.Challenge{{ID: "a", MaxTeams: 1}, {ID: "b", MaxTeams: 1}}
		}), []string{"at most 2 teams"}, true},
		"everybody wants the same": {crowd(12, func(in *teaming.Instance) {
			in.Challenges = []teaming.Challenge{{ID: "a", MaxTeams: 1}, {ID: "b", MaxTeams: 9}}
			for i := range 8 {
				in.People[i].Excluded = []string{"b"}
			}
		}), []string{"6 people (p0, ", "accept only these challenges: a, and there is room for 5"}, true},
		"a closed team too small": {crowd(12, func(in *teaming.Instance) {
			in.Locks = []teaming.Lock{{Team: "T1", People: []string{"p0", "p1"}, Closed: true}}
		}), []string{"team T1 is closed with 2 people"}, true},
		"a lock across languages": {crowd(12, func(in *teaming.Instance) {
			in.CommonLanguage = true
			in.People[0].Languages = []string{"eo"}
			in.Locks = []teaming.Lock{{Team: "T1", People: []string{"p0", "p1"}}}
		}), []string{"p0, p1", "no language in common"}, true},
		"an island of a language": {crowd(12, func(in *teaming.Instance) {
			in.CommonLanguage = true
			in.People[2].Languages, in.People[3].Languages = []string{"eo"}, []string{"eo"}
		}), []string{"p2, p3 speak no language of the others"}, true},
		"more teams wanted than people make": {crowd(12, func(in *teaming.Instance) {
			in.Challenges = []teaming.Challenge{{ID: "a", MinTeams: 3, MaxTeams: 9}, {ID: "b", MinTeams: 2, MaxTeams: 9}}
		}), []string{"at least 5 teams"}, true},
		"every challenge excluded": {crowd(12, func(in *teaming.Instance) {
			in.Challenges = []teaming.Challenge{{ID: "a", MaxTeams: 9}, {ID: "b", MaxTeams: 9}}
			in.People[4].Excluded = []string{"a", "b"}
		}), []string{"p4 cannot take any challenge"}, true},
		"seven in fours and fives": {crowd(7, func(in *teaming.Instance) {
			in.Size = teaming.Size{Min: 4, Max: 5, Target: 4}
		}), []string{"7 people cannot be cut into teams of 4 to 5"}, true},
		"lock on a stranger": {crowd(12, func(in *teaming.Instance) {
			in.Locks = []teaming.Lock{{Team: "T1", People: []string{"nobody"}}}
		}), []string{"nobody", "not in the list"}, true},
		"two locks": {crowd(12, func(in *teaming.Instance) {
			in.Locks = []teaming.Lock{{Team: "A", People: []string{"p1"}}, {Team: "B", People: []string{"p1"}}}
		}), []string{"p1 is locked into two teams, A and B"}, true},
		"refusals in a ring": {crowd(9, func(in *teaming.Instance) {
			in.Size = teaming.Size{Min: 3, Max: 3, Target: 3}
			for i := range 4 { // four people who refuse each other, in three teams
				for j := range 4 {
					if i != j {
						in.People[i].Never = append(in.People[i].Never, fmt.Sprint("p", j))
					}
				}
			}
		}), []string{"refuse one another"}, true},
		"languages that do not add up": {crowd(9, func(in *teaming.Instance) {
			in.CommonLanguage = true
			in.Size = teaming.Size{Min: 3, Max: 3, Target: 3}
			for i := range 4 { // four speak only French, four only English, one both
				in.People[i].Languages = []string{"en"}
			}
			in.People[8].Languages = []string{"fr", "en"}
		}), []string{"no language is spoken by all", "valid teams exist if the common language is not required"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := teaming.Form(context.Background(), c.in, teaming.Options{Budget: 0.2})
			var no *teaming.Infeasible
			if !errors.As(err, &no) {
				t.Fatalf("got %v", err)
			}
			if no.Proven != c.proven {
				t.Errorf("proven %v", no.Proven)
			}
			if c.proven && len(no.Clashes) != 1 {
				t.Errorf("one thing is wrong, and it is said %d times: %v", len(no.Clashes), err)
			}
			for _, w := range c.words {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%q does not say %q", err, w)
				}
			}
		})
	}
}

// A move is priced as the definition prices the teams before and after it, and the offers
// agree with it.
func TestMove_isPricedLikeTheDefinition(t *testing.T) {
	t.Parallel()
	in := crowd(9, func(in *teaming.Instance) {
		in.Weights = teaming.Weights{Size: 3, Wish: 6}
		in.People[0].Wants = []string{"p8"}
	})
	r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 0.2})
	if err != nil {
		t.Fatal(err)
	}
	sol := r.Solution
	for _, p := range in.People {
		offers := map[string]int64{}
		for _, o := range teaming.Offers(in, sol, p.ID) {
			offers[o.Team] = o.Cost
		}
		for _, team := range sol.Teams {
			before, _ := teaming.Cost(in, sol)
			after, change, err := teaming.Move(in, sol, p.ID, team.ID)
			if err != nil {
				t.Fatal(err)
			}
			now, _ := teaming.Cost(in, after)
			if cost, offered := offers[team.ID]; now-before != change.Cost || (offered && cost != change.Cost) {
				t.Fatalf("moving %s to %s: %d then %d, announced %d, offered %d", p.ID, team.ID, before, now, change.Cost, cost)
			}
		}
	}
	if _, _, err := teaming.Move(in, sol, "stranger", "T1"); err == nil {
		t.Error("a stranger can be moved")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"format":"teams-instance/1","size":{"min":1,"max":3},"people":[{"id":"a","group":"g"},{"id":"b","never":["a"]}],"locks":[{"team":"T","people":["a"]}],"previous":[{"team":"T","people":["b"]}]}`))
	f.Add([]byte(`{"format":"teams-instance/1","size":{"max":2},"common_language":true,"challenges":[{"id":"x","need":[]}],"people":[{"id":"a","languages":["fr"]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := teaming.Decode(data)
		if err != nil || len(in.People) > 40 {
			return
		}
		r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 0.02})
		if err != nil {
			return
		}
		if broken := teaming.Check(in, r.Solution); len(broken) > 0 {
			t.Errorf("broken: %v", broken)
		}
	})
}

func ExampleForm() {
	in := teaming.Instance{Format: teaming.Format, Size: teaming.Size{Min: 2, Max: 3, Target: 2},
		Weights: teaming.Weights{Size: 1, Wish: 6},
		People: []teaming.Person{{ID: "Ada", Wants: []string{"Kay"}}, {ID: "Bob", Never: []string{"Kay"}},
			{ID: "Kay"}, {ID: "Max", Wants: []string{"Bob"}}}}
	r, err := teaming.Form(context.Background(), in, teaming.Options{Budget: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range r.Solution.Teams {
		fmt.Println(t.ID, t.People)
	}
	fmt.Println("cost", r.Cost, "proven", r.Proven)
	// Output:
	// T1 [Ada Kay]
	// T2 [Bob Max]
	// cost 0 proven true
}
