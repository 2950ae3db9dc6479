package lead

import (
	"cmp"
	"slices"

	"h48/internal/jury"
)

// behind are the jurors whose sheets are waited for, who lack most first.
func behind(rows []jury.Row) []jury.Row {
	late := slices.DeleteFunc(slices.Clone(rows), func(r jury.Row) bool { return r.Done >= r.Expected })
	slices.SortStableFunc(late, func(a, b jury.Row) int { return cmp.Compare(b.Expected-b.Done, a.Expected-a.Done) })
	return late
}

// waiting is one team whose sheets are not all in.
type waiting struct {
	team           jury.TeamRef
	done, expected int
	missing        []string // jurors whose sheet is waited for, by name
}

// mostWaiting are the teams that wait for sheets, those with the fewest first.
func mostWaiting(b jury.Board) []waiting {
	all := make([]waiting, len(b.Teams))
	for i, t := range b.Teams {
		all[i].team = t
	}
	for _, row := range b.Rows {
		for i, c := range row.Cells {
			switch c.State {
			case jury.CellComplete:
				all[i].done, all[i].expected = all[i].done+1, all[i].expected+1
			case jury.CellNone, jury.CellPartial:
				all[i].expected++
				all[i].missing = append(all[i].missing, row.Juror.Account.Name)
			}
		}
	}
	all = slices.DeleteFunc(all, func(w waiting) bool { return len(w.missing) == 0 })
	slices.SortStableFunc(all, func(a, b waiting) int {
		return cmp.Or(cmp.Compare(a.done, b.done), cmp.Compare(len(b.missing), len(a.missing)))
	})
	return all
}
