package app

import (
	"context"
	"maps"

	"h48/internal/award"
	"h48/internal/edition"
	"h48/internal/jury/hall"
	"h48/internal/jury/paper"
	"h48/internal/jury/record"
	"h48/internal/kit/jobs"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/trail"
)

// leading makes the services of those who lead the jury.
func (a *App) leading(r *Rooms, tr *trail.Trail) {
	r.Record = record.NewService(a.DB, r.Jury, a.Editions, a.Accounts, given{r.Award}, a.Files, a.Hub, a.Queue, a.Words)
	r.Hall = hall.NewService(a.DB, a.Parts.IDs, r.Jury, a.Editions, a.Hub, a.Queue, tr, a.Config.Base())
	r.Jury.GuideBy(r.Hall)
	r.Paper = paper.NewService(a.DB, a.Parts.IDs, r.Jury, r.Hall, a.Editions, a.Accounts, a.Files, a.Hub, a.Queue, tr, a.Words, a.Config.Base())
}

// mountLead registers their pages.
func (a *App) mountLead() {
	record.Routes(a.Door, a.Record)
	paper.Routes(a.Door, a.Paper)
	hall.Routes(a.Door, a.Hall)
}

// leadJobs are the jobs that they run.
func (a *App) leadJobs() map[string]jobs.Handler {
	all := maps.Clone(a.Record.Jobs())
	maps.Copy(all, a.Hall.Jobs())
	maps.Copy(all, a.Paper.Jobs())
	return all
}

// given tells the jury's record which prize went to whom.
type given struct{ awards *award.Service }

// Given implements record.Awards.
func (g given) Given(ctx context.Context, q sqldb.Querier, id edition.ID) ([]record.Prize, error) {
	all, err := g.awards.Prizes(ctx, q, id)
	out := make([]record.Prize, len(all))
	for i, p := range all {
		out[i] = record.Prize{ID: string(p.ID), Title: p.Title, Cents: p.Cents, State: string(p.State)}
		if p.Team != "" {
			out[i].Teams = []string{p.Team}
		}
	}
	return out, err
}

// Signed implements record.Awards.
func (g given) Signed(ctx context.Context, q sqldb.Querier, id edition.ID) ([]record.Signature, error) {
	all, err := g.awards.Signatures(ctx, q, id)
	out := make([]record.Signature, len(all))
	for i, one := range all {
		out[i] = record.Signature{Juror: one.Account, Digest: one.Digest, Way: string(one.Way)}
	}
	return out, err
}
