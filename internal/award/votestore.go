package award

import (
	"context"
	"fmt"
	"time"

	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

func insertVote(ctx context.Context, tx *sqldb.Tx, e edition.ID, v Vote) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_votes (id, edition_id, number, question, secret, opened_by, opened_at, closed_at, entitled)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)`, v.ID, e, v.Number, v.Question, v.Secret, v.OpenedBy, sqldb.Micros(v.Opened))
	if err != nil {
		return err
	}
	for _, o := range v.Options {
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_options (vote_id, place, label, team_id, tally) VALUES ($1, $2, $3, $4, 0)`,
			v.ID, o.Place, o.Label, o.Team); err != nil {
			return err
		}
	}
	return nil
}

func insertVoter(ctx context.Context, tx *sqldb.Tx, id VoteID, b Voter) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_voters (vote_id, account_id, name, place, noted_by) VALUES ($1, $2, $3, $4, $5)`,
		id, b.Account, b.Name, b.Place, b.NotedBy)
	return err
}

func countBallot(ctx context.Context, tx *sqldb.Tx, id VoteID, place int) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE deliberation_options SET tally = tally + 1 WHERE vote_id = $1 AND place = $2`, id, place)
	return err
}

// holdVote keeps a vote open until the end of the transaction: who closes it comes before
// or after, on both databases.
func holdVote(ctx context.Context, tx *sqldb.Tx, id VoteID) (int64, error) {
	return sqldb.Exec(ctx, tx, `UPDATE deliberation_votes SET closed_at = 0 WHERE id = $1 AND closed_at = 0`, id)
}

func endVote(ctx context.Context, tx *sqldb.Tx, id VoteID, entitled int, at time.Time) (int64, error) {
	return sqldb.Exec(ctx, tx, `UPDATE deliberation_votes SET closed_at = $2, entitled = $3 WHERE id = $1 AND closed_at = 0`,
		id, sqldb.Micros(at), entitled)
}

func voteFields(v *Vote) []any {
	return []any{&v.ID, &v.Number, &v.Question, &v.Secret, &v.OpenedBy, sqldb.Moment{Time: &v.Opened}, sqldb.Moment{Time: &v.Closed}, &v.Entitled}
}

type optionRow struct {
	vote VoteID
	Option
}

type voterRow struct {
	vote VoteID
	Voter
}

// listVotes returns the edition's votes with their answers and who has voted.
func listVotes(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Vote, error) {
	votes, err := sqldb.All(ctx, q, voteFields, `SELECT id, number, question, secret, opened_by, opened_at, closed_at, entitled
		FROM deliberation_votes WHERE edition_id = $1 ORDER BY number`, e)
	if err != nil {
		return nil, fmt.Errorf("reading the votes: %w", err)
	}
	options, err := sqldb.All(ctx, q, func(o *optionRow) []any { return []any{&o.vote, &o.Place, &o.Label, &o.Team, &o.Tally} },
		`SELECT o.vote_id, o.place, o.label, o.team_id, o.tally FROM deliberation_options o
			JOIN deliberation_votes v ON v.id = o.vote_id WHERE v.edition_id = $1 ORDER BY o.vote_id, o.place`, e)
	if err != nil {
		return nil, fmt.Errorf("reading the answers: %w", err)
	}
	voters, err := sqldb.All(ctx, q, func(b *voterRow) []any { return []any{&b.vote, &b.Account, &b.Name, &b.Place, &b.NotedBy} },
		`SELECT b.vote_id, b.account_id, b.name, b.place, b.noted_by FROM deliberation_voters b
			JOIN deliberation_votes v ON v.id = b.vote_id WHERE v.edition_id = $1 ORDER BY b.vote_id, b.name, b.account_id`, e)
	if err != nil {
		return nil, fmt.Errorf("reading who has voted: %w", err)
	}
	for i := range votes {
		for _, o := range options {
			if o.vote == votes[i].ID {
				votes[i].Options = append(votes[i].Options, o.Option)
			}
		}
		for _, b := range voters {
			if b.vote == votes[i].ID {
				votes[i].Voters = append(votes[i].Voters, b.Voter)
			}
		}
	}
	return votes, nil
}

func insertPass(ctx context.Context, tx *sqldb.Tx, e edition.ID, p Pass) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO deliberation_passes (edition_id, number, minutes, keeper, started_at) VALUES ($1, $2, $3, $4, $5)`,
		e, p.Number, int(p.Length/time.Minute), p.Keeper, sqldb.Micros(p.Started))
	return err
}

func listPasses(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Pass, error) {
	type row struct {
		Pass
		minutes int
	}
	rows, err := sqldb.All(ctx, q, func(r *row) []any { return []any{&r.Number, &r.minutes, &r.Keeper, sqldb.Moment{Time: &r.Started}} },
		`SELECT number, minutes, keeper, started_at FROM deliberation_passes WHERE edition_id = $1 ORDER BY number`, e)
	if err != nil {
		return nil, fmt.Errorf("reading the passes: %w", err)
	}
	passes := make([]Pass, len(rows))
	for i, r := range rows {
		passes[i] = r.Pass
		passes[i].Length = time.Duration(r.minutes) * time.Minute
	}
	return passes, nil
}
