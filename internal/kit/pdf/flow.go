package pdf

// Flow sets texts one under the other on A4 sheets and turns the sheet where one does not
// fit.
type Flow struct {
	*Doc
	page *Page
	y    float64
}

// Measures of a flow's sheets, in millimetres.
const (
	flowLeft   = 22.0
	flowTop    = 22.0
	flowWidth  = 166.0
	flowBottom = 272.0
)

const flowInk = Color(0x14323a)

// NewFlow begins a document of running text with its title as the first heading.
func NewFlow(m Meta, title string) *Flow {
	f := &Flow{Doc: New(m), y: flowTop}
	f.page = f.Page(A4)
	f.put(H1, Style{Font: Display, Size: 22, Color: flowInk}, 0, title)
	return f
}

// Head sets a heading, never alone at the foot of a sheet.
func (f *Flow) Head(text string) {
	f.room(24)
	f.put(H2, Style{Font: Bold, Size: 13, Color: flowInk}, 7, text)
}

// Lines sets a paragraph for each text.
func (f *Flow) Lines(texts ...string) {
	for _, t := range texts {
		f.put(P, Style{Size: 10.5, Color: flowInk}, 1.8, t)
	}
}

func (f *Flow) put(role Role, style Style, gap float64, text string) {
	scratch := &Page{doc: &Doc{fonts: f.fonts}, size: A4}
	f.room(gap + scratch.Text(role, 0, 0, flowWidth, style, text))
	f.y = f.page.Text(role, flowLeft, f.y+gap, flowWidth, style, text)
}

func (f *Flow) room(height float64) {
	if f.y+height > flowBottom {
		f.page, f.y = f.Page(A4), flowTop
	}
}
