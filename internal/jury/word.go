package jury

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// mostWord is how many characters a word for a team may have.
const mostWord = 600

// Word is what a juror wants a team to read after the results. It is no mark, and apart
// from the juror's own note, which nobody else ever reads.
type Word struct {
	ID    string
	Juror account.ID
	Team  string
	Text  string // "" takes an earlier one back
	Named bool   // the team may know whose word it is
	Given time.Time
}

func (s *Service) keepWord(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, team string, in *Word, given time.Time) error {
	if in == nil {
		return nil
	}
	w := Word{ID: s.ids.ID(), Juror: juror, Team: team, Text: strings.TrimSpace(in.Text), Named: in.Named, Given: given}
	old, err := newestWord(ctx, tx, id, juror, team)
	if err != nil || old.Text == w.Text && (old.Named == w.Named || w.Text == "") {
		return err
	}
	if err := insertWord(ctx, tx, id, w); err != nil {
		return fmt.Errorf("keeping a word for a team: %w", err)
	}
	body := TracedWord{Juror: juror, Team: team, Text: w.Text, Named: w.Named, Given: sqldb.Micros(given)}
	if err := s.concealed(ctx, tx, id, "word:"+w.ID, &body.Text); err != nil {
		return err
	}
	return s.trace(ctx, tx, id, TraceWord, "word:"+w.ID, body)
}

// WordsForTeams are the words that jurors marked for the teams, the newest of each juror
// and team, in no order that says who wrote them first.
func (s *Service) WordsForTeams(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Word, error) {
	rows, err := listWords(ctx, q, id)
	if err != nil {
		return nil, fmt.Errorf("reading the words for the teams: %w", err)
	}
	newest := map[sheetKey]Word{}
	for _, w := range rows { // the oldest first
		newest[sheetKey{w.Juror, w.Team}] = w
	}
	var all []Word
	for _, w := range rows {
		if w.Text != "" && newest[sheetKey{w.Juror, w.Team}].ID == w.ID {
			all = append(all, w)
		}
	}
	return all, nil
}

const wordColumns = `id, juror_id, team_id, text, named, given_at`

func wordFields(w *Word) []any {
	return []any{&w.ID, &w.Juror, &w.Team, &w.Text, &w.Named, sqldb.Moment{Time: &w.Given}}
}

// newestWord is empty where there is none.
func newestWord(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID, team string) (Word, error) {
	w, err := sqldb.One(ctx, q, wordFields, `SELECT `+wordColumns+` FROM jury_words WHERE edition_id = $1 AND juror_id = $2 AND team_id = $3
		ORDER BY given_at DESC, id DESC LIMIT 1`, id, juror, team)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Word{}, nil
	}
	return w, err
}

func listWords(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Word, error) {
	return sqldb.All(ctx, q, wordFields, `SELECT `+wordColumns+` FROM jury_words WHERE edition_id = $1 ORDER BY given_at, id`, id)
}

func insertWord(ctx context.Context, tx *sqldb.Tx, id edition.ID, w Word) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_words (id, edition_id, juror_id, team_id, text, named, given_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, w.ID, id, w.Juror, w.Team, w.Text, w.Named, sqldb.Micros(w.Given))
	return err
}
