package award

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const prizeColumns = `id, edition_id, title, body, cents, unplanned, reason, position, team_id, split_of`

func prizeFields(p *Prize) []any {
	return []any{&p.ID, &p.Edition, &p.Title, &p.Text, &p.Cents, &p.Unplanned, &p.Reason, &p.Position, &p.Team, &p.SplitOf}
}

func insertPrize(ctx context.Context, tx *sqldb.Tx, p Prize) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO prizes (`+prizeColumns+`, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.ID, p.Edition, p.Title, p.Text, p.Cents, p.Unplanned, p.Reason, p.Position, p.Team, p.SplitOf, sqldb.Micros(tx.Now()))
	return err
}

func updatePrize(ctx context.Context, tx *sqldb.Tx, p Prize) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE prizes SET title = $2, body = $3, cents = $4 WHERE id = $1`, p.ID, p.Title, p.Text, p.Cents)
	return err
}

// makeRoom moves the prizes that stand after a position back.
func makeRoom(ctx context.Context, tx *sqldb.Tx, e edition.ID, after, by int) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE prizes SET position = position + $3 WHERE edition_id = $1 AND position > $2`, e, after, by)
	return err
}

func choose(ctx context.Context, tx *sqldb.Tx, id PrizeID, team string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE prizes SET team_id = $2 WHERE id = $1`, id, team)
	return err
}

// listPrizes returns the edition's prizes, first one first, with what became of them.
func listPrizes(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Prize, error) {
	prizes, err := sqldb.All(ctx, q, prizeFields, `SELECT `+prizeColumns+` FROM prizes WHERE edition_id = $1 ORDER BY position, id`, e)
	if err != nil {
		return nil, fmt.Errorf("reading the prizes: %w", err)
	}
	moves, err := sqldb.All(ctx, q, movementFields, `SELECT id, prize_id, step, state, reason, actor_id, actor_name, moved_at
		FROM prize_movements WHERE edition_id = $1 ORDER BY prize_id, step`, e)
	if err != nil {
		return nil, fmt.Errorf("reading what became of the prizes: %w", err)
	}
	for i := range prizes {
		prizes[i].State = Planned
		for _, m := range moves {
			if m.Prize == prizes[i].ID {
				prizes[i].Steps, prizes[i].State = append(prizes[i].Steps, m), m.State
			}
		}
	}
	return prizes, nil
}

func titleOf(ctx context.Context, q sqldb.Querier, e edition.ID, id PrizeID) (string, error) {
	return sqldb.Value[string](ctx, q, `SELECT title FROM prizes WHERE edition_id = $1 AND id = $2`, e, id)
}

func movementFields(m *Movement) []any {
	return []any{&m.ID, &m.Prize, &m.Step, &m.State, &m.Reason, &m.Actor, &m.ActorName, sqldb.Moment{Time: &m.At}}
}

func insertMovement(ctx context.Context, tx *sqldb.Tx, e edition.ID, m Movement) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO prize_movements (id, edition_id, prize_id, step, state, reason, actor_id, actor_name, moved_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		m.ID, e, m.Prize, m.Step, m.State, m.Reason, m.Actor, m.ActorName, sqldb.Micros(m.At))
	return err
}

// deliberationFields reads what was decided upon from basis; before rankings were kept
// whole, ranking had their standings.
func deliberationFields(d *Deliberation) []any {
	return []any{&d.Edition, &d.State, sqldb.Moment{Time: &d.Opened}, sqldb.Moment{Time: &d.Decided}, sqldb.Moment{Time: &d.Closed},
		&d.Reason, &d.Decider, &d.DeciderReason, &d.Guests, sqldb.JSON{Of: &d.Basis.Standings}, sqldb.JSON{Of: &d.Basis}, &d.Revealed, &d.Announced, &d.Head}
}

// getDeliberation returns the edition's deliberation; one that waits where nobody has
// opened it.
func getDeliberation(ctx context.Context, q sqldb.Querier, e edition.ID) (Deliberation, error) {
	d, err := sqldb.One(ctx, q, deliberationFields, `SELECT edition_id, state, opened_at, decided_at, closed_at, reason, decider,
		decider_reason, guests, ranking, basis, revealed, announced, head FROM deliberations WHERE edition_id = $1`, e)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Deliberation{Edition: e, State: Waiting}, nil
	}
	if err != nil {
		return d, fmt.Errorf("reading the deliberation: %w", err)
	}
	return d, nil
}

func insertDeliberation(ctx context.Context, tx *sqldb.Tx, e edition.ID, at time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberations (edition_id, state, opened_at, decided_at, closed_at, reason, decider,
		decider_reason, guests, ranking, revealed) VALUES ($1, $2, $3, 0, 0, '', '', '', '', '[]', 0)`, e, Open, sqldb.Micros(at))
	return err
}

