package share

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

func fill(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

// thin is the colour with the share of its strength.
func thin(c color.RGBA, share float64) color.RGBA {
	part := func(v uint8) uint8 { return uint8(float64(v) * share) }
	return color.RGBA{part(c.R), part(c.G), part(c.B), part(0xff)}
}

// arc draws a part of a ring; its ends are in turns, clockwise from the top.
func arc(img *image.RGBA, x, y, radius, pen, from, to float64, c color.RGBA) {
	r := vector.NewRasterizer(Width, Height)
	steps := max(int(math.Ceil(math.Abs(to-from)*180)), 2)
	point := func(turn, radius float64) (float32, float32) {
		sin, cos := math.Sincos(2 * math.Pi * turn)
		return float32(x + radius*sin), float32(y - radius*cos)
	}
	r.MoveTo(point(from, radius+pen/2))
	for i := 1; i <= steps; i++ {
		r.LineTo(point(from+(to-from)*float64(i)/float64(steps), radius+pen/2))
	}
	for i := steps; i >= 0; i-- {
		r.LineTo(point(from+(to-from)*float64(i)/float64(steps), radius-pen/2))
	}
	r.ClosePath()
	r.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{})
}

// drawRing draws the 48 hours, as on the posters.
func drawRing(img *image.RGBA, x, y float64, accent color.RGBA) {
	for i := range 48 {
		from, radius, pen := float64(i)/48, 238.0, 30.0
		strength := .26 + .7*float64(i)/47
		if i%6 == 0 {
			radius, pen = 246, 46
		}
		arc(img, x, y, radius, pen, from+.003, from+.0178, thin(accent, strength))
	}
	for i, radius := range []float64{182, 140, 98} {
		arc(img, x, y, radius, 5, 0, 1, thin(accent, .3+.12*float64(i)))
	}
	arc(img, x, y, 28, 56, 0, 1, accent)
}

// drawMark draws the house's sign: the ring, three quarters full.
func drawMark(img *image.RGBA, x, y float64, accent color.RGBA) {
	arc(img, x, y, 21, 8, 0, 1, thin(accent, .3))
	arc(img, x, y, 21, 8, 0, .64, accent)
}

// drawCover fills the place with the middle of a picture.
func drawCover(img *image.RGBA, place image.Rectangle, cover image.Image) {
	b := cover.Bounds()
	width, height := b.Dx(), b.Dy()
	if width*place.Dy() > height*place.Dx() {
		width = max(height*place.Dx()/place.Dy(), 1)
	} else {
		height = max(width*place.Dy()/place.Dx(), 1)
	}
	x, y := b.Min.X+(b.Dx()-width)/2, b.Min.Y+(b.Dy()-height)/2
	draw.CatmullRom.Scale(img, place, cover, image.Rect(x, y, x+width, y+height), draw.Src, nil)
}

// rounded fills a box whose corners have the radius.
func rounded(img *image.RGBA, box image.Rectangle, radius float64, c color.RGBA) {
	r := vector.NewRasterizer(Width, Height)
	corner := func(x, y, turn float64) {
		for i := range 9 {
			sin, cos := math.Sincos(2 * math.Pi * (turn + float64(i)/32))
			px, py := float32(x+radius*sin), float32(y-radius*cos)
			if turn == 0 && i == 0 {
				r.MoveTo(px, py)
			} else {
				r.LineTo(px, py)
			}
		}
	}
	left, right := float64(box.Min.X)+radius, float64(box.Max.X)-radius
	top, bottom := float64(box.Min.Y)+radius, float64(box.Max.Y)-radius
	corner(right, top, 0)
	corner(right, bottom, .25)
	corner(left, bottom, .5)
	corner(left, top, .75)
	r.ClosePath()
	r.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{})
}
