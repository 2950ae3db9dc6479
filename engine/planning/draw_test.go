package planning_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/engine/planning"
)

// The order below was computed by a second program written from the text of the
// procedure alone.
func TestDraw_knownOrder(t *testing.T) {
	t.Parallel()
	teams := []planning.PitchTeam{
		{ID: "t1", Latest: 2}, {ID: "t2", Earliest: 3}, {ID: "t3"}, {ID: "t4"}, {ID: "t5"}, {ID: "t6"},
	}
	secret := []byte("a secret kept until the pitches")
	got, err := planning.Draw(secret, "lottery 7 12 23", teams, [][2]string{{"t4", "t5"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"t4", "t1", "t5", "t3", "t6", "t2"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	teams := []planning.PitchTeam{{ID: "heron"}, {ID: "otter"}, {ID: "newt"}}
	secret := []byte("promised")
	commit := planning.Commit(secret)
	order, err := planning.Draw(secret, "public", teams, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := planning.Verify(commit, secret, "public", teams, nil, order); err != nil {
		t.Errorf("the drawn order: %v", err)
	}
	swapped := []string{order[1], order[0], order[2]}
	for name, err := range map[string]error{
		"another order":  planning.Verify(commit, secret, "public", teams, nil, swapped),
		"a short order":  planning.Verify(commit, secret, "public", teams, nil, order[:2]),
		"another secret": planning.Verify(commit, []byte("invented"), "public", teams, nil, order),
	} {
		if !errors.Is(err, planning.ErrRedrawn) {
			t.Errorf("%s: got %v, want ErrRedrawn", name, err)
		}
	}
}

func TestDraw_infeasible(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		teams  []planning.PitchTeam
		before [][2]string
		want   string
	}{
		"three teams in two places": {
			teams: []planning.PitchTeam{{ID: "a", Latest: 2}, {ID: "b", Latest: 2}, {ID: "c", Latest: 2}, {ID: "d"}},
			want:  "3 teams (a, b, c) must all pitch between positions 1 and 2, which hold 2",
		},
		"nobody may open": {
			teams: []planning.PitchTeam{{ID: "a", Earliest: 2}, {ID: "b", Earliest: 2}},
			want:  "no team may pitch at position 1",
		},
		"a circle": {
			teams:  []planning.PitchTeam{{ID: "a"}, {ID: "b"}, {ID: "c"}},
			before: [][2]string{{"a", "b"}, {"b", "c"}, {"c", "a"}},
			want:   "circle",
		},
		"before the first": {
			teams:  []planning.PitchTeam{{ID: "a"}, {ID: "b", Latest: 1}},
			before: [][2]string{{"a", "b"}},
			want:   "team",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := planning.Draw([]byte("s"), "p", c.teams, c.before)
			var clash *planning.Infeasible
			if !errors.As(err, &clash) {
				t.Fatalf("got %v, want an Infeasible", err)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("reason %q does not say %q", err, c.want)
			}
		})
	}
}

// Every order that keeps the rules must come up equally often: 4 teams, the first
// not last, b before c. Chi-square against the number of orders found by hand.
func TestDraw_uniform(t *testing.T) {
	t.Parallel()
	teams := []planning.PitchTeam{{ID: "a", Latest: 2}, {ID: "b"}, {ID: "c"}, {ID: "d"}}
	const draws = 6000
	seen := map[string]int{}
	for i := range draws {
		order, err := planning.Draw(fmt.Appendf(nil, "secret %d", i), "p", teams, [][2]string{{"b", "c"}})
		if err != nil {
			t.Fatal(err)
		}
		seen[strings.Join(order, " ")]++
	}
	const orders = 6 // a first: 3 places for d; a second: b or d first, 1 or 2 orders
	if len(seen) != orders {
		t.Fatalf("%d different orders, want %d: %v", len(seen), orders, seen)
	}
	var chi2 float64
	for _, n := range seen {
		d := float64(n) - draws/orders
		chi2 += d * d / (draws / orders)
	}
	if chi2 > 20.5 { // 5 degrees of freedom, one chance in a thousand
		t.Errorf("chi-square %.1f over %v", chi2, seen)
	}
}

// A drawn order keeps every rule; a refusal is right, by trying every order.
func TestDraw_properties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "teams")
		teams := make([]planning.PitchTeam, n)
		for i := range teams {
			teams[i] = planning.PitchTeam{
				ID:       string(rune('a' + i)),
				Earliest: rapid.IntRange(0, n).Draw(t, "earliest"),
				Latest:   rapid.IntRange(0, n).Draw(t, "latest"),
			}
		}
		var before [][2]string
		for range rapid.IntRange(0, 3).Draw(t, "pairs") {
			before = append(before, [2]string{
				teams[rapid.IntRange(0, n-1).Draw(t, "first")].ID,
				teams[rapid.IntRange(0, n-1).Draw(t, "second")].ID,
			})
		}
		order, err := planning.Draw([]byte("s"), "p", teams, before)
		possible := anyOrder(teams, before, nil)
		if (err == nil) != possible {
			t.Fatalf("error %v, but an order exists: %t", err, possible)
		}
		if err == nil && !keeps(teams, before, order) {
			t.Fatalf("order %v breaks a rule", order)
		}
	})
}

