package ranking

import (
	"context"
	"math"
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
	all := make([]int, len(m.merit))
	for i, x := range m.merit {
		rounded[i] = math.Round(x*1e9) / 1e9
		all[i] = i
	}
	t := newTally(all)
	m.sample(m.plainSeed(), influenceDraws, []*tally{t})
	t.finish()
	return ranksOf(rounded), t.best
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
