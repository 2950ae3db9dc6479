package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/kit/sheet"
)

// part reads one part of a workbook.
func part(t testing.TB, book []byte, name string) []byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// cells reads a sheet back: texts as they are, numbers as they are written, a formula as "!".
func cells(t testing.TB, text []byte) (rows [][]string) {
	t.Helper()
	var read struct {
		Rows []struct {
			Cells []struct {
				At      string  `xml:"r,attr"`
				Style   string  `xml:"s,attr"`
				Text    string  `xml:"is>t"`
				Value   string  `xml:"v"`
				Formula *string `xml:"f"`
			} `xml:"c"`
		} `xml:"sheetData>row"`
	}
	if err := xml.Unmarshal(text, &read); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	for _, r := range read.Rows {
		var row []string
		for _, c := range r.Cells {
			switch {
			case c.Formula != nil:
				row = append(row, "!")
			case c.Value != "":
				row = append(row, c.At+"="+c.Value+"/"+c.Style)
			default:
				row = append(row, c.Text)
			}
		}
		rows = append(rows, row)
	}
	return rows
}

func TestBook_numbersAreNumbersAndTextsTexts(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	b := sheet.NewBook(&out)
	at := time.Date(2018, 5, 20, 18, 0, 0, 0, time.FixedZone("Paris", 7200))
	for _, err := range []error{
		b.Sheet("Notes [a]", "Équipe", "Note"),
		b.Row("=1+1", 4), b.Row("@SUM(A1)", 2.5), b.Row("<b>&\"é\"\x00", math.NaN()), b.Row(at, sheet.Percent(0.93)),
		b.Sheet("Notes [a]", "x"), b.Row("y"), b.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	want := [][]string{{"Équipe", "Note"}, {"=1+1", "B2=4/0"}, {"@SUM(A1)", "B3=2.5/0"}, {"<b>&\"é\""}, {"A5=43240.75/2", "B5=0.93/3"}}
	if diff := cmp.Diff(want, cells(t, part(t, out.Bytes(), "xl/worksheets/sheet1.xml"))); diff != "" {
		t.Error(diff)
	}
	if book := string(part(t, out.Bytes(), "xl/workbook.xml")); !strings.Contains(book, `name="Notes -a-"`) || !strings.Contains(book, `name="Notes -a- 2"`) {
		t.Errorf("the sheets are named %s", book)
	}
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/styles.xml"} {
		if err := xml.Unmarshal(part(t, out.Bytes(), name), new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBook_refusesWhatItCannotHold(t *testing.T) {
	t.Parallel()
	b := sheet.NewBook(io.Discard)
	if err := b.Close(); err == nil {
		t.Error("a workbook without a sheet was written")
	}
	b = sheet.NewBook(io.Discard)
	if err := b.Sheet("a", "b"); err != nil {
		t.Fatal(err)
	}
	if err := b.Row(struct{}{}); err == nil {
		t.Error("a cell of no kind was written")
	}
}

// TestBook_anyTextComesBack holds for whatever XML can hold.
func TestBook_anyTextComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringOf(rapid.Rune().Filter(func(c rune) bool { return c >= ' ' && c < 0xD800 })).Draw(r, "text")
		var out bytes.Buffer
		b := sheet.NewBook(&out)
		if err := b.Sheet(text, text); err != nil {
			r.Fatal(err)
		}
		if err := b.Row("x", text, "y"); err != nil {
			r.Fatal(err)
		}
		if err := b.Close(); err != nil {
			r.Fatal(err)
		}
		want := []string{"x", text, "y"}
		if text == "" {
			want = []string{"x", "y"}
		}
		if got := cells(t, part(t, out.Bytes(), "xl/worksheets/sheet1.xml")); !cmp.Equal(want, got[1]) {
			r.Errorf("%q came back as %q", want, got[1])
		}
	})
}
