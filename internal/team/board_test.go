package team_test

import (
	"testing"

	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb/dbtest"
	"h48/internal/kit/trail"
	"h48/internal/team"
)

// Four people are without a team when the organiser freezes: each way out is tried.
func TestFreeze_refusesWhileSomebodyHasNoTeam(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(10)
		voisins := h.teamOf("Les Voisins", p[:3]...)
		h.teamOf("Guichet", p[3:6]...)
		wants(t, h.teams.Freeze(ctx, h.Boss, id), team.ErrBlocked)
		o, err := h.teams.Obstacles(ctx, db, id)
		if err != nil || len(o.Left) != 4 || o.Count() != 4 {
			t.Fatalf("%d obstacles, %v", o.Count(), err)
		}
		// One into a team, one left apart, two into a team of their own, which is small.
		for _, err := range []error{
			h.teams.Place(ctx, h.Boss, id, p[6].ID, voisins.ID),
			h.teams.Excuse(ctx, h.Boss, id, p[7].ID, "part avant la fin"),
			h.teams.Place(ctx, h.Boss, id, p[8].ID, team.NewTeam),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		small, err := h.teams.OfAccount(ctx, db, id, p[8].ID)
		if err != nil || small.Name != "Équipe 1" {
			t.Fatalf("the new team is %q, %v", small.Name, err)
		}
		if err := h.teams.Place(ctx, h.Boss, id, p[9].ID, small.ID); err != nil {
			t.Fatal(err)
		}
		wants(t, h.teams.Freeze(ctx, h.Boss, id), team.ErrBlocked)
		if err := h.teams.Except(ctx, h.Boss, id, small.ID, "deux suffisent pour leur idée"); err != nil {
			t.Fatal(err)
		}
		if err := h.teams.Freeze(ctx, h.Boss, id); err != nil {
			t.Fatal(err)
		}
		teams, err := h.teams.List(ctx, db, id)
		if err != nil {
			t.Fatal(err)
		}
		for i, tm := range teams {
			if tm.State != team.Complete || tm.Table != i+1 {
				t.Errorf("%s is %s at table %d", tm.Name, tm.State, tm.Table)
			}
		}
		wants(t, h.teams.Leave(ctx, p[0], id), team.ErrFrozen)
		_, err = h.teams.Join(ctx, p[7], id, voisins.Code)
		wants(t, err, team.ErrFrozen)
	})
}

func TestPlace_afterTheFreezeKeepsTheLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(8)
		voisins, guichet := h.teamOf("Les Voisins", p[:5]...), h.teamOf("Guichet", p[5:]...)
		if err := h.teams.Place(ctx, h.Boss, id, p[7].ID, voisins.ID); err != nil {
			t.Errorf("while teams form, six are allowed for a moment: %v", err)
		}
		sum, err := h.teams.Summary(ctx, db, id)
		if err != nil || sum.Large != 1 || sum.Small != 1 {
			t.Errorf("the summary says %+v, %v", sum, err)
		}
		if err := h.teams.Place(ctx, h.Boss, id, p[7].ID, guichet.ID); err != nil {
			t.Fatal(err)
		}
		if err := h.teams.Freeze(ctx, h.Boss, id); err != nil {
			t.Fatal(err)
		}
		wants(t, h.teams.Place(ctx, h.Boss, id, p[7].ID, voisins.ID), team.ErrFull)
		if err := h.teams.Place(ctx, p[0], id, p[7].ID, voisins.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a participant places somebody: %v", err)
		}
	})
}

// Only 14 come: the organiser relaxes the rule to teams of two, and says why.
func TestRelax_isKeptWithItsReason(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(2)
		h.teamOf("Les Voisins", p...)
		if err := h.teams.Relax(ctx, h.Boss, id, team.Limits{Min: 2, Max: 4}, " "); !errs.Is(err, errs.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if err := h.teams.Relax(ctx, h.Boss, id, team.Limits{Min: 2, Max: 4}, "14 personnes sont venues"); err != nil {
			t.Fatal(err)
		}
		if err := h.teams.Freeze(ctx, h.Boss, id); err != nil {
			t.Error(err)
		}
		entries, err := trail.Of(ctx, db, string(id), trail.Filter{Subject: "edition:" + string(id)}, 50)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Action == "team.relaxed" && e.Before == "3–5" && e.After == "2–4; 14 personnes sont venues" {
				return
			}
		}
		t.Errorf("the decision is not in the trail: %+v", entries)
	})
}

func TestMerge_keepsTheLimit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		h := newHouse(t, db)
		ctx, id := t.Context(), h.Edition.ID
		p := h.people(9)
		a, b, c := h.teamOf("A", p[:2]...), h.teamOf("B", p[2:5]...), h.teamOf("C", p[5:]...)
		wants(t, h.teams.Merge(ctx, h.Boss, id, a.ID, c.ID), team.ErrFull)
		if err := h.teams.Merge(ctx, h.Boss, id, a.ID, b.ID); err != nil {
			t.Fatal(err)
		}
		teams, err := h.teams.List(ctx, db, id)
		if err != nil || len(teams) != 2 || len(teams[0].Members) != 5 {
			t.Errorf("%+v, %v", teams, err)
		}
	})
}
