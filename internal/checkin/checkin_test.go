package checkin

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/account"
)

func at(minute int) time.Time { return time.Date(2018, 5, 19, 8, minute, 0, 0, time.UTC) }

func TestReplay(t *testing.T) {
	t.Parallel()
	north := Pass{ID: "a", Way: In, Station: "north", By: "gaston", At: at(3), Received: at(9)}
	south := Pass{ID: "b", Way: In, Station: "south", By: "odile", At: at(5), Received: at(7)}
	for _, c := range []struct {
		name   string
		passes []Pass
		want   Presence
	}{
		{"nobody came", nil, Presence{}},
		{"in", []Pass{north}, Presence{First: at(3), Inside: true, Since: at(3)}},
		{"two doors offline", []Pass{south, north}, Presence{First: at(3), Inside: true, Since: at(3), Doubles: []Double{{north, south}}}},
		{"the second door knew", []Pass{{ID: "a", Way: In, At: at(3), Received: at(3)}, south}, Presence{First: at(3), Inside: true, Since: at(3)}},
		{"one phone scans twice offline", []Pass{north, {ID: "b", Way: In, Station: "north", By: "gaston", At: at(4), Received: at(9)}},
			Presence{First: at(3), Inside: true, Since: at(3)}},
		{"out and back, sent late", []Pass{{ID: "c", Way: In, At: at(30), Received: at(40)}, north, {ID: "b", Way: Out, At: at(20), Received: at(41)}},
			Presence{First: at(3), Inside: true, Since: at(30)}},
		{"out", []Pass{north, {ID: "b", Way: Out, At: at(20), Received: at(20)}}, Presence{First: at(3), Since: at(20)}},
		{"taken back", []Pass{north, {ID: "b", Way: Undo, Undoes: "a", At: at(4), Received: at(4)}}, Presence{}},
	} {
		if diff := cmp.Diff(c.want, Replay(c.passes)); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Passes come in any order, when phones find the network again: the end is the same.
func TestReplay_inAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var passes []Pass
		for i := range rapid.IntRange(0, 8).Draw(t, "passes") {
			made := rapid.IntRange(0, 30).Draw(t, "at")
			p := Pass{ID: string(rune('a' + i)), Way: rapid.SampledFrom([]Way{In, In, Out, Undo}).Draw(t, "way"),
				By: account.ID(rapid.SampledFrom([]string{"gaston", "odile"}).Draw(t, "by")),
				At: at(made), Received: at(made + rapid.IntRange(0, 20).Draw(t, "late"))}
			if p.Way == Undo {
				p.Undoes = string(rune('a' + rapid.IntRange(0, 8).Draw(t, "undoes")))
			}
			passes = append(passes, p)
		}
		want := Replay(passes)
		mixed := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Perm(len(passes))
		shuffled := make([]Pass, len(passes))
		for i, j := range mixed {
			shuffled[i] = passes[j]
		}
		if diff := cmp.Diff(want, Replay(shuffled)); diff != "" {
			t.Fatal(diff)
		}
		if want.Inside && want.First.IsZero() {
			t.Fatal("inside without having come")
		}
	})
}

func TestParseCode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://h48.test/e/amiens-2018/b/K7PQ2Z": "K7PQ2Z",
		" k7p-q2z ":    "K7PQ2Z",
		"K7 PQ 2Z":     "K7PQ2Z",
		"K7PQ2":        "",
		"K7PQ2ZZ":      "",
		"K7PQÉZ":       "",
		"https://evil": "",
		"":             "",
	} {
		got, ok := ParseCode(text)
		if got != want || ok != (want != "") {
			t.Errorf("ParseCode(%q) = %q, %v", text, got, ok)
		}
	}
}

func FuzzParseCode(f *testing.F) {
	f.Add("https://h48.test/e/amiens-2018/b/K7PQ2Z")
	f.Add("%/")
	f.Fuzz(func(t *testing.T, text string) {
		code, ok := ParseCode(text)
		if ok && len(code) != codeLength || !ok && code != "" {
			t.Errorf("%q, %v", code, ok)
		}
		if again, same := ParseCode(code); ok && (!same || again != code) {
			t.Errorf("%q is read as %q", code, again)
		}
	})
}
