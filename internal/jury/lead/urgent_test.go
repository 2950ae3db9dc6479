package lead

import (
	"fmt"
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

// A team for which everybody is recused lacks no sheet and gets none: it is named.
func TestSummarise_whomNobodyMayMark(t *testing.T) {
	t.Parallel()
	cells := func(states ...jury.CellState) (all []jury.Cell) {
		for _, s := range states {
			all = append(all, jury.Cell{State: s})
		}
		return all
	}
	b := jury.Board{Teams: teams(3)}
	if got := Summarise(b).Unjudged; len(got) > 0 {
		t.Errorf("without a juror: %v", got)
	}
	b.Rows = []jury.Row{{Cells: cells(jury.CellRecused, jury.CellRecused, jury.CellRecused)}, {Cells: cells(jury.CellRecused, jury.CellFree, jury.CellNone)}}
	if diff := cmp.Diff([]string{"Équipe 000"}, Summarise(b).Unjudged); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
