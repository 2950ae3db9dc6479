package app_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/app"
	"h48/internal/cups"
	"h48/internal/edition"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sqldb"
	"h48/internal/programme"
)

// rows counts every table.
func (h *house) rows() map[string]int {
	h.t.Helper()
	names, err := sqldb.All(h.t.Context(), h.DB, func(s *string) []any { return []any{s} },
		`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
	h.must(err)
	all := map[string]int{}
	for _, name := range names {
		n, err := sqldb.Value[int](h.t.Context(), h.DB, `SELECT COUNT(*) FROM `+name)
		h.must(err)
		all[name] = n
	}
	return all
}

func (h *house) sql(statement string) {
	h.t.Helper()
	h.must(h.DB.InTx(h.t.Context(), func(tx *sqldb.Tx) error {
		_, err := sqldb.Exec(h.t.Context(), tx, statement)
		return err
	}))
}

// brokenAt lets every table in turn refuse its rows, and sees that what is done then
// leaves nothing behind. It returns how many tables could stop it.
func (h *house) brokenAt(do func() error) int {
	h.t.Helper()
	if testing.Short() {
		h.t.Skip("breaks every table in turn: not with -short")
	}
	stopped := 0
	before := h.rows()
	for table := range maps.Keys(before) {
		h.sql(`CREATE TRIGGER broken BEFORE INSERT ON ` + table + ` BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END`)
		if err := do(); err != nil {
			stopped++
		} else {
			before = h.rows() // it does not write there
		}
		h.sql(`DROP TRIGGER broken`)
		if diff := cmp.Diff(before, h.rows()); diff != "" {
			h.t.Fatalf("broken at %s, this is left behind:\n%s", table, diff)
		}
	}
	return stopped
}

// A set-up that fails anywhere leaves no half edition.
func TestFound_allOrNothing(t *testing.T) {
	t.Parallel()
	h, n := open(t), 0
	plan := app.Plan{Preset: "landlord", Prize: 5_000_00, Edition: edition.Edition{Kind: edition.Hackathon, Name: "Une autre", Place: "Amiens",
		Host: "Un bailleur", Contact: "contact@example.org", Zone: time.UTC, Lang: i18n.French, Seats: 24, TeamMin: 3, TeamMax: 5, At: h.edition.At}}
	stopped := h.brokenAt(func() error {
		n++
		plan.Edition.Slug = "autre-" + string(rune('a'+n%26)) + string(rune('a'+n/26))
		_, err := h.Found(t.Context(), h.who["organiser"], plan)
		return err
	})
	if stopped < 7 {
		t.Errorf("only %d tables could stop a set-up", stopped)
	}
}

// Next year's edition comes whole or not at all.
func TestHoldAgain_allOrNothing(t *testing.T) {
	t.Parallel()
	ctx, h := context.Background(), open(t)
	boss, id, n := h.who["organiser"], h.edition.ID, 0
	_, err := h.Editions.AddPartner(ctx, boss, id, edition.PartnerOrg{Name: "Une régie de quartier"})
	h.must(err)
	_, err = h.Cups.AddModel(ctx, boss, id, cups.Model{Name: "25 cl", VolumeCl: 25, Deposit: 100})
	h.must(err)
	starts := h.edition.At[edition.Starts]
	_, err = h.Programme.Add(ctx, boss, id, programme.Plan{Kind: programme.Workshop, Title: "Pitch", Start: starts.Add(time.Hour), End: starts.Add(2 * time.Hour), Public: true})
	h.must(err)
	stopped := h.brokenAt(func() error {
		n++
		from := h.edition
		from.Slug += string(rune('a'+n%26)) + string(rune('a'+n/26))
		_, err := h.HoldAgain(ctx, boss, from)
		return err
	})
	if stopped < 10 {
		t.Errorf("only %d tables could stop it", stopped)
	}
}
