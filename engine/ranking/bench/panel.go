package bench

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"

	"h48/engine/ranking"
	"h48/engine/ranking/rival"
	"h48/engine/ranking/world"
)

// Panel is a segment that every one of its judges scored whole.
type Panel struct {
	Name   string
	scores [][][]float64 // judge, performance, criterion
}

// skatingCriteria are the columns of the skating file: the mean component mark and
// the mean grade of execution, as wide as their rules allow.
func skatingCriteria() []ranking.Criterion {
	return []ranking.Criterion{{ID: "components", Min: 0, Max: 10, Weight: 1}, {ID: "execution", Min: -3, Max: 3, Weight: 1}}
}

// ReadPanels reads rows of segment, performance, judge, components, execution. A
// performance that some judge of its segment did not score is left out.
func ReadPanels(in io.Reader) ([]Panel, error) {
	records, err := csv.NewReader(in).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("reading the panels: %w", err)
	}
	type segment struct {
		name                 string
		judges, performances []string
		judgeAt, performedAt map[string]int
		marks                map[[2]int][]float64
	}
	at := map[string]*segment{}
	var order []*segment
	for k, r := range records {
		if k == 0 {
			continue
		}
		if len(r) != 5 {
			return nil, fmt.Errorf("reading the panels: row %d has %d fields, not 5", k+1, len(r))
		}
		s := at[r[0]]
		if s == nil {
			s = &segment{name: r[0], judgeAt: map[string]int{}, performedAt: map[string]int{}, marks: map[[2]int][]float64{}}
			at[r[0]] = s
			order = append(order, s)
		}
		components, err1 := strconv.ParseFloat(r[3], 64)
		execution, err2 := strconv.ParseFloat(r[4], 64)
		if err1 != nil || err2 != nil {
			return nil, fmt.Errorf("reading the panels: row %d: %q or %q is not a number", k+1, r[3], r[4])
		}
		if _, known := s.performedAt[r[1]]; !known {
			s.performedAt[r[1]] = len(s.performances)
			s.performances = append(s.performances, r[1])
		}
		if _, known := s.judgeAt[r[2]]; !known {
			s.judgeAt[r[2]] = len(s.judges)
			s.judges = append(s.judges, r[2])
		}
		s.marks[[2]int{s.judgeAt[r[2]], s.performedAt[r[1]]}] = []float64{components, execution}
	}
	var panels []Panel
	for _, s := range order {
		p := Panel{Name: s.name, scores: make([][][]float64, len(s.judges))}
		for i := range s.performances {
			whole := true
			for j := range s.judges {
				whole = whole && s.marks[[2]int{j, i}] != nil
			}
			for j := range s.judges {
				if whole {
					p.scores[j] = append(p.scores[j], s.marks[[2]int{j, i}])
				}
			}
		}
		if len(p.scores[0]) > 0 {
			panels = append(panels, p)
		}
	}
	return panels, nil
}

// PlayPanels shows each judge of each panel a third of the performances, so many
// times over, and asks who finds the verdict of the whole panel. That verdict holds
// the sample, so intervals cover more than they promise.
func PlayPanels(ctx context.Context, panels []Panel, times int, seed uint64) ([]Row, error) {
	rows := newRows(times*len(panels), voters[:]...)
	for n, p := range panels {
		for e := range times {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			key := uint64(n)<<32 | uint64(e)
			w := world.FromPanel(skatingCriteria(), p.scores, 3, seed<<48|key)
			claims, err := playVotes(ctx, w, rand.New(rand.NewPCG(seed, key)))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.Name, err)
			}
			for k := range rows {
				rows[k].add(w, claims[k])
			}
		}
	}
	return rows, nil
}

// playVotes plays one event with every method that needs nothing but votes.
func playVotes(ctx context.Context, w *world.World, rng *rand.Rand) ([]claim, error) {
	var ours [3]played
	for k, floor := range []int{evenFloor, 2, 1} {
		var err error
		if ours[k], err = playEngine(ctx, w, floor, 1); err != nil {
			return nil, err
		}
	}
	even := ours[0].ballots
	c := newCrowd(w, rng)
	w.Run(c)
	return []claim{
		silent(rival.Raw(w.Projects, even)), silent(rival.ZScore(w.Projects, even)),
		silent(rival.Copeland(w.Projects, even)), silent(rival.BradleyTerry(w.Projects, even, 1)),
		silent(c.model.Mu), ours[0].said, silent(rival.Raw(w.Projects, ours[1].ballots)), ours[1].said, ours[2].said,
	}, nil
}
