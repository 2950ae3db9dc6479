package ranking

import "math"

// Reasons say why an estimate differs from the raw mean: in the unit of the total, they
// add up to the difference exactly. They are read off the model's own arithmetic, one
// step after another, not guessed afterwards.
type Reasons struct {
	Jurors float64 // those who saw it are strict (positive) or mild
	Order  float64 // the jurors' own orders put it elsewhere than their marks
	Scale  float64 // marks crowd at one end of the scale and are given back their distance
	Weight float64 // sheets that contradict the others count for less
	Few    float64 // few visits: pulled towards the middle
}

// Total is the whole difference.
func (r Reasons) Total() float64 { return r.Jurors + r.Order + r.Scale + r.Weight + r.Few }

// steps are the running sums over a project's observations from which its Reasons follow.
type steps struct {
	scored, n           float64 // observations with a total, and all
	raw, adjusted       float64 // totals; totals less strictness, over the scored
	ordered, bent       float64 // with the order; with the scale as well, over all
	precision, weighted float64
}

// reasons takes every estimate apart. The model is the one that the estimate is read
// from, in the book's own numbering.
func (p *Posterior) reasons(m *mixed) []Reasons {
	plain := p.book.fuse() // the same observations before reshape bent them
	totals := map[[2]int]float64{}
	for j, lines := range p.book.totals() {
		for _, l := range lines {
			totals[[2]int{j, l.project}] = l.total
		}
	}
	ordinary := m.ordinaryLevel()
	sums := make([]steps, len(m.merit))
	for k, i := range m.ev.project {
		j, s := m.ev.juror[k], &sums[i]
		own := m.level + m.severity[j]
		strict := m.strictness(j) - ordinary
		if t := totals[[2]int{j, i}]; !math.IsNaN(t) {
			s.scored++
			s.raw += t
			s.adjusted += t - strict
		}
		s.n++
		s.ordered += ordinary + float64(m.ev.unit*(plain.value[k]-own))
		s.bent += m.ev.value[k] - own
		w := m.precisionOf(k)
		s.precision += w
		s.weighted += float64(w * (m.ev.value[k] - own))
	}
	all := make([]Reasons, len(sums))
	for i, s := range sums {
		if s.scored == 0 {
			continue
		}
		raw, adjusted, ordered := s.raw/s.scored, s.adjusted/s.scored, s.ordered/s.n
		bent, weighted := s.bent/s.n, s.weighted/s.precision
		all[i] = Reasons{
			Jurors: adjusted - raw,
			Order:  ordered - adjusted,
			Scale:  ordinary + float64(m.ev.unit*bent) - ordered,
			Weight: float64(m.ev.unit * (weighted - bent)),
			Few:    float64(m.ev.unit * (s.weighted/(s.precision+1/m.vMerit) - weighted)),
		}
	}
	return all
}
