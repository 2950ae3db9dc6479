package pdf_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/kit/pdf"
	"h48/internal/kit/qr"
)

const (
	water pdf.Color = 0x1f6f8b
	ink   pdf.Color = 0x17252b
)

// certificate is what the package is for, with an invented laureate.
func certificate(t testing.TB, name string) []byte {
	t.Helper()
	doc := pdf.New(pdf.Meta{Title: "Certificat de " + name, Lang: "fr", Author: "Hackathon d'Amiens",
		Created: time.Date(2018, 5, 21, 12, 0, 0, 0, time.UTC)})
	page := doc.Page(pdf.A4Landscape)
	page.Decor(func(c *pdf.Canvas) {
		c.Arc(297, 210, 90, 0.75, 1)
		c.Stroke(water, 6)
		c.Circle(20, 20, 6)
		c.Fill(0x7fae5c)
		c.MoveTo(40, 190)
		c.CurveTo(80, 180, 120, 200, 160, 190)
		c.LineTo(160, 195)
		c.Close()
		c.Stroke(water, 0.3)
	})
	y := page.Text(pdf.H1, 30, 40, 237, pdf.Style{Font: pdf.Display, Size: 34, Color: water, Align: pdf.Center}, "Certificat de participation")
	style := pdf.Style{Font: pdf.Bold, Size: 40, Color: ink, Align: pdf.Center}.Fit(name, 237, 12)
	y = page.Text(pdf.H2, 30, y+8, 237, style, name)
	page.Text(pdf.P, 60, y+8, 177, pdf.Style{Size: 14, Color: ink, Align: pdf.Center},
		"a pris part aux 48 heures d’Amiens, du 19 au 21 mai 2018, et à l’œuvre de l’équipe « Écluse », "+
			"qui a gagné le prix de 5\u202f000\u00a0€.\nFélicitations !")
	code, err := qr.New("https://h48.example/c/01k3z9")
	if err != nil {
		t.Fatal(err)
	}
	page.Figure("Code QR vers la vérification de ce certificat", pdf.Box{X: 240, Y: 155, Width: 35, Height: 35},
		func(c *pdf.Canvas) { c.QR(code, 240, 155, 35) })
	page.Text(pdf.Decoration, 30, 198, 237, pdf.Style{Size: 8, Color: ink, Align: pdf.Right}, "1/1")
	var b bytes.Buffer
	if _, err := doc.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// run gives the document to a program of qpdf or poppler, and skips without it.
func run(t *testing.T, content []byte, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("%s is not installed", program)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, arg := range args {
		args[i] = strings.ReplaceAll(arg, "FILE", file)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
	return string(out)
}

const laureate = "Zoé Œuvrard-Łukasiewicz"

func TestDoc_qpdfFindsNothingWrong(t *testing.T) {
	t.Parallel()
	if out := run(t, certificate(t, laureate), "qpdf", "--check", "FILE"); !strings.Contains(out, "No syntax or stream encoding errors found") {
		t.Error(out)
	}
}

func TestDoc_isTagged(t *testing.T) {
	t.Parallel()
	content := certificate(t, laureate)
	info := strings.Join(strings.Fields(run(t, content, "pdfinfo", "FILE")), " ")
	for _, want := range []string{"Title: Certificat de " + laureate, "Tagged: yes", "PDF version: 1.7", "Pages: 1",
		"Author: Hackathon d'Amiens", "(A4)"} {
		if !strings.Contains(info, want) {
			t.Errorf("no %q in %s", want, info)
		}
	}
	tree := run(t, content, "pdfinfo", "-struct", "FILE")
	if diff := cmp.Diff("Document\n  H1 (block)\n  H2 (block)\n  P (block)\n  Figure:\n", withoutAttributes(tree)); diff != "" {
		t.Error(diff)
	}
	text := strings.Join(strings.Fields(run(t, content, "pdfinfo", "-struct-text", "FILE")), " ")
	if strings.Contains(text, "1/1") || !strings.Contains(text, `H2 (block) "`+laureate) {
		t.Errorf("got %s", text)
	}
}

// withoutAttributes leaves the names of the elements, indented by depth.
func withoutAttributes(tree string) string {
	var b strings.Builder
	for line := range strings.Lines(tree) {
		if element := strings.TrimSpace(line); element != "" && !strings.HasPrefix(element, "/") {
			b.WriteString(strings.TrimRight(line, " \n") + "\n")
		}
	}
	return b.String()
}

func TestDoc_textComesBack(t *testing.T) {
	t.Parallel()
	got := strings.Join(strings.Fields(run(t, certificate(t, laureate), "pdftotext", "-raw", "FILE", "-")), " ")
	want := "Certificat de participation Zoé Œuvrard-Łukasiewicz a pris part aux 48 heures d’Amiens, du 19 au 21 mai 2018, " +
		"et à l’œuvre de l’équipe « Écluse », qui a gagné le prix de 5 000 € . Félicitations ! 1/1"
	if diff := cmp.Diff(strings.ReplaceAll(want, " .", "."), got); diff != "" {
		t.Error(diff)
	}
}

func TestDoc_sameCallsSameBytes(t *testing.T) {
	t.Parallel()
	if !bytes.Equal(certificate(t, laureate), certificate(t, laureate)) {
		t.Error("two certificates of the same person differ")
	}
}

func TestDoc_saysThatItIsAccessible(t *testing.T) {
	t.Parallel()
	content := string(certificate(t, "A & <B>"))
	for _, want := range []string{"<pdfuaid:part>1</pdfuaid:part>", "/MarkInfo<</Marked true>>", "/DisplayDocTitle true",
		"Certificat de A &amp; &lt;B&gt;", "<xmp:CreateDate>2018-05-21T12:00:00Z</xmp:CreateDate>", "/Lang<FEFF00660072>",
		"/S/Figure", "/Alt<FEFF0043006F006400650020005100520020"} {
		if !strings.Contains(content, want) {
			t.Errorf("no %q", want)
		}
	}
}

func TestDoc_manyPages(t *testing.T) {
	t.Parallel()
	doc := pdf.New(pdf.Meta{Title: "Badges", Lang: "fr"})
	for _, name := range []string{"Ana", "Bob"} {
		doc.Page(pdf.A6).Text(pdf.H1, 10, 60, 85, pdf.Style{Font: pdf.Display, Size: 40, Align: pdf.Center}, name)
	}
	var b bytes.Buffer
	n, err := doc.WriteTo(&b)
	if err != nil || n != int64(b.Len()) {
		t.Fatal(n, err)
	}
	run(t, b.Bytes(), "qpdf", "--check", "FILE")
	if got := run(t, b.Bytes(), "pdftotext", "FILE", "-"); got != "Ana\n\n\fBob\n\n\f" {
		t.Errorf("got %q", got)
	}
}

func TestDoc_refusesWhatNobodyCouldRead(t *testing.T) {
	t.Parallel()
	untitled := pdf.New(pdf.Meta{Lang: "fr"})
	untitled.Page(pdf.A4)
	for name, doc := range map[string]*pdf.Doc{
		"no title": untitled,
		"no page":  pdf.New(pdf.Meta{Title: "Rien", Lang: "fr"}),
	} {
		if n, err := doc.WriteTo(io.Discard); err == nil || n != 0 {
			t.Errorf("%s: %d bytes, %v", name, n, err)
		}
	}
}

// FuzzText sets any text that somebody may be called.
func FuzzText(f *testing.F) {
	f.Add(laureate, 40.0)
	f.Add("a\x00\xff)\\( \u202e王\n\n", 0.0)
	f.Fuzz(func(t *testing.T, name string, width float64) {
		doc := pdf.New(pdf.Meta{Title: "t" + name, Lang: "fr", Author: name})
		page := doc.Page(pdf.A4)
		page.Text(pdf.H1, 10, 10, width, pdf.Style{Size: 12}.Fit(name, width, 4), name)
		page.Figure(name, pdf.Box{X: 1, Y: 1, Width: 1, Height: 1}, func(c *pdf.Canvas) { c.Text(1, 1, 1, pdf.Style{Size: 1}, name) })
		var b bytes.Buffer
		if _, err := doc.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(b.String(), "<?xpacket begin")
		metadata, _, _ := strings.Cut("<?xpacket begin"+rest, "\nendstream")
		if err := xml.Unmarshal([]byte(metadata), new(struct{})); err != nil {
			t.Fatalf("the metadata of %q: %v", name, err)
		}
	})
}

func TestStyle(t *testing.T) {
	t.Parallel()
	s := pdf.Style{Font: pdf.Display, Size: 40}
	if narrow, wide := s.Width("iii"), s.Width("mmm"); narrow <= 0 || wide < 2*narrow {
		t.Errorf("iii is %v mm wide, mmm %v", narrow, wide)
	}
	fitted := s.Fit(laureate, 60, 8)
	if w := fitted.Width(laureate); w > 60.001 || w < 59.9 {
		t.Errorf("fitted into 60 mm it is %v mm wide", w)
	}
	if got := s.Fit("Ana", 60, 8).Size; got != 40 {
		t.Errorf("what fits became %v", got)
	}
	if got := s.Fit(laureate, 5, 8).Size; got != 8 {
		t.Errorf("what never fits became %v", got)
	}
	for text, want := range map[string]string{
		"Zoé Œuvrard, d’Amiens – 5\u202f000\u00a0€ …": "",
		"Łukasz Yağmur Dvořák Şükrü":                  "",
		"王 Ана 王\n":                                   "王Ана",
	} {
		if got := string(s.Missing(text)); got != want {
			t.Errorf("%q lacks %q, want %q", text, got, want)
		}
	}
}

func TestPage_Text_wraps(t *testing.T) {
	t.Parallel()
	page := pdf.New(pdf.Meta{Title: "t", Lang: "fr"}).Page(pdf.A4)
	s := pdf.Style{Size: 72 / 2.54, Leading: 1} // a line is 10 mm high
	width := s.Width("une deux") + 0.01
	for text, lines := range map[string]float64{"": 1, "une deux": 1, "une deux trois": 2, "une\u00a0deux une": 2, "a\nb\n": 3, "anticonstitutionnellement": 1} {
		if got := page.Text(pdf.P, 10, 10, width, s, text); got < 10+10*lines-0.01 || got > 10+10*lines+0.01 {
			t.Errorf("%q ends at %v, want %v lines of 10 mm from 10", text, got, lines)
		}
	}
}

func BenchmarkCertificate(b *testing.B) {
	b.ReportAllocs()
	size := 0
	for b.Loop() {
		size = len(certificate(b, laureate))
	}
	b.ReportMetric(float64(size), "bytes")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "documents/s")
}
