package pdf

import "encoding/binary"

// subset returns the font with the shapes of the given glyphs alone. Every glyph keeps
// its number; the others are empty, which compresses to nothing.
func (f *font) subset(used glyphSet) []byte {
	keep := map[int]bool{}
	f.close(keep, 0) // what a reader shows for a glyph that it cannot find
	for g := range used {
		f.close(keep, g)
	}
	loca := make([]byte, 0, 4*f.glyphs+4)
	var glyf []byte
	for g := range f.glyphs {
		loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // a part of a font of some kilobytes
		if keep[g] {
			glyf = append(glyf, f.outline(g)...)
			glyf = append(glyf, make([]byte, -len(glyf)&3)...)
		}
	}
	loca = binary.BigEndian.AppendUint32(loca, uint32(len(glyf))) //nolint:gosec // as above
	head := append(table(nil), f.tables["head"]...)
	binary.BigEndian.PutUint16(head[50:], 1) // long offsets; parseFont made sure of headSize
	return assembleFont([]namedTable{
		{"glyf", glyf}, {"head", head}, {"hhea", f.tables["hhea"]},
		{"hmtx", f.tables["hmtx"]}, {"loca", loca}, {"maxp", f.tables["maxp"]},
	})
}

// Flags of a part of a composite glyph (OpenType, glyf table).
const (
	wordArguments = 0x0001
	oneScale      = 0x0008
	moreParts     = 0x0020
	twoScales     = 0x0040
	fourScales    = 0x0080
)

// close keeps a glyph and the glyphs that it is made of.
func (f *font) close(keep map[int]bool, glyph int) {
	if keep[glyph] {
		return
	}
	keep[glyph] = true
	shape := f.outline(glyph)
	if shape.i16(0) >= 0 { // not made of others
		return
	}
	for at := 10; at < len(shape); {
		flags := shape.u16(at)
		f.close(keep, shape.u16(at+2))
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&oneScale != 0:
			at += 2
		case flags&twoScales != 0:
			at += 4
		case flags&fourScales != 0:
			at += 8
		}
		if flags&moreParts == 0 {
			return
		}
	}
}

type namedTable struct {
	tag  string
	data []byte
}

// assembleFont writes a font file of the tables, which come in the order of their tags.
func assembleFont(tables []namedTable) []byte {
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	for _, n := range []uint16{uint16(len(tables)), 64, 2, uint16(len(tables)*16 - 64)} { // six tables: 4·16, log2 4
		out = binary.BigEndian.AppendUint16(out, n)
	}
	at := len(out) + 16*len(tables)
	var body []byte
	for _, t := range tables {
		out = append(out, t.tag...)
		for _, n := range []int{checksum(t.data), at + len(body), len(t.data)} {
			out = binary.BigEndian.AppendUint32(out, uint32(n)) //nolint:gosec // see subset
		}
		body = append(body, t.data...)
		body = append(body, make([]byte, -len(body)&3)...)
	}
	return append(out, body...)
}

// checksum sums a table as 32-bit numbers, padded with zeros.
func checksum(data []byte) int {
	var sum uint32
	for i, b := range data {
		sum += uint32(b) << (24 - 8*(i%4))
	}
	return int(sum)
}
