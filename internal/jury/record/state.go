package record

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/chain"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sheet"
	"h48/internal/kit/sqldb"
)

// state is the judging at one moment, with the names that people know.
type state struct {
	edition edition.Edition
	at      time.Time
	board   jury.Board
	ranking jury.Ranking
	minutes jury.Minutes
	amended []jury.Amendment
	own     []prizeRanking
	marks   []jury.RoundMark
	said    []jury.TracedComparison // who is better
	head    chain.Head
	names   map[string]string
}

// prizeRanking is the ranking of a prize with a jury or a criterion of its own.
type prizeRanking struct {
	prize jury.PrizeRef
	jury.Ranking
}

// read gathers the state; q must be frozen.
func (s *Service) read(ctx context.Context, q sqldb.Querier, id edition.ID) (st state, err error) {
	if st.edition, err = s.editions.Get(ctx, q, id); err != nil {
		return st, err
	}
	st.at = st.edition.Now(s.db.Now())
	if st.board, err = s.jury.Board(ctx, q, id); err != nil {
		return st, err
	}
	if st.ranking, err = s.jury.Ranking(ctx, q, id); err != nil {
		return st, err
	}
	if st.minutes, err = s.jury.Minutes(ctx, q, id); err != nil {
		return st, err
	}
	if st.amended, err = s.jury.Amendments(ctx, q, id); err != nil {
		return st, err
	}
	if st.own, err = s.own(ctx, q, id); err != nil {
		return st, err
	}
	if st.head, err = s.jury.Head(ctx, q, id); err != nil {
		return st, err
	}
	if st.said, err = s.jury.Compared(ctx, q, id, st.board.Round.Number); err != nil {
		return st, err
	}
	err = s.jury.Export(ctx, q, id, func(round int, m jury.Mark) error {
		st.marks = append(st.marks, jury.RoundMark{Mark: m, Round: round})
		return nil
	})
	if err != nil {
		return st, err
	}
	return st, s.name(ctx, q, &st)
}

// own reads the rankings of the prizes that do not follow the common one.
func (s *Service) own(ctx context.Context, q sqldb.Querier, id edition.ID) (all []prizeRanking, err error) {
	panels, err := s.jury.Panels(ctx, q, id)
	if err != nil {
		return nil, err
	}
	for _, p := range panels {
		apart, err := s.jury.Apart(ctx, q, id, p.Prize.ID)
		if err != nil {
			return nil, err
		}
		if !apart {
			continue
		}
		r, err := s.jury.RankingFor(ctx, q, id, p.Prize.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, prizeRanking{p.Prize, r})
	}
	return all, nil
}

// name finds what ids are called; who entered a mark need be no juror.
func (s *Service) name(ctx context.Context, q sqldb.Querier, st *state) error {
	st.names = map[string]string{}
	for _, row := range st.board.Rows {
		st.names[string(row.Juror.Account.ID)] = row.Juror.Account.Name
	}
	for _, t := range st.board.Teams {
		st.names[t.ID] = t.Name
	}
	for n := 1; n <= st.board.Round.Number; n++ {
		criteria, err := s.jury.CriteriaOf(ctx, q, st.edition.ID, n)
		if err != nil {
			return err
		}
		for _, c := range criteria {
			st.names[c.ID] = c.Name
		}
	}
	var people []account.ID
	for _, m := range st.marks {
		people = append(people, m.Juror, m.EnteredBy)
	}
	for _, c := range st.said {
		people = append(people, c.Juror)
	}
	for _, who := range people {
		if _, known := st.names[string(who)]; known {
			continue
		}
		a, err := s.accounts.Get(ctx, q, who)
		if err != nil {
			return fmt.Errorf("finding who entered a mark: %w", err)
		}
		st.names[string(who)] = a.Name
	}
	return nil
}

func (st state) called(id string) string {
	if name, known := st.names[id]; known {
		return name
	}
	return id
}

