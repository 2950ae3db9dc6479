package sqldb_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/dbtest"
)

// What a column holds as JSON comes back as it was; nothing is an empty text, both ways.
func TestJSON_thereAndBack(t *testing.T) {
	t.Parallel()
	type plan struct {
		Rooms []string
		Seats map[string]int
	}
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for name, c := range map[string]struct {
			plan *plan
			text string
		}{
			"a value":      {&plan{Rooms: []string{"Salle « Somme »"}, Seats: map[string]int{"ana": 2}}, `{"Rooms":["Salle « Somme »"],"Seats":{"ana":2}}`},
			"an empty one": {&plan{}, `{"Rooms":null,"Seats":null}`},
			"none":         {nil, ``},
		} {
			text, err := sqldb.Value[string](t.Context(), db, `SELECT CAST($1 AS TEXT)`, sqldb.JSON{Of: c.plan})
			if err != nil || text != c.text {
				t.Errorf("%s is written as %q (%v), want %q", name, text, err, c.text)
			}
			back, err := sqldb.One(t.Context(), db, func(p **plan) []any { return []any{sqldb.JSON{Of: p}} }, `SELECT CAST($1 AS TEXT)`, text)
			if err != nil {
				t.Error(name, err)
			}
			if diff := cmp.Diff(c.plan, back); diff != "" {
				t.Errorf("%s comes back as (-want +got):\n%s", name, diff)
			}
		}
	})
}

// What is no JSON, and what is no text, is said and not swallowed.
func TestJSON_unreadable(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *dbtest.DB) {
		for _, query := range []string{`SELECT '{"a"'`, `SELECT 7`} {
			if _, err := sqldb.One(t.Context(), db, func(m *map[string]int) []any { return []any{sqldb.JSON{Of: m}} }, query); err == nil {
				t.Errorf("%s was read", query)
			}
		}
	})
}
