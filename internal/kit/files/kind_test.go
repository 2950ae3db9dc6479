package files_test

import (
	"bytes"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"h48/internal/kit/files"
)

func TestKind(t *testing.T) {
	t.Parallel()
	picture := image.NewPaletted(image.Rect(0, 0, 2, 2), nil)
	picture.Palette = append(picture.Palette, image.Black.C)
	var pngBytes, jpegBytes, gifBytes bytes.Buffer
	for _, err := range []error{png.Encode(&pngBytes, picture), jpeg.Encode(&jpegBytes, picture, nil), gif.Encode(&gifBytes, picture, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name, content, file, contentType string
		inline                           bool
	}{
		{"png", pngBytes.String(), "a.png", "image/png", true},
		{"jpeg", jpegBytes.String(), "A.JPG", "image/jpeg", true},
		{"gif", gifBytes.String(), "a.gif", "image/gif", true},
		{"webp", "RIFF\x24\x00\x00\x00WEBPVP8 \x18\x00\x00\x00", "a.webp", "image/webp", true},
		{"pdf", "%PDF-1.7\n", "plan.v2.pdf", "application/pdf", true},
		{"a picture called a page", gifBytes.String(), "a.html", files.Download, false},
		{"a page called a picture", "<script>alert(1)</script>", "a.png", files.Download, false},
		{"the signature alone", "\x89PNG\r\n\x1a\n<script>", "a.png", files.Download, false},
		{"svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "a.svg", files.Download, false},
		{"svg called png", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "a.png", files.Download, false},
		{"sound in a RIFF", "RIFF\x24\x00\x00\x00WAVEfmt ", "a.webp", files.Download, false},
		{"spaces before a PDF", "  %PDF-1.7", "a.pdf", files.Download, false},
		{"nothing", "", "a.png", files.Download, false},
		{"no extension", pngBytes.String(), "png", files.Download, false},
	} {
		contentType, inline := files.Kind([]byte(c.content[:min(files.HeadSize, len(c.content))]), c.file)
		if contentType != c.contentType || inline != c.inline {
			t.Errorf("%s: got %s %v", c.name, contentType, inline)
		}
	}
}

func FuzzKind(f *testing.F) {
	f.Add([]byte("%PDF-1.7"), "a.pdf")
	f.Add([]byte("<svg/>"), "a.svg")
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		contentType, inline := files.Kind(head, name)
		if inline == (contentType == files.Download) {
			t.Errorf("%s inline %v", contentType, inline)
		}
		if inline && strings.HasPrefix(strings.TrimSpace(string(head)), "<") {
			t.Errorf("markup shown in place: %q", head)
		}
	})
}
