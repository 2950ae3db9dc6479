package paper

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/i18n"
	"h48/internal/kit/jobs"
	"h48/internal/kit/pdf"
	"h48/internal/kit/qr"
)

// printKind is the job that draws the sheets.
const printKind = "paper.print"

type printArgs struct {
	Sheets []string  `json:"sheets"`
	Lang   i18n.Lang `json:"lang"`
}

// Jobs are the jobs of this room.
func (s *Service) Jobs() map[string]jobs.Handler { return map[string]jobs.Handler{printKind: s.draw} }

// draw sets all the sheets as one document and leaves the key of the file.
func (s *Service) draw(ctx context.Context, run *jobs.Run) error {
	var args printArgs
	if err := run.Args(&args); err != nil {
		return err
	}
	e, err := s.editions.Get(ctx, s.db, edition.ID(run.Edition))
	if err != nil {
		return fmt.Errorf("reading the edition: %w", err)
	}
	l := s.words.Locale(args.Lang).In(e.Zone).With(e.Words)
	d := newDrawing(l, e, s.base)
	for i, id := range args.Sheets {
		if err := ctx.Err(); err != nil {
			return err
		}
		sheet, err := sheetByID(ctx, s.db, e.ID, id)
		if err != nil {
			return fmt.Errorf("reading a sheet: %w", err)
		}
		b, err := s.jury.BoardOf(ctx, s.db, e.ID, sheet.Juror)
		if err != nil {
			return err
		}
		if err := d.sheet(sheet, b); err != nil {
			return err
		}
		run.Progress(i+1, len(args.Sheets))
	}
	var content bytes.Buffer
	if _, err := d.doc.WriteTo(&content); err != nil {
		return fmt.Errorf("writing the sheets: %w", err)
	}
	key := "paper/" + strings.ToLower(run.ID) + ".pdf"
	if err := s.files.Put(ctx, key, &content, int64(content.Len()), "application/pdf"); err != nil {
		return fmt.Errorf("keeping the sheets: %w", err)
	}
	run.Finish(key)
	s.hub.Tell(Topic(e.ID))
	return nil
}

// The colours of a sheet beside the edition's own, which may be too light for letters.
const (
	ink   = pdf.Color(0x14323a)
	soft  = pdf.Color(0x4a6068)
	house = pdf.Color(0x1f6f8b)
)

// Measures of a sheet, in millimetres.
const (
	left   = 16.0
	width  = 178.0
	bottom = 276.0
	teamW  = 66.0 // the column of the teams
	rowH   = 11.5
	foot   = 30.0 // what the time and the signature need
)

// drawing is a document in the making.
type drawing struct {
	doc    *pdf.Doc
	l      i18n.Locale
	e      edition.Edition
	base   string
	accent pdf.Color

	page *pdf.Page
	y    float64
	on   Sheet
	nr   int // of the page within the sheet
}

func newDrawing(l i18n.Locale, e edition.Edition, base string) *drawing {
	d := &drawing{l: l, e: e, base: base, accent: house,
		doc: pdf.New(pdf.Meta{Title: l.T("paper.document", "edition", e.Name), Lang: string(l.Lang), Author: e.Host})}
	if n, err := strconv.ParseUint(strings.TrimPrefix(e.Accent, "#"), 16, 24); err == nil {
		d.accent = pdf.Color(n)
	}
	return d
}

// address is what the code of a sheet opens.
func (d *drawing) address(code string) string { return d.base + d.e.URL() + "/jury/paper/" + code }

// spaced writes a code in two groups, to be said and typed.
func spaced(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:3] + " " + code[3:]
}

func style(size float64, color pdf.Color) pdf.Style { return pdf.Style{Size: size, Color: color} }

func bold(size float64) pdf.Style { return pdf.Style{Font: pdf.Bold, Size: size, Color: ink} }

