package sheet

import (
	"archive/zip"
	"bufio"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Book writes a workbook (Office Open XML, .xlsx) sheet by sheet and row by row: it holds
// no more than one row. Texts are texts whatever they begin with, so that no cell is ever
// run as a formula; numbers and moments are numbers that a spreadsheet computes with.
type Book struct {
	zip   *zip.Writer
	out   *bufio.Writer // of the present sheet
	names []string
	row   int
	err   error
}

// Percent is a share that is shown as a percentage.
type Percent float64

// What a spreadsheet takes.
const (
	mostRows  = 1_048_576
	mostCell  = 32_767 // characters
	mostTitle = 31
)

// The styles of styles.xml, by index.
const (
	styleHead    = 1
	styleMoment  = 2
	stylePercent = 3
)

// NewBook begins a workbook.
func NewBook(w io.Writer) *Book { return &Book{zip: zip.NewWriter(w)} }

// Sheet ends the present sheet and begins the next, with a line of headings that stays in
// sight.
func (b *Book) Sheet(title string, columns ...string) error {
	b.endSheet()
	b.names = append(b.names, sheetTitle(title, b.names))
	b.open(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(b.names)))
	b.put(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">` +
		`<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>`)
	for i, c := range columns {
		b.put(fmt.Sprintf(`<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, min(40, max(12, utf8.RuneCountInString(c)+4))))
	}
	b.put(`</cols><sheetData>`)
	b.row = 0
	cells := make([]any, len(columns))
	for i, c := range columns {
		cells[i] = c
	}
	b.write(styleHead, cells)
	return b.err
}

// Row adds a row. A cell is a string, an int, a float64 (NaN is an empty cell), a Percent
// or a time.Time, shown as its own zone's clock does (the zero time is an empty cell).
func (b *Book) Row(cells ...any) error {
	b.write(0, cells)
	return b.err
}

func (b *Book) write(style int, cells []any) {
	if b.row++; b.row > mostRows && b.err == nil {
		b.err = fmt.Errorf("the sheet %q has more rows than a spreadsheet takes", b.names[len(b.names)-1])
	}
	b.put(`<row r="` + strconv.Itoa(b.row) + `">`)
	for i, cell := range cells {
		b.cell(column(i)+strconv.Itoa(b.row), style, cell)
	}
	b.put(`</row>`)
}

func (b *Book) cell(at string, style int, cell any) {
	switch v := cell.(type) {
	case string:
		if v != "" {
			b.put(`<c r="` + at + `" s="` + strconv.Itoa(style) + `" t="inlineStr"><is><t xml:space="preserve">` + escaped(v) + `</t></is></c>`)
		}
	case int:
		b.number(at, style, float64(v))
	case float64:
		b.number(at, style, v)
	case Percent:
		b.number(at, stylePercent, float64(v))
	case time.Time:
		if !v.IsZero() {
			b.number(at, styleMoment, serial(v))
		}
	default:
		b.err = errors.Join(b.err, fmt.Errorf("a cell cannot hold %T", cell))
	}
}

func (b *Book) number(at string, style int, v float64) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return
	}
	b.put(`<c r="` + at + `" s="` + strconv.Itoa(style) + `"><v>` + strconv.FormatFloat(v, 'g', 15, 64) + `</v></c>`)
}

// serial counts days since the last but one of 1899, as spreadsheets do; they know no
// zones, so the clock's face is kept.
func serial(t time.Time) float64 {
	face := time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return face.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
}

// Close ends the workbook.
func (b *Book) Close() error {
	if len(b.names) == 0 {
		b.err = errors.Join(b.err, errors.New("a workbook needs a sheet"))
	}
	b.endSheet()
	b.parts()
	if b.err == nil {
		b.err = b.zip.Close()
	}
	if b.err != nil {
		return fmt.Errorf("writing a workbook: %w", b.err)
	}
	return nil
}

func (b *Book) endSheet() {
	if len(b.names) > 0 {
		b.put(`</sheetData></worksheet>`)
		b.flush()
	}
}

func (b *Book) open(name string) {
	if b.err != nil {
		return
	}
	w, err := b.zip.Create(name)
	b.out, b.err = bufio.NewWriter(w), err
	b.put(xml.Header)
}

func (b *Book) put(text string) {
	if b.err == nil {
		_, b.err = b.out.WriteString(text)
	}
}

func (b *Book) flush() {
	if b.err == nil {
		b.err = b.out.Flush()
	}
}

// part writes a whole part of the package.
func (b *Book) part(name, text string) {
	b.open(name)
	b.put(text)
	b.flush()
}

// parts writes what says which sheets there are and how cells look.
func (b *Book) parts() {
	const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	const pack = "http://schemas.openxmlformats.org/package/2006/"
	const kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	types, sheets, links := "", "", ""
	for i, name := range b.names {
		n := strconv.Itoa(i + 1)
		types += `<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="` + kind + `worksheet+xml"/>`
		sheets += `<sheet name="` + escaped(name) + `" sheetId="` + n + `" r:id="rId` + n + `"/>`
		links += `<Relationship Id="rId` + n + `" Type="` + office + `/worksheet" Target="worksheets/sheet` + n + `.xml"/>`
	}
	b.part("[Content_Types].xml", `<Types xmlns="`+pack+`content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>`+
		`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="`+kind+`sheet.main+xml"/>`+
		`<Override PartName="/xl/styles.xml" ContentType="`+kind+`styles+xml"/>`+types+`</Types>`)
	b.part("_rels/.rels", `<Relationships xmlns="`+pack+`relationships"><Relationship Id="rId1" Type="`+office+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`)
	b.part("xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="`+office+`"><sheets>`+sheets+`</sheets></workbook>`)
	b.part("xl/_rels/workbook.xml.rels", `<Relationships xmlns="`+pack+`relationships">`+links+
		`<Relationship Id="rId0" Type="`+office+`/styles" Target="styles.xml"/></Relationships>`)
	b.part("xl/styles.xml", styles)
}

// styles are plain, bold, a moment to the second, and a percentage.
const styles = `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` +
	`<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>` +
	`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
	`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
	`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
	`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
	`<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>` +
	`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>` +
	`<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>` +
	`<xf numFmtId="9" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`

// column is the letters of a column: A to Z, AA and so on.
func column(i int) string {
	name := ""
	for i++; i > 0; i = (i - 1) / 26 {
		name = string(rune('A'+(i-1)%26)) + name
	}
	return name
}

// escaped is the text as XML holds it: control characters that XML has no place for are
// left out, and what is longer than a cell is cut.
func escaped(text string) string {
	if utf8.RuneCountInString(text) > mostCell {
		text = string([]rune(text)[:mostCell])
	}
	var out strings.Builder
	text = strings.Map(func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\t' || c == 0xFFFE || c == 0xFFFF {
			return -1
		}
		return c
	}, strings.ToValidUTF8(text, "\uFFFD"))
	// A strings.Builder takes everything.
	_ = xml.EscapeText(&out, []byte(text))
	return out.String()
}

// sheetTitle is a name that a spreadsheet takes and that no other sheet has.
func sheetTitle(title string, others []string) string {
	title = strings.Trim(strings.Map(func(c rune) rune {
		if strings.ContainsRune(`[]:*?/\`, c) {
			return '-'
		}
		return c
	}, title), "' ")
	for n := 1; ; n++ {
		end := ""
		if n > 1 || title == "" {
			end = " " + strconv.Itoa(n)
		}
		runes := []rune(title)
		name := string(runes[:min(len(runes), mostTitle-len(end))]) + end
		taken := false
		for _, o := range others {
			taken = taken || strings.EqualFold(o, name)
		}
		if !taken {
			return name
		}
	}
}
