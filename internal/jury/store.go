package jury

import (
	"context"
	"errors"
	"fmt"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

const roundColumns = `number, format, way, visit_floor, visit_minutes, window_minutes, finalists, final_minutes, final_of, ladder,
	reason, opened_at, closed_at, deliberation_at, version`

func roundFields(r *Round) []any {
	return []any{&r.Number, &r.Format, &r.Way, &r.Floor, &r.Minutes, &r.Window, &r.Finalists, &r.FinalMinutes, &r.Of, ladderText{&r.Ladder},
		&r.Reason, sqldb.Moment{Time: &r.Opened}, sqldb.Moment{Time: &r.Closed}, sqldb.Moment{Time: &r.Deliberation}, &r.version}
}

// hold has marks on their way in wait, and tells them afterwards that the rules moved.
func (s *Service) hold(ctx context.Context, tx *sqldb.Tx, id edition.ID) error {
	if err := s.chain.Hold(ctx, tx, string(id)); err != nil {
		return err
	}
	_, err := sqldb.Exec(ctx, tx, `UPDATE jury_rounds SET version = version + 1 WHERE edition_id = $1`, id)
	return err
}

// still is errMoved where an organiser changed something after the round was read. Asked
// after the chain was appended to, nobody else can until the transaction ends.
func still(ctx context.Context, tx *sqldb.Tx, id edition.ID, r Round) error {
	n, err := sqldb.Value[int](ctx, tx, `SELECT COUNT(*) FROM jury_rounds WHERE edition_id = $1 AND (number > $2 OR number = $2 AND version <> $3)`, id, r.Number, r.version)
	if err == nil && n > 0 {
		err = errMoved
	}
	return err
}

func lastRound(ctx context.Context, q sqldb.Querier, id edition.ID) (Round, error) {
	r, err := sqldb.One(ctx, q, roundFields, `SELECT `+roundColumns+` FROM jury_rounds WHERE edition_id = $1 ORDER BY number DESC LIMIT 1`, id)
	if err == nil && r.Final() {
		r.Teams, err = listRoundTeams(ctx, q, id, r.Number)
	}
	return r, err
}

func listRounds(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Round, error) {
	all, err := sqldb.All(ctx, q, roundFields, `SELECT `+roundColumns+` FROM jury_rounds WHERE edition_id = $1 ORDER BY number`, id)
	for i := 0; err == nil && i < len(all); i++ {
		if all[i].Final() {
			all[i].Teams, err = listRoundTeams(ctx, q, id, all[i].Number)
		}
	}
	return all, err
}

func listRoundTeams(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]string, error) {
	return sqldb.All(ctx, q, func(team *string) []any { return []any{team} },
		`SELECT team_id FROM jury_round_teams WHERE edition_id = $1 AND round = $2 ORDER BY team_id`, id, round)
}

// insertRound leaves a round of that number that is there already.
func insertRound(ctx context.Context, tx *sqldb.Tx, id edition.ID, r Round) error {
	ladder, err := r.Ladder.text()
	if err != nil {
		return fmt.Errorf("writing the ladder of ties: %w", err)
	}
	_, err = sqldb.Exec(ctx, tx, `INSERT INTO jury_rounds (edition_id, number, state, format, way, visit_floor, visit_minutes, window_minutes,
		finalists, final_minutes, final_of, reason, ladder, opened_at, closed_at, deliberation_at)
		VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0) ON CONFLICT (edition_id, number) DO NOTHING`,
		id, r.Number, r.Format, r.Way, r.Floor, r.Minutes, r.Window, r.Finalists, r.FinalMinutes, r.Of, r.Reason, ladder, sqldb.Micros(r.Opened))
	return err
}

