package pdf

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// file is a PDF file in the making (ISO 32000-1, 7.5). Objects are numbered from 1.
type file struct {
	bytes.Buffer
	offsets []int // of each object, 0 where it is not written yet
	zip     *zlib.Writer
}

// reserve gives a number to an object that is written later.
func (f *file) reserve() int {
	f.offsets = append(f.offsets, 0)
	return len(f.offsets)
}

// object writes an object under its number.
func (f *file) object(number int, format string, args ...any) {
	f.offsets[number-1] = f.Len()
	fmt.Fprintf(f, "%d 0 obj\n"+format+"\nendobj\n", append([]any{number}, args...)...)
}

// add writes an object under a new number.
func (f *file) add(format string, args ...any) int {
	n := f.reserve()
	f.object(n, format, args...)
	return n
}

// stream writes compressed data with the entries of its dictionary.
func (f *file) stream(entries string, data []byte) (int, error) {
	var packed bytes.Buffer
	if f.zip == nil {
		f.zip = zlib.NewWriter(&packed)
	} else {
		f.zip.Reset(&packed)
	}
	if _, err := f.zip.Write(data); err != nil {
		return 0, fmt.Errorf("compressing: %w", err)
	}
	if err := f.zip.Close(); err != nil {
		return 0, fmt.Errorf("compressing: %w", err)
	}
	return f.packed(entries, packed.Bytes()), nil
}

// packed writes a stream of data that is compressed already.
func (f *file) packed(entries string, data []byte) int {
	return f.add("<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream", entries, len(data), data)
}

// assemble writes the whole document.
func (d *Doc) assemble() ([]byte, error) {
	f := &file{}
	f.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	pages, root := f.reserve(), f.reserve()
	fonts, err := d.writeFonts(f)
	if err != nil {
		return nil, fmt.Errorf("writing the fonts: %w", err)
	}
	annotations := make([]int, len(d.elements)) // of links
	for i, e := range d.elements {
		if e.role == link {
			annotations[i] = f.reserve()
		}
	}
	numbers, err := d.writePages(f, pages, fonts, annotations)
	if err != nil {
		return nil, fmt.Errorf("writing the pages: %w", err)
	}
	d.writeStructure(f, root, numbers, annotations)
	xmp := d.meta.xmp()
	metadata := f.add("<</Type/Metadata/Subtype/XML/Length %d>>stream\n%s\nendstream", len(xmp), xmp)
	catalog := f.add("<</Type/Catalog/Pages %d 0 R/StructTreeRoot %d 0 R/MarkInfo<</Marked true>>/Lang%s"+
		"/ViewerPreferences<</DisplayDocTitle true>>/Metadata %d 0 R>>", pages, root, text16(d.meta.Lang), metadata)
	info := f.add("<<%s>>", d.meta.info())
	f.trailer(catalog, info)
	return f.Bytes(), nil
}

