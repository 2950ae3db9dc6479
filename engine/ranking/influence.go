package ranking

import (
	"context"
	"math"
	"slices"
)

// Influence is how far a ranking moves when one juror's sheet is left out.
type Influence struct {
	Places int     // the largest change of a project's place
	Moved  string  // the project that moves so far, "" where none does
	First  float64 // the largest change of a project's probability of being the best
	Of     string  // the project whose probability changes so
}

// influenceDraws are enough for a hundredth: the draws with and without a juror are the
// same ones, so that their noise cancels.
const influenceDraws = 400

// influences refits the model without each juror in turn, its variances and the weights of
// the others kept, and compares places and probabilities. m is canonical.
func (p *Posterior) influences(ctx context.Context, m *mixed, name []string) ([]Influence, error) {
	place, first := m.outcome()
	all := make([]Influence, len(m.weight))
	for j := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		left := m.leaving(j)
		if left == nil {
			continue
		}
		without, chance := left.outcome()
		x := &all[j]
		for i := range place {
			if d := without[i] - place[i]; max(d, -d) > x.Places {
				x.Places, x.Moved = max(d, -d), name[i]
			}
			if d := math.Abs(chance[i] - first[i]); d > x.First+1e-9 {
				x.First, x.Of = d, name[i]
			}
		}
		p.progress(0.6 + 0.4*float64(j)/float64(len(all)))
	}
	return all, nil
}

// outcome is the place of every project by its merit, and its probability of being best.
func (m *mixed) outcome() (place []int, first []float64) {
	rounded := make([]float64, len(m.merit))
	for i, x := range m.merit {
		rounded[i] = math.Round(x*1e9) / 1e9
	}
	among := make([]int, m.contenders())
	for i := range among {
		among[i] = i
	}
	t := newTally(among)
	t.of, t.firstOnly = len(m.merit), true
	m.sample(m.plainSeed(), influenceDraws, len(among), []*tally{t})
	t.finish()
	first = slices.Concat(t.best, slices.Repeat([]float64{doubt / float64(t.of)}, t.of-len(among)))
	return ranksOf(rounded), first
}

// contenders is how many of the first projects, which stand about by merit, hold all that
// may be the best: that another one is, has a chance of less than one in a hundred million.
func (m *mixed) contenders() int {
	const far = 6 // standard deviations
	sure, last := math.Inf(-1), 0
	for i, x := range m.merit {
		sure = max(sure, x-float64(far*math.Sqrt(m.meritVar[i])))
	}
	for i, x := range m.merit {
		if x+float64(far*math.Sqrt(m.meritVar[i])) >= sure {
			last = i
		}
	}
	return last + 1
}

// leaving is the model without juror j's observations, nil where it has none.
func (m *mixed) leaving(j int) *mixed {
	ev := m.ev
	ev.project, ev.juror, ev.value = nil, nil, nil
	for k, of := range m.ev.juror {
		if of != j {
			ev.project = append(ev.project, m.ev.project[k])
			ev.juror = append(ev.juror, of)
			ev.value = append(ev.value, m.ev.value[k])
		}
	}
	if len(ev.value) == len(m.ev.value) {
		return nil
	}
	left := newMixed(ev, len(m.merit), len(m.weight), m)
	left.solve()
	return left
}
