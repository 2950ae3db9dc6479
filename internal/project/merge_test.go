package project

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/edition"
)

func texts() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12).Draw(t, "lines"), "\n")
	})
}

// A comparison holds both texts: without what came it is the first, without what went
// the second.
func TestDiff_holdsBothTexts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		before, after := texts().Draw(t, "before"), texts().Draw(t, "after")
		var a, b []string
		for _, l := range Diff(before, after) {
			if l.Sign != '+' {
				a = append(a, l.Text)
			}
			if l.Sign != '-' {
				b = append(b, l.Text)
			}
		}
		if strings.Join(a, "\n") != before || strings.Join(b, "\n") != after {
			t.Fatalf("%q and %q became %q and %q", before, after, a, b)
		}
	})
}

func TestDiff_isShort(t *testing.T) {
	t.Parallel()
	got := Diff("un\ndeux\ntrois", "un\ndeux et demi\ntrois")
	want := []Line{{' ', "un"}, {'-', "deux"}, {'+', "deux et demi"}, {' ', "trois"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func contents() *rapid.Generator[Content] {
	return rapid.Custom(func(t *rapid.T) Content {
		word := rapid.SampledFrom([]string{"", "x", "y", "z"})
		c := Content{Title: word.Draw(t, "title"), Pitch: word.Draw(t, "pitch"), Description: word.Draw(t, "description"),
			Challenge: ChallengeID(word.Draw(t, "challenge"))}
		if u := word.Draw(t, "link"); u != "" {
			c.Links = []Link{{URL: u}}
		}
		return c
	})
}

// Joining loses nobody's words without saying so: each part of the result is one of the
// two, a part that only one changed is theirs, and a clash is named.
func TestMerge_losesNothingSilently(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, mine, theirs := contents().Draw(t, "base"), contents().Draw(t, "mine"), contents().Draw(t, "theirs")
		got, clash := merge(base, mine, theirs)
		other, otherClash := merge(base, theirs, mine)
		if !cmp.Equal(clash, otherClash) {
			t.Fatalf("clashes %v and, the other way round, %v", clash, otherClash)
		}
		if len(clash) == 0 && !got.Equal(other) {
			t.Fatalf("the order matters: %+v and %+v", got, other)
		}
		if same, none := merge(base, mine, base); !same.Equal(mine) || len(none) > 0 {
			t.Fatalf("alone: %+v, %v", same, none)
		}
		if got.Title != mine.Title && got.Title != theirs.Title {
			t.Fatalf("%q is nobody’s title", got.Title)
		}
	})
}

// The gate never opens again by itself, and a decision for one team only adds time.
func TestGate_onlyDecisionsAddTime(t *testing.T) {
	t.Parallel()
	deadline := time.Date(2018, 5, 21, 7, 0, 0, 0, time.UTC)
	e := edition.Edition{At: map[edition.Moment]time.Time{edition.HandIn: deadline}}
	rapid.Check(t, func(t *rapid.T) {
		seconds := func(name string) time.Duration {
			return time.Duration(rapid.IntRange(-600, 600).Draw(t, name)) * time.Second
		}
		e.Grace = max(0, seconds("grace"))
		p := Project{}
		now := deadline.Add(seconds("now"))
		plain := gateAt(e, p, now)
		if plain.Open != now.Before(deadline.Add(e.Grace)) {
			t.Fatalf("%s, grace %s: open %v", now.Sub(deadline), e.Grace, plain.Open)
		}
		p.ReopenedUntil = deadline.Add(seconds("reopened"))
		if again := gateAt(e, p, now); plain.Open && !again.Open || again.Open && !now.Before(again.Until) {
			t.Fatalf("reopening until %s: %+v after %+v", p.ReopenedUntil, again, plain)
		}
	})
	if g := gateAt(edition.Edition{}, Project{}, deadline); !g.Open || g.Basis != NoDeadline {
		t.Errorf("without a deadline: %+v", g)
	}
}

func TestCleanName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		`C:\Users\x\plan.pdf`: "plan.pdf", "../../etc/passwd": "passwd", "": "file", "..": "file",
		"facture\u202egnp.exe": "facturegnp.exe", "a\x00b\n.txt": "ab.txt",
	} {
		if got := cleanName(name); got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("a/b\\c.png")
	f.Add(strings.Repeat("é", 300) + ".jpeg")
	f.Fuzz(func(t *testing.T, name string) {
		got := cleanName(name)
		if got == "" || strings.ContainsAny(got, "/\\\x00\n\r") || len([]rune(got)) > 120 {
			t.Errorf("%q becomes %q", name, got)
		}
	})
}
