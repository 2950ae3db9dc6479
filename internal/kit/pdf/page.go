package pdf

import (
	"bytes"
	"math"
	"strconv"

	"h48/internal/kit/qr"
)

// Page is one sheet. What is drawn later lies above what was drawn before.
type Page struct {
	doc     *Doc
	index   int
	size    Size
	content bytes.Buffer
	marks   int
	back    *Backdrop
}

// Backdrop is a decoration of shapes that many documents lay under their pages: it is drawn
// and compressed once.
type Backdrop struct{ packed []byte }

// NewBackdrop draws a backdrop for pages of the size; it has no texts and no pictures.
func NewBackdrop(size Size, draw func(*Canvas)) (*Backdrop, error) {
	p := New(Meta{}).Page(size)
	p.Decor(draw)
	packed, err := deflate(p.content.Bytes())
	return &Backdrop{packed}, err
}

// Back lays the backdrop under all that is on the page.
func (p *Page) Back(b *Backdrop) { p.back = b }

// Box is a place on a page.
type Box struct{ X, Y, Width, Height float64 }

// Color is a colour of the screen, as in CSS: 0x1f6f8b.
type Color uint32

// Common colours.
const (
	Black Color = 0x000000
	White Color = 0xffffff
)

// Text sets a text in lines of the width, the first of them from y down, and returns
// where the next text may begin. A line feed begins a new line; a word that is wider
// than the width stands alone and sticks out: see Style.Fit.
func (p *Page) Text(role Role, x, y, width float64, style Style, text string) (below float64) {
	p.mark(role, element{role: role}, func() {
		below = (&Canvas{page: p}).lines(x, y, width, style, text)
	})
	return below
}

// Link sets a text that leads to an address when it is followed; says tells where to, to who
// hears the link alone.
func (p *Page) Link(x, y, width float64, style Style, text, says, address string) (below float64) {
	p.doc.Group(P, func() {
		at := len(p.doc.elements)
		p.mark(link, element{role: link, alt: says, to: address}, func() {
			below = (&Canvas{page: p}).lines(x, y, width, style, text)
		})
		p.doc.elements[at].box = Box{X: x, Y: y, Width: width, Height: below - y}
	})
	return below
}

// Figure draws something that means something: alt says what, to who cannot see it. The
// box bounds the drawing.
func (p *Page) Figure(alt string, box Box, draw func(*Canvas)) {
	p.mark(figure, element{role: figure, alt: alt, box: box}, func() { draw(&Canvas{page: p}) })
}

// Decor draws something that means nothing.
func (p *Page) Decor(draw func(*Canvas)) {
	p.mark(Decoration, element{}, func() { draw(&Canvas{page: p}) })
}

// mark brackets what draw draws as the content of the element, or as decoration.
func (p *Page) mark(role Role, e element, draw func()) {
	if role == Decoration {
		p.content.WriteString("/Artifact BMC q\n")
	} else {
		e.page, e.mark, e.in = p.index, p.marks, p.doc.within
		p.doc.elements = append(p.doc.elements, e)
		kind, _ := role.kind()
		p.content.WriteString("/" + kind + " <</MCID " + strconv.Itoa(p.marks) + ">> BDC q\n")
		p.marks++
	}
	draw()
	p.content.WriteString("Q EMC\n")
}

// Canvas draws on a page. A path is begun with MoveTo, Rect, Circle or Arc, continued,
// and ended with Fill or Stroke.
type Canvas struct {
	page *Page
	path []byte // begun and not yet painted: a colour must come before it
}

const pointsPerMM = 72 / 25.4

// put writes numbers and the operator that takes them.
func (c *Canvas) put(operator string, numbers ...float64) {
	c.page.content.Write(appendOperator(c.page.content.AvailableBuffer(), operator, numbers))
}

// draw continues the path.
func (c *Canvas) draw(operator string, numbers ...float64) {
	c.path = appendOperator(c.path, operator, numbers)
}

// paint writes the path and ends it.
func (c *Canvas) paint(operator string) {
	c.page.content.Write(c.path)
	c.path = c.path[:0]
	c.put(operator)
}

