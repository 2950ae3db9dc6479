package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// configured lets a command read its settings from a file.
type configured struct {
	ConfigFile kong.ConfigFlag `name:"config" help:"Read settings from a JSON file whose keys are these flags' names: {\"listen\": \"localhost:4848\", \"mail-server\": \"…\"}. A flag and a variable go before it." placeholder:"FILE"`
}

// settingsFile are the settings of a file, by the names of the flags.
type settingsFile map[string]any

// readSettings reads a settings file.
func readSettings(r io.Reader) (kong.Resolver, error) {
	s := settingsFile{}
	if err := json.NewDecoder(r).Decode(&s); err != nil {
		return nil, fmt.Errorf("reading the settings file: it is not JSON as {\"listen\": \"localhost:4848\"}: %w", err)
	}
	return s, nil
}

// Validate refuses a name that is no setting of any command: a misspelt one would be
// missed only when it is needed.
func (s settingsFile) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, leaf := range app.Leaves(false) {
		for _, f := range leaf.Flags {
			known[f.Name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if !known[name] {
			return fmt.Errorf("the settings file has %q, which is no setting; h48 serve --help lists them", name)
		}
	}
	return nil
}

// Resolve gives a flag the file's value, unless a variable of the environment has set it.
func (s settingsFile) Resolve(_ *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	for _, name := range f.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return s[f.Name], nil
}

// noDatabase says what is wrong when a command that reads a database in a file would find
// none: SQLite makes an empty one, and an empty backup is found out on the worst day.
func noDatabase(address string) error {
	file, is := strings.CutPrefix(address, "sqlite:")
	if !is {
		return nil
	}
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return Exit{Code: 2, Err: fmt.Errorf("there is no database at %s: say where it is with --database, or go to the folder in which h48 serve runs", file)}
	}
	return nil
}

// noFolder says that the folder of a new database in a file is missing.
func noFolder(address string) error {
	file, is := strings.CutPrefix(address, "sqlite:")
	if !is {
		return nil
	}
	if _, err := os.Stat(filepath.Dir(file)); errors.Is(err, fs.ErrNotExist) {
		return Exit{Code: 2, Err: fmt.Errorf("the folder %s for the database is not there: make it, or name another with --database", filepath.Dir(file))}
	}
	return nil
}
