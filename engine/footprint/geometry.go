package footprint

import (
	"errors"
	"math"
)

// Cup is the outside of a cup, a cone cut off: diameters of the rim and the foot
// and the height, in millimetres.
// Formulas: https://cones-docs.sublimationapp.com/docs/extras/cones-conversion-math ,
// http://mathforum.org/library/drmath/view/56463.html
type Cup struct {
	Top, Bottom, Height float64
}

// ErrShape says that the measures make no cup: wider at the foot than at the rim,
// or without size.
var ErrShape = errors.New("a cup is at least as wide at the rim as at the foot, and all its measures are positive")

// Wrap is the flat sheet that covers a cup: a sector of a ring, in millimetres, or
// a rectangle (Angle 0) when the cup is straight.
type Wrap struct {
	Slant        float64 // from foot to rim along the wall
	Outer, Inner float64 // radii of the rim's and the foot's arcs; 0 when straight
	Angle        float64 // of the sector, in radians
	Width        float64 // of the smallest upright box around it
	Height       float64
	Bow          float64 // rise of the rim's arc
	Area         float64 // of the wall, in square millimetres
	Volume       float64 // outside, in millilitres; the contents are less
}

// Wrap unrolls the cup.
func (c Cup) Wrap() (Wrap, error) {
	if !(c.Height > 0) || !(c.Bottom > 0) || !(c.Top >= c.Bottom) || math.IsInf(c.Top+c.Height, 0) {
		return Wrap{}, ErrShape
	}
	r1, r2 := float64(c.Top/2), float64(c.Bottom/2)
	s := math.Hypot(c.Height, r1-r2)
	w := Wrap{
		Slant: s, Area: math.Pi * (r1 + r2) * s,
		Volume: math.Pi * c.Height * (float64(r1*r1) + float64(r1*r2) + float64(r2*r2)) / 3 / 1000,
	}
	if r1 == r2 {
		w.Width, w.Height = math.Pi*c.Top, c.Height
		return w, nil
	}
	w.Outer = s * r1 / (r1 - r2)
	w.Inner = w.Outer - s
	w.Angle = 2 * math.Pi * (r1 - r2) / s
	half := min(w.Angle/2, math.Pi)
	w.Bow = w.Outer * (1 - math.Cos(half))
	if half <= math.Pi/2 {
		w.Width = 2 * w.Outer * math.Sin(half)
		w.Height = w.Outer - float64(w.Inner*math.Cos(half))
	} else {
		w.Width = 2 * w.Outer
		w.Height = w.Outer - float64(w.Outer*math.Cos(half))
	}
	return w, nil
}

// At is where a point of the cup lies on the sheet: angle in radians from the
// middle of the face, y millimetres above the foot, measured upright. The origin
// is the centre of the arcs, or the foot's middle when the cup is straight.
func (c Cup) At(angle, y float64) (x, up float64, err error) {
	w, err := c.Wrap()
	if err != nil {
		return 0, 0, err
	}
	if w.Angle == 0 {
		return angle * c.Top / 2, y, nil
	}
	rho := w.Inner + y*w.Slant/c.Height
	phi := angle * w.Angle / (2 * math.Pi) // around the cup, the sector's angle
	return rho * math.Sin(phi), rho * math.Cos(phi), nil
}

// On is where a point of the sheet lies on the cup: At the other way round.
func (c Cup) On(x, up float64) (angle, y float64, err error) {
	w, err := c.Wrap()
	if err != nil {
		return 0, 0, err
	}
	if w.Angle == 0 {
		return x * 2 / c.Top, up, nil
	}
	return math.Atan2(x, up) * 2 * math.Pi / w.Angle, (math.Hypot(x, up) - w.Inner) * c.Height / w.Slant, nil
}

// Band is the printable part of the wall between two heights above the foot.
type Band struct {
	LowDiameter, HighDiameter float64 // of the cup at those heights
	LowRadius, HighRadius     float64 // of the arcs on the sheet
	LowArc, HighArc           float64 // lengths of the arcs, once around
	Slant                     float64 // height of the band along the wall
}

// Band measures the wall from y1 to y2, 0 <= y1 < y2 <= Height.
func (c Cup) Band(y1, y2 float64) (Band, error) {
	w, err := c.Wrap()
	if err != nil {
		return Band{}, err
	}
	if !(y1 >= 0) || !(y1 < y2) || !(y2 <= c.Height) {
		return Band{}, errors.New("a band lies between foot and rim, its lower edge below its upper one")
	}
	wide := func(y float64) float64 { return c.Bottom + (c.Top-c.Bottom)*y/c.Height }
	b := Band{LowDiameter: wide(y1), HighDiameter: wide(y2), Slant: (y2 - y1) * w.Slant / c.Height}
	b.LowArc, b.HighArc = math.Pi*b.LowDiameter, math.Pi*b.HighDiameter
	if w.Angle > 0 {
		b.LowRadius = w.Inner + y1*w.Slant/c.Height
		b.HighRadius = w.Inner + y2*w.Slant/c.Height
	}
	return b, nil
}

// Printed is the angle of the sheet's sector, in radians, that a print fills when it
// leaves a seam so wide, in millimetres, along the band's lower edge; 0 when the cup is
// straight.
func (b Band) Printed(seam float64) float64 {
	if b.LowRadius == 0 {
		return 0
	}
	return max(0, b.LowArc-max(0, seam)) / b.LowRadius
}

// Pixels is the size of a picture that covers the box around the sheet, with a
// bleed in millimetres all round, at so many dots per inch; rounded up.
func (w Wrap) Pixels(bleed, dpi float64) (wide, high int) {
	dots := func(mm float64) int {
		return int(math.Ceil(float64(max(0, min(mm, 1e6))/25.4*max(0, min(dpi, 1e4))) - 1e-9))
	}
	return dots(w.Width + 2*bleed), dots(w.Height + 2*bleed)
}
