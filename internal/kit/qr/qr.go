// Package qr draws QR codes: for screens as SVG, for files as PNG, for paper as runs of
// dark squares.
//
// Every drawing is black on white in either theme and carries the quiet zone of four
// modules that readers need (ISO/IEC 18004, 6.3.8). The package reads no code.
package qr

import (
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"iter"
	"strings"

	"rsc.io/qr"
)

// quiet is the width of the quiet zone, in modules.
const quiet = 4

// Code is the QR code of a text.
type Code struct{ code *qr.Code }

// New encodes the text so that 15 % of the code may be soiled (level M). It fails on a
// text that is too long: 2331 bytes, fewer are kinder to a phone.
func New(text string) (Code, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return Code{}, fmt.Errorf("encoding a QR code of %d bytes: %w", len(text), err)
	}
	return Code{code}, nil
}

// Size is the number of modules on a side, with the quiet zone.
func (c Code) Size() int { return c.code.Size + 2*quiet }

// Dark says whether the module is dark; 0, 0 is the upper left of the quiet zone.
func (c Code) Dark(x, y int) bool { return c.code.Black(x-quiet, y-quiet) }

// Run is a row of dark modules side by side.
type Run struct{ X, Y, Length int }

// Runs yields the dark modules, row by row: what a drawing has to fill.
func (c Code) Runs() iter.Seq[Run] {
	return func(yield func(Run) bool) {
		for y := range c.Size() {
			for x := 0; x < c.Size(); x++ {
				run := Run{X: x, Y: y}
				for c.Dark(x, y) {
					x++
				}
				if run.Length = x - run.X; run.Length > 0 && !yield(run) {
					return
				}
			}
		}
	}
}

// SVG returns an svg element as large as its place, named for those who cannot see it.
func (c Code) SVG(name string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" role="img" aria-label="%[2]s"`+
		` shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%[1]dv%[1]dH0z"/><path d="`, c.Size(), html.EscapeString(name))
	for r := range c.Runs() {
		fmt.Fprintf(&b, "M%d %dh%dv1h-%dz", r.X, r.Y, r.Length, r.Length)
	}
	b.WriteString(`"/></svg>`)
	return b.String()
}

// PNG writes a picture with scale pixels a module; at least one.
func (c Code) PNG(w io.Writer, scale int) error {
	scale = max(scale, 1)
	picture := image.NewPaletted(image.Rect(0, 0, c.Size()*scale, c.Size()*scale), color.Palette{color.White, color.Black})
	for r := range c.Runs() {
		for y := r.Y * scale; y < (r.Y+1)*scale; y++ {
			for x := r.X * scale; x < (r.X+r.Length)*scale; x++ {
				picture.SetColorIndex(x, y, 1)
			}
		}
	}
	if err := png.Encode(w, picture); err != nil {
		return fmt.Errorf("writing a QR code: %w", err)
	}
	return nil
}
