package vote

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

var six = []Choice{{Team: "a", Title: "Palier"}, {Team: "b", Title: "Guichet"}, {Team: "c", Title: "Cour"},
	{Team: "d", Title: "Clés"}, {Team: "e", Title: "Hall"}, {Team: "f", Title: "Balcon"}}

// Over many codes each project stands in each place equally often: chi-squared over the
// 36 cells stays below the value that chance exceeds once in ten thousand.
func TestShuffle_everyPlaceEquallyOften(t *testing.T) {
	t.Parallel()
	p := Poll{secret: "a secret"}
	const voters = 6000
	seen := map[string][]int{}
	for i := range voters {
		for place, c := range p.shuffle(fmt.Sprint("code-", i), six) {
			if seen[c.Team] == nil {
				seen[c.Team] = make([]int, len(six))
			}
			seen[c.Team][place]++
		}
	}
	want, chi := float64(voters)/float64(len(six)), 0.0
	for _, c := range six {
		for _, n := range seen[c.Team] {
			chi += (float64(n) - want) * (float64(n) - want) / want
		}
	}
	if const25 := 61.0; chi > const25 { // 25 degrees of freedom, p = 0.0001
		t.Errorf("chi-squared is %.1f: %v", chi, seen)
	}
	once, twice := p.shuffle("one", six), p.shuffle("one", six)
	if diff := cmp.Diff(once, twice); diff != "" {
		t.Errorf("the same voter sees another order the second time:\n%s", diff)
	}
}

func TestCodes_areTheVotesOwn(t *testing.T) {
	t.Parallel()
	p, other := Poll{secret: "one"}, Poll{secret: "two"}
	text := p.writeSlip(slip{source: Hall, batch: "batch", nonce: "23456789ABCD"})
	if s, ok := p.readSlip(text); !ok || s.source != Hall || s.batch != "batch" {
		t.Errorf("its own slip is read as %+v, %v", s, ok)
	}
	for _, forged := range []string{"", "hall.batch.23456789ABCD.", text + "x", "screen" + text[4:], "badge" + text[4:]} {
		if _, ok := p.readSlip(forged); ok {
			t.Errorf("%q is taken for a slip", forged)
		}
	}
	if _, ok := other.readSlip(text); ok {
		t.Error("another vote takes the slip")
	}
	seen := map[string]bool{}
	for n := range 1000 {
		code := p.cardCode("stack", n)
		if len(code) != cardSigns || seen[code] || Tidy(Spell(code)) != code {
			t.Fatalf("card %d has the code %q", n, code)
		}
		seen[code] = true
	}
}

func TestScreen_aCodeExpires(t *testing.T) {
	t.Parallel()
	p, now := Poll{secret: "one"}, time.Date(2018, 5, 21, 10, 0, 7, 0, time.UTC)
	code := p.screenCode(now)
	for after, good := range map[time.Duration]bool{0: true, 20 * time.Second: true, 80 * time.Second: true, 2*time.Minute + 10*time.Second: false, -time.Minute: false} {
		if p.onScreen(code, now.Add(after)) != good {
			t.Errorf("%s later the code is good: %v", after, !good)
		}
	}
}

func TestTidy_readsWhatPeopleType(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{" abcd-efgh ": "ABCDEFGH", "abcd efgh": "ABCDEFGH",
		"https://h48.example/e/amiens-2018/vote/1/b/ABCDEFGH": "ABCDEFGH", "/e/amiens-2018/b/K7QMNP": "K7QMNP"} {
		if got := Tidy(typed); got != want {
			t.Errorf("%q is read as %q", typed, got)
		}
	}
}

func TestNetwork_isWhatNeighboursShare(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"192.0.2.77": "192.0.2.0/24", "::ffff:192.0.2.1": "192.0.2.0/24",
		"2001:db8:1:2::3": "2001:db8:1::/48", "nothing": ""} {
		if got := network(address); got != want {
			t.Errorf("%s: %q", address, got)
		}
	}
	if netMark("monday", "192.0.2.1") == netMark("tuesday", "192.0.2.1") || netMark("monday", "192.0.2.1") != netMark("monday", "192.0.2.9") {
		t.Error("a mark says more than a network of one day")
	}
}

