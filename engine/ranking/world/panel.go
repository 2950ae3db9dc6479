package world

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"h48/engine/ranking"
)

// FromPanel makes a world of real votes: every juror of a panel scored every project
// on every criterion. The truth is the verdict of the whole panel, and the jurors are
// shown only so many projects each as visitsEach visits a project need. Orders follow
// each juror's own totals, so they add nothing to its scores.
func FromPanel(criteria []ranking.Criterion, scores [][][]float64, visitsEach int, seed uint64) *World {
	rng := rand.New(rand.NewPCG(seed, 0x48))
	projects := len(scores[0])
	w := &World{
		Config: Config{Projects: projects, Jurors: len(scores), Visits: projects * visitsEach, Criteria: len(criteria)},
		scores: slices.Clone(scores), exact: true, shuffle: rng.Uint64(),
	}
	w.Event.Criteria = criteria
	w.capacity = min(projects, (w.Visits+w.Jurors-1)/w.Jurors+1)
	rng.Shuffle(len(w.scores), func(x, y int) { w.scores[x], w.scores[y] = w.scores[y], w.scores[x] })
	w.Quality = make([]float64, projects)
	for i := range projects {
		w.Event.Projects = append(w.Event.Projects, ranking.Project{ID: fmt.Sprintf("p%03d", i+1), Table: i + 1})
	}
	for j, sheet := range w.scores {
		w.Event.Jurors = append(w.Event.Jurors, ranking.Juror{ID: fmt.Sprintf("j%02d", j+1), Capacity: w.capacity})
		totals := make([]float64, projects)
		for i, marks := range sheet {
			for c, x := range marks {
				totals[i] += float64(x * criteria[c].Weight)
			}
			w.Quality[i] += totals[i]
		}
		w.memory = append(w.memory, totals)
	}
	standardise(w.Quality)
	return w
}

func standardise(values []float64) {
	mean, square := 0.0, 0.0
	for _, x := range values {
		mean += x / float64(len(values))
	}
	for _, x := range values {
		square += (x - mean) * (x - mean) / float64(len(values))
	}
	for k := range values {
		values[k] = (values[k] - mean) / math.Sqrt(max(square, 1e-12))
	}
}
