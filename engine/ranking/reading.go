package ranking

import (
	"cmp"
	"math"
	"slices"
)

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
