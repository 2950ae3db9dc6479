package footprint

import (
	"fmt"
	"math"
)

// Keepsake is an order of cups that people keep: one each for those who come.
type Keepsake struct {
	People     int     `json:"people"`     // invited or registered
	ShowUp     float64 `json:"show_up"`    // probability that one comes
	Others     int     `json:"others"`     // staff, partners, speakers: who come for sure
	Spare      int     `json:"spare"`      // on top, for breakage
	Confidence float64 `json:"confidence"` // that nobody goes without
	Pack       int     `json:"pack"`       // sold by so many; 0 or 1 = singly
	Minimum    int     `json:"minimum"`    // least the supplier prints
}

// Order is how many cups to order, and why.
type Order struct {
	Order   int   `json:"order"`
	Need    int   `json:"need"`    // before the pack and the minimum
	Surplus int   `json:"surplus"` // ordered beyond the need
	Come    Range `json:"come"`    // people who come, nine times in ten
}

// Order is F2: the quantile of who comes (F1) plus the others and the spare,
// rounded up to packs, at least the minimum.
func (k Keepsake) Order() (Order, error) {
	if err := k.valid(); err != nil {
		return Order{}, err
	}
	need := Binomial(k.People, k.ShowUp, k.Confidence) + k.Others + k.Spare
	order := toPack(max(need, k.Minimum), k.Pack)
	return Order{
		Order: order, Need: need, Surplus: order - need,
		Come: Range{
			float64(Binomial(k.People, k.ShowUp, 0.05) + k.Others),
			float64(Binomial(k.People, k.ShowUp, 0.95) + k.Others),
		},
	}, nil
}

// Bounds of the exact sums.
const (
	maxPeople = 1_000_000
	maxCups   = 10_000_000
)

func (k Keepsake) valid() error {
	for _, n := range []struct {
		name  string
		value int
	}{{"people", k.People}, {"others", k.Others}, {"spare", k.Spare}, {"pack", k.Pack}, {"minimum", k.Minimum}} {
		if n.value < 0 || n.value > maxPeople {
			return fmt.Errorf("%s: %d is outside 0..%d", n.name, n.value, maxPeople)
		}
	}
	if !(k.ShowUp >= 0 && k.ShowUp <= 1) {
		return fmt.Errorf("show-up: %v is not a probability", k.ShowUp)
	}
	if !(k.Confidence > 0 && k.Confidence < 1) {
		return fmt.Errorf("confidence: %v is not between 0 and 1", k.Confidence)
	}
	return nil
}

func toPack(n, pack int) int {
	if pack <= 1 {
		return n
	}
	return (n + pack - 1) / pack * pack
}

// Stock is how many cups to have when cups come back: with washing on site by the
// cups about at once, without it by the cups a guest uses.
type Stock struct {
	Keepsake        // Spare and Others count as guests' cups do
	Drinks    Range // drinks a person takes in an hour; zero: no washing on site
	Hours     Range // that a cup is away: in hand, dirty, washed, dried
	PerGuest  Range // cups a guest uses when none is washed
	Buffer    Range // margin on those
	Loss      Range // share that does not come back
	UsualLoss float64
}

// Cups is the range of cups to have: its low end with the least thirsty guests
// and the fewest losses, its high end with the most.
type Cups struct {
	Come    int   `json:"come"`    // guests at the wanted confidence
	Use     Range `json:"use"`     // cups about at once, or used
	Reserve Range `json:"reserve"` // for those that do not come back
	Total   Range `json:"total"`
	Order   int   `json:"order"` // the middle of the road, in packs: usual loss, middle use
}

// Cups is F3 or F4 for the use, F5 for the reserve.
func (s Stock) Cups() (Cups, error) {
	if err := s.valid(); err != nil {
		return Cups{}, err
	}
	for name, r := range map[string]Range{"drinks": s.Drinks, "hours": s.Hours, "cups per guest": s.PerGuest, "buffer": s.Buffer, "loss": s.Loss} {
		if !r.Valid() || r.Lo < 0 || r.Hi > 1000 {
			return Cups{}, fmt.Errorf("%s: %v is not a range from 0 to 1000", name, r)
		}
	}
	if s.Loss.Hi >= 1 {
		return Cups{}, fmt.Errorf("loss: a share of %v leaves no cup", s.Loss.Hi)
	}
	come := Binomial(s.People, s.ShowUp, s.Confidence) + s.Others
	use := s.use(float64(come))
	if use.Hi > maxCups {
		return Cups{}, fmt.Errorf("%v cups are more than %d", use.Hi, maxCups)
	}
	reserve := Range{
		float64(Binomial(int(use.Lo), s.Loss.Lo, s.Confidence)),
		float64(Binomial(int(use.Hi), s.Loss.Hi, s.Confidence)),
	}
	total := use.Plus(reserve).Plus(Exactly(float64(s.Spare)))
	middle := math.Ceil((use.Lo + use.Hi) / 2)
	usual := int(middle) + Binomial(int(middle), s.UsualLoss, s.Confidence) + s.Spare
	return Cups{
		Come: come, Use: use, Reserve: reserve, Total: total,
		Order: toPack(max(usual, s.Minimum), s.Pack),
	}, nil
}

func (s Stock) use(come float64) Range {
	if s.Drinks.Hi > 0 {
		about := Circulation(Exactly(come), s.Drinks, s.Hours)
		return Range{float64(Poisson(about.Lo, s.Confidence)), float64(Poisson(about.Hi, s.Confidence))}
	}
	used := s.PerGuest.Times(s.Buffer.Plus(Exactly(1))).Scale(come)
	return Range{ceil(used.Lo), ceil(used.Hi)}
}

// ceil rounds up, forgiving the last bits of a product.
func ceil(x float64) float64 { return math.Ceil(x - 1e-9) }

// Uses is F10: how often a cup serves when a share r comes back each time, at most
// most times; most 0 or less means no limit.
func Uses(r float64, most int) float64 {
	if !(r > 0) {
		return 1
	}
	if most <= 0 {
		if r >= 1 {
			return math.Inf(1)
		}
		return 1 / (1 - r)
	}
	if r >= 1 {
		return float64(most)
	}
	return (1 - math.Pow(r, float64(most))) / (1 - r)
}

// Survivors is the share of cups left after k uses when a share r comes back.
func Survivors(r float64, k int) float64 { return math.Pow(r, float64(k)) }

// BreakEven is F11: after how many uses a reusable cup (making eR, washing eW) has
// cost less than disposables (eD each); never when washing costs as much as a
// disposable. Needed is the return rate that gives so many uses.
func BreakEven(eR, eD, eW float64) (uses int, needed float64, ever bool) {
	if !(eD > eW) || !(eR >= 0) || math.IsInf(eR, 0) {
		return 0, 0, false
	}
	n := max(1, math.Ceil(eR/(eD-eW)-1e-12))
	if n > math.MaxInt32 {
		return 0, 0, false
	}
	return int(n), 1 - 1/n, true
}

// BreakEvenRange is BreakEven with ranges: the best case for the reusable cup to
// the worst; ever is false when in the worst case there is none.
func BreakEvenRange(eR, eD, eW Range) (Range, bool) {
	best, _, some := BreakEven(eR.Lo, eD.Hi, eW.Lo)
	worst, _, always := BreakEven(eR.Hi, eD.Lo, eW.Hi)
	if !some {
		return Range{}, false
	}
	if !always {
		return Range{float64(best), math.Inf(1)}, false
	}
	return Range{float64(best), float64(worst)}, true
}
