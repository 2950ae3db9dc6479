package sheet_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/kit/errs"
	"h48/internal/kit/i18n"
	"h48/internal/kit/sheet"
)

var people = []sheet.Column{
	{Name: "email", Titles: []string{"Courriel", "Adresse e-mail"}, Required: true},
	{Name: "name", Titles: []string{"Prénom et nom", "Full name"}, Required: true},
	{Name: "diet", Titles: []string{"Régime"}},
}

// utf16le is text as Excel saves it under "Unicode text".
func utf16le(text string) string {
	b := []byte{0xff, 0xfe}
	for _, c := range text {
		b = append(b, byte(c), byte(c>>8))
	}
	return string(b)
}

func TestRead_whatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"commas":         "Courriel,Prénom et nom\nzoe@example.org,Zoé Œuvrard\n",
		"semicolons":     "COURRIEL;prenom-et-nom\r\nzoe@example.org;Zoé Œuvrard\r\n",
		"tabs":           "Full name\temail\nZoé Œuvrard\tzoe@example.org",
		"a mark":         "\ufeffAdresse e-mail,Full name\nzoe@example.org,Zoé Œuvrard\n",
		"UTF-16":         utf16le("Courriel\tPrénom et nom\r\nzoe@example.org\tZoé Œuvrard\r\n"),
		"Windows-1252":   "Courriel;Pr\xe9nom et nom\r\nzoe@example.org;Zo\xe9 \x8cuvrard\r\n",
		"old Mac":        "Courriel;Prénom et nom\rzoe@example.org;Zoé Œuvrard\r",
		"a hint":         "sep=;\r\nCourriel;Prénom et nom\r\nzoe@example.org;Zoé Œuvrard\r\n",
		"quotes":         "\"Courriel\",\"Prénom et nom\"\n\"zoe@example.org\",\"Zoé Œuvrard\"\n",
		"blank lines":    "\n;\nCourriel;Prénom et nom\n;\n\n zoe@example.org ; Zoé Œuvrard \n;\n",
		"quoted commas":  "Courriel;\"Prénom, et nom,,,,,\"\nzoe@example.org;Zoé Œuvrard\n",
		"columns aside":  "N°;Courriel;;Prénom et nom\n1;zoe@example.org;;Zoé Œuvrard\n",
		"other unknowns": "Courriel;Prénom et nom;Ville\nzoe@example.org;Zoé Œuvrard;Amiens\n",
	} {
		got, err := sheet.Read(strings.NewReader(file), people)
		if err != nil || len(got.Problems) != 0 || len(got.Lines) != 1 {
			t.Errorf("%s: %+v, %v", name, got, err)
			continue
		}
		line := got.Lines[0]
		if line.Cell("email") != "zoe@example.org" || line.Cell("name") != "Zoé Œuvrard" || line.Cell("diet") != "" {
			t.Errorf("%s: got %+v", name, line)
		}
	}
}

func TestRead_reportsEachLine(t *testing.T) {
	t.Parallel()
	file := "Courriel;Prénom et nom;Régime;Ville\n" +
		"a@example.org;Ana;;Amiens\n" +
		";Bob;;Amiens\n" +
		"c@example.org;\"Chloé\nMartin\";;Amiens\n" +
		"d@example.org;Dan\n" +
		"e@example.org;E \"Ed\" D;;Amiens\n" +
		";;sans sel;Amiens\n" +
		"f@example.org;Fay;;Amiens\n"
	got, err := sheet.Read(strings.NewReader(file), people)
	if err != nil {
		t.Fatal(err)
	}
	want := []sheet.Problem{
		{Line: 3, Column: "Courriel", Key: "sheet.cell_missing"},
		{Line: 6, Key: "sheet.cell_count", Args: []any{"got", 2, "want", 4}},
		{Line: 7, Key: "sheet.quotes"},
		{Line: 8, Column: "Courriel", Key: "sheet.cell_missing"},
		{Line: 8, Column: "Prénom et nom", Key: "sheet.cell_missing"},
	}
	if diff := cmp.Diff(want, got.Problems); diff != "" {
		t.Error(diff)
	}
	var taken []int
	for _, line := range got.Lines {
		taken = append(taken, line.Number)
	}
	if diff := cmp.Diff([]int{2, 4, 9}, taken); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"Ville"}, got.Ignored); diff != "" {
		t.Error(diff)
	}
	if title, ok := got.Title("email"); title != "Courriel" || !ok {
		t.Errorf("the column of addresses is %q", title)
	}
	if _, ok := got.Title("trade"); ok {
		t.Error("a column that nobody asked for has a title")
	}
	got.Refuse(got.Lines[2], "email", "account.email_taken", "email", "f@example.org")
	last := got.Problems[len(got.Problems)-1]
	if diff := cmp.Diff(sheet.Problem{Line: 9, Column: "Courriel", Key: "account.email_taken", Args: []any{"email", "f@example.org"}}, last); diff != "" {
		t.Error(diff)
	}
}

