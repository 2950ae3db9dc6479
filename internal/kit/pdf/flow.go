package pdf

import "strconv"

// Measures of a flowing sheet, in millimetres.
const (
	flowLeft   = 22.0
	flowTop    = 24.0
	flowWidth  = 166.0
	flowBottom = 272.0
)

// Flow sets texts one under the other on sheets of A4, and turns the sheet where one does
// not fit: for minutes, lists and letters. It is for one goroutine.
type Flow struct {
	Doc    *Doc
	ink    Color
	accent Color
	foot   string
	page   *Page
	y      float64
}

// NewFlow begins a document. The accent colours what is not read; foot stands at the foot
// of each sheet beside its number.
func NewFlow(m Meta, ink, accent Color, foot string) *Flow {
	f := &Flow{Doc: New(m), ink: ink, accent: accent, foot: foot}
	f.Turn()
	return f
}

// Turn begins a new sheet.
func (f *Flow) Turn() {
	f.page, f.y = f.Doc.Page(A4), flowTop
	f.page.Decor(func(c *Canvas) {
		c.MoveTo(flowLeft, 15)
		c.LineTo(flowLeft+flowWidth, 15)
		c.Stroke(f.accent, 1.2)
	})
	small := Style{Size: 8.5, Color: f.ink}
	f.page.Text(Decoration, flowLeft, 281, flowWidth-20, small, f.foot)
	small.Align = Right
	f.page.Text(Decoration, flowLeft+flowWidth-20, 281, 20, small, strconv.Itoa(len(f.Doc.pages)))
}

// Large sets a paragraph in letters to be read while walking.
func (f *Flow) Large(text string) { f.put(P, Style{Size: 14, Color: f.ink}, 3, text) }

// Room turns the sheet where the height does not fit on it any more, and returns where
// the next thing stands.
func (f *Flow) Room(height float64) float64 {
	if f.y+height > flowBottom {
		f.Turn()
	}
	return f.y
}

// put sets a text with a gap above it. A paragraph that is longer than a sheet is broken
// by its author's line feeds only.
func (f *Flow) put(role Role, style Style, gap float64, text string) {
	scratch := New(f.Doc.meta).Page(A4)
	f.Room(gap + scratch.Text(role, 0, 0, flowWidth, style, text))
	f.y = f.page.Text(role, flowLeft, f.y+gap, flowWidth, style, text)
}

// Title sets the document's title.
func (f *Flow) Title(text string) { f.put(H1, Style{Font: Display, Size: 22, Color: f.ink}, 0, text) }

// Head sets a heading, never alone at the foot of a sheet.
func (f *Flow) Head(text string) {
	f.Room(24)
	f.put(H2, Style{Font: Bold, Size: 13, Color: f.ink}, 7, text)
}

// Sub sets a heading under a heading.
func (f *Flow) Sub(text string) {
	f.Room(20)
	f.put(H3, Style{Font: Bold, Size: 11, Color: f.ink}, 4, text)
}

// Lines sets paragraphs.
func (f *Flow) Lines(texts ...string) {
	for _, t := range texts {
		f.put(P, Style{Size: 10.5, Color: f.ink}, 1.8, t)
	}
}

// Small sets a paragraph in small letters, such as a fingerprint.
func (f *Flow) Small(text string) { f.put(P, Style{Size: 8.5, Color: f.ink}, 1.8, text) }

// Row sets a paragraph with room beside it, to write or to draw in: draw gets the box.
func (f *Flow) Row(text string, height float64, draw func(p *Page, box Box)) {
	f.Room(height)
	below := f.page.Text(P, flowLeft, f.y+height/3, flowWidth/2-4, Style{Size: 10.5, Color: f.ink}, text)
	draw(f.page, Box{X: flowLeft + flowWidth/2, Y: f.y, Width: flowWidth / 2, Height: height})
	f.y = max(f.y+height, below)
}
