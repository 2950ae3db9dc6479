package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/kit/clock"
	"h48/internal/kit/ids"
	"h48/internal/rehearsal"
)

// Rehearse holds a whole event with made-up people.
type Rehearse struct {
	Participants int    `help:"How many take part, from 6 to 5000." default:"24"`
	Seed         uint64 `help:"Which event: the same seed holds the same one." default:"48"`
	Keep         string `help:"Folder in which the edition is kept, to be looked at with h48 serve; a temporary one when empty." placeholder:"FOLDER"`
}

// Run implements the command.
func (c *Rehearse) Run(r *Run) error {
	dir, err := folder(c.Keep)
	if err != nil {
		return err
	}
	bar := newProgress(r.Streams.Err)
	a, event, err := rehearse(r.Context, dir, rehearsal.Config{Participants: c.Participants, Seed: c.Seed, Progress: bar.show}, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		return err
	}
	err = event.Run(r.Context, event.End())
	bar.done()
	if err == nil {
		err = event.Check(r.Context)
	}
	if err == nil {
		err = event.Report(r.Context, r.Streams.Out)
	}
	if err == nil {
		fmt.Fprintf(r.Streams.Out, "\nLook at it: h48 serve --database sqlite:%s --files %s, then %s\n",
			filepath.Join(dir, "h48.db"), filepath.Join(dir, "files"), event.Edition().URL())
	}
	return errors.Join(err, a.Close())
}

// folder is where a rehearsal keeps its edition.
func folder(keep string) (string, error) {
	if keep == "" {
		return os.MkdirTemp("", "h48-rehearsal-")
	}
	if err := os.MkdirAll(keep, 0o700); err != nil {
		return "", fmt.Errorf("making %s: %w", keep, err)
	}
	return keep, nil
}

// rehearse builds a program in the folder and writes the script of an event on it.
func rehearse(ctx context.Context, dir string, cfg rehearsal.Config, log *slog.Logger, change func(*config.Config, *app.Parts)) (*app.App, *rehearsal.Rehearsal, error) {
	wall := clock.Wall{}
	post := rehearsal.NewPostbox()
	conf := config.Config{Listen: "localhost:4848", Database: "sqlite:" + filepath.Join(dir, "h48.db"), Files: filepath.Join(dir, "files"), Jobs: 2}
	parts := app.Parts{Clock: wall, IDs: ids.Seeded(cfg.Seed, wall.Now), Log: log, Sender: post, Words: [][]byte{rehearsal.Words}}
	if change != nil {
		change(&conf, &parts)
	}
	a, err := app.New(ctx, conf, parts)
	if err != nil {
		return nil, nil, err
	}
	event, err := rehearsal.New(ctx, a, post, cfg)
	if err != nil {
		return nil, nil, errors.Join(err, a.Close())
	}
	return a, event, nil
}