func TestRead_titles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, file string
		want       []sheet.Problem
	}{
		{"one missing", "Courriel\na@example.org\n", []sheet.Problem{{Line: 1, Column: "Prénom et nom", Key: "sheet.column_missing"}}},
		{"twice", "Courriel,email,Full name\na,b,c\n", []sheet.Problem{{Line: 1, Column: "email", Key: "sheet.column_twice"}}},
		{"a quotation mark", "\"Courriel,Full name\na,b\n", []sheet.Problem{{Line: 1, Key: "sheet.quotes"}}},
	} {
		got, err := sheet.Read(strings.NewReader(c.file), people)
		if err != nil || len(got.Lines) != 0 {
			t.Errorf("%s: %d lines, %v", c.name, len(got.Lines), err)
		}
		if diff := cmp.Diff(c.want, got.Problems); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestRead_refusesAFile(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"", "\ufeff", "\n\n", ";;\n"} {
		if _, err := sheet.Read(strings.NewReader(file), people); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", file, err)
		}
	}
	if _, err := sheet.Read(bytes.NewReader(make([]byte, sheet.MaxBytes+1)), people); !errs.Is(err, errs.TooLarge) {
		t.Errorf("a large file: %v", err)
	}
	broken := errors.New("the network is gone")
	if _, err := sheet.Read(iotest.ErrReader(broken), people); !errors.Is(err, broken) {
		t.Errorf("a broken one: %v", err)
	}
}

func TestSafe(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"":                     "",
		"Ana":                  "Ana",
		"=1+1":                 "'=1+1",
		"+33612345678":         "'+33612345678",
		"-1+cmd|' /C calc'!A0": "'-1+cmd|' /C calc'!A0",
		"-5":                   "-5",
		"-5,25":                "-5,25",
		"@SUM(A1)":             "'@SUM(A1)",
		"\t=1":                 "'\t=1",
		"\r=1":                 "'\r=1",
		"＝1":                   "'＝1",
		"'=1":                  "''=1",
		" =1":                  "' =1",
		"l'eau":                "l'eau",
		"'":                    "'",
	} {
		if got := sheet.Safe(cell); got != want {
			t.Errorf("Safe(%q) = %q, want %q", cell, got, want)
		}
	}
}

// What is written is read back, but for spaces around a cell and carriage returns.
func TestWriter_roundTrip(t *testing.T) {
	t.Parallel()
	columns := []sheet.Column{{Name: "a"}, {Name: "b"}}
	rapid.Check(t, func(t *rapid.T) {
		separator := rapid.SampledFrom([]rune{',', ';'}).Draw(t, "separator")
		cell := rapid.OneOf(rapid.String(), rapid.StringMatching(`['=+@;,"\n -]{0,4}[a-zé]?`))
		lines := rapid.SliceOf(rapid.SliceOfN(cell, 2, 2)).Draw(t, "lines")
		var b bytes.Buffer
		w, err := sheet.NewWriter(&b, separator)
		if err != nil {
			t.Fatal(err)
		}
		var want [][]string
		for _, line := range append([][]string{{"a", "b"}}, lines...) {
			if err := w.Write(line...); err != nil {
				t.Fatal(err)
			}
			clean := []string{trim(line[0]), trim(line[1])}
			if clean[0]+clean[1] != "" {
				want = append(want, clean)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		read, err := sheet.Read(&b, columns)
		if err != nil || len(read.Problems) > 0 {
			t.Fatalf("%v %v", read.Problems, err)
		}
		got := [][]string{{"a", "b"}}
		for _, line := range read.Lines {
			got = append(got, []string{line.Cell("a"), line.Cell("b")})
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func trim(cell string) string {
	return strings.TrimSpace(strings.ReplaceAll(cell, "\r", ""))
}

func TestWords_sayEveryReason(t *testing.T) {
	t.Parallel()
	catalogue, err := i18n.New(sheet.Words)
	if err != nil {
		t.Fatal(err)
	}
	got := catalogue.Locale(i18n.French).T("sheet.cell_count", "got", 2, "want", 4)
	if got != "la ligne a 2 cases au lieu de 4" {
		t.Error(got)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("Courriel;Prénom et nom\nzoe@example.org;Zoé\n"))
	f.Add([]byte("sep=\t\nemail\tname\n\"a\tb\n"))
	f.Add([]byte(utf16le("email,name\na,b")))
	f.Fuzz(func(t *testing.T, file []byte) {
		got, err := sheet.Read(bytes.NewReader(file), people)
		if err != nil {
			return
		}
		lines := bytes.Count(file, []byte("\n")) + bytes.Count(file, []byte("\r")) + 2
		for _, p := range got.Problems {
			if p.Line < 1 || p.Line > lines {
				t.Errorf("a problem on line %d of %d", p.Line, lines)
			}
		}
		for _, l := range got.Lines {
			if l.Cell("email") == "" || l.Cell("name") == "" {
				t.Errorf("half a line was taken: %+v", l)
			}
		}
	})
}
