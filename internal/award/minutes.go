package award

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
)

// Minutes are what was decided, by whom and why.
type Minutes struct {
	Edition      edition.Edition
	Deliberation Deliberation
	Jury         []Attendance
	// Recused says which juror stepped back from which teams.
	Recused map[account.ID][]string
	Basis   Basis
	// Amended are the changes of the rules after the first mark.
	Amended []Amended
	Prizes  []Prize
	Votes   []Vote
	Passes  []Pass
	// Names are those of the teams in the rankings, and their projects.
	Names   map[string]Standing
	Addenda []Addendum
	// Signatures are all that were given, the oldest first; Holds says which still bind.
	Signatures []Signature
	Scans      []Scan
	// Recomputed says that the rankings were computed anew from the raw marks, Differs
	// that they then are not the ones decided upon.
	Recomputed, Differs bool
}

// basis computes the rankings from the marks.
func (s *Service) basis(ctx context.Context, q sqldb.Querier, e edition.ID) (Basis, error) {
	ranking, err := s.with.Scoring.Ranking(ctx, q, e)
	if err != nil {
		return Basis{}, fmt.Errorf("reading the ranking: %w", err)
	}
	b := Basis{Ranking: ranking}
	prizes, err := listPrizes(ctx, q, e)
	if err != nil {
		return b, err
	}
	for _, p := range prizes {
		if !p.Live() {
			continue
		}
		own, has, err := s.with.Scoring.Own(ctx, q, e, p.ID)
		if err != nil {
			return b, fmt.Errorf("reading the ranking for %s: %w", p.Title, err)
		}
		if has && b.Own == nil {
			b.Own = map[PrizeID]Ranking{}
		}
		if has {
			b.Own[p.ID] = own
		}
	}
	return b, nil
}

// Minutes returns the minutes as they stand: the jury's and the organisers' to read.
func (s *Service) Minutes(ctx context.Context, actor account.Actor, id edition.ID) (Minutes, error) {
	if err := s.editions.Require(ctx, s.db, actor, id, edition.Juror); err != nil {
		return Minutes{}, err
	}
	return s.minutes(ctx, s.db, id)
}

// minutes are the minutes with the rankings computed anew, to be read.
func (s *Service) minutes(ctx context.Context, q sqldb.Querier, id edition.ID) (Minutes, error) {
	m, err := s.written(ctx, q, id)
	if err != nil || m.Deliberation.State == Waiting || m.Deliberation.State == Open {
		return m, err
	}
	now, err := s.basis(ctx, q, id)
	m.Recomputed, m.Differs = err == nil, Differs(now, m.Basis)
	return m, err
}

// written are the minutes as they stand, which is what is signed: once the jury has
// decided, nothing in them is computed.
func (s *Service) written(ctx context.Context, q sqldb.Querier, id edition.ID) (m Minutes, err error) {
	if m.Edition, err = s.editions.Get(ctx, q, id); err != nil {
		return m, err
	}
	if m.Deliberation, err = getDeliberation(ctx, q, id); err != nil {
		return m, err
	}
	if m.Jury, m.Recused, err = s.voices(ctx, q, id); err != nil {
		return m, err
	}
	if m.Prizes, err = listPrizes(ctx, q, id); err != nil {
		return m, err
	}
	if m.Addenda, err = listAddenda(ctx, q, id); err != nil {
		return m, fmt.Errorf("reading the addenda: %w", err)
	}
	if m.Votes, err = s.Votes(ctx, q, id); err != nil {
		return m, err
	}
	if m.Signatures, err = listSignatures(ctx, q, id); err != nil {
		return m, fmt.Errorf("reading the signatures: %w", err)
	}
	if m.Scans, err = listScans(ctx, q, id); err != nil {
		return m, fmt.Errorf("reading the scans: %w", err)
	}
	if m.Passes, err = listPasses(ctx, q, id); err != nil {
		return m, err
	}
	if m.Amended, err = s.with.Scoring.Amended(ctx, q, id); err != nil {
		return m, fmt.Errorf("reading the changes of the rules: %w", err)
	}
	if m.Deliberation.State == Waiting {
		return m, nil
	}
	m.Basis = m.Deliberation.Basis
	if m.Deliberation.State == Open {
		if m.Basis, err = s.basis(ctx, q, id); err != nil {
			return m, err
		}
	}
	m.Names = m.Basis.names()
	return m, nil
}

