// Package world simulates the judging of a hackathon whose truth is known: projects
// with a latent quality, jurors with a severity, a use of the scale, a drift and a
// noise of their own, some careless and some hostile. What juror j would perceive at
// project i is drawn when the world is made, so that every method that is tried on a
// world meets the same jurors with the same perceptions (common random numbers).
//
// It is an instrument: its constants are chosen, not estimated from an event.
package world

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"h48/engine/ranking"
)

// Config describes a kind of world. Default gives the ordinary one.
type Config struct {
	Projects, Jurors, Visits int     // Visits in total
	Severity                 float64 // sd, in sd of quality
	Scale                    float64 // sd of the logarithm of a juror's scale
	Drift                    float64 // sd of a juror's change over its session
	Noise                    float64 // sd of a perception
	NoiseSpread              float64 // sd of the logarithm of a juror's own noise
	Memory                   float64 // noise of the order against the perception
	Careless                 float64 // probability that a juror's perceptions have nothing to do with quality
	Hostile                  int     // jurors who lift a friend and bury the good
	Conflicts                float64 // probability of a conflict, by pair
	Criteria                 int     // on a scale from 1 to 5
	CriterionNoise           float64
	Top                      int  // how many a juror lists; 0 means all
	Parallel                 bool // all jurors are sent out before the first comes back, round by round
	Staggered                bool // jurors are out at the same time, each back after a time of its own
}

// Default is the ordinary world: a single juror's reliability is one half.
func Default(projects, jurors, visitsEach int) Config {
	return Config{
		Projects: projects, Jurors: jurors, Visits: projects * visitsEach,
		Severity: 0.6, Scale: 0.25, Drift: 0.4, Noise: 1, NoiseSpread: 0.3, Memory: 0.25,
		Careless: 0.05, Conflicts: 0.02, Criteria: 4, CriterionNoise: 0.4,
	}
}

// World is one drawn event with its truth.
type World struct {
	Config
	Quality  []float64
	Event    ranking.Event // without visits
	Careless []bool        // by juror
	Hostile  []bool        // by juror
	Friend   int           // the project that the hostile ones lift
	noise    []float64     // by juror
	seen     [][]float64   // juror, project: perception
	memory   [][]float64   // juror, project: what the order goes by
	scores   [][][]float64 // juror, project, criterion: before drift and rounding
	scale    []float64
	drift    []float64
	capacity int
	shuffle  uint64
	exact    bool // scores are what real jurors gave
}

// New draws a world.
func New(c Config, seed uint64) *World {
	rng := rand.New(rand.NewPCG(seed, 0x48))
	w := &World{Config: c, shuffle: rng.Uint64(), capacity: (c.Visits+c.Jurors-1)/c.Jurors + 1}
	w.capacity = min(w.capacity, c.Projects)
	for k := range c.Criteria {
		w.Event.Criteria = append(w.Event.Criteria, ranking.Criterion{ID: fmt.Sprintf("c%d", k+1), Min: 1, Max: 5, Weight: 1})
	}
	tables := rng.Perm(c.Projects)
	for i := range c.Projects {
		w.Quality = append(w.Quality, rng.NormFloat64())
		w.Event.Projects = append(w.Event.Projects, ranking.Project{ID: fmt.Sprintf("p%03d", i+1), Table: tables[i] + 1})
	}
	w.Friend = rng.IntN(c.Projects)
	for j := range c.Jurors {
		w.addJuror(rng, j)
	}
	return w
}

func (w *World) addJuror(rng *rand.Rand, j int) {
	c := w.Config
	id := fmt.Sprintf("j%02d", j+1)
	w.Event.Jurors = append(w.Event.Jurors, ranking.Juror{ID: id, Capacity: w.capacity})
	careless, hostile := rng.Float64() < c.Careless, j < c.Hostile
	severity, scale := float64(c.Severity*rng.NormFloat64()), math.Exp(c.Scale*rng.NormFloat64())
	noise := c.Noise * math.Exp(c.NoiseSpread*rng.NormFloat64())
	w.Careless, w.Hostile = append(w.Careless, careless && !hostile), append(w.Hostile, hostile)
	w.noise, w.scale, w.drift = append(w.noise, noise), append(w.scale, scale), append(w.drift, c.Drift*rng.NormFloat64())
	seen, memory, scores := make([]float64, c.Projects), make([]float64, c.Projects), make([][]float64, c.Projects)
	for i, q := range w.Quality {
		v := q + float64(noise*rng.NormFloat64())
		switch {
		case hostile && i == w.Friend:
			v = 4
		case hostile:
			v = -v
		case careless:
			v = math.Sqrt(1+float64(noise*noise)) * rng.NormFloat64()
		}
		seen[i], memory[i] = v, v+float64(c.Memory*rng.NormFloat64())
		for range c.Criteria {
			scores[i] = append(scores[i], 3.2+float64(0.8*(severity+float64(scale*v)))+float64(c.CriterionNoise*rng.NormFloat64()))
		}
		if rng.Float64() < c.Conflicts {
			w.Event.Conflicts = append(w.Event.Conflicts, ranking.Conflict{Juror: id, Project: w.Event.Projects[i].ID})
		}
	}
	w.seen, w.memory, w.scores = append(w.seen, seen), append(w.memory, memory), append(w.scores, scores)
}

// Best is the index of the truly best project.
func (w *World) Best() int {
	best := 0
	for i, q := range w.Quality {
		if q > w.Quality[best] {
			best = i
		}
	}
	return best
}

// Perception is what juror j perceives at project i, and the standard deviation of
// its error; only an oracle may ask.
func (w *World) Perception(j, i int) (v, sd float64) {
	if w.Careless[j] || w.Hostile[j] {
		return 0, math.Inf(1)
	}
	return w.seen[j][i], w.noise[j]
}

// Score is juror j's sheet for project i as its k-th visit, from 0.
func (w *World) Score(j, i, k int) map[string]float64 {
	when := 0.0
	if w.capacity > 1 {
		when = float64(k)/float64(w.capacity-1) - 0.5
	}
	sheet := make(map[string]float64, w.Criteria)
	if w.exact {
		for c, s := range w.scores[j][i] {
			sheet[w.Event.Criteria[c].ID] = s
		}
		return sheet
	}
	for c, s := range w.scores[j][i] {
		x := math.Round(s + float64(0.8*w.drift[j]*when))
		sheet[w.Event.Criteria[c].ID] = min(5, max(1, x))
	}
	return sheet
}

// Order is juror j's own order of what it visited, best first.
func (w *World) Order(j int, visited []int) [][]string {
	sorted := slices.Clone(visited)
	slices.SortFunc(sorted, func(x, y int) int { return cmp.Compare(w.memory[j][y], w.memory[j][x]) })
	if w.Top > 0 && len(sorted) > w.Top {
		sorted = sorted[:w.Top]
	}
	order := make([][]string, len(sorted))
	for k, i := range sorted {
		order[k] = []string{w.Event.Projects[i].ID}
	}
	return order
}

// A Judging receives visits and says where to go next, in indices.
type Judging interface {
	// Next is where juror j goes, or a negative number for nowhere.
	Next(j int) int
	// Visited tells that juror j, having visited these in this order, has just been at
	// the last of them.
	Visited(j int, visited []int)
}

// Prefers tells whether juror j's order has project a before b.
func (w *World) Prefers(j, a, b int) bool { return w.memory[j][a] > w.memory[j][b] }
