package award

import (
	"strings"
	"time"

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
	f.lines(l.T("award.ladder"))
	for _, p := range m.Places {
		f.lines(placeLine(l, p))
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

// opening says when and where, and how binding the sheet is.
func (m Minutes) opening(l i18n.Locale) []string {
	d := m.Deliberation
	lines := []string{l.T("award.opened_at", "at", moment(l, d.Opened), "place", m.Edition.Place)}
	if d.State != Closed {
		return append(lines, l.T("award.provisional"))
	}
	return append(lines, l.T("award.closed_at", "at", moment(l, d.Closed)))
}

// presence lists the jury, who stepped back and why, and the guests.
func (m Minutes) presence(l i18n.Locale) []string {
	var lines []string
	for _, a := range m.Jury {
		line := a.Name + " · " + l.T("award.presence."+string(a.Presence))
		if a.Note != "" {
			line += " · " + a.Note
		}
		lines = append(lines, line)
	}
	if m.Deliberation.Guests != "" {
		lines = append(lines, l.T("award.guests_were", "names", m.Deliberation.Guests))
	}
	if len(lines) == 0 {
		return []string{l.T("award.no_jury")}
	}
	return lines
}

// decision says in which order the prizes were given, and why in that one.
func (m Minutes) decision(l i18n.Locale) []string {
	d := m.Deliberation
	if d.State == Open {
		return []string{l.T("award.undecided")}
	}
	lines := []string{l.T("award.followed")}
	if d.Reason != "" {
		lines = []string{l.T("award.set_aside", "reason", d.Reason)}
	}
	if d.Decider != "" {
		lines = append(lines, l.T("award.tie_decided", "name", d.Decider, "reason", d.DeciderReason))
	}
	if m.Recomputed && !m.Differs {
		lines = append(lines, l.T("award.same"))
	}
	if m.Differs {
		lines = append(lines, l.T("award.differs"))
	}
	return lines
}

// placeLine is one project of the ranking, with what is sure about its rank.
func placeLine(l i18n.Locale, p Place) string {
	line := l.T("award.place", "rank", p.Rank, "team", p.Name, "project", p.Title, "score", l.Decimal(p.Score, 2), "raw", l.Decimal(p.Raw, 2),
		"low", p.Low, "high", p.High, "best", l.Percent(p.PBest))
	if p.By != ByRank {
		line += " " + l.T("award.by."+string(p.By))
	}
	return line
}

// prizeLine says who gets a prize, its amount in figures and in words, and its state.
func (m Minutes) prizeLine(l i18n.Locale, p Prize) string {
	parts := []string{p.Title}
	if p.Cents > 0 {
		parts = append(parts, l.Euros(p.Cents)+" ("+InWords(l.Lang, p.Cents)+")")
	} else {
		parts = append(parts, l.T("award.no_cheque"))
	}
	if p.Text != "" {
		parts = append(parts, p.Text)
	}
	if p.Unplanned {
		parts = append(parts, l.T("award.unplanned_because", "reason", p.Reason))
	}
	if s, won := m.Names[p.Team]; won {
		parts = append(parts, l.T("award.goes_to", "team", s.Name, "project", s.Title))
	} else if p.Live() {
		parts = append(parts, l.T("award.not_given"))
	}
	parts = append(parts, stateLine(l, p))
	return strings.Join(parts, " · ")
}

// stateLine is what became of a prize, and why.
func stateLine(l i18n.Locale, p Prize) string {
	line := l.T("award.state." + string(p.State))
	if n := len(p.Steps); n > 1 && p.Steps[n-1].Reason != "" {
		line += " (" + p.Steps[n-1].Reason + ")"
	}
	return line
}

// moment is a day with its year and the hour: minutes are read years later.
func moment(l i18n.Locale, t time.Time) string { return l.Date(t) + ", " + l.Clock(t) }
