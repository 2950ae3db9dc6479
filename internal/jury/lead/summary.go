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
	Criteria       int
	Frozen         bool
	Closed         time.Time
	Deliberation   time.Time
}

// Summarise reads the figures off the board.
func Summarise(b jury.Board) Summary {
	sum := Summary{Round: b.Round.Number, Jurors: len(b.Rows), Done: b.Done, Expected: b.Expected, Criteria: len(b.Criteria),
		Frozen: b.Frozen, Closed: b.Round.Closed, Deliberation: b.Round.Deliberation}
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
