package meeting

import (
	"context"
	"errors"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/mentoring"
)

func getRound(ctx context.Context, q sqldb.Querier, id edition.ID) (Round, error) {
	r, err := sqldb.One(ctx, q, func(r *Round) []any {
		return []any{sqldb.Moment{Time: &r.From}, sqldb.Moment{Time: &r.To}, &r.Minutes, &r.PerTeam, &r.PerMentor, &r.Job, sqldb.Moment{Time: &r.Planned}, sqldb.Moment{Time: &r.Published}}
	}, `SELECT from_at, to_at, minutes, per_team, per_mentor, job_id, planned_at, published_at FROM meeting_rounds WHERE edition_id = $1`, id)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Round{Minutes: 20, PerTeam: 2, PerMentor: 6}, nil
	}
	return r, err
}

func setRound(ctx context.Context, tx *sqldb.Tx, id edition.ID, r Round) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO meeting_rounds (edition_id, from_at, to_at, minutes, per_team, per_mentor, job_id, planned_at, published_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (edition_id) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at, minutes = excluded.minutes, per_team = excluded.per_team,
			per_mentor = excluded.per_mentor, job_id = excluded.job_id, planned_at = excluded.planned_at, published_at = excluded.published_at`,
		id, sqldb.Micros(r.From), sqldb.Micros(r.To), r.Minutes, r.PerTeam, r.PerMentor, r.Job, sqldb.Micros(r.Planned), sqldb.Micros(r.Published))
	return err
}

func listWishes(ctx context.Context, q sqldb.Querier, id edition.ID) (map[string][]mentoring.ThemeID, error) {
	rows, err := sqldb.All(ctx, q, func(w *Wish) []any { return []any{&w.Team, sqldb.JSON{Of: &w.Themes}} },
		`SELECT team_id, content FROM meeting_wishes WHERE edition_id = $1`, id)
	all := map[string][]mentoring.ThemeID{}
	for _, w := range rows {
		all[w.Team] = w.Themes
	}
	return all, err
}

func setWish(ctx context.Context, tx *sqldb.Tx, id edition.ID, w Wish, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO meeting_wishes (edition_id, team_id, content, changed_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, team_id) DO UPDATE SET content = excluded.content, changed_at = excluded.changed_at`,
		id, w.Team, sqldb.JSON{Of: w.Themes}, sqldb.Micros(at))
	return err
}

func listDates(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Date, error) {
	return sqldb.All(ctx, q, func(d *Date) []any {
		return []any{&d.ID, &d.Team, &d.Theme, &d.Mentor, sqldb.Moment{Time: &d.At}, &d.Planned, &d.Told, &d.Lost}
	}, `SELECT id, team_id, theme_id, mentor_id, at, planned, told, lost FROM meeting_dates WHERE edition_id = $1 ORDER BY at, id`, id)
}

func putDate(ctx context.Context, tx *sqldb.Tx, id edition.ID, d Date) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO meeting_dates (id, edition_id, team_id, theme_id, mentor_id, at, planned, told, lost) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE SET planned = excluded.planned, told = excluded.told, lost = excluded.lost`,
		d.ID, id, d.Team, d.Theme, d.Mentor, sqldb.Micros(d.At), d.Planned, d.Told, d.Lost)
	return err
}

// clearLost says that everybody has heard of what was lost.
func clearLost(ctx context.Context, tx *sqldb.Tx, id edition.ID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE meeting_dates SET lost = FALSE WHERE edition_id = $1 AND lost`, id)
	return err
}

// sweepDates drops what is neither planned nor told, once nobody has to hear of it.
func sweepDates(ctx context.Context, tx *sqldb.Tx, id edition.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM meeting_dates WHERE edition_id = $1 AND NOT planned AND NOT told AND NOT lost`, id)
	return err
}

// tellDates makes what is planned what everybody sees, and returns how many dates changed.
func tellDates(ctx context.Context, tx *sqldb.Tx, id edition.ID) (int64, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE meeting_dates SET told = planned, lost = FALSE WHERE edition_id = $1 AND (told <> planned OR lost)`, id)
	if err != nil {
		return n, err
	}
	return n, sweepDates(ctx, tx, id)
}

func listGone(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]bool, error) {
	rows, err := sqldb.All(ctx, q, func(who *account.ID) []any { return []any{who} }, `SELECT account_id FROM meeting_gone WHERE edition_id = $1`, id)
	all := map[account.ID]bool{}
	for _, who := range rows {
		all[who] = true
	}
	return all, err
}

func setGone(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO meeting_gone (edition_id, account_id, at) VALUES ($1, $2, $3) ON CONFLICT (edition_id, account_id) DO NOTHING`,
		id, who, sqldb.Micros(at))
	return err
}

func unsetGone(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM meeting_gone WHERE edition_id = $1 AND account_id = $2`, id, who)
	return err
}

// forget drops everything about a mentor.
func forget(ctx context.Context, tx *sqldb.Tx, who account.ID) error {
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM meeting_dates WHERE mentor_id = $1`, who); err != nil {
		return err
	}
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM meeting_gone WHERE account_id = $1`, who)
	return err
}