func TestCount_leavesOutWhatIsSetAside(t *testing.T) {
	t.Parallel()
	box := []ballot{{teams: []string{"a"}}, {teams: []string{"a", "b"}}, {teams: []string{"b"}}, {teams: []string{"b"}, aside: "x"}, {teams: []string{"c"}}, {teams: []string{"a"}}}
	r := count(six, box)
	if r.Cast != 6 || r.Counted != 5 || r.Lines[0].Team != "a" || r.Lines[0].N != 3 || r.Lines[1].N != 2 {
		t.Errorf("%+v", r)
	}
	if r.Lines[2].Rank != 3 || r.Lines[3].Rank != 4 || r.Lines[5].Rank != 4 {
		t.Errorf("ranks of %+v", r.Lines)
	}
	if !count(six, box[:4]).Silent() || r.Silent() {
		t.Error("a result is silent below five ballots, and not at five")
	}
}

// Whatever the residences, no group that is told has fewer than Fewest ballots, and all
// groups together are the whole.
func TestAreas_neverFewerThanFewest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sizes := rapid.SliceOfN(rapid.IntRange(0, 12), 0, 8).Draw(t, "sizes")
		var box []ballot
		for i, n := range sizes {
			name := ""
			if i > 0 {
				name = fmt.Sprint("Résidence ", i)
			}
			for range n {
				box = append(box, ballot{area: name, teams: []string{"a"}})
			}
		}
		told, sum := areas(six, box), 0
		for _, a := range told {
			sum += a.Ballots
			if a.Ballots < Fewest {
				t.Fatalf("%q is told with %d ballots", a.Name, a.Ballots)
			}
		}
		if len(told) > 0 && sum != len(box) {
			t.Fatalf("%d of %d ballots are told", sum, len(box))
		}
	})
}

func TestSigns_sayWhatLooksOdd(t *testing.T) {
	t.Parallel()
	at := func(n int) time.Time {
		return time.Date(2018, 5, 21, 10, 0, 0, 0, time.UTC).Add(time.Duration(n) * Span)
	}
	for _, c := range []struct {
		name   string
		heaps  []Heap
		seen   []noted
		inside int
		want   []Kind
	}{
		{"an evening of letters", []Heap{{Letter, "1", at(0), "n1", 2}, {Letter, "1", at(1), "n2", 1}, {Letter, "1", at(2), "n3", 3}}, nil, 0, nil},
		{"the room votes at once on one network", []Heap{{Screen, "", at(0), "n1", 180}, {Badge, "", at(0), "n1", 40}}, nil, 200, nil},
		{"a burst from home", []Heap{{Paper, "1", at(0), "n1", 2}, {Paper, "1", at(1), "n2", 2}, {Paper, "1", at(2), "", 14}}, nil, 0, []Kind{Burst}},
		{"one flat votes for its hall", []Heap{{Hall, "1", at(0), "n1", 6}, {Hall, "1", at(1), "n1", 6}, {Hall, "1", at(2), "n2", 8}}, nil, 0, []Kind{Network}},
		{"the screen's code left the room", []Heap{{Screen, "", at(0), "n1", 30}}, nil, 24, []Kind{Crowd}},
		{"a stack in one hand", nil, []noted{{Series, Heap{Source: Paper, Batch: "1", Span: at(0), N: 9}}}, 0, []Kind{Series}},
		{"one double", nil, []noted{{Reuse, Heap{Source: Badge, Span: at(0), N: 1}}}, 0, nil},
		{"many doubles over the evening", nil, []noted{{Reuse, Heap{Source: Badge, Span: at(0), N: 3}}, {Reuse, Heap{Source: Badge, Span: at(1), N: 3}}}, 0, []Kind{Reuse}},
		{"somebody tries codes", nil, []noted{{Unknown, Heap{Span: at(0), Net: "n1", N: 40}}}, 0, []Kind{Unknown}},
	} {
		var got []Kind
		for _, s := range signs(c.heaps, c.seen, c.inside) {
			got = append(got, s.Kind)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestFollow_neighboursWithinSeconds(t *testing.T) {
	t.Parallel()
	run, last := 0, 0
	for _, step := range []struct {
		card  int
		since time.Duration
		want  int
	}{{4, 0, 1}, {5, 5 * time.Second, 2}, {6, 8 * time.Second, 3}, {8, 2 * time.Second, 1}, {7, 3 * time.Second, 2}, {6, time.Minute, 1}} {
		run = follow(run, last, step.card, step.since)
		last = step.card
		if run != step.want {
			t.Errorf("after card %d the run is %d, want %d", step.card, run, step.want)
		}
	}
}
