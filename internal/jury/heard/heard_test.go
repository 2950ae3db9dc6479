package heard_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/jury/heard"
)

type mark struct {
	N     int
	Who   string
	On    string
	Given int
	Gone  bool
}

func (m mark) Number() string       { return fmt.Sprintf("%04d", m.N) }
func (m mark) Sheet() string        { return m.Who }
func (m mark) Line() string         { return m.On }
func (m mark) Outdates(o mark) bool { return m.Given > o.Given || m.Given == o.Given && m.N > o.N }
func (m mark) Withdrawn() bool      { return m.Gone }

type sheet map[string]mark

// table is what counts of all marks, the plain way.
func table(all []mark) map[string]sheet {
	count := map[string]sheet{}
	for _, m := range all {
		if count[m.Who] == nil {
			count[m.Who] = sheet{}
		}
		if old, there := count[m.Who][m.On]; !there || m.Outdates(old) {
			count[m.Who][m.On] = m
		}
	}
	for _, s := range count {
		maps.DeleteFunc(s, func(_ string, m mark) bool { return m.Gone })
	}
	return count
}

// However marks come (late, withdrawn, out of turn, taken away), whoever reads sees the
// table of all that there are, and who read before still sees what they read.
func TestRounds_readWhatIsThere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rounds heard.Rounds[int, string, mark, sheet]
		var all []mark
		read := func() heard.Sheets[string, mark, sheet] {
			got, err := rounds.Read(1, func(last string) (more []mark, err error) {
				for _, m := range all {
					if m.Number() > last {
						more = append(more, m)
					}
				}
				return more, nil
			}, func() (int, error) { return len(all), nil })
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		used := map[int]bool{}
		for range rapid.IntRange(1, 12).Draw(t, "readings") {
			for range rapid.IntRange(0, 4).Draw(t, "more") {
				n := rapid.IntRange(1, 400).Draw(t, "number") // mostly out of turn
				if rapid.Bool().Draw(t, "in turn") {
					n = 401 + len(used)
				}
				if used[n] {
					continue
				}
				used[n] = true
				all = append(all, mark{n, rapid.SampledFrom([]string{"a", "b"}).Draw(t, "who"), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "on"),
					rapid.IntRange(0, 3).Draw(t, "given"), rapid.IntRange(0, 3).Draw(t, "gone") == 0})
			}
			before := read()
			want := table(slices.Clone(all))
			if diff := cmp.Diff(want, before.Count); diff != "" || before.Marks != len(all) {
				t.Fatalf("%d of %d marks (-want +got):\n%s", before.Marks, len(all), diff)
			}
			if len(all) > 0 && rapid.IntRange(0, 5).Draw(t, "lost") == 0 {
				all = all[:len(all)-1]
			}
			read()
			if diff := cmp.Diff(want, before.Count); diff != "" {
				t.Fatalf("what was read has changed (-want +got):\n%s", diff)
			}
		}
	})
}
