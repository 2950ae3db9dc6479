package payout

import (
	"io"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
	"h48/internal/kit/sheet"
)

// dossier is what an accountant needs to pay: who, how much, why, and on whose decision.
// It holds no bank details.
type dossier struct {
	edition edition.Edition
	won     []Won
	given   map[account.ID]time.Time
	minutes award.Minutes
}

var ink = pdf.Color(0x14323a)

// pdf sets the dossier on sheets, in the locale's language.
func (d dossier) pdf(l i18n.Locale) *pdf.Doc {
	title := l.T("payout.dossier") + " · " + d.edition.Name
	f := pdf.NewFlow(pdf.Meta{Title: title, Lang: string(l.Lang), Author: d.edition.Host, Created: d.minutes.Deliberation.Closed}, ink, award.Accent(d.edition), title)
	f.Title(title)
	f.Lines(l.T("payout.dossier_decision", "at", award.Moment(l, d.minutes.Deliberation.Closed), "place", d.edition.Place))
	f.Lines(l.T("payout.dossier_minutes", "digest", d.minutes.Digest()))
	f.Lines(l.T("payout.dossier_bank"))
	var jury []string
	for _, a := range d.minutes.Jury {
		jury = append(jury, a.Name+" ("+l.T("award.presence."+string(a.Presence))+")")
	}
	f.Head(l.T("payout.dossier_jury"))
	f.Lines(jury...)
	total := int64(0)
	for _, w := range d.won {
		f.Head(w.Prize.Title)
		f.Lines(l.T("payout.dossier_prize", "team", w.Team.Name, "project", w.Team.Title, "amount", l.Euros(w.Prize.Cents), "words", award.InWords(l.Lang, w.Prize.Cents)))
		if w.Prize.Text != "" {
			f.Lines(w.Prize.Text)
		}
		if w.Prize.Cents == 0 {
			continue
		}
		for _, s := range w.Shares {
			f.Lines(d.line(l, s))
			if s.State() != Declined {
				total += s.Cents
			}
		}
	}
	f.Head(l.T("payout.dossier_total"))
	f.Lines(l.Euros(total) + " (" + award.InWords(l.Lang, total) + ")")
	f.Row(l.T("payout.dossier_sign"), 22, func(p *pdf.Page, box pdf.Box) {
		p.Decor(func(c *pdf.Canvas) {
			c.MoveTo(box.X, box.Y+box.Height)
			c.LineTo(box.X+box.Width, box.Y+box.Height)
			c.Stroke(ink, 0.25)
		})
	})
	return f.Doc
}

func (d dossier) line(l i18n.Locale, s Share) string {
	line := l.T("payout.dossier_share", "name", s.Name, "amount", l.Euros(s.Cents), "words", award.InWords(l.Lang, s.Cents),
		"state", l.T("payout.state."+string(s.State())))
	if n := len(s.Steps); n > 0 {
		line += " " + l.T("payout.on", "at", award.Moment(l, s.Steps[n-1].At))
	}
	return line + ". " + d.bank(l, s.Account)
}

func (d dossier) bank(l i18n.Locale, who account.ID) string {
	if until, has := d.given[who]; has {
		return l.T("payout.bank_until", "day", l.Date(until))
	}
	return l.T("payout.bank_none")
}

// csv writes one line a share, amounts with a point and in cents as well.
func (d dossier) csv(w io.Writer, l i18n.Locale) error {
	out, err := sheet.NewWriter(w, ';')
	if err != nil {
		return err
	}
	if err := out.Write(l.T("payout.column.prize"), l.T("payout.column.team"), l.T("payout.column.name"), l.T("payout.column.amount"),
		l.T("payout.column.words"), l.T("payout.column.state"), l.T("payout.column.bank")); err != nil {
		return err
	}
	for _, won := range d.won {
		for _, s := range won.Shares {
			if err := out.Write(won.Prize.Title, won.Team.Name, s.Name, strconv.FormatInt(s.Cents/100, 10)+","+strconv.FormatInt(100+s.Cents%100, 10)[1:],
				award.InWords(l.Lang, s.Cents), l.T("payout.state."+string(s.State())), d.bank(l, s.Account)); err != nil {
				return err
			}
		}
	}
	return out.Flush()
}
