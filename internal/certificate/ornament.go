package certificate

import (
	"math"

	"h48/internal/kit/pdf"
)

// The frame around a sheet, in millimetres.
const (
	frameX, frameY          = 9.0, 9.0
	frameWidth, frameHeight = 279.0, 192.0
	corner                  = 9.0
)

// decorate draws everything on a sheet that is not read: the frame, the ring of 48 hours
// far in the background, and the emblem above the title.
func decorate(d *pdf.Canvas, accent pdf.Color, kind Kind) {
	backdrop(d, mix(accent, pdf.White, .93))
	line := accent
	if kind == Diploma {
		line = gold
	}
	frame(d, line, mix(line, pdf.White, .45))
	emblem(d, middle, 36, accent)
	if kind == Diploma {
		laurel(d, middle, 36)
	}
	rule(d, line)
	d.MoveTo(25, 177)
	d.LineTo(100, 177)
	d.Stroke(soft, .25)
}

// mix is the colour on the way from one to the other.
func mix(from, to pdf.Color, share float64) pdf.Color {
	part := func(shift int) pdf.Color {
		a, b := float64(from>>shift&0xff), float64(to>>shift&0xff)
		return pdf.Color(math.Round(a+(b-a)*share)) << shift
	}
	return part(16) | part(8) | part(0)
}

// backdrop is the ring, so large that the sheet holds only a part of it.
func backdrop(d *pdf.Canvas, tint pdf.Color) {
	const x, y = 252.0, 178.0
	for i := range 48 {
		from, radius := float64(i)/48, 118.0
		if i%6 == 0 {
			radius = 123
		}
		tick(d, x, y, radius, 9, from+.003, from+.0178)
		d.Fill(tint)
	}
	for _, radius := range []float64{92, 74, 56, 38} {
		d.Circle(x, y, radius)
		d.Stroke(tint, 1.6)
	}
	// What of it lies beyond the frame is paper again.
	for _, b := range []pdf.Box{{X: frameX + frameWidth, Y: 0, Width: 30, Height: 210}, {X: 0, Y: frameY + frameHeight, Width: 297, Height: 20}} {
		d.Rect(b)
		d.Fill(pdf.White)
	}
}

// tick adds one of the 48 hours of a ring: a short piece of it, as broad as the pen.
func tick(d *pdf.Canvas, x, y, radius, pen, from, to float64) {
	point := func(turn, radius float64) (float64, float64) {
		sin, cos := math.Sincos(2 * math.Pi * turn)
		return x + radius*sin, y - radius*cos
	}
	half := (from + to) / 2
	d.MoveTo(point(from, radius-pen/2))
	for _, turn := range []float64{from, half, to} {
		d.LineTo(point(turn, radius+pen/2))
	}
	for _, turn := range []float64{to, half} {
		d.LineTo(point(turn, radius-pen/2))
	}
	d.Close()
}

// frame draws two lines around the sheet, hollowed at the corners.
func frame(d *pdf.Canvas, outer, inner pdf.Color) {
	hollow := func(inset, radius float64) {
		left, top := frameX+inset, frameY+inset
		right, bottom := frameX+frameWidth-inset, frameY+frameHeight-inset
		const round = .5523 // the usual handle of a quarter circle
		d.MoveTo(left+radius, top)
		d.LineTo(right-radius, top)
		d.CurveTo(right-radius, top+radius*round, right-radius*round, top+radius, right, top+radius)
		d.LineTo(right, bottom-radius)
		d.CurveTo(right-radius*round, bottom-radius, right-radius, bottom-radius*round, right-radius, bottom)
		d.LineTo(left+radius, bottom)
		d.CurveTo(left+radius, bottom-radius*round, left+radius*round, bottom-radius, left, bottom-radius)
		d.LineTo(left, top+radius)
		d.CurveTo(left+radius*round, top+radius, left+radius, top+radius*round, left+radius, top)
		d.Close()
	}
	hollow(0, corner)
	d.Stroke(outer, .9)
	hollow(2.4, corner)
	d.Stroke(inner, .3)
	for _, x := range []float64{frameX + 2.2, frameX + frameWidth - 2.2} {
		for _, y := range []float64{frameY + 2.2, frameY + frameHeight - 2.2} {
			d.Circle(x, y, 1.3)
			d.Fill(outer)
		}
	}
}

// emblem is the ring of 48 hours, full: the event is over.
func emblem(d *pdf.Canvas, x, y float64, accent pdf.Color) {
	for i := range 48 {
		from, radius, pen := float64(i)/48, 14.0, 2.2
		if i%6 == 0 {
			radius, pen = 14.6, 3.4
		}
		tick(d, x, y, radius, pen, from+.003, from+.0178)
		d.Fill(accent)
	}
	for i, radius := range []float64{10, 7.2} {
		d.Circle(x, y, radius)
		d.Stroke(mix(accent, pdf.White, .25+.25*float64(i)), .5)
	}
	d.Circle(x, y, 3.6)
	d.Fill(accent)
}

// laurel lays a branch on each side of the emblem: leaves in pairs along a circle, from
// its foot upwards.
func laurel(d *pdf.Canvas, x, y float64) {
	const radius, lean = 20.5, .62
	for _, side := range []float64{-1, 1} {
		for i := range 9 {
			sin, cos := math.Sincos(.42 + .265*float64(i))
			px, py := x+side*radius*sin, y+radius*cos
			length := 5.6 - .25*float64(i)
			for _, out := range []float64{-1, 1} {
				s, c := math.Sincos(out * lean)
				leaf(d, px, py, side*(cos*c+sin*s), -sin*c+cos*s, length)
			}
		}
	}
}

// leaf is a pointed oval from a point in the direction (dx, dy) of length 1.
func leaf(d *pdf.Canvas, x, y, dx, dy, length float64) {
	at := func(along, across float64) (float64, float64) {
		return x + length*(along*dx-across*dy), y + length*(along*dy+across*dx)
	}
	tipX, tipY := at(1, 0)
	d.MoveTo(x, y)
	for _, side := range []float64{.34, -.34} {
		ax, ay := at(.3, side)
		bx, by := at(.7, side)
		if side > 0 {
			d.CurveTo(ax, ay, bx, by, tipX, tipY)
		} else {
			d.CurveTo(bx, by, ax, ay, x, y)
		}
	}
	d.Close()
	d.Fill(gold)
}

// rule is a short line with a dot in its middle, under the emblem.
func rule(d *pdf.Canvas, color pdf.Color) {
	for _, side := range []float64{-1, 1} {
		d.MoveTo(middle+side*46, 64.6)
		d.LineTo(middle+side*90, 64.6)
		d.Stroke(mix(color, pdf.White, .4), .3)
	}
}
