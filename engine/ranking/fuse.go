package ranking

import (
	"cmp"
	"math"
	"slices"
)

// Choosing how much of an observation the order decides (judging.md, section 3,
// step A): orderShare = min(mostOrder, orderSlope x share of stated pairs that the
// scores contradict or leave tied).
const (
	mostOrder  = 0.5
	orderSlope = 2.5
	bend       = 0.5 // how far reshape goes: 0 not at all, 1 all the way
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

// line is one visit on the way to becoming an observation.
type line struct {
	project int
	total   float64 // NaN without scores
	place   int     // 1 is best; 0 where the juror did not list it
	value   float64 // the total, as far as it fits the order
	normal  float64 // what the order alone says, where there is a place
}

// reading is what one juror's sheet says in itself, kept until the sheet changes or its totals
// do: after one more visit, that is one juror's.
type reading struct {
	lines  []line
	level  float64 // mean total of those with a place, or of all where none of them is scored
	scored int     // lines with a total
	square float64 // of the totals about their mean
	off    float64 // stated pairs that the scores contradict, half for a tie
	stated float64
}

// readings reads all sheets, those that are as they were from memory.
func (b *book) readings() []*reading {
	all := make([]*reading, len(b.sheets))
	for j, lines := range b.totals() {
		s := &b.sheets[j]
		if s.read == nil || !slices.EqualFunc(s.read.lines, lines, sameTotal) {
			s.place(lines)
			s.read = readLines(lines)
		}
		all[j] = s.read
	}
	return all
}

func sameTotal(x, y line) bool {
	return x.project == y.project && math.Float64bits(x.total) == math.Float64bits(y.total)
}

// readLines works out a reading from lines with total and place.
func readLines(lines []line) *reading {
	r := &reading{lines: lines}
	var mean float64
	mean, r.scored = meanTotal(lines)
	for _, l := range lines {
		if !math.IsNaN(l.total) {
			r.square += float64((l.total - mean) * (l.total - mean))
		}
	}
	listed := listedLines(lines)
	r.off, r.stated = contradicted(listed)
	monotone(listed)
	for k := range lines {
		if lines[k].place == 0 {
			lines[k].value = lines[k].total
		}
	}
	normalScores(listed)
	r.level = mean
	centre, n := 0.0, 0.0
	for _, l := range listed {
		if !math.IsNaN(l.total) {
			centre += l.total
			n++
		}
	}
	if n > 0 {
		r.level = centre / n
	}
	return r
}

// totals gives every line its weighted mean. Where a criterion is missing, the given
// ones speak for it by how far they lie from their own means over the event: a
// harder criterion left out must not raise a total.
func (b *book) totals() [][]line {
	seen := make([][]entry, len(b.sheets))
	for j := range seen {
		seen[j] = b.counted(j)
	}
	mean := make([]float64, len(b.criteria))
	var weight, level float64
	asked := 0
	for c, criterion := range b.criteria {
		var n float64
		for _, seen := range seen {
			for _, e := range seen {
				if !math.IsNaN(e.scores[c]) {
					mean[c] += e.scores[c]
					n++
				}
			}
		}
		if n > 0 {
			mean[c] /= n
			asked++
			weight += criterion.Weight
			level += float64(criterion.Weight * mean[c])
		}
	}
	sheets := make([][]line, len(b.sheets))
	for j, seen := range seen {
		sheets[j] = make([]line, 0, len(seen))
		for _, e := range seen {
			var given, above, plain float64
			n := 0
			for c, x := range e.scores {
				if !math.IsNaN(x) {
					n++
					plain += float64(b.criteria[c].Weight * x)
					given += b.criteria[c].Weight
					above += float64(b.criteria[c].Weight * (x - mean[c]))
				}
			}
			total := math.NaN()
			if n > 0 && n == asked { // what the others got does not matter
				total = plain / weight
			} else if given > 0 {
				total = level/weight + above/given
			}
			sheets[j] = append(sheets[j], line{project: e.project, total: total})
		}
	}
	return sheets
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

// meanTotal is the mean over the scored lines, zero without any.
func meanTotal(lines []line) (mean float64, n int) {
	for _, l := range lines {
		if !math.IsNaN(l.total) {
			mean += l.total
			n++
		}
	}
	if n > 0 {
		mean /= float64(n)
	}
	return mean, n
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

// contradicted counts the stated pairs of scored lines and those that the scores
// contradict, half where they tie.
func contradicted(listed []*line) (off, stated float64) {
	for k, better := range listed {
		for _, worse := range listed[k+1:] {
			if better.place == worse.place || math.IsNaN(better.total) || math.IsNaN(worse.total) {
				continue
			}
			stated++
			switch {
			case better.total < worse.total-1e-9:
				off++
			case better.total <= worse.total+1e-9:
				off += 0.5
			}
		}
	}
	return off, stated
}

// listedLines are the lines that the juror ordered, best first; among tied ones the
// better scored first (Kruskal's primary approach to ties), the unscored last.
func listedLines(lines []line) []*line {
	var listed []*line
	for k := range lines {
		if lines[k].place > 0 {
			listed = append(listed, &lines[k])
		}
	}
	slices.SortStableFunc(listed, func(x, y *line) int {
		if c := cmp.Compare(x.place, y.place); c != 0 {
			return c
		}
		return cmp.Compare(y.total, x.total) // NaN is the least
	})
	return listed
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

// monotone sets the values of the scored lines to the nearest ones (least squares)
// that never rise down the order: pool adjacent violators (Ayer et al. 1955).
func monotone(listed []*line) {
	type block struct {
		sum   float64
		lines []*line
	}
	var blocks []block
	for _, l := range listed {
		if math.IsNaN(l.total) {
			continue
		}
		blocks = append(blocks, block{l.total, []*line{l}})
		for n := len(blocks); n > 1; n = len(blocks) {
			last, above := blocks[n-1], &blocks[n-2]
			if above.sum*float64(len(last.lines)) >= last.sum*float64(len(above.lines)) {
				break
			}
			above.sum += last.sum
			above.lines = append(above.lines, last.lines...)
			blocks = blocks[:n-1]
		}
	}
	for _, b := range blocks {
		for _, l := range b.lines {
			l.value = b.sum / float64(len(b.lines))
		}
	}
}

// normalScores fills in Blom's (1958): what a normal sample of that size would show at
// each place, the best positive. Tied places share their mean.
func normalScores(listed []*line) {
	n := float64(len(listed))
	for from := 0; from < len(listed); {
		to, sum := from, 0.0
		for to < len(listed) && listed[to].place == listed[from].place {
			sum += normalQuantile((n - float64(to+1) + 0.625) / (n + 0.25))
			to++
		}
		for k := from; k < to; k++ {
			listed[k].normal = sum / float64(to-from)
		}
		from = to
	}
}

func normalQuantile(p float64) float64 { return float64(math.Sqrt2 * math.Erfinv(float64(2*p)-1)) }
func normalCDF(x float64) float64      { return float64(math.Erfc(-x/math.Sqrt2) / 2) }
