package ranking

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A list beside comparisons keeps its ties: nobody said which of them is better.
func TestPlace_ofAListAndComparisons(t *testing.T) {
	t.Parallel()
	const a, b, c, d = 0, 1, 2, 3 // projects
	for _, one := range []struct {
		name   string
		order  [][]int
		better []pair
		scores []float64
		want   []int // place of a, b, c, d
	}{
		{"a list alone", [][]int{{a, b}, {c}}, nil, []float64{1, 2, 3, 4}, []int{1, 1, 3, 0}},
		{"what the list leaves out", [][]int{{a}, {b}}, []pair{{b, c}}, []float64{4, 3, 2, 1}, []int{1, 2, 3, 0}},
		{"ties stay", [][]int{{a, b}, {c}}, []pair{{d, c}}, []float64{1, 2, 1, 4}, []int{2, 2, 4, 1}},
		{"one place beside others", [][]int{{a, b}}, []pair{{c, d}}, []float64{2, 2, 4, 1}, []int{2, 2, 1, 4}},
	} {
		t.Run(one.name, func(t *testing.T) {
			t.Parallel()
			lines := make([]line, 4)
			for i, score := range one.scores {
				lines[i] = line{project: i, total: score}
			}
			s := sheet{order: one.order, better: one.better}
			s.place(lines)
			var got []int
			for _, l := range lines {
				got = append(got, l.place)
			}
			if d := cmp.Diff(one.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
