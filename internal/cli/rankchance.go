package cli

import (
	"fmt"

	"h48/engine/ranking/chance"
)

// rankChance is `h48 rank chance`: it measures the table that the calculator before the
// event reads (engine/ranking/chance/table.csv).
type rankChance struct {
	Seed  uint64  `help:"Another seed draws other events." default:"1"`
	Share float64 `help:"Play this share of the events." default:"1"`
	Teams int     `help:"Only events of so many teams (0: all)."`
	Way   string  `help:"Only this way of judging." enum:",criteria,both,comparison" default:""`
}

// Run plays invented events of every kind that the table has, and prints it.
func (c *rankChance) Run(r *Run) error {
	if _, err := fmt.Fprintln(r.Out, chance.Header()); err != nil {
		return err
	}
	for _, p := range chance.Plans() {
		if c.Teams > 0 && p.Projects != c.Teams || c.Way != "" && p.Way != chance.Way(c.Way) {
			continue
		}
		row, err := chance.Measure(r.Context, p.Cell, max(1, int(float64(p.Events)*c.Share)), c.Seed)
		if err != nil {
			return fmt.Errorf("measuring: %w", err)
		}
		if _, err := fmt.Fprintln(r.Out, row); err != nil {
			return err
		}
	}
	return nil
}
