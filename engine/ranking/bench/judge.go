// Package bench compares ways of ranking, and of sending jurors out, in simulated
// events whose truth is known, at equal numbers of visits.
package bench

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"h48/engine/ranking"
	"h48/engine/ranking/rival"
	"h48/engine/ranking/world"
)

// evenFloor makes the engine spread visits evenly to the end.
const evenFloor = 1 << 30

// engine judges with our own posterior and remembers the ballots for the others.
type engine struct {
	world     *world.World
	posterior *ranking.Posterior
	at        map[string]int
	ballots   []rival.Ballot
	err       error
}

func newEngine(w *world.World, floor, together int) (*engine, error) {
	p, err := ranking.New(w.Event, ranking.Options{Floor: floor, VisitsTotal: w.Visits, Together: together})
	if err != nil {
		return nil, fmt.Errorf("opening a world: %w", err)
	}
	e := &engine{world: w, posterior: p, at: map[string]int{}, ballots: make([]rival.Ballot, w.Jurors)}
	for i, q := range w.Event.Projects {
		e.at[q.ID] = i
	}
	return e, nil
}

// Next asks the posterior.
func (e *engine) Next(j int) int {
	id, ok, err := e.posterior.Next(e.world.Event.Jurors[j].ID)
	if err != nil || !ok {
		e.err = cmp.Or(e.err, err)
		return -1
	}
	return e.at[id]
}

// Visited tells the posterior and keeps the ballot.
func (e *engine) Visited(j int, visited []int) {
	k := len(visited) - 1
	i := visited[k]
	scores, order := e.world.Score(j, i, k), e.world.Order(j, visited)
	err := e.posterior.AddVisit(ranking.Visit{
		Juror: e.world.Event.Jurors[j].ID, Project: e.world.Event.Projects[i].ID, Seq: k + 1, Scores: scores,
	}, order)
	e.err = cmp.Or(e.err, err)
	total := 0.0
	for _, c := range e.world.Event.Criteria {
		total += scores[c.ID] / float64(len(scores))
	}
	b := &e.ballots[j]
	b.Seen, b.Totals, b.Order = append(b.Seen, i), append(b.Totals, total), b.Order[:0]
	for _, place := range order {
		b.Order = append(b.Order, e.at[place[0]])
	}
}

// claim is a method's ranking of one event; the engine's also says how sure it is.
type claim struct {
	score  []float64
	pBest  float64 // said of the first; NaN where nothing is said
	lo, hi []int   // nil where nothing is said
}

func (e *engine) claim(ctx context.Context) (claim, error) {
	r, err := e.posterior.Result(ctx)
	if err = cmp.Or(e.err, err); err != nil {
		return claim{}, err
	}
	n := len(r.Projects)
	c := claim{score: make([]float64, n), pBest: r.Projects[0].PBest, lo: make([]int, n), hi: make([]int, n)}
	for _, s := range r.Projects {
		i := e.at[s.Project]
		c.score[i], c.lo[i], c.hi[i] = -float64(s.Rank), s.RankLo, s.RankHi
	}
	return c, nil
}

func silent(score []float64) claim { return claim{score: score, pBest: math.NaN()} }

// crowd drives Crowd-BT with its own dispatch: this one or the one before.
type crowd struct {
	world   *world.World
	model   *rival.CrowdBT
	barred  map[[2]int]bool
	visited [][]int
}

func newCrowd(w *world.World, rng *rand.Rand) *crowd {
	c := &crowd{
		world: w, model: rival.NewCrowdBT(w.Projects, w.Jurors, rng),
		barred: barred(w), visited: make([][]int, w.Jurors),
	}
	return c
}

func barred(w *world.World) map[[2]int]bool {
	juror, project := map[string]int{}, map[string]int{}
	for j, q := range w.Event.Jurors {
		juror[q.ID] = j
	}
	for i, q := range w.Event.Projects {
		project[q.ID] = i
	}
	pairs := map[[2]int]bool{}
	for _, c := range w.Event.Conflicts {
		pairs[[2]int{juror[c.Juror], project[c.Project]}] = true
	}
	return pairs
}

func openTo(j, projects int, visited []int, barred map[[2]int]bool) []int {
	var open []int
	for i := range projects {
		if !barred[[2]int{j, i}] && !slices.Contains(visited, i) {
			open = append(open, i)
		}
	}
	return open
}

// Next asks Crowd-BT.
func (c *crowd) Next(j int) int {
	open := openTo(j, c.world.Projects, c.visited[j], c.barred)
	if len(open) == 0 {
		return -1
	}
	previous := -1
	if n := len(c.visited[j]); n > 0 {
		previous = c.visited[j][n-1]
	}
	return c.model.Next(j, previous, open)
}

// Visited answers "this one or the one before" as the juror's own order does.
func (c *crowd) Visited(j int, visited []int) {
	c.visited[j] = slices.Clone(visited)
	i := visited[len(visited)-1]
	c.model.View(i)
	if len(visited) < 2 {
		return
	}
	before := visited[len(visited)-2]
	if c.world.Prefers(j, i, before) {
		c.model.Compare(j, i, before)
	} else {
		c.model.Compare(j, before, i)
	}
}

// oracle reads the jurors' minds: perceptions without severity, scale or rounding,
// and who is careless. It spreads evenly up to the floor and then draws contenders
// as the engine does.
type oracle struct {
	world     *world.World
	floor     int
	rng       *rand.Rand
	barred    map[[2]int]bool
	visited   [][]int
	visits    []int
	top, base []float64 // of the posterior: precision times mean, precision
}

func newOracle(w *world.World, floor int, rng *rand.Rand) *oracle {
	o := &oracle{
		world: w, floor: floor, rng: rng, barred: barred(w), visited: make([][]int, w.Jurors),
		visits: make([]int, w.Projects), top: make([]float64, w.Projects), base: make([]float64, w.Projects),
	}
	for i := range o.base {
		o.base[i] = 1
	}
	return o
}

// Next covers evenly and then goes where the best may be.
func (o *oracle) Next(j int) int {
	open := openTo(j, o.world.Projects, o.visited[j], o.barred)
	if len(open) == 0 {
		return -1
	}
	o.rng.Shuffle(len(open), func(x, y int) { open[x], open[y] = open[y], open[x] })
	least := slices.MinFunc(open, func(x, y int) int { return cmp.Compare(o.visits[x], o.visits[y]) })
	if o.visits[least] < o.floor {
		return least
	}
	for range 60 {
		best, most := -1, math.Inf(-1)
		for i := range o.base {
			if x := o.top[i]/o.base[i] + o.rng.NormFloat64()/math.Sqrt(o.base[i]); x > most {
				best, most = i, x
			}
		}
		if slices.Contains(open, best) {
			return best
		}
	}
	return open[0]
}

// Visited reads the perception.
func (o *oracle) Visited(j int, visited []int) {
	o.visited[j] = slices.Clone(visited)
	i := visited[len(visited)-1]
	o.visits[i]++
	if v, sd := o.world.Perception(j, i); !math.IsInf(sd, 1) {
		o.top[i] += v / (sd * sd)
		o.base[i] += 1 / (sd * sd)
	}
}

func (o *oracle) score() []float64 {
	mean := make([]float64, len(o.top))
	for i := range mean {
		mean[i] = o.top[i] / o.base[i]
	}
	return mean
}
