package registration

import (
	"context"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/names"
	"h48/internal/kit/sqldb"
)

const columns = `r.id, r.edition_id, r.account_id, a.email, r.state, r.source, r.name, r.profile, r.trade, r.skills,
	r.meals, r.meal_note, r.with_whom, r.theme_wish, r.photo, r.news, r.organisation, r.rules_at, r.created_at, r.queued_at,
	r.confirmed_at, r.at_door_at`

const tables = ` FROM registrations r JOIN accounts a ON a.id = r.account_id `

func fields(r *Registration) []any {
	return []any{&r.ID, &r.Edition, &r.Account, &r.Email, &r.State, &r.Source, &r.Name, &r.Profile, &r.Trade, sqldb.JSON{Of: &r.Skills},
		sqldb.JSON{Of: &r.Meals}, &r.MealNote, &r.With, &r.Theme, &r.Photo, &r.News, &r.Organisation, sqldb.Moment{Time: &r.RulesAt},
		sqldb.Moment{Time: &r.Created}, sqldb.Moment{Time: &r.Queued}, sqldb.Moment{Time: &r.Confirmed},
		sqldb.Moment{Time: &r.AtDoor}}
}

// values are the columns that answers fill, from name to organisation.
func values(a Answers) []any {
	return []any{a.Name, names.Fold(a.Name), a.Profile, a.Trade, sqldb.JSON{Of: a.Skills}, sqldb.JSON{Of: a.Meals},
		a.MealNote, a.With, a.Theme, a.Photo, a.News, a.Organisation}
}

func insertRegistration(ctx context.Context, tx *sqldb.Tx, r Registration) error {
	args := append([]any{r.ID, r.Edition, r.Account, r.State, r.Source}, values(r.Answers)...)
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO registrations (id, edition_id, account_id, state, source,
			name, name_key, profile, trade, skills, meals, meal_note, with_whom, theme_wish, photo, news,
			organisation, rules_at, created_at, queued_at, confirmed_at, at_door_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 0)`,
		append(args, sqldb.Micros(r.RulesAt), sqldb.Micros(r.Created), sqldb.Micros(r.Queued), sqldb.Micros(r.Confirmed))...)
	return err
}

func updateAnswers(ctx context.Context, tx *sqldb.Tx, id ID, a Answers) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE registrations SET name = $2, name_key = $3, profile = $4, trade = $5, skills = $6,
		meals = $7, meal_note = $8, with_whom = $9, theme_wish = $10, photo = $11, news = $12, organisation = $13 WHERE id = $1`,
		append([]any{id}, values(a)...)...)
	return err
}

// updateState moves the registration on from the state it is believed to be in, and says
// whether it was still there.
func updateState(ctx context.Context, tx *sqldb.Tx, r Registration, from State) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE registrations SET state = $3, queued_at = $4, confirmed_at = $5, at_door_at = $6,
		rules_at = $7 WHERE id = $1 AND state = $2`, r.ID, from, r.State, sqldb.Micros(r.Queued), sqldb.Micros(r.Confirmed),
		sqldb.Micros(r.AtDoor), sqldb.Micros(r.RulesAt))
	return n == 1, err
}

func getRegistration(ctx context.Context, q sqldb.Querier, id ID) (Registration, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+tables+`WHERE r.id = $1`, id)
}

// namesOf adds the names of the registrations.
func namesOf(ctx context.Context, q sqldb.Querier, e edition.ID, some []ID, all map[ID]string) error {
	args := []any{e}
	for _, id := range some {
		args = append(args, id)
	}
	type named struct {
		id   ID
		name string
	}
	rows, err := sqldb.All(ctx, q, func(n *named) []any { return []any{&n.id, &n.name} },
		`SELECT id, name FROM registrations WHERE edition_id = $1 AND id IN `+sqldb.In(2, len(some)), args...)
	for _, n := range rows {
		all[n.id] = n.name
	}
	return err
}

func registrationOf(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (Registration, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+tables+`WHERE r.edition_id = $1 AND r.account_id = $2`, e, who)
}

func registrationsOf(ctx context.Context, q sqldb.Querier, who account.ID) ([]Registration, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+tables+`WHERE r.account_id = $1 ORDER BY r.id`, who)
}

func listByState(ctx context.Context, q sqldb.Querier, e edition.ID, state State) ([]Registration, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+tables+`WHERE r.edition_id = $1 AND r.state = $2
		ORDER BY r.confirmed_at, r.queued_at, r.id`, e, state)
}

func listAll(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Registration, error) {
	return sqldb.All(ctx, q, fields, `SELECT `+columns+tables+`WHERE r.edition_id = $1 AND r.state <> 'erased'
		ORDER BY r.name_key, r.id`, e)
}

// nextWaiting returns who moves up next: who stands at the door first, then the order of
// the list.
func nextWaiting(ctx context.Context, q sqldb.Querier, e edition.ID) (Registration, error) {
	return sqldb.One(ctx, q, fields, `SELECT `+columns+tables+`WHERE r.edition_id = $1 AND r.state = 'waiting'
		ORDER BY CASE WHEN r.at_door_at > 0 THEN 0 ELSE 1 END, r.queued_at, r.id LIMIT 1`, e)
}

// countAhead is how many stand before the registration in the waiting order.
func countAhead(ctx context.Context, q sqldb.Querier, r Registration) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM registrations
		WHERE edition_id = $1 AND state = 'waiting' AND (queued_at, id) < ($2, $3)`, r.Edition, sqldb.Micros(r.Queued), r.ID)
}

