package rival_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"h48/engine/ranking/rival"
)

var ballots = []rival.Ballot{
	{Seen: []int{0, 1, 2}, Totals: []float64{5, 3, 1}, Order: []int{0, 1, 2}},
	{Seen: []int{1, 0}, Totals: []float64{4, 4}, Order: []int{0, 1}},
}

func TestRulesByHand(t *testing.T) {
	t.Parallel()
	near := cmpopts.EquateApprox(0, 1e-9)
	for name, tc := range map[string]struct{ got, want []float64 }{
		"raw":      {rival.Raw(4, ballots), []float64{4.5, 3.5, 1, math.Inf(-1)}},
		"z-score":  {rival.ZScore(4, ballots), []float64{0.5, 0, -1, math.Inf(-1)}},
		"Copeland": {rival.Copeland(4, ballots), []float64{3, -1, -2, 0}},
	} {
		if d := cmp.Diff(tc.want, tc.got, near); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// At the mode the slope of the posterior is zero: a strength over its prior variance
// equals duels won less duels expected.
func TestBradleyTerryIsAtItsMode(t *testing.T) {
	t.Parallel()
	s := rival.BradleyTerry(3, ballots, 2)
	win := func(i, j int) float64 { return 1 / (1 + math.Exp(s[j]-s[i])) }
	want := []float64{3 - 2*win(0, 1) - win(0, 2), 1 - 2*win(1, 0) - win(1, 2), -win(2, 0) - win(2, 1)}
	for i := range s {
		if math.Abs(s[i]/2-want[i]) > 1e-5 {
			t.Errorf("strength %d: %v, slope %v", i, s[i]/2, want[i])
		}
	}
}

func TestCrowdBTLearns(t *testing.T) {
	t.Parallel()
	c := rival.NewCrowdBT(4, 2, rand.New(rand.NewPCG(1, 1)))
	for range 40 {
		for i := range 3 {
			c.Compare(0, i, i+1)
			c.View(i)
		}
	}
	if !slices.IsSortedFunc(c.Mu, func(x, y float64) int { return int(math.Copysign(1, y-x)) }) {
		t.Errorf("strengths %v are not falling", c.Mu)
	}
	for i, v := range c.Sigma2 {
		if !(v > 0 && v < 1) {
			t.Errorf("variance %d is %v", i, v)
		}
	}
	if i := c.Next(1, 0, []int{1, 2, 3}); i != 3 {
		t.Errorf("sent to %d; 3 alone has no view yet", i)
	}
}
