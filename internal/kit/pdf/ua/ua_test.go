package ua_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"h48/internal/kit/pdf"
	"h48/internal/kit/pdf/ua"
)

// sound is a small document with all that is checked: headings, a list, a table, a figure
// and a link. The places in capitals are what TestCheck_everyCondition breaks.
var sound = []string{
	1: `<</Type/Catalog/Pages 2 0 R/StructTreeRoot 5 0 R/MarkInfo<</Marked true>>/Lang(fr)/ViewerPreferences<</DisplayDocTitle true>>/Metadata 20 0 R>>`,
	2: `<</Type/Pages/Count 1/Kids[3 0 R]>>`,
	3: `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F0 21 0 R>>/XObject<</I0 26 0 R>>>>/Contents 4 0 R/StructParents 0/Tabs/S/Annots[19 0 R]>>`,
	4: "STREAM<<>>/H1 <</MCID 0>> BDC BT /F0 12 Tf <0024> Tj ET EMC\n/H2 <</MCID 1>> BDC BT <0024> Tj ET EMC\n/LBody <</MCID 2>> BDC BT <0024> Tj ET EMC\n" +
		"/TH <</MCID 3>> BDC BT <0024> Tj ET EMC\n/TD <</MCID 4>> BDC BT [<0024> 3 <0024>] TJ ET EMC\n/Figure <</MCID 5>> BDC 0 0 9 9 re f EMC\n" +
		"/Link <</MCID 6>> BDC BT <0024> Tj ET EMC\n/Artifact BMC /I0 Do EMC\n",
	5:  `<</Type/StructTreeRoot/K 6 0 R/ParentTree<</Nums[0[7 0 R 8 0 R 11 0 R 14 0 R 15 0 R 16 0 R 17 0 R]1 17 0 R]>>/RoleMap<</Titre/H1>>>>`,
	6:  `<</Type/StructElem/S/Document/P 5 0 R/K[7 0 R 8 0 R 9 0 R 12 0 R 16 0 R 17 0 R]>>`,
	7:  `<</Type/StructElem/S/Titre/P 6 0 R/Pg 3 0 R/K 0>>`,
	8:  `<</Type/StructElem/S/H2/P 6 0 R/Pg 3 0 R/K 1>>`,
	9:  `<</Type/StructElem/S/L/P 6 0 R/K[10 0 R]>>`,
	10: `<</Type/StructElem/S/LI/P 9 0 R/K[11 0 R]>>`,
	11: `<</Type/StructElem/S/LBody/P 10 0 R/Pg 3 0 R/K 2>>`,
	12: `<</Type/StructElem/S/Table/P 6 0 R/K[13 0 R]>>`,
	13: `<</Type/StructElem/S/TR/P 12 0 R/K[14 0 R 15 0 R]>>`,
	14: `<</Type/StructElem/S/TH/P 13 0 R/Pg 3 0 R/K 3/A<</O/Table/Scope/Column>>>>`,
	15: `<</Type/StructElem/S/TD/P 13 0 R/Pg 3 0 R/K<</Type/MCR/Pg 3 0 R/MCID 4>>>>`,
	16: `<</Type/StructElem/S/Figure/P 6 0 R/Pg 3 0 R/K 5/Alt(Un plan)/A<</O/Layout/BBox[0 0 9 9]>>>>`,
	17: `<</Type/StructElem/S/Link/P 6 0 R/Pg 3 0 R/K[6<</Type/OBJR/Obj 19 0 R>>]>>`,
	18: `<</Type/Note>>`,
	19: `<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents(Le site)/StructParent 1/A<</S/URI/URI(https://example.org)>>>>`,
	20: `STREAM<</Type/Metadata>><x xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part><dc:title><rdf:Alt><rdf:li xml:lang="x-default">Essai</rdf:li></rdf:Alt></dc:title></x>`,
	21: `<</Type/Font/Subtype/Type0/BaseFont/Essai/Encoding/Identity-H/DescendantFonts[22 0 R]/ToUnicode 25 0 R>>`,
	22: `<</Type/Font/Subtype/CIDFontType2/BaseFont/Essai/FontDescriptor 23 0 R/CIDToGIDMap/Identity/W[36[WIDTH]]>>`,
	23: `<</Type/FontDescriptor/FontFile2 24 0 R>>`,
	24: `STREAM<<>>PROGRAM`,
	25: `STREAM<<>>1 beginbfchar <0024> <0041> endbfchar`,
	26: `STREAM<</Type/XObject/Subtype/Image>>x`,
}

