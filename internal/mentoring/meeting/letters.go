package meeting

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// news is what changes for somebody: meetings that are new to them, and those that do not
// take place.
type news struct{ added, gone []Date }

// newsOf gathers who has to hear what: the mentors, and everybody of the teams. A meeting
// that is lost and one that takes its place make one letter.
func (t Table) newsOf(added, gone []Date) map[account.ID]news {
	all := map[account.ID]news{}
	each := func(d Date, tell func(n news) news) {
		for _, who := range append(t.membersOf(d.Team), d.Mentor) {
			all[who] = tell(all[who])
		}
	}
	for _, d := range added {
		each(d, func(n news) news { n.added = append(n.added, d); return n })
	}
	for _, d := range gone {
		each(d, func(n news) news { n.gone = append(n.gone, d); return n })
	}
	return all
}

func (t Table) membersOf(team string) []account.ID {
	for _, one := range t.Teams {
		if one.ID == team {
			return slices.Clone(one.Members)
		}
	}
	return nil
}

// changes are the dates that a publication adds and takes away, with what was lost before.
func (t Table) changes() (added, gone []Date) {
	for _, d := range t.Dates {
		switch {
		case d.Planned && !d.Told:
			added = append(added, d)
		case d.Told && !d.Planned, d.Lost:
			gone = append(gone, d)
		}
	}
	return added, gone
}

// write sends everybody their news and nothing else, in their own language: one letter each.
// Who left knows it, and what is over is no news.
func (s *Service) write(ctx context.Context, tx *sqldb.Tx, at scene, added, gone []Date) error {
	over := func(d Date) bool { return !d.At.After(at.now) }
	added, gone = slices.DeleteFunc(added, over), slices.DeleteFunc(gone, over)
	all := at.table.newsOf(added, gone)
	e, err := s.editions.Get(ctx, tx, at.id)
	if err != nil {
		return err
	}
	people := make([]account.ID, 0, len(all))
	for who := range all {
		people = append(people, who)
	}
	slices.Sort(people)
	for _, who := range people {
		if at.table.Gone[who] {
			continue
		}
		to, err := s.accounts.Get(ctx, tx, who)
		if err != nil {
			return err
		}
		if to.Email == "" {
			continue
		}
		if err := s.post.SendTx(ctx, tx, string(at.id), s.letter(at.table, e, to, all[who])); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) letter(t Table, e edition.Edition, to account.Account, n news) mail.Message {
	l := s.words.Locale(to.Lang).In(e.Zone).With(e.Words)
	byTime := func(a, b Date) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) }
	slices.SortStableFunc(n.added, byTime)
	slices.SortStableFunc(n.gone, byTime)
	var lines []string
	for _, d := range n.added {
		lines = append(lines, "- "+t.line(l, d, to.ID))
	}
	for _, d := range n.gone {
		lines = append(lines, "- "+l.T("meeting.letter.gone", "meeting", t.line(l, d, to.ID)))
	}
	return mail.Message{To: to.Email, ToName: to.Name, Subject: l.T("meeting.letter.subject", "edition", e.Name),
		Text: l.T("meeting.letter.text", "name", to.Name, "lines", strings.Join(lines, "\n"), "url", s.base+e.URL()+"/help/meetings")}
}

// line is a meeting in one line, as the reader needs it: when, whom, where, about what.
func (t Table) line(l i18n.Locale, d Date, reader account.ID) string {
	a := t.appointment(d)
	whom := l.T("meeting.letter.with", "mentor", a.With)
	if reader == d.Mentor {
		whom = where(l, a)
	}
	return l.Span(a.At, a.Until) + " · " + whom + " · " + about(l, a.About)
}
