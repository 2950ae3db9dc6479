package jury

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
)

// sameScore is closer than any two different sets of marks come, and wider than what
// rounding does.
const sameScore = 1e-6

// settle applies the ladder to every run of teams that are exactly tied.
func (b Board) settle(all []Standing, decisions []Decision) {
	c := climb{Board: b, decisions: decisions, means: map[string]map[string]float64{}}
	for from := 0; from < len(all); {
		to := from + 1
		for to < len(all) && tied(all[from], all[to]) {
			to++
		}
		if to-from > 1 {
			c.place(all[from:to], from+1)
		}
		from = to
	}
}

func tied(a, b Standing) bool {
	return a.Visits > 0 && b.Visits > 0 && math.Abs(a.Score-b.Score) < sameScore && math.Abs(a.Raw-b.Raw) < sameScore
}

// climb is the ladder at work on a board. What a step compares is read off the sheets once
// for all teams, and only where ties come to that step: hundreds of teams may be tied.
type climb struct {
	Board
	decisions []Decision
	means     map[string]map[string]float64 // by criterion and team
	firsts    map[string]int                // by team; nil until asked for
}

// place orders tied teams by the ladder and says which step separated each from the one
// above it, or the first from the second.
func (b *climb) place(group []Standing, rank int) {
	step := func(x, y Standing) (int, Tie) { return b.separate(x.Team.ID, y.Team.ID) }
	slices.SortStableFunc(group, func(x, y Standing) int {
		c, _ := step(x, y)
		return cmp.Or(c, strings.Compare(x.Team.ID, y.Team.ID))
	})
	for i := range group {
		group[i].Rank = rank + i
		if i == 0 {
			_, group[i].Tie = step(group[0], group[1])
			continue
		}
		if _, group[i].Tie = step(group[i-1], group[i]); group[i].Tie == TieOpen || group[i].Tie == TieShared {
			group[i].Rank = group[i-1].Rank
		}
	}
}

// separate says which of two tied teams goes first, by the first step of the ladder that
// tells them apart: less than 0 for x.
func (b *climb) separate(x, y string) (int, Tie) {
	for _, step := range b.Round.Ladder {
		switch step.Kind {
		case ByHeaviest, ByOne:
			criterion := b.heaviest()
			if step.Kind == ByOne {
				criterion = b.named(step.Name)
			}
			means := b.meansOn(criterion)
			if d := means[y] - means[x]; math.Abs(d) > sameScore {
				return sign(d), TieCriterion
			}
		case ByFirstPlaces:
			firsts := b.firstPlaces()
			if d := firsts[y] - firsts[x]; d != 0 {
				return d, TieFirstPlaces
			}
		case ByDecider:
			if d := decided(b.decisions, x) - decided(b.decisions, y); d != 0 {
				return d, TieDecision
			}
		case Shared:
			return 0, TieShared
		}
	}
	return 0, TieOpen
}

// named is the id of the criterion of that name, "" where there is none any more.
func (b Board) named(name string) string {
	if i := slices.IndexFunc(b.Criteria, func(c Criterion) bool { return c.Name == name }); i >= 0 {
		return b.Criteria[i].ID
	}
	return ""
}

func sign(d float64) int {
	if d > 0 {
		return 1
	}
	return -1
}

// heaviest is the criterion with the most weight, the first of several.
func (b Board) heaviest() string {
	var best Criterion
	for _, c := range b.Criteria {
		if c.Prize == "" && c.Weight > best.Weight {
			best = c
		}
	}
	return best.ID
}

// counting calls f with each team whose sheet of the juror counts.
func (b Board) counting(juror Juror, f func(team string, s Sheet)) {
	if juror.Presence == Excluded {
		return
	}
	who := juror.Account.ID
	for _, t := range b.Teams {
		if _, recused := b.conflict(who, t.ID); recused {
			continue
		}
		if sheet := b.sheets[sheetKey{who, t.ID}]; len(sheet) > 0 {
			f(t.ID, sheet)
		}
	}
}

// meansOn are the teams' means on a criterion; a team without a mark on it has none.
func (b *climb) meansOn(criterion string) map[string]float64 {
	if known, is := b.means[criterion]; is {
		return known
	}
	sum, n := map[string]int{}, map[string]int{}
	for _, row := range b.Rows {
		b.counting(row.Juror, func(team string, s Sheet) {
			if m, there := s[criterion]; there && m.Kind == Scored {
				sum[team], n[team] = sum[team]+m.Value, n[team]+1
			}
		})
	}
	means := map[string]float64{}
	for team := range n {
		means[team] = float64(sum[team]) / float64(n[team])
	}
	b.means[criterion] = means
	return means
}

// firstPlaces are how many jurors gave no other team a higher total.
func (b *climb) firstPlaces() map[string]int {
	if b.firsts != nil {
		return b.firsts
	}
	b.firsts = map[string]int{}
	for _, row := range b.Rows {
		totals, best := map[string]float64{}, math.Inf(-1)
		b.counting(row.Juror, func(team string, s Sheet) {
			if total, scored := s.Total(b.Criteria); scored {
				totals[team], best = total, max(best, total)
			}
		})
		for team, total := range totals {
			if best <= total+sameScore {
				b.firsts[team]++
			}
		}
	}
	return b.firsts
}

// decided is a team's place among the decisions, after all of them where there is none.
func decided(decisions []Decision, team string) int {
	if i := slices.IndexFunc(decisions, func(d Decision) bool { return d.Team == team }); i >= 0 {
		return i
	}
	return len(decisions)
}

// Decide records who decided that a team whose tie is open goes first, and why.
func (s *Service) Decide(ctx context.Context, actor account.Actor, id edition.ID, team, decider, reason string) error {
	var wrong errs.Fields
	if decider = strings.TrimSpace(decider); decider == "" {
		wrong.Add("decider", "error.required")
	}
	if reason = strings.TrimSpace(reason); reason == "" {
		wrong.Add("reason", "error.required")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		r, err := s.Ranking(ctx, tx, id)
		if err != nil {
			return err
		}
		if r.Round.Open() {
			return ErrOpen
		}
		if named := r.Round.Ladder.Decider(); named != "" && names.Fold(named) != names.Fold(decider) {
			return errs.Fields{{Name: "decider", Key: "jury.ladder.not_decider", Args: []any{"name", named}}}
		}
		if !slices.ContainsFunc(r.Standings, func(st Standing) bool { return st.Team.ID == team && st.Tie == TieOpen }) {
			return errs.New(errs.Conflict, "jury.no_tie")
		}
		d := Decision{Team: team, Decider: decider, Reason: reason, By: actor.ID, Made: now}
		if err := insertDecision(ctx, tx, id, r.Round.Number, s.ids.ID(), d); err != nil {
			return fmt.Errorf("keeping the decision: %w", err)
		}
		if err := s.note(ctx, tx, actor, id, now, "jury.decided", "team:"+team, "", decider+": "+reason); err != nil {
			return err
		}
		body := TracedDecision{Round: r.Round.Number, Team: team, Decider: decider, Why: reason, By: actor.ID}
		if err := s.concealed(ctx, tx, id, "team:"+team, &body.Decider, &body.Why); err != nil {
			return err
		}
		if err := s.trace(ctx, tx, id, TraceDecision, "team:"+team, body); err != nil {
			return err
		}
		return s.traceRanking(ctx, tx, id)
	})
}
