package ranking

import (
	"cmp"
	"math"
	"slices"
)

// bend is how far reshape goes: 0 not at all, 1 all the way.
const bend = 0.5

// reshape bends the values, severities taken out, half way to normal quantiles of
// their ranks (Blom 1958). A rubric has a ceiling and the best projects crowd under
// it; the bend gives them back their distance. It is monotone, so it contradicts no
// juror's order.
func (ev evidence) reshape(severity []float64) evidence {
	adjusted := make([]float64, len(ev.value))
	var mean, square float64
	for k, v := range ev.value {
		adjusted[k] = v - severity[ev.juror[k]]
		mean += adjusted[k] / float64(len(adjusted))
	}
	for _, v := range adjusted {
		square += (v - mean) * (v - mean) / float64(len(adjusted))
	}
	sd := math.Sqrt(square)
	if sd < 1e-9 {
		return ev
	}
	row := rising(adjusted)
	bent := ev
	bent.value = make([]float64, len(adjusted))
	below, upTo := 0, 0
	for _, s := range row {
		k, v := s.at, s.value
		for below < len(row) && row[below].value < v-1e-9 {
			below++
		}
		for upTo < len(row) && row[upTo].value < v+1e-9 {
			upTo++
		}
		rank := float64((float64(below) + float64(upTo) + 1) / 2)
		z := normalQuantile((rank - 0.375) / (float64(len(row)) + 0.25))
		bent.value[k] = float64(bend*sd*z) + float64((1-bend)*(v-mean)) + severity[ev.juror[k]] + mean
	}
	return bent
}

// sorted is a value and where it stood.
type sorted struct {
	value float64
	at    int
}

// rising sorts values: thrown into as many equal drawers as there are values, each of
// which is then sorted. Most hold one or two.
func rising(values []float64) []sorted {
	n := len(values)
	least, most := slices.Min(values), slices.Max(values)
	scale := float64(n-1) / max(most-least, 1e-300)
	drawer := func(v float64) int { return min(n-1, max(0, int(float64(scale*(v-least))))) }
	from := make([]int, n+1)
	for _, v := range values {
		from[drawer(v)+1]++
	}
	for d := range n {
		from[d+1] += from[d]
	}
	all := make([]sorted, n)
	next := slices.Clone(from)
	for k, v := range values {
		d := drawer(v)
		all[next[d]] = sorted{v, k}
		next[d]++
	}
	for d := range n {
		if in := all[from[d]:from[d+1]]; len(in) > 1 {
			slices.SortFunc(in, func(x, y sorted) int { return cmp.Or(cmp.Compare(x.value, y.value), x.at-y.at) })
		}
	}
	return all
}
