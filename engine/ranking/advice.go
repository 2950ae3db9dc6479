package ranking

import "math"

// When to stop: where another choice would hardly matter, or where what is said held true
// of simulated events (docs/bench/ranking.md).
const (
	enoughRegret    = 0.10 // standard deviations of merit
	enoughCertainty = 0.80
	mostMore        = 20 // visits a leader; nobody plans for more
)

// Advice says whether more visits are worth making.
type Advice struct {
	Stop   bool
	Reason StopReason
	// MoreVisits is about how many more visits, sent where the engine sends them, would
	// bring the probability that the leader is best to one half again as likely as
	// now or to 0.80, whichever is less; 0 where stopping is advised or no number helps.
	MoreVisits int
}

// StopReason is why the engine advises what it advises.
type StopReason string

// The reasons, in the order in which they are looked for.
const (
	NothingToRank StopReason = "nothing to rank"
	BelowFloor    StopReason = "a project has fewer visits than every project was promised"
	Scattered     StopReason = "the visits fall into pieces that cannot be compared yet"
	Decided       StopReason = "the leader is clear enough"
	CheapMistake  StopReason = "the best of the leaders are too alike for the choice to matter"
	Spent         StopReason = "no visits are left"
	Undecided     StopReason = "more visits would help"
)

func (p *Posterior) advise(r Result, m *mixed) Advice {
	floor := p.floor()
	short := false
	for i, n := range p.walk.visits {
		short = short || n < floor && p.reachable(i)
	}
	spent := p.opt.VisitsTotal > 0 && p.walk.total >= p.opt.VisitsTotal
	switch {
	case short && !spent:
		return Advice{Reason: BelowFloor}
	case !r.Model.Connected && !spent:
		return Advice{Reason: Scattered}
	case r.Projects[0].PBest >= enoughCertainty:
		return Advice{Stop: true, Reason: Decided}
	case r.Regret < enoughRegret:
		return Advice{Stop: true, Reason: CheapMistake}
	case spent:
		return Advice{Stop: true, Reason: Spent, MoreVisits: p.moreVisits(r, m)}
	}
	return Advice{Reason: Undecided, MoreVisits: p.moreVisits(r, m)}
}

// reachable tells whether some juror can still visit the project.
func (p *Posterior) reachable(i int) bool {
	for j := range p.book.jurors {
		if p.may(j, i) && p.canMove(j) {
			return true
		}
	}
	return false
}

// moreVisits asks the planning table how many visits to each of the leaders separate
// that many about as well as is wanted.
func (p *Posterior) moreVisits(r Result, m *mixed) int {
	leaders := len(r.Tiers[0])
	want := min(enoughCertainty, 1.5*r.Projects[0].PBest)
	return leaders * VisitsFor(leaders, min(len(p.book.jurors), mostMore), m.vE/m.vMerit, want)
}

// VisitsFor is the fewest visits a project, at most most, with which ExpectedPBest
// reaches want; 0 where none does.
func VisitsFor(projects, most int, noise, want float64) int {
	for visits := 1; visits <= most; visits++ {
		if ExpectedPBest(projects, visits, noise) >= want {
			return visits
		}
	}
	return 0
}

// ExpectedPBest is the probability that the best of so many projects comes out first
// when each has the same number of visits by jurors without severities, and one
// visit's noise has noise times the variance of merit. It is a ceiling for an even
// spread: what the arithmetic can do at best.
//
// With merit x and estimate y jointly normal with correlation c = sqrt(r/(r+noise)),
// it is n times the integral of F(x,y)^(n-1) f(x,y), by the rectangle rule.
func ExpectedPBest(projects, visits int, noise float64) float64 {
	if projects <= 1 {
		return 1
	}
	if visits <= 0 {
		return 1 / float64(projects)
	}
	c := math.Sqrt(float64(visits) / (float64(visits) + noise))
	const steps, edge = 240, 5.5
	const h = 2 * edge / steps
	rest := math.Sqrt(max(1e-9, 1-float64(c*c)))
	below := make([]float64, steps) // mass left of the present column, under each cell's middle
	total := 0.0
	for a := range steps {
		x := -edge + float64((float64(a)+0.5)*h)
		column := h * math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
		was := normalCDF((-edge - float64(c*x)) / rest)
		under := 0.0 // mass of this column under the cell
		for b := range steps {
			now := normalCDF((-edge + float64(float64(b+1)*h) - float64(c*x)) / rest)
			mass := float64(column * (now - was))
			was = now
			half := under + float64(mass/2)
			total += float64(mass * math.Pow(below[b]+float64(half/2), float64(projects-1)))
			below[b] += half
			under += mass
		}
	}
	return min(1, float64(projects)*total)
}
