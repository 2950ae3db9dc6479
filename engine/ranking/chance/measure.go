package chance

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"h48/engine/ranking"
	"h48/engine/ranking/world"
)

// Cell is a kind of event: so many projects and jurors, so many visits a project, judged
// in one way.
type Cell struct {
	Way                      Way
	Projects, Jurors, Visits int // Visits of each project
}

// possible says whether the event can be held: nobody sees a project twice.
func (c Cell) possible() bool {
	return c.Projects >= 2 && c.Jurors >= 1 && c.Visits >= 1 && c.Visits <= c.Jurors
}

// Row is what was measured of a cell.
type Row struct {
	Cell
	Events int
	// Best is the share of events in which the truly best project came first; Finals the
	// share in which it won a final of so many (FinalSizes) before the whole jury, whose
	// marks alone decided.
	Best   float64
	Finals [len(FinalSizes)]float64
}

// FinalSizes are the finals that are measured.
var FinalSizes = [...]int{3, 5, 8}

// Measure plays so many invented events of the cell (world.Default, all jurors out at the
// same time, sent where the engine sends them) and counts. Cell, events and seed decide
// everything. It returns ctx's error when cancelled.
func Measure(ctx context.Context, c Cell, events int, seed uint64) (Row, error) {
	row := Row{Cell: c, Events: events}
	for e := range events {
		if err := ctx.Err(); err != nil {
			return row, err
		}
		config := world.Default(c.Projects, c.Jurors, c.Visits)
		config.Parallel = true
		w := world.New(config, seed<<32|uint64(e))
		order, err := hold(w, c.Way)
		if err != nil {
			return row, fmt.Errorf("event %d of %v: %w", e+1, c, err)
		}
		if order[0] == w.Best() {
			row.Best++
		}
		for k, size := range FinalSizes {
			if size >= c.Projects {
				continue
			}
			winner, err := final(w, c.Way, order[:size])
			if err != nil {
				return row, fmt.Errorf("the final of event %d of %v: %w", e+1, c, err)
			}
			if winner == w.Best() {
				row.Finals[k]++
			}
		}
	}
	row.Best /= float64(events)
	for k := range row.Finals {
		row.Finals[k] /= float64(events)
	}
	return row, nil
}

// judging is one event under way.
type judging struct {
	world     *world.World
	way       Way
	posterior *ranking.Posterior
	at        map[string]int
	err       error
}

func start(w *world.World, way Way, e ranking.Event, visits int) (*judging, error) {
	p, err := ranking.New(e, ranking.Options{VisitsTotal: visits})
	if err != nil {
		return nil, fmt.Errorf("opening a world: %w", err)
	}
	j := &judging{world: w, way: way, posterior: p, at: map[string]int{}}
	for i, q := range w.Event.Projects {
		j.at[q.ID] = i
	}
	return j, nil
}

// Next asks the engine.
func (g *judging) Next(j int) int {
	id, ok, err := g.posterior.Next(g.world.Event.Jurors[j].ID)
	if err != nil || !ok {
		g.err = cmp.Or(g.err, err)
		return -1
	}
	return g.at[id]
}

// Visited says what the juror says in this way of judging: marks, and whether this project
// is better than the one before.
func (g *judging) Visited(j int, visited []int) {
	k := len(visited) - 1
	juror, project := g.world.Event.Jurors[j].ID, g.world.Event.Projects[visited[k]].ID
	visit := ranking.Visit{Juror: juror, Project: project, Seq: k + 1}
	if g.way != Comparison {
		visit.Scores = g.world.Score(j, visited[k], k)
	}
	g.err = cmp.Or(g.err, g.posterior.AddVisit(visit, nil))
	if g.way == Criteria || k == 0 {
		return
	}
	c := ranking.Comparison{Juror: juror, Winner: project, Loser: g.world.Event.Projects[visited[k-1]].ID}
	if !g.world.Prefers(j, visited[k], visited[k-1]) {
		c.Winner, c.Loser = c.Loser, c.Winner
	}
	g.err = cmp.Or(g.err, g.posterior.Compare(c))
}

// order is the ranking in indices, best first.
func (g *judging) order() ([]int, error) {
	var all []int
	for _, id := range g.posterior.Order() {
		all = append(all, g.at[id])
	}
	return all, g.err
}

func hold(w *world.World, way Way) ([]int, error) {
	g, err := start(w, way, w.Event, w.Visits)
	if err != nil {
		return nil, err
	}
	w.Run(g)
	return g.order()
}

// final has every juror see every finalist, whom they may, and returns the winner. Jurors
// perceive a project as they did before: a second look by the same eyes is no new one.
func final(w *world.World, way Way, finalists []int) (int, error) {
	e := w.Event
	e.Projects = nil
	in := map[string]bool{}
	for _, i := range finalists {
		e.Projects = append(e.Projects, w.Event.Projects[i])
		in[w.Event.Projects[i].ID] = true
	}
	e.Conflicts = slices.DeleteFunc(slices.Clone(e.Conflicts), func(c ranking.Conflict) bool { return !in[c.Project] })
	barred := map[ranking.Conflict]bool{}
	for _, c := range e.Conflicts {
		barred[c] = true
	}
	e.Jurors = slices.Clone(e.Jurors)
	for j := range e.Jurors {
		e.Jurors[j].Capacity = 0
	}
	g, err := start(w, way, e, 0)
	if err != nil {
		return 0, err
	}
	for j, juror := range e.Jurors {
		var seen []int
		for _, i := range finalists {
			if !barred[ranking.Conflict{Juror: juror.ID, Project: w.Event.Projects[i].ID}] {
				seen = append(seen, i)
				g.Visited(j, seen)
			}
		}
	}
	order, err := g.order()
	if err != nil {
		return 0, err
	}
	return order[0], nil
}
