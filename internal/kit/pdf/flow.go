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
	f.Room(gap + f.height(style, flowWidth, text))
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

// Items sets a list, an item a text.
func (f *Flow) Items(texts ...string) {
	if len(texts) == 0 {
		return
	}
	const indent, gap = 5.0, 1.8
	style := Style{Size: 10.5, Color: f.ink}
	f.Doc.Group(List, func() {
		for _, text := range texts {
			f.Room(gap + f.height(style, flowWidth-indent, text))
			f.Doc.Group(Item, func() {
				y := f.y + gap
				f.page.Decor(func(c *Canvas) {
					c.Circle(flowLeft+1.6, y+2.4, 0.7)
					c.Fill(f.accent)
				})
				f.y = f.page.Text(Body, flowLeft+indent, y, flowWidth-indent, style, text)
			})
		}
	})
}

// Column is one of a table.
type Column struct {
	Head   string
	Share  float64 // of the width, beside the others'
	Number bool    // stands on the right
}

// Table sets rows of cells under their columns; the cell of column head is what the row is
// called by. A row is never broken; a sheet that begins within the table shows the heads
// again.
func (f *Flow) Table(columns []Column, head int, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	f.Room(26)
	f.y += 2
	f.Doc.Group(Table, func() {
		heads := make([]string, len(columns))
		for i, c := range columns {
			heads[i] = c.Head
		}
		headed := func(int) Role { return ColumnHead }
		f.row(columns, Style{Font: Bold, Size: 8.5, Color: f.ink}, 0.5, headed, heads)
		for _, cells := range rows {
			style := Style{Size: 9.5, Color: f.ink}
			if f.y+f.rowHeight(columns, style, cells) > flowBottom {
				f.Turn()
				f.row(columns, Style{Font: Bold, Size: 8.5, Color: f.ink}, 0.5, func(int) Role { return Decoration }, heads)
			}
			f.row(columns, style, 0.15, func(i int) Role {
				if i == head {
					return RowHead
				}
				return TD
			}, cells)
		}
	})
}

// Measures of a table's cells.
const (
	cellGap = 1.3 // above and below
	cellIn  = 2.0 // between columns
)

// row sets cells with a line of the width under them.
func (f *Flow) row(columns []Column, style Style, line float64, role func(column int) Role, cells []string) {
	height := f.rowHeight(columns, style, cells)
	set := func() {
		x := flowLeft
		for i, width := range widths(columns) {
			own := style
			if columns[i].Number {
				own.Align = Right
			}
			f.page.Text(role(i), x, f.y+cellGap, width-cellIn, own, cells[i])
			x += width
		}
	}
	if role(0) == Decoration {
		set()
	} else {
		f.Doc.Group(Row, set)
	}
	f.y += height
	f.page.Decor(func(c *Canvas) {
		c.MoveTo(flowLeft, f.y)
		c.LineTo(flowLeft+flowWidth, f.y)
		c.Stroke(f.accent, line)
	})
}

func (f *Flow) rowHeight(columns []Column, style Style, cells []string) float64 {
	height := 0.0
	for i, width := range widths(columns) {
		height = max(height, f.height(style, width-cellIn, cells[i]))
	}
	return height + 2*cellGap
}

func widths(columns []Column) []float64 {
	sum := 0.0
	for _, c := range columns {
		sum += c.Share
	}
	all := make([]float64, len(columns))
	for i, c := range columns {
		all[i] = flowWidth * c.Share / sum
	}
	return all
}

// height is how high a text of the width stands.
func (f *Flow) height(style Style, width float64, text string) float64 {
	return New(f.Doc.meta).Page(A4).Text(P, 0, 0, width, style, text)
}

// Small sets a paragraph in small letters, such as a fingerprint.
func (f *Flow) Small(text string) { f.put(P, Style{Size: 8.5, Color: f.ink}, 1.8, text) }

// Link sets a paragraph that leads to an address; says tells where to, to who hears the link
// alone.
func (f *Flow) Link(text, says, address string) {
	style := Style{Size: 8.5, Color: f.ink}
	f.Room(1.8 + f.height(style, flowWidth, text))
	f.y = f.page.Link(flowLeft, f.y+1.8, flowWidth, style, text, says, address)
}

// Row sets a paragraph with room beside it, to write or to draw in: draw gets the box.
func (f *Flow) Row(text string, height float64, draw func(p *Page, box Box)) {
	f.Room(height)
	below := f.page.Text(P, flowLeft, f.y+height/3, flowWidth/2-4, Style{Size: 10.5, Color: f.ink}, text)
	draw(f.page, Box{X: flowLeft + flowWidth/2, Y: f.y, Width: flowWidth / 2, Height: height})
	f.y = max(f.y+height, below)
}