// sheet sets one juror's sheet: the words of the scale, a row for each team, the time and
// the signature; behind it a page for notes, which the juror keeps.
func (d *drawing) sheet(s Sheet, b jury.Board) error {
	code, err := qr.New(d.address(s.Code))
	if err != nil {
		return fmt.Errorf("drawing the code of a sheet: %w", err)
	}
	d.on, d.nr = s, 0
	d.turn()
	name := b.Rows[0].Juror.Account.Name
	d.head(name, code)
	d.scale(b.Criteria)
	d.columns(b.Criteria)
	teams := map[string]jury.TeamRef{}
	for _, t := range b.Teams {
		teams[t.ID] = t
	}
	for i, row := range s.Rows.Teams {
		if d.y+rowH > bottom {
			d.turn()
			d.columns(b.Criteria)
		}
		d.row(i, row, teams[row.Team], b)
	}
	d.sign(name)
	d.notes(s, teams, name)
	return nil
}

// turn begins a new page of the sheet.
func (d *drawing) turn() {
	d.page, d.y, d.nr = d.doc.Page(pdf.A4), 20, d.nr+1
	d.page.Decor(func(c *pdf.Canvas) {
		c.MoveTo(left, 12)
		c.LineTo(left+width, 12)
		c.Stroke(d.accent, 1.2)
	})
	small := style(8.5, soft)
	d.page.Text(pdf.Decoration, left, 284, width-40, small, d.l.T("paper.foot", "edition", d.e.Name, "round", d.on.Round, "code", spaced(d.on.Code)))
	small.Align = pdf.Right
	d.page.Text(pdf.Decoration, left+width-40, 284, 40, small, d.l.T("paper.page", "n", d.nr))
}

func (d *drawing) head(name string, code qr.Code) {
	const side = 27.0
	x := left + width - side
	text := width - side - 8
	d.y = d.page.Text(pdf.H1, left, d.y-2, text, style(10.5, soft), d.l.T("paper.sheet_title", "edition", d.e.Name, "round", d.on.Round))
	big := pdf.Style{Font: pdf.Display, Size: 24, Color: ink}
	d.y = d.page.Text(pdf.H2, left, d.y+1, text, big.Fit(name, text, 14), name)
	d.y = d.page.Text(pdf.P, left, d.y+1.5, text, style(10, ink), d.l.T("paper.how"))
	spoken := pdf.Style{Font: pdf.Display, Size: 13, Color: ink, Align: pdf.Center}
	d.page.Figure(d.l.T("paper.qr", "code", spaced(d.on.Code)), pdf.Box{X: x, Y: 15, Width: side, Height: side}, func(c *pdf.Canvas) { c.QR(code, x, 15, side) })
	d.page.Text(pdf.P, x, 15+side, side, spoken, spaced(d.on.Code))
	d.y = max(d.y, 15+side+8)
}

// scale says what each level of each criterion means.
func (d *drawing) scale(criteria []jury.Criterion) {
	shares := jury.Shares(criteria)
	for i, c := range criteria {
		title := d.l.T("paper.criterion", "n", i+1, "name", c.Name, "share", d.l.Percent(shares[i]), "min", c.Min, "max", c.Max)
		d.y = d.page.Text(pdf.H3, left, d.y+2.2, width, bold(10), title)
		var words []string
		for level, text := range c.Levels {
			if text != "" {
				words = append(words, strconv.Itoa(c.Min+level)+"\u00a0= "+strings.TrimSuffix(text, "."))
			}
		}
		if len(words) == 0 && c.Description != "" {
			words = append(words, c.Description)
		}
		if len(words) > 0 {
			d.y = d.page.Text(pdf.P, left, d.y+0.3, width, pdf.Style{Size: 8.5, Color: ink, Leading: 1.25}, strings.Join(words, "  ·  "))
		}
	}
	d.y += 4
}

// columnsOf are where the boxes stand: the left edge of each column and how wide it is.
func columnsOf(n int) (x func(i int) float64, each float64) {
	each = (width - teamW) / float64(max(n, 1))
	return func(i int) float64 { return left + teamW + float64(i)*each }, each
}

func (d *drawing) columns(criteria []jury.Criterion) {
	x, each := columnsOf(len(criteria))
	below := d.page.Text(pdf.P, left, d.y, teamW-3, bold(9), d.l.T("paper.team"))
	for i, c := range criteria {
		head := pdf.Style{Font: pdf.Bold, Size: 8, Color: ink, Align: pdf.Center, Leading: 1.15}
		text := strconv.Itoa(i+1) + "\n" + short(c.Name, head, each-2)
		below = max(below, d.page.Text(pdf.P, x(i)+1, d.y, each-2, head, text))
	}
	d.y = below + 1.5
	d.line(d.y)
}

