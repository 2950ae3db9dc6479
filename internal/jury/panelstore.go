package jury

import (
	"context"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
)

// listPanels are the panels that somebody set, with the ids of their prizes alone.
func listPanels(ctx context.Context, q sqldb.Querier, id edition.ID) ([]Panel, error) {
	all, err := sqldb.All(ctx, q, func(p *Panel) []any { return []any{&p.Prize.ID, &p.Who, &p.Challenge} },
		`SELECT prize_id, teams, challenge_id FROM jury_panels WHERE edition_id = $1 ORDER BY prize_id`, id)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	at := map[string]*Panel{}
	for i := range all {
		at[all[i].Prize.ID] = &all[i]
	}
	type member struct {
		prize, team string
		juror       account.ID
		limited     bool
	}
	teams, err := sqldb.All(ctx, q, func(m *member) []any { return []any{&m.prize, &m.team} },
		`SELECT prize_id, team_id FROM jury_panel_teams WHERE edition_id = $1 ORDER BY prize_id, team_id`, id)
	if err != nil {
		return nil, err
	}
	jurors, err := sqldb.All(ctx, q, func(m *member) []any { return []any{&m.prize, &m.juror, &m.limited} },
		`SELECT prize_id, juror_id, limited FROM jury_panel_jurors WHERE edition_id = $1 ORDER BY prize_id, juror_id`, id)
	for _, m := range teams {
		if p := at[m.prize]; p != nil {
			p.Teams = append(p.Teams, m.team)
		}
	}
	for _, m := range jurors {
		if p := at[m.prize]; p != nil {
			p.Jurors = append(p.Jurors, m.juror)
			if m.limited {
				p.Limited = append(p.Limited, m.juror)
			}
		}
	}
	return all, err
}

func putPanel(ctx context.Context, tx *sqldb.Tx, id edition.ID, p Panel) error {
	if _, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_panels (edition_id, prize_id, teams, challenge_id) VALUES ($1, $2, $3, $4)
		ON CONFLICT (edition_id, prize_id) DO UPDATE SET teams = excluded.teams, challenge_id = excluded.challenge_id`,
		id, p.Prize.ID, p.Who, p.Challenge); err != nil {
		return err
	}
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM jury_panel_teams WHERE edition_id = $1 AND prize_id = $2`, id, p.Prize.ID); err != nil {
		return err
	}
	if _, err := sqldb.Exec(ctx, tx, `DELETE FROM jury_panel_jurors WHERE edition_id = $1 AND prize_id = $2`, id, p.Prize.ID); err != nil {
		return err
	}
	for _, team := range p.Teams {
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_panel_teams (edition_id, prize_id, team_id) VALUES ($1, $2, $3)`, id, p.Prize.ID, team); err != nil {
			return err
		}
	}
	limited := map[account.ID]bool{}
	for _, j := range p.Limited {
		limited[j] = true
	}
	for _, j := range p.Jurors {
		if _, err := sqldb.Exec(ctx, tx, `INSERT INTO jury_panel_jurors (edition_id, prize_id, juror_id, limited) VALUES ($1, $2, $3, $4)`,
			id, p.Prize.ID, j, limited[j]); err != nil {
			return err
		}
	}
	return nil
}
