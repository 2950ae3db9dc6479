package ranking

import "math"

// The priors of the mixed model, worth priorCount observations: how merit and noise
// are expected to divide the variance within jurors. Three jurors alone could
// otherwise make a variance vanish or explode.
const (
	priorCount   = 4
	priorMerit   = 0.4
	priorNoise   = 0.6
	jurorFreedom = 6 // Student-t by juror
)

// wideSeverity is the prior variance of a severity: so wide that a juror's mean says
// nothing. A strict juror and a mild one who agree in all else move no merit.
const wideSeverity = 100.0

// mixed is the model f = level + merit + severity + noise/sqrt(weight), with normal
// merits and noise, free severities and a Gamma(3,3) weight for each juror, and its
// posterior given its variances (Henderson's mixed-model equations; variances by EM,
// Dempster, Laird and Rubin 1977; the robust weights are those of Lange, Little and
// Taylor 1989). All in units of the evidence.
//
// The larger of the two sides, projects and jurors, is eliminated (given the other
// its members are independent) and the smaller is solved densely with the level.
type mixed struct {
	ev               evidence
	vMerit, vE       float64
	weight           []float64 // by juror
	merit, meritVar  []float64 // by project
	severity, sevVar []float64 // by juror
	level            float64
	byJuror          bool      // jurors are the dense side
	out              side      // the eliminated side
	in               side      // the dense side
	bundles          []bundle  // by eliminated member
	precision        []float64 // of an observation by juror, from 1; as the dense rows where jurors are the dense side
	factor, inverse  square
	solution         []float64 // level, then the dense side
	visited          []bool    // by project
	jurorAt          []int     // where canonical put each juror
}

// side is one side of the bipartite graph of observations.
type side struct {
	of        []int   // observation -> member
	edges     [][]int // member -> its observations
	precision []float64
	prior     []float64 // precision
}

func newSide(of []int, members int) side {
	s := side{of: of, edges: make([][]int, members), precision: make([]float64, members), prior: make([]float64, members)}
	from := make([]int, members+1)
	for _, m := range of {
		from[m+1]++
	}
	for m := range members {
		from[m+1] += from[m]
	}
	all := make([]int, len(of))
	for m := range s.edges {
		s.edges[m] = all[from[m]:from[m]:from[m+1]]
	}
	for k, m := range of {
		s.edges[m] = append(s.edges[m], k)
	}
	return s
}

// newMixed starts the model from nothing, or from the variances and weights of an
// earlier fit of the same event.
func newMixed(ev evidence, projects, jurors int, warm *mixed) *mixed {
	m := &mixed{
		ev:     ev,
		weight: make([]float64, jurors),
		merit:  make([]float64, projects), meritVar: make([]float64, projects),
		severity: make([]float64, jurors), sevVar: make([]float64, jurors),
		byJuror: jurors <= projects, visited: make([]bool, projects),
	}
	m.begin(warm)
	for _, i := range ev.project {
		m.visited[i] = true
	}
	p, j := newSide(ev.project, projects), newSide(ev.juror, jurors)
	if m.byJuror {
		m.out, m.in = p, j
	} else {
		m.out, m.in = j, p
	}
	m.bundles = m.bundle()
	m.precision = make([]float64, 1+jurors)
	n := 1 + len(m.in.edges)
	m.factor, m.inverse, m.solution = newSquare(n), newSquare(n), make([]float64, n)
	return m
}

// begin sets the variances and weights that a fit starts from.
func (m *mixed) begin(warm *mixed) {
	m.vMerit, m.vE = priorMerit, priorNoise
	for j := range m.weight {
		m.weight[j] = 1
	}
	if warm != nil {
		m.vMerit, m.vE = warm.vMerit, warm.vE
		copy(m.weight, warm.weight)
	}
}

// restart is newMixed for other values of the same visits.
func (m *mixed) restart(ev evidence, warm *mixed) {
	m.ev = ev
	m.begin(warm)
	for e, edges := range m.out.edges {
		for k, at := range edges {
			m.bundles[e].value[k] = ev.value[at]
		}
	}
}

