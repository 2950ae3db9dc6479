package edition_test

import (
	"testing"

	"h48/internal/account"
	"h48/internal/door/doortest"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb/dbtest"
)

// Two who change other things of an edition at once both have what they wanted, and who
// publishes it beside them has published it.
func TestChange_besideAnother(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := doortest.New(t, db)
		ctx, id := t.Context(), h.Edition.ID
		for _, word := range []string{"un", "deux", "trois", "quatre", "cinq", "six"} {
			var failed [4]error
			failed[0] = h.Editions.Unpublish(ctx, h.Boss, id)
			dbtest.AtOnce(
				func() {
					_, failed[1] = h.Editions.Change(ctx, h.Boss, id, func(e edition.Edition) edition.Edition { e.Tagline = word; return e })
				},
				func() {
					_, failed[2] = h.Editions.Change(ctx, h.Boss, id, func(e edition.Edition) edition.Edition { e.Theme = word; return e })
				},
				func() { failed[3] = h.Editions.Publish(ctx, h.Boss, id) })
			for _, err := range failed {
				if err != nil {
					t.Fatal(err)
				}
			}
			e, err := h.Editions.Get(ctx, db, id)
			if err != nil || e.Tagline != word || e.Theme != word || e.State != edition.Published {
				t.Errorf("after %q: %q, %q, %s, %v", word, e.Tagline, e.Theme, e.State, err)
			}
		}
	})
}

// Two organisers who take each other's role at once leave one of them.
func TestRevoke_oneOrganiserStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := doortest.New(t, db)
		ctx, id := t.Context(), h.Edition.ID
		for range 6 {
			one, other := h.Boss, h.Person("Odile Exemple", edition.Organiser)
			revoke := func(who account.ID, failed *error) func() {
				return func() { *failed = h.Editions.Revoke(ctx, account.Program, id, who, edition.Organiser) }
			}
			var first, second error
			dbtest.AtOnce(revoke(one.ID, &first), revoke(other.ID, &second))
			left, err := h.Editions.Members(ctx, db, id, edition.Organiser)
			if err != nil || len(left) != 1 || errs.Is(first, errs.Conflict) == errs.Is(second, errs.Conflict) {
				t.Fatalf("%d organisers are left: %v, %v, %v", len(left), first, second, err)
			}
			if _, err := h.Editions.Grant(ctx, account.Program, id, one.Email, one.Name, edition.Organiser); err != nil {
				t.Fatal(err)
			}
		}
	})
}
