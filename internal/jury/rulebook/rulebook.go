// Package rulebook is where organisers write how the jury will judge, and where everybody
// reads it: the form of the round with its calculator, the criteria, the ladder of ties,
// and the juries of the prizes. It keeps nothing itself; the rules are the room's.
package rulebook

import (
	"h48/internal/door"
	"h48/internal/jury"
	"h48/internal/kit/sqldb"
	"h48/internal/ui"
)

type pages struct {
	*jury.Service
	db sqldb.Querier
}

// Routes registers the pages.
func Routes(d *door.Door, s *jury.Service, db sqldb.Querier) {
	p := &pages{s, db}
	p.rulesRoutes(d)
	p.panelRoutes(d)
}

func required(f ui.Field) ui.Field {
	f.Required = true
	return f
}

func named(f ui.Field, id string) ui.Field {
	f.ID = id
	return f
}
