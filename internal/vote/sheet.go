package vote

import (
	"fmt"
	"strconv"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
	"h48/internal/kit/qr"
)

// ink is the colour of every letter.
const ink = pdf.Color(0x14323a)

// Cards stand two beside each other and five below each other on a sheet.
const (
	cardColumns, cardRows = 2, 5
	cardWidth, cardHeight = 95.0, 52.0
	cardLeft, cardTop     = 10.0, 24.0
)

// address is where the vote is typed into a browser, without its scheme.
func (s *Service) address(e edition.Edition) string {
	return strings.TrimPrefix(strings.TrimPrefix(s.base, "https://"), "http://") + e.URL() + "/vote"
}

// cardSheet sets a stack of cards, ten a sheet, to be cut along the lines.
func (s *Service) cardSheet(e edition.Edition, p Poll, b Batch) (*pdf.Doc, error) {
	l := s.words.Locale(e.Lang).In(e.Zone).With(e.Words)
	title := l.T("vote.cards_title", "label", b.Label)
	doc := pdf.New(pdf.Meta{Title: title, Lang: string(l.Lang), Author: e.Host, Created: b.Made})
	perPage := cardColumns * cardRows
	pages := (b.Size + perPage - 1) / perPage
	for n := range pages {
		page := doc.Page(pdf.A4)
		small, role := pdf.Style{Size: 10, Color: ink}, pdf.P
		if n == 0 {
			role = pdf.H1
		}
		page.Text(role, cardLeft, 10, 150, small, title+" · "+p.Asks(l))
		page.Text(pdf.P, 165, 10, 35, pdf.Style{Size: 10, Color: ink, Align: pdf.Right}, l.T("vote.sheet_of", "n", n+1, "of", pages))
		for place := range min(perPage, b.Size-n*perPage) {
			x, y := cardLeft+float64(place%cardColumns)*cardWidth, cardTop+float64(place/cardColumns)*cardHeight
			if err := s.card(page, l, e, p, b, n*perPage+place+1, x, y); err != nil {
				return nil, err
			}
		}
	}
	return doc, nil
}

// card sets one card with its upper left corner at the place.
func (s *Service) card(page *pdf.Page, l i18n.Locale, e edition.Edition, p Poll, b Batch, serial int, x, y float64) error {
	code := p.cardCode(b.ID, serial)
	picture, err := qr.New(s.base + e.URL() + "/vote/" + string(p.ID) + "/b/" + code)
	if err != nil {
		return fmt.Errorf("drawing the code of a card: %w", err)
	}
	page.Decor(func(d *pdf.Canvas) {
		d.Rect(pdf.Box{X: x, Y: y, Width: cardWidth, Height: cardHeight})
		d.Stroke(0x9fb3b8, 0.2)
	})
	const side = 38.0
	page.Figure(l.T("vote.card_qr", "code", Spell(code)), pdf.Box{X: x + 4, Y: y + 7, Width: side, Height: side},
		func(d *pdf.Canvas) { d.QR(picture, x+4, y+7, side) })
	left, width := x+side+8, cardWidth-side-12
	small := pdf.Style{Size: 8.5, Color: ink, Leading: 1.25}
	asks := pdf.Style{Font: pdf.Bold, Size: 11, Color: ink, Leading: 1.15}
	below := page.Text(pdf.P, left, y+6, width, small, e.Name)
	below = page.Text(pdf.P, left, below+1, width, asks, p.Asks(l))
	below = page.Text(pdf.P, left, max(below+1.5, y+24), width, pdf.Style{Font: pdf.Bold, Size: 15, Color: ink}, Spell(code))
	below = page.Text(pdf.P, left, below+0.5, width, small, l.T("vote.card_once"))
	fine := pdf.Style{Size: 7, Color: ink, Leading: 1.2}
	page.Text(pdf.P, left, below+0.5, width, fine.Fit(s.address(e), width, 5), s.address(e))
	page.Text(pdf.P, x+4, y+46, side, fine, l.T("vote.card_number", "n", strconv.Itoa(serial)))
	return nil
}

// posterSheet sets a poster: the question, a code as big as the sheet, and how to go on
// without a camera.
func (s *Service) posterSheet(e edition.Edition, p Poll, b Batch) (*pdf.Doc, error) {
	l := s.words.Locale(e.Lang).In(e.Zone).With(e.Words)
	title := p.Asks(l)
	doc := pdf.New(pdf.Meta{Title: title + " · " + b.Label, Lang: string(l.Lang), Author: e.Host, Created: b.Made})
	page := doc.Page(pdf.A4)
	page.Text(pdf.P, 20, 22, 170, pdf.Style{Size: 14, Color: ink, Align: pdf.Center}, e.Name)
	style := pdf.Style{Font: pdf.Display, Size: 40, Color: ink, Align: pdf.Center, Leading: 1.05}
	below := page.Text(pdf.H1, 20, 34, 170, style, title)
	below = page.Text(pdf.P, 30, below+6, 150, pdf.Style{Size: 17, Color: ink, Align: pdf.Center, Leading: 1.35}, l.T("vote.poster_how"))
	code := p.hallKey(b.ID)
	picture, err := qr.New(s.base + e.URL() + "/vote/" + string(p.ID) + "/h/" + code)
	if err != nil {
		return nil, fmt.Errorf("drawing the code of a poster: %w", err)
	}
	const side = 100.0
	top := max(below+8, 118)
	page.Figure(l.T("vote.poster_qr"), pdf.Box{X: 55, Y: top, Width: side, Height: side}, func(d *pdf.Canvas) { d.QR(picture, 55, top, side) })
	middle := pdf.Style{Size: 13, Color: ink, Align: pdf.Center, Leading: 1.35}
	below = page.Text(pdf.P, 20, top+side+8, 170, middle, l.T("vote.poster_typed", "address", s.address(e), "code", Spell(code)))
	page.Text(pdf.P, 20, below+5, 170, middle, l.T("vote.poster_private"))
	return doc, nil
}
