package programme

import (
	"context"
	"fmt"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// SeatTx takes places in a session for people who asked for it, in their order and in the
// caller's transaction: seats while there are some, then turns in the line. Whoever has a
// place keeps it. It returns the state of each; nothing for a session that is cancelled
// or over.
func (s *Service) SeatTx(ctx context.Context, tx *sqldb.Tx, actor account.Actor, e edition.Edition, id ID, people []account.ID) (map[account.ID]PlaceState, error) {
	if err := lockSession(ctx, tx, id); err != nil {
		return nil, err
	}
	session, err := getSession(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	now := e.Now(tx.Now())
	if session.Edition != e.ID || session.Cancelled || session.Over(now) {
		return nil, nil
	}
	got := make(map[account.ID]PlaceState, len(people))
	for _, who := range people {
		state := Seated
		if session.Full() {
			state = Waiting
		}
		first, err := insertPlace(ctx, tx, id, who, state, now)
		if err != nil {
			return nil, fmt.Errorf("seating %s in session %s: %w", who, id, err)
		}
		if !first {
			continue
		}
		got[who] = state
		if state == Seated {
			session.Seated++
		}
	}
	return got, s.note(ctx, tx, actor, e, session, "programme.seated", fmt.Sprint(len(got)))
}

// Places lists who has a place in which session of the edition.
func (s *Service) Places(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Place, error) {
	return sqldb.All(ctx, q, placeFields, `SELECT `+placeColumns+` FROM programme_places p JOIN accounts a ON a.id = p.account_id
		JOIN programme_sessions s ON s.id = p.session_id WHERE s.edition_id = $1 ORDER BY p.account_id, p.session_id`, id)
}

// Sessions lists every session of the edition, in the order of the programme.
func (s *Service) Sessions(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Session, error) {
	return listSessions(ctx, q, id)
}

// Title is what a session of the edition is called.
func (s *Service) Title(ctx context.Context, q sqldb.Querier, e edition.ID, id ID) (string, error) {
	return titleOf(ctx, q, e, id)
}
