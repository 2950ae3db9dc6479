// Package picture makes clean copies of the pictures that people bring.
//
// A copy is upright, no larger than asked, and a JPEG that this package wrote itself from
// the colours alone: no place, camera, name or hidden file of the original comes along.
// What is not a picture, or would fill the memory, is refused. The package keeps nothing
// and decides nobody's consent.
package picture

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/gif" // its decoder
	"image/jpeg"
	_ "image/png" // its decoder
	"io"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // its decoder
)

// Limits of what is read.
const (
	MaxBytes  = 25_000_000
	maxPixels = 40_000_000 // 160 MB while it is turned and scaled
	quality   = 82
)

// ErrRefused is what comes of something that is no picture, is broken or is too large.
var ErrRefused = errors.New("not a picture that can be shown")

// Copy is a clean copy of a picture.
type Copy struct {
	Width, Height int
	JPEG          []byte
}

// Copies reads a picture and returns a copy for each side: at most side pixels wide and
// high, and never larger than the original.
func Copies(r io.Reader, sides ...int) ([]Copy, error) {
	upright, err := read(r)
	if err != nil {
		return nil, err
	}
	copies := make([]Copy, 0, len(sides))
	for _, side := range sides {
		small := fit(upright, side)
		var b bytes.Buffer
		if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("writing a picture: %w", err)
		}
		copies = append(copies, Copy{Width: small.Bounds().Dx(), Height: small.Bounds().Dy(), JPEG: b.Bytes()})
	}
	return copies, nil
}

// Scaled reads a picture, such as a logo, and returns it upright and at most side pixels
// wide and high; where one could see through it, one still can.
func Scaled(r io.Reader, side int) (image.Image, error) {
	upright, err := read(r)
	if err != nil {
		return nil, err
	}
	width, height := upright.Bounds().Dx(), upright.Bounds().Dy()
	if longest := max(width, height); longest > side {
		width, height = max(width*side/longest, 1), max(height*side/longest, 1)
	}
	out := image.NewNRGBA(image.Rect(0, 0, width, height))
	draw.BiLinear.Scale(out, out.Bounds(), upright, upright.Bounds(), draw.Src, nil)
	return out, nil
}

func read(r io.Reader) (image.Image, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("reading a picture: %w", err)
	}
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("%w: larger than %d bytes", ErrRefused, MaxBytes)
	}
	return decode(raw)
}

// decode reads the picture, after its head has said how much memory that takes.
func decode(raw []byte) (image.Image, error) {
	head, _, err := image.DecodeConfig(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	if head.Width <= 0 || head.Height <= 0 || head.Width > maxPixels/head.Height {
		return nil, fmt.Errorf("%w: %d × %d pixels", ErrRefused, head.Width, head.Height)
	}
	img, _, err := image.Decode(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return turn(img, orientation(raw)), nil
}

// fit scales the picture into a square of the side, on white where one can see through.
func fit(img image.Image, side int) *image.RGBA {
	width, height := img.Bounds().Dx(), img.Bounds().Dy()
	if longest := max(width, height); longest > side {
		width, height = max(width*side/longest, 1), max(height*side/longest, 1)
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(out, out.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.BiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Over, nil)
	return out
}

// turn makes the picture upright as its orientation says (EXIF 2.3, tag 0x0112): 1 is
// upright already, and anything unknown is taken for it.
func turn(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	width, height := b.Dx(), b.Dy()
	if orientation >= 5 {
		width, height = height, width
	}
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			fromX, fromY := source(orientation, x, y, b.Dx(), b.Dy())
			out.Set(x, y, img.At(b.Min.X+fromX, b.Min.Y+fromY))
		}
	}
	return out
}

// source says which pixel of the original stands at x, y of the upright picture.
func source(orientation, x, y, width, height int) (int, int) {
	switch orientation {
	case 2:
		return width - 1 - x, y
	case 3:
		return width - 1 - x, height - 1 - y
	case 4:
		return x, height - 1 - y
	case 5:
		return y, x
	case 6:
		return y, height - 1 - x
	case 7:
		return width - 1 - y, height - 1 - x
	default:
		return width - 1 - y, x
	}
}
