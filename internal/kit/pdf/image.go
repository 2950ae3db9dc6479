package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"image/color"
	"strconv"
)

// Picture is a picture that stands in documents, such as a logo: made ready once for all
// documents that show it, and safe for concurrent use.
type Picture struct {
	width, height int
	colors, alpha []byte // compressed; alpha is nil where one sees through nothing
}

// NewPicture makes a picture ready.
func NewPicture(img image.Image) (*Picture, error) {
	b := img.Bounds()
	if b.Empty() {
		return nil, fmt.Errorf("a picture of %v", b)
	}
	colors, alpha := make([]byte, 0, 3*b.Dx()*b.Dy()), make([]byte, 0, b.Dx()*b.Dy())
	through := false
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c, _ := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			colors, alpha = append(colors, c.R, c.G, c.B), append(alpha, c.A)
			through = through || c.A != 0xff
		}
	}
	p := &Picture{width: b.Dx(), height: b.Dy()}
	var err error
	if p.colors, err = deflate(colors); err != nil {
		return nil, err
	}
	if through {
		p.alpha, err = deflate(alpha)
	}
	return p, err
}

func deflate(data []byte) ([]byte, error) {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(data); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("compressing: %w", err)
	}
	return packed.Bytes(), nil
}

// Fit is the largest box of the picture's shape in the middle of the given one.
func (p *Picture) Fit(in Box) Box {
	scale := min(in.Width/float64(p.width), in.Height/float64(p.height))
	width, height := float64(p.width)*scale, float64(p.height)*scale
	return Box{in.X + (in.Width-width)/2, in.Y + (in.Height-height)/2, width, height}
}

// Picture draws the picture into the box.
func (c *Canvas) Picture(p *Picture, in Box) {
	d := c.page.doc
	number := -1
	for i, have := range d.pictures {
		if have == p {
			number = i
		}
	}
	if number < 0 {
		number = len(d.pictures)
		d.pictures = append(d.pictures, p)
	}
	x, y := c.at(in.X, in.Y+in.Height)
	c.page.content.WriteString("q ")
	c.put("cm", in.Width*pointsPerMM, 0, 0, in.Height*pointsPerMM, x, y)
	c.page.content.WriteString("/I" + strconv.Itoa(number) + " Do Q\n")
}

// write writes the picture and returns its number.
func (p *Picture) write(f *file) int {
	mask := ""
	if p.alpha != nil {
		mask = fmt.Sprintf("/SMask %d 0 R", f.add("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"+
			"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream", p.width, p.height, len(p.alpha), p.alpha))
	}
	return f.add("<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream",
		p.width, p.height, mask, len(p.colors), p.colors)
}
