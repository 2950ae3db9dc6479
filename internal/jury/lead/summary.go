package lead

import (
	"time"

	"h48/internal/jury"
)

// Summary is the jury in figures, for a dashboard.
type Summary struct {
	Round          int
	Jurors         int
	Done, Expected int      // sheets
	Silent         []string // names of jurors without a mark
	NotBriefed     int
	Unjudged       []string // names of teams for which every juror is recused
	Criteria       int
	Frozen         bool
	Closed         time.Time
	Deliberation   time.Time
}

// Summarise reads the figures off the board.
func Summarise(b jury.Board) Summary {
	sum := Summary{Round: b.Round.Number, Jurors: len(b.Rows), Done: b.Done, Expected: b.Expected, Criteria: len(b.Criteria),
		Frozen: b.Frozen, Closed: b.Round.Closed, Deliberation: b.Round.Deliberation, Unjudged: unjudged(b)}
	for _, r := range b.Rows {
		if r.Silent {
			sum.Silent = append(sum.Silent, r.Juror.Account.Name)
		}
		if r.Juror.Presence == jury.Present && r.Juror.Briefed.IsZero() {
			sum.NotBriefed++
		}
	}
	return sum
}

// unjudged names the teams that nobody may mark, as when jurors and teams share the domain
// of one employer's addresses: nothing is missing from such a board, and nothing comes.
func unjudged(b jury.Board) (names []string) {
	for k, t := range b.Teams {
		free := len(b.Rows) == 0
		for _, r := range b.Rows {
			free = free || k >= len(r.Cells) || r.Cells[k].State != jury.CellRecused
		}
		if !free {
			names = append(names, t.Name)
		}
	}
	return names
}
