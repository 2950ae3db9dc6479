package footprint

import "math"

// Service is what the cups of one event did.
type Service struct {
	Servings int     // drinks served in reusable cups instead of disposables
	Leaving  int     // reusable cups that left the loop: lost, broken, kept
	New      float64 // new cups charged to the event: all, or Servings over uses when rented
}

// WasteAvoided is F12, in grams: the disposables not thrown away less the reusables
// that left the loop, all counted as waste.
func WasteAvoided(s Service, disposable, reusable Range) Range {
	return disposable.Scale(float64(s.Servings)).Minus(reusable.Scale(float64(s.Leaving)))
}

// CarbonAvoided is F13, in grams CO2e: for each serving a disposable less a wash,
// for each new cup its making. Judge says what the range shows.
func CarbonAvoided(s Service, disposable, reusable, wash Range) Range {
	return disposable.Minus(wash).Scale(float64(s.Servings)).Minus(reusable.Scale(s.New))
}

// Wash is F14: what washing n cups takes.
type Wash struct {
	Water, Detergent, Rinse, Energy Range // l, g, g, kWh
	Price                           Range // EUR
}

// Washing adds up the needs of n washes.
func Washing(n int) Wash {
	k := float64(max(0, n))
	return Wash{
		Water: WashWater().Value.Scale(k), Detergent: WashDetergent().Value.Scale(k),
		Rinse: WashRinse().Value.Scale(k), Energy: WashEnergy().Value.Scale(k),
		Price: WashPrice().Value.Scale(k),
	}
}

// Amount is a quantity of something that has a factor: meals, person-kilometres,
// vehicle-kilometres.
type Amount struct {
	Of    Factor
	Count float64
}

// Carbon is F15 and F16: the sum of quantities times factors, in the factors' kg.
func Carbon(amounts []Amount) Range {
	var sum Range
	for _, a := range amounts {
		sum = sum.Plus(a.Of.Value.Scale(a.Count))
	}
	return sum
}

// Wasted is F15's other half: the food left over from so many meals, in kg, and
// what it costs, in EUR.
func Wasted(meals int) (kilograms, price Range) {
	k := float64(max(0, meals))
	return FoodWaste().Value.Scale(k), FoodWastePrice().Value.Scale(k)
}

// Deposits is the till of cups lent against a deposit, in cents.
type Deposits struct {
	Each     int64 // deposit on one cup
	Issued   int64 // cups handed out with a deposit
	Good     int64 // came back good
	Broken   int64 // came back broken
	Refunded bool  // broken cups are refunded too
}

// Liability is F8: what is still owed to those who hold a cup.
func (d Deposits) Liability() int64 { return d.Each * (d.Issued - d.refunds()) }

func (d Deposits) refunds() int64 {
	if d.Refunded {
		return d.Good + d.Broken
	}
	return d.Good
}

// Kept is the number of cups that never came back.
func (d Deposits) Kept() int64 { return d.Issued - d.Good - d.Broken }

// ReturnRate is F9: what came back, good or broken, of what was handed out with a
// deposit; false when nothing was.
func (d Deposits) ReturnRate() (float64, bool) {
	if d.Issued <= 0 {
		return 0, false
	}
	return float64(d.Good+d.Broken) / float64(d.Issued), true
}

// Close turns what is still owed into income, the tax taken inside it and rounded
// once on the total. The rate is in hundredths of a percent: 2000 is 20 %, 0 is a
// body outside value added tax.
func (d Deposits) Close(rate int64) (income, tax int64) {
	kept := d.Liability()
	income = int64(math.Round(float64(kept) * 10_000 / float64(10_000+max(0, rate))))
	return income, kept - income
}
