package ranking

import "math"

// Choosing how much of an observation the order decides: min(mostOrder, orderSlope x
// share of stated pairs that the scores contradict or, half, leave tied). The slope and
// the cap are chosen on simulated events; docs/bench/ranking.md says what others gave.
const (
	mostOrder  = 0.5
	orderSlope = 2.5
)

// evidence is one observation a visit, as its distance from the juror's mean in
// standard deviations within jurors, sorted by juror and then project.
type evidence struct {
	project, juror []int
	value          []float64
	mean           []float64 // by juror, in the unit of the total
	unscored       []bool    // by juror: order only, so its mean says nothing
	unit           float64   // of value, in the unit of the total
	orderShare     float64
}

// fuse makes one observation of each visit that says anything. Counting a score and
// the pairs of an order as separate evidence would count one perception twice.
func (b *book) fuse() evidence {
	sheets := b.readings()
	spread := pooledSpread(sheets)
	share := orderShare(sheets)
	ev := evidence{unscored: make([]bool, len(sheets)), orderShare: share}
	visits := 0
	for _, r := range sheets {
		visits += len(r.lines)
	}
	ev.project, ev.juror, ev.value = make([]int, 0, visits), make([]int, 0, visits), make([]float64, 0, visits)
	for j, r := range sheets {
		ev.unscored[j] = r.scored == 0
		for k, v := range r.blend(spread, share) {
			if !math.IsNaN(v) {
				ev.project = append(ev.project, r.lines[k].project)
				ev.juror = append(ev.juror, j)
				ev.value = append(ev.value, v)
			}
		}
	}
	ev.centre(len(sheets))
	return ev
}

// centre takes each juror's mean out, so that no constant a juror adds to all its
// scores can reach a merit, and measures the rest in its own standard deviation.
// Without any spread the unit stays 1: nothing is then to be told apart.
func (ev *evidence) centre(jurors int) {
	ev.mean = make([]float64, jurors)
	n := make([]float64, jurors)
	for k, v := range ev.value {
		ev.mean[ev.juror[k]] += v
		n[ev.juror[k]]++
	}
	var square, freedom, largest float64
	for j := range ev.mean {
		if n[j] > 0 {
			ev.mean[j] /= n[j]
			freedom += n[j] - 1
		}
	}
	for k, v := range ev.value {
		largest = max(largest, math.Abs(v))
		ev.value[k] = v - ev.mean[ev.juror[k]]
		square += float64(ev.value[k] * ev.value[k])
	}
	ev.unit = 1
	if sd := math.Sqrt(square / max(1, freedom)); sd > 1e-9*(1+largest) {
		ev.unit = sd
	}
	for k := range ev.value {
		ev.value[k] /= ev.unit
	}
}

// pooledSpread is the standard deviation of totals within a juror, over all jurors.
// It is 1 where no juror told two projects apart by score.
func pooledSpread(sheets []*reading) float64 {
	var square, freedom float64
	for _, r := range sheets {
		square += r.square
		freedom += max(0, float64(r.scored-1))
	}
	if freedom == 0 || square <= 1e-18*freedom {
		return 1
	}
	return math.Sqrt(square / freedom)
}

// orderShare reads off the data how much an order adds: nothing where fine scores
// agree with it, up to half where scores are coarse and tied.
func orderShare(sheets []*reading) float64 {
	var off, stated float64
	for _, r := range sheets {
		off += r.off
		stated += r.stated
	}
	if stated == 0 {
		return 0
	}
	return min(mostOrder, orderSlope*off/stated)
}

// blend is what each line comes to by scores and order.
func (r *reading) blend(spread, share float64) []float64 {
	values := make([]float64, len(r.lines))
	for k, l := range r.lines {
		byOrder := r.level + float64(spread*l.normal)
		switch {
		case l.place == 0:
			values[k] = l.value
		case math.IsNaN(l.total):
			values[k] = byOrder
		default:
			values[k] = float64((1-share)*l.value) + float64(share*byOrder)
		}
	}
	return values
}
