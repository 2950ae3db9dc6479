package edition

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
)

const columns = `id, slug, kind, state, name, tagline, theme, place, practical, rules, host, contact, zone, lang,
	accent, logo_key, words, seats, team_min, team_max, grace_seconds, cloned_from, created_at,
	clock_base, clock_since, clock_speed, clock_paused`

// row is an edition as its columns have it.
type row struct {
	Edition
	zone  string
	grace int64
}

func fields(r *row) []any {
	e := &r.Edition
	return []any{&e.ID, &e.Slug, &e.Kind, &e.State, &e.Name, &e.Tagline, &e.Theme, &e.Place, &e.Practical, &e.Rules,
		&e.Host, &e.Contact, &r.zone, &e.Lang, &e.Accent, &e.LogoKey, sqldb.JSON{Of: &e.Words}, &e.Seats, &e.TeamMin, &e.TeamMax,
		&r.grace, &e.ClonedFrom, sqldb.Moment{Time: &e.Created}, sqldb.Moment{Time: &e.Pace.Base},
		sqldb.Moment{Time: &e.Pace.Since}, &e.Pace.Speed, &e.Pace.Paused}
}

func (r row) edition() (Edition, error) {
	e := r.Edition
	var err error
	if e.Zone, err = time.LoadLocation(r.zone); err != nil {
		return e, fmt.Errorf("the zone of edition %s: %w", e.Slug, err)
	}
	e.Grace = time.Duration(r.grace) * time.Second
	return e, nil
}

func values(e Edition) []any {
	return []any{e.ID, e.Slug, e.Kind, e.State, e.Name, e.Tagline, e.Theme, e.Place, e.Practical, e.Rules,
		e.Host, e.Contact, e.Zone.String(), e.Lang, e.Accent, e.LogoKey, sqldb.JSON{Of: e.Words}, e.Seats, e.TeamMin, e.TeamMax,
		int64(e.Grace / time.Second)}
}

func insertEdition(ctx context.Context, tx *sqldb.Tx, e Edition) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO editions (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
		$11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, 0, 0, 1, FALSE)`,
		append(values(e), e.ClonedFrom, sqldb.Micros(tx.Now()))...)
	if err != nil {
		return err
	}
	return replaceMoments(ctx, tx, e)
}

func updateEdition(ctx context.Context, tx *sqldb.Tx, e Edition) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE editions SET slug = $2, kind = $3, state = $4, name = $5, tagline = $6, theme = $7,
		place = $8, practical = $9, rules = $10, host = $11, contact = $12, zone = $13, lang = $14, accent = $15,
		logo_key = $16, words = $17, seats = $18, team_min = $19, team_max = $20, grace_seconds = $21 WHERE id = $1`, values(e)...)
	if err != nil {
		return err
	}
	return replaceMoments(ctx, tx, e)
}

func replaceMoments(ctx context.Context, tx *sqldb.Tx, e Edition) error {
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM edition_moments WHERE edition_id = $1`, e.ID); err != nil {
		return err
	}
	for m, at := range e.At {
		if at.IsZero() {
			continue
		}
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO edition_moments (edition_id, moment, at) VALUES ($1, $2, $3)`,
			e.ID, m, sqldb.Micros(at)); err != nil {
			return err
		}
	}
	return nil
}

func updateClock(ctx context.Context, tx *sqldb.Tx, e Edition) error {
	p := e.Pace
	_, err := sqldb.Exec(ctx, tx, `UPDATE editions SET clock_base = $2, clock_since = $3, clock_speed = $4, clock_paused = $5
		WHERE id = $1`, e.ID, sqldb.Micros(p.Base), sqldb.Micros(p.Since), p.Speed, p.Paused)
	return err
}

func getEdition(ctx context.Context, q sqldb.Querier, where string, arg any) (Edition, error) {
	r, err := sqldb.One(ctx, q, fields, `SELECT `+columns+` FROM editions WHERE `+where, arg)
	if err != nil {
		return Edition{}, err
	}
	e, err := r.edition()
	if err != nil {
		return e, err
	}
	e.At, err = momentsOf(ctx, q, e.ID)
	return e, err
}

func momentsOf(ctx context.Context, q sqldb.Querier, id ID) (map[Moment]time.Time, error) {
	type point struct {
		moment Moment
		at     time.Time
	}
	points, err := sqldb.All(ctx, q, func(p *point) []any { return []any{&p.moment, sqldb.Moment{Time: &p.at}} },
		`SELECT moment, at FROM edition_moments WHERE edition_id = $1`, id)
	if err != nil {
		return nil, err
	}
	at := make(map[Moment]time.Time, len(points))
	for _, p := range points {
		at[p.moment] = p.at
	}
	return at, nil
}

