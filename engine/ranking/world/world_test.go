package world_test

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/engine/ranking"
	"h48/engine/ranking/world"
)

// queue sends every juror down the hall and counts.
type queue struct {
	projects int
	seen     map[int]int // by juror
	visits   int
}

func (q *queue) Next(j int) int {
	if q.seen[j] == q.projects {
		return -1
	}
	return q.seen[j]
}

func (q *queue) Visited(j int, visited []int) { q.seen[j], q.visits = len(visited), q.visits+1 }

func TestRunUsesTheVisitsAndNoMore(t *testing.T) {
	t.Parallel()
	turns := world.Default(7, 3, 2)
	rounds, anytime := turns, turns
	rounds.Parallel, anytime.Staggered = true, true
	for name, c := range map[string]world.Config{"by turns": turns, "in rounds": rounds, "each in its own time": anytime} {
		q := &queue{projects: 7, seen: map[int]int{}}
		if made := world.New(c, 1).Run(q); made != 14 || q.visits != 14 {
			t.Errorf("%s: made %d, saw %d, want 14", name, made, q.visits)
		}
	}
}

func TestTheSameSeedIsTheSameWorld(t *testing.T) {
	t.Parallel()
	a, b := world.New(world.Default(9, 4, 3), 5), world.New(world.Default(9, 4, 3), 5)
	if d := cmp.Diff(a.Event, b.Event); d != "" {
		t.Error(d)
	}
	for j := range 4 {
		for i := range 9 {
			if d := cmp.Diff(a.Score(j, i, 2), b.Score(j, i, 2)); d != "" {
				t.Error(d)
			}
		}
	}
}

func TestHostileJurorsLiftTheirFriend(t *testing.T) {
	t.Parallel()
	c := world.Default(12, 3, 3)
	c.Hostile, c.Severity = 1, 0
	w := world.New(c, 3)
	all := make([]int, 12)
	for i := range all {
		all[i] = i
	}
	friend := w.Event.Projects[w.Friend].ID
	if first := w.Order(0, all)[0][0]; first != friend {
		t.Errorf("the hostile juror has %s first, its friend is %s", first, friend)
	}
	if _, sd := w.Perception(0, 1); !math.IsInf(sd, 1) {
		t.Errorf("the oracle listens to a hostile juror (sd %v)", sd)
	}
}

func TestPanelsTruthIsTheWholePanel(t *testing.T) {
	t.Parallel()
	criteria := []ranking.Criterion{{ID: "c", Min: 0, Max: 10, Weight: 1}}
	w := world.FromPanel(criteria, [][][]float64{{{1}, {5}, {3}}, {{2}, {9}, {7}}}, 1, 4)
	if w.Best() != 1 || w.Visits != 3 {
		t.Errorf("best %d of %v, %d visits", w.Best(), w.Quality, w.Visits)
	}
	if d := cmp.Diff([][]string{{"p002"}, {"p003"}, {"p001"}}, w.Order(0, []int{0, 1, 2})); d != "" {
		t.Error(d)
	}
}