func appendOperator(b []byte, operator string, numbers []float64) []byte {
	for _, n := range numbers {
		b = append(appendNumber(b, n), ' ')
	}
	return append(append(b, operator...), '\n')
}

// appendNumber writes a number to a thousandth, as short as it can be.
func appendNumber(b []byte, n float64) []byte {
	return strconv.AppendFloat(b, math.Round(n*1000)/1000+0, 'f', -1, 64)
}

// at turns millimetres from the upper left into points from the lower left.
func (c *Canvas) at(x, y float64) (float64, float64) {
	return x * pointsPerMM, (c.page.size.Height - y) * pointsPerMM
}

// MoveTo begins a line at a point.
func (c *Canvas) MoveTo(x, y float64) {
	px, py := c.at(x, y)
	c.draw("m", px, py)
}

// LineTo continues with a straight line.
func (c *Canvas) LineTo(x, y float64) {
	px, py := c.at(x, y)
	c.draw("l", px, py)
}

// CurveTo continues with a Bézier curve by way of two handles.
func (c *Canvas) CurveTo(x1, y1, x2, y2, x, y float64) {
	ax, ay := c.at(x1, y1)
	bx, by := c.at(x2, y2)
	px, py := c.at(x, y)
	c.draw("c", ax, ay, bx, by, px, py)
}

// Close returns to where the line began.
func (c *Canvas) Close() { c.draw("h") }

// Rect adds a rectangle.
func (c *Canvas) Rect(b Box) {
	px, py := c.at(b.X, b.Y+b.Height)
	c.draw("re", px, py, b.Width*pointsPerMM, b.Height*pointsPerMM)
}

// Circle adds a circle.
func (c *Canvas) Circle(x, y, radius float64) {
	c.Arc(x, y, radius, 0, 1)
	c.Close()
}

// Arc adds a part of a circle. Its ends are given in turns, clockwise from the top: from
// 0 to 0.25 is the upper right quarter.
func (c *Canvas) Arc(x, y, radius, from, to float64) {
	point := func(turn, out float64) (float64, float64) {
		sin, cos := math.Sincos(2 * math.Pi * turn)
		return x + radius*(sin+out*cos), y - radius*(cos-out*sin)
	}
	pieces := int(max(1, math.Ceil(math.Abs(to-from)*8)))
	step := (to - from) / float64(pieces)
	handle := 4.0 / 3 * math.Tan(math.Pi*step/2) // the usual approximation of an arc
	px, py := point(from, 0)
	c.MoveTo(px, py)
	for i := range pieces {
		start := from + float64(i)*step
		ax, ay := point(start, handle)
		bx, by := point(start+step, -handle)
		px, py = point(start+step, 0)
		c.CurveTo(ax, ay, bx, by, px, py)
	}
}

// Fill fills the path; where it crosses itself, by the nonzero rule.
func (c *Canvas) Fill(color Color) {
	c.color("rg", color)
	c.paint("f")
}

// Stroke draws along the path with a pen as wide, round at its ends and corners.
func (c *Canvas) Stroke(color Color, width float64) {
	c.color("RG", color)
	c.put("w 1 J 1 j", width*pointsPerMM)
	c.paint("S")
}

func (c *Canvas) color(operator string, color Color) {
	part := func(shift int) float64 { return float64(color>>shift&0xff) / 255 }
	c.put(operator, part(16), part(8), part(0))
}

// QR draws a code, quiet zone and all, black on white.
func (c *Canvas) QR(code qr.Code, x, y, side float64) {
	module := side / float64(code.Size())
	c.Rect(Box{x, y, side, side})
	c.Fill(White)
	for run := range code.Runs() {
		c.Rect(Box{x + float64(run.X)*module, y + float64(run.Y)*module, float64(run.Length) * module, module})
	}
	c.Fill(Black)
}

// Text sets a text as part of the drawing, as Page.Text does.
func (c *Canvas) Text(x, y, width float64, style Style, text string) (below float64) {
	return c.lines(x, y, width, style, text)
}