func listEditions(ctx context.Context, q sqldb.Querier) ([]Edition, error) {
	rows, err := sqldb.All(ctx, q, fields, `SELECT `+columns+` FROM editions ORDER BY created_at DESC, id`)
	if err != nil {
		return nil, err
	}
	editions := make([]Edition, 0, len(rows))
	for _, r := range rows {
		e, err := r.edition()
		if err != nil {
			return nil, err
		}
		if e.At, err = momentsOf(ctx, q, e.ID); err != nil {
			return nil, err
		}
		editions = append(editions, e)
	}
	return editions, nil
}

func insertRole(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID, role Role) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO edition_roles (edition_id, account_id, role, granted_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, account_id, role) DO NOTHING`, id, who, role, sqldb.Micros(tx.Now()))
	return n == 1, err
}

func deleteRole(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID, role Role) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM edition_roles WHERE edition_id = $1 AND account_id = $2 AND role = $3`, id, who, role)
	return n == 1, err
}

func rolesOf(ctx context.Context, q sqldb.Querier, id ID, who account.ID) (Roles, error) {
	return sqldb.All(ctx, q, func(r *Role) []any { return []any{r} },
		`SELECT role FROM edition_roles WHERE edition_id = $1 AND account_id = $2`, id, who)
}

func countRole(ctx context.Context, q sqldb.Querier, id ID, role Role) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM edition_roles r
		JOIN accounts a ON a.id = r.account_id WHERE r.edition_id = $1 AND r.role = $2 AND a.erased_at = 0`, id, role)
}

// listMembers is in the order in which people look a name up: É stands beside E.
func listMembers(ctx context.Context, q sqldb.Querier, id ID, role Role) ([]Member, error) {
	type row struct {
		Member
		key string
	}
	rows, err := sqldb.All(ctx, q, func(m *row) []any {
		a := &m.Account
		return []any{&a.ID, &a.Email, &a.Name, &a.Lang, &a.Admin, sqldb.Moment{Time: &a.Created}, sqldb.Moment{Time: &a.Erased}, &m.Role}
	}, `SELECT a.id, a.email, a.name, a.lang, a.admin, a.created_at, a.erased_at, r.role
		FROM edition_roles r JOIN accounts a ON a.id = r.account_id
		WHERE r.edition_id = $1 AND (CAST($2 AS TEXT) = '' OR r.role = $2) ORDER BY r.role, a.id`, id, string(role))
	for i := range rows {
		rows[i].key = names.Fold(rows[i].Account.Name)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(a.Role, b.Role), cmp.Compare(a.key, b.key)) })
	var all []Member
	for _, r := range rows {
		all = append(all, r.Member)
	}
	return all, err
}

func editionsOf(ctx context.Context, q sqldb.Querier, who account.ID) ([]ID, error) {
	return sqldb.All(ctx, q, func(id *ID) []any { return []any{id} },
		`SELECT DISTINCT edition_id FROM edition_roles WHERE account_id = $1`, who)
}

func insertPartner(ctx context.Context, tx *sqldb.Tx, id ID, p PartnerOrg, position int) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO edition_partners (id, edition_id, name, url, logo_key, position)
		VALUES ($1, $2, $3, $4, $5, $6)`, p.ID, id, p.Name, p.URL, p.LogoKey, position)
	return err
}

func deletePartner(ctx context.Context, tx *sqldb.Tx, id ID, partner string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `DELETE FROM edition_partners WHERE edition_id = $1 AND id = $2`, id, partner)
	return n == 1, err
}

func listPartners(ctx context.Context, q sqldb.Querier, id ID) ([]PartnerOrg, error) {
	return sqldb.All(ctx, q, func(p *PartnerOrg) []any { return []any{&p.ID, &p.Name, &p.URL, &p.LogoKey} },
		`SELECT id, name, url, logo_key FROM edition_partners WHERE edition_id = $1 ORDER BY position, id`, id)
}

// organisation is for whom somebody works.
type organisation struct {
	account account.ID
	name    string
}

// putOrganisation keeps an empty name too: somebody took one back.
func putOrganisation(ctx context.Context, tx *sqldb.Tx, id ID, who account.ID, name string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO edition_organisations (edition_id, account_id, name) VALUES ($1, $2, $3)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET name = excluded.name`, id, who, name)
	return err
}

func listOrganisations(ctx context.Context, q sqldb.Querier, id ID) ([]organisation, error) {
	return sqldb.All(ctx, q, func(o *organisation) []any { return []any{&o.account, &o.name} },
		`SELECT account_id, name FROM edition_organisations WHERE edition_id = $1 AND name <> ''`, id)
}

func organisationOf(ctx context.Context, q sqldb.Querier, id ID, who account.ID) (string, error) {
	return sqldb.Value[string](ctx, q, `SELECT name FROM edition_organisations WHERE edition_id = $1 AND account_id = $2`, id, who)
}
