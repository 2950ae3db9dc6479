package hall

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"h48/internal/account"
	"h48/internal/jury"
)

// hallAt draws a plan at some moment of its day: of what has begun some sheets are complete
// and some forgotten, some visits were sent, skipped or dropped, and the slots may be late.
func hallAt(t *rapid.T) (b jury.Board, all []Errand, now time.Time) {
	start := time.Date(2018, 5, 20, 14, 0, 0, 0, time.UTC)
	minutes := time.Duration(rapid.IntRange(1, 15).Draw(t, "minutes")) * time.Minute
	routes, slots := routesOf(t, 6, 5)
	now = start.Add(time.Duration(rapid.IntRange(-30, 120).Draw(t, "now")) * time.Minute)
	for k := range 7 {
		b.Teams = append(b.Teams, jury.TeamRef{ID: fmt.Sprint("t", k)})
	}
	for _, r := range routes {
		row := jury.Row{Juror: jury.Juror{Account: account.Account{ID: r.Juror}, Presence: jury.Present}, Cells: make([]jury.Cell, len(b.Teams))}
		for k, team := range b.Teams {
			row.Cells[k].State = jury.CellNone
			if r.Barred[team.ID] {
				row.Cells[k].State = jury.CellRecused
			}
		}
		for slot := 1; slot <= slots; slot++ {
			team := r.Visits[slot]
			if team == "" {
				continue
			}
			e := Errand{ID: fmt.Sprint(r.Juror, "-", slot), Juror: r.Juror, Team: team, Slot: slot, At: start.Add(time.Duration(slot-1) * minutes), Source: Planned, State: Open}
			var k int
			fmt.Sscanf(team, "t%d", &k)
			switch rapid.IntRange(0, 5).Draw(t, "became") {
			case 0:
				row.Cells[k].State = jury.CellComplete
			case 1:
				row.Cells[k].State = jury.CellPartial
			case 2:
				e.State = Skipped
			case 3:
				continue // dropped by an earlier change
			}
			all = append(all, e)
		}
		b.Rows = append(b.Rows, row)
	}
	return b, all, now
}

// However late it is, and whatever sheet was forgotten: a change of plan gives and moves
// visits only to slots that have not begun, and each has its time.
func TestReplan_neverBeforeNow(t *testing.T) {
	t.Parallel()
	over := 0
	rapid.Check(t, func(t *rapid.T) {
		b, all, now := hallAt(t)
		missing := map[account.ID]bool{b.Rows[0].Juror.Account.ID: true}
		p := readPlan(b, all, missing, now)
		before := clone(p.routes)
		got := Replan(p.routes, missing, nil, p.first, p.slots)
		keeps(t, before, p.routes, got, p.first)
		for _, s := range append(got.Given, got.Moved...) {
			if at := p.times[s.To]; at.IsZero() || at.Before(now) {
				t.Fatalf("%s is to see %s at %v, and it is %v: %+v", s.Juror, s.Team, at, now, all)
			}
		}
		for _, s := range got.Moved {
			if p.times[s.From].Before(now) {
				t.Fatalf("a visit that has begun is moved: %+v", s)
			}
		}
		if p.first > p.slots {
			over++
		}
	})
	t.Logf("%d halls were over", over)
}
