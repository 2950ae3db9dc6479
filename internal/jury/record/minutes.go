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
	var rubric []string
	for _, c := range st.board.Criteria {
		rubric = append(rubric, l.T("record.minutes_criterion", "name", c.Name, "weight", c.Weight, "min", c.Min, "max", c.Max))
	}
	f.Items(rubric...)
	st.changes(l, f)
	f.Head(l.T("record.minutes_ranking"))
	ranked(l, f, st.ranking.Standings)
	for _, own := range st.own {
		f.Sub(l.T("record.minutes_own", "prize", own.prize.Title))
		ranked(l, f, own.Standings)
	}
	if len(st.minutes.Decisions) > 0 {
		f.Head(l.T("record.minutes_decisions"))
		var decided []string
		for _, d := range st.minutes.Decisions {
			decided = append(decided, l.T("record.minutes_decision", "team", st.called(d.Team), "who", d.Decider, "why", d.Reason))
		}
		f.Items(decided...)
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
	var jurors []string
	for _, r := range st.board.Rows {
		line := l.T("record.minutes_juror", "name", r.Juror.Account.Name, "n", r.Done, "total", r.Expected)
		if r.Juror.Presence != jury.Present {
			line = l.T("record.minutes_reason", "line", line, "reason", l.T("jury.presence."+string(r.Juror.Presence))+" · "+r.Juror.Reason)
		}
		jurors = append(jurors, line)
	}
	f.Items(jurors...)
	st.papers(l, f)
	f.Head(l.T("record.minutes_recusals"))
	if len(st.minutes.Conflicts) == 0 {
		f.Lines(l.T("record.minutes_none"))
	}
	var recusals []string
	for _, c := range st.minutes.Conflicts {
		why := l.T("jury.source." + string(c.Source))
		if c.Reason != "" {
			why = l.T("record.minutes_reason", "line", why, "reason", c.Reason)
		}
		who, team := st.called(string(c.Juror)), st.called(c.Team)
		if c.Lifted.IsZero() {
			recusals = append(recusals, l.T("record.minutes_recusal", "name", who, "team", team, "why", why))
		} else {
			recusals = append(recusals, l.T("record.minutes_lifted", "name", who, "team", team, "why", c.LiftedWhy))
		}
	}
	f.Items(recusals...)
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
	var copied []string
	for _, s := range all {
		copied = append(copied, l.N("record.minutes_paper_line", marks[s], "name", st.called(string(s.juror)), "code", s.code))
	}
	f.Items(copied...)
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

// ranked sets the standings as a table, best first.
func ranked(l i18n.Locale, f *pdf.Flow, standings []jury.Standing) {
	columns := []pdf.Column{{Head: l.T("jury.rank"), Share: 8, Number: true}, {Head: l.T("jury.team"), Share: 46}, {Head: l.T("jury.estimate"), Share: 17, Number: true},
		{Head: l.T("jury.raw"), Share: 22, Number: true}, {Head: l.T("jury.possible"), Share: 24, Number: true}, {Head: l.T("jury.p_best"), Share: 16, Number: true},
		{Head: l.T("jury.sheets"), Share: 12, Number: true}}
	var rows [][]string
	for _, p := range standings {
		team := p.Team.Name
		if p.Team.Title != "" {
			team += "\n" + p.Team.Title
		}
		rows = append(rows, append([]string{l.Int(int64(p.Rank)), team}, figures(l, p)...))
	}
	f.Table(columns, 1, rows)
}

// figures are what is known of a team's place.
func figures(l i18n.Locale, p jury.Standing) []string {
	if p.Visits == 0 {
		return []string{"–", "–", l.T("jury.unseen"), "–", "0"}
	}
	raw, possible := "–", l.T("jury.between", "from", p.RankLo, "to", p.RankHi)
	if !math.IsNaN(p.Raw) {
		raw = l.Decimal(p.Raw, 2)
	}
	if p.RankLo == p.RankHi {
		possible = l.T("jury.surely", "n", p.RankLo)
	}
	return []string{l.Decimal(p.Score, 2), raw, possible, l.Chance(p.PBest), l.Int(int64(p.Visits))}
}
