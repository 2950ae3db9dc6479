package jury

import (
	"context"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// written is a juror's note or word on a team, with where it was written; as with marks,
// the newest counts and nothing is dropped.
type written struct {
	id, text string
	named    bool // of a word
	given    time.Time
	received time.Time
	device   string
	seen     time.Time
}

// rivals are the text that counts, and what other devices of the juror wrote that its
// writer did not have before them. A text that was emptied is no rival.
func rivals(all []written) (counts written, others []written) {
	newest := map[string]written{}
	for _, w := range all { // the oldest first
		newest[w.device], counts = w, w
	}
	for _, w := range all {
		if newest[w.device].id == w.id && w.device != counts.device && w.text != "" && w.text != counts.text &&
			!counts.seen.IsZero() && w.received.After(counts.seen) {
			others = append(others, w)
		}
	}
	return counts, others
}

// keepWritten keeps a text unless it says what counts already; said again, it settles what
// its rivals say.
func (s *Service) keepWritten(ctx context.Context, tx *sqldb.Tx, id edition.ID, h handed, of texts, text string, named bool) error {
	all, err := of.list(ctx, tx, id, h.juror, h.team)
	if err != nil {
		return fmt.Errorf("reading what was written: %w", err)
	}
	old, others := rivals(all)
	w := written{id: s.ids.ID(), text: strings.TrimSpace(text), named: named, given: h.given, received: h.now, device: h.in.Device, seen: h.in.Seen}
	if old.text == w.text && (old.named == w.named || w.text == "") && len(others) == 0 {
		return nil
	}
	if err := of.insert(ctx, tx, id, h.juror, h.team, w); err != nil {
		return fmt.Errorf("keeping what was written: %w", err)
	}
	subject, digest := of.noun+":"+w.id, w.text
	if err := s.concealed(ctx, tx, id, subject, &digest); err != nil {
		return err
	}
	return s.trace(ctx, tx, id, of.kind, subject, of.traced(h, digest, named))
}

// texts is one of the two kinds of what jurors write.
type texts struct {
	noun, kind string
	list       func(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID, team string) ([]written, error)
	insert     func(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, team string, w written) error
	traced     func(h handed, digest string, named bool) any
}

func notes() texts {
	return texts{"note", TraceNoted, listNotes, insertNote, func(h handed, digest string, _ bool) any {
		return TracedNote{Juror: h.juror, Team: h.team, Text: digest, Given: sqldb.Micros(h.given)}
	}}
}

func wordsForTeam() texts {
	return texts{"word", TraceWord, listWordsOf, insertWord, func(h handed, digest string, named bool) any {
		return TracedWord{Juror: h.juror, Team: h.team, Text: digest, Named: named, Given: sqldb.Micros(h.given)}
	}}
}

func writtenFields(w *written) []any {
	return []any{&w.id, &w.text, &w.named, sqldb.Moment{Time: &w.given}, sqldb.Moment{Time: &w.received}, &w.device, sqldb.Moment{Time: &w.seen}}
}

func listNotes(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID, team string) ([]written, error) {
	return sqldb.All(ctx, q, writtenFields, `SELECT id, text, FALSE, given_at, received_at, device, seen_at FROM jury_notes
		WHERE edition_id = $1 AND juror_id = $2 AND team_id = $3 ORDER BY given_at, id`, id, juror, team)
}

func listWordsOf(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID, team string) ([]written, error) {
	return sqldb.All(ctx, q, writtenFields, `SELECT id, text, named, given_at, received_at, device, seen_at FROM jury_words
		WHERE edition_id = $1 AND juror_id = $2 AND team_id = $3 ORDER BY given_at, id`, id, juror, team)
}

func insertNote(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, team string, w written) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_notes (id, edition_id, juror_id, team_id, text, given_at, received_at, device, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, w.id, id, juror, team, w.text, sqldb.Micros(w.given), sqldb.Micros(w.received), w.device, sqldb.Micros(w.seen))
	return err
}

func insertWord(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, team string, w written) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_words (id, edition_id, juror_id, team_id, text, named, given_at, received_at, device, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, w.id, id, juror, team, w.text, w.named, sqldb.Micros(w.given), sqldb.Micros(w.received), w.device, sqldb.Micros(w.seen))
	return err
}
