package jury

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// SetCriteria sets the rubric, in order. From the first mark on it is refused, and the
// attempt is written in the trail: what may then still change, and how, is AmendCriteria's.
func (s *Service) SetCriteria(ctx context.Context, actor account.Actor, id edition.ID, all []Criterion) error {
	return s.AmendCriteria(ctx, actor, id, all, "")
}

// AmendCriteria is SetCriteria after the first mark, for a reason that everybody can read:
// words, weights and order. A criterion that comes or goes, or another scale, would leave
// the marks without a meaning; that takes a new round.
func (s *Service) AmendCriteria(ctx context.Context, actor account.Actor, id edition.ID, all []Criterion, reason string) error {
	all = slices.Clone(all)
	for i := range all {
		all[i] = all[i].tidy()
	}
	if err := checkCriteria(all); err != nil {
		return err
	}
	return s.rule(ctx, actor, id, rule{what: "criteria", reason: reason, wanted: describe(all)}, func(tx *sqldb.Tx, r Round, frozen bool) (Change, error) {
		before, err := listCriteria(ctx, tx, id, r.Number)
		if err != nil {
			return Change{}, err
		}
		said := Change{Before: describe(before), After: describe(all)}
		if frozen {
			if said.Before, said.After = differences(before, all); said.Before == said.After {
				return said, nil
			}
			err = s.amendCriteria(ctx, tx, id, r.Number, before, all)
		} else {
			err = s.replaceCriteria(ctx, tx, id, r.Number, all)
		}
		if err != nil {
			return said, fmt.Errorf("setting the criteria: %w", err)
		}
		return said, s.traceRubric(ctx, tx, id, r.Number)
	})
}

