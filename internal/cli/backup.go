package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"h48/internal/config"
	"h48/internal/kit/clock"
	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
	"h48/internal/kit/sqldb/snapshot"
	"h48/migrations"
)

// Backup saves the whole database and the uploaded files while they are in use.
type Backup struct {
	File     string `arg:"" help:"File to write; it must not be there yet."`
	Database string `help:"Where everything is kept." default:"sqlite:h48.db" env:"H48_DATABASE" placeholder:"ADDRESS"`
	Files    string `help:"Where uploaded files are kept: a folder, or s3://KEY:SECRET@HOST/BUCKET?region=R." default:"h48-files" env:"H48_FILES" placeholder:"PLACE"`
	configured
}

// Run implements the command. The file has its name only once it is whole.
func (b *Backup) Run(r *Run) error {
	if err := noDatabase(b.Database); err != nil {
		return err
	}
	db, err := sqldb.Open(r.Context, b.Database, clock.Wall{})
	if err != nil {
		return err
	}
	defer db.Close()
	store, err := files.Open(b.Files, clock.Wall{}.Now)
	if err != nil {
		return err
	}
	if _, err := os.Stat(b.File); err == nil {
		return Exit{Code: 2, Err: fmt.Errorf("%s is there already; nothing is written over", b.File)}
	}
	out, err := os.CreateTemp(filepath.Dir(b.File), ".h48-backup-")
	if err != nil {
		return fmt.Errorf("writing %s: %w", b.File, err)
	}
	defer os.Remove(out.Name()) // it is gone when all went well
	saved, err := snapshot.Save(r.Context, db, migrations.FS, store, out)
	err = errors.Join(err, out.Sync(), out.Close())
	if err == nil {
		err = os.Rename(out.Name(), b.File)
	}
	if err != nil {
		return fmt.Errorf("saving into %s: %w", b.File, err)
	}
	fmt.Fprintf(r.Out, "Saved %d rows and %d uploaded files (%.1f MB) into %s.\n", saved.Rows, saved.Files, float64(saved.Bytes)/1e6, b.File)
	return nil
}

// Restore reads a backup into an empty database and a folder or bucket of files.
type Restore struct {
	File     string `arg:"" help:"Backup to read." type:"existingfile"`
	Database string `help:"Database to fill; it must hold nothing yet." default:"sqlite:h48.db" env:"H48_DATABASE" placeholder:"ADDRESS"`
	Files    string `help:"Where the uploaded files go: a folder, or s3://KEY:SECRET@HOST/BUCKET?region=R." default:"h48-files" env:"H48_FILES" placeholder:"PLACE"`
	configured
}

// Run implements the command.
func (c *Restore) Run(r *Run) error {
	if err := noFolder(c.Database); err != nil {
		return err
	}
	in, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("opening the backup: %w", err)
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("opening the backup: %w", err)
	}
	db, err := sqldb.Open(r.Context, c.Database, clock.Wall{})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(r.Context, migrations.FS); err != nil {
		return err
	}
	store, err := files.Open(c.Files, clock.Wall{}.Now)
	if err != nil {
		return err
	}
	done, err := snapshot.Restore(r.Context, db, migrations.FS, store, in, info.Size())
	if err != nil {
		return fmt.Errorf("restoring %s: %w", c.File, err)
	}
	fmt.Fprintf(r.Out, "Restored %d rows and %d uploaded files (%.1f MB).\n", done.Rows, done.Files, float64(done.Bytes)/1e6)
	return nil
}

// Doctor says what is wrong with an installation.
type Doctor struct {
	config.Config `embed:""`
	configured
}

// Run implements the command: a line for each thing looked at, and exit code 1 when one
// of them is not well.
func (d *Doctor) Run(r *Run) error {
	ill := 0
	for _, e := range examinations() {
		verdict, err := e.look(r.Context, d.Config)
		mark := "ok  "
		if err != nil {
			mark, verdict = "ill ", err.Error()+"\n     → "+e.cure
			ill++
		}
		fmt.Fprintf(r.Out, "%s %-14s %s\n", mark, e.of, verdict)
	}
	if ill > 0 {
		return fmt.Errorf("%d of the above need attention", ill)
	}
	return nil
}
