// Package simplex solves linear programs that gain columns while they are solved. It finds
// no integers and no columns: who builds the program does.
package simplex

// Program is a primal revised simplex with a dense inverse of the basis, for linear
// programs that gain columns while they are solved:
//
//	min c·x   A x = b   x >= 0
//
// (Dantzig and Orchard-Hays, "The Product Form for the Inverse in the Simplex Method",
// MTAC 8, 1954). Columns are sparse with small coefficients. The right-hand side is
// perturbed, since set partitions are degenerate; duals do not depend on it. Products
// are rounded before sums (float64(a*b) + c), so that no processor fuses them and the
// path is the same everywhere.
type Program struct {
	Basis   []int32   // by row position: variable, negative for the artificial of row -1-v
	Level   []float64 // by row position: value of the basic variable
	Dual    []float64 // by row, in the unit of the costs; of the last pivot
	rows    int
	inverse []float64 // column-major: column j of the inverse at [j*rows:]
	rhs     []float64
	big     float64 // cost of an artificial variable
	vars    []variable
	inBasis []bool // by variable
	enter   []float64
	nonzero []int32
	pivots  int
}

// variable is a column of the linear program.
type variable struct {
	rows []int32
	sign float64 // common coefficient: 1, or -1 for a surplus
	cost float64
}

const (
	lookAhead   = 8    // candidates whose pivot is worked out before one is chosen
	tolerance   = 1e-7 // a reduced cost above -tolerance is none
	pivotFloor  = 1e-8
	refreshEach = 1500 // pivots between two fresh inverses
)

// New is a program without variables: its right-hand sides, by row and none negative, and
// what an artificial variable costs, which fills up a row and should be dearer than any real
// one. below(n) draws a number from 0 to n-1 for the perturbation.
func New(rhs []float64, big float64, below func(n int) int) *Program {
	n := len(rhs)
	s := &Program{rows: n, big: big,
		inverse: make([]float64, n*n), Basis: make([]int32, n), Level: make([]float64, n),
		Dual: make([]float64, n), rhs: make([]float64, n), enter: make([]float64, n)}
	for i := range n {
		s.rhs[i] = rhs[i] + float64(float64(1+below(1000))*1e-5)
		s.inverse[i*n+i] = 1
		s.Basis[i] = int32(-1 - i)
		s.Level[i] = s.rhs[i]
		s.Dual[i] = big
	}
	return s
}

// Add appends a variable that stands in some rows, each once, with the coefficient sign (1 or
// -1) in all of them, and returns its number: 0 for the first. It keeps rows.
func (s *Program) Add(rows []int32, sign, cost float64) int32 {
	s.vars = append(s.vars, variable{rows, sign, cost})
	s.inBasis = append(s.inBasis, false)
	return int32(len(s.vars) - 1)
}

// reduced is the reduced cost of a variable at the present duals.
func (s *Program) reduced(v int32) float64 {
	x := &s.vars[v]
	sum := 0.0
	for _, r := range x.rows {
		sum += s.Dual[r]
	}
	return x.cost - float64(x.sign*sum)
}

// Solve reaches an optimum over the present variables, or stops when spend, which it tells of
// the work of every step, says no; it reports which. Work is in multiplications, about a
// nanosecond each.
func (s *Program) Solve(spend func(work int64) bool) bool {
	var candidates []int32
	for {
		candidates = s.attractive(candidates[:0])
		if !spend(int64(len(s.vars))*10 + 100) {
			return false
		}
		if len(candidates) == 0 {
			return true
		}
		for {
			best, look := s.steepest(candidates)
			if best < 0 {
				break
			}
			work := s.pivot(best)
			if !spend(work + look) {
				return false
			}
		}
	}
}

// Prime brings a variable into the basis if that lowers the objective now: a start
// from a solution that is nearly right.
func (s *Program) Prime(v int32) {
	if !s.inBasis[v] && s.reduced(v) < -tolerance {
		s.pivot(v)
	}
}

// steepest chooses, among the few candidates with the lowest reduced costs, the one
// whose pivot lowers the objective most; it returns the work of looking. In degenerate
// programs that saves many pivots for a little arithmetic each.
func (s *Program) steepest(candidates []int32) (best int32, work int64) {
	var top [lookAhead]int32
	var cost [lookAhead]float64
	n := 0
	for _, v := range candidates {
		d := s.reduced(v)
		if d >= -tolerance || s.inBasis[v] || n == lookAhead && d >= cost[n-1] {
			continue
		}
		if n < lookAhead {
			n++
		}
		i := n - 1
		for i > 0 && cost[i-1] > d {
			top[i], cost[i] = top[i-1], cost[i-1]
			i--
		}
		top[i], cost[i] = v, d
	}
	best = -1
	gain := 0.0
	for i := range n {
		s.column(top[i])
		row, step := s.leaving()
		if g := float64(-cost[i] * step); row >= 0 && (best < 0 || g > gain) {
			best, gain = top[i], g
		}
	}
	return best, int64(len(candidates))*10 + int64(n*s.rows)*6
}

