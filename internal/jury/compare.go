package jury

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// ErrNotCompared refuses a comparison in a round that is judged by marks alone.
var ErrNotCompared = errs.New(errs.Conflict, "jury.not_compared")

// Comparison is a juror's word that one team is better than another, or that they take
// such a word back. Comparisons are never altered: of those about two teams the newest by
// the time it was given counts.
type Comparison struct {
	ID       string
	Juror    account.ID
	Better   string
	Worse    string
	Taken    bool // taken back
	Given    time.Time
	Received time.Time
}

// pairOf names two teams whichever is better.
func (c Comparison) pairOf() [2]string {
	return [2]string{min(c.Better, c.Worse), max(c.Better, c.Worse)}
}

// standing keeps of one juror's comparisons those that count, in the order in which they
// were given.
func standing(all []Comparison) []Comparison {
	newest := map[[2]string]Comparison{}
	for _, c := range all {
		if old, there := newest[c.pairOf()]; !there || cmp.Or(c.Given.Compare(old.Given), cmp.Compare(c.ID, old.ID)) > 0 {
			newest[c.pairOf()] = c
		}
	}
	var kept []Comparison
	for _, c := range newest {
		if !c.Taken {
			kept = append(kept, c)
		}
	}
	slices.SortFunc(kept, func(a, b Comparison) int { return cmp.Or(a.Given.Compare(b.Given), cmp.Compare(a.ID, b.ID)) })
	return kept
}

// Preference is how a juror orders the teams that they have seen.
type Preference struct {
	Teams  []TeamRef // best first
	Said   []Comparison
	totals map[string]float64
}

// preference begins with the juror's own totals, in pitch order where they are equal, and
// then follows their words, the oldest first: each moves its better team to just before
// the worse one, so that the newest always holds.
func preference(seen []TeamRef, totals map[string]float64, said []Comparison) Preference {
	p := Preference{Teams: slices.Clone(seen), Said: said, totals: totals}
	slices.SortStableFunc(p.Teams, func(a, b TeamRef) int { return cmp.Compare(totals[b.ID], totals[a.ID]) })
	for _, c := range said {
		better, worse := p.Place(c.Better), p.Place(c.Worse)
		if better < 0 || worse < 0 || better < worse {
			continue
		}
		team := p.Teams[better]
		p.Teams = slices.Insert(slices.Delete(p.Teams, better, better+1), worse, team)
	}
	return p
}

// Place is where the team stands, from 0 on, or -1.
func (p Preference) Place(team string) int {
	return slices.IndexFunc(p.Teams, func(t TeamRef) bool { return t.ID == team })
}

// Pair is a question to a juror: which of the two is better?
type Pair struct{ A, B TeamRef }

// Pairs are the questions that teach most, at most n: neighbours in the juror's own order
// of whom they have not said which is better; where their marks tie or nearly do, and the
// nearer to the top the sooner. They come from the juror's own words alone: a question
// must not tell what the others think.
func (p Preference) Pairs(n int) []Pair {
	type open struct {
		Pair
		gap   float64
		place int
	}
	said := map[[2]string]bool{}
	for _, c := range p.Said {
		said[c.pairOf()] = true
	}
	var all []open
	for i := 1; i < len(p.Teams); i++ {
		a, b := p.Teams[i-1], p.Teams[i]
		if !said[Comparison{Better: a.ID, Worse: b.ID}.pairOf()] {
			all = append(all, open{Pair{a, b}, math.Abs(p.totals[a.ID] - p.totals[b.ID]), i})
		}
	}
	slices.SortStableFunc(all, func(a, b open) int { return cmp.Or(cmp.Compare(a.gap, b.gap), cmp.Compare(a.place, b.place)) })
	var pairs []Pair
	for _, o := range all[:min(n, len(all))] {
		pairs = append(pairs, o.Pair)
	}
	return pairs
}

// Compare takes in a juror's word on two teams, once, with the time at which it was given.
func (s *Service) Compare(ctx context.Context, actor account.Actor, id edition.ID, better, worse string, a once.Action) error {
	return s.compare(ctx, actor, id, Comparison{Better: better, Worse: worse}, a)
}

