package app

import (
	"maps"

	"h48/internal/jury/hall"
	"h48/internal/jury/record"
	"h48/internal/kit/jobs"
	"h48/internal/kit/trail"
)

// leading makes the services of those who lead the jury.
func (a *App) leading(r *Rooms, tr *trail.Trail) {
	r.Record = record.NewService(a.DB, r.Jury, a.Editions, a.Accounts, nil, a.Files, a.Hub, a.Queue, a.Words)
	r.Hall = hall.NewService(a.DB, a.Parts.IDs, r.Jury, a.Editions, a.Hub, a.Queue, tr)
	r.Jury.GuideBy(r.Hall)
}

// mountLead registers their pages.
func (a *App) mountLead() {
	record.Routes(a.Door, a.Record)
	hall.Routes(a.Door, a.Hall)
}

// leadJobs are the jobs that they run.
func (a *App) leadJobs() map[string]jobs.Handler {
	all := maps.Clone(a.Record.Jobs())
	maps.Copy(all, a.Hall.Jobs())
	return all
}