func countState(ctx context.Context, q sqldb.Querier, e edition.ID, state State) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM registrations WHERE edition_id = $1 AND state = $2`, e, state)
}

// tally is how many registrations share a state and a profile.
type tally struct {
	state   State
	profile Profile
	n       int
}

func tallies(ctx context.Context, q sqldb.Querier, e edition.ID) ([]tally, error) {
	return sqldb.All(ctx, q, func(t *tally) []any { return []any{&t.state, &t.profile, &t.n} },
		`SELECT state, profile, COUNT(*) FROM registrations WHERE edition_id = $1 GROUP BY state, profile`, e)
}

// employer is who somebody wrote that they work or study for.
type employer struct {
	account      account.ID
	organisation string
}

func listEmployers(ctx context.Context, q sqldb.Querier, e edition.ID) ([]employer, error) {
	return sqldb.All(ctx, q, func(m *employer) []any { return []any{&m.account, &m.organisation} },
		`SELECT account_id, organisation FROM registrations WHERE edition_id = $1 AND organisation <> ''`, e)
}

func employerOf(ctx context.Context, q sqldb.Querier, e edition.ID, who account.ID) (string, error) {
	return sqldb.Value[string](ctx, q, `SELECT organisation FROM registrations WHERE edition_id = $1 AND account_id = $2`, e, who)
}

func eraseRegistration(ctx context.Context, tx *sqldb.Tx, id ID, alias string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE registrations SET state = 'erased', name = $2, name_key = '', profile = '', trade = '',
		skills = '', meals = '', meal_note = '', with_whom = '', theme_wish = '', organisation = '', photo = 'no', news = FALSE, at_door_at = 0
		WHERE id = $1`, id, alias)
	return err
}

func eraseMeals(ctx context.Context, tx *sqldb.Tx, e edition.ID) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE registrations SET meals = '', meal_note = '' WHERE edition_id = $1`, e)
	return err
}

// book is what an edition's registrations ask.
type book struct {
	skills []Skill
}

func getBook(ctx context.Context, q sqldb.Querier, e edition.ID) (book, error) {
	books, err := sqldb.All(ctx, q, func(b *book) []any { return []any{sqldb.JSON{Of: &b.skills}} },
		`SELECT skills FROM registration_books WHERE edition_id = $1`, e)
	if err != nil {
		return book{}, err
	}
	if len(books) == 0 || len(books[0].skills) == 0 {
		return book{skills: usual}, nil
	}
	return books[0], nil
}

func updateSkills(ctx context.Context, tx *sqldb.Tx, e edition.ID, skills []Skill) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO registration_books (edition_id, skills, turns) VALUES ($1, $2, 0)
		ON CONFLICT (edition_id) DO UPDATE SET skills = excluded.skills`, e, sqldb.JSON{Of: skills})
	return err
}

// takeTurn makes every other transaction that gives seats of the edition wait until this
// one has ended, so that no seat is given twice.
func takeTurn(ctx context.Context, tx *sqldb.Tx, e edition.ID) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO registration_books (edition_id, skills, turns) VALUES ($1, '', 1)
		ON CONFLICT (edition_id) DO UPDATE SET turns = registration_books.turns + 1`, e)
	if err != nil {
		return fmt.Errorf("taking a turn at the seats: %w", err)
	}
	return nil
}

// letterLink is a link of a letter.
type letterLink struct {
	registration ID
	answers      *Answers
	created      time.Time
	used         time.Time
}

func insertLink(ctx context.Context, tx *sqldb.Tx, tokenHash string, id ID, answers *Answers) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO registration_links (token_hash, registration_id, answers, created_at, used_at)
		VALUES ($1, $2, $3, $4, 0)`, tokenHash, id, sqldb.JSON{Of: answers}, sqldb.Micros(tx.Now()))
	return err
}

func getLink(ctx context.Context, q sqldb.Querier, tokenHash string) (letterLink, error) {
	return sqldb.One(ctx, q, func(l *letterLink) []any {
		return []any{&l.registration, sqldb.JSON{Of: &l.answers}, sqldb.Moment{Time: &l.created}, sqldb.Moment{Time: &l.used}}
	}, `SELECT registration_id, answers, created_at, used_at FROM registration_links WHERE token_hash = $1`, tokenHash)
}

// useLink marks the link used, drops the answers it carried, and says whether it was
// unused.
func useLink(ctx context.Context, tx *sqldb.Tx, tokenHash string) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE registration_links SET used_at = $2, answers = ''
		WHERE token_hash = $1 AND used_at = 0`, tokenHash, sqldb.Micros(tx.Now()))
	return n == 1, err
}

func countLinksSince(ctx context.Context, q sqldb.Querier, id ID, since time.Time) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM registration_links WHERE registration_id = $1 AND created_at > $2`,
		id, sqldb.Micros(since))
}

func deleteLinks(ctx context.Context, tx *sqldb.Tx, id ID) error {
	_, err := sqldb.Exec(ctx, tx, `DELETE FROM registration_links WHERE registration_id = $1`, id)
	return err
}