func insertRoundTeam(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, team string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_round_teams (edition_id, round, team_id) VALUES ($1, $2, $3)
		ON CONFLICT (edition_id, round, team_id) DO NOTHING`, id, round, team)
	return err
}

func updateSetup(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, s Setup) error {
	_, err := sqldb.Exec(ctx, tx, `UPDATE jury_rounds SET format = $3, way = $4, visit_floor = $5, visit_minutes = $6, window_minutes = $7,
		finalists = $8, final_minutes = $9 WHERE edition_id = $1 AND number = $2`, id, round, s.Format, s.Way, s.Floor, s.Minutes, s.Window,
		s.Finalists, s.FinalMinutes)
	return err
}

// updateRound says whether the round was still as it is left.
func updateRound(ctx context.Context, tx *sqldb.Tx, id edition.ID, before, r Round) (bool, error) {
	n, err := sqldb.Exec(ctx, tx, `UPDATE jury_rounds SET state = $3, closed_at = $4, deliberation_at = $5
		WHERE edition_id = $1 AND number = $2 AND closed_at = $6 AND deliberation_at = $7`, id, r.Number, r.state(),
		sqldb.Micros(r.Closed), sqldb.Micros(r.Deliberation), sqldb.Micros(before.Closed), sqldb.Micros(before.Deliberation))
	return n == 1, err
}

func (r Round) state() string {
	if r.Open() {
		return "open"
	}
	return "closed"
}

const markColumns = `id, juror_id, team_id, criterion_id, kind, value, given_at, received_at, entered_by, reason, paper, device, seen_at`

func markFields(m *Mark) []any {
	return []any{&m.ID, &m.Juror, &m.Team, &m.Criterion, &m.Kind, &m.Value, sqldb.Moment{Time: &m.Given},
		sqldb.Moment{Time: &m.Received}, &m.EnteredBy, &m.Reason, &m.Paper, &m.Device, sqldb.Moment{Time: &m.Seen}}
}

func insertMark(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, m Mark) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_marks
		(id, edition_id, round, juror_id, team_id, criterion_id, kind, value, given_at, received_at, entered_by, reason, paper, device, seen_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		m.ID, id, round, m.Juror, m.Team, m.Criterion, m.Kind, m.Value, sqldb.Micros(m.Given), sqldb.Micros(m.Received), m.EnteredBy, m.Reason,
		m.Paper, m.Device, sqldb.Micros(m.Seen))
	return err
}

func countMarks(ctx context.Context, q sqldb.Querier, id edition.ID, round int) (int, error) {
	return sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM jury_marks WHERE edition_id = $1 AND round = $2`, id, round)
}

func listSheet(ctx context.Context, q sqldb.Querier, id edition.ID, round int, juror account.ID, team string) ([]Mark, error) {
	return sqldb.All(ctx, q, markFields, `SELECT `+markColumns+` FROM jury_marks
		WHERE edition_id = $1 AND round = $2 AND juror_id = $3 AND team_id = $4 ORDER BY given_at, id`, id, round, juror, team)
}

func listMarksOf(ctx context.Context, q sqldb.Querier, id edition.ID, round int, juror account.ID) ([]Mark, error) {
	return sqldb.All(ctx, q, markFields, `SELECT `+markColumns+` FROM jury_marks
		WHERE edition_id = $1 AND round = $2 AND juror_id = $3 ORDER BY id`, id, round, juror)
}

// listMarksAfter are the round's marks with a greater id.
func listMarksAfter(ctx context.Context, q sqldb.Querier, id edition.ID, round int, after string) ([]Mark, error) {
	return sqldb.All(ctx, q, markFields, `SELECT `+markColumns+` FROM jury_marks
		WHERE edition_id = $1 AND round = $2 AND id > $3 ORDER BY id`, id, round, after)
}

// jurorStates are the jurors of whom anything was ever noted.
func jurorStates(ctx context.Context, q sqldb.Querier, id edition.ID) (map[account.ID]Juror, error) {
	list, err := sqldb.All(ctx, q, func(j *Juror) []any {
		return []any{&j.Account.ID, &j.Presence, &j.Reason, sqldb.Moment{Time: &j.Briefed}, &j.Organisation, &j.Head}
	}, `SELECT juror_id, presence, reason, briefed_at, organisation, leads FROM jury_jurors WHERE edition_id = $1`, id)
	all := map[account.ID]Juror{}
	for _, j := range list {
		all[j.Account.ID] = j
	}
	return all, err
}

