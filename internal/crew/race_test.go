package crew_test

import (
	"testing"

	"h48/internal/kit/sqldb/dbtest"
)

// The organiser locks somebody on a shift in the instant in which they say that they
// cannot, again and again: their word is never lost.
func TestCannot_besideALock(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id, ana := t.Context(), w.Edition.ID, w.hands[0]
		shift := w.board().Shifts[0].ID
		must(t, w.service.Move(ctx, w.Boss, id, ana.ID, "", shift))
		_, err := w.service.Publish(ctx, w.Boss, id)
		must(t, err)
		for range 15 {
			var said error
			dbtest.AtOnce(
				func() { said = w.service.Cannot(ctx, ana, id, shift, "Le dernier train") },
				func() { _ = w.service.Lock(ctx, w.Boss, id, ana.ID, shift, true) }) // who comes second may find nobody to lock
			must(t, said)
			if b := w.board(); len(b.Refused) != 1 || b.Refused[0].Locked || b.Refused[0].Planned {
				t.Fatalf("%+v", b.Refused)
			}
			must(t, w.service.Can(ctx, ana, id, shift))
		}
	})
}

// Two people take back that they cannot, and one place is open: one of them has it.
func TestCan_besideAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		w := setup(t, db)
		ctx, id, pair := t.Context(), w.Edition.ID, w.hands[:2]
		bar := w.board().Shifts[0] // it wants one
		for _, h := range pair {
			must(t, w.service.Move(ctx, w.Boss, id, h.ID, "", bar.ID))
		}
		_, err := w.service.Publish(ctx, w.Boss, id)
		must(t, err)
		for range 8 {
			for _, h := range pair {
				_ = w.service.Cannot(ctx, h, id, bar.ID, "") // one of them may have said so before
			}
			dbtest.AtOnce(
				func() { _ = w.service.Can(ctx, pair[0], id, bar.ID) },
				func() { _ = w.service.Can(ctx, pair[1], id, bar.ID) })
			if on := w.board().On(bar.ID); len(on) != 1 {
				t.Fatalf("%d people have the one place: %+v", len(on), on)
			}
		}
	})
}