// assemble writes the objects as a file, each "from" replaced by its "to".
func assemble(t *testing.T, trailer string, replace ...string) []byte {
	t.Helper()
	program, err := pdf.Program(pdf.Regular)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !strings.Contains(strings.Join(sound, "\n"), replace[i]) {
			t.Fatalf("nothing says %q", replace[i])
		}
	}
	change := strings.NewReplacer(append(replace, "WIDTH", fmt.Sprint(width(program, 36)), "PROGRAM", string(program))...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(sound))
	for n, object := range sound {
		if n == 0 {
			continue
		}
		offsets[n] = b.Len()
		object = change.Replace(object)
		if rest, is := strings.CutPrefix(object, "STREAM"); is {
			at := strings.Index(rest, ">>")
			object = fmt.Sprintf("%s/Length %d>>stream\n%s\nendstream", rest[:at], len(rest)-at-2, rest[at+2:])
		}
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, object)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(sound))
	for _, at := range offsets[1:] {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(sound), trailer, start)
	return b.Bytes()
}

// width is the glyph's in thousandths of the em, of a font whose em is 1000 units.
func width(program []byte, glyph int) int {
	for i := 12; i < 12+16*20; i += 16 {
		if string(program[i:i+4]) == "hmtx" {
			at := int(program[i+8])<<24 | int(program[i+9])<<16 | int(program[i+10])<<8 | int(program[i+11])
			return int(program[at+4*glyph])<<8 | int(program[at+4*glyph+1])
		}
	}
	return 0
}

