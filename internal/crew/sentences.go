package crew

import (
	"time"

	"h48/internal/ui"
)

// when is a shift's hours without the day, for lists under a day's heading.
func when(l ui.Locale, s Shift) string { return l.Clock(s.Start) + " – " + l.Clock(s.End) }

// Text says what is wrong, of the person whose fault it is.
func (r Rota) text(l ui.Locale, f Fault, s Shift) string {
	p := r.Post(s.Post)
	switch f.Kind {
	case Unable:
		return l.T("crew.fault.unable", "skill", p.Skill)
	case Double:
		return l.T("crew.fault.double", "post", r.Post(f.Other.Post).Name, "when", l.Span(f.Other.Start, f.Other.End))
	case Rest:
		return l.T("crew.fault.rest", "is", l.Duration(f.Is), "limit", l.Duration(f.Limit), "post", r.Post(f.Other.Post).Name, "when", l.Span(f.Other.Start, f.Other.End))
	case Row, TooMuch:
		return l.T("crew.fault."+string(f.Kind), "is", l.Duration(f.Is), "limit", l.Duration(f.Limit))
	case Silent, Away, Refuses, Rather:
	}
	return l.T("crew.fault." + string(f.Kind))
}

// texts are several faults.
func (r Rota) texts(l ui.Locale, faults []Fault, s Shift) []string {
	var all []string
	for _, f := range faults {
		all = append(all, r.text(l, f, s))
	}
	return all
}

// headline says who is missing where.
func (h Hole) headline(l ui.Locale, r Rota) string {
	post, at := r.Post(h.Shift.Post).Name, l.Span(h.Shift.Start, h.Shift.End)
	switch {
	case h.Can == 0:
		return l.N("crew.hole.nobody", h.Shift.Wanted, "post", post, "when", at)
	case h.Can < h.Shift.Wanted:
		return l.N("crew.hole.few", h.Can, "wanted", h.Shift.Wanted, "post", post, "when", at)
	}
	return l.N("crew.hole.missing", h.Missing, "post", post, "when", at)
}

// because says what keeps the others away.
func (h Hole) because(l ui.Locale) []string {
	var all []string
	if h.Able > 0 {
		all = append(all, l.N("crew.why.able", h.Able))
	}
	for _, b := range h.Why {
		all = append(all, l.N("crew.why."+string(b.Kind), b.N))
	}
	return all
}

// headline is what a move does in one sentence.
func (p Price) headline(l ui.Locale, r Rota) string {
	hard := 0
	for _, f := range p.Broken {
		if f.Hard() {
			hard++
		}
	}
	to, _ := r.Shift(p.To)
	switch {
	case p.From == p.To:
		return l.T("crew.price.same")
	case hard > 0:
		return l.N("crew.price.breaks", hard)
	case p.To == "":
		return l.T("crew.price.off", "name", p.Name)
	case p.TooMany:
		return l.N("crew.price.enough", to.Wanted)
	case p.Fills:
		return l.T("crew.price.fills")
	}
	return l.T("crew.price.good")
}

// lines are what a move breaks, mends and leaves open.
func (p Price) lines(l ui.Locale, r Rota) []string {
	to, _ := r.Shift(p.To)
	from, _ := r.Shift(p.From)
	lines := r.texts(l, p.Broken, to)
	if p.Opens.ID != "" {
		lines = append(lines, l.T("crew.price.opens", "post", r.Post(p.Opens.Post).Name, "when", l.Span(p.Opens.Start, p.Opens.End)))
	}
	for _, f := range p.Mended {
		lines = append(lines, l.T("crew.price.mends", "fault", r.text(l, f, from)))
	}
	return lines
}

func (p Price) tone() ui.Tone {
	switch {
	case p.From == p.To:
		return ui.Plain
	case p.Hard():
		return ui.Bad
	case len(p.Broken) > 0 || p.Opens.ID != "" || p.TooMany:
		return ui.Warn
	}
	return ui.Good
}

// sureness says how far the plan is from the best that there can be.
func (s Standing) sureness(l ui.Locale) string {
	switch {
	case s.Open == 0:
		return l.T("crew.sure.full")
	case s.Open == s.Least:
		return l.N("crew.sure.best", s.Open)
	case s.Least == 0:
		return l.N("crew.sure.open", s.Open)
	}
	return l.N("crew.sure.gap", s.Open, "least", s.Least)
}

// hours writes how long somebody works.
func hours(l ui.Locale, d time.Duration) string {
	if d == 0 {
		return l.T("crew.no_hours")
	}
	return l.Duration(d)
}
