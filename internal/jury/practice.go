package jury

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb"
)

// Practices are the made-up projects on which jurors rehearse; their words are
// jury.practice.<name>.
func Practices() []string { return []string{"broom", "kettle"} }

// Practised is a mark of the rehearsal. It never becomes a Mark: what a juror does here
// says nothing of any team, and what it shows of their severity is not used.
type Practised struct {
	ID        string
	Juror     account.ID
	Project   string
	Criterion string
	Value     string // a number, or NotObserved
	Given     time.Time
	Received  time.Time
}

// Practice takes in a juror's marks for a made-up project, as Score does for a team: the
// same action counts once, and the newest by its own time counts.
func (s *Service) Practice(ctx context.Context, actor account.Actor, id edition.ID, project string, in Answers, a once.Action) error {
	if !slices.Contains(Practices(), project) {
		return sqldb.ErrNotFound
	}
	return s.change(ctx, actor, id, edition.Juror, func(tx *sqldb.Tx, now time.Time) error {
		first, err := once.First(ctx, tx, a)
		if err != nil || !first {
			return err
		}
		if _, err := s.juror(ctx, tx, id, actor.ID); err != nil {
			return err
		}
		criteria, err := s.PracticeCriteria(ctx, tx, id)
		if err != nil {
			return err
		}
		if len(criteria) == 0 {
			return errs.New(errs.Conflict, "jury.no_criteria")
		}
		if err := checkAnswers(criteria, in); err != nil {
			return err
		}
		for _, c := range criteria {
			answer, said := in.Marks[c.ID]
			if !said {
				continue
			}
			p := Practised{ID: s.ids.ID(), Juror: actor.ID, Project: project, Criterion: c.ID, Value: Mark{Kind: answer.Kind, Value: answer.Value}.said(),
				Given: a.Moment(now), Received: now}
			if err := insertPractised(ctx, tx, id, p); err != nil {
				return fmt.Errorf("keeping a mark of the rehearsal: %w", err)
			}
		}
		return nil
	})
}

// PracticeCriteria are those on which everybody judges.
func (s *Service) PracticeCriteria(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Criterion, error) {
	all, err := s.Criteria(ctx, q, id)
	return common(all), err
}

// MyPractice is what a juror said of a made-up project, by criterion.
func (s *Service) MyPractice(ctx context.Context, q sqldb.Querier, actor account.Actor, id edition.ID, project string) (map[string]Practised, error) {
	all, err := listPractised(ctx, q, id, actor.ID)
	now := map[string]Practised{}
	for _, p := range all {
		if old, there := now[p.Criterion]; p.Project == project && (!there || !p.Given.Before(old.Given)) {
			now[p.Criterion] = p
		}
	}
	return now, err
}

// Rehearsed counts, by juror, the made-up projects of which they have marked something.
func (s *Service) Rehearsed(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]int, error) {
	return countPractised(ctx, q, id)
}

// Answer reads a practised value as what it would have been.
func (p Practised) Answer() Answer {
	if n, err := strconv.Atoi(strings.TrimSpace(p.Value)); err == nil {
		return Answer{Kind: Scored, Value: n}
	}
	return Answer{Kind: NotObserved}
}
