package stage

import (
	"context"
	"fmt"
	"time"

	"h48/engine/planning"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// span is a duration as a column of microseconds.
type span struct{ *time.Duration }

// Scan reads microseconds.
func (s span) Scan(src any) error {
	n, ok := src.(int64)
	if !ok {
		return fmt.Errorf("a duration cannot be read from %T", src)
	}
	*s.Duration = time.Duration(n) * time.Microsecond
	return nil
}

// getSettings returns the usual ones where the edition chose none.
func getSettings(ctx context.Context, q sqldb.Querier, id edition.ID) (Settings, error) {
	set, err := sqldb.One(ctx, q, func(s *Settings) []any {
		return []any{span{&s.Allotted}, span{&s.Warn}, span{&s.Changeover}}
	}, `SELECT allotted, warn, changeover FROM stage_settings WHERE edition_id = $1`, id)
	if errs.Is(err, errs.NotFound) {
		return Usual, nil
	}
	return set, err
}

func putSettings(ctx context.Context, tx *sqldb.Tx, id edition.ID, s Settings) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO stage_settings (edition_id, allotted, warn, changeover) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id) DO UPDATE SET allotted = excluded.allotted, warn = excluded.warn, changeover = excluded.changeover`,
		id, s.Allotted.Microseconds(), s.Warn.Microseconds(), s.Changeover.Microseconds())
	if err == nil {
		_, err = sqldb.Exec(ctx, tx, `UPDATE stage_pitches SET allotted = $2 WHERE edition_id = $1 AND state = 'waiting'`,
			id, s.Allotted.Microseconds())
	}
	return err
}

func getDraw(ctx context.Context, q sqldb.Querier, id edition.ID) (Draw, error) {
	return sqldb.One(ctx, q, func(d *Draw) []any {
		return []any{&d.Commitment, &d.Secret, &d.Public, sqldb.JSON{Of: &d.Entrants}, sqldb.JSON{Of: &d.Order}, sqldb.Moment{Time: &d.Promised}, sqldb.Moment{Time: &d.Drawn}}
	}, `SELECT commitment, secret, public, entrants, drawn_order, promised_at, drawn_at FROM stage_draws WHERE edition_id = $1`, id)
}

func insertDraw(ctx context.Context, tx *sqldb.Tx, id edition.ID, commitment, secret string, now time.Time) (fresh bool, err error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO stage_draws
		(edition_id, commitment, secret, public, entrants, drawn_order, promised_at, drawn_at)
		VALUES ($1, $2, $3, '', '[]', '[]', $4, 0) ON CONFLICT (edition_id) DO NOTHING`, id, commitment, secret, sqldb.Micros(now))
	return n == 1, err
}

// finishDraw says whether it was this draw that was kept.
func finishDraw(ctx context.Context, tx *sqldb.Tx, id edition.ID, d Draw) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE stage_draws SET public = $2, entrants = $3, drawn_order = $4, drawn_at = $5
		WHERE edition_id = $1 AND drawn_at = 0`, id, d.Public, sqldb.JSON{Of: d.Entrants}, sqldb.JSON{Of: d.Order}, sqldb.Micros(d.Drawn))
	return n == 1, err
}

func putWindow(ctx context.Context, tx *sqldb.Tx, id edition.ID, team string, earliest, latest int, reason string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO stage_windows (edition_id, team_id, earliest, latest, reason) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (edition_id, team_id) DO UPDATE SET earliest = excluded.earliest, latest = excluded.latest, reason = excluded.reason`,
		id, team, earliest, latest, reason)
	return err
}

func listWindows(ctx context.Context, q sqldb.Querier, id edition.ID) ([]planning.PitchTeam, error) {
	return sqldb.All(ctx, q, func(t *planning.PitchTeam) []any { return []any{&t.ID, &t.Earliest, &t.Latest} },
		`SELECT team_id, earliest, latest FROM stage_windows WHERE edition_id = $1 AND earliest + latest > 0`, id)
}

const pitchColumns = `team_id, position, state, allotted, started_at, paused_at, held, ended_at`

func pitchFields(p *Pitch) []any {
	return []any{&p.Team.ID, &p.Position, &p.State, span{&p.Allotted}, sqldb.Moment{Time: &p.Started},
		sqldb.Moment{Time: &p.PausedAt}, span{&p.Held}, sqldb.Moment{Time: &p.Ended}}
}

func listPitches(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Pitch, error) {
	return sqldb.All(ctx, q, pitchFields, `SELECT `+pitchColumns+` FROM stage_pitches WHERE edition_id = $1 ORDER BY position, team_id`, id)
}

func listBetween(ctx context.Context, q sqldb.Querier, id edition.ID, from, to int) ([]Pitch, error) {
	return sqldb.All(ctx, q, pitchFields, `SELECT `+pitchColumns+` FROM stage_pitches
		WHERE edition_id = $1 AND position >= $2 AND position <= $3 ORDER BY position, team_id`, id, from, to)
}

func getRunning(ctx context.Context, q sqldb.Querier, id edition.ID) (Pitch, error) {
	return sqldb.One(ctx, q, pitchFields, `SELECT `+pitchColumns+` FROM stage_pitches
		WHERE edition_id = $1 AND state IN ('running', 'paused')`, id)
}

func getPitch(ctx context.Context, q sqldb.Querier, id edition.ID, team string) (Pitch, error) {
	return sqldb.One(ctx, q, pitchFields, `SELECT `+pitchColumns+` FROM stage_pitches WHERE edition_id = $1 AND team_id = $2`, id, team)
}

func insertPitch(ctx context.Context, tx *sqldb.Tx, id edition.ID, team string, position int, allotted time.Duration) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO stage_pitches
		(edition_id, team_id, position, state, allotted, started_at, paused_at, held, ended_at)
		VALUES ($1, $2, $3, 'waiting', $4, 0, 0, 0, 0)`, id, team, position, allotted.Microseconds())
	return err
}

// updatePitch says whether the pitch was still in the state that it leaves.
func updatePitch(ctx context.Context, tx *sqldb.Tx, id edition.ID, p Pitch, leaves State) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE stage_pitches SET state = $4, started_at = $5, paused_at = $6, held = $7, ended_at = $8
		WHERE edition_id = $1 AND team_id = $2 AND state = $3`, id, p.Team.ID, leaves, p.State,
		sqldb.Micros(p.Started), sqldb.Micros(p.PausedAt), p.Held.Microseconds(), sqldb.Micros(p.Ended))
	return n == 1, err
}

func updatePosition(ctx context.Context, tx *sqldb.Tx, id edition.ID, team string, position int) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE stage_pitches SET position = $3 WHERE edition_id = $1 AND team_id = $2`, id, team, position)
	return err
}

func lastPosition(ctx context.Context, q sqldb.Querier, id edition.ID) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COALESCE(MAX(position), 0) FROM stage_pitches WHERE edition_id = $1`, id)
}

func insertEvent(ctx context.Context, tx *sqldb.Tx, id edition.ID, e Event) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO stage_events (id, edition_id, team_id, what, at, by_id, note) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		e.ID, id, e.Team, e.What, sqldb.Micros(e.At), e.By, e.Note)
	if err != nil {
		return fmt.Errorf("writing the timer's log: %w", err)
	}
	return nil
}

func listEvents(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Event, error) {
	return sqldb.All(ctx, q, func(e *Event) []any {
		return []any{&e.ID, &e.Team, &e.What, sqldb.Moment{Time: &e.At}, &e.By, &e.Note}
	}, `SELECT id, team_id, what, at, by_id, note FROM stage_events WHERE edition_id = $1 ORDER BY at, id`, id)
}