// CSV writes every mark there is, corrections too.
func (s *Service) CSV(ctx context.Context, l i18n.Locale, id edition.ID, w io.Writer) error {
	st, err := s.frozen(ctx, id)
	if err != nil {
		return err
	}
	separator := ','
	if l.Lang == i18n.French {
		separator = ';'
	}
	out, err := sheet.NewWriter(w, separator)
	if err != nil {
		return err
	}
	if err := out.Write(l.T("record.col_round"), l.T("record.col_juror"), l.T("record.col_team"), l.T("record.col_criterion"), l.T("record.col_kind"),
		l.T("record.col_value"), l.T("record.col_given"), l.T("record.col_received"), l.T("record.col_by"), l.T("record.col_paper"), l.T("record.col_reason"),
		l.T("record.col_id"), l.T("record.col_juror_id"), l.T("record.col_team_id"), l.T("record.col_criterion_id")); err != nil {
		return err
	}
	const stamp = "2006-01-02 15:04:05" // a spreadsheet reads it as a date in any language
	for _, m := range st.marks {
		value := ""
		if m.Kind == jury.Scored {
			value = strconv.Itoa(m.Value)
		}
		err := out.Write(strconv.Itoa(m.Round), st.called(string(m.Juror)), st.called(m.Team), st.called(m.Criterion), l.T("record.kind."+string(m.Kind)),
			value, m.Given.In(l.Zone()).Format(stamp), m.Received.In(l.Zone()).Format(stamp), st.called(string(m.EnteredBy)), m.Paper, m.Reason,
			m.ID, string(m.Juror), m.Team, m.Criterion)
		if err != nil {
			return err
		}
	}
	return out.Flush()
}

func (s *Service) frozen(ctx context.Context, id edition.ID) (st state, err error) {
	err = s.db.Freeze(ctx, func(q sqldb.Querier) error {
		st, err = s.read(ctx, q, id)
		return err
	})
	return st, err
}

// Book writes the state as a workbook.
func (s *Service) Book(ctx context.Context, l i18n.Locale, id edition.ID, w io.Writer) error {
	st, err := s.frozen(ctx, id)
	if err != nil {
		return err
	}
	b := sheet.NewBook(w)
	for _, part := range []func(i18n.Locale, *sheet.Book) error{st.rankingSheet, st.progressSheet, st.markSheet, st.comparedSheet, st.jurorSheet, st.conflictSheet} {
		if err := part(l, b); err != nil {
			return err
		}
	}
	return b.Close()
}

func (st state) rankingSheet(l i18n.Locale, b *sheet.Book) error {
	if err := rankingPage(l, b, l.T("record.sheet_ranking"), st.ranking.Standings); err != nil {
		return err
	}
	for _, own := range st.own {
		if err := rankingPage(l, b, own.prize.Title, own.Standings); err != nil {
			return err
		}
	}
	return nil
}

func rankingPage(l i18n.Locale, b *sheet.Book, name string, standings []jury.Standing) error {
	if err := b.Sheet(name, l.T("record.col_rank"), l.T("record.col_team"), l.T("record.col_project"), l.T("record.col_score"),
		l.T("record.col_raw"), l.T("record.col_from"), l.T("record.col_to"), l.T("record.col_best"), l.T("record.col_tier"), l.T("record.col_sheets")); err != nil {
		return err
	}
	for _, p := range standings {
		if err := b.Row(p.Rank, p.Team.Name, p.Team.Title, p.Score, p.Raw, p.RankLo, p.RankHi, sheet.Percent(p.PBest), p.Tier, p.Visits); err != nil {
			return err
		}
	}
	return nil
}

