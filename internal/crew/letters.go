package crew

import (
	"context"
	"strings"

	"h48/internal/account"
	"h48/internal/kit/i18n"
	"h48/internal/kit/mail"
	"h48/internal/kit/sqldb"
)

// news is what changes for somebody.
type news struct{ added, gone []Shift }

func (n news) with(s Shift) news    { return news{append(n.added, s), n.gone} }
func (n news) without(s Shift) news { return news{n.added, append(n.gone, s)} }

// write sends everybody their news, in their own language.
func (s *Service) write(ctx context.Context, tx *sqldb.Tx, at scene, all map[account.ID]news) error {
	for _, m := range at.rota.Members { // in an order that is always the same
		n, has := all[m.ID]
		if !has || m.Email == "" {
			continue
		}
		to, err := s.accounts.Get(ctx, tx, m.ID)
		if err != nil {
			return err
		}
		l := s.words.Locale(to.Lang).In(at.e.Zone).With(at.e.Words)
		var lines []string
		inOrder(n.added)
		inOrder(n.gone)
		for _, shift := range n.added {
			lines = append(lines, "- "+at.rota.line(l, shift))
		}
		for _, shift := range n.gone {
			lines = append(lines, "- "+l.T("crew.letter.gone", "shift", at.rota.line(l, shift)))
		}
		err = s.post.SendTx(ctx, tx, string(at.e.ID), mail.Message{To: to.Email, ToName: to.Name,
			Subject: l.T("crew.letter.subject", "edition", at.e.Name),
			Text:    l.T("crew.letter.text", "name", to.Name, "lines", strings.Join(lines, "\n"), "url", s.base+at.e.URL()+"/crew/mine")})
		if err != nil {
			return err
		}
	}
	return nil
}

// line is a shift in one line: when, what, where.
func (r Rota) line(l i18n.Locale, s Shift) string {
	p := r.Post(s.Post)
	text := l.Span(s.Start, s.End) + " · " + p.Name
	if p.Place != "" {
		text += ", " + p.Place
	}
	return text
}
