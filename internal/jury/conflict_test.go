package jury_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/errs"
	"h48/internal/kit/once"
	"h48/internal/kit/sqldb/dbtest"
)

func TestConflicts_declaredAndFound(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		anne, basile, chloe := b.jurors[0], b.jurors[1], b.jurors[2]
		member := func(i int) account.ID { return b.near.teams[i].Members[0] }
		b.near.helped[anne.ID] = []string{"t-Voisins"}
		b.near.employers[basile.ID], b.near.employers[member(1)] = "SIP  Amiens", "sip amiens"
		b.near.teams[2].Members = append(b.near.teams[2].Members, chloe.ID)
		b.must(b.Score(ctx, basile, b.id, "t-Cour", b.sheet(4, 4), once.Action{}))
		b.must(b.Declare(ctx, basile, b.id, "t-Cour", "ma nièce est dans l'équipe"))

		for _, c := range []struct {
			who    account.Actor
			team   string
			source jury.Source
		}{{anne, "t-Voisins", jury.Mentored}, {basile, "t-Guichet", jury.Employer}, {chloe, "t-Chaleur", jury.Member}, {basile, "t-Cour", jury.Declared}} {
			if _, _, err := b.MySheet(ctx, db, c.who, b.id, c.team); !errors.Is(err, jury.ErrRecused) {
				t.Errorf("%s reads the sheet of %s: %v", c.who.Name, c.team, err)
			}
			if err := b.Score(ctx, c.who, b.id, c.team, b.sheet(5, 5), once.Action{}); !errors.Is(err, jury.ErrRecused) {
				t.Errorf("%s scores %s: %v", c.who.Name, c.team, err)
			}
			all, err := b.Conflicts(ctx, db, b.id)
			b.must(err)
			if !slices.ContainsFunc(all, func(x jury.Conflict) bool { return x.Juror == c.who.ID && x.Team == c.team && x.Source == c.source }) {
				t.Errorf("no conflict %s of %s", c.source, c.who.Name)
			}
		}
		e, err := b.Event(ctx, db, b.id)
		b.must(err)
		if len(e.Visits) != 0 {
			t.Errorf("a mark given before the conflict was declared counts: %v", e.Visits)
		}
		b.must(b.Lift(ctx, b.Boss, b.id, basile.ID, "t-Guichet", "a quitté la SIP en 2012"))
		b.must(b.Score(ctx, basile, b.id, "t-Guichet", b.sheet(5, 5), once.Action{}))
		if err := b.Lift(ctx, b.Boss, b.id, basile.ID, "t-Cour", "bof"); !errs.Is(err, errs.Conflict) {
			t.Errorf("a declared conflict was lifted: %v", err)
		}
	})
}

func TestConflicts_sameDomain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		grant := func(email, name string, role edition.Role) account.Actor {
			who, err := b.Editions.Grant(ctx, b.Boss, b.id, email, name, role)
			b.must(err)
			return who.Actor()
		}
		juror, member := grant("Diane@SIP-amiens.test", "Diane", edition.Juror), grant("eve@sip-amiens.test", "Eve", edition.Participant)
		other := grant("fanny@gmail.com", "Fanny", edition.Juror)
		mate := grant("gil@gmail.com", "Gil", edition.Participant)
		b.near.teams[0].Members = []account.ID{member.ID, mate.ID}
		if err := b.Score(ctx, juror, b.id, "t-Voisins", b.sheet(5), once.Action{}); !errors.Is(err, jury.ErrRecused) {
			t.Errorf("a colleague scores: %v", err)
		}
		b.must(b.Score(ctx, other, b.id, "t-Voisins", b.sheet(5), once.Action{})) // a public provider binds nobody
	})
}

// Half of the town writes from one domain: what was found for that one reason is lifted at
// once, each in the trace; what people said themselves stays.
func TestLiftAll_foundForOneReason(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		ctx, b := context.Background(), newBench(t, db)
		var jurors []account.Actor
		for _, name := range []string{"diane", "eve"} {
			who, err := b.Editions.Grant(ctx, b.Boss, b.id, name+"@ville.test", name, edition.Juror)
			b.must(err)
			jurors = append(jurors, who.Actor())
		}
		for i := range b.near.teams {
			who, err := b.Editions.Grant(ctx, b.Boss, b.id, fmt.Sprintf("habitant%d@ville.test", i), "Habitant", edition.Participant)
			b.must(err)
			b.near.teams[i].Members = append(b.near.teams[i].Members, who.ID)
		}
		b.near.helped[b.jurors[0].ID] = []string{"t-Voisins"}
		b.must(b.Declare(ctx, jurors[0], b.id, "t-Cour", "ma nièce y est"))
		if _, err := b.LiftAll(ctx, b.Boss, b.id, jury.Domain, "ville.test", " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("lifted without a reason: %v", err)
		}
		if _, err := b.LiftAll(ctx, jurors[1], b.id, jury.Domain, "ville.test", "x"); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a juror lifts what keeps them away: %v", err)
		}
		n, err := b.LiftAll(ctx, b.Boss, b.id, jury.Domain, "ville.test", "la ville emploie 2 000 personnes")
		b.must(err)
		all, err := b.Conflicts(ctx, db, b.id)
		b.must(err)
		left := map[jury.Source]int{}
		for _, c := range all {
			if c.Lifted.IsZero() {
				left[c.Source]++
			}
		}
		if want := map[jury.Source]int{jury.Declared: 1, jury.Mentored: 1}; n != 11 || !maps.Equal(left, want) {
			t.Errorf("%d were lifted, %v are left", n, left)
		}
		if n, err := b.LiftAll(ctx, b.Boss, b.id, jury.Domain, "ville.test", "encore"); n != 0 || err != nil {
			t.Errorf("once more: %d, %v", n, err)
		}
	})
}
