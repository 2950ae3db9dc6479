package jury_test

import (
	"fmt"
	"slices"
	"testing"

	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

// The first mark and a new rubric at the same instant: either the rubric is frozen, or the
// juror is told that the criterion is gone. A mark on a criterion that nobody has never is.
func TestScore_besideANewRubric(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := t.Context(), newBench(t, db)
		for n := range 12 {
			b.must(b.NewRound(ctx, b.Boss, b.id, fmt.Sprint("essai ", n)))
			var err error
			b.criteria, err = b.Criteria(ctx, db, b.id)
			b.must(err)
			var marked, set error
			dbtest.AtOnce(
				func() { marked = b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4, 2), once.Action{}) },
				func() {
					set = b.SetCriteria(ctx, b.Boss, b.id, []jury.Criterion{{Name: fmt.Sprint("Utile ", n), Weight: 60}, {Name: "Réalisable", Weight: 40}})
				})
			if (marked == nil) == (set == nil) || marked != nil && !errs.Is(marked, errs.Conflict) {
				t.Errorf("the mark: %v; the rubric: %v", marked, set)
			}
			criteria, err := b.Criteria(ctx, db, b.id)
			b.must(err)
			history, err := b.History(ctx, db, b.id, b.jurors[0].ID, "t-Cour")
			b.must(err)
			for _, m := range history {
				if !slices.ContainsFunc(criteria, func(c jury.Criterion) bool { return c.ID == m.Criterion }) {
					t.Error("a mark was kept on a criterion that is gone")
				}
			}
		}
	})
}

// A mark that comes in while the deliberation opens is in the ranking that the jury sees,
// or it is refused.
func TestScore_besideTheDeliberation(t *testing.T) {
	t.Parallel()
	for range 4 {
		dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
			ctx, b := t.Context(), newBench(t, db)
			given := once.Action{ID: "late", At: db.Now()}
			b.must(b.Close(ctx, b.Boss, b.id))
			var marked error
			var seen int
			dbtest.AtOnce(
				func() { marked = b.Score(ctx, b.jurors[0], b.id, "t-Cour", b.sheet(4, 2), given) },
				func() {
					if err := b.Deliberate(ctx, b.Boss, b.id); err != nil {
						t.Error(err)
					}
					history, err := b.History(ctx, db, b.id, b.jurors[0].ID, "t-Cour")
					if err != nil {
						t.Error(err)
					}
					seen = len(history)
				})
			if (marked == nil) != (seen == 2) || marked != nil && !errs.Is(marked, errs.Conflict) {
				t.Errorf("the jury saw %d marks, and the phone hears %v", seen, marked)
			}
		})
	}
}

// Who declares a conflict while an organiser lifts the one that was found keeps away.
func TestDeclare_besideALift(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := t.Context(), newBench(t, db)
		anne := b.jurors[0]
		for _, team := range b.near.teams {
			b.near.helped[anne.ID] = append(b.near.helped[anne.ID], team.ID)
		}
		for _, team := range b.near.teams {
			var declared error
			dbtest.AtOnce(
				func() { declared = b.Declare(ctx, anne, b.id, team.ID, "mon voisin y est") },
				func() { _ = b.Lift(ctx, b.Boss, b.id, anne.ID, team.ID, "une seule question") })
			b.must(declared)
			if err := b.Score(ctx, anne, b.id, team.ID, b.sheet(4, 2), once.Action{}); !errs.Is(err, errs.Forbidden) {
				t.Errorf("after %s was declared: %v", team.Name, err)
			}
		}
	})
}
