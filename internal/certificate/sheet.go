package certificate

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
	"h48/internal/kit/picture"
	"h48/internal/kit/qr"
)

// The colours of a sheet beside the edition's own, which may be too light for letters.
const (
	ink   = pdf.Color(0x14323a)
	soft  = pdf.Color(0x4a6068)
	house = pdf.Color(0x1f6f8b)
	gold  = pdf.Color(0xb08a2e)
)

// looks are what all sheets of an edition share.
type looks struct {
	e      edition.Edition
	accent pdf.Color
	logo   *pdf.Picture // nil where the edition has none
	backs  map[Kind]*pdf.Backdrop
}

// back is the decoration of a kind's sheets, drawn for the first of them.
func (k looks) back(kind Kind) (*pdf.Backdrop, error) {
	b := k.backs[kind]
	if b != nil {
		return b, nil
	}
	b, err := pdf.NewBackdrop(pdf.A4Landscape, func(d *pdf.Canvas) { decorate(d, k.accent, kind) })
	k.backs[kind] = b
	return b, err
}

// logoSide is how many pixels of a logo go onto a sheet, 300 to the inch on 26 mm.
const logoSide = 320

// looks reads the edition's colour and logo, once for all its sheets. A logo that is no
// picture any more keeps nobody's certificate back.
func (s *Service) looks(ctx context.Context, e edition.Edition) (looks, error) {
	l := looks{e: e, accent: house, backs: map[Kind]*pdf.Backdrop{}}
	if n, err := strconv.ParseUint(strings.TrimPrefix(e.Accent, "#"), 16, 24); err == nil {
		l.accent = pdf.Color(n)
	}
	if e.LogoKey == "" {
		return l, nil
	}
	content, _, err := s.files.Open(ctx, e.LogoKey)
	if err != nil {
		return l, fmt.Errorf("opening the logo: %w", err)
	}
	img, err := picture.Scaled(content, logoSide)
	if err = errors.Join(err, content.Close()); errors.Is(err, picture.ErrRefused) {
		return l, nil
	}
	if err == nil {
		l.logo, err = pdf.NewPicture(img)
	}
	return l, err
}

// address is where the certificate is verified.
func (s *Service) address(c Certificate) string { return s.base + "/verify/" + c.Code }

// The sheet's middle, and how wide its texts are, in millimetres.
const (
	middle = 148.5
	column = 214.0
)

// sheet sets one certificate, in the person's language and the edition's looks.
func (s *Service) sheet(k looks, c Claim, issued Certificate) (*pdf.Doc, error) {
	lang := c.Lang
	if lang == "" {
		lang = k.e.Lang
	}
	l := s.words.Locale(lang).In(k.e.Zone).With(k.e.Words)
	title := l.T("certificate.kind." + string(c.Kind))
	doc := pdf.New(pdf.Meta{Title: title + " · " + c.Name, Lang: string(l.Lang), Author: k.e.Host, Created: issued.Issued})
	page := doc.Page(pdf.A4Landscape)
	back, err := k.back(c.Kind)
	if err != nil {
		return nil, fmt.Errorf("drawing the ornament of a certificate: %w", err)
	}
	page.Back(back)
	code, err := qr.New(s.address(issued))
	if err != nil {
		return nil, fmt.Errorf("drawing the code of a certificate: %w", err)
	}
	body(page, l, k, c, title)
	foot(page, l, k)
	page.Figure(l.T("certificate.qr"), pdf.Box{X: 246, Y: 158, Width: 26, Height: 26}, func(d *pdf.Canvas) { d.QR(code, 246, 158, 26) })
	small := pdf.Style{Size: 8, Color: soft, Align: pdf.Right, Leading: 1.35}
	y := page.Link(150, 161, 93, small, l.T("certificate.verify_at", "address", s.base+"/verify"), l.T("certificate.verify_this"), s.address(issued))
	page.Text(pdf.P, 150, y, 93, small, l.T("certificate.code_is", "code", spaced(issued.Code)))
	return doc, nil
}

// body sets who, for what and where: as one would read it out on the stage.
func body(page *pdf.Page, l i18n.Locale, k looks, c Claim, title string) {
	left := middle - column/2
	small := pdf.Style{Font: pdf.Bold, Size: 11, Color: soft, Align: pdf.Center}
	page.Text(pdf.P, middle-44, 62, 88, small.Fit(k.e.Name, 88, 6), k.e.Name)
	style := pdf.Style{Font: pdf.Display, Size: 32, Color: ink, Align: pdf.Center}
	y := page.Text(pdf.H1, left, 70, column, style.Fit(title, column, 16), title)
	name := pdf.Style{Font: pdf.Display, Size: 48, Color: ink, Align: pdf.Center}.Fit(c.Name, column, 16)
	y = page.Text(pdf.H2, left, y+4, column, name, c.Name)
	style = pdf.Style{Size: 15, Color: ink, Align: pdf.Center, Leading: 1.4}
	y += 2
	for i, line := range sentences(l, k.e, c) {
		strong := style
		if c.Kind == Diploma && i == 0 {
			strong.Font, strong.Size = pdf.Bold, 19
		}
		if i > 0 && y > 146 { // what is told last gives way to the foot of the sheet
			strong.Size, strong.Leading = 12, 1.25
		}
		y = page.Text(pdf.P, middle-95, y+1.6, 190, strong, line)
	}
}

// foot sets who signs, under the line to sign on, and the host's logo.
func foot(page *pdf.Page, l i18n.Locale, k looks) {
	style := pdf.Style{Size: 10, Color: ink}
	page.Text(pdf.P, 25, 180, 84, style, signature(l, k.e))
	if k.logo != nil {
		box := k.logo.Fit(pdf.Box{X: middle - 22, Y: 164, Width: 44, Height: 22})
		page.Figure(l.T("certificate.logo", "host", k.e.Host), box, func(d *pdf.Canvas) { d.Picture(k.logo, box) })
	}
}

// unset are the letters of a name that a sheet cannot show: its fonts have Latin ones. It
// sets a question mark for each, so who has such a name is told before.
func unset(name string) string { return string(pdf.Style{Font: pdf.Display}.Missing(name)) }

// spaced writes a code in groups of four, to be typed.
func spaced(code string) string {
	var groups []string
	for len(code) > 4 {
		groups, code = append(groups, code[:4]), code[4:]
	}
	return strings.Join(append(groups, code), " ")
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

// signature is who holds the event, under the line to sign on.
func signature(l i18n.Locale, e edition.Edition) string {
	if e.Host == "" {
		return l.T("certificate.organisers")
	}
	return l.T("certificate.for", "host", e.Host)
}
