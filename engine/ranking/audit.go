package ranking

import (
	"context"
	"math"
)

// The three stories about a juror that the audit weighs, with their prior
// probabilities: its values follow merit, have nothing to do with it, or run
// against it.
var stories = [...]struct{ slope, prior float64 }{{1, 0.92}, {0, 0.05}, {-1, 0.03}}

// worthALook is the probability of a careless or hostile sheet from which a person is
// asked to look: at 20 projects and 6 jurors it names 17 in 20 saboteurs and about 1
// in 75 honest jurors.
const worthALook = 0.2

// jurorReports looks at each juror from outside: what the merits and the winner would
// be without it, and which story its values then tell.
func (p *Posterior) jurorReports(ctx context.Context, m *mixed, at []int) ([]JurorReport, error) {
	b := p.book
	name := make([]string, len(at))
	for i, k := range at {
		name[k] = b.projects[i].ID
	}
	ordinary := m.ordinaryLevel()
	byJuror := newSide(m.ev.juror, len(m.weight)).edges
	reports := p.idle()
	var influences []Influence
	if p.opt.Influence {
		var err error
		if influences, err = p.influences(ctx, m, name); err != nil {
			return nil, err
		}
	}
	for i, juror := range b.jurors {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		j := m.jurorAt[i]
		r := &reports[i]
		r.Visits = p.walk.made[b.juror[juror.ID]]
		r.Weight = m.weight[j]
		if influences != nil {
			r.Influence = influences[j]
		}
		merit := m.without(j)
		r.Without = name[firstOf(merit)]
		if len(byJuror[j]) > 0 && !m.ev.unscored[j] {
			r.Severity = m.strictness(j) - ordinary
		}
		if len(byJuror[j]) > 0 {
			r.Agreement = agreement(m, byJuror[j], merit)
			story := m.weigh(byJuror[j], merit)
			r.PCareless, r.PHostile = story[1], story[2]
		}
		if r.PCareless+r.PHostile > worthALook {
			r.Flag = Check
		}
		p.progress(0.6 + 0.4*float64(i)/float64(len(b.jurors)))
	}
	return reports, nil
}

// idle are the reports of jurors of whom nothing is known yet.
func (p *Posterior) idle() []JurorReport {
	reports := make([]JurorReport, len(p.book.jurors))
	for j, juror := range p.book.jurors {
		reports[j] = JurorReport{Juror: juror.ID, Weight: 1, Agreement: math.NaN(), Flag: OK}
	}
	return reports
}

func firstOf(merit []float64) int {
	best := 0
	for i, x := range merit {
		if x > merit[best]+1e-9 {
			best = i
		}
	}
	return best
}

// without are the merits that the other jurors' observations alone would give, the
// variances kept: the same normal equations, solved by sweeping through levels,
// severities and merits from the present solution (backfitting; Gauss-Seidel).
func (m *mixed) without(juror int) []float64 {
	const sweeps, tolerance = 100, 1e-4
	merit := append([]float64(nil), m.merit...)
	severity := append([]float64(nil), m.severity...)
	level := m.level
	top, base := make([]float64, len(merit)), make([]float64, len(merit))
	sevTop, sevBase := make([]float64, len(severity)), make([]float64, len(severity))
	for range sweeps {
		var levelTop, levelBase float64
		clear(sevTop)
		clear(sevBase)
		for k, i := range m.ev.project {
			if j := m.ev.juror[k]; j != juror {
				w := m.precisionOf(k)
				sevTop[j] += float64(w * (m.ev.value[k] - level - merit[i]))
				sevBase[j] += w
			}
		}
		for j := range severity {
			severity[j] = sevTop[j] / (sevBase[j] + 1/wideSeverity)
		}
		clear(top)
		clear(base)
		for k, i := range m.ev.project {
			if j := m.ev.juror[k]; j != juror {
				w := m.precisionOf(k)
				top[i] += float64(w * (m.ev.value[k] - level - severity[j]))
				base[i] += w
				levelTop += float64(w * (m.ev.value[k] - merit[i] - severity[j]))
				levelBase += w
			}
		}
		moved := 0.0
		for i := range merit {
			x := top[i] / (base[i] + 1/m.vMerit)
			moved = max(moved, math.Abs(x-merit[i]))
			merit[i] = x
		}
		if levelBase > 0 {
			level = levelTop / levelBase
		}
		if moved < tolerance {
			break
		}
	}
	return merit
}

// weigh gives each story's posterior probability from the juror's values, with
// severity integrated out: normal with a common shift, so the determinant and the
// quadratic form follow from Sherman and Morrison's formula.
func (m *mixed) weigh(edges []int, merit []float64) [len(stories)]float64 {
	var logs [len(stories)]float64
	top := math.Inf(-1)
	for s, story := range stories {
		var ones, cross, square, logDet float64
		for _, k := range edges {
			i := m.ev.project[k]
			others := 1 / m.vMerit
			for _, l := range m.edgesOf(i) {
				if m.ev.juror[l] != m.ev.juror[k] {
					others += m.precisionOf(l)
				}
			}
			v := m.vE + story.slope*story.slope/others
			if story.slope == 0 {
				v += m.vMerit
			}
			r := m.ev.value[k] - m.level - float64(story.slope*merit[i])
			ones += 1 / v
			cross += r / v
			square += r * r / v
			logDet += math.Log(v)
		}
		shift := float64(wideSeverity)
		logs[s] = math.Log(story.prior) - float64((logDet+math.Log(1+float64(shift*ones))+square-shift*cross*cross/(1+float64(shift*ones)))/2)
		top = max(top, logs[s])
	}
	sum := 0.0
	for s := range logs {
		logs[s] = math.Exp(logs[s] - top)
		sum += logs[s]
	}
	for s := range logs {
		logs[s] /= sum
	}
	return logs
}

// agreement is the correlation of a juror's values with the merits the others give,
// NaN where either does not vary.
func agreement(m *mixed, edges []int, merit []float64) float64 {
	n := float64(len(edges))
	var x, y, xx, yy, xy float64
	for _, k := range edges {
		a, b := m.ev.value[k], merit[m.ev.project[k]]
		x, y, xx, yy, xy = x+a, y+b, xx+float64(a*a), yy+float64(b*b), xy+float64(a*b)
	}
	vx, vy := xx-x*x/n, yy-y*y/n
	if vx < 1e-9 || vy < 1e-9 {
		return math.NaN()
	}
	return (xy - x*y/n) / math.Sqrt(vx*vy)
}
