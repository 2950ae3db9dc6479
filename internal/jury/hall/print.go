package hall

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
	"h48/internal/kit/qr"
)

// The colours of what is printed beside the edition's own, which may be too light to read.
const (
	ink   = pdf.Color(0x14323a)
	house = pdf.Color(0x1f6f8b)
)

func accent(e edition.Edition) pdf.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(e.Accent, "#"), 16, 24)
	if err != nil {
		return house
	}
	return pdf.Color(n)
}

// print answers with a document that draw makes of the desk.
func (p *pages) print(name string, draw func(l i18n.Locale, e edition.Edition, d Desk) (*pdf.Doc, error)) door.Handler {
	return func(w http.ResponseWriter, r *http.Request, v *door.Visit) error {
		d, err := p.Desk(r.Context(), v.Actor, v.Edition.ID)
		if err != nil {
			return err
		}
		d.at = v.Now
		doc, err := draw(v.L, v.Edition, d)
		if err != nil {
			return err
		}
		w.Header().Set("Content-Type", "application/pdf")
		w.Header().Set("Content-Disposition", `inline; filename="`+v.L.T(name)+"-"+v.Edition.Slug+`.pdf"`)
		w.Header().Set("Cache-Control", "no-store")
		_, err = doc.WriteTo(w)
		return err
	}
}

func begin(l i18n.Locale, e edition.Edition, d Desk, title string) *pdf.Flow {
	f := pdf.NewFlow(pdf.Meta{Title: title + " · " + e.Name, Lang: string(l.Lang), Author: e.Host, Created: d.at}, ink, accent(e),
		l.T("hall.printed_at", "edition", e.Name, "at", l.DateTime(d.at)))
	f.Title(title)
	return f
}

// routes is a sheet for each juror: when to go to which table.
func (s *Service) routes(l i18n.Locale, e edition.Edition, d Desk) (*pdf.Doc, error) {
	f := begin(l, e, d, l.T("hall.routes_title"))
	first := true
	for _, w := range d.Walks {
		if len(w.Stops) == 0 {
			continue
		}
		if !first {
			f.Turn()
		}
		first = false
		f.Head(w.Row.Juror.Account.Name)
		for _, stop := range w.Stops {
			if stop.At.IsZero() { // asked for besides the plan
				f.Large(where(l, stop))
				continue
			}
			f.Large(l.T("hall.route_stop", "at", l.Clock(stop.At), "n", stop.Ref.Table, "team", stop.Ref.Name))
		}
	}
	if first {
		f.Lines(l.T("hall.no_visits"))
	}
	return f.Doc, nil
}

// wall is what hangs in the hall: table by table, who comes when.
func (s *Service) wall(l i18n.Locale, e edition.Edition, d Desk) (*pdf.Doc, error) {
	f := begin(l, e, d, l.T("hall.wall_title"))
	for _, team := range d.byTable() {
		f.Head(l.T("hall.wall_table", "n", team.Table, "team", team.Name))
		comes := d.comesTo(team.ID)
		if len(comes) == 0 {
			f.Lines(l.T("hall.no_visit"))
		}
		for _, c := range comes {
			f.Lines(l.T("hall.wall_visit", "at", l.Clock(c.At), "name", c.Name))
		}
	}
	return f.Doc, nil
}

// byTable are the teams that are there, by their tables.
func (d Desk) byTable() []jury.TeamRef {
	all := slices.DeleteFunc(slices.Clone(d.Board.Teams), func(t jury.TeamRef) bool { return d.Gone[t.ID] })
	slices.SortStableFunc(all, func(a, b jury.TeamRef) int { return cmp.Compare(a.Table, b.Table) })
	return all
}

// comesTo are the planned visits to the team, by their time.
func (d Desk) comesTo(team string) (all []Changed) {
	for _, w := range d.Walks {
		for _, s := range w.Stops {
			if s.Team == team && !s.At.IsZero() {
				all = append(all, Changed{s, w.Row.Juror.Account.Name})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Changed) int { return a.At.Compare(b.At) })
	return all
}

// tables is a card for each table, two on a sheet: its number as large as can be, the
// team, and a code that opens the juror's sheet.
func (s *Service) tables(l i18n.Locale, e edition.Edition, d Desk) (*pdf.Doc, error) {
	title := l.T("hall.tables_title")
	doc := pdf.New(pdf.Meta{Title: title + " · " + e.Name, Lang: string(l.Lang), Author: e.Host, Created: d.at})
	var page *pdf.Page
	for i, team := range d.byTable() {
		y := 0.0
		if i%2 == 0 {
			page = doc.Page(pdf.A4)
		} else if y = 148.5; true {
			page.Decor(func(c *pdf.Canvas) {
				c.MoveTo(10, y)
				c.LineTo(200, y)
				c.Stroke(0x9fb3b8, 0.2)
			})
		}
		role := pdf.H2
		if i == 0 {
			role = pdf.H1
		}
		if err := s.card(page, role, l, e, team, y); err != nil {
			return nil, err
		}
	}
	if page == nil {
		page = doc.Page(pdf.A4)
		page.Text(pdf.H1, 20, 30, 170, pdf.Style{Font: pdf.Display, Size: 22, Color: ink}, title)
	}
	return doc, nil
}

func (s *Service) card(page *pdf.Page, role pdf.Role, l i18n.Locale, e edition.Edition, team jury.TeamRef, y float64) error {
	code, err := qr.New(s.base + e.URL() + "/jury/teams/" + team.ID)
	if err != nil {
		return fmt.Errorf("drawing the code of a table: %w", err)
	}
	const side = 44.0
	page.Decor(func(c *pdf.Canvas) {
		c.MoveTo(16, y+14)
		c.LineTo(194, y+14)
		c.Stroke(accent(e), 1.6)
	})
	page.Text(pdf.P, 16, y+18, 120, pdf.Style{Size: 13, Color: ink}, e.Name)
	number := l.T("hall.card_table") + " " + strconv.Itoa(team.Table)
	below := page.Text(role, 16, y+26, 178, pdf.Style{Font: pdf.Display, Size: 96, Color: ink, Leading: 1.05}.Fit(number, 178, 40), number)
	below = page.Text(pdf.P, 16, below+4, 126, pdf.Style{Font: pdf.Bold, Size: 26, Color: ink, Leading: 1.1}.Fit(team.Name, 126, 14), team.Name)
	page.Text(pdf.P, 16, below+2, 126, pdf.Style{Size: 15, Color: ink}, team.Title)
	page.Figure(l.T("hall.card_qr", "n", team.Table, "team", team.Name), pdf.Box{X: 194 - side, Y: y + 84, Width: side, Height: side},
		func(c *pdf.Canvas) { c.QR(code, 194-side, y+84, side) })
	page.Text(pdf.P, 194-side-34, y+131, side+34, pdf.Style{Size: 10, Color: ink, Align: pdf.Right}, l.T("hall.card_scan"))
	return nil
}
