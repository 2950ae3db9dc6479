package hall

import (
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/jury"
)

// Change is a change of plan: because a juror is missing, or because a team has left.
type Change struct {
	ID    string
	Juror account.ID
	Team  string
	At    time.Time // the edition's
	Lost  []string  // teams that get one visit less, one entry a visit
}

// Changed is a visit that the newest change of plan gave to a juror or moved.
type Changed struct {
	Stop
	Name string // of the juror
}

// changed are the visits of the newest change of plan that are still to be made, by juror.
func (d Desk) changed() (all []Changed) {
	for _, w := range d.Walks {
		for _, s := range w.Stops {
			if d.Change.ID != "" && s.ChangeID == d.Change.ID {
				all = append(all, Changed{s, w.Row.Juror.Account.Name})
			}
		}
	}
	return all
}

// because names who is no longer there.
func (d Desk) because() string {
	for _, w := range d.Walks {
		if w.Row.Juror.Account.ID == d.Change.Juror {
			return w.Row.Juror.Account.Name
		}
	}
	return d.team(d.Change.Team)
}

func (d Desk) team(id string) string {
	for _, t := range d.Board.Teams {
		if t.ID == id {
			return t.Name
		}
	}
	return ""
}

// seated gives a table to the teams that have none: the lowest numbers that are free, in
// the order of the pitches. So a hall can be planned, and its cards printed, before
// anybody has numbered the tables.
func seated(teams []jury.TeamRef) []jury.TeamRef {
	teams = slices.Clone(teams)
	taken := map[int]bool{}
	for _, t := range teams {
		taken[t.Table] = true
	}
	next := 1
	for i := range teams {
		if teams[i].Table > 0 {
			continue
		}
		for taken[next] {
			next++
		}
		teams[i].Table, taken[next] = next, true
	}
	return teams
}