// attractive collects some of the variables with the lowest reduced costs: a partial
// pricing, so that most pivots look at few columns.
func (s *Program) attractive(out []int32) []int32 {
	worst := -tolerance
	for v := range s.vars {
		if s.inBasis[v] {
			continue
		}
		d := s.reduced(int32(v))
		if d >= worst {
			continue
		}
		out = append(out, int32(v))
		if len(out) >= 200 { // keep the better half by raising the bar
			mid := 0.0
			for _, c := range out {
				mid += s.reduced(c)
			}
			mid /= float64(len(out))
			kept := out[:0]
			for _, c := range out {
				if s.reduced(c) <= mid {
					kept = append(kept, c)
				}
			}
			out, worst = kept, mid
		}
	}
	return out
}

// pivot brings a variable into the basis and returns the work it took. Where costs are not
// negative the objective is bounded by 0, so a leaving row exists; a variable for which
// rounding denies it is made too dear to be tried again.
func (s *Program) pivot(v int32) int64 {
	reduced := s.reduced(v)
	s.column(v)
	leave, step := s.leaving()
	if leave < 0 {
		s.vars[v].cost += s.big // cannot happen in exact arithmetic; leave the column aside
		return int64(s.rows)
	}
	if old := s.Basis[leave]; old >= 0 {
		s.inBasis[old] = false
	}
	s.Basis[leave] = v
	s.inBasis[v] = true
	work := s.update(leave, step, reduced)
	s.pivots++
	if s.pivots%refreshEach == 0 {
		work += s.refresh()
	}
	return work
}

// leaving is the ratio test for the column in enter: the row that reaches 0 first and
// how far the entering variable can rise, or -1.
func (s *Program) leaving() (leave int, step float64) {
	leave = -1
	for _, i := range s.nonzero {
		a := s.enter[i]
		if a < pivotFloor {
			continue
		}
		ratio := max(s.Level[i], 0) / a
		if leave < 0 || ratio < step-1e-12 || ratio <= step+1e-12 && a > s.enter[leave] {
			leave, step = int(i), ratio
		}
	}
	return leave, step
}

// column computes inverse × column v into enter and nonzero.
func (s *Program) column(v int32) {
	clear(s.enter)
	x := &s.vars[v]
	for _, r := range x.rows {
		col := s.inverse[int(r)*s.rows:][:s.rows]
		if x.sign > 0 {
			for i, c := range col {
				s.enter[i] += c
			}
		} else {
			for i, c := range col {
				s.enter[i] -= c
			}
		}
	}
	s.nonzero = s.nonzero[:0]
	for i, a := range s.enter {
		if a > 1e-11 || a < -1e-11 {
			s.nonzero = append(s.nonzero, int32(i))
		}
	}
}

// update applies the pivot in row leave to the levels, the duals and the inverse.
func (s *Program) update(leave int, step, reduced float64) int64 {
	for _, i := range s.nonzero {
		s.Level[i] -= float64(step * s.enter[i])
	}
	s.Level[leave] = step
	touched := 0
	pivot := s.enter[leave]
	for j := range s.rows {
		col := s.inverse[j*s.rows:][:s.rows]
		p := col[leave]
		if p == 0 {
			continue
		}
		p /= pivot
		s.Dual[j] += float64(reduced * p)
		for _, i := range s.nonzero {
			col[i] -= float64(p * s.enter[i])
		}
		col[leave] = p
		touched++
	}
	return int64(touched*len(s.nonzero))*5/4 + int64(s.rows)*8
}

// refresh rebuilds the inverse of the present basis from the identity, one pivot a
// basic variable, and with it levels and duals: rounding errors do not pile up.
func (s *Program) refresh() int64 {
	n := s.rows
	wanted := append([]int32(nil), s.Basis...)
	clear(s.inverse)
	for i := range n {
		s.inverse[i*n+i] = 1
		s.Basis[i] = int32(-1 - i)
	}
	work := int64(n * n)
	free := make([]bool, n) // rows whose artificial may still be replaced
	for i := range free {
		free[i] = true
	}
	for _, v := range wanted {
		if v < 0 && free[-1-v] {
			free[-1-v] = false
		}
	}
	for _, v := range wanted {
		if v < 0 {
			continue
		}
		s.column(v)
		row, size := -1, 1e-9
		for _, i := range s.nonzero {
			if a := s.enter[i]; free[i] && max(a, -a) > size {
				row, size = int(i), max(a, -a)
			}
		}
		if row < 0 {
			s.inBasis[v] = false // linearly dependent after rounding: its row keeps an artificial
			continue
		}
		free[row] = false
		s.Basis[row] = v
		work += s.update(row, 0, 0)
	}
	s.restate()
	return work
}

// restate recomputes levels and duals from the inverse and the present costs.
func (s *Program) restate() {
	n := s.rows
	clear(s.Level)
	for j := range n {
		col := s.inverse[j*n:][:n]
		y := 0.0
		for i, c := range col {
			if c == 0 {
				continue
			}
			s.Level[i] += float64(c * s.rhs[j])
			cost := s.big
			if v := s.Basis[i]; v >= 0 {
				cost = s.vars[v].cost
			}
			y += float64(cost * c)
		}
		s.Dual[j] = y
	}
}