// A draw depends on who pitches, not on the order in which teams and rules are written.
func TestDraw_whateverTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "teams")
		teams := make([]planning.PitchTeam, n)
		for i := range teams {
			teams[i].ID = fmt.Sprint("t", i) // t10 sorts before t2
			if rapid.Bool().Draw(t, "window") {
				teams[i].Latest = rapid.IntRange(n/2+1, n).Draw(t, "latest")
			}
		}
		before := [][2]string{{"t0", "t1"}, {"t1", fmt.Sprint("t", n-1)}}[:rapid.IntRange(0, min(2, n-1)).Draw(t, "pairs")]
		order, err := planning.Draw([]byte("s"), "p", teams, before)
		again, err2 := planning.Draw([]byte("s"), "p", rapid.Permutation(teams).Draw(t, "teams again"), rapid.Permutation(before).Draw(t, "pairs again"))
		if fmt.Sprint(err) != fmt.Sprint(err2) {
			t.Fatalf("one order of the teams: %v; another: %v", err, err2)
		}
		if diff := cmp.Diff(order, again); diff != "" {
			t.Fatalf("the order depends on the order of the teams (-one +other):\n%s", diff)
		}
	})
}

func anyOrder(teams []planning.PitchTeam, before [][2]string, order []string) bool {
	if len(order) == len(teams) {
		return keeps(teams, before, order)
	}
	for _, t := range teams {
		if !slices.Contains(order, t.ID) && anyOrder(teams, before, append(slices.Clone(order), t.ID)) {
			return true
		}
	}
	return false
}

func keeps(teams []planning.PitchTeam, before [][2]string, order []string) bool {
	for _, t := range teams {
		p := slices.Index(order, t.ID) + 1
		if p == 0 || p < t.Earliest || t.Latest > 0 && p > t.Latest {
			return false
		}
	}
	for _, b := range before {
		if slices.Index(order, b[0]) >= slices.Index(order, b[1]) {
			return false
		}
	}
	return true
}

func TestSolvePitch(t *testing.T) {
	t.Parallel()
	in, err := planning.DecodePitch([]byte(pitchInstance(40)))
	if err != nil {
		t.Fatal(err)
	}
	sol, err := planning.SolvePitch(t.Context(), in, planning.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := planning.CheckPitch(in, sol); err != nil {
		t.Error(err)
	}
	sol.Order[0], sol.Order[1] = sol.Order[1], sol.Order[0]
	if err := planning.CheckPitch(in, sol); !errors.Is(err, planning.ErrRedrawn) {
		t.Errorf("a changed order: got %v, want ErrRedrawn", err)
	}
}

func TestSolvePitch_cancelled(t *testing.T) {
	t.Parallel()
	in := &planning.PitchInstance{Secret: "00", Commit: planning.Commit([]byte{0})}
	for i := range 60 { // one order in 60! fits: no attempt will find it
		in.Teams = append(in.Teams, planning.PitchTeam{ID: fmt.Sprintf("t%02d", i), Earliest: max(1, i-20)})
		if i > 0 {
			in.Before = append(in.Before, [2]string{in.Teams[i-1].ID, in.Teams[i].ID})
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := planning.SolvePitch(ctx, in, planning.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestDecodePitch_unreadable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		``: "empty",
		"{\"format\":\"pitch-instance/1\",\n\"teams\":[}":                               "line 2",
		`{"format":"pitch-instance/2"}`:                                                 "format",
		`{"teams":[]}`:                                                                  "format: missing",
		`{"format":"pitch-instance/1","teams":[{"id":"a"},{"id":"a"}]}`:                 "teams[1].id",
		`{"format":"pitch-instance/1","teams":[{"id":"a"}],"before":[["a","z"]]}`:       "before[0]",
		`{"format":"pitch-instance/1","teams":[{"id":"a"}],"before":[["a"]]}`:           "column 61: field before[0]: wants two ids, has 1",
		`{"format":"pitch-instance/1","before":[["a","b"],["a","b","c"]]}`:              "field before[1]: wants two ids, has 3",
		`{"format":"pitch-instance/1","before":[null]}`:                                 "field before[0]: wants two ids, has 0",
		`{"format":"pitch-instance/1","teams":[{"id":"a","earliest":-1}]}`:              "teams[0].earliest",
		`{"format":"pitch-instance/1","teams":[{"id":"a","earliest":"first"}],"x":[1]}`: "earliest",
	} {
		_, err := planning.DecodePitch([]byte(text))
		if !errors.Is(err, planning.ErrUnreadable) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want ErrUnreadable about %q", text, err, want)
		}
	}
}

func FuzzDecodePitch(f *testing.F) {
	f.Add([]byte(pitchInstance(5)))
	f.Add([]byte(`{"format":"pitch-instance/1","secret":"00","teams":[{"id":"a","latest":1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := planning.DecodePitch(data)
		if err != nil {
			return
		}
		in.Secret, in.Commit = "00", planning.Commit([]byte{0})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if sol, err := planning.SolvePitch(ctx, in, planning.Options{}); err == nil {
			if err := planning.CheckPitch(in, sol); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func pitchInstance(n int) string {
	in := planning.PitchInstance{
		Format: planning.PitchFormat, Name: "pitches", Public: "lottery", Secret: "00ff",
		Commit: planning.Commit([]byte{0, 255}),
		Before: [][2]string{{"t3", "t4"}},
	}
	for i := range n {
		in.Teams = append(in.Teams, planning.PitchTeam{ID: fmt.Sprint("t", i)})
	}
	in.Teams[0].Latest = 2
	text, err := json.Marshal(in)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func ExampleDraw() {
	secret := []byte("written down and locked away on Friday")
	fmt.Println("Friday's promise:", planning.Commit(secret)[:16], "...")

	teams := []planning.PitchTeam{{ID: "heron", Latest: 1}, {ID: "newt"}, {ID: "otter"}}
	order, err := planning.Draw(secret, "Sunday's lottery: 7 12 23", teams, [][2]string{{"otter", "newt"}})
	fmt.Println(order, err)
	// Output:
	// Friday's promise: 753054b4e1bfad33 ...
	// [heron otter newt] <nil>
}