// opening says when and where, and how binding the sheet is.
func (m Minutes) opening(l i18n.Locale) []string {
	d := m.Deliberation
	lines := []string{l.T("award.opened_at", "at", Moment(l, d.Opened), "place", m.Edition.Place)}
	if d.State != Closed {
		return append(lines, l.T("award.provisional"))
	}
	return append(lines, l.T("award.closed_at", "at", Moment(l, d.Closed)))
}

// presence lists the jury, who stepped back and why, and the guests.
func (m Minutes) presence(l i18n.Locale) []string {
	var lines []string
	for _, a := range m.Jury {
		line := a.Name + " · " + l.T("award.presence."+string(a.Presence))
		if a.Note != "" {
			line += " · " + a.Note
		}
		if teams := m.Recused[a.Account]; len(teams) > 0 {
			names := make([]string, len(teams))
			for i, t := range teams {
				names[i] = m.Names[t].Name
				if names[i] == "" {
					names[i] = t
				}
			}
			line += " · " + l.T("award.recused_for", "teams", l.List(names))
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
func placeLine(l i18n.Locale, p Standing) string {
	possible := l.T("award.rank_between", "low", p.Low, "high", p.High)
	if p.Low == p.High {
		possible = l.T("award.rank_surely", "n", p.Low)
	}
	line := l.T("award.place", "rank", p.Rank, "team", p.Name, "project", p.Title, "score", l.Decimal(p.Score, 2), "raw", l.Decimal(p.Raw, 2),
		"possible", possible, "best", l.Chance(p.PBest))
	if p.Tie != "" {
		line += " " + l.T("award.tie."+string(p.Tie))
	}
	return line
}

// prizeLine says who gets a prize and its amount in figures and in words. What becomes of
// it afterwards is no matter of the minutes, unless it fell away.
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
	if !p.Live() {
		parts = append(parts, stateLine(l, p))
	}
	return strings.Join(parts, " · ")
}

// based says the ranking in words, then place by place, and what it was computed from.
func (r Ranking) based(l i18n.Locale) []string {
	lines := append(r.verdict(l), r.besides(l, false)...)
	for _, p := range r.Standings {
		lines = append(lines, placeLine(l, p))
	}
	return append(lines, r.origin(l)...)
}

// origin is what the ranking was computed from.
func (r Ranking) origin(l i18n.Locale) []string {
	var lines []string
	if len(r.Criteria) > 0 {
		var names []string
		for _, c := range r.Criteria {
			names = append(names, l.T("award.criterion", "name", c.Name, "weight", c.Weight))
		}
		lines = append(lines, l.T("award.criteria", "list", strings.Join(names, ", ")))
	}
	if r.Fingerprint != "" {
		lines = append(lines, l.T("award.fingerprint", "n", r.Sheets, "of", r.Expected, "print", r.Fingerprint))
	}
	return lines
}

// amended says what was changed of the rules after the first mark, and why.
func (m Minutes) amended(l i18n.Locale) []string {
	var lines []string
	for _, a := range m.Amended {
		what, before, after := a.Say(l)
		lines = append(lines, l.T("award.amended_line", "at", Moment(l, a.At), "what", what, "reason", a.Reason)+"\n"+
			l.T("award.amended_before", "rule", strings.Join(before, " · "))+"\n"+l.T("award.amended_after", "rule", strings.Join(after, " · ")))
	}
	return lines
}

// votes say what was asked, how, and what came out.
func (m Minutes) votes(l i18n.Locale) []string {
	var lines []string
	for _, v := range m.Votes {
		if v.Running() {
			continue
		}
		var counts []string
		for _, o := range append(v.Options[1:len(v.Options):len(v.Options)], v.Options[0]) {
			counts = append(counts, l.T("award.count", "answer", o.answer(l), "n", o.Tally))
		}
		line := l.T("award.vote_line", "n", v.Number, "how", l.T("award.secret."+yesNo(v.Secret)), "question", v.Question,
			"voted", len(v.Voters), "of", v.Entitled, "counts", strings.Join(counts, ", "), "result", v.result(l))
		if !v.Secret {
			line += " " + hands(l, v)
		}
		lines = append(lines, line)
	}
	return lines
}

// stateLine is what became of a prize, and why.
func stateLine(l i18n.Locale, p Prize) string {
	line := l.T("award.state." + string(p.State))
	if n := len(p.Steps); n > 1 && p.Steps[n-1].Reason != "" {
		line += " (" + p.Steps[n-1].Reason + ")"
	}
	return line
}

// Moment is a day with its year and the hour: minutes are read years later.
func Moment(l i18n.Locale, t time.Time) string { return l.Date(t) + ", " + l.Clock(t) }
