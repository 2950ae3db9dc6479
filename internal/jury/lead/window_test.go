package lead

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/internal/account"
	"h48/internal/jury"
)

func teams(n int) (all []jury.TeamRef) {
	for i := range n {
		all = append(all, jury.TeamRef{ID: fmt.Sprint("t", i), Name: fmt.Sprintf("Équipe %03d", i)})
	}
	return all
}

func TestTurned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		teams       int
		query       string
		columns     []int
		page, pages int
	}{
		"a small event has all teams side by side": {6, "page=2&q=x", []int{0, 1, 2, 3, 4, 5}, 1, 1},
		"a large one has a page of them":           {400, "", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 1, 34},
		"the last page is shorter":                 {400, "page=34", []int{396, 397, 398, 399}, 34, 34},
		"a page that is not there is the last":     {400, "page=99", []int{396, 397, 398, 399}, 34, 34},
		"a name is found in any case, bare":        {400, "q=EQUIPE+03", []int{30, 31, 32, 33, 34, 35, 36, 37, 38, 39}, 1, 1},
		"nobody is called so":                      {400, "q=zz", nil, 1, 1},
	} {
		q, _ := url.ParseQuery(c.query)
		w := turned(teams(c.teams), q)
		if len(c.columns) != len(w.columns) || !slices.Equal(c.columns, w.columns) || w.page != c.page || w.pages != c.pages {
			t.Errorf("%s: teams %v, page %d of %d", name, w.columns, w.page, w.pages)
		}
	}
	q, _ := url.ParseQuery("q=Équipe 0&page=2")
	if got := turned(teams(400), q).url("/board", 3); got != "/board?page=3&q=%C3%89quipe+0" {
		t.Errorf("the next page is at %s", got)
	}
}

// Who lacks most and what was seen least come first; nobody waits for who is recused or gone.
func TestBehindAndWaiting(t *testing.T) {
	t.Parallel()
	row := func(name string, states ...jury.CellState) jury.Row {
		r := jury.Row{Juror: jury.Juror{Account: account.Account{ID: account.ID(name), Name: name}}}
		for _, s := range states {
			r.Cells = append(r.Cells, jury.Cell{State: s})
			if s == jury.CellComplete {
				r.Done++
			}
			if s != jury.CellRecused && s != jury.CellFree {
				r.Expected++
			}
		}
		return r
	}
	b := jury.Board{Teams: teams(3), Rows: []jury.Row{
		row("Ada", jury.CellComplete, jury.CellComplete, jury.CellComplete),
		row("Bea", jury.CellComplete, jury.CellNone, jury.CellRecused),
		row("Cyd", jury.CellComplete, jury.CellPartial, jury.CellNone),
	}}
	var late []string
	for _, r := range behind(b.Rows) {
		late = append(late, r.Juror.Account.Name)
	}
	if diff := cmp.Diff([]string{"Cyd", "Bea"}, late); diff != "" {
		t.Errorf("behind (-want +got):\n%s", diff)
	}
	type line struct {
		Team           string
		Done, Expected int
		Missing        []string
	}
	var waits []line
	for _, w := range mostWaiting(b) {
		waits = append(waits, line{w.team.ID, w.done, w.expected, w.missing})
	}
	want := []line{{"t1", 1, 3, []string{"Bea", "Cyd"}}, {"t2", 1, 2, []string{"Cyd"}}}
	if diff := cmp.Diff(want, waits); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
}
