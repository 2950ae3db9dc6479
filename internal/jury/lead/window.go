package lead

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"h48/internal/jury"
	"h48/internal/kit/names"
)

// mostColumns is how many teams stand side by side on the board; of more than twice as
// many, one page is shown, and above it who is behind and which teams wait most.
const mostColumns = 12

// window is the teams that the board shows side by side.
type window struct {
	columns     []int // of the board's teams
	asked       string
	page, pages int
	large       bool // the event: not all teams are shown
}

// turned is the page of teams that an address asks for.
func turned(teams []jury.TeamRef, q url.Values) window {
	w := window{large: len(teams) > 2*mostColumns, page: 1, pages: 1}
	if w.large {
		w.asked = strings.TrimSpace(q.Get("q"))
	}
	for i, t := range teams {
		if w.asked == "" || strings.Contains(names.Fold(t.Name), names.Fold(w.asked)) {
			w.columns = append(w.columns, i)
		}
	}
	if !w.large {
		return w
	}
	w.pages = max(1, (len(w.columns)+mostColumns-1)/mostColumns)
	if n, err := strconv.Atoi(q.Get("page")); err == nil {
		w.page = max(1, min(n, w.pages))
	}
	from := min(len(w.columns), (w.page-1)*mostColumns)
	w.columns = w.columns[from:min(len(w.columns), from+mostColumns)]
	return w
}

// url is an address of the board, with another page of the same teams.
func (w window) url(board string, page int) string {
	q := url.Values{}
	if w.asked != "" {
		q.Set("q", w.asked)
	}
	if page > 1 {
		q.Set("page", strconv.Itoa(page))
	}
	if len(q) == 0 {
		return board
	}
	return board + "?" + q.Encode()
}

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
