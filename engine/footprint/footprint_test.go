package footprint_test

import (
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/engine/footprint"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// Worked examples of the geometry: 90 and 60 mm wide, 120 mm high.
func TestCup_wrap(t *testing.T) {
	t.Parallel()
	w, err := footprint.Cup{Top: 90, Bottom: 60, Height: 120}.Wrap()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "slant", w.Slant, 120.934, 5e-4)
	near(t, "outer", w.Outer, 362.802, 5e-4)
	near(t, "inner", w.Inner, 241.868, 5e-4)
	near(t, "angle", w.Angle*180/math.Pi, 44.653, 5e-4)
	near(t, "area", w.Area/100, 284.944, 5e-4)
	near(t, "volume", w.Volume, 537.212, 5e-4)
	near(t, "width", w.Width, 275.642, 5e-4)
	near(t, "height", w.Height, 139.065, 5e-4)
	near(t, "bow", w.Bow, 27.197, 5e-4)
	if wide, high := w.Pixels(3, 300); wide != 3327 || high != 1714 {
		t.Errorf("picture %d x %d, want 3327 x 1714", wide, high)
	}
}

// The sizes of cups in use, by formulas written a second time; no supplier's figures.
func TestCup_catalogue(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		top, bottom, height                                         float64
		slant, outer, inner, degrees, millilitres, width, boxHeight float64
	}{
		{60, 46, 68, 68.359, 292.969, 224.609, 36.864, 150.9, 185.3, 79.9},
		{65, 48, 82, 82.439, 315.209, 232.770, 37.118, 207.1, 200.7, 94.5},
		{66, 50, 88, 88.363, 364.497, 276.134, 32.593, 234.0, 204.6, 99.5},
		{72, 50, 99, 99.609, 325.994, 226.385, 39.755, 292.5, 221.7, 113.1},
		{77, 54, 105, 105.628, 353.624, 247.996, 39.194, 357.4, 237.2, 120.0},
		{78, 55, 112, 112.589, 381.823, 269.234, 36.771, 392.9, 240.9, 126.3},
		{84, 58, 118, 118.714, 383.537, 264.823, 39.422, 472.4, 258.7, 134.2},
		{86, 62, 132, 132.544, 474.951, 342.406, 32.593, 572.7, 266.5, 146.3},
		{92, 64, 142, 142.688, 468.834, 326.145, 35.322, 685.8, 284.5, 158.1},
	} {
		w, err := footprint.Cup{Top: c.top, Bottom: c.bottom, Height: c.height}.Wrap()
		if err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprintf("%v/%v/%v: ", c.top, c.bottom, c.height)
		near(t, what+"slant", w.Slant, c.slant, 6e-4)
		near(t, what+"outer", w.Outer, c.outer, 6e-4)
		near(t, what+"inner", w.Inner, c.inner, 6e-4)
		near(t, what+"angle", w.Angle*180/math.Pi, c.degrees, 6e-4)
		near(t, what+"volume", w.Volume, c.millilitres, 0.06)
		near(t, what+"width", w.Width, c.width, 0.06)
		near(t, what+"height", w.Height, c.boxHeight, 0.06)
	}
}

func TestCup_band(t *testing.T) {
	t.Parallel()
	b, err := footprint.Cup{Top: 77, Bottom: 54, Height: 105}.Band(15, 90)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "low diameter", b.LowDiameter, 57.286, 5e-4)
	near(t, "high diameter", b.HighDiameter, 73.714, 5e-4)
	near(t, "low radius", b.LowRadius, 263.086, 5e-4)
	near(t, "high radius", b.HighRadius, 338.534, 5e-4)
	near(t, "low arc", b.LowArc, 179.968, 5e-4)
	near(t, "high arc", b.HighArc, 231.580, 5e-4)
	near(t, "slant", b.Slant, 75.448, 5e-4)
	near(t, "print without a seam, in degrees", b.Printed(0)*180/math.Pi, 39.194, 5e-4)
	near(t, "print beside a seam of 10 mm", b.Printed(10), (39.194*math.Pi/180)-10/263.086, 1e-5)
	near(t, "print beside a seam wider than the cup", b.Printed(500), 0, 0)
}