// fit alternates solving and re-estimating for so many rounds and ends on a
// solution for the last variances.
func (m *mixed) fit(rounds int) {
	for range rounds {
		m.solve()
		m.reestimate()
	}
	m.solve()
}

// solve finds the exact posterior given variances and weights.
func (m *mixed) solve() {
	m.setPriors()
	if len(m.ev.value) == 0 {
		m.priorOnly()
		return
	}
	a := m.factor
	clear(a.a)
	clear(m.solution)
	for d := range m.in.edges {
		a.row(d + 1)[d+1] = m.in.prior[d]
	}
	m.reweigh()
	near := nearly{missing: make([]bool, a.n)}
	for e := range m.bundles {
		m.eliminate(e, &m.bundles[e], &near)
	}
	near.subtract(a, m.precision)
	a.factor()
	a.lower(m.solution)
	a.upper(m.solution)
	a.invert(m.inverse)
	m.unpack()
}

// precisionOf is the precision of observation k.
func (m *mixed) precisionOf(k int) float64 { return m.weight[m.ev.juror[k]] / m.vE }

func (m *mixed) setPriors() {
	merits, sevs := m.out.prior, m.in.prior
	if !m.byJuror {
		merits, sevs = sevs, merits
	}
	for i := range merits {
		merits[i] = 1 / m.vMerit
	}
	for j := range sevs {
		sevs[j] = 1 / wideSeverity
	}
}

// edgesOf are the observations of project i.
func (m *mixed) edgesOf(i int) []int {
	if m.byJuror {
		return m.out.edges[i]
	}
	return m.in.edges[i]
}

// eliminate adds member e's observations to the dense normal equations, less what
// its own unknown explains of them.
func (m *mixed) eliminate(e int, b *bundle, near *nearly) {
	a := m.factor
	var dot float64
	for k, d := range b.dense {
		p := b.precision[k]
		v := float64(p * b.value[k])
		dot += v
		r := a.row(d)
		r[d] += p
		r[0] += p
		m.solution[d] += v
	}
	sum, total := b.sum, b.sum+m.out.prior[e]
	m.out.precision[e] = total
	a.row(0)[0] += sum - sum*sum/total
	m.solution[0] += dot - sum*dot/total
	for k, d := range b.dense {
		p := b.precision[k]
		r := a.row(d)
		r[0] -= p * sum / total
		m.solution[d] -= p * dot / total
		if b.near {
			continue
		}
		for l, c := range b.dense[:k+1] { // the lower triangle: dense indices rise
			r[c] -= p * b.precision[l] / total
		}
	}
	if b.near {
		near.add(b.missing, 1/total)
	}
}

// nearly gathers what the projects that nearly all jurors saw take off the dense equations:
// for a pair of jurors, both their precisions times the sum of 1/total over the projects
// that both saw. It is counted as if all had seen all, less what those missing miss.
type nearly struct {
	all     float64
	less    square // the lower triangle
	missing []bool // by dense row
}

func (s *nearly) add(missing []int, share float64) {
	s.all += share
	if len(missing) == 0 {
		return
	}
	if s.less.n == 0 {
		s.less = newSquare(len(s.missing))
	}
	for _, d := range missing {
		s.missing[d] = true
	}
	for _, d := range missing {
		r := s.less.row(d)
		for c := range d + 1 {
			r[c] += share
		}
		for c := d + 1; c < s.less.n; c++ {
			if !s.missing[c] { // else it has counted the pair
				s.less.row(c)[d] += share
			}
		}
	}
	for _, d := range missing {
		s.missing[d] = false
	}
}

func (s *nearly) subtract(a square, precision []float64) {
	if s.all == 0 {
		return
	}
	for d := 1; d < a.n; d++ {
		r := a.row(d)
		for c := 1; c <= d; c++ {
			share := s.all
			if s.less.n > 0 {
				share -= s.less.row(d)[c]
			}
			r[c] -= float64(float64(precision[d]*precision[c]) * share)
		}
	}
}

