package certificate

import (
	"fmt"
	"strconv"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
	"h48/internal/kit/qr"
)

// ink is the colour of every letter: an organiser's accent may be too light to read.
const ink = pdf.Color(0x14323a)

// house is the colour of the ring where the edition has none of its own.
const house = pdf.Color(0x1f6f8b)

func accent(e edition.Edition) pdf.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(e.Accent, "#"), 16, 24)
	if err != nil {
		return house
	}
	return pdf.Color(n)
}

// address is where the certificate is verified.
func (s *Service) address(c Certificate) string { return s.base + "/verify/" + c.Code }

// sheet sets one certificate, in the edition's language and colour.
func (s *Service) sheet(e edition.Edition, c Claim, issued Certificate) (*pdf.Doc, error) {
	l := s.words.Locale(e.Lang).In(e.Zone).With(e.Words)
	title := l.T("certificate.kind." + string(c.Kind))
	doc := pdf.New(pdf.Meta{Title: title + " · " + c.Name, Lang: string(l.Lang), Author: e.Host, Created: issued.Issued})
	page := doc.Page(pdf.A4Landscape)
	page.Decor(func(d *pdf.Canvas) { ring(d, accent(e)) })
	style := pdf.Style{Font: pdf.Display, Size: 32, Color: ink, Align: pdf.Center}
	y := page.Text(pdf.H1, 75, 38, 147, style.Fit(title, 147, 16), title)
	style = pdf.Style{Font: pdf.Bold, Size: 38, Color: ink, Align: pdf.Center}
	y = page.Text(pdf.H2, 30, y+14, 237, style.Fit(c.Name, 237, 12), c.Name)
	style = pdf.Style{Size: 16, Color: ink, Align: pdf.Center, Leading: 1.45}
	for _, line := range sentences(l, e, c) {
		y = page.Text(pdf.P, 55, y+4.5, 187, style, line)
	}
	small := pdf.Style{Size: 10, Color: ink}
	page.Text(pdf.P, 30, 168, 150, small, signature(l, e))
	code, err := qr.New(s.address(issued))
	if err != nil {
		return nil, fmt.Errorf("drawing the code of a certificate: %w", err)
	}
	page.Figure(l.T("certificate.qr"), pdf.Box{X: 241, Y: 152, Width: 30, Height: 30}, func(d *pdf.Canvas) { d.QR(code, 241, 152, 30) })
	small.Align, small.Size = pdf.Right, 8.5
	page.Text(pdf.P, 141, 184, 130, small, l.T("certificate.verify_at", "address", s.address(issued)))
	return doc, nil
}

// sentences say what the sheet certifies.
func sentences(l i18n.Locale, e edition.Edition, c Claim) []string {
	event := l.T("certificate.event", "edition", e.Name, "dates", dates(l, e), "place", e.Place)
	switch c.Kind {
	case Diploma:
		return []string{l.T("certificate.wins", "prize", c.Prize), l.T("certificate.project", "project", c.Project, "team", c.Team), event}
	case Thanks:
		return []string{l.T("certificate.thanks." + string(c.Role)), event}
	case Participation:
	}
	lines := []string{l.T("certificate.took_part"), event}
	if c.Team != "" {
		lines = append(lines, l.T("certificate.in_team", "team", c.Team))
	}
	if c.Hours > 0 {
		lines = append(lines, l.N("certificate.hours", c.Hours))
	}
	return lines
}

// dates are the edition's first and last day, or its only one.
func dates(l i18n.Locale, e edition.Edition) string {
	from, to := e.At[edition.Starts], e.At[edition.Ends]
	if to.IsZero() || l.Date(from) == l.Date(to) {
		return l.T("certificate.on", "day", l.Date(from))
	}
	return l.T("certificate.from_to", "from", l.Date(from), "to", l.Date(to))
}

// signature is who holds the event, over the line to sign on.
func signature(l i18n.Locale, e edition.Edition) string {
	if e.Host == "" {
		return l.T("certificate.organisers")
	}
	return l.T("certificate.for", "host", e.Host)
}

// ring draws the 48 hours in the sheet's corner, and its frame, as decoration.
func ring(d *pdf.Canvas, color pdf.Color) {
	const x, y = 46.0, 46.0
	for i := range 48 {
		from, radius := float64(i)/48, 23.0
		if i%6 == 0 {
			radius = 24.5
		}
		d.Arc(x, y, radius, from+0.003, from+0.018)
		d.Stroke(color, 1.2)
	}
	for _, radius := range []float64{19, 14, 9} {
		d.Circle(x, y, radius)
		d.Stroke(color, 0.4)
	}
	d.Rect(pdf.Box{X: 8, Y: 8, Width: 281, Height: 194})
	d.Stroke(color, 0.8)
	d.MoveTo(30, 186)
	d.LineTo(100, 186)
	d.Stroke(ink, 0.25)
}
