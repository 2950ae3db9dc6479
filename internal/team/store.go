package team

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	folding "h48/internal/kit/names"
	"h48/internal/kit/sqldb"
)

const columns = `id, edition_id, name, code, looking_for, table_no, state, excepted_for, created_at`

func fields(t *Team) []any {
	return []any{&t.ID, &t.Edition, &t.Name, &t.Code, &t.LookingFor, &t.Table, &t.State, &t.Exception, sqldb.Moment{Time: &t.Created}}
}

func insertTeam(ctx context.Context, tx *sqldb.Tx, t Team) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO teams (id, edition_id, name, name_key, code, looking_for, table_no, state,
		excepted_for, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		t.ID, t.Edition, t.Name, nameKey(t.Name), t.Code, t.LookingFor, t.Table, t.State, t.Exception, sqldb.Micros(t.Created))
	return err
}

// updateTeam writes everything of a team that can change.
func updateTeam(ctx context.Context, tx *sqldb.Tx, t Team) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE teams SET name = $2, name_key = $3, looking_for = $4, table_no = $5, state = $6,
		excepted_for = $7 WHERE id = $1`, t.ID, t.Name, nameKey(t.Name), t.LookingFor, t.Table, t.State, t.Exception)
	return err
}

func getTeam(ctx context.Context, q sqldb.Querier, where string, args ...any) (Team, error) {
	t, err := sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM teams WHERE `+where, args...)
	if err != nil {
		return t, err
	}
	t.Members, err = membersOf(ctx, q, t.ID)
	return t, err
}

func listNames(ctx context.Context, q sqldb.Querier, id edition.ID) (map[ID]string, error) {
	teams, err := sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM teams WHERE edition_id = $1`, id)
	all := make(map[ID]string, len(teams))
	for _, t := range teams {
		all[t.ID] = t.Name
	}
	return all, err
}

func nameTaken(ctx context.Context, q sqldb.Querier, id edition.ID, name string, by ID) (bool, error) {
	n, err := sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM teams WHERE edition_id = $1 AND name_key = $2
		AND state <> 'dissolved' AND id <> $3`, id, nameKey(name), by)
	return n > 0, err
}

func codeTaken(ctx context.Context, q sqldb.Querier, id edition.ID, code string) (bool, error) {
	n, err := sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM teams WHERE edition_id = $1 AND code = $2`, id, code)
	return n > 0, err
}

func listTeams(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Team, error) {
	teams, err := sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM teams
		WHERE edition_id = $1 AND state <> 'dissolved' ORDER BY created_at, id`, id)
	if err != nil {
		return nil, err
	}
	members, err := listMembers(ctx, q, `m.edition_id = $1`, id)
	if err != nil {
		return nil, err
	}
	at := make(map[ID]int, len(teams))
	for i, t := range teams {
		at[t.ID] = i
	}
	for _, m := range members {
		if i, known := at[m.Team]; known {
			teams[i].Members = append(teams[i].Members, m)
		}
	}
	return teams, nil
}

func membersOf(ctx context.Context, q sqldb.Querier, id ID) ([]Member, error) {
	return listMembers(ctx, q, `m.team_id = $1`, id)
}

func listMembers(ctx context.Context, q sqldb.Querier, where string, arg any) ([]Member, error) {
	return sqldb.All(ctx, q, func(m *Member) []any {
		return []any{&m.ID, &m.Name, &m.Email, &m.Lang, &m.Team, &m.Placed, sqldb.Moment{Time: &m.Joined}}
	}, `SELECT m.account_id, a.name, a.email, a.lang, m.team_id, m.placed, m.joined_at
		FROM team_members m JOIN accounts a ON a.id = m.account_id
		WHERE `+where+` ORDER BY m.joined_at, m.account_id`, arg)
}

