package award_test

import (
	"testing"

	"h48/internal/award"
	"h48/internal/kit/sqldb/dbtest"
)

// One juror notes who is in the room while another decides: the minutes have both.
func TestDecide_besideTheAttendance(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		b := setup(t, db)
		ctx, id := t.Context(), b.Edition.ID
		must(t, b.award.OpenDeliberation(ctx, b.Boss, id))
		sitting := []award.Attendance{{Account: b.juror.ID, Presence: award.Present}}
		choices := []award.Choice{{b.first.ID: "t1", b.next.ID: "t2"}, {b.first.ID: "t2", b.next.ID: "t1"}}
		must(t, b.award.Decide(ctx, b.Boss, id, award.Decision{Choice: choices[1], Reason: "au début"}))
		for n, guests := range []string{"Le maire", "La presse", "Une classe", "Le voisin", "Deux élues", "Un huissier"} {
			reason := "pour " + guests
			var noted, decided error
			dbtest.AtOnce(
				func() { noted = b.award.Attend(ctx, b.juror, id, sitting, guests) },
				func() {
					decided = b.award.Decide(ctx, b.Boss, id, award.Decision{Choice: choices[n%2], Reason: reason})
				})
			must(t, noted, decided)
			d, err := b.award.Deliberation(ctx, db, id)
			must(t, err)
			if d.Guests != guests || d.Reason != reason {
				t.Errorf("guests %q and reason %q, want %q and %q", d.Guests, d.Reason, guests, reason)
			}
		}
	})
}