func TestCheck_everyCondition(t *testing.T) {
	t.Parallel()
	if found := ua.Check(assemble(t, "")); len(found) > 0 {
		t.Fatalf("the sound document fails: %v", found)
	}
	proven := map[string]bool{}
	for _, broken := range []struct {
		condition string
		replace   []string
	}{
		{"01-003", []string{"/H2 <</MCID 1>> BDC BT", "/H2 <</MCID 1>> BDC /Artifact BMC EMC BT"}},
		{"01-004", []string{"/H2 <</MCID 1>> BDC BT <0024> Tj ET EMC", "/Artifact BMC /H2 <</MCID 1>> BDC BT <0024> Tj ET EMC EMC"}},
		{"01-005", []string{"/Artifact BMC /I0 Do EMC", "/I0 Do"}},
		{"01-005", []string{"/H2 <</MCID 1>> BDC", "/Span BMC"}},
		{"01-007", []string{"/Marked true", "/Marked true/Suspects true"}},
		{"02-001", []string{"/Titre/H1", "/Titre/Entete"}},
		{"02-004", []string{"/Titre/H1", "/Titre/H1/P/Span"}},
		{"06-001", []string{"/Metadata 20 0 R", ""}},
		{"06-002", []string{"<pdfuaid:part>1", "<pdfuaid:part>0"}},
		{"06-003", []string{">Essai<", "><"}},
		{"07-001", []string{"/DisplayDocTitle true", ""}},
		{"07-002", []string{"/DisplayDocTitle true", "/DisplayDocTitle false"}},
		{"09-004", []string{"/S/TR/P 12", "/S/P/P 12"}},
		{"09-004", []string{"/K[13 0 R]", "/K[13 0 R<</Type/StructElem/S/TR/P 12 0 R/K[]>>]"}},
		{"09-004", []string{"/K[13 0 R]", "/K[]"}},
		{"09-005", []string{"/S/LI/P 9", "/S/P/P 9"}},
		{"10-001", []string{"<0024> <0041>", "<0025> <0041>"}},
		{"11-001", []string{"/Lang(fr)", ""}},
		{"11-006", []string{"/Lang(fr)", "/Lang()"}},
		{"13-004", []string{"/Alt(Un plan)", "/Alt( )"}},
		{"13-004", []string{"/BBox[0 0 9 9]", ""}},
		{"14-002", []string{"/Titre/H1", "/Titre/H3"}},
		{"14-003", []string{"/S/H2/P 6", "/S/H3/P 6"}},
		{"14-007", []string{"/S/H2/P 6", "/S/H/P 6"}},
		{"15-003", []string{"/Scope/Column", ""}},
		{"19-003", []string{"/S/H2/P 6", "/S/Note/P 6"}},
		{"20-001", []string{"/Lang(fr)", "/Lang(fr)/OCProperties<<>>"}},
		{"21-001", []string{"/Lang(fr)", "/Lang(fr)/Names<</EmbeddedFiles<<>>>>"}},
		{"25-001", []string{"/Lang(fr)", "/Lang(fr)/AcroForm<</XFA[]>>"}},
		{"28-002", []string{"<</Type/OBJR/Obj 19 0 R>>", "", "/Subtype/Link", "/Subtype/Text"}},
		{"28-004", []string{"/Contents(Le site)", "", "/Subtype/Link", "/Subtype/Text"}},
		{"28-008", []string{"/Tabs/S", ""}},
		{"28-009", []string{"/Tabs/S", "/Tabs/R"}},
		{"28-011", []string{"/S/Link/P 6", "/S/Span/P 6"}},
		{"28-012", []string{"/Contents(Le site)", ""}},
		{"30-001", []string{"/Subtype/Image", "/Subtype/Image/Ref<<>>"}},
		{"31-004", []string{"/CIDToGIDMap/Identity", "/CIDToGIDMap/Other"}},
		{"31-005", []string{"/CIDToGIDMap/Identity", ""}},
		{"31-006", []string{"/Encoding/Identity-H", "/Encoding/Other"}},
		{"31-009", []string{"/FontFile2 24 0 R", ""}},
		{"31-011", []string{"/H2 <</MCID 1>> BDC BT <0024>", "/H2 <</MCID 1>> BDC BT <FFF0>"}},
		{"31-016", []string{"WIDTH", "1"}},
		{"31-027", []string{"/ToUnicode 25 0 R", ""}},
		{"31-028", []string{"<0041>", "<0000>"}},
		{"31-029", []string{"<0041>", "<FEFF>"}},
		{"31-030", []string{"/H2 <</MCID 1>> BDC BT <0024>", "/H2 <</MCID 1>> BDC BT <0000>"}},
		{"link", []string{"<0041>", "<00680074007400700073003A002F002F0065>"}},
		{"syntax", []string{"/Artifact BMC /I0 Do EMC", "/Artifact BMC /I0 Do"}},
		{"syntax", []string{"/I0 Do", "/I7 Do"}},
		{"tree", []string{"/Marked true", ""}},
		{"tree", []string{"/StructTreeRoot 5 0 R", ""}},
		{"tree", []string{"7 0 R 8 0 R 11 0 R 14", "8 0 R 7 0 R 11 0 R 14"}},
		{"tree", []string{"/P 6 0 R/Pg 3 0 R/K 1", "/P 6 0 R/Pg 3 0 R/K 9"}},
		{"tree", []string{"/StructParent 1", ""}},
	} {
		found := ua.Check(assemble(t, "", broken.replace...))
		proven[broken.condition] = true
		if !has(found, broken.condition) {
			t.Errorf("%q: want %s, found %v", broken.replace, broken.condition, found)
		}
	}
	if found := ua.Check(assemble(t, "/Encrypt<<>>")); !has(found, "26-001") {
		t.Errorf("an encrypted file: %v", found)
	}
	for _, raw := range [][]byte{nil, []byte("%PDF-1.7\nstartxref\n3\n"), []byte("nothing")} {
		if !has(ua.Check(raw), "syntax") {
			t.Errorf("%q is a document", raw)
		}
	}
	for condition := range ua.Conditions {
		if !proven[condition] && condition != "26-001" {
			t.Errorf("nothing fails %s", condition)
		}
	}
}

func has(found []ua.Finding, condition string) bool {
	for _, f := range found {
		if f.Condition == condition {
			return true
		}
	}
	return false
}

// FuzzCheck reads any file to its end.
func FuzzCheck(f *testing.F) {
	f.Add([]byte("%PDF-1.7\n1 0 obj <</A[(a\\)) <41> true null 1 0 R]>> endobj xref 0 1 trailer <</Root 1 0 R>> startxref 66"))
	var b bytes.Buffer
	doc := pdf.New(pdf.Meta{Title: "t", Lang: "fr"})
	doc.Page(pdf.A6).Text(pdf.H1, 1, 1, 90, pdf.Style{Size: 12}, "Zoé")
	if _, err := doc.WriteTo(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(_ *testing.T, raw []byte) { ua.Check(raw) })
}
