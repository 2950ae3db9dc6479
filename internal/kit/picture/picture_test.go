package picture_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"h48/internal/kit/picture"
)

var (
	red  = color.RGBA{200, 20, 20, 255}
	blue = color.RGBA{20, 20, 200, 255}
)

// halves is red on the left and blue on the right.
func halves(width, height int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.Set(x, y, red)
			if x >= width/2 {
				img.Set(x, y, blue)
			}
		}
	}
	return img
}

// photo is a JPEG as a telephone writes it: held some way, at a place.
func photo(t testing.TB, orientation int) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, halves(400, 200), nil); err != nil {
		t.Fatal(err)
	}
	tiff := append([]byte("MM\x00\x2a\x00\x00\x00\x08\x00\x02"), 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0)
	tiff = append(tiff, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38, 0, 0, 0, 0)
	tiff = append(tiff, "GPS 49.8942 2.2957 amiens-secret"...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2))
	raw := b.Bytes()
	return append(append(append([]byte{}, raw[:2]...), append(segment, body...)...), raw[2:]...)
}

func decoded(t *testing.T, c picture.Copy) image.Image {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(c.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != c.Width || b.Dy() != c.Height {
		t.Errorf("says %d × %d and is %v", c.Width, c.Height, b)
	}
	return img
}

func isRed(c color.Color) bool {
	r, _, b, _ := c.RGBA()
	return r > b
}

// The eight ways to hold a camera: red was on the left of what it wrote.
func TestCopies_uprightAndWithoutThePlace(t *testing.T) {
	t.Parallel()
	for orientation, redIs := range map[int]image.Point{1: {10, 50}, 2: {90, 50}, 3: {90, 50}, 4: {10, 50}, 5: {50, 10}, 6: {50, 10}, 7: {50, 90}, 8: {50, 90}} {
		raw := photo(t, orientation)
		if !bytes.Contains(raw, []byte("amiens-secret")) {
			t.Fatal("the photograph of the test says no place")
		}
		copies, err := picture.Copies(bytes.NewReader(raw), 100, 1000)
		if err != nil {
			t.Fatal(err)
		}
		img := decoded(t, copies[0])
		x, y := redIs.X*copies[0].Width/100, redIs.Y*copies[0].Height/100
		if !isRed(img.At(x, y)) || isRed(img.At(copies[0].Width-1-x, copies[0].Height-1-y)) {
			t.Errorf("held the way %d: not upright", orientation)
		}
		for _, c := range copies {
			if bytes.Contains(c.JPEG, []byte("Exif")) || bytes.Contains(c.JPEG, []byte("amiens-secret")) {
				t.Errorf("held the way %d: the copy says where it was taken", orientation)
			}
		}
		if long := max(copies[1].Width, copies[1].Height); long != 400 {
			t.Errorf("a copy of 400 pixels has %d", long)
		}
	}
}

func TestCopies_ofEveryKind(t *testing.T) {
	t.Parallel()
	see := halves(300, 150)
	see.Set(0, 0, color.Transparent)
	var p, g bytes.Buffer
	if err := png.Encode(&p, see); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&g, halves(300, 150), nil); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{"png": p.Bytes(), "gif": g.Bytes()} {
		copies, err := picture.Copies(bytes.NewReader(raw), 100)
		if err != nil || copies[0].Width != 100 || copies[0].Height != 50 {
			t.Errorf("%s: %+v %v", name, copies, err)
		}
	}
}

func TestCopies_refuses(t *testing.T) {
	t.Parallel()
	bomb := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0, 8, 6, 0, 0, 0)
	bomb = binary.BigEndian.AppendUint32(bomb, 0)
	whole := photo(t, 1)
	for name, raw := range map[string]string{
		"a page in disguise":    "<html><script>alert(1)</script>",
		"nothing":               "",
		"the half of a picture": string(whole[:len(whole)/2]),
		"ten thousand million pixels in 33 bytes": string(bomb),
		"more than is read":                       strings.Repeat("x", picture.MaxBytes+1),
	} {
		if copies, err := picture.Copies(strings.NewReader(raw), 100); !errors.Is(err, picture.ErrRefused) {
			t.Errorf("%s: %d copies, %v", name, len(copies), err)
		}
	}
}

func FuzzCopies(f *testing.F) {
	f.Add(photo(f, 6))
	f.Add([]byte("\xff\xd8\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 100_000 {
			return
		}
		copies, err := picture.Copies(bytes.NewReader(raw), 20)
		if err == nil && (copies[0].Width > 20 || copies[0].Height > 20) {
			t.Errorf("%d × %d", copies[0].Width, copies[0].Height)
		}
	})
}
