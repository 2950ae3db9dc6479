package ua

import "encoding/binary"

// font is a font that a page uses.
type font struct {
	title   name
	unicode map[int]string
	widths  map[int]float64
	program []byte
}

// fontOf reads a font the way that kit/pdf writes one: TrueType glyphs by their numbers.
func (c *check) fontOf(o object) *font {
	d := c.dict(o)
	if d == nil {
		c.fail("syntax", "a font is not there")
		return nil
	}
	at, _ := o.(ref)
	if f := c.fonts[at]; f != nil {
		return f
	}
	f := &font{unicode: map[int]string{}, widths: map[int]float64{}}
	c.fonts[at] = f
	f.title, _ = d["BaseFont"].(name)
	if encoding := c.get(d["Encoding"]); encoding != name("Identity-H") && encoding != name("Identity-V") {
		c.fail("31-006", "%s has the encoding %v, which this program never writes", f.title, encoding)
	}
	descendants, _ := c.get(d["DescendantFonts"]).(array)
	if len(descendants) != 1 {
		c.fail("syntax", "%s has %d descendants", f.title, len(descendants))
		return nil
	}
	cid := c.dict(descendants[0])
	switch kind := c.get(cid["CIDToGIDMap"]).(type) {
	case nil:
		c.fail("31-005", "%s", f.title)
	case stream:
	case name:
		if kind != "Identity" {
			c.fail("31-004", "%s", f.title)
		}
	default:
		c.fail("31-004", "%s", f.title)
	}
	if program, is := c.get(c.dict(cid["FontDescriptor"])["FontFile2"]).(stream); !is {
		c.fail("31-009", "%s", f.title)
	} else if data, err := c.content(program); err == nil {
		f.program = data
	}
	c.readWidths(f, cid)
	c.readUnicode(f, d)
	return f
}

// readWidths reads the widths of glyphs: "12[500 600] 40[700]".
func (c *check) readWidths(f *font, cid dict) {
	all, _ := c.get(cid["W"]).(array)
	for i := 0; i+1 < len(all); i += 2 {
		first, _ := all[i].(float64)
		widths, _ := all[i+1].(array)
		for k, w := range widths {
			f.widths[int(first)+k], _ = w.(float64)
		}
	}
}

// readUnicode reads which characters the glyphs are.
func (c *check) readUnicode(f *font, d dict) {
	s, is := c.get(d["ToUnicode"]).(stream)
	if !is {
		c.fail("31-027", "%s", f.title)
		return
	}
	data, err := c.content(s)
	if err != nil {
		c.fail("31-027", "%s: %v", f.title, err)
	}
	r := &reader{raw: data}
	var before []object
	for {
		o := r.next()
		if _, over := o.(end); over {
			return
		}
		if o != operator("endbfchar") {
			before = append(before, o)
			if o == operator("beginbfchar") {
				before = nil
			}
			continue
		}
		for i := 0; i+1 < len(before); i += 2 {
			code, _ := before[i].(text)
			value, _ := before[i+1].(text)
			said := text("\xfe\xff" + string(value)).plain()
			for _, character := range said {
				switch character {
				case 0:
					c.fail("31-028", "%s", f.title)
				case 0xfeff, 0xfffe:
					c.fail("31-029", "%s", f.title)
				}
			}
			f.unicode[number(code)] = said
		}
	}
}

func number(t text) int {
	n := 0
	for _, b := range []byte(t) {
		n = n<<8 | int(b)
	}
	return n
}

// letters looks at the glyphs that a text shows.
func (d *drawing) letters(operands []object) {
	for _, o := range operands {
		switch o := o.(type) {
		case array:
			d.letters(o)
		case text:
			for i := 0; i+1 < len(o); i += 2 {
				d.letter(int(o[i])<<8 | int(o[i+1]))
			}
		}
	}
}

// say notes what is said within a piece of content.
func (d *drawing) say(text string) {
	for _, l := range d.open {
		if l.tagged {
			at := mark{d.page.number, l.id}
			d.texts[at] = append(d.texts[at], text...)
		}
	}
}

func (d *drawing) letter(glyph int) {
	f := d.font
	if f == nil {
		d.fail("syntax", "page %d shows text without a font", d.number)
		return
	}
	if glyph == 0 {
		d.fail("31-030", "page %d, %s", d.number, f.title)
	}
	d.say(f.unicode[glyph])
	if said := f.unicode[glyph]; said == "" {
		d.fail("10-001", "page %d, %s: the glyph %d", d.number, f.title, glyph)
	}
	if f.program == nil {
		return
	}
	advance, units, there := advanceOf(f.program, glyph)
	if !there {
		d.fail("31-011", "%s: the glyph %d", f.title, glyph)
		return
	}
	if own := float64(advance) * 1000 / float64(units); f.widths[glyph] < own-1 || f.widths[glyph] > own+1 {
		d.fail("31-016", "%s: the glyph %d is %v wide, the font says %v", f.title, glyph, f.widths[glyph], own)
	}
}

// advanceOf is how wide the glyph is in a TrueType file, of so many units to the em.
func advanceOf(program []byte, glyph int) (advance, units int, there bool) {
	u16 := func(at int) int {
		if at < 0 || at+2 > len(program) {
			return 0
		}
		return int(binary.BigEndian.Uint16(program[at:]))
	}
	tables := map[string]int{}
	for i := range u16(4) {
		at := 12 + 16*i
		if at+16 <= len(program) {
			tables[string(program[at:at+4])] = int(binary.BigEndian.Uint32(program[at+8:]))
		}
	}
	units, glyphs, metrics := u16(tables["head"]+18), u16(tables["maxp"]+4), u16(tables["hhea"]+34)
	if glyph >= glyphs || units == 0 || metrics == 0 {
		return 0, 1, false
	}
	return u16(tables["hmtx"] + 4*min(glyph, metrics-1)), units, true
}
