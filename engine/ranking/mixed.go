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
	byJuror          bool     // jurors are the dense side
	out              side     // the eliminated side
	in               side     // the dense side
	bundles          []bundle // by eliminated member
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
	for k, m := range of {
		s.edges[m] = append(s.edges[m], k)
	}
	return s
}

// newMixed starts the model from nothing, or from the variances and weights of an
// earlier fit of the same event.
func newMixed(ev evidence, projects, jurors int, warm *mixed) *mixed {
	m := &mixed{
		ev: ev, vMerit: priorMerit, vE: priorNoise,
		weight: make([]float64, jurors),
		merit:  make([]float64, projects), meritVar: make([]float64, projects),
		severity: make([]float64, jurors), sevVar: make([]float64, jurors),
		byJuror: jurors <= projects, visited: make([]bool, projects),
	}
	for j := range m.weight {
		m.weight[j] = 1
	}
	if warm != nil {
		m.vMerit, m.vE = warm.vMerit, warm.vE
		copy(m.weight, warm.weight)
	}
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
	n := 1 + len(m.in.edges)
	m.factor, m.inverse, m.solution = newSquare(n), newSquare(n), make([]float64, n)
	return m
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
	for e := range m.bundles {
		m.eliminate(e, &m.bundles[e])
	}
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
func (m *mixed) eliminate(e int, b *bundle) {
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
		for l, c := range b.dense[:k+1] { // the lower triangle: dense indices rise
			r[c] -= p * b.precision[l] / total
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
	for e := range m.bundles {
		b := &m.bundles[e]
		outMean[e] = b.mean(m.solution, m.out.precision[e])
		total := m.out.precision[e]
		b.tug(m.inverse)
		explained := b.levelPull * b.sum
		for k, p := range b.precision {
			explained += float64(p * b.pull[k])
		}
		outVar[e] = 1/total + explained/(total*total)
	}
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
	for e := range m.bundles {
		m.residuals(e, &m.bundles[e], residual)
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
func (m *mixed) residuals(e int, b *bundle, sum []float64) {
	outMean, outVar := m.merit, m.meritVar
	inMean := m.severity
	if !m.byJuror {
		outMean, outVar, inMean = m.severity, m.sevVar, m.merit
	}
	total := m.out.precision[e]
	for k, d := range b.dense {
		r := m.inverse.row(d)
		off := b.value[k] - m.level - outMean[e] - inMean[d-1]
		v := outVar[e] + m.inverse.a[0] + r[d] + float64(2*m.inverse.a[d]) - float64(2/total*(b.levelPull+b.pull[k]))
		sum[b.juror[k]] += float64(off*off) + max(0, v)
	}
}

// hope is the mean of a merit plus its standard deviation.
func (m *mixed) hope(i int) float64 { return m.merit[i] + math.Sqrt(m.meritVar[i]) }
