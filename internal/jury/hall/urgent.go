package hall

import (
	"cmp"
	"slices"

	"h48/internal/jury"
)

// ranked are the standings by team.
func (d Desk) ranked() map[string]jury.Standing {
	all := make(map[string]jury.Standing, len(d.Ranking.Standings))
	for _, s := range d.Ranking.Standings {
		all[s.Team.ID] = s
	}
	return all
}

// wanting are the teams that somebody who is there may still visit, by their place on the
// board, those of whom another visit would tell most first: not seen yet, then the widest
// range of ranks, then the fewest sheets.
func (d Desk) wanting() []int {
	ranked := d.ranked()
	width := func(i int) int {
		s := ranked[d.Board.Teams[i].ID]
		if s.Visits == 0 {
			return len(d.Board.Teams)
		}
		return s.RankHi - s.RankLo
	}
	var all []int
	for i, team := range d.Board.Teams {
		if !d.Gone[team.ID] && d.awaited(i) {
			all = append(all, i)
		}
	}
	slices.SortStableFunc(all, func(a, b int) int {
		return cmp.Or(cmp.Compare(width(b), width(a)), cmp.Compare(d.Board.PerTeam[a], d.Board.PerTeam[b]))
	})
	return all
}

// awaited says whether a sheet of somebody who is there is missing for the board's team i.
func (d Desk) awaited(i int) bool {
	return slices.ContainsFunc(d.Board.Rows, func(r jury.Row) bool {
		c := r.Cells[i].State
		return r.Juror.Presence == jury.Present && (c == jury.CellNone || c == jury.CellPartial)
	})
}

// needFirst puts those in front whom the head of the jury opens the page for: nothing came
// from them, their marks are unusual, they lack the most sheets.
func needFirst(walks []Walk) []Walk {
	walks = slices.Clone(walks)
	rank := func(w Walk) int {
		switch {
		case w.Row.Juror.Presence != jury.Present:
			return 3
		case w.Row.Silent:
			return 0
		case w.Odd != Ordinary:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(walks, func(a, b Walk) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Row.Expected-b.Row.Done, a.Row.Expected-a.Row.Done))
	})
	return walks
}