// progressSheet is the board: a line a juror, a column a team.
func (st state) progressSheet(l i18n.Locale, b *sheet.Book) error {
	columns := []string{l.T("record.col_juror"), l.T("record.col_done"), l.T("record.col_expected")}
	for _, t := range st.board.Teams {
		columns = append(columns, t.Name)
	}
	if err := b.Sheet(l.T("record.sheet_progress"), columns...); err != nil {
		return err
	}
	for _, r := range st.board.Rows {
		row := []any{r.Juror.Account.Name, r.Done, r.Expected}
		for _, c := range r.Cells {
			row = append(row, l.T("jury.cell."+string(c.State)))
		}
		if err := b.Row(row...); err != nil {
			return err
		}
	}
	return nil
}

func (st state) markSheet(l i18n.Locale, b *sheet.Book) error {
	if err := b.Sheet(l.T("record.sheet_marks"), l.T("record.col_round"), l.T("record.col_juror"), l.T("record.col_team"), l.T("record.col_criterion"),
		l.T("record.col_kind"), l.T("record.col_value"), l.T("record.col_given"), l.T("record.col_received"), l.T("record.col_by"), l.T("record.col_paper"), l.T("record.col_reason")); err != nil {
		return err
	}
	for _, m := range st.marks {
		value := any(m.Value)
		if m.Kind != jury.Scored {
			value = ""
		}
		if err := b.Row(m.Round, st.called(string(m.Juror)), st.called(m.Team), st.called(m.Criterion), l.T("record.kind."+string(m.Kind)), value,
			m.Given.In(l.Zone()), m.Received.In(l.Zone()), st.called(string(m.EnteredBy)), m.Paper, m.Reason); err != nil {
			return err
		}
	}
	return nil
}

// comparedSheet is every answer to "who is better?", in a round that asked.
func (st state) comparedSheet(l i18n.Locale, b *sheet.Book) error {
	if len(st.said) == 0 && !st.board.Round.Compares() {
		return nil
	}
	if err := b.Sheet(l.T("record.sheet_compared"), l.T("record.col_round"), l.T("record.col_juror"), l.T("record.col_better"), l.T("record.col_worse"),
		l.T("record.col_taken"), l.T("record.col_given"), l.T("record.col_received")); err != nil {
		return err
	}
	for _, c := range st.said {
		taken := ""
		if c.Taken {
			taken = l.T("record.taken")
		}
		if err := b.Row(c.Round, st.called(string(c.Juror)), st.called(c.Better), st.called(c.Worse), taken,
			time.UnixMicro(c.Given).In(l.Zone()), time.UnixMicro(c.Received).In(l.Zone())); err != nil {
			return err
		}
	}
	return nil
}

func (st state) jurorSheet(l i18n.Locale, b *sheet.Book) error {
	if err := b.Sheet(l.T("record.sheet_jurors"), l.T("record.col_juror"), l.T("record.col_presence"), l.T("record.col_reason"), l.T("record.col_sheets"),
		l.T("record.col_severity"), l.T("record.col_without")); err != nil {
		return err
	}
	views := map[account.ID]jury.JurorView{}
	for _, j := range st.ranking.Jurors {
		views[j.Juror.Account.ID] = j
	}
	for _, j := range st.minutes.Jurors {
		row := []any{j.Account.Name, l.T("jury.presence." + string(j.Presence)), j.Reason}
		if v, heard := views[j.Account.ID]; heard && v.Visits > 0 {
			row = append(row, v.Visits, v.Severity, st.called(v.Without))
		}
		if err := b.Row(row...); err != nil {
			return err
		}
	}
	return nil
}

func (st state) conflictSheet(l i18n.Locale, b *sheet.Book) error {
	if err := b.Sheet(l.T("record.sheet_conflicts"), l.T("record.col_juror"), l.T("record.col_team"), l.T("record.col_source"), l.T("record.col_reason"),
		l.T("record.col_lifted"), l.T("record.col_lifted_why")); err != nil {
		return err
	}
	for _, c := range st.minutes.Conflicts {
		if err := b.Row(st.called(string(c.Juror)), st.called(c.Team), l.T("jury.source."+string(c.Source)), c.Reason, c.Lifted.In(l.Zone()), c.LiftedWhy); err != nil {
			return err
		}
	}
	return nil
}