func TestCup_shape(t *testing.T) {
	t.Parallel()
	for _, c := range []footprint.Cup{{60, 90, 120}, {90, 60, 0}, {90, -1, 10}, {math.NaN(), 60, 10}, {math.Inf(1), 60, 10}} {
		if _, err := c.Wrap(); err == nil {
			t.Errorf("%v was taken for a cup", c)
		}
	}
	w, err := footprint.Cup{Top: 70, Bottom: 70, Height: 100}.Wrap()
	if err != nil {
		t.Fatal(err)
	}
	near(t, "a straight cup's width", w.Width, math.Pi*70, 1e-9)
	straight := footprint.Cup{Top: 70, Bottom: 70, Height: 100}
	x, up, err := straight.At(1, 40)
	if err != nil || x != 35 || up != 40 {
		t.Errorf("on the sheet (%v, %v), %v", x, up, err)
	}
	if angle, y, err := straight.On(x, up); err != nil || angle != 1 || y != 40 {
		t.Errorf("back on the cup (%v, %v), %v", angle, y, err)
	}
}

// A point's place on the sheet keeps its distance from the foot along the wall, and leads
// back to the point.
func TestCup_at(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bottom := rapid.Float64Range(10, 100).Draw(t, "bottom")
		c := footprint.Cup{Top: bottom + rapid.Float64Range(1, 50).Draw(t, "taper"), Bottom: bottom, Height: rapid.Float64Range(10, 200).Draw(t, "height")}
		y := rapid.Float64Range(0, 1).Draw(t, "share") * c.Height
		angle := rapid.Float64Range(-3.1, 3.1).Draw(t, "angle")
		x, up, err := c.At(angle, y)
		w, err2 := c.Wrap()
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		if got, want := math.Hypot(x, up)-w.Inner, y*w.Slant/c.Height; math.Abs(got-want) > 1e-6*w.Outer {
			t.Fatalf("%v above the foot's arc, want %v", got, want)
		}
		angle2, y2, err := c.On(x, up)
		if err != nil || math.Abs(y2-y) > 1e-6*w.Outer || math.Abs(angle2-angle) > 1e-6 {
			t.Fatalf("(%v, %v) leads back to (%v, %v): %v", angle, y, angle2, y2, err)
		}
	})
}

func TestBinomial_attendance(t *testing.T) {
	t.Parallel()
	for c, want := range map[float64]int{0.50: 150, 0.80: 155, 0.90: 158, 0.95: 160, 0.99: 164} {
		if got := footprint.Binomial(200, 0.75, c); got != want {
			t.Errorf("confidence %v: %d come, want %d", c, got, want)
		}
	}
	near(t, "P(at most 160)", footprint.AtMost(160, 200, 0.75), 0.9595, 5e-5)
}

func TestNewsvendor(t *testing.T) {
	t.Parallel()
	order, ratio := footprint.Newsvendor(200, 0.75, 3.00, 0.60)
	near(t, "ratio", ratio, 0.8333, 5e-5)
	if order != 156 {
		t.Errorf("order %d, want 156", order)
	}
	near(t, "P(at most 156)", footprint.AtMost(156, 200, 0.75), 0.85624, 5e-6)
}

func TestStock_workedExamples(t *testing.T) {
	t.Parallel()
	about := footprint.Circulation(footprint.Exactly(200), footprint.Exactly(1), footprint.Exactly(1.5))
	if about != footprint.Exactly(300) {
		t.Errorf("%v cups about, want 300", about)
	}
	for mean, want := range map[float64]int{300: 329, 48: 60} {
		if got := footprint.Poisson(mean, 0.95); got != want {
			t.Errorf("mean %v: %d cups, want %d", mean, got, want)
		}
	}
	for q, want := range map[float64]int{0.07: 45, 0.12: 72, 0.30: 167} {
		if got := footprint.Binomial(500, q, 0.95); got != want {
			t.Errorf("loss %v: reserve %d, want %d", q, got, want)
		}
	}
	near(t, "uses at 75 %", footprint.Uses(0.75, 0), 4, 1e-9)
	near(t, "survivors", footprint.Survivors(0.75, 10), 0.0563, 5e-5)
	near(t, "uses at 90 %", footprint.Uses(0.90, 0), 10, 1e-9)
	near(t, "uses at 95 %", footprint.Uses(0.95, 0), 20, 1e-9)
	near(t, "uses at 98 %", footprint.Uses(0.98, 0), 50, 1e-9)
	near(t, "uses at 95 %, capped", footprint.Uses(0.95, 100), 19.882, 5e-4)
	near(t, "uses at 98 %, capped", footprint.Uses(0.98, 100), 43.369, 5e-4)
}