func isHead(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (bool, error) {
	n, err := sqldb.Value[int](ctx, q, `SELECT COUNT(*) FROM jury_jurors WHERE edition_id = $1 AND juror_id = $2 AND leads`, id, who)
	return n > 0, err
}

func putHead(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, leads bool) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_jurors (edition_id, juror_id, presence, reason, briefed_at, leads) VALUES ($1, $2, 'present', '', 0, $3)
		ON CONFLICT (edition_id, juror_id) DO UPDATE SET leads = excluded.leads`, id, juror, leads)
	return err
}

// jurorState is one juror's; present where nothing was noted.
func jurorState(ctx context.Context, q sqldb.Querier, id edition.ID, who account.ID) (Juror, error) {
	j, err := sqldb.One(ctx, q, func(j *Juror) []any {
		return []any{&j.Presence, &j.Reason, sqldb.Moment{Time: &j.Briefed}, &j.Organisation, &j.Head}
	},
		`SELECT presence, reason, briefed_at, organisation, leads FROM jury_jurors WHERE edition_id = $1 AND juror_id = $2`, id, who)
	if errors.Is(err, sqldb.ErrNotFound) {
		return Juror{Presence: Present}, nil
	}
	return j, err
}

func putPresence(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, p Presence, reason string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_jurors (edition_id, juror_id, presence, reason, briefed_at) VALUES ($1, $2, $3, $4, 0)
		ON CONFLICT (edition_id, juror_id) DO UPDATE SET presence = excluded.presence, reason = excluded.reason`, id, juror, p, reason)
	return err
}

func putBriefed(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, now time.Time) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_jurors (edition_id, juror_id, presence, reason, briefed_at) VALUES ($1, $2, 'present', '', $3)
		ON CONFLICT (edition_id, juror_id) DO UPDATE SET briefed_at = excluded.briefed_at`, id, juror, sqldb.Micros(now))
	return err
}

func putOrganisation(ctx context.Context, tx *sqldb.Tx, id edition.ID, juror account.ID, organisation string) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_jurors (edition_id, juror_id, presence, reason, briefed_at, organisation) VALUES ($1, $2, 'present', '', 0, $3)
		ON CONFLICT (edition_id, juror_id) DO UPDATE SET organisation = excluded.organisation`, id, juror, organisation)
	return err
}

const conflictColumns = `juror_id, team_id, CASE WHEN tie = '' THEN source ELSE tie END, reason, made_by, made_at, lifted_at, lifted_why`

func conflictFields(c *Conflict) []any {
	return []any{&c.Juror, &c.Team, &c.Source, &c.Reason, &c.By, sqldb.Moment{Time: &c.Made}, sqldb.Moment{Time: &c.Lifted}, &c.LiftedWhy}
}

func listConflicts(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Conflict, error) {
	return sqldb.All(ctx, q, conflictFields, `SELECT `+conflictColumns+` FROM jury_conflicts
		WHERE edition_id = $1 ORDER BY juror_id, team_id`, id)
}

func getConflict(ctx context.Context, q sqldb.Querier, id edition.ID, juror account.ID, team string) (Conflict, error) {
	return sqldb.One(ctx, q, conflictFields, `SELECT `+conflictColumns+` FROM jury_conflicts
		WHERE edition_id = $1 AND juror_id = $2 AND team_id = $3`, id, juror, team)
}

func putConflict(ctx context.Context, tx *sqldb.Tx, id edition.ID, c Conflict) error {
	source, tie := c.Source, Source("")
	if source == Together || source == OwnChallenge {
		source, tie = Employer, c.Source
	}
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_conflicts
		(edition_id, juror_id, team_id, source, reason, made_by, made_at, lifted_at, lifted_why, tie)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (edition_id, juror_id, team_id) DO UPDATE SET source = excluded.source, tie = excluded.tie, reason = excluded.reason,
			made_by = excluded.made_by, made_at = excluded.made_at, lifted_at = excluded.lifted_at, lifted_why = excluded.lifted_why`,
		id, c.Juror, c.Team, source, c.Reason, c.By, sqldb.Micros(c.Made), sqldb.Micros(c.Lifted), c.LiftedWhy, tie)
	return err
}

func listDecisions(ctx context.Context, q sqldb.Querier, id edition.ID, round int) ([]Decision, error) {
	return sqldb.All(ctx, q, func(d *Decision) []any {
		return []any{&d.Team, &d.Decider, &d.Reason, &d.By, sqldb.Moment{Time: &d.Made}}
	}, `SELECT team_id, decider, reason, made_by, made_at FROM jury_decisions WHERE edition_id = $1 AND round = $2 ORDER BY made_at, id`, id, round)
}

func insertDecision(ctx context.Context, tx *sqldb.Tx, id edition.ID, round int, decision string, d Decision) error {
	_, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_decisions (id, edition_id, round, team_id, decider, reason, made_by, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, decision, id, round, d.Team, d.Decider, d.Reason, d.By, sqldb.Micros(d.Made))
	return err
}
