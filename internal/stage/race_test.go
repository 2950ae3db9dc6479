package stage_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"h48/internal/kit/sqldb/dbtest"
)

// Two organisers who move two teams at once have both moved them: the first becomes the
// last, and the last the first.
func TestMove_twoAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, sc := context.Background(), newScene(t, db)
		sc.draw("")
		for range 8 {
			var before, after []string
			for _, p := range sc.lineup().Pitches {
				before = append(before, p.Team.ID)
			}
			last := len(before)
			var failed [2]error
			dbtest.AtOnce(
				func() { failed[0] = sc.Move(ctx, sc.Boss, sc.id, before[0], last, "attend une pièce") },
				func() { failed[1] = sc.Move(ctx, sc.Boss, sc.id, before[last-1], 1, "a un train") })
			sc.must(errors.Join(failed[:]...))
			for _, p := range sc.lineup().Pitches {
				after = append(after, p.Team.ID)
			}
			inOrder := slices.Concat(before[last-1:], before[1:last-1], before[:1])
			if !slices.Equal(after, inOrder) {
				t.Fatalf("%v became %v, want %v", before, after, inOrder)
			}
		}
	})
}
