package award

import (
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
)

// Measures of the minutes' sheets, in millimetres.
const (
	sheetLeft   = 22.0
	sheetTop    = 22.0
	sheetWidth  = 166.0
	sheetBottom = 272.0
)

var (
	ink   = pdf.Color(0x14323a)
	title = pdf.Style{Font: pdf.Display, Size: 22, Color: ink}
	head  = pdf.Style{Font: pdf.Bold, Size: 13, Color: ink}
	body  = pdf.Style{Size: 10.5, Color: ink}
)

// flow sets texts one under the other and turns the sheet where one does not fit.
type flow struct {
	doc  *pdf.Doc
	page *pdf.Page
	y    float64
}

// put sets a text with a gap above it.
func (f *flow) put(role pdf.Role, style pdf.Style, gap float64, text string) {
	scratch := pdf.New(pdf.Meta{Title: "-", Lang: "fr"}).Page(pdf.A4)
	f.room(gap + scratch.Text(role, 0, 0, sheetWidth, style, text))
	f.y = f.page.Text(role, sheetLeft, f.y+gap, sheetWidth, style, text)
}

// room turns the sheet where the height does not fit on it any more.
func (f *flow) room(height float64) {
	if f.y+height > sheetBottom {
		f.page, f.y = f.doc.Page(pdf.A4), sheetTop
	}
}

func (f *flow) head(text string) {
	f.room(24) // a heading does not stand alone at the foot of a sheet
	f.put(pdf.H2, head, 7, text)
}

func (f *flow) lines(texts ...string) {
	for _, t := range texts {
		f.put(pdf.P, body, 1.8, t)
	}
}

// pdf sets the minutes on sheets, in the locale's language.
func (m Minutes) pdf(l i18n.Locale) *pdf.Doc {
	f := &flow{doc: pdf.New(pdf.Meta{Title: l.T("award.minutes") + " · " + m.Edition.Name, Lang: string(l.Lang), Author: m.Edition.Host,
		Created: m.Deliberation.Opened}), y: sheetTop}
	f.page = f.doc.Page(pdf.A4)
	f.put(pdf.H1, title, 0, l.T("award.minutes_of", "edition", m.Edition.Name))
	f.lines(m.opening(l)...)
	f.head(l.T("award.present"))
	f.lines(m.presence(l)...)
	f.head(l.T("award.ranking"))
	if ladder := m.Basis.ladder(l); ladder != "" {
		f.lines(ladder)
	}
	f.lines(m.ranking(l)...)
	for _, p := range m.Prizes {
		if own, has := m.Basis.Own[p.ID]; has {
			f.lines(l.T("award.own_ranking", "prize", p.Title))
			f.lines(own.lines(l)...)
		}
	}
	if len(m.Votes) > 0 {
		f.head(l.T("award.votes"))
		f.lines(m.votes(l)...)
	}
	f.head(l.T("award.decision"))
	f.lines(m.decision(l)...)
	f.head(l.T("award.prizes"))
	for _, p := range m.Prizes {
		f.lines(m.prizeLine(l, p))
	}
	if len(m.Addenda) > 0 {
		f.head(l.T("award.addenda"))
	}
	for _, a := range m.Addenda {
		f.lines(moment(l, a.At) + " · " + a.ActorName + "\n" + a.Text)
	}
	m.sign(l, f)
	return f.doc
}

// sign draws a line for each juror who was there.
func (m Minutes) sign(l i18n.Locale, f *flow) {
	f.head(l.T("award.signatures"))
	for _, a := range m.Jury {
		if a.Presence != Present {
			continue
		}
		f.room(18)
		f.y = f.page.Text(pdf.P, sheetLeft, f.y+10, 80, body, a.Name)
		f.page.Decor(func(c *pdf.Canvas) {
			c.MoveTo(sheetLeft+85, f.y)
			c.LineTo(sheetLeft+sheetWidth, f.y)
			c.Stroke(ink, 0.25)
		})
	}
}
