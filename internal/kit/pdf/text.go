package pdf

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// Font is one of the fonts that the package carries.
type Font int

// The fonts: Atkinson Hyperlegible Next for reading, Bricolage Grotesque for headings.
const (
	Regular Font = iota
	Bold
	Display
	fontCount
)

// Align is where lines stand in their width.
type Align int

// The alignments; the zero value is Left.
const (
	Left Align = iota
	Center
	Right
)

// Style is how a text looks.
type Style struct {
	Font Font
	// Size is in points, of 1/72 inch.
	Size  float64
	Color Color
	Align Align
	// Leading is from line to line, as a multiple of the size; 0 means 1.3.
	Leading float64
}

// Width is how wide the text is on one line, in millimetres.
func (s Style) Width(text string) float64 {
	fonts, err := loadFonts()
	if err != nil { // WriteTo says why
		return 0
	}
	return s.width(fonts, text)
}

func (s Style) width(fonts *fontSet, text string) float64 {
	font, units := fonts[s.Font], 0
	for _, c := range text {
		units += font.advance(font.glyph(c))
	}
	return float64(units) / float64(font.unitsPerEm) * s.Size / pointsPerMM
}

// Fit returns the style with the largest size, between smallest and its own, in which
// the text fits the width on one line; smallest where it never does.
func (s Style) Fit(text string, width, smallest float64) Style {
	if w := s.Width(text); w > width {
		s.Size = max(smallest, s.Size*width/w)
	}
	return s
}

// Missing lists the characters of the text that the font lacks, each once; Text sets a
// question mark for each.
func (s Style) Missing(text string) []rune {
	fonts, err := loadFonts()
	if err != nil { // WriteTo says why
		return nil
	}
	var missing []rune
	for _, c := range text {
		if c >= ' ' && !fonts[s.Font].has(c) && !strings.ContainsRune(string(missing), c) {
			missing = append(missing, c)
		}
	}
	return missing
}

func (s Style) leading() float64 {
	if s.Leading == 0 {
		return 1.3 * s.Size / pointsPerMM
	}
	return s.Leading * s.Size / pointsPerMM
}

// lines sets the text and returns where the next may begin.
func (c *Canvas) lines(x, y, width float64, s Style, text string) float64 {
	d := c.page.doc
	if d.err != nil {
		return y
	}
	font := d.fonts[s.Font]
	baseline := y + font.ascent()*s.Size/pointsPerMM
	c.color("rg", s.Color)
	c.page.content.WriteString("BT /F" + strconv.Itoa(int(s.Font)) + " ")
	c.put("Tf", s.Size)
	for _, line := range wrap(text, func(part string) bool { return s.width(d.fonts, part) <= width }) {
		left := x
		if s.Align != Left {
			left += (width - s.width(d.fonts, strings.TrimSuffix(line, " "))) / float64(3-s.Align)
		}
		px, py := c.at(left, baseline)
		c.put("Tm", 1, 0, 0, 1, px, py)
		c.show(s.Font, line)
		baseline += s.leading()
		y += s.leading()
	}
	c.page.content.WriteString("ET\n")
	return y
}

// show writes one line as the numbers of its glyphs.
func (c *Canvas) show(f Font, line string) {
	font, used := c.page.doc.fonts[f], &c.page.doc.used[f]
	codes := make([]byte, 0, 2*len(line))
	for _, r := range line {
		g := font.glyph(r)
		used.add(g, r)
		codes = append(codes, byte(g>>8), byte(g))
	}
	b := append(c.page.content.AvailableBuffer(), '<')
	b = append(hex.AppendEncode(b, codes), "> Tj\n"...)
	c.page.content.Write(b)
}

// wrap breaks a text at its line feeds and, where a line does not fit, at spaces that may
// be broken. A broken line keeps its space, so that who copies the text gets it back.
func wrap(text string, fits func(string) bool) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(text, "\n") {
		line := ""
		for word := range strings.SplitSeq(printable(paragraph), " ") {
			switch {
			case line == "":
				line = word
			case fits(line + " " + word):
				line += " " + word
			default:
				lines = append(lines, line+" ")
				line = word
			}
		}
		lines = append(lines, line)
	}
	return lines
}

// printable drops control characters; a tab is a space.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c == '\t':
			return ' '
		case c < ' ' || c == 0x7f:
			return -1
		}
		return c
	}, text)
}
