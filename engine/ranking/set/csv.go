package set

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strconv"
	"unicode/utf8"
)

// table is one CSV file under its header.
type table struct {
	name   string
	csv    *csv.Reader
	column map[string]int
	fields []string
}

// header opens the file and checks its header line: the wanted columns are there, and
// no column twice.
func (r *reader) header(name string, wanted ...string) (*table, error) {
	data, err := r.open(name)
	if err != nil {
		return nil, err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if err := checkUTF8(name, data); err != nil {
		return nil, err
	}
	t := &table{name: name, csv: csv.NewReader(bytes.NewReader(data)), column: map[string]int{}}
	t.csv.ReuseRecord = true
	fields, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return nil, &Error{File: name, Line: 1, Column: 1, Reason: "the header line is missing"}
	}
	if err != nil {
		return nil, t.broken(err)
	}
	t.fields = fields
	for k, column := range fields {
		if _, twice := t.column[column]; twice && column != "" {
			return nil, t.at(k, "the column %q stands twice", column)
		}
		t.column[column] = k
	}
	for _, column := range wanted {
		if _, ok := t.column[column]; !ok {
			return nil, &Error{File: name, Line: 1, Column: 1, Reason: fmt.Sprintf("the column %q is missing", column)}
		}
	}
	return t, nil
}

func checkUTF8(name string, data []byte) error {
	line, start := 1, 0
	for k := 0; k < len(data); {
		c, size := utf8.DecodeRune(data[k:])
		switch {
		case c == utf8.RuneError && size == 1:
			return &Error{File: name, Line: line, Column: k - start + 1, Reason: "the text is not UTF-8"}
		case c == 0:
			return &Error{File: name, Line: line, Column: k - start + 1, Reason: "a zero byte"}
		case c == '\n':
			line, start = line+1, k+1
		}
		k += size
	}
	return nil
}

// next goes to the next row; false at the end of the file.
func (t *table) next() (bool, error) {
	fields, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, t.broken(err)
	}
	t.fields = fields
	return true, nil
}

func (t *table) broken(err error) error {
	var p *csv.ParseError
	if !errors.As(err, &p) {
		return &Error{File: t.name, Reason: err.Error()}
	}
	reason := p.Err.Error()
	switch {
	case errors.Is(p.Err, csv.ErrFieldCount):
		return &Error{File: t.name, Line: p.Line, Column: 1, Reason: "the number of fields is not that of the header"}
	case errors.Is(p.Err, csv.ErrQuote):
		reason = "a quote is not closed, or text follows it"
	case errors.Is(p.Err, csv.ErrBareQuote):
		reason = "a quote inside a field that is not quoted"
	}
	return &Error{File: t.name, Line: p.Line, Column: p.Column, Reason: reason}
}

// line is the line on which the present row begins.
func (t *table) line() int {
	line, _ := t.csv.FieldPos(0)
	return line
}

// at is an error at field k of the present row.
func (t *table) at(k int, format string, args ...any) error {
	line, column := t.csv.FieldPos(k)
	return &Error{File: t.name, Line: line, Column: column, Reason: fmt.Sprintf(format, args...)}
}

// wrong is an error at a named column.
func (t *table) wrong(column, format string, args ...any) error {
	return t.at(t.column[column], format, args...)
}

func (t *table) text(column string) string { return t.fields[t.column[column]] }

// id is a text that may not be empty.
func (t *table) id(column string) (string, error) {
	s := t.text(column)
	if s == "" {
		return "", t.wrong(column, "the %s is empty", column)
	}
	return s, nil
}

// whole is an integer of at least least; given is false for an empty field.
func (t *table) whole(column string, least int) (n int, given bool, err error) {
	s := t.text(column)
	if s == "" {
		return 0, false, nil
	}
	n, err = strconv.Atoi(s)
	if err != nil {
		return 0, false, t.wrong(column, "%q is not a whole number", s)
	}
	if n < least {
		return 0, false, t.wrong(column, "%d is less than %d", n, least)
	}
	return n, true, nil
}

// number is a finite decimal; given is false for an empty field.
func (t *table) number(column string) (x float64, given bool, err error) {
	s := t.text(column)
	if s == "" {
		return 0, false, nil
	}
	x, err = strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, false, t.wrong(column, "%q is not a number", s)
	}
	return x, true, nil
}

func reasonOf(err error) string {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
