package pdf

import (
	"bytes"
	"testing"
)

func fonts(t testing.TB) *fontSet {
	t.Helper()
	set, err := loadFonts()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestSubset_keepsTheUsedShapes(t *testing.T) {
	t.Parallel()
	for _, f := range fonts(t) {
		used := glyphSet{}
		for _, c := range "É ç" {
			used.add(f.glyph(c), c)
		}
		part := f.subset(used)
		if len(part) > 12_000 {
			t.Errorf("%s: a subset of %d bytes", f.name, len(part))
		}
		again := &font{tables: map[string]table{}, glyphs: f.glyphs, longLoca: true}
		file := table(part)
		for i := range file.u16(4) {
			entry := file.part(12+16*i, 16)
			again.tables[string(entry[:4])] = file.part(entry.u32(8), entry.u32(12))
			if got := checksum(again.tables[string(entry[:4])]); got != entry.u32(4) {
				t.Errorf("%s: table %s has checksum %x, says %x", f.name, entry[:4], got, entry.u32(4))
			}
		}
		for g := range f.glyphs {
			if _, ok := used[g]; ok && !bytes.HasPrefix(again.outline(g), f.outline(g)) {
				t.Errorf("%s: glyph %d lost its shape", f.name, g)
			}
		}
		if shape := again.outline(f.glyph('Z')); len(shape) != 0 {
			t.Errorf("%s: Z kept its shape", f.name)
		}
	}
}

func FuzzParseFont(f *testing.F) {
	t := fonts(f)[Regular].tables
	for _, head := range []table{t["head"], t["head"][:headSize-1]} {
		f.Add(assembleFont([]namedTable{{"cmap", t["cmap"]}, {"head", head}, {"hhea", t["hhea"]}, {"hmtx", t["hmtx"]},
			{"loca", t["loca"]}, {"maxp", t["maxp"]}, {"name", t["name"]}, {"glyf", t["glyf"][:2000]}}))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		parsed, err := parseFont(raw)
		if err != nil {
			return
		}
		used := glyphSet{}
		for _, c := range "É€" {
			used.add(parsed.glyph(c), c)
			if parsed.advance(parsed.glyph(c)) < 0 {
				t.Error("a negative width")
			}
		}
		if len(parsed.subset(used)) == 0 {
			t.Error("no subset")
		}
	})
}