// Stock puts the parts together: who comes, what they use, what does not come back.
func TestStock_cups(t *testing.T) {
	t.Parallel()
	washed := footprint.Stock{
		Keepsake: footprint.Keepsake{People: 200, ShowUp: 1, Confidence: 0.95},
		Drinks:   footprint.Exactly(1), Hours: footprint.Exactly(1.5),
	}
	unwashed := footprint.Stock{
		Keepsake: footprint.Keepsake{People: 200, ShowUp: 0.75, Confidence: 0.95, Pack: 50},
		PerGuest: footprint.CupsPerGuest().Value, Buffer: footprint.Buffer().Value,
	}
	for name, c := range map[string]struct {
		stock       footprint.Stock
		come, order int
		use         footprint.Range
	}{
		"washed on site, 300 about at once": {washed, 200, 329, footprint.Exactly(329)},
		"none washed, 3 to 5 a guest":       {unwashed, 160, 750, footprint.Range{Lo: 528, Hi: 920}}, // 160 x 3 x 1.10, 160 x 5 x 1.15
	} {
		got, err := c.stock.Cups()
		if err != nil || got.Come != c.come || got.Use != c.use || got.Total != c.use || got.Order != c.order {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	washed.Loss, washed.UsualLoss = footprint.LossShare().Value, footprint.UsualLoss
	got, err := washed.Cups()
	if err != nil || got.Reserve.Lo != float64(footprint.Binomial(329, 0.07, 0.95)) || got.Order != 329+footprint.Binomial(329, 0.12, 0.95) {
		t.Errorf("with losses: %+v, %v", got, err)
	}
}

// A simulation of one thing alone agrees with its exact quantile.
func TestSimulate_pureCases(t *testing.T) {
	t.Parallel()
	if got := footprint.Simulate(200, 0.75, 0, 0, 0.95, 1, 40_000); abs(got.Quantile-160) > 1 {
		t.Errorf("attendance alone: %+v, want 160", got)
	}
	if got := footprint.Simulate(500, 1, 0, 0.12, 0.95, 1, 40_000); abs(got.Quantile-572) > 1 {
		t.Errorf("loss alone: %+v, want 500+72", got)
	}
	if got := footprint.Simulate(200, 1, 1.5, 0, 0.95, 1, 40_000); abs(got.Quantile-329) > 2 {
		t.Errorf("use alone: %+v, want 329", got)
	}
}

func abs(a int) int { return max(a, -a) }

// Forty cups given away do not demonstrate a saving: the example the rule is for.
func TestImpact_gift(t *testing.T) {
	t.Parallel()
	gift := footprint.Service{Servings: 192, Leaving: 40, New: 40}
	waste := footprint.WasteAvoided(gift, footprint.DisposableMass().Value, footprint.ReusableMass().Value)
	if want := (footprint.Range{Lo: -624, Hi: 936}); waste != want {
		t.Errorf("waste %v, want %v", waste, want)
	}
	carbon := footprint.CarbonAvoided(gift, footprint.DisposableCarbon().Value, footprint.ReusableCarbon().Value, footprint.WashCarbon().Value)
	near(t, "carbon, low", carbon.Lo, -7002, 0.5)
	near(t, "carbon, high", carbon.Hi, 10425, 0.5)
	if got := footprint.Judge(carbon); got != footprint.NotDemonstrated {
		t.Errorf("judged %q, want not demonstrated", got)
	}
}

func TestImpact_rented(t *testing.T) {
	t.Parallel()
	rented := footprint.Service{Servings: 192, Leaving: 4, New: 1.92}
	waste := footprint.WasteAvoided(rented, footprint.DisposableMass().Value, footprint.ReusableMass().Value)
	if want := (footprint.Range{Lo: 456, Hi: 1476}); waste != want {
		t.Errorf("waste %v, want %v", waste, want)
	}
	carbon := footprint.CarbonAvoided(rented, footprint.DisposableCarbon().Value, footprint.ReusableCarbon().Value, footprint.WashCarbon().Value)
	near(t, "carbon, low", carbon.Lo, 614, 0.5)
	near(t, "carbon, high", carbon.Hi, 11568, 0.5)
	if got := footprint.Judge(carbon); got != footprint.Saving {
		t.Errorf("judged %q, want a saving", got)
	}
}

func TestDeposits(t *testing.T) {
	t.Parallel()
	d := footprint.Deposits{Each: 100, Issued: 120, Good: 97, Broken: 3, Refunded: true}
	rate, _ := d.ReturnRate()
	near(t, "return rate", rate, 0.8333, 5e-5)
	if d.Issued != d.Good+d.Broken+d.Kept() {
		t.Errorf("of %d cups %d are good, %d broken, %d kept", d.Issued, d.Good, d.Broken, d.Kept())
	}
	if d.Liability() != 2000 || d.Kept() != 20 {
		t.Errorf("liability %d, kept %d", d.Liability(), d.Kept())
	}
	if income, tax := d.Close(2000); income != 1667 || tax != 333 {
		t.Errorf("closed at %d + %d, want 1667 + 333", income, tax)
	}
	d.Refunded = false
	if income, tax := d.Close(2000); income != 1917 || tax != 383 {
		t.Errorf("broken not refunded: closed at %d + %d, want 1917 + 383", income, tax)
	}
}

func TestBreakEven(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		eR, eD, eW float64
		want       int
	}{{200, 50, .803, 5}, {30, 6, .803, 6}, {200, 6, .803, 39}, {200, 6, 6.16, 0}, {30, 60.9, .352, 1}} {
		if got, _, ever := footprint.BreakEven(c.eR, c.eD, c.eW); got != c.want || ever != (c.want > 0) {
			t.Errorf("%+v: got %d, %t", c, got, ever)
		}
	}
	own, always := footprint.BreakEvenRange(footprint.ReusableCarbon().Value, footprint.DisposableCarbon().Value, footprint.WashCarbon().Value)
	if own != (footprint.Range{Lo: 1, Hi: 39}) || !always {
		t.Errorf("by the default factors %v uses, always %v", own, always)
	}
	// Where a wash may cost as much as a disposable, the worst case is never.
	if own, always := footprint.BreakEvenRange(footprint.Exactly(200), footprint.Range{Lo: 6, Hi: 50}, footprint.Exactly(6.16)); own.Lo != 5 || always {
		t.Errorf("from %v uses, always %v", own, always)
	}
	_, needed, _ := footprint.BreakEven(100, 10, 0)
	near(t, "return rate for 10 uses", needed, 0.90, 1e-9)
}

func TestEventSheet(t *testing.T) {
	t.Parallel()
	meal := func(id string, n float64) footprint.Amount { return amount(t, footprint.Meals(), id, n) }
	near(t, "all vegetarian", footprint.Carbon([]footprint.Amount{meal("vegetarian", 72)}).Hi, 36.72, 1e-9)
	near(t, "mixed", footprint.Carbon([]footprint.Amount{meal("vegetarian", 40), meal("chicken", 24), meal("beef", 8)}).Hi, 116.40, 1e-9)
	near(t, "all beef", footprint.Carbon([]footprint.Amount{meal("beef", 72)}).Hi, 522.72, 1e-9)
	kilograms, price := footprint.Wasted(72)
	near(t, "food waste", kilograms.Hi, 8.64, 1e-9)
	near(t, "its price", price.Hi, 48.96, 1e-9)
	trip := func(id string, km float64) footprint.Amount { return amount(t, footprint.Travels(), id, km) }
	travel := footprint.Carbon([]footprint.Amount{trip("TGV", 10*500), trip("car", 8*60), trip("car", 2*60), trip("tram", 6*20)})
	near(t, "travel", travel.Hi, 145.72, 0.005)
	w := footprint.Washing(500)
	near(t, "water", w.Water.Hi, 40, 1e-9)
	near(t, "detergent", w.Detergent.Hi, 60, 1e-9)
	near(t, "rinse aid", w.Rinse.Hi, 9, 1e-9)
	near(t, "energy", w.Energy.Hi, 5.5, 1e-9)
	if w.Price != (footprint.Range{Lo: 25, Hi: 50}) {
		t.Errorf("washing costs %v, want 25 to 50", w.Price)
	}
	for capacity, want := range map[int]int{300: 0, 301: 1, 600: 1, 601: 2, 901: 3} {
		if got := footprint.Fountains(capacity); got != want {
			t.Errorf("%d people: %d fountains, want %d", capacity, got, want)
		}
	}
	shirts := footprint.Split(50, []float64{15, 25, 25, 20, 10, 5})
	if diff := cmp.Diff([]int{7, 13, 13, 10, 5, 2}, shirts); diff != "" {
		t.Errorf("shirts (-want +got):\n%s", diff)
	}
}

func amount(t *testing.T, list []footprint.Factor, id string, n float64) footprint.Amount {
	t.Helper()
	f, found := footprint.Find(list, id)
	if !found {
		t.Fatalf("no factor %q", id)
	}
	return footprint.Amount{Of: f, Count: n}
}

func TestLastProof(t *testing.T) {
	t.Parallel()
	day := func(d int, m time.Month) time.Time { return time.Date(2018, m, d, 0, 0, 0, 0, time.UTC) }
	holidays := []time.Time{day(1, time.May), day(8, time.May), day(10, time.May)}
	if got := footprint.LastProof(day(19, time.May), 14, holidays); !got.Equal(day(26, time.April)) {
		t.Errorf("with holidays: %v, want 26 April", got)
	}
	if got := footprint.LastProof(day(19, time.May), 14, nil); !got.Equal(day(1, time.May)) {
		t.Errorf("without: %v, want 1 May", got)
	}
}

// Whatever true values lie in two ranges, their result lies in the result's range.
func TestRange_holdsTheTruth(t *testing.T) {
	t.Parallel()
	number := rapid.Float64Range(-1e6, 1e6)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) (footprint.Range, float64) {
			a, b := number.Draw(t, name), number.Draw(t, name)
			r := footprint.Range{Lo: min(a, b), Hi: max(a, b)}
			return r, min(r.Hi, r.Lo+rapid.Float64Range(0, 1).Draw(t, name)*(r.Hi-r.Lo))
		}
		r, x := draw("first")
		s, y := draw("second")
		if !r.Plus(s).Holds(x+y) || !r.Minus(s).Holds(x-y) || !r.Times(s).Holds(x*y) {
			t.Fatalf("%v in %v and %v in %v", x, r, y, s)
		}
	})
}