// short is as much of a name as stands in two lines of a column.
func short(name string, s pdf.Style, each float64) string {
	words := strings.Fields(name)
	for len(words) > 1 && s.Width(strings.Join(words, " ")) > 1.7*each {
		words = words[:len(words)-1]
	}
	if text := strings.Join(words, " "); text != name {
		return text + "…"
	}
	return name
}

func (d *drawing) line(y float64) {
	d.page.Decor(func(c *pdf.Canvas) {
		c.MoveTo(left, y)
		c.LineTo(left+width, y)
		c.Stroke(d.accent, 0.3)
	})
}

func (d *drawing) row(i int, row Row, t jury.TeamRef, b jury.Board) {
	x, each := columnsOf(len(b.Criteria))
	name := bold(10).Fit(t.Name, teamW-12, 7.5)
	d.page.Text(pdf.P, left, d.y+1.8, 9, style(10, soft), strconv.Itoa(i+1)+".")
	d.page.Text(pdf.P, left+8, d.y+1.8, teamW-10, name, t.Name)
	if note := d.beside(t, b); note != "" {
		d.page.Text(pdf.P, left+8, d.y+6.2, teamW-10, style(8, soft).Fit(note, teamW-10, 6), note)
	}
	d.page.Decor(func(c *pdf.Canvas) {
		for k, criterion := range b.Criteria {
			if !slices.Contains(row.Asks, criterion.ID) {
				continue
			}
			const side = 8.5
			c.Rect(pdf.Box{X: x(k) + (each-side-2)/2, Y: d.y + (rowH-side)/2, Width: side + 2, Height: side})
			c.Stroke(ink, 0.3)
		}
	})
	d.y += rowH
	d.line(d.y)
}

// beside is where the team is met, and that the jury has its marks already.
func (d *drawing) beside(t jury.TeamRef, b jury.Board) string {
	var parts []string
	if p := b.Pitches[t.ID]; p.Position > 0 {
		parts = append(parts, d.l.T("jury.pitch_n", "n", p.Position))
	}
	if t.Table > 0 {
		parts = append(parts, d.l.T("jury.table", "n", t.Table))
	}
	if b.Said(t.ID).Complete(b.Criteria) {
		parts = append(parts, d.l.T("paper.received"))
	}
	return strings.Join(parts, " · ")
}

// sign sets the time and the signature under the last row.
func (d *drawing) sign(name string) {
	if d.y+foot > bottom {
		d.turn()
	}
	d.y += 7
	d.page.Text(pdf.P, left, d.y, 44, style(10, ink), d.l.T("paper.filled_at"))
	d.page.Text(pdf.P, left+70, d.y, 60, style(10, ink), d.l.T("paper.signature", "name", name))
	d.page.Decor(func(c *pdf.Canvas) {
		for _, box := range []pdf.Box{{X: left, Y: d.y + 6, Width: 14, Height: 9}, {X: left + 19, Y: d.y + 6, Width: 14, Height: 9}, {X: left + 70, Y: d.y + 6, Width: width - 70, Height: 14}} {
			c.Rect(box)
			c.Stroke(ink, 0.3)
		}
		c.Text(left+15.2, d.y+8, 4, bold(11), "h")
	})
}

// notes is a page that the juror keeps: nobody types it.
func (d *drawing) notes(s Sheet, teams map[string]jury.TeamRef, name string) {
	d.turn()
	d.y = d.page.Text(pdf.H2, left, d.y, width, pdf.Style{Font: pdf.Display, Size: 16, Color: ink}, d.l.T("paper.notes_of", "name", name))
	d.y = d.page.Text(pdf.P, left, d.y+1, width, style(10, soft), d.l.T("paper.notes_text"))
	each := max(16.0, min(40.0, (bottom-d.y-4)/float64(max(len(s.Rows.Teams), 1))))
	for _, row := range s.Rows.Teams {
		if d.y+each > bottom {
			d.turn()
		}
		d.page.Text(pdf.P, left, d.y+3, width, bold(10), teams[row.Team].Name)
		d.y += each
		d.line(d.y)
	}
}
