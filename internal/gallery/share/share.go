// Package share draws the picture that stands for a page where somebody shares it.
//
// It is 1200 by 630 pixels, as the networks want it, in the edition's colour and the
// fonts of the house, and carries no person's name. The same card gives the same picture:
// there is no clock and no chance in it. The package decides nobody's prize and reads
// nothing: it draws what it is given.
package share

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"h48/internal/kit/pdf"
)

// Width and Height are the picture's, in pixels.
const (
	Width  = 1200
	Height = 630
)

// Card is what the picture says.
type Card struct {
	Above string // where it comes from: the edition
	Title string
	Text  string // one sentence
	Badge string // what it won, or ""
	Below string // whose it is
	// Accent is the edition's colour; its zero value is the house's.
	Accent color.RGBA
	// Cover is a picture of it, or nil for the ring.
	Cover image.Image
}

// The colours of the house, as on paper.
var (
	paper = color.RGBA{0xf4, 0xf8, 0xf9, 0xff}
	ink   = color.RGBA{0x14, 0x2b, 0x35, 0xff}
	soft  = color.RGBA{0x49, 0x5d, 0x67, 0xff}
	house = color.RGBA{0x1f, 0x6f, 0x8b, 0xff}
)

const (
	margin = 64
	// column is how wide the words are beside a picture or the ring.
	column = 640
)

// PNG draws the card.
func PNG(c Card) ([]byte, error) {
	if c.Accent == (color.RGBA{}) {
		c.Accent = house
	}
	img := image.NewRGBA(image.Rect(0, 0, Width, Height))
	draw.Draw(img, img.Bounds(), image.NewUniform(paper), image.Point{}, draw.Src)
	if c.Cover == nil {
		drawRing(img, 985, 300, c.Accent)
	} else {
		drawCover(img, image.Rect(768, 0, Width, Height), c.Cover)
	}
	fill(img, image.Rect(0, 0, 16, Height), c.Accent)
	if err := writeWords(img, c); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&b, img); err != nil {
		return nil, fmt.Errorf("writing a share picture: %w", err)
	}
	return b.Bytes(), nil
}

// writeWords sets the texts: the title as large as three lines of it can be.
func writeWords(img *image.RGBA, c Card) error {
	pen := &pen{img: img}
	drawMark(img, margin+26, 82, c.Accent)
	pen.line(pdf.Bold, 28, soft, margin+68, 92, pen.cut(pdf.Bold, 28, c.Above, column-68))
	size, lines := 84.0, []string(nil)
	for ; size >= 44; size -= 4 {
		if lines = pen.wrap(pdf.Display, size, c.Title, column); len(lines) <= 3 && pen.fits(pdf.Display, size, lines, column) {
			break
		}
	}
	if size < 44 {
		size = 44
		lines = pen.few(pdf.Display, size, c.Title, column, 3)
	}
	y := 168.0
	for _, l := range lines {
		y += size * 1.04
		pen.line(pdf.Display, size, ink, margin, int(y), l)
	}
	y += 28
	for _, l := range pen.few(pdf.Regular, 32, c.Text, column, 2) {
		y += 42
		pen.line(pdf.Regular, 32, soft, margin, int(y), l)
	}
	below := Height - 66
	if c.Badge != "" {
		text := pen.cut(pdf.Bold, 28, c.Badge, column-64)
		width := pen.width(pdf.Bold, 28, text)
		rounded(img, image.Rect(margin, below-40, margin+width+56, below+16), 28, ink)
		pen.line(pdf.Bold, 28, paper, margin+28, below-2, text)
		below -= 76
	}
	pen.line(pdf.Bold, 28, ink, margin, below, pen.cut(pdf.Bold, 28, c.Below, column))
	return pen.err
}

// pen sets letters; its first error stays.
type pen struct {
	img   *image.RGBA
	faces map[string]font.Face
	err   error
}

// face is a font at a size; nil after an error.
func (p *pen) face(f pdf.Font, size float64) font.Face {
	key := fmt.Sprint(int(f), size)
	if p.err != nil || p.faces[key] != nil {
		return p.faces[key]
	}
	raw, err := pdf.Program(f)
	if err != nil {
		p.err = err
		return nil
	}
	parsed, err := opentype.Parse(raw)
	if err != nil {
		p.err = fmt.Errorf("reading a font: %w", err)
		return nil
	}
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		p.err = fmt.Errorf("scaling a font: %w", err)
		return nil
	}
	if p.faces == nil {
		p.faces = map[string]font.Face{}
	}
	p.faces[key] = face
	return face
}

func (p *pen) width(f pdf.Font, size float64, text string) int {
	face := p.face(f, size)
	if face == nil {
		return 0
	}
	return font.MeasureString(face, text).Ceil()
}

func (p *pen) line(f pdf.Font, size float64, c color.RGBA, x, y int, text string) {
	face := p.face(f, size)
	if face == nil {
		return
	}
	d := font.Drawer{Dst: p.img, Src: image.NewUniform(c), Face: face, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

// wrap breaks a text at its blanks.
func (p *pen) wrap(f pdf.Font, size float64, text string, width int) []string {
	var lines []string
	for word := range strings.FieldsSeq(text) {
		last := len(lines) - 1
		if last >= 0 && p.width(f, size, lines[last]+" "+word) <= width {
			lines[last] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func (p *pen) fits(f pdf.Font, size float64, lines []string, width int) bool {
	for _, l := range lines {
		if p.width(f, size, l) > width {
			return false
		}
	}
	return true
}

// few breaks a text into at most so many lines; what does not fit ends in dots.
func (p *pen) few(f pdf.Font, size float64, text string, width, most int) []string {
	lines := p.wrap(f, size, text, width)
	if len(lines) > most {
		lines[most-1] = strings.Join(lines[most-1:], " ")
		lines = lines[:most]
	}
	for i := range lines {
		lines[i] = p.cut(f, size, lines[i], width)
	}
	return lines
}

// cut shortens a line that is too wide.
func (p *pen) cut(f pdf.Font, size float64, text string, width int) string {
	if p.width(f, size, text) <= width {
		return text
	}
	letters := []rune(text)
	for len(letters) > 0 && p.width(f, size, string(letters)+"…") > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimRight(string(letters), " ,;:") + "…"
}
