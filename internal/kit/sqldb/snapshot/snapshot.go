// Package snapshot writes the whole database and the uploaded files into one file while
// they are in use, and reads them back into an empty database and a store. The file is
// the same wherever it comes from: what was saved on SQLite and a disk can be restored
// into PostgreSQL and a bucket, and the other way round.
//
// It is a ZIP archive of one JSON-lines file a table, the uploads below files/, and a
// manifest with the number of rows, the sizes and a checksum of each.
package snapshot

import (
	"archive/zip"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"h48/internal/kit/files"
	"h48/internal/kit/sqldb"
)

// ErrNotEmpty is a database that holds something already: nothing is restored over it.
var ErrNotEmpty = errors.New("the database holds something already")

// ErrDamaged is a file that is not what was saved.
var ErrDamaged = errors.New("the file is damaged or is no backup of H48")

// The formats of the manifest: the first held the database alone.
const (
	format      = "h48-backup/2"
	formatFirst = "h48-backup/1"
)

// manifest says what the archive holds.
type manifest struct {
	Format string  `json:"format"`
	Tables []table `json:"tables"`
	Files  []file  `json:"files,omitempty"`
}

type table struct {
	Name    string   `json:"name"`
	Columns []column `json:"columns"`
	Rows    int      `json:"rows"`
	SHA256  string   `json:"sha256"`
}

type column struct {
	Name string `json:"name"`
	Bool bool   `json:"bool,omitempty"`
}

var (
	created  = regexp.MustCompile(`(?m)^CREATE TABLE ([a-z_0-9]+) \(`)
	dropped  = regexp.MustCompile(`(?m)^DROP TABLE ([a-z_0-9]+);`)
	aColumn  = regexp.MustCompile(`^\s+([a-z_0-9]+)\s+(TEXT|BIGINT|BOOLEAN|DOUBLE PRECISION)\b`)
	addition = regexp.MustCompile(`(?m)^ALTER TABLE ([a-z_0-9]+) ADD COLUMN ([a-z_0-9]+)\s+(TEXT|BIGINT|BOOLEAN|DOUBLE PRECISION)\b`)
)

// schema reads the tables and their columns out of the migrations, in an order in which
// no row refers to a later table.
func schema(migrations fs.FS) ([]table, error) {
	names, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var tables []table
	for _, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, fmt.Errorf("reading the migration %s: %w", name, err)
		}
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		for _, at := range created.FindAllStringSubmatchIndex(up, -1) {
			t := table{Name: up[at[2]:at[3]]}
			body, _, _ := strings.Cut(up[at[1]:], "\n);")
			for line := range strings.Lines(body) {
				if m := aColumn.FindStringSubmatch(line); m != nil {
					t.Columns = append(t.Columns, column{Name: m[1], Bool: m[2] == "BOOLEAN"})
				}
			}
			tables = append(tables, t)
		}
		for _, m := range dropped.FindAllStringSubmatch(up, -1) {
			tables = slices.DeleteFunc(tables, func(t table) bool { return t.Name == m[1] })
		}
		for _, m := range addition.FindAllStringSubmatch(up, -1) {
			i := slices.IndexFunc(tables, func(t table) bool { return t.Name == m[1] })
			if i >= 0 {
				tables[i].Columns = append(tables[i].Columns, column{Name: m[2], Bool: m[3] == "BOOLEAN"})
			}
		}
	}
	return tables, nil
}

func (t table) columnList() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

// Counts says how much was saved or restored.
type Counts struct {
	Rows, Files int
	Bytes       int64 // of the files
}

// Save writes one moment's state of the whole database to w, and every file of the store;
// others go on working. A file is in the store before the row that names it and leaves it
// after: the files are read while that moment of the database is held, so that each that
// it names is there.
func Save(ctx context.Context, db *sqldb.DB, migrations fs.FS, store files.Store, w io.Writer) (Counts, error) {
	m := manifest{Format: format}
	var err error
	if m.Tables, err = schema(migrations); err != nil {
		return Counts{}, err
	}
	archive := zip.NewWriter(w)
	err = db.Freeze(ctx, func(q sqldb.Querier) error {
		for i := range m.Tables {
			if err := save(ctx, q, archive, &m.Tables[i]); err != nil {
				return fmt.Errorf("saving %s: %w", m.Tables[i].Name, err)
			}
		}
		m.Files, err = saveFiles(ctx, store, archive)
		return err
	})
	if err != nil {
		return Counts{}, err
	}
	out, err := archive.Create("manifest.json")
	if err != nil {
		return Counts{}, err
	}
	if err := json.NewEncoder(out).Encode(m); err != nil {
		return Counts{}, fmt.Errorf("writing the manifest: %w", err)
	}
	return m.counts(), archive.Close()
}

func (m manifest) counts() Counts {
	c := Counts{Files: len(m.Files)}
	for _, t := range m.Tables {
		c.Rows += t.Rows
	}
	for _, f := range m.Files {
		c.Bytes += f.Size
	}
	return c
}

