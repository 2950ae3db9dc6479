package cli

import (
	"fmt"
	"os"
	"strings"

	"h48/engine/ranking/bench"
)

type rankBench struct {
	Seed   uint64  `help:"Another seed draws other events." default:"1"`
	Share  float64 `help:"Play this share of the events." default:"1"`
	Panel  string  `help:"Play real panels of this file instead (segment,performance,judge,components,execution)." type:"existingfile" placeholder:"FILE"`
	Design string  `help:"Play only the design that begins so, such as 60 x 20." placeholder:"NAME"`
	AtOnce string  `help:"Have all jurors out at the same time: in rounds, or each back in its own time." enum:",rounds,anytime" default:""`
}

const panelTimes = 30 // events a panel

// Run plays the standing designs and prints their tables.
func (c *rankBench) Run(r *Run) error {
	if c.Panel != "" {
		return c.panels(r)
	}
	for _, d := range bench.Designs() {
		if !strings.HasPrefix(d.Name, c.Design) {
			continue
		}
		d.Events = max(1, int(float64(d.Events)*c.Share))
		progress := func(done int) {
			fmt.Fprintf(r.Streams.Err, "\r%s: %d of %d events", d.Name, done, d.Events)
		}
		play := func() ([]bench.Row, error) { return bench.Play(r.Context, d, c.Seed, progress) }
		if c.AtOnce != "" {
			play = func() ([]bench.Row, error) {
				return bench.PlayOut(r.Context, d, c.AtOnce == "rounds", c.Seed, progress)
			}
		}
		rows, err := play()
		if err != nil {
			return fmt.Errorf("playing %s: %w", d.Name, err)
		}
		fmt.Fprintln(r.Streams.Err)
		if err := bench.Write(r.Out, d, rows); err != nil {
			return err
		}
	}
	return nil
}

func (c *rankBench) panels(r *Run) error {
	f, err := os.Open(c.Panel)
	if err != nil {
		return fmt.Errorf("opening the panels: %w", err)
	}
	defer f.Close()
	panels, err := bench.ReadPanels(f)
	if err != nil {
		return Exit{Code: 2, Err: err}
	}
	times := max(1, int(panelTimes*c.Share))
	rows, err := bench.PlayPanels(r.Context, panels, times, c.Seed)
	if err != nil {
		return fmt.Errorf("playing the panels: %w", err)
	}
	title := fmt.Sprintf("%d real panels, 3 visits a performance, %d events", len(panels), times*len(panels))
	return bench.WriteTable(r.Out, title, rows)
}
