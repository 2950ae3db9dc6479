package estimate_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/engine/ranking"
	"h48/internal/jury/estimate"
	"h48/internal/kit/clock"
)

// event is three teams that two jurors marked, the first team with best.
func event(best float64) ranking.Event {
	e := ranking.Event{Projects: []ranking.Project{{ID: "a"}, {ID: "b"}, {ID: "c"}}, Jurors: []ranking.Juror{{ID: "j"}, {ID: "k"}},
		Criteria: []ranking.Criterion{{ID: "useful", Weight: 1, Min: 0, Max: 5}}}
	for _, j := range e.Jurors {
		for i, p := range e.Projects {
			mark := float64(i)
			if i == 0 {
				mark = best
			}
			e.Visits = append(e.Visits, ranking.Visit{Juror: j.ID, Project: p.ID, Scores: map[string]float64{"useful": mark}})
		}
	}
	return e
}

// What is asked for again is what was computed, and differs from other marks' ranking, and
// from the same with the jurors' influence.
func TestMemo_theSameMarksTheSameRanking(t *testing.T) {
	t.Parallel()
	memo, none := estimate.New(clock.Wall{}.Now), (*estimate.Memo)(nil)
	t.Cleanup(memo.Close)
	for round := range 2 {
		for n := range 20 { // more than are kept
			e, o := event(float64(n%5)), ranking.Options{Influence: n%2 == 0}
			got, err := memo.Rank(t.Context(), fmt.Sprint(n%5), e, o)
			if err != nil {
				t.Fatal(err)
			}
			want, err := none.Rank(t.Context(), "", e, o)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("round %d, event %d (-fresh +kept):\n%s", round, n, diff)
			}
		}
	}
}
