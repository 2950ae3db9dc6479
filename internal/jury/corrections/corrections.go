// Package corrections is where whoever runs the jury puts right what went wrong with
// people: a conflict of interest noted for a juror or lifted, marks moved to the team that
// they were meant for, and the history of each sheet beside it. It keeps nothing itself;
// the rules are the jury's.
package corrections

import (
	"h48/internal/account"
	"h48/internal/door"
	"h48/internal/edition"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
)

type pages struct {
	*jury.Service
	accounts *account.Service
	db       sqldb.Querier
}

// Routes registers the pages.
func Routes(d *door.Door, s *jury.Service, accounts *account.Service, db sqldb.Querier) {
	p := &pages{s, accounts, db}
	lead := door.Only(edition.Organiser)
	d.Get("/e/{edition}/jury/conflicts", lead, p.showConflicts)
	d.Post("/e/{edition}/jury/conflicts", lead, p.recuseJuror)
	d.Post("/e/{edition}/jury/conflicts/lift", lead, p.lift)
	d.Post("/e/{edition}/jury/conflicts/lift-all", lead, p.liftAll)
	d.Get("/e/{edition}/jury/sheets/{juror}/{team}", lead, p.showHistory)
	d.Post("/e/{edition}/jury/sheets/{juror}/{team}/move", lead, p.moveSheet)
}