// updateDeliberation writes the deliberation, unless it has left the state from meanwhile.
func updateDeliberation(ctx context.Context, tx *sqldb.Tx, d Deliberation, from State) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE deliberations SET state = $3, decided_at = $4, closed_at = $5, reason = $6, decider = $7,
		decider_reason = $8, guests = $9, basis = $10 WHERE edition_id = $1 AND state = $2`,
		d.Edition, from, d.State, sqldb.Micros(d.Decided), sqldb.Micros(d.Closed), d.Reason, d.Decider, d.DeciderReason, d.Guests, sqldb.JSON{Of: d.Basis})
	return n == 1, err
}

// updateHead notes where the jury's chain stood when it was decided.
func updateHead(ctx context.Context, tx *sqldb.Tx, e edition.ID, hash string) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE deliberations SET head = $2 WHERE edition_id = $1`, e, hash)
	return err
}

func updateRevealed(ctx context.Context, tx *sqldb.Tx, e edition.ID, from, to beat) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE deliberations SET revealed = $4, announced = $5
		WHERE edition_id = $1 AND revealed = $2 AND announced = $3 AND state = 'closed'`, e, from.revealed(), from.announced(), to.revealed(), to.announced())
	return n == 1, err
}

func attendanceFields(a *Attendance) []any { return []any{&a.Account, &a.Name, &a.Presence, &a.Note} }

func listAttendance(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Attendance, error) {
	return sqldb.All(ctx, q, attendanceFields, `SELECT account_id, name, presence, note FROM deliberation_people
		WHERE edition_id = $1 ORDER BY name, account_id`, e)
}

func upsertAttendance(ctx context.Context, tx *sqldb.Tx, e edition.ID, a Attendance) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_people (edition_id, account_id, name, presence, note) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (edition_id, account_id) DO UPDATE SET name = excluded.name, presence = excluded.presence, note = excluded.note`,
		e, a.Account, a.Name, a.Presence, a.Note)
	return err
}

func addendumFields(a *Addendum) []any {
	return []any{&a.ID, &a.Text, &a.Actor, &a.ActorName, sqldb.Moment{Time: &a.At}}
}

func listAddenda(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Addendum, error) {
	return sqldb.All(ctx, q, addendumFields, `SELECT id, body, actor_id, actor_name, made_at FROM deliberation_addenda
		WHERE edition_id = $1 ORDER BY made_at, id`, e)
}

func insertAddendum(ctx context.Context, tx *sqldb.Tx, e edition.ID, a Addendum) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_addenda (id, edition_id, body, actor_id, actor_name, made_at)
		VALUES ($1, $2, $3, $4, $5, $6)`, a.ID, e, a.Text, a.Actor, a.ActorName, sqldb.Micros(a.At))
	return err
}

var errWritten = errors.New("the letter was ordered before")

// hasLetters says whether the edition's results were written to anybody.
func hasLetters(ctx context.Context, q sqldb.Querier, e edition.ID) (bool, error) {
	n, err := sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM award_letters WHERE edition_id = $1`, e)
	return n > 0, err
}

// insertLetter notes that the person is written to; a second time is errWritten.
func insertLetter(ctx context.Context, tx *sqldb.Tx, e edition.ID, who account.ID) error {
	n, err := sqldb.Exec(ctx, tx, `INSERT INTO award_letters (edition_id, account_id) VALUES ($1, $2) ON CONFLICT (edition_id, account_id) DO NOTHING`, e, who)
	if err == nil && n == 0 {
		err = errWritten
	}
	return err
}
