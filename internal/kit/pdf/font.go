package pdf

import (
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// The fonts are static instances of the variable ones (weights 400 and 700), Latin and
// Latin Extended letters, without hints and layout tables; licences beside them.
//
//go:embed fonts/*.ttf
var fontFiles embed.FS

type fontSet [fontCount]*font

// fontNames are the files of the fonts, in their order.
var fontNames = [fontCount]string{"atkinson-regular", "atkinson-bold", "bricolage-bold"}

// Program returns the TrueType file of a font, for who draws letters elsewhere than on a
// page.
func Program(f Font) ([]byte, error) {
	raw, err := fontFiles.ReadFile("fonts/" + fontNames[f] + ".ttf")
	if err != nil {
		return nil, fmt.Errorf("reading a font: %w", err)
	}
	return raw, nil
}

// loadFonts reads the fonts once for all documents; they are never changed.
var loadFonts = sync.OnceValues(func() (*fontSet, error) {
	var set fontSet
	for i, name := range fontNames {
		raw, err := Program(Font(i))
		if err != nil {
			return nil, err
		}
		if set[i], err = parseFont(raw); err != nil {
			return nil, fmt.Errorf("reading the font %s: %w", name, err)
		}
	}
	return &set, nil
})

// table is a piece of a font file. Reading beyond its end gives zero, so that a broken
// font gives broken letters and no panic.
type table []byte

func (t table) u16(at int) int {
	if at < 0 || at+2 > len(t) {
		return 0
	}
	return int(binary.BigEndian.Uint16(t[at:]))
}

func (t table) i16(at int) int { return int(int16(t.u16(at))) } //nolint:gosec // two's complement is meant

func (t table) u32(at int) int { return t.u16(at)<<16 | t.u16(at+2) }

// part returns the bytes from an offset on, as many as there are.
func (t table) part(at, length int) table {
	at = min(max(at, 0), len(t))
	return t[at : at+min(max(length, 0), len(t)-at)]
}

// font is a TrueType font (OpenType specification 1.9) of at most 65535 glyphs.
type font struct {
	tables     map[string]table
	name       string
	unitsPerEm int
	glyphs     int // how many
	metrics    int // how many glyphs have a width of their own
	longLoca   bool
	byRune     map[rune]int
}

// headSize is the length of the table head, of which subset changes a copy.
const headSize = 54

func parseFont(raw []byte) (*font, error) {
	file := table(raw)
	f := &font{tables: map[string]table{}}
	for i := range file.u16(4) {
		entry := file.part(12+16*i, 16)
		if len(entry) < 16 {
			break
		}
		f.tables[string(entry[:4])] = file.part(entry.u32(8), entry.u32(12))
	}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "cmap", "loca", "glyf", "name"} {
		if len(f.tables[name]) == 0 {
			return nil, fmt.Errorf("no table %s", name)
		}
	}
	f.unitsPerEm = f.tables["head"].u16(18)
	f.longLoca = f.tables["head"].u16(50) == 1
	f.glyphs = f.tables["maxp"].u16(4)
	f.metrics = f.tables["hhea"].u16(34)
	if len(f.tables["head"]) < headSize || f.unitsPerEm == 0 || f.metrics == 0 || f.metrics > f.glyphs {
		return nil, errors.New("a table is broken")
	}
	f.name = f.postScriptName()
	return f, f.readCmap()
}

// postScriptName reads name 6 in its Windows form, which is ASCII in UTF-16.
func (f *font) postScriptName() string {
	names := f.tables["name"]
	for i := range names.u16(2) {
		record := names.part(6+12*i, 12)
		if record.u16(0) == 3 && record.u16(6) == 6 {
			var name []byte
			text := names.part(names.u16(4)+record.u16(10), record.u16(8))
			for j := 1; j < len(text); j += 2 {
				name = append(name, text[j])
			}
			return string(name)
		}
	}
	return "Unnamed"
}

// readCmap reads the Unicode subtable of format 4, which all our fonts have.
func (f *font) readCmap() error {
	cmap := f.tables["cmap"]
	for i := range cmap.u16(2) {
		record := cmap.part(4+8*i, 8)
		sub := cmap.part(record.u32(4), len(cmap))
		if record.u16(0) == 3 && record.u16(2) == 1 && sub.u16(0) == 4 {
			f.byRune = readFormat4(sub, f.glyphs)
			return nil
		}
	}
	return errors.New("no Unicode cmap of format 4")
}

// readFormat4 reads the segments; one that is out of order is ignored.
func readFormat4(t table, glyphs int) map[rune]int {
	byRune := map[rune]int{}
	double := t.u16(6) // twice the number of segments
	next := 0
	for i := 0; i < double; i += 2 {
		end, start := t.u16(14+i), t.u16(16+double+i)
		if start < next {
			continue
		}
		next = max(next, end+1)
		delta, offset := t.u16(16+2*double+i), t.u16(16+3*double+i)
		for c := start; c <= end && c < 0xffff; c++ {
			g := c
			if offset != 0 {
				if g = t.u16(16 + 3*double + i + offset + 2*(c-start)); g == 0 {
					continue
				}
			}
			if g = (g + delta) & 0xffff; g != 0 && g < glyphs {
				byRune[rune(c)] = g
			}
		}
	}
	return byRune
}

// alias gives what may stand for a character that the font lacks and nobody tells apart.
var alias = map[rune]rune{'\u202f': '\u00a0', '\u2011': '-', '\u02bc': '’'}

func (f *font) has(c rune) bool {
	_, ok := f.byRune[c]
	if !ok {
		_, ok = f.byRune[alias[c]]
	}
	return ok
}

// glyph returns the glyph of a character, of its alias, or of the question mark.
func (f *font) glyph(c rune) int {
	for _, r := range []rune{c, alias[c], '?'} {
		if g, ok := f.byRune[r]; ok {
			return g
		}
	}
	return 0
}

// advance is how wide a glyph is, in units of the font.
func (f *font) advance(glyph int) int {
	return f.tables["hmtx"].u16(4 * min(glyph, f.metrics-1))
}

// ascent is how far letters reach above the line, as a share of the size.
func (f *font) ascent() float64 {
	return float64(f.tables["hhea"].i16(4)) / float64(f.unitsPerEm)
}

// outline returns the shape of a glyph; empty for a space.
func (f *font) outline(glyph int) table {
	loca := f.tables["loca"]
	from, to := 2*loca.u16(2*glyph), 2*loca.u16(2*glyph+2)
	if f.longLoca {
		from, to = loca.u32(4*glyph), loca.u32(4*glyph+4)
	}
	return f.tables["glyf"].part(from, to-from)
}

// glyphSet is which glyphs a document uses of a font, and what each says.
type glyphSet map[int]rune

func (s *glyphSet) add(glyph int, r rune) {
	if *s == nil {
		*s = glyphSet{}
	}
	if said, ok := (*s)[glyph]; !ok || r < said {
		(*s)[glyph] = r
	}
}

// sorted lists the glyphs in order.
func (s glyphSet) sorted() []int {
	glyphs := make([]int, 0, len(s))
	for g := range s {
		glyphs = append(glyphs, g)
	}
	slices.Sort(glyphs)
	return glyphs
}
