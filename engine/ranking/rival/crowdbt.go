package rival

import (
	"math"
	"math/rand/v2"
)

// Crowd-BT's constants, as its best known use for hackathons sets them.
const (
	crowdAlpha, crowdBeta = 10, 1  // prior of a juror's reliability
	crowdGamma            = 0.1    // what learning about the juror is worth
	crowdEpsilon          = 0.25   // how often the next project is left to chance
	crowdKappa            = 0.0001 // least share of a variance that is left
	crowdMinViews         = 2      // views before information decides
)

// CrowdBT is the online Bradley-Terry model with a reliability for each juror of Chen,
// Bennett, Collins-Thompson and Horvitz, "Pairwise ranking aggregation in a
// crowdsourced setting" (2013): normal strengths and beta reliabilities, updated by
// moment matching after each answer "this one or the one before".
type CrowdBT struct {
	Mu, Sigma2  []float64
	alpha, beta []float64
	views       []int
	rng         *rand.Rand
}

// NewCrowdBT starts from the prior; rng breaks ties and explores.
func NewCrowdBT(projects, jurors int, rng *rand.Rand) *CrowdBT {
	c := &CrowdBT{
		Mu: make([]float64, projects), Sigma2: make([]float64, projects),
		alpha: make([]float64, jurors), beta: make([]float64, jurors), views: make([]int, projects), rng: rng,
	}
	for i := range c.Sigma2 {
		c.Sigma2[i] = 1
	}
	for j := range c.alpha {
		c.alpha[j], c.beta[j] = crowdAlpha, crowdBeta
	}
	return c
}

// View counts a visit.
func (c *CrowdBT) View(i int) { c.views[i]++ }

// Next chooses among open the project that juror j, coming from previous (negative
// for none), should compare with it: one with too few views, else the one whose
// answer is expected to tell the most, else one by chance.
func (c *CrowdBT) Next(j, previous int, open []int) int {
	var few []int
	for _, i := range open {
		if c.views[i] < crowdMinViews {
			few = append(few, i)
		}
	}
	if len(few) > 0 {
		open = few
	}
	if previous < 0 || c.rng.Float64() < crowdEpsilon {
		return open[c.rng.IntN(len(open))]
	}
	best, most := open[0], math.Inf(-1)
	for _, k := range c.rng.Perm(len(open)) {
		if gain := c.gain(j, previous, open[k]); gain > most {
			best, most = open[k], gain
		}
	}
	return best
}

// gain is the expected information of juror j's answer on a and b: the divergence of
// the updated from the present beliefs over the two strengths and the reliability.
func (c *CrowdBT) gain(j, a, b int) float64 {
	first, pFirst := c.after(j, a, b)
	second, _ := c.after(j, b, a)
	info := func(u update, w, l int) float64 {
		return divergeNormal(u.muW, u.varW, c.Mu[w], c.Sigma2[w]) + divergeNormal(u.muL, u.varL, c.Mu[l], c.Sigma2[l]) +
			float64(crowdGamma*divergeBeta(u.alpha, u.beta, c.alpha[j], c.beta[j]))
	}
	return float64(pFirst*info(first, a, b)) + float64((1-pFirst)*info(second, b, a))
}

// Compare records that juror j prefers winner to loser.
func (c *CrowdBT) Compare(j, winner, loser int) {
	u, _ := c.after(j, winner, loser)
	c.Mu[winner], c.Sigma2[winner] = u.muW, u.varW
	c.Mu[loser], c.Sigma2[loser] = u.muL, u.varL
	c.alpha[j], c.beta[j] = u.alpha, u.beta
}

type update struct{ muW, varW, muL, varL, alpha, beta float64 }

// after is the moment-matched belief once juror j has preferred w to l, and the
// probability that it would.
func (c *CrowdBT) after(j, w, l int) (update, float64) {
	a, b := c.alpha[j], c.beta[j]
	ew, el := math.Exp(c.Mu[w]), math.Exp(c.Mu[l])
	believed, plain := a*ew/(float64(a*ew)+float64(b*el)), ew/(ew+el)
	slope := believed - plain
	curve := float64(believed*(1-believed)) - float64(plain*(1-plain))
	sw, sl := c.Sigma2[w], c.Sigma2[l]
	u := update{
		muW: c.Mu[w] + float64(sw*slope), varW: sw * max(1+float64(sw*curve), crowdKappa),
		muL: c.Mu[l] - float64(sl*slope), varL: sl * max(1+float64(sl*curve), crowdKappa),
	}
	right := plain + (sw+sl)/2*ew*el*(el-ew)/math.Pow(ew+el, 3)
	right = min(max(right, 1e-6), 1-1e-6)
	wrong, n := 1-right, a+b
	p := (float64(right*a) + float64(wrong*b)) / n
	mean := (float64(right*(a+1)*a) + float64(wrong*a*b)) / (p * (n + 1) * n)
	square := (float64(right*(a+2)*(a+1)*a) + float64(wrong*(a+1)*a*b)) / (p * (n + 2) * (n + 1) * n)
	spread := max(square-float64(mean*mean), 1e-12)
	u.alpha = (mean - square) * mean / spread
	u.beta = (mean - square) * (1 - mean) / spread
	return u, p
}

func divergeNormal(mu1, var1, mu0, var0 float64) float64 {
	return float64(math.Log(var0/var1)/2) + (var1+float64((mu1-mu0)*(mu1-mu0)))/(2*var0) - 0.5
}

func divergeBeta(a1, b1, a0, b0 float64) float64 {
	return logBeta(a0, b0) - logBeta(a1, b1) + float64((a1-a0)*digamma(a1)) + float64((b1-b0)*digamma(b1)) + float64((a0-a1+b0-b1)*digamma(a1+b1))
}

func logBeta(a, b float64) float64 {
	x, _ := math.Lgamma(a)
	y, _ := math.Lgamma(b)
	z, _ := math.Lgamma(a + b)
	return x + y - z
}

// digamma is the derivative of the logarithm of the gamma function for x > 0, by its
// recurrence up to 6 and its asymptotic series there.
func digamma(x float64) float64 {
	s := 0.0
	for ; x < 6; x++ {
		s -= 1 / x
	}
	y := 1 / (x * x)
	return s + math.Log(x) - 1/(2*x) - float64(y*(1.0/12-float64(y*(1.0/120-y/252))))
}