// TakeBack withdraws a juror's word on two teams.
func (s *Service) TakeBack(ctx context.Context, actor account.Actor, id edition.ID, better, worse string, a once.Action) error {
	return s.compare(ctx, actor, id, Comparison{Better: better, Worse: worse, Taken: true}, a)
}

func (s *Service) compare(ctx context.Context, actor account.Actor, id edition.ID, c Comparison, a once.Action) error {
	if c.Better == c.Worse || c.Better == "" || c.Worse == "" {
		return errs.New(errs.Invalid, "jury.same_team")
	}
	return s.change(ctx, actor, id, edition.Juror, func(tx *sqldb.Tx, now time.Time) error {
		first, err := once.First(ctx, tx, a)
		if err != nil || !first {
			return err
		}
		c.Given = a.Moment(now)
		round, _, err := s.scoring(ctx, tx, id, c.Given)
		if err != nil {
			return err
		}
		if !round.Compares() {
			return ErrNotCompared
		}
		for _, team := range []string{c.Better, c.Worse} {
			if err := s.mayJudge(ctx, tx, id, actor.ID, team); err != nil {
				return err
			}
		}
		c.ID, c.Juror, c.Received = s.ids.ID(), actor.ID, now
		if err := insertComparison(ctx, tx, id, round.Number, c); err != nil {
			return fmt.Errorf("keeping a comparison: %w", err)
		}
		about := "juror:" + string(actor.ID)
		if err := s.note(ctx, tx, actor, id, c.Given, "jury.compared", about, "", c.said()); err != nil {
			return err
		}
		if err := s.trace(ctx, tx, id, TraceCompared, about, c.Traced(round.Number)); err != nil {
			return err
		}
		return still(ctx, tx, id, round)
	})
}

// said is the comparison in the words of the trail.
func (c Comparison) said() string {
	if c.Taken {
		return "taken back: " + c.Better + " > " + c.Worse
	}
	return c.Better + " > " + c.Worse
}

// Preference is the juror's own order of the teams that they have seen.
func (s *Service) Preference(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID) (Preference, error) {
	mine, err := s.Mine(ctx, q, actor, id)
	if err != nil {
		return Preference{}, err
	}
	all, err := comparisonsOf(ctx, q, id, mine.Round.Number, actor.ID)
	if err != nil {
		return Preference{}, fmt.Errorf("reading a juror's comparisons: %w", err)
	}
	said, totals := standing(all), map[string]float64{}
	var seen []TeamRef
	for i, t := range mine.Teams {
		c := mine.Cells[i]
		if c.State == CellRecused {
			continue
		}
		named := slices.ContainsFunc(said, func(o Comparison) bool { return o.Better == t.ID || o.Worse == t.ID })
		if c.Given > 0 || named || !mine.Round.Scores() {
			seen = append(seen, t)
			totals[t.ID], _ = mine.sheets[t.ID].Total(mine.Criteria)
		}
	}
	return preference(seen, totals, said), nil
}

const comparisonColumns = `id, juror_id, better_id, worse_id, kind = 'withdrawn', given_at, received_at`

func comparisonFields(c *Comparison) []any {
	return []any{&c.ID, &c.Juror, &c.Better, &c.Worse, &c.Taken, sqldb.Moment{Time: &c.Given}, sqldb.Moment{Time: &c.Received}}
}

func comparisonsOf(ctx context.Context, q sqldb.Querier, id edition.ID, round int, juror account.ID) ([]Comparison, error) {
	return sqldb.All(ctx, q, comparisonFields, `SELECT `+comparisonColumns+` FROM jury_comparisons
		WHERE edition_id = $1 AND round = $2 AND juror_id = $3 ORDER BY given_at, id`, id, round, juror)
}

func listComparisons(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]Comparison, error) {
	return sqldb.All(ctx, q, comparisonFields, `SELECT `+comparisonColumns+` FROM jury_comparisons
		WHERE edition_id = $1 AND round = $2 ORDER BY juror_id, given_at, id`, id, round)
}

func insertComparison(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, c Comparison) error {
	kind := "better"
	if c.Taken {
		kind = "withdrawn"
	}
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_comparisons (id, edition_id, round, juror_id, better_id, worse_id, kind, given_at, received_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c.ID, id, round, c.Juror, c.Better, c.Worse, kind, sqldb.Micros(c.Given), sqldb.Micros(c.Received))
	return err
}