// unpack reads means and variances of both sides off the dense solution.
func (m *mixed) unpack() {
	outMean, outVar, inMean, inVar := m.merit, m.meritVar, m.severity, m.sevVar
	if !m.byJuror {
		outMean, outVar, inMean, inVar = inMean, inVar, outMean, outVar
	}
	m.level = m.solution[0]
	for d := range m.in.edges {
		inMean[d] = m.solution[d+1]
		inVar[d] = m.inverse.row(d + 1)[d+1]
	}
	all, row := m.pullOfAll(), make([]float64, m.inverse.n)
	for e := range m.bundles {
		b := &m.bundles[e]
		outMean[e] = b.mean(m.solution, m.out.precision[e])
		total := m.out.precision[e]
		b.tug(m.inverse, m.precision, all, row)
		explained := b.levelPull * b.sum
		for k, p := range b.precision {
			explained += float64(p * b.pull[k])
		}
		outVar[e] = 1/total + explained/(total*total)
	}
}

// pullOfAll is the inverse times the precisions of all jurors, where jurors are the dense side.
func (m *mixed) pullOfAll() []float64 {
	all := make([]float64, m.inverse.n)
	if m.byJuror {
		for d := 1; d < m.inverse.n; d++ {
			p := m.precision[d]
			for c, x := range m.inverse.row(d) {
				all[c] += float64(p * x)
			}
		}
	}
	return all
}

func (m *mixed) priorOnly() {
	for i := range m.merit {
		m.merit[i], m.meritVar[i] = 0, m.vMerit
	}
	for j := range m.severity {
		m.severity[j], m.sevVar[j] = 0, wideSeverity
	}
	for e := range m.out.precision {
		m.out.precision[e] = m.out.prior[e]
	}
	for d := range m.in.prior {
		m.factor.row(d + 1)[d+1] = math.Sqrt(m.in.prior[d])
	}
	m.factor.row(0)[0] = 1
}

// reestimate is the M step: variances and weights from the posterior's second
// moments. Members without observations would only echo the variance; they stay out.
func (m *mixed) reestimate() {
	var merit, merits float64
	for i, v := range m.meritVar {
		if m.visited[i] {
			merit += float64(m.merit[i]*m.merit[i]) + v
			merits++
		}
	}
	residual := make([]float64, len(m.weight))
	count := make([]float64, len(m.weight))
	spread := make([]float64, m.inverse.n) // of the level and a dense unknown together
	for d := range spread {
		spread[d] = m.inverse.a[0] + m.inverse.row(d)[d] + float64(2*m.inverse.a[d])
	}
	for e := range m.bundles {
		m.residuals(e, &m.bundles[e], spread, residual)
	}
	for _, j := range m.ev.juror {
		count[j]++
	}
	noise, n := 0.0, 0.0
	for j, r := range residual {
		noise += float64(m.weight[j] * r)
		n += count[j]
	}
	m.vMerit = (merit + priorCount*priorMerit) / (merits + priorCount)
	m.vE = (noise + priorCount*priorNoise) / (n + priorCount)
	for j, r := range residual {
		m.weight[j] = (jurorFreedom + count[j]) / (jurorFreedom + r/m.vE)
	}
}

// residuals adds the expected squared noise of e's observations to their jurors.
func (m *mixed) residuals(e int, b *bundle, spread, sum []float64) {
	outMean, outVar := m.merit, m.meritVar
	inMean := m.severity
	if !m.byJuror {
		outMean, outVar, inMean = m.severity, m.sevVar, m.merit
	}
	twice := 2 / m.out.precision[e]
	mean, variance := m.level+outMean[e], outVar[e]
	for k, d := range b.dense {
		off := b.value[k] - mean - inMean[d-1]
		v := variance + spread[d] - float64(twice*(b.levelPull+b.pull[k]))
		sum[b.juror[k]] += float64(off*off) + max(0, v)
	}
}

// hope is the mean of a merit plus its standard deviation.
func (m *mixed) hope(i int) float64 { return m.merit[i] + math.Sqrt(m.meritVar[i]) }
