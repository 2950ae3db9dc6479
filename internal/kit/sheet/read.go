// Package sheet reads and writes CSV files of people who use a spreadsheet.
//
// Reading guesses what Excel, LibreOffice and others did not say (separator, encoding),
// finds the columns by their titles and reports every line that it cannot take, with its
// number and the reason; a line is taken whole or not at all. Writing makes files that
// the same programs open with their accents right and no cell run as a formula. What a
// cell means is the caller's: the package knows text only.
package sheet

import (
	_ "embed" // for Words
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"h48/internal/kit/errs"
)

// Words are the sentences of this package's reasons.
//
//go:embed words.json
var Words []byte

// MaxBytes is how large a file Read takes: about 100,000 lines.
const MaxBytes = 16 << 20

// Column is something that the caller wants from each line.
type Column struct {
	// Name is what the caller calls it.
	Name string
	// Titles are what people write above it, in every language. Case, accents, spaces and
	// punctuation do not count.
	Titles []string
	// Required refuses a file without the column and a line with nothing in it.
	Required bool
}

// Line is one line of the file, whole.
type Line struct {
	// Number is where the line begins, as an editor counts: the titles are on line 1.
	Number int
	cells  map[string]string
}

// Cell returns what the line has in the named column, without spaces around it; empty
// where the file has no such column.
func (l Line) Cell(column string) string { return l.cells[column] }

// Problem is why a line was not taken, or line 1 for the titles.
type Problem struct {
	Line int
	// Column is the title as the file writes it, empty where the whole line is wrong.
	Column string
	// Key and Args name the reason, as in errs.Field.
	Key  string
	Args []any
}

// Sheet is what Read found.
type Sheet struct {
	Lines    []Line
	Problems []Problem
	// Ignored lists the titles that no column asked for.
	Ignored []string
	titles  map[string]string // by column name, as the file writes them
}

// Title returns the title that the file writes above the named column; ok is false where
// the file has no such column.
func (s *Sheet) Title(column string) (title string, ok bool) {
	title, ok = s.titles[column]
	return title, ok
}

// Refuse notes that the caller cannot take the line because of the named column.
func (s *Sheet) Refuse(line Line, column, key string, args ...any) {
	title, known := s.titles[column]
	if !known {
		title = column
	}
	s.Problems = append(s.Problems, Problem{line.Number, title, key, args})
}

// Read reads a file with titles on its first line. It fails, with an errs kind, on a
// file that is empty or beyond MaxBytes; all else that is wrong is in Problems, and
// where a required column is missing there are no Lines. Blank lines are skipped.
func Read(r io.Reader, columns []Column) (Sheet, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return Sheet{}, fmt.Errorf("reading a sheet: %w", err)
	}
	if len(raw) > MaxBytes {
		return Sheet{}, errs.New(errs.TooLarge, "sheet.too_large", "megabytes", MaxBytes>>20)
	}
	text := decode(raw)
	text, comma, skipped := separator(text)
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = comma
	reader.FieldsPerRecord = -1 // counted here, to say which line
	p := parser{csv: reader, skipped: skipped}
	titles, number, err := p.next()
	if errors.Is(err, io.EOF) {
		return Sheet{}, errs.New(errs.Invalid, "sheet.empty")
	}
	if err != nil {
		return Sheet{Problems: []Problem{quoting(number)}}, nil
	}
	if !p.match(columns, titles, number) {
		return p.sheet, nil
	}
	p.lines(len(titles))
	return p.sheet, nil
}

// parser goes through the lines of one file.
type parser struct {
	csv     *csv.Reader
	skipped int // lines before those that csv sees
	places  []place
	sheet   Sheet
}

// place is a column of the caller and where the file has it.
type place struct {
	column Column
	index  int
	title  string
}

// next returns the next line that is not blank and its number.
func (p *parser) next() (cells []string, number int, err error) {
	for {
		cells, err = p.csv.Read()
		var wrong *csv.ParseError
		if errors.As(err, &wrong) {
			return nil, wrong.StartLine + p.skipped, err
		}
		if err != nil {
			return nil, 0, err
		}
		for i, cell := range cells {
			cells[i] = strings.TrimSpace(unguard(strings.TrimLeft(cell, " ")))
		}
		if strings.Join(cells, "") == "" {
			continue
		}
		number, _ = p.csv.FieldPos(0)
		return cells, number + p.skipped, nil
	}
}

// match finds the columns by their titles; false where the lines cannot be read.
func (p *parser) match(columns []Column, titles []string, number int) bool {
	p.sheet.titles = map[string]string{}
	taken := make([]bool, len(titles))
	readable := true
	for _, column := range columns {
		found := column.find(titles)
		for _, i := range found {
			taken[i] = true
		}
		switch {
		case len(found) > 1:
			p.sheet.Problems = append(p.sheet.Problems, Problem{number, titles[found[1]], "sheet.column_twice", nil})
			readable = false
		case len(found) == 1:
			p.places = append(p.places, place{column, found[0], titles[found[0]]})
			p.sheet.titles[column.Name] = titles[found[0]]
		case column.Required:
			p.sheet.Problems = append(p.sheet.Problems, Problem{number, column.title(), "sheet.column_missing", nil})
			readable = false
		}
	}
	for i, title := range titles {
		if !taken[i] && title != "" {
			p.sheet.Ignored = append(p.sheet.Ignored, title)
		}
	}
	return readable
}

func (c Column) title() string {
	if len(c.Titles) > 0 {
		return c.Titles[0]
	}
	return c.Name
}

// find returns where the titles of the file name the column.
func (c Column) find(titles []string) (found []int) {
	for i, title := range titles {
		for _, own := range append([]string{c.Name}, c.Titles...) {
			if fold(title) == fold(own) && fold(title) != "" {
				found = append(found, i)
				break
			}
		}
	}
	return found
}

// lines reads the lines below the titles.
func (p *parser) lines(width int) {
	for {
		cells, number, err := p.next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			p.sheet.Problems = append(p.sheet.Problems, quoting(number))
			continue
		}
		if len(cells) != width {
			p.sheet.Problems = append(p.sheet.Problems,
				Problem{number, "", "sheet.cell_count", []any{"got", len(cells), "want", width}})
			continue
		}
		if line, ok := p.line(cells, number); ok {
			p.sheet.Lines = append(p.sheet.Lines, line)
		}
	}
}

func (p *parser) line(cells []string, number int) (Line, bool) {
	line := Line{Number: number, cells: make(map[string]string, len(p.places))}
	whole := true
	for _, place := range p.places {
		cell := cells[place.index]
		if cell == "" && place.column.Required {
			p.sheet.Problems = append(p.sheet.Problems, Problem{number, place.title, "sheet.cell_missing", nil})
			whole = false
		}
		line.cells[place.column.Name] = cell
	}
	return line, whole
}

func quoting(number int) Problem { return Problem{Line: number, Key: "sheet.quotes"} }
