package jury

import (
	"context"
	"fmt"
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

func listWords(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Word, error) {
	return sqldb.All(ctx, q, wordFields, `SELECT `+wordColumns+` FROM jury_words WHERE edition_id = $1 ORDER BY given_at, id`, id)
}
