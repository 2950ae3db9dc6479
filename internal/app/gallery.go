package app

import (
	"context"
	"time"

	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/gallery"
	"h48/internal/kit/sqldb"
	"h48/internal/team"
)

// winners tells the gallery who won, from the second at which everybody may know.
type winners struct{ award *award.Service }

// Won implements gallery.Prizes.
func (w winners) Won(ctx context.Context, q sqldb.Querier, e edition.Edition, now time.Time) (map[team.ID][]gallery.Prize, error) {
	prizes, err := w.award.WonPrizes(ctx, q, e, now)
	won := map[team.ID][]gallery.Prize{}
	for i, p := range prizes {
		of := team.ID(p.Team)
		won[of] = append(won[of], gallery.Prize{ID: string(p.ID), Title: p.Title, Place: i})
	}
	return won, err
}
