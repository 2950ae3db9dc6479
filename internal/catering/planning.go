package catering

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// plan runs an organiser's change of the meals.
func (s *Service) plan(ctx context.Context, actor account.Actor, id edition.ID, do func(tx *sqldb.Tx, now time.Time) error) error {
	return s.db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := s.editions.Require(ctx, tx, actor, id, edition.Organiser); err != nil {
			return err
		}
		_, now, err := s.editions.Open(ctx, tx, id)
		if err != nil {
			return err
		}
		s.hub.Touch(tx, Topic(id))
		return do(tx, now)
	})
}

// check says what is wrong with a meal's name and moment.
func (m *Meal) check() error {
	var wrong errs.Fields
	if m.Name = strings.TrimSpace(m.Name); m.Name == "" {
		wrong.Add("name", "error.required")
	}
	if m.At.IsZero() {
		wrong.Add("at", "error.required")
	}
	return wrong.Err()
}

// inWords is the meal in the words of the trail.
func (m Meal) inWords() string { return m.Name + ", " + m.At.Format(time.RFC3339) }

// AddMeal plans a meal: an organiser's matter.
func (s *Service) AddMeal(ctx context.Context, actor account.Actor, e edition.ID, name string, at time.Time) (Meal, error) {
	m := Meal{ID: s.ids.ID(), Edition: e, Name: name, At: at}
	if err := m.check(); err != nil {
		return m, err
	}
	return m, s.plan(ctx, actor, e, func(tx *sqldb.Tx, now time.Time) error {
		if err := insertMeal(ctx, tx, m); err != nil {
			return fmt.Errorf("planning the meal %s: %w", m.Name, err)
		}
		return s.note(ctx, tx, actor, e, now, "catering.meal", m, "", m.Name)
	})
}

// ChangeMeal gives a meal another name or moment. What was served of it stays.
func (s *Service) ChangeMeal(ctx context.Context, actor account.Actor, e edition.ID, meal, name string, at time.Time) (Meal, error) {
	m := Meal{ID: meal, Edition: e, Name: name, At: at}
	if err := m.check(); err != nil {
		return m, err
	}
	return m, s.plan(ctx, actor, e, func(tx *sqldb.Tx, now time.Time) error {
		before, err := getMeal(ctx, tx, e, meal)
		if err != nil {
			return err
		}
		return s.move(ctx, tx, actor, now, before, m)
	})
}

// move writes the meal as it is from now on; one that stays as it was leaves no trace.
func (s *Service) move(ctx context.Context, tx *sqldb.Tx, actor account.Actor, now time.Time, before, after Meal) error {
	if before.Name == after.Name && before.At.Equal(after.At) {
		return nil
	}
	if err := updateMeal(ctx, tx, after); err != nil {
		return fmt.Errorf("changing the meal %s: %w", before.Name, err)
	}
	return s.note(ctx, tx, actor, before.Edition, now, "catering.changed", after, before.inWords(), after.inWords())
}

// DropMeal takes a meal off the plan, unless somebody has eaten it.
func (s *Service) DropMeal(ctx context.Context, actor account.Actor, e edition.ID, meal string) error {
	return s.plan(ctx, actor, e, func(tx *sqldb.Tx, now time.Time) error {
		m, err := getMeal(ctx, tx, e, meal)
		if err != nil {
			return err
		}
		err = deleteMeal(ctx, tx, m.ID)
		if sqldb.IsForeignKey(err) {
			return errs.New(errs.Conflict, "catering.eaten")
		}
		if err != nil {
			return fmt.Errorf("taking the meal %s off the plan: %w", m.Name, err)
		}
		return s.note(ctx, tx, actor, e, now, "catering.dropped", m, m.Name, "")
	})
}

// Astray counts the meals that the event has left behind, and by how many days all of them
// move to catch up; see [edition.Edition.LeftBehind]. What was served is where it belongs.
func Astray(e edition.Edition, all []Tally) (n, days int) {
	var spans []edition.Span
	for _, t := range all {
		if t.Served == 0 {
			spans = append(spans, edition.Span{From: t.At, To: t.At})
		}
	}
	return e.LeftBehind(spans)
}

// ShiftDays moves every meal of which nothing was served by so many days, to the same hour
// of the clock, and returns how many there were.
func (s *Service) ShiftDays(ctx context.Context, actor account.Actor, id edition.ID, days int) (n int, err error) {
	if days == 0 || days < -edition.MostShift || days > edition.MostShift {
		return 0, errs.New(errs.Invalid, "catering.shift_range")
	}
	err = s.plan(ctx, actor, id, func(tx *sqldb.Tx, now time.Time) error {
		e, err := s.editions.Get(ctx, tx, id)
		if err != nil {
			return err
		}
		all, err := tallies(ctx, tx, id)
		if err != nil {
			return err
		}
		for _, t := range all {
			if t.Served > 0 {
				continue
			}
			after := t.Meal
			after.At = t.At.In(e.Zone).AddDate(0, 0, days)
			if err := s.move(ctx, tx, actor, now, t.Meal, after); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}
