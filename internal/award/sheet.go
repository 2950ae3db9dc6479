package award

import (
	"math"
	"strconv"
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
)

// ink is the colour of every letter: an organiser's accent may be too light to read.
const ink = pdf.Color(0x14323a)

// house is the accent of an edition that has none of its own.
const house = pdf.Color(0x1f6f8b)

// Accent is the edition's colour on paper.
func Accent(e edition.Edition) pdf.Color {
	n, err := strconv.ParseUint(strings.TrimPrefix(e.Accent, "#"), 16, 24)
	if err != nil {
		return house
	}
	return pdf.Color(n)
}

// pdf sets the minutes on sheets, in the locale's language and the edition's colour.
func (m Minutes) pdf(l i18n.Locale) *pdf.Doc {
	title := l.T("award.minutes_of", "edition", m.Edition.Name)
	digest := m.Digest()
	f := pdf.NewFlow(pdf.Meta{Title: title, Lang: string(l.Lang), Author: m.Edition.Host, Created: m.Deliberation.Opened}, ink, Accent(m.Edition),
		title+" · "+digest[:min(len(digest), 12)])
	f.Title(title)
	f.Lines(m.opening(l)...)
	f.Head(l.T("award.present"))
	f.Items(m.presence(l)...)
	if len(m.Amended) > 0 {
		f.Head(l.T("award.amended"))
		f.Items(m.amended(l)...)
	}
	f.Head(l.T("award.ranking"))
	if ladder := m.Basis.ladder(l); ladder != "" {
		f.Lines(ladder)
	}
	m.Basis.set(l, f)
	for _, p := range m.Prizes {
		if own, has := m.Basis.Own[p.ID]; has {
			f.Sub(l.T("award.own_ranking", "prize", p.Title))
			own.set(l, f)
		}
	}
	if len(m.Votes) > 0 {
		f.Head(l.T("award.votes"))
		f.Items(m.votes(l)...)
	}
	f.Head(l.T("award.decision"))
	f.Lines(m.decision(l)...)
	f.Head(l.T("award.prizes"))
	var prizes []string
	for _, p := range m.Prizes {
		prizes = append(prizes, m.prizeLine(l, p))
	}
	f.Items(prizes...)
	if len(m.Addenda) > 0 {
		f.Head(l.T("award.addenda"))
	}
	var addenda []string
	for _, a := range m.Addenda {
		addenda = append(addenda, Moment(l, a.At)+" · "+a.ActorName+"\n"+a.Text)
	}
	f.Items(addenda...)
	f.Head(l.T("award.fingerprints"))
	for _, line := range m.prints(l) {
		f.Small(line)
	}
	m.sign(l, f)
	return f.Doc
}

// set says the ranking in words, then place by place in a table, and what it was computed
// from.
func (r Ranking) set(l i18n.Locale, f *pdf.Flow) {
	f.Lines(append(r.verdict(l), r.besides(l, false)...)...)
	columns := []pdf.Column{{Head: l.T("award.column.rank"), Share: 8, Number: true}, {Head: l.T("award.column.project"), Share: 52},
		{Head: l.T("award.column.score"), Share: 14, Number: true}, {Head: l.T("award.column.raw"), Share: 20, Number: true},
		{Head: l.T("award.column.possible"), Share: 26, Number: true}, {Head: l.T("award.column.best"), Share: 18, Number: true}}
	var rows [][]string
	for _, p := range r.Standings {
		project := p.Title + "\n" + p.Name
		if p.Title == "" {
			project = p.Name
		}
		if p.Tie != "" {
			project += "\n" + l.T("award.tie."+string(p.Tie))
		}
		possible := l.T("award.column.between", "low", p.Low, "high", p.High)
		if p.Low == p.High {
			possible = l.Int(int64(p.Low))
		}
		raw := "–"
		if !math.IsNaN(p.Raw) {
			raw = l.Decimal(p.Raw, 2)
		}
		rows = append(rows, []string{l.Int(int64(p.Rank)), project, l.Decimal(p.Score, 2), raw, possible, l.Chance(p.PBest)})
	}
	f.Table(columns, 1, rows)
	f.Lines(r.origin(l)...)
}

// sign sets a row for each juror who was there: the signature that holds, or a line to
// sign on.
func (m Minutes) sign(l i18n.Locale, f *pdf.Flow) {
	f.Head(l.T("award.signatures"))
	for _, a := range m.Jury {
		if a.Presence != Present {
			continue
		}
		s, holds := m.signed(a.Account)
		if !holds {
			f.Row(a.Name, 20, underline)
			continue
		}
		f.Row(a.Name+"\n"+m.signatureLine(l, s), 22, func(p *pdf.Page, box pdf.Box) {
			if strokes, ok := ParseDrawing(s.Drawing); ok && len(strokes) > 0 {
				p.Figure(l.T("award.signature_of", "name", s.Name), box, func(c *pdf.Canvas) { draw(c, box, strokes) })
			}
			underline(p, box)
		})
	}
}

func underline(p *pdf.Page, box pdf.Box) {
	p.Decor(func(c *pdf.Canvas) {
		c.MoveTo(box.X, box.Y+box.Height)
		c.LineTo(box.X+box.Width, box.Y+box.Height)
		c.Stroke(ink, 0.25)
	})
}

// draw sets strokes into the box, in their own proportions.
func draw(c *pdf.Canvas, box pdf.Box, strokes [][]Point) {
	scale := min(box.Width/DrawingWidth, box.Height/DrawingHeight)
	for _, stroke := range strokes {
		for i, p := range stroke {
			x, y := box.X+float64(p.X)*scale, box.Y+float64(p.Y)*scale
			if i == 0 {
				c.MoveTo(x, y)
			}
			c.LineTo(x, y)
		}
		c.Stroke(ink, 0.4)
	}
}

// signatureLine says when and how a signature was given.
func (m Minutes) signatureLine(l i18n.Locale, s Signature) string {
	return l.T("award.signed."+string(s.Way), "at", Moment(l, s.At))
}

// prints are what lets somebody check the sheet later.
func (m Minutes) prints(l i18n.Locale) []string {
	lines := []string{l.T("award.digest", "digest", m.Digest())}
	if m.Deliberation.Head != "" {
		lines = append(lines, l.T("award.head", "head", m.Deliberation.Head))
	}
	if rules := m.rulesPrint(); rules != "" {
		lines = append(lines, l.T("award.rules_print", "print", rules))
	}
	for _, s := range m.Scans {
		lines = append(lines, l.T("award.scan_line", "at", Moment(l, s.At), "name", s.By, "hash", s.Hash))
	}
	return lines
}
