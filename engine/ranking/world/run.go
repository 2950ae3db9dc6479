package world

import (
	"math"
	"math/rand/v2"
)

// Run drives a judging until the visits are used up or nobody can go anywhere.
// Jurors come by turns in a shuffled order; in a Parallel world all of them are sent out
// before the first comes back; in a Staggered one they come and go as they will.
func (w *World) Run(judging Judging) (made int) {
	if w.Staggered {
		return w.runStaggered(judging)
	}
	rng := rand.New(rand.NewPCG(w.shuffle, 1))
	visited := make([][]int, w.Jurors)
	out := make([]int, w.Jurors)
	for idle := false; !idle && made < w.Visits; {
		idle = true
		turn := rng.Perm(w.Jurors)
		for _, j := range turn {
			out[j] = -1
			if len(visited[j]) < w.capacity && made < w.Visits && !w.Parallel {
				out[j] = judging.Next(j)
				made += w.arrive(judging, j, out[j], visited, &idle)
			}
		}
		if !w.Parallel {
			continue
		}
		room := w.Visits - made
		for _, j := range turn {
			if len(visited[j]) < w.capacity && room > 0 {
				if out[j] = judging.Next(j); out[j] >= 0 {
					room--
				}
			}
		}
		for _, j := range turn {
			made += w.arrive(judging, j, out[j], visited, &idle)
		}
	}
	return made
}

func (w *World) arrive(judging Judging, j, i int, visited [][]int, idle *bool) int {
	if i < 0 {
		return 0
	}
	*idle = false
	visited[j] = append(visited[j], i)
	judging.Visited(j, visited[j])
	return 1
}

// The time of a visit, in minutes: the middle one, and how jurors and visits differ.
const (
	visitMinutes = 8
	visitSpread  = 0.3 // sd of the logarithm
)

// runStaggered asks for a juror's next visit when it comes back from the one before,
// while the others are somewhere on theirs. They begin within a minute.
func (w *World) runStaggered(judging Judging) (made int) {
	rng := rand.New(rand.NewPCG(w.shuffle, 2))
	visited, out, back := make([][]int, w.Jurors), make([]int, w.Jurors), make([]float64, w.Jurors)
	for j := range back {
		out[j], back[j] = -1, rng.Float64()
	}
	for sent := 0; ; {
		j := 0
		for k, t := range back {
			if t < back[j] {
				j = k
			}
		}
		if math.IsInf(back[j], 1) {
			return made
		}
		idle := false
		made += w.arrive(judging, j, out[j], visited, &idle)
		if out[j] = -1; len(visited[j]) < w.capacity && sent < w.Visits {
			out[j] = judging.Next(j)
		}
		if out[j] < 0 {
			back[j] = math.Inf(1) // there is nothing left for this juror
			continue
		}
		sent++
		back[j] += float64(visitMinutes * math.Exp(visitSpread*rng.NormFloat64()))
	}
}