// amendCriteria changes words, weights and order, and nothing that marks hang on.
func (s *Service) amendCriteria(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, before, all []Criterion) error {
	if len(before) != len(all) {
		return errs.New(errs.Conflict, "jury.needs_new_round")
	}
	for i, c := range all {
		k := slices.IndexFunc(before, func(o Criterion) bool { return o.ID == c.ID })
		if k < 0 || before[k].Min != c.Min || before[k].Max != c.Max || before[k].Prize != c.Prize {
			return errs.New(errs.Conflict, "jury.needs_new_round")
		}
		if err := updateCriterion(ctx, tx, id, round, i, c); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) replaceCriteria(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, all []Criterion) error {
	if err := deleteCriteria(ctx, tx, id, round); err != nil {
		return err
	}
	for i, c := range all {
		c.ID = s.ids.ID()
		if err := insertCriterion(ctx, tx, id, round, i, c); err != nil {
			return err
		}
	}
	return nil
}

// SetLadder writes by which steps a tie ends; from the first mark on for a reason that
// everybody can read.
func (s *Service) SetLadder(ctx context.Context, actor account.Actor, id edition.ID, ladder Ladder, reason string) error {
	ladder = slices.Clone(ladder)
	for i := range ladder {
		ladder[i].Name = strings.TrimSpace(ladder[i].Name)
	}
	return s.rule(ctx, actor, id, rule{what: "ladder", reason: reason, wanted: ladder.String()}, func(tx *sqldb.Tx, r Round, _ bool) (Change, error) {
		criteria, err := listCriteria(ctx, tx, id, r.Number)
		if err != nil {
			return Change{}, err
		}
		if err := ladder.check(criteria); err != nil {
			return Change{}, err
		}
		said := Change{Before: r.Ladder.String(), After: ladder.String()}
		if r.Ladder = ladder; said.Before == said.After {
			return said, nil
		}
		if err := updateLadder(ctx, tx, id, r.Number, ladder); err != nil {
			return said, fmt.Errorf("writing the ladder of ties: %w", err)
		}
		return said, s.traceRound(ctx, tx, id, r)
	})
}

// Change is what a rule said before and after.
type Change struct{ Before, After string }

// rule is what somebody wants to change of the rules, for a reason once they are frozen.
type rule struct{ what, reason, wanted string }

// rule changes the rules of the present round. From the first mark on it takes a reason,
// and stays visible: to the jurors, who read it before they go on, to the public, and in
// the minutes. Without one it is refused, and the attempt is kept. Once the jury has
// seen the ranking nothing changes any more.
func (s *Service) rule(ctx context.Context, actor account.Actor, id edition.ID, want rule, do func(tx *sqldb.Tx, r Round, frozen bool) (Change, error)) error {
	want.reason = strings.TrimSpace(want.reason)
	refused := false
	err := s.change(ctx, actor, id, edition.Organiser, func(tx *sqldb.Tx, now time.Time) error {
		r, err := s.ensureRound(ctx, tx, id, now)
		if err != nil {
			return err
		}
		frozen, err := s.Frozen(ctx, tx, id)
		if err != nil {
			return err
		}
		switch {
		case frozen && !r.Deliberation.IsZero():
			return errs.New(errs.Conflict, "jury.already_deliberating")
		case frozen && want.reason == "": // the refusal is kept, so it is no error inside
			refused = true
			return s.note(ctx, tx, actor, id, now, "jury."+want.what+"_refused", "edition:"+string(id), "", want.wanted)
		}
		said, err := do(tx, r, frozen)
		if err != nil || said.Before == said.After {
			return err
		}
		if !frozen {
			return s.note(ctx, tx, actor, id, now, "jury."+want.what, "edition:"+string(id), said.Before, said.After)
		}
		a := Amendment{ID: s.ids.ID(), Round: r.Number, What: want.what, Reason: want.reason, Change: said, By: actor.ID, Made: now}
		if err := insertAmendment(ctx, tx, id, a); err != nil {
			return fmt.Errorf("keeping an amendment: %w", err)
		}
		if err := s.note(ctx, tx, actor, id, now, "jury."+want.what, "edition:"+string(id), said.Before, said.After+" ("+want.reason+")"); err != nil {
			return err
		}
		return s.trace(ctx, tx, id, TraceAmended, "edition:"+string(id), a.Traced())
	})
	if err == nil && refused {
		err = errs.Fields{{Name: "reason", Key: "jury.amend_needs_reason"}}
	}
	return err
}

// Amendment is a change of the rules after the first mark.
type Amendment struct {
	ID     string
	Round  int
	What   string // criteria, setup, ladder or panel
	Reason string
	Change
	By   account.ID
	Made time.Time
}

// Amendments are the changes of the rules after the first mark, oldest first.
func (s *Service) Amendments(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Amendment, error) {
	return listAmendments(ctx, q, id)
}

// Rules are how the jury judges, as everybody may read it.
type Rules struct {
	Round      Round
	Criteria   []Criterion
	Frozen     bool
	Rounds     []Round
	Amendments []Amendment
	Panels     []Panel
	Challenges []ChallengeRef
}

// Rules reads how the jury judges. It is public: it names no juror and no mark.
func (s *Service) Rules(ctx context.Context, q sqldb.Querier, id edition.ID) (r Rules, err error) {
	if r.Round, err = s.Round(ctx, q, id); err != nil {
		return r, err
	}
	if r.Criteria, err = listCriteria(ctx, q, id, r.Round.Number); err != nil {
		return r, err
	}
	if r.Frozen, err = s.Frozen(ctx, q, id); err != nil {
		return r, err
	}
	if r.Panels, err = s.Panels(ctx, q, id); err != nil {
		return r, err
	}
	if r.Challenges, err = s.Challenges(ctx, q, id); err != nil {
		return r, err
	}
	if r.Rounds, err = listRounds(ctx, q, id); err != nil {
		return r, err
	}
	r.Amendments, err = listAmendments(ctx, q, id)
	return r, err
}

// Unread says whether the juror has not read the rules as they stand: never, or not since
// they changed.
func (s *Service) Unread(ctx context.Context, q sqldb.Querier, id edition.ID, j Juror) (bool, error) {
	if j.Briefed.IsZero() {
		return true, nil
	}
	all, err := s.Amendments(ctx, q, id)
	return len(all) > 0 && all[len(all)-1].Made.After(j.Briefed), err
}