func TestSplit_sums(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 1000).Draw(t, "things")
		shares := rapid.SliceOfN(rapid.Float64Range(0.01, 100), 1, 9).Draw(t, "shares")
		sum := 0
		for _, k := range footprint.Split(n, shares) {
			sum += k
		}
		if sum != n {
			t.Fatalf("%d things split into %d", n, sum)
		}
	})
}

// Every factor says where it comes from, and its range is in order.
func TestFactors_haveSources(t *testing.T) {
	t.Parallel()
	all := append(footprint.Meals(), footprint.Travels()...)
	all = append(all, footprint.DisposableMass(), footprint.ReusableMass(), footprint.DisposableCarbon(),
		footprint.ReusableCarbon(), footprint.WashCarbon(), footprint.LossShare(), footprint.CupsPerGuest(),
		footprint.Buffer(), footprint.BreakEvenPublished(), footprint.MostUses(), footprint.WashWater(),
		footprint.WashDetergent(), footprint.WashRinse(), footprint.WashEnergy(), footprint.WashPrice(),
		footprint.FoodWaste(), footprint.FoodWastePrice())
	for _, f := range all {
		if f.ID == "" || f.Unit == "" || f.Source == "" || !f.Value.Valid() {
			t.Errorf("factor %+v is incomplete", f)
		}
	}
}

