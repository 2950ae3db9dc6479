package app

import (
	"context"
	"time"

	"h48/internal/account"
	"h48/internal/checkin"
	"h48/internal/edition"
	"h48/internal/kit/sqldb"
	"h48/internal/project"
	"h48/internal/registration"
	"h48/internal/team"
	"h48/internal/team/forming"
)

// near is what the room of proposals asks of the others.
func near(r *registration.Service, p *project.Service, c *checkin.Service) forming.Neighbours {
	return forming.Neighbours{Roster: roster{r}, Skills: r, Came: c.Came,
		Give: func(ctx context.Context, tx *sqldb.Tx, actor account.Actor, id edition.ID, t team.ID, challenge string, now time.Time) error {
			return p.GiveTx(ctx, tx, actor, id, t, project.ChallengeID(challenge), now)
		},
		Challenges: func(ctx context.Context, q sqldb.Querier, id edition.ID) ([]forming.Challenge, error) {
			all, err := p.Challenges(ctx, q, id)
			var open []forming.Challenge
			for _, c := range all {
				if c.Dropped.IsZero() {
					open = append(open, forming.Challenge{ID: string(c.ID), Title: c.Title})
				}
			}
			return open, err
		}}
}
