package record

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/i18n"
	"h48/internal/kit/pdf"
)

// Minutes writes how the judging stands as a tagged document.
func (s *Service) Minutes(ctx context.Context, l i18n.Locale, id edition.ID, w io.Writer) error {
	st, err := s.frozen(ctx, id)
	if err != nil {
		return err
	}
	title := l.T("record.minutes_title") + " · " + st.edition.Name
	f := pdf.NewFlow(pdf.Meta{Title: title, Lang: string(l.Lang), Author: st.edition.Host, Created: st.at}, 0x14323a, 0x1f6f8b, title)
	f.Title(title)
	f.Lines(st.opening(l)...)
	st.people(l, f)
	f.Head(l.T("record.minutes_rubric"))
	for _, c := range st.board.Criteria {
		f.Lines(l.T("record.minutes_criterion", "name", c.Name, "weight", c.Weight, "min", c.Min, "max", c.Max))
	}
	st.changes(l, f)
	f.Head(l.T("record.minutes_ranking"))
	for _, p := range st.ranking.Standings {
		f.Lines(placeLine(l, p))
	}
	for _, own := range st.own {
		f.Sub(l.T("record.minutes_own", "prize", own.prize.Title))
		for _, p := range own.Standings {
			f.Lines(placeLine(l, p))
		}
	}
	if len(st.minutes.Decisions) > 0 {
		f.Head(l.T("record.minutes_decisions"))
		for _, d := range st.minutes.Decisions {
			f.Lines(l.T("record.minutes_decision", "team", st.called(d.Team), "who", d.Decider, "why", d.Reason))
		}
	}
	f.Head(l.T("record.minutes_trace"))
	f.Small(l.T("record.minutes_head", "n", st.head.N, "hash", st.head.Hash))
	if _, err := f.Doc.WriteTo(w); err != nil {
		return fmt.Errorf("writing the minutes: %w", err)
	}
	return nil
}

// opening says of which moment the minutes are and how binding they are.
func (st state) opening(l i18n.Locale) []string {
	r := st.board.Round
	lines := []string{l.T("record.minutes_at", "at", l.DateTime(st.at), "round", r.Number)}
	if r.Open() {
		lines = append(lines, l.T("record.minutes_open"))
	} else {
		lines = append(lines, l.T("record.minutes_closed", "at", l.DateTime(r.Closed)))
	}
	lines = append(lines, l.T("record.minutes_sheets", "n", st.board.Done, "total", st.board.Expected))
	for _, again := range st.minutes.Rounds {
		if again.Reason != "" {
			lines = append(lines, l.T("record.minutes_round", "n", again.Number, "at", l.DateTime(again.Opened), "why", again.Reason))
		}
	}
	return lines
}

// people lists who judges, and who stepped back from what.
func (st state) people(l i18n.Locale, f *pdf.Flow) {
	f.Head(l.T("record.minutes_jury"))
	for _, r := range st.board.Rows {
		line := l.T("record.minutes_juror", "name", r.Juror.Account.Name, "n", r.Done, "total", r.Expected)
		if r.Juror.Presence != jury.Present {
			line = l.T("record.minutes_reason", "line", line, "reason", l.T("jury.presence."+string(r.Juror.Presence))+" · "+r.Juror.Reason)
		}
		f.Lines(line)
	}
	st.papers(l, f)
	f.Head(l.T("record.minutes_recusals"))
	if len(st.minutes.Conflicts) == 0 {
		f.Lines(l.T("record.minutes_none"))
	}
	for _, c := range st.minutes.Conflicts {
		why := l.T("jury.source." + string(c.Source))
		if c.Reason != "" {
			why = l.T("record.minutes_reason", "line", why, "reason", c.Reason)
		}
		who, team := st.called(string(c.Juror)), st.called(c.Team)
		if c.Lifted.IsZero() {
			f.Lines(l.T("record.minutes_recusal", "name", who, "team", team, "why", why))
		} else {
			f.Lines(l.T("record.minutes_lifted", "name", who, "team", team, "why", c.LiftedWhy))
		}
	}
}

// papers says whose marks were copied from which paper sheets.
func (st state) papers(l i18n.Locale, f *pdf.Flow) {
	type sheet struct {
		juror account.ID
		code  string
	}
	marks := map[sheet]int{}
	var all []sheet // in the order in which they came in
	for _, m := range st.marks {
		if m.Paper == "" {
			continue
		}
		s := sheet{m.Juror, m.Paper}
		if marks[s]++; marks[s] == 1 {
			all = append(all, s)
		}
	}
	if len(all) > 0 {
		f.Head(l.T("record.minutes_paper"))
	}
	for _, s := range all {
		f.Lines(l.N("record.minutes_paper_line", marks[s], "name", st.called(string(s.juror)), "code", s.code))
	}
}

// changes lists what was changed of the rules after the first mark, and why.
func (st state) changes(l i18n.Locale, f *pdf.Flow) {
	if len(st.amended) > 0 {
		f.Head(l.T("record.minutes_amended"))
	}
	for _, a := range st.amended {
		f.Lines(l.T("record.minutes_amendment", "at", l.DateTime(a.Made), "what", a.Title(l), "reason", a.Reason),
			l.T("record.minutes_before", "rule", strings.Join(a.Was(l), " · ")), l.T("record.minutes_after", "rule", strings.Join(a.Is(l), " · ")))
	}
}

func placeLine(l i18n.Locale, p jury.Standing) string {
	if p.Visits == 0 {
		return l.T("record.minutes_unseen", "team", p.Team.Name, "project", p.Team.Title)
	}
	raw := "–"
	if !math.IsNaN(p.Raw) {
		raw = l.Decimal(p.Raw, 2)
	}
	return l.T("record.minutes_place", "rank", p.Rank, "team", p.Team.Name, "project", p.Team.Title, "score", l.Decimal(p.Score, 2), "raw", raw,
		"from", p.RankLo, "to", p.RankHi, "best", l.Percent(p.PBest), "sheets", p.Visits)
}
