// Package ua checks that a PDF can be read by who does not see it: the conditions of the
// Matterhorn Protocol 1.1 (the PDF Association's test model for PDF/UA-1, ISO 14289-1)
// that a machine can decide and that apply to what this program writes. Each finding
// names its condition, so that somebody with a full validator finds the same words.
//
// It reads files with a plain table of objects, as kit/pdf writes them. It repairs
// nothing, judges no words (whether a description is a good one needs a person), and
// does not replace a validator for documents that come from elsewhere.
package ua

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Finding is a condition that the document fails.
type Finding struct {
	Condition string // as in "13-004"
	What      string
}

func (f Finding) String() string { return f.Condition + " " + f.What }

// Conditions are what is checked: the failure conditions of the protocol, and "syntax"
// for a file that cannot be read at all; "link" and "tree" are this program's own.
var Conditions = map[string]string{
	"01-003": "content marked as artifact is inside tagged content",
	"01-004": "tagged content is inside content marked as artifact",
	"01-005": "content is neither an artifact nor tagged",
	"01-007": "the Suspects entry is true",
	"02-001": "a structure type leads to no standard type",
	"02-004": "a standard type is mapped to another",
	"06-001": "there is no metadata stream",
	"06-002": "the metadata does not claim PDF/UA",
	"06-003": "the metadata has no title",
	"07-001": "the viewer preferences do not say whether to show the title",
	"07-002": "the window does not show the title",
	"09-004": "a table is not made of rows of cells",
	"09-005": "a list is not made of items with a body",
	"10-001": "a character code has no Unicode value",
	"11-001": "the language of the text is not known",
	"11-006": "the language of the metadata is not known",
	"13-004": "a figure has no description",
	"14-002": "the first heading is not of the first level",
	"14-003": "a level of headings is skipped",
	"14-007": "numbered and unnumbered headings are mixed",
	"15-003": "a heading cell does not say what it is the heading of",
	"19-003": "a note has no identifier",
	"20-001": "optional content has no name",
	"21-001": "an embedded file has no name for people",
	"25-001": "the form is dynamic",
	"26-001": "the file is encrypted",
	"28-002": "an annotation is not in the structure",
	"28-004": "an annotation has no description",
	"28-008": "a page with annotations has no order of tabs",
	"28-009": "the order of tabs is not the structure's",
	"28-011": "a link is not inside a Link element",
	"28-012": "a link has no description",
	"30-001": "a page is drawn from another file",
	"31-004": "the map from characters to glyphs is of no known kind",
	"31-005": "a font has no map from characters to glyphs",
	"31-006": "a character map is not embedded",
	"31-009": "a font is not embedded",
	"31-011": "a glyph is not in the embedded font",
	"31-016": "a width is not the font's own",
	"31-027": "a font does not say which characters its glyphs are",
	"31-028": "a Unicode value is 0",
	"31-029": "a Unicode value is a byte order mark",
	"31-030": "the glyph of no character is shown",
	"link":   "an address is printed that cannot be followed",
	"syntax": "the file cannot be read",
	"tree":   "the content and the structure tree do not lead to each other",
}

// Check returns what is wrong with the document, in the order of the conditions, each
// thing once; nothing where it can be read by everybody.
func Check(raw []byte) []Finding {
	c := &check{file: file{raw: raw, objects: map[int]object{}}, seen: map[Finding]bool{}, fonts: map[ref]*font{}}
	trailer, err := c.open()
	if err != nil {
		c.fail("syntax", "%v", err)
		return c.findings
	}
	if trailer["Encrypt"] != nil {
		c.fail("26-001", "the trailer has an Encrypt entry")
	}
	root := c.dict(trailer["Root"])
	c.catalog(root)
	c.structure(root)
	for number, page := range c.pages(root["Pages"], map[ref]bool{}) {
		c.page(number+1, page)
	}
	c.marks()
	c.addresses()
	slices.SortStableFunc(c.findings, func(a, b Finding) int { return cmp.Compare(a.Condition, b.Condition) })
	return c.findings
}

// check is one document being looked at.
type check struct {
	file
	findings []Finding
	seen     map[Finding]bool
	roles    dict
	owners   map[mark]int // the object of the element that claims a piece of content
	parents  map[int]object
	met      map[mark]bool // what the pages hold
	texts    map[mark][]byte
	kinds    map[int]string // of elements
	links    map[int]bool   // annotations that a Link element holds
	held     map[int]bool   // annotations that any element holds
	fonts    map[ref]*font
}

// mark is a piece of marked content: of the page with the object number.
type mark struct{ page, id int }

func (c *check) fail(condition, format string, args ...any) {
	f := Finding{condition, fmt.Sprintf(format, args...)}
	if !c.seen[f] {
		c.seen[f] = true
		c.findings = append(c.findings, f)
	}
}

// catalog looks at what is said of the document as a whole.
func (c *check) catalog(root dict) {
	marks := c.dict(root["MarkInfo"])
	if marks["Marked"] != true {
		c.fail("tree", "the catalog does not say that the document is marked")
	}
	if marks["Suspects"] == true {
		c.fail("01-007", "Suspects is true")
	}
	if lang, _ := c.get(root["Lang"]).(text); len(lang.plain()) < 2 {
		c.fail("11-001", "the catalog has no language")
		c.fail("11-006", "the catalog has no language")
	}
	switch shows := c.dict(root["ViewerPreferences"])["DisplayDocTitle"]; shows {
	case nil:
		c.fail("07-001", "no DisplayDocTitle")
	case true:
	default:
		c.fail("07-002", "DisplayDocTitle is %v", shows)
	}
	c.metadata(root)
	if form := c.dict(root["AcroForm"]); form["XFA"] != nil {
		c.fail("25-001", "the document has an XFA form")
	}
	for _, files := range []object{c.dict(root["Names"])["EmbeddedFiles"], root["AF"]} {
		if files != nil {
			c.fail("21-001", "the document has embedded files, which this program never writes")
		}
	}
	if root["OCProperties"] != nil {
		c.fail("20-001", "the document has optional content, which this program never writes")
	}
}

func (c *check) metadata(root dict) {
	s, is := c.get(root["Metadata"]).(stream)
	if !is {
		c.fail("06-001", "no metadata stream")
		return
	}
	xmp, err := c.content(s)
	if err != nil {
		c.fail("06-001", "the metadata stream cannot be read: %v", err)
	}
	if !bytes.Contains(xmp, []byte("<pdfuaid:part>1</pdfuaid:part>")) || !bytes.Contains(xmp, []byte(`xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"`)) {
		c.fail("06-002", "no pdfuaid:part")
	}
	_, rest, found := bytes.Cut(xmp, []byte("<dc:title>"))
	title, _, _ := bytes.Cut(rest, []byte("</dc:title>"))
	if _, words, inside := bytes.Cut(title, []byte(`xml:lang="x-default">`)); !found || !inside || len(strings.TrimSpace(strings.SplitN(string(words), "<", 2)[0])) == 0 {
		c.fail("06-003", "no dc:title")
	}
}

// pages lists the leaves of the tree of pages.
func (c *check) pages(node object, seen map[ref]bool) []pageRef {
	number, is := node.(ref)
	d := c.dict(node)
	if !is || seen[number] {
		return nil
	}
	seen[number] = true
	if d["Type"] != name("Pages") {
		return []pageRef{{int(number), d}}
	}
	var all []pageRef
	kids, _ := c.get(d["Kids"]).(array)
	for _, kid := range kids {
		all = append(all, c.pages(kid, seen)...)
	}
	return all
}

// pageRef is a page with its object's number.
type pageRef struct {
	number int
	dict   dict
}
