package visits

// mixing watches how well a plan lets the strict and the generous be told apart, and
// decides by it between changes of about the same cost. It is no part of the cost.
//
// What remains of a project's precision once the jurors' severities are estimated is the
// A-efficiency of a block design; it can be had on the jurors' side, where it grows as
// tr(K L⁺) falls, with K the loads and L the Laplacian of the graph whose edges are shared
// projects. One more project shared by a and b lowers that by
// (e_a-e_b)' L⁺ K L⁺ (e_a-e_b), which is what the pair is worth (John and Williams, "Cyclic
// and Computer Generated Designs", 1995, chapter 2).
type mixing struct {
	jurors   int
	worth    []float32 // of juror and juror, on average 1 over what they share now
	strength float64   // how much cost one unit of worth outweighs
}

// The efficiency that is sought, as a share of its upper bound, and what may be paid for
// it: a plan is never made much dearer by it.
const (
	mixed        = 0.952
	mostStrength = 4
)

// ready prepares for a plan; the steps between two measurements are such that they take a
// small part of the search. Where they would be too rare to steer it, the answer is nil.
func ready(t *plan, steps int) (m *mixing, every int) {
	const (
		stepsPerProduct = 100 // of two numbers, when matrices are multiplied
		part            = 20
		fewest          = 16
	)
	n := len(t.load)
	every = max(steps/256, part*n*n*n/stepsPerProduct)
	if t.in.Visits < 2 || n < 3 || every > steps/fewest {
		return nil, steps + 1
	}
	return &mixing{jurors: n, worth: make([]float32, n*n)}, every
}

// bonus is what an exchange of p and q between jurors a and b is worth, in cost.
func (m *mixing) bonus(t *plan, p, q, a, b int32) float64 {
	if m == nil || m.strength == 0 {
		return 0
	}
	return float64(m.strength * (m.gain(t, p, q, a, b) + m.gain(t, q, p, b, a)))
}

// gain is the worth of p's going from juror a to juror b, q going the other way.
func (m *mixing) gain(t *plan, p, q, a, b int32) float64 {
	if p == none {
		return 0
	}
	sum, n := 0.0, int32(m.jurors)
	for _, c := range t.spotsOf(p) {
		k := t.juror(c)
		if k != a && (q == none || !t.sees(k, q)) {
			sum += float64(m.worth[k*n+b] - m.worth[k*n+a])
		}
	}
	return sum
}

// measure brings the worth of every pair up to date, and seeks the sought efficiency more
// or less strongly.
func (m *mixing) measure(t *plan) {
	inverse := t.inverseLaplacian()
	if efficiency(t, inverse) < mixed*mostEfficiency(t) {
		m.strength = min(mostStrength, max(0.25, m.strength*1.25))
	} else {
		if m.strength *= 0.8; m.strength < 0.05 {
			m.strength = 0
		}
	}
	n := m.jurors
	g := make([]float64, n*n) // L⁺ K L⁺
	for a := range n {
		row := g[a*n : (a+1)*n]
		for c := range n {
			x := float64(inverse[a*n+c] * float64(t.load[c]))
			for b, y := range inverse[c*n : (c+1)*n] {
				row[b] += float64(x * y)
			}
		}
	}
	worth := func(a, b int) float64 { return g[a*n+a] + g[b*n+b] - float64(2*g[a*n+b]) }
	sum, shared := 0.0, 0.0
	for a := range n {
		for b := range a {
			c := float64(*t.pairs.at(int32(a), int32(b)))
			sum += float64(c * worth(a, b))
			shared += c
		}
	}
	for a := range n {
		for b := range n {
			m.worth[a*n+b] = float32(worth(a, b) * shared / max(sum, 1e-9))
		}
	}
}

// mostEfficiency is above the efficiency of any plan with these numbers.
func mostEfficiency(t *plan) float64 {
	n := float64(len(t.in.Projects))
	k := n * float64(t.in.Visits) / float64(len(t.load))
	return n * (k - 1) / ((n - 1) * k)
}

// efficiency is the mean precision of the differences between projects, as a share of
// what it were if all jurors were equally severe; the inverse is that of the Laplacian.
func efficiency(t *plan, inverse []float64) float64 {
	jurors, projects, r := len(t.load), float64(len(t.in.Projects)), float64(t.in.Visits)
	diagonal, whole := 0.0, 0.0
	for a := range jurors {
		k := float64(t.load[a])
		diagonal += float64(k * inverse[a*jurors+a])
		for b, x := range inverse[a*jurors : (a+1)*jurors] {
			whole += float64(k * x * float64(t.load[b]))
		}
	}
	lost := projects + float64(r*diagonal) - float64(jurors) - whole/projects
	return (projects - 1) / lost
}

// inverseLaplacian is that of the graph of shared projects, without its constant vector.
// Jurors not yet linked are linked by a hair, so that linking them is worth much.
func (t *plan) inverseLaplacian() []float64 {
	const hair = 1e-6
	n := len(t.load)
	l := make([]float64, n*n)
	for a := range n {
		for b := range a {
			c := float64(*t.pairs.at(int32(a), int32(b)))
			l[a*n+b], l[b*n+a] = -c, -c
			l[a*n+a] += c
			l[b*n+b] += c
		}
	}
	constant := 1 / float64(n)
	for i := range l {
		l[i] += constant
	}
	for a := range n {
		l[a*n+a] += hair
	}
	invert(l, n)
	for i := range l {
		l[i] -= constant / (1 + hair)
	}
	return l
}

// invert replaces a symmetric positive definite matrix of n rows by its inverse (Gauss and
// Jordan; no pivot is needed). Every product is rounded before it is added, so that the
// result is the same on every machine.
func invert(m []float64, n int) {
	for c := range n {
		pivot := m[c*n : (c+1)*n]
		f := 1 / pivot[c]
		pivot[c] = 1
		for k := range pivot {
			pivot[k] *= f
		}
		for i := range n {
			row := m[i*n : (i+1)*n]
			x := row[c]
			if i == c || x == 0 {
				continue
			}
			row[c] = 0
			for k, y := range pivot {
				row[k] -= float64(x * y)
			}
		}
	}
}
