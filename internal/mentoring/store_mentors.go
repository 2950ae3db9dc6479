package mentoring

import (
	"context"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func themeFields(t *Theme) []any { return []any{&t.ID, &t.Name} }

func listThemes(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Theme, error) {
	return sqldb.All(ctx, q, themeFields, `SELECT id, name FROM mentoring_themes WHERE edition_id = $1 ORDER BY position, id`, e)
}

func getTheme(ctx context.Context, q sqldb.Querier, e edition.ID, id ThemeID) (Theme, error) {
	return sqldb.One(ctx, q, themeFields, `SELECT id, name FROM mentoring_themes WHERE edition_id = $1 AND id = $2`, e, id)
}

// putTheme adds the theme or, where the list has its name, moves that one.
func putTheme(ctx context.Context, tx *sqldb.Tx, e edition.ID, t Theme, position int) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO mentoring_themes (id, edition_id, name, name_key, position) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (edition_id, name_key) DO UPDATE SET name = excluded.name, position = excluded.position`,
		t.ID, e, t.Name, themeKey(t.Name), position)
	return err
}

// themeKey is the name by which a theme is in the list once.
func themeKey(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// dropTheme takes a theme off the list and from the mentors; false when a request
// speaks of it, which keeps it.
func dropTheme(ctx context.Context, tx *sqldb.Tx, id ThemeID) (bool, error) {
	used, err := sqldb.Value[int](ctx, tx, `SELECT COUNT(*) FROM mentoring_requests WHERE theme_id = $1`, id)
	if err != nil || used > 0 {
		return false, err
	}
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM mentoring_skills WHERE theme_id = $1`, id); err != nil {
		return false, err
	}
	_, err = sqldb.Exec(ctx, tx, `DELETE FROM mentoring_themes WHERE id = $1`, id)
	return err == nil, err
}

// onDuty says for each mentor who ever declared anything whether they are there.
func onDuty(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID]bool, error) {
	type row struct {
		who account.ID
		on  bool
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any { return []any{&r.who, &r.on} },
		`SELECT account_id, on_duty FROM mentoring_mentors WHERE edition_id = $1`, e)
	duty := make(map[account.ID]bool, len(rows))
	for _, r := range rows {
		duty[r.who] = r.on
	}
	return duty, err
}

func skills(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID][]Theme, error) {
	type row struct {
		who   account.ID
		theme Theme
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any { return []any{&r.who, &r.theme.ID, &r.theme.Name} },
		`SELECT s.account_id, t.id, t.name FROM mentoring_skills s JOIN mentoring_themes t ON t.id = s.theme_id
		WHERE s.edition_id = $1 ORDER BY t.position, t.id`, e)
	known := map[account.ID][]Theme{}
	for _, r := range rows {
		known[r.who] = append(known[r.who], r.theme)
	}
	return known, err
}

func slots(ctx context.Context, q sqldb.Querier, e edition.ID) (map[account.ID][]Slot, error) {
	type row struct {
		who  account.ID
		slot Slot
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any {
		return []any{&r.who, sqldb.Moment{Time: &r.slot.From}, sqldb.Moment{Time: &r.slot.To}}
	}, `SELECT account_id, from_at, to_at FROM mentoring_slots WHERE edition_id = $1 ORDER BY from_at`, e)
	declared := map[account.ID][]Slot{}
	for _, r := range rows {
		declared[r.who] = append(declared[r.who], r.slot)
	}
	return declared, err
}

// setDuty notes whether the mentor is there.
func setDuty(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID, on bool, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO mentoring_mentors (edition_id, account_id, on_duty, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET on_duty = excluded.on_duty, changed_at = excluded.changed_at`,
		e, who, on, sqldb.Micros(at))
	return err
}

// ensureMentor makes the mentor's row where there is none, off duty.
func ensureMentor(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO mentoring_mentors (edition_id, account_id, on_duty, changed_at) VALUES ($1, $2, FALSE, $3)
		ON CONFLICT (edition_id, account_id) DO NOTHING`, e, who, sqldb.Micros(at))
	return err
}

// replaceOffer sets what the mentor knows and when they said they would be there.
func replaceOffer(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID, themes []ThemeID, slots []Slot) error {
	for _, table := range []string{"mentoring_skills", "mentoring_slots"} {
		if _, err := sqldb.Exec(ctx, tx, `DELETE FROM `+table+` WHERE edition_id = $1 AND account_id = $2`, e, who); err != nil {
			return err
		}
	}
	for _, theme := range themes {
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO mentoring_skills (edition_id, account_id, theme_id) VALUES ($1, $2, $3)`,
			e, who, theme); err != nil {
			return err
		}
	}
	for _, slot := range slots {
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO mentoring_slots (edition_id, account_id, from_at, to_at) VALUES ($1, $2, $3, $4)`,
			e, who, sqldb.Micros(slot.From), sqldb.Micros(slot.To)); err != nil {
			return err
		}
	}
	return nil
}

// countClaimed is how many requests the mentor holds.
func countClaimed(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM mentoring_requests
		WHERE edition_id = $1 AND mentor_id = $2 AND state = 'claimed'`, e, who)
}
