package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"

	"h48/engine/ranking/world"
)

// Row is what one method did over all the events of a design.
type Row struct {
	Method  string
	Events  int
	Best    float64 // share of events in which the truly best came first
	Regret  float64 // mean loss of quality by its winner, in sd of quality
	Tau     float64 // mean of Kendall's tau with the truth
	Top3    float64 // mean share of the true top three among its first three
	Said    float64 // mean probability it gave its winner; NaN where it says none
	Covered float64 // share of true ranks inside their interval; NaN where it has none
}

// HalfWidth is that of Best's 95 % interval.
func (r Row) HalfWidth() float64 {
	return 1.96 * math.Sqrt(max(0, r.Best*(1-r.Best))/float64(max(1, r.Events)))
}

// Design is a kind of event and how many of it are played.
type Design struct {
	Name   string
	World  world.Config
	Events int
}

// Designs are those of the standing bars: three visits a project, and five once.
func Designs() []Design {
	return []Design{
		{"6 x 3, all see all", world.Default(6, 3, 3), 400},
		{"20 x 6", world.Default(20, 6, 3), 400},
		{"60 x 20", world.Default(60, 20, 3), 400},
		{"five visits, 60 x 20", world.Default(60, 20, 5), 200},
		{"150 x 40", world.Default(150, 40, 3), 120},
		{"400 x 40", world.Default(400, 40, 3), 40},
	}
}

// voters are the methods that need nothing but votes, in the order of playVotes, and
// oracles those that know more.
var (
	voters = [...]string{
		"raw mean", "z-score by juror", "Copeland on lists (Jury)", "Bradley-Terry, all pairs", "Crowd-BT, own dispatch",
		"ours, even spread", "raw mean on our visits, floor 2", "ours, floor 2", "ours, floor 1",
	}
	oracles = [...]string{"oracle, even spread", "oracle, floor 2"}
)

func newRows(events int, names ...string) []Row {
	rows := make([]Row, len(names))
	for k, name := range names {
		rows[k] = Row{Method: name, Events: events}
	}
	return rows
}

// Play runs every method on the same worlds and calls progress after each. The seed
// and the design decide everything. It returns ctx's error when cancelled.
func Play(ctx context.Context, d Design, seed uint64, progress func(done int)) ([]Row, error) {
	rows := newRows(d.Events, slices.Concat(voters[:], oracles[:])...)
	for e := range d.Events {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		w := world.New(d.World, seed<<32|uint64(e))
		claims, err := playOne(ctx, w, rand.New(rand.NewPCG(seed, uint64(e))))
		if err != nil {
			return nil, fmt.Errorf("event %d of %s: %w", e+1, d.Name, err)
		}
		for k, c := range claims {
			rows[k].add(w, c)
		}
		if progress != nil {
			progress(e + 1)
		}
	}
	return rows, nil
}

// playOne plays one simulated event, with oracles beside the methods.
func playOne(ctx context.Context, w *world.World, rng *rand.Rand) ([]claim, error) {
	claims, err := playVotes(ctx, w, rng)
	if err != nil {
		return nil, err
	}
	for _, floor := range []int{evenFloor, 2} {
		o := newOracle(w, floor, rng)
		w.Run(o)
		claims = append(claims, silent(o.score()))
	}
	return claims, nil
}

// add counts one event. Equal scores are ordered by chance-free position, which knows
// nothing of quality.
func (r *Row) add(w *world.World, c claim) {
	n := len(c.score)
	order, truth := byScore(c.score), byScore(w.Quality)
	rank, trueRank := make([]int, n), make([]int, n)
	for k := range n {
		rank[order[k]], trueRank[truth[k]] = k+1, k+1
	}
	share := 1 / float64(r.Events)
	if order[0] == truth[0] {
		r.Best += share
	}
	r.Regret += float64(share * (w.Quality[truth[0]] - w.Quality[order[0]]))
	agree, pairs, found, covered := 0.0, 0.0, 0.0, 0.0
	for i := range n {
		for j := range i {
			pairs++
			if (rank[i] < rank[j]) == (trueRank[i] < trueRank[j]) {
				agree++
			}
		}
		if rank[i] <= 3 && trueRank[i] <= 3 {
			found += 1 / float64(min(3, n))
		}
		if c.lo != nil && c.lo[i] <= trueRank[i] && trueRank[i] <= c.hi[i] {
			covered += 1 / float64(n)
		}
	}
	r.Tau += float64(share * (2*agree/max(1, pairs) - 1))
	r.Top3 += float64(share * found)
	r.Said += float64(share * c.pBest)
	if c.lo == nil {
		covered = math.NaN()
	}
	r.Covered += float64(share * covered)
}

func byScore(score []float64) []int {
	order := make([]int, len(score))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(score[y], score[x]) })
	return order
}

// Write prints one design's rows as a Markdown table.
func Write(out io.Writer, d Design, rows []Row) error {
	title := fmt.Sprintf("%s, %d visits, %d events", d.Name, d.World.Visits, d.Events)
	return WriteTable(out, title, rows)
}

// WriteTable prints rows as a Markdown table under a title.
func WriteTable(out io.Writer, title string, rows []Row) error {
	_, err := fmt.Fprintf(out, "\n## %s\n\n"+
		"| method | the best wins | regret | tau | top 3 | says best | 90 %% covers |\n|---|---|---|---|---|---|---|\n",
		title)
	for _, r := range rows {
		if err != nil {
			break
		}
		_, err = fmt.Fprintf(out, "| %s | %.3f ± %.3f | %.3f | %.3f | %.3f | %s | %s |\n",
			r.Method, r.Best, r.HalfWidth(), r.Regret, r.Tau, r.Top3, orDash(r.Said), orDash(r.Covered))
	}
	if err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

func orDash(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.3f", x)
}
