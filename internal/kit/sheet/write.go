package sheet

import (
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// bom tells Excel that the file is UTF-8.
const bom = "\ufeff"

// Writer writes a file line by line; it holds no more than a few kilobytes.
type Writer struct{ csv *csv.Writer }

// NewWriter begins a file. The separator is ';' for readers whose decimals have a comma
// (French), since their Excel expects it, and ',' for others.
func NewWriter(w io.Writer, separator rune) (*Writer, error) {
	if _, err := io.WriteString(w, bom); err != nil {
		return nil, fmt.Errorf("writing a sheet: %w", err)
	}
	c := csv.NewWriter(w)
	c.Comma = separator
	c.UseCRLF = true
	return &Writer{c}, nil
}

// Write adds a line; every cell goes through Safe, and loses its carriage returns, which
// csv would drop anyway.
func (w *Writer) Write(cells ...string) error {
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = Safe(strings.ReplaceAll(cell, "\r", ""))
	}
	if err := w.csv.Write(safe); err != nil {
		return fmt.Errorf("writing a sheet: %w", err)
	}
	return nil
}

// Flush sends what is left and returns the first error of all that was written.
func (w *Writer) Flush() error {
	w.csv.Flush()
	if err := w.csv.Error(); err != nil {
		return fmt.Errorf("writing a sheet: %w", err)
	}
	return nil
}

// formulaStarts are the characters after which a spreadsheet computes (OWASP, "CSV
// Injection"), with their full-width forms.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// negative is a plain negative number: the one cell that may begin so and stay as it is.
var negative = regexp.MustCompile(`^-[0-9]+([.,][0-9]+)?$`)

// Safe returns the cell with an apostrophe before it where a spreadsheet would run it as
// a formula. Read takes the apostrophe off again.
func Safe(cell string) string {
	if dangerous(cell) {
		return "'" + cell
	}
	return cell
}

// dangerous also holds for a formula that has spaces or apostrophes before it already,
// so that taking one apostrophe off gives back every cell.
func dangerous(cell string) bool {
	bare := strings.TrimLeft(cell, " '")
	return bare != "" && strings.ContainsRune(formulaStarts, []rune(bare)[0]) && !negative.MatchString(cell)
}

func unguard(cell string) string {
	if bare, ok := strings.CutPrefix(cell, "'"); ok && dangerous(bare) {
		return bare
	}
	return cell
}
