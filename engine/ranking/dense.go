package ranking

import "math"

// square is a dense square matrix, row by row.
type square struct {
	n int
	a []float64
}

func newSquare(n int) square { return square{n, make([]float64, n*n)} }

func (m square) row(i int) []float64 { return m.a[i*m.n : (i+1)*m.n] }

// factor turns the lower triangle of a symmetric positive definite matrix into its
// Cholesky factor. A pivot that rounding pushed below the smallest sensible one is
// held there, so that the factor always exists.
func (m square) factor() {
	for i := range m.n {
		ri := m.row(i)
		for j := 0; j <= i; j++ {
			rj := m.row(j)
			s := ri[j]
			for k, x := range rj[:j] {
				s -= float64(ri[k] * x)
			}
			if i == j {
				ri[i] = math.Sqrt(max(s, 1e-12))
			} else {
				ri[j] = s / rj[j]
			}
		}
	}
}

// lower solves L x = y in place.
func (m square) lower(y []float64) {
	for i := range m.n {
		r := m.row(i)
		s := y[i]
		for k, x := range r[:i] {
			s -= float64(x * y[k])
		}
		y[i] = s / r[i]
	}
}

// upper solves L' x = y in place.
func (m square) upper(y []float64) {
	for i := m.n - 1; i >= 0; i-- {
		r := m.row(i)
		y[i] /= r[i]
		for k, x := range r[:i] {
			y[k] -= float64(x * y[i])
		}
	}
}

// invert fills inv, both triangles, with the inverse of L L'. Its row j is computed as the
// inverse's column j, which is the same up to rounding.
func (m square) invert(inv square) {
	for j := range m.n {
		col := inv.row(j)
		clear(col)
		col[j] = 1
		for i := j; i < m.n; i++ {
			r := m.row(i)
			s := col[i]
			for k := j; k < i; k++ {
				s -= float64(r[k] * col[k])
			}
			col[i] = s / r[i]
		}
		m.upper(col)
	}
}
