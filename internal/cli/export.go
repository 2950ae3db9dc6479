package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"

	"h48/internal/app"
	"h48/internal/config"
	"h48/internal/edition"
	"h48/internal/kit/clock"
	"h48/internal/kit/ids"
)

// Export writes the public projects as a web site that needs no H48.
type Export struct {
	File     string `arg:"" help:"ZIP file to write; it must not be there yet."`
	Edition  string `help:"Only this edition, by its short name (amiens-2018); all without it." placeholder:"NAME"`
	Database string `help:"Where everything is kept." default:"sqlite:h48.db" env:"H48_DATABASE" placeholder:"ADDRESS"`
	Files    string `help:"Where uploaded files are." default:"h48-files" env:"H48_FILES" placeholder:"PLACE"`
	BaseURL  string `help:"The address of the installation, to say where the site came from." name:"url" env:"H48_URL" default:"http://localhost:4848"`
}

// Run implements the command. The file has its name only once it is whole.
func (x *Export) Run(r *Run) (err error) {
	if _, err := os.Stat(x.File); err == nil {
		return Exit{Code: 2, Err: fmt.Errorf("%s is there already; nothing is written over", x.File)}
	}
	if err := noDatabase(x.Database); err != nil {
		return err
	}
	a, err := app.New(r.Context, config.Config{Database: x.Database, Files: x.Files, URL: x.BaseURL, Jobs: 1},
		app.Parts{Clock: clock.Wall{}, IDs: ids.NewSource(clock.Wall{}.Now), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	var only edition.ID
	if x.Edition != "" {
		e, err := a.Editions.BySlug(r.Context, x.Edition)
		if err != nil {
			return Exit{Code: 2, Err: fmt.Errorf("there is no edition %q", x.Edition)}
		}
		only = e.ID
	}
	n, err := x.write(r, a, only)
	if err == nil {
		fmt.Fprintf(r.Out, "%d projects are in %s. Unpack it and open index.html.\nWhat is withdrawn later stays in this copy: export again then, and replace it wherever it is.\n", n, x.File)
	}
	return err
}

func (x *Export) write(r *Run, a *app.App, only edition.ID) (n int, err error) {
	out, err := os.CreateTemp(filepath.Dir(x.File), ".h48-export-")
	if err != nil {
		return 0, fmt.Errorf("writing %s: %w", x.File, err)
	}
	defer os.Remove(out.Name()) // it is gone when all went well
	err = a.Gallery.WriteSite(r.Context, io.Writer(out), only, func(step, steps int) {
		n = step
		fmt.Fprintf(r.Streams.Err, "\r%d / %d", step, steps)
	})
	fmt.Fprintln(r.Streams.Err)
	err = errors.Join(err, out.Sync(), out.Close())
	if err == nil {
		err = os.Rename(out.Name(), x.File)
	}
	if err != nil {
		return n, fmt.Errorf("exporting into %s: %w", x.File, err)
	}
	return n, nil
}