func save(ctx context.Context, q sqldb.Querier, archive *zip.Writer, t *table) error {
	out, err := archive.Create(t.Name + ".jsonl")
	if err != nil {
		return err
	}
	sum := sha256.New()
	lines := json.NewEncoder(io.MultiWriter(out, sum))
	rows, err := q.QueryContext(ctx, "SELECT "+t.columnList()+" FROM "+t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		values, places := make([]any, len(t.Columns)), make([]any, len(t.Columns))
		for i := range values {
			places[i] = &values[i]
		}
		if err := rows.Scan(places...); err != nil {
			return err
		}
		for i, c := range t.Columns {
			values[i] = portable(values[i], c)
		}
		if err := lines.Encode(values); err != nil {
			return err
		}
		t.Rows++
	}
	t.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return rows.Err()
}

// portable is a value as both databases take it.
func portable(v any, c column) any {
	switch v := v.(type) {
	case []byte:
		return string(v)
	case int64:
		if c.Bool {
			return v != 0
		}
	}
	return v
}

// Restore reads a saved state into the database, which must be migrated and empty, in
// one transaction, and the files into the store. The files go first: a restore that fails
// leaves an empty database, and can be tried again.
func Restore(ctx context.Context, db *sqldb.DB, migrations fs.FS, store files.Store, r io.ReaderAt, size int64) (Counts, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return Counts{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	m, err := readManifest(archive)
	if err != nil {
		return Counts{}, err
	}
	known, err := schema(migrations)
	if err != nil {
		return Counts{}, err
	}
	if err := checkEmpty(ctx, db, known); err != nil { // before any file is written
		return Counts{}, err
	}
	if err := restoreFiles(ctx, store, archive, m.Files); err != nil {
		return Counts{}, err
	}
	err = db.InTx(ctx, func(tx *sqldb.Tx) error {
		if err := checkEmpty(ctx, tx, known); err != nil {
			return err
		}
		for _, t := range m.Tables {
			if !slices.ContainsFunc(known, func(k table) bool { return k.Name == t.Name }) {
				return fmt.Errorf("%w: it has a table %q that this version does not know", ErrDamaged, t.Name)
			}
			if err := restore(ctx, tx, archive, t); err != nil {
				return fmt.Errorf("restoring %s: %w", t.Name, err)
			}
		}
		return nil
	})
	return m.counts(), err
}

func readManifest(archive *zip.Reader) (manifest, error) {
	var m manifest
	in, err := archive.Open("manifest.json")
	if err != nil {
		return m, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer in.Close()
	if err := json.NewDecoder(in).Decode(&m); err != nil || (m.Format != format && m.Format != formatFirst) {
		return m, fmt.Errorf("%w: its manifest cannot be read", ErrDamaged)
	}
	return m, nil
}

func checkEmpty(ctx context.Context, q sqldb.Querier, tables []table) error {
	for _, t := range tables {
		n, err := sqldb.Value[int](ctx, q, "SELECT COUNT(*) FROM "+t.Name)
		if err != nil {
			return err
		}
		if n > 0 {
			return fmt.Errorf("%w: %d rows in %s", ErrNotEmpty, n, t.Name)
		}
	}
	return nil
}

func restore(ctx context.Context, tx *sqldb.Tx, archive *zip.Reader, t table) error {
	in, err := archive.Open(t.Name + ".jsonl")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer in.Close()
	sum := sha256.New()
	insert := "INSERT INTO " + t.Name + " (" + t.columnList() + ") VALUES " + sqldb.In(1, len(t.Columns))
	n, err := insertLines(ctx, tx, io.TeeReader(in, sum), insert, t)
	if err != nil {
		return err
	}
	if n != t.Rows || hex.EncodeToString(sum.Sum(nil)) != t.SHA256 {
		return fmt.Errorf("%w: %s does not match its checksum", ErrDamaged, t.Name)
	}
	return nil
}

func insertLines(ctx context.Context, tx *sqldb.Tx, in io.Reader, insert string, t table) (n int, err error) {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) && len(line) == 0 {
			return n, nil
		}
		if err != nil {
			return n, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		values, err := readLine(line, len(t.Columns))
		if err != nil {
			return n, err
		}
		if _, err := sqldb.Exec(ctx, tx, insert, values...); err != nil {
			return n, err
		}
		n++
	}
}

// readLine reads one row; whole numbers stay whole.
func readLine(line []byte, columns int) ([]any, error) {
	reader := json.NewDecoder(strings.NewReader(string(line)))
	reader.UseNumber()
	var values []any
	if err := reader.Decode(&values); err != nil || len(values) != columns {
		return nil, fmt.Errorf("%w: a row of %d values", ErrDamaged, len(values))
	}
	for i, v := range values {
		number, is := v.(json.Number)
		if !is {
			continue
		}
		if whole, err := number.Int64(); err == nil {
			values[i] = whole
		} else if values[i], err = number.Float64(); err != nil {
			return nil, fmt.Errorf("%w: the number %s", ErrDamaged, number)
		}
	}
	return values, nil
}
