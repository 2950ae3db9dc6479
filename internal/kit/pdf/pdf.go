// Package pdf writes accessible documents of a few pages: certificates, badges, posters.
//
// What it writes is PDF 1.7 as PDF/UA-1 (ISO 14289-1) asks for: every text stands in a
// tree of headings, paragraphs and figures with their description, in reading order,
// which is the order of the calls; everything else is marked as decoration; the document
// has a title and a language; the fonts travel with it. Lengths are in millimetres from
// the upper left corner, sizes of letters in points.
//
// The same calls give the same bytes: there is no clock in it. It does not read PDF, has
// no forms, and sets text from left to right in Latin letters only (Missing tells what it
// cannot set).
package pdf

import (
	"errors"
	"io"
	"time"
)

// Meta tells what the document is.
type Meta struct {
	// Title is what a reader's window shows, Lang the language of the text ("fr").
	// PDF/UA requires both.
	Title, Lang string
	// Author may be empty, and Created zero.
	Author  string
	Created time.Time
}

// Size is the size of a page in millimetres.
type Size struct{ Width, Height float64 }

// The sheets of ISO 216 that offices have, and the badge that fits a common holder.
var (
	A4          = Size{210, 297}
	A4Landscape = Size{297, 210}
	A6          = Size{105, 148}
)

// Doc is a document in the making. It is for one goroutine.
type Doc struct {
	meta  Meta
	fonts *fontSet
	err   error
	pages []*Page
	// elements are the structure tree below the document, parents before their children.
	elements []element
	within   int // the element that holds what comes next, from 1; 0 is the document
	used     [fontCount]glyphSet
	pictures []*Picture
}

// Role is what a text is in the structure of the document.
type Role string

// The roles of texts. Headings of a document begin with H1 and skip no level.
const (
	H1 Role = "H1"
	H2 Role = "H2"
	H3 Role = "H3"
	P  Role = "P"
	// The cells of a row: the head of a column, the head of the row, and any other.
	ColumnHead Role = "ColumnHead"
	RowHead    Role = "RowHead"
	TD         Role = "TD"
	// Body is what an item of a list says.
	Body Role = "LBody"
	// Decoration is not read aloud: a page number, a word that a figure's description
	// already says.
	Decoration Role = "Artifact"
	figure     Role = "Figure"
	link       Role = "Link"
)

// The roles of groups: a table of rows of cells, a list of items with a body each.
const (
	Table Role = "Table"
	Row   Role = "TR"
	List  Role = "L"
	Item  Role = "LI"
)

// kind is the role in the words of the standard, and what must be said with it.
func (r Role) kind() (kind, attributes string) {
	switch r {
	case ColumnHead:
		return "TH", "/A<</O/Table/Scope/Column>>"
	case RowHead:
		return "TH", "/A<</O/Table/Scope/Row>>"
	}
	return string(r), ""
}

// element is a node of the structure tree: a group, or the content that it marks on one page.
type element struct {
	role  Role
	alt   string
	box   Box // of a figure, and where a link is followed
	page  int
	mark  int
	in    int    // the element that holds it, from 1; 0 is the document
	group bool   // of elements, without content of its own
	to    string // where a link leads
}

// Group makes what fill sets one thing in the structure: the rows of a table, the items of a
// list. It may go over several pages.
func (d *Doc) Group(role Role, fill func()) {
	d.elements = append(d.elements, element{role: role, in: d.within, group: true})
	outer := d.within
	d.within = len(d.elements)
	fill()
	d.within = outer
}

// New begins a document.
func New(m Meta) *Doc {
	fonts, err := loadFonts()
	return &Doc{meta: m, fonts: fonts, err: err}
}

// Page adds a page.
func (d *Doc) Page(size Size) *Page {
	p := &Page{doc: d, index: len(d.pages), size: size}
	d.pages = append(d.pages, p)
	return p
}

// WriteTo writes the document, which must have a page, a title and a language. It may go
// on growing and be written again.
func (d *Doc) WriteTo(w io.Writer) (int64, error) {
	if d.err != nil {
		return 0, d.err
	}
	if len(d.pages) == 0 || d.meta.Title == "" || d.meta.Lang == "" {
		return 0, errors.New("a PDF needs a page, a title and a language")
	}
	content, err := d.assemble()
	if err != nil {
		return 0, err
	}
	n, err := w.Write(content)
	return int64(n), err
}