func teamIDOf(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (ID, error) {
	return sqldb.Value[ID](ctx, q, `SELECT team_id FROM team_members WHERE edition_id = $1 AND account_id = $2`, id, who)
}

// seat puts the person into the team, out of any other.
func seat(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID, to ID, placed bool, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO team_members (edition_id, account_id, team_id, placed, joined_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET team_id = excluded.team_id, placed = excluded.placed,
			joined_at = excluded.joined_at`, id, who, to, placed, sqldb.Micros(at))
	return err
}

func unseat(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM team_members WHERE edition_id = $1 AND account_id = $2`, id, who)
	return err
}

// boardRow is a board as its columns have it: 0 for the edition's own limits.
type boardRow struct {
	min, max int
	relaxed  string
	frozen   time.Time
	revision int64
}

const boardColumns = `size_min, size_max, relaxed_for, frozen_at, revision`

func boardFields(b *boardRow) []any {
	return []any{&b.min, &b.max, &b.relaxed, sqldb.Moment{Time: &b.frozen}, &b.revision}
}

func (r boardRow) board(e edition.Edition) Board {
	b := Board{Limits: Limits{Min: e.TeamMin, Max: e.TeamMax}, Frozen: r.frozen, Revision: r.revision}
	if r.max > 0 {
		b.Limits, b.Relaxed = Limits{Min: r.min, Max: r.max}, r.relaxed
	}
	return b
}

// lockBoard makes whoever else changes a team of the edition wait for this transaction.
func lockBoard(ctx context.Context, tx *sqldb.Tx, e edition.Edition) (Board, error) {
	r, err := sqldb.One(ctx, tx, boardFields, `INSERT INTO team_boards
		(edition_id, size_min, size_max, relaxed_for, frozen_at, revision, job_id) VALUES ($1, 0, 0, '', 0, 1, '')
		ON CONFLICT (edition_id) DO UPDATE SET revision = team_boards.revision + 1 RETURNING `+boardColumns, e.ID)
	if err != nil {
		return Board{}, fmt.Errorf("holding the teams of %s: %w", e.Slug, err)
	}
	return r.board(e), nil
}

func getBoard(ctx context.Context, q sqldb.Querier, e edition.Edition) (Board, error) {
	rows, err := sqldb.All(ctx, q, boardFields, `SELECT `+boardColumns+` FROM team_boards WHERE edition_id = $1`, e.ID)
	if err != nil {
		return Board{}, fmt.Errorf("reading the board of %s: %w", e.Slug, err)
	}
	if len(rows) == 0 {
		rows = append(rows, boardRow{})
	}
	return rows[0].board(e), nil
}

func updateLimits(ctx context.Context, tx *sqldb.Tx, id edition.ID, l Limits, reason string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE team_boards SET size_min = $2, size_max = $3, relaxed_for = $4
		WHERE edition_id = $1`, id, l.Min, l.Max, reason)
	return err
}

func updateFrozen(ctx context.Context, tx *sqldb.Tx, id edition.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE team_boards SET frozen_at = $2 WHERE edition_id = $1`, id, sqldb.Micros(at))
	return err
}

func insertApart(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID, reason string, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO team_apart (edition_id, account_id, reason, decided_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET reason = excluded.reason, decided_at = excluded.decided_at`,
		id, who, reason, sqldb.Micros(at))
	return err
}

func deleteApart(ctx context.Context, tx *sqldb.Tx, id edition.ID, who account.ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM team_apart WHERE edition_id = $1 AND account_id = $2`, id, who)
	return err
}

type apart struct {
	who    account.ID
	reason string
}

func listApart(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]string, error) {
	rows, err := sqldb.All(ctx, q, func(a *apart) []any { return []any{&a.who, &a.reason} },
		`SELECT account_id, reason FROM team_apart WHERE edition_id = $1`, id)
	reasons := make(map[account.ID]string, len(rows))
	for _, a := range rows {
		reasons[a.who] = a.reason
	}
	return reasons, err
}

// byName sorts people as a list for reading.
func byName(left []Left) {
	slices.SortFunc(left, func(a, b Left) int {
		if c := strings.Compare(folding.Fold(a.Name), folding.Fold(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
}
