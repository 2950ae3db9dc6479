package app

import (
	"maps"

	"h48/internal/jury/record"
	"h48/internal/kit/jobs"
)

// leading makes the services of those who lead the jury.
func (a *App) leading(r *Rooms) {
	r.Record = record.NewService(a.DB, r.Jury, a.Editions, a.Accounts, nil, a.Files, a.Hub, a.Queue, a.Words)
}

// mountLead registers their pages.
func (a *App) mountLead() {
	record.Routes(a.Door, a.Record)
}

// leadJobs are the jobs that they run.
func (a *App) leadJobs() map[string]jobs.Handler { return maps.Clone(a.Record.Jobs()) }