// trailer writes the table of objects and the end.
func (f *file) trailer(catalog, info int) {
	id := sha256.Sum256(f.Bytes())
	start := f.Len()
	fmt.Fprintf(f, "xref\n0 %d\n0000000000 65535 f \n", len(f.offsets)+1)
	for _, at := range f.offsets {
		fmt.Fprintf(f, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(f, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%[4]x><%[4]x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(f.offsets)+1, catalog, info, id[:16], start)
}

// writePages writes the pages and their contents and returns their numbers.
func (d *Doc) writePages(f *file, pages int, fonts string, annotations []int) ([]int, error) {
	numbers := make([]int, len(d.pages))
	var kids, pictures strings.Builder
	for i, p := range d.pictures {
		fmt.Fprintf(&pictures, "/I%d %d 0 R", i, p.write(f))
	}
	for i, p := range d.pages {
		content, err := f.stream("", p.content.Bytes())
		if err != nil {
			return nil, err
		}
		under := ""
		if p.back != nil {
			under = strconv.Itoa(f.packed("", p.back.packed)) + " 0 R "
		}
		width, height := appendNumber(nil, p.size.Width*pointsPerMM), appendNumber(nil, p.size.Height*pointsPerMM)
		numbers[i] = f.add("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources<</Font<<%s>>/XObject<<%s>>>>/Contents[%s%d 0 R]/StructParents %d/Tabs/S%s>>",
			pages, width, height, fonts, pictures.String(), under, content, i, d.links(i, annotations))
		fmt.Fprintf(&kids, "%d 0 R ", numbers[i])
	}
	f.object(pages, "<</Type/Pages/Count %d/Kids[%s]>>", len(d.pages), kids.String())
	return numbers, nil
}

// links are the annotations of a page, as its entry.
func (d *Doc) links(page int, annotations []int) string {
	var all strings.Builder
	for i, e := range d.elements {
		if e.role == link && e.page == page {
			fmt.Fprintf(&all, "%d 0 R ", annotations[i])
		}
	}
	if all.Len() == 0 {
		return ""
	}
	return "/Annots[" + all.String() + "]"
}

// writeStructure writes the tree of elements and, for each page, which element each of
// its marks belongs to, and for each link its own (ISO 32000-1, 14.7).
func (d *Doc) writeStructure(f *file, root int, pages, annotations []int) {
	document := f.reserve()
	numbers := make([]int, len(d.elements)+1)
	kids := make([]strings.Builder, len(d.elements)+1) // of the document and of groups
	numbers[0] = document
	for i, e := range d.elements {
		numbers[i+1] = f.reserve()
		fmt.Fprintf(&kids[e.in], "%d 0 R ", numbers[i+1])
	}
	marks := make([]strings.Builder, len(pages))
	var tree strings.Builder
	next := len(pages) // keys of the parent tree: pages first, then links
	for i, e := range d.elements {
		number := numbers[i+1]
		kind, entries := e.role.kind()
		if e.group {
			f.object(number, "<</Type/StructElem/S/%s/P %d 0 R/K[%s]%s>>", kind, numbers[e.in], kids[i+1].String(), entries)
			continue
		}
		content := strconv.Itoa(e.mark)
		switch e.role {
		case figure:
			entries = "/Alt" + text16(e.alt) + "/A<</O/Layout/Placement/Block/BBox[" + d.bounds(e) + "]>>"
		case link:
			f.object(annotations[i], "<</Type/Annot/Subtype/Link/Rect[%s]/Border[0 0 0]/F 4/Contents%s/StructParent %d/A<</S/URI/URI(%s)>>>>",
				d.bounds(e), text16(e.alt), next, literal(e.to))
			content = fmt.Sprintf("[%d <</Type/OBJR/Obj %d 0 R>>]", e.mark, annotations[i])
			fmt.Fprintf(&tree, "%d %d 0 R ", next, number)
			next++
		}
		f.object(number, "<</Type/StructElem/S/%s/P %d 0 R/Pg %d 0 R/K %s%s>>", kind, numbers[e.in], pages[e.page], content, entries)
		fmt.Fprintf(&marks[e.page], "%d 0 R ", number)
	}
	f.object(document, "<</Type/StructElem/S/Document/P %d 0 R/K[%s]>>", root, kids[0].String())
	var nums strings.Builder
	for i := range marks {
		fmt.Fprintf(&nums, "%d[%s]", i, marks[i].String())
	}
	f.object(root, "<</Type/StructTreeRoot/K %d 0 R/ParentTree<</Nums[%s%s]>>/ParentTreeNextKey %d>>", document, nums.String(), tree.String(), next)
}

// literal is an address within the brackets of a string, in ASCII as addresses are.
func literal(address string) string {
	var b strings.Builder
	for _, c := range []byte(printable(address)) {
		switch {
		case c > '~':
			fmt.Fprintf(&b, "%%%02X", c)
		case c == '(' || c == ')' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// bounds is the box of a figure as left, bottom, right and top.
func (d *Doc) bounds(e element) string {
	canvas := Canvas{page: d.pages[e.page]}
	left, top := canvas.at(e.box.X, e.box.Y)
	right, bottom := canvas.at(e.box.X+e.box.Width, e.box.Y+e.box.Height)
	var b []byte
	for _, n := range []float64{left, bottom, right, top} {
		b = append(appendNumber(b, n), ' ')
	}
	return string(b)
}

// writeFonts writes the fonts that are used and returns the entries that name them.
func (d *Doc) writeFonts(f *file) (entries string, err error) {
	for i, used := range d.used {
		if len(used) == 0 {
			continue
		}
		n, err := d.fonts[i].write(f, used)
		if err != nil {
			return "", err
		}
		entries += "/F" + strconv.Itoa(i) + " " + strconv.Itoa(n) + " 0 R"
	}
	return entries, nil
}

// write writes the five objects of an embedded font (ISO 32000-1, 9.7).
func (t *font) write(f *file, used glyphSet) (int, error) {
	name := subsetTag(used) + "+" + t.name
	data := t.subset(used)
	program, err := f.stream("/Length1 "+strconv.Itoa(len(data)), data)
	if err != nil {
		return 0, err
	}
	unicode, err := f.stream("", toUnicode(used))
	if err != nil {
		return 0, err
	}
	scale := func(units int) int { return units * 1000 / t.unitsPerEm }
	head, hhea := t.tables["head"], t.tables["hhea"]
	descriptor := f.add("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[%d %d %d %d]/ItalicAngle 0/Ascent %d/Descent %d"+
		"/CapHeight %d/StemV 80/FontFile2 %d 0 R>>", name, scale(head.i16(36)), scale(head.i16(38)), scale(head.i16(40)),
		scale(head.i16(42)), scale(hhea.i16(4)), scale(hhea.i16(6)), scale(t.tables["OS/2"].i16(88)), program)
	var widths strings.Builder
	for _, g := range used.sorted() {
		fmt.Fprintf(&widths, "%d[%d]", g, scale(t.advance(g)))
	}
	cid := f.add("<</Type/Font/Subtype/CIDFontType2/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"+
		"/FontDescriptor %d 0 R/CIDToGIDMap/Identity/W[%s]>>", name, descriptor, widths.String())
	return f.add("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>",
		name, cid, unicode), nil
}

// subsetTag is six capitals that are the same for the same glyphs.
func subsetTag(used glyphSet) string {
	sum := sha256.Sum256(fmt.Append(nil, used.sorted()))
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// toUnicode says which character each glyph is, for who copies the text or hears it.
func toUnicode(used glyphSet) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo <</Registry(Adobe)/Ordering(UCS)/Supplement 0>> def\n/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n" +
		"1 begincodespacerange <0000> <FFFF> endcodespacerange\n")
	glyphs := used.sorted()
	for len(glyphs) > 0 {
		part := glyphs[:min(100, len(glyphs))] // at most 100 a block (ISO 32000-1, 9.10.3)
		glyphs = glyphs[len(part):]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(part))
		for _, g := range part {
			fmt.Fprintf(&b, "<%04X> <%s>\n", g, hex16(string(used[g])))
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap CMapName currentdict /CMap defineresource pop end end\n")
	return b.Bytes()
}

func hex16(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit>>8), byte(unit))
	}
	return strings.ToUpper(hex.EncodeToString(b))
}

// text16 writes a text string (ISO 32000-1, 7.9.2.2).
func text16(s string) string { return "<FEFF" + hex16(s) + ">" }

func (m Meta) info() string {
	entries := "/Title" + text16(m.Title) + "/Producer(H48)"
	if m.Author != "" {
		entries += "/Author" + text16(m.Author)
	}
	if !m.Created.IsZero() {
		entries += "/CreationDate(D:" + m.Created.UTC().Format("20060102150405") + "Z)"
	}
	return entries
}

// xmp states title, language and the claim of PDF/UA-1 (ISO 14289-1, 5).
func (m Meta) xmp() string {
	more := ""
	if m.Author != "" {
		more += "<dc:creator><rdf:Seq><rdf:li>" + xmlText(m.Author) + "</rdf:li></rdf:Seq></dc:creator>\n"
	}
	if !m.Created.IsZero() {
		more += "<xmp:CreateDate>" + m.Created.UTC().Format(time.RFC3339) + "</xmp:CreateDate>\n"
	}
	return `<?xpacket begin="` + "\ufeff" + `" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part><pdf:Producer>H48</pdf:Producer>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">` + xmlText(m.Title) + `</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>` + xmlText(m.Lang) + `</rdf:li></rdf:Bag></dc:language>
` + more + `</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`
}

func xmlText(s string) string { return html.EscapeString(printable(s)) }
