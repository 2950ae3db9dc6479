package ranking

// bundle is an eliminated member's observations side by side, in the order of their dense
// unknowns: the model's work is in loops over them.
type bundle struct {
	juror     []int
	dense     []int // row in the dense equations, where the level is row 0
	value     []float64
	precision []float64 // at the present weights
	sum       float64   // of the precisions
	pull      []float64 // covariance of each dense unknown with what the observations weigh on
	levelPull float64   // the level's
	missing   []int     // dense rows without an observation, where they are fewer than those with
	near      bool      // missing says it all
}

// bundle gathers the observations of each eliminated member.
func (m *mixed) bundle() []bundle {
	all := make([]bundle, len(m.out.edges))
	places, numbers := make([]int, 2*len(m.ev.value)), make([]float64, 3*len(m.ev.value))
	for e, edges := range m.out.edges {
		n := len(edges)
		b := bundle{juror: places[:n:n], dense: places[n:][:n:n], value: numbers[:n:n], precision: numbers[n:][:n:n], pull: numbers[2*n:][:n:n]}
		places, numbers = places[2*n:], numbers[3*n:]
		for k, at := range edges {
			b.juror[k], b.dense[k], b.value[k] = m.ev.juror[at], m.in.of[at]+1, m.ev.value[at]
		}
		if k := len(m.in.edges); m.byJuror && 2*n > k {
			b.near, b.missing = true, absent(b.dense, k)
		}
		all[e] = b
	}
	return all
}

// absent are the rows from 1 to n that are not among the dense ones, which rise.
func absent(dense []int, n int) []int {
	var rows []int
	for row, at := 1, 0; row <= n; row++ {
		if at < len(dense) && dense[at] == row {
			at++
		} else {
			rows = append(rows, row)
		}
	}
	return rows
}

// reweigh gives every observation the precision of its juror's present weight.
func (m *mixed) reweigh() {
	precision := m.precision[1:]
	for j, w := range m.weight {
		precision[j] = w / m.vE
	}
	for e := range m.bundles {
		b := &m.bundles[e]
		b.sum = 0
		for k, j := range b.juror {
			b.precision[k] = precision[j]
			b.sum += precision[j]
		}
	}
}

// tug fills in the pulls: a dense unknown's row of the inverse times the observations'
// column of the normal equations. Where nearly all jurors saw the project, all is what it
// would be with every one of them, and those missing are taken out.
func (b *bundle) tug(inverse square, precision, all, row []float64) {
	if b.near {
		copy(row, all)
		for _, d := range b.missing {
			p := precision[d]
			for c, x := range inverse.row(d) {
				row[c] -= float64(p * x)
			}
		}
		level := inverse.row(0)
		b.levelPull = float64(b.sum*level[0]) + row[0]
		for k, c := range b.dense {
			b.pull[k] = float64(b.sum*level[c]) + row[c]
		}
		return
	}
	clear(b.pull)
	b.levelPull = 0
	level := inverse.row(0)
	for l, d := range b.dense {
		p, r := b.precision[l], inverse.row(d)
		b.levelPull += float64(p * (level[0] + r[0]))
		for k, c := range b.dense {
			b.pull[k] += float64(p * (level[c] + r[c]))
		}
	}
}

// mean is the member's mean given the dense unknowns x, at its whole precision.
func (b *bundle) mean(x []float64, precision float64) float64 {
	s, level := 0.0, x[0]
	for k, d := range b.dense {
		s += float64(b.precision[k] * (b.value[k] - level - x[d]))
	}
	return s / precision
}

// means are the means given the dense unknowns x and y, in one walk.
func (b *bundle) means(x, y []float64, precision float64) (atX, atY float64) {
	for k, d := range b.dense {
		p, v := b.precision[k], b.value[k]
		atX += float64(p * (v - x[0] - x[d]))
		atY += float64(p * (v - y[0] - y[d]))
	}
	return atX / precision, atY / precision
}
