package recap

import (
	"strings"

	"h48/internal/edition"
	"h48/internal/kit/i18n"
)

// draft writes the story of the figures as Markdown, in the locale's language. What was
// not counted is not told.
func draft(l i18n.Locale, e edition.Edition, f Figures) string {
	parts := []string{
		opening(l, e, f),
		paragraph(teams(l, f), help(l, f), days(l, f)),
		winners(l, f),
		thanks(l, e, f),
		next(l, f),
	}
	var told []string
	for _, p := range parts {
		if p != "" {
			told = append(told, p)
		}
	}
	return strings.Join(told, "\n\n") + "\n"
}

// opening says what it was, when and where, and how many came.
func opening(l i18n.Locale, e edition.Edition, f Figures) string {
	from, to := e.At[edition.Starts], e.At[edition.Ends]
	if to.IsZero() {
		to = from
	}
	first := l.T("recap.draft.when", "edition", plain(e.Name), "from", l.Date(from), "to", l.Date(to), "place", plain(e.Place))
	if l.Date(from) == l.Date(to) {
		first = l.T("recap.draft.when_day", "edition", plain(e.Name), "day", l.Date(from), "place", plain(e.Place))
	}
	if f.People() == 0 {
		return first
	}
	return paragraph(first, l.N("recap.draft.people", f.People()))
}

func teams(l i18n.Locale, f Figures) string {
	switch {
	case f.Teams == 0:
		return ""
	case f.Submitted == f.Teams:
		return l.N("recap.draft.teams_all", f.Teams)
	}
	return l.N("recap.draft.teams", f.Teams) + " " + l.N("recap.draft.submitted", f.Submitted)
}

func help(l i18n.Locale, f Figures) string {
	if f.Mentors == 0 {
		return ""
	}
	text := l.N("recap.draft.mentors", f.Mentors)
	if f.Requests > 0 {
		text += " " + l.N("recap.draft.requests", f.Requests)
	}
	if f.Requests > 0 && f.MedianWait > 0 {
		text += " " + l.T("recap.draft.wait", "wait", l.Duration(f.MedianWait))
	}
	return text
}

func days(l i18n.Locale, f Figures) string {
	var told []string
	if f.Sessions > 0 {
		told = append(told, l.N("recap.draft.sessions", f.Sessions))
	}
	if f.Ballots > 0 {
		told = append(told, l.N("recap.draft.ballots", f.Ballots))
	}
	if f.Meals > 0 {
		told = append(told, l.N("recap.draft.meals", f.Meals))
	}
	if f.CupsOut > 0 {
		told = append(told, l.T("recap.draft.cups", "out", f.CupsOut, "back", f.CupsBack))
	}
	return strings.Join(told, " ")
}

func winners(l i18n.Locale, f Figures) string {
	if len(f.Prizes) == 0 {
		return ""
	}
	lines := []string{"## " + l.N("recap.draft.winners", len(f.Prizes))}
	for _, w := range f.Prizes {
		project := w.Project
		if project == "" {
			project = w.Team
		}
		line := l.T("recap.draft.won", "prize", plain(w.Prize), "project", plain(project), "team", plain(w.Team))
		if w.Cents > 0 {
			line += " " + l.T("recap.draft.cheque", "amount", l.Euros(w.Cents))
		}
		if w.Pitch != "" {
			line += " " + plain(w.Pitch)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n\n")
}

func thanks(l i18n.Locale, e edition.Edition, f Figures) string {
	var told []string
	if len(f.Partners) > 0 {
		var names []string
		for _, p := range f.Partners {
			names = append(names, plain(p))
		}
		told = append(told, l.T("recap.draft.partners", "names", join(l, names)))
	}
	if f.Jurors > 0 {
		told = append(told, l.N("recap.draft.jurors", f.Jurors))
	}
	if f.Crew > 0 {
		told = append(told, l.N("recap.draft.crew", f.Crew))
	}
	if e.Host != "" {
		told = append(told, l.T("recap.draft.host", "host", plain(e.Host)))
	}
	if len(told) == 0 {
		return ""
	}
	return "## " + l.T("recap.draft.thanks") + "\n\n" + strings.Join(told, " ")
}

// join lists names as a sentence does.
func join(l i18n.Locale, names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " " + l.T("recap.and") + " " + names[last]
}

// next tells what the program does by itself: see the room followup.
func next(l i18n.Locale, f Figures) string {
	if f.Submitted == 0 {
		return ""
	}
	return "## " + l.T("recap.draft.next_title") + "\n\n" + l.T("recap.draft.next")
}

func paragraph(sentences ...string) string {
	var told []string
	for _, s := range sentences {
		if s != "" {
			told = append(told, s)
		}
	}
	return strings.Join(told, " ")
}

// plain keeps a name from being read as Markdown: one line, its signs escaped.
func plain(text string) string {
	var b strings.Builder
	for _, c := range strings.Join(strings.Fields(text), " ") {
		if strings.ContainsRune("\\`*_{}[]<>#|~", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