func FuzzKeepsake(f *testing.F) {
	f.Add(200, 0.75, 10, 5, 0.95, 50, 100)
	f.Add(-1, math.NaN(), 0, 0, 2.0, 0, 0)
	f.Fuzz(func(t *testing.T, people int, showUp float64, others, spare int, confidence float64, pack, minimum int) {
		o, err := footprint.Keepsake{
			People: people % 5000, ShowUp: showUp, Others: others, Spare: spare,
			Confidence: confidence, Pack: pack, Minimum: minimum,
		}.Order()
		if err == nil && (o.Order < o.Need || o.Order < minimum || pack > 1 && o.Order%pack != 0) {
			t.Fatalf("%+v", o)
		}
	})
}

// How many cups for forty registered people, each to keep one?
func ExampleKeepsake_Order() {
	cups := footprint.Keepsake{People: 40, ShowUp: 0.8, Others: 6, Confidence: 0.95, Minimum: 100}
	o, err := cups.Order()
	fmt.Println(o.Need, "needed,", o.Order, "ordered,", o.Surplus, "over,", err)
	// Output: 42 needed, 100 ordered, 58 over, <nil>
}

// Forty new cups given away and 192 servings: is carbon saved?
func ExampleJudge() {
	gift := footprint.Service{Servings: 192, Leaving: 40, New: 40}
	saved := footprint.CarbonAvoided(gift,
		footprint.DisposableCarbon().Value, footprint.ReusableCarbon().Value, footprint.WashCarbon().Value)
	fmt.Println(saved, "g CO2e:", footprint.Judge(saved))
	// Output: -7002 to 1.043e+04 g CO2e: not demonstrated
}
