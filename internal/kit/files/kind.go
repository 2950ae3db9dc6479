package files

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// Download is the content type of what a browser must not show in place.
const Download = "application/octet-stream"

// HeadSize is how many first bytes of a content Kind wants to see.
const HeadSize = 32

// shown lists what a browser may show in place: how it begins and what it is called.
// Anything that can hold a script (HTML, SVG, XML) is absent on purpose.
var shown = []struct {
	contentType string
	is          func(head []byte) bool
	extensions  []string
}{
	{"image/png", begins("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), []string{".png"}},
	{"image/jpeg", isJPEG, []string{".jpg", ".jpeg"}},
	{"image/gif", isGIF, []string{".gif"}},
	{"image/webp", isWebP, []string{".webp"}},
	{"application/pdf", begins("%PDF-"), []string{".pdf"}},
}

// Kind says under which content type a content may be served, and whether a browser may
// show it in place. It believes the first bytes and the name only where they agree:
// PNG, JPEG, GIF, WebP and PDF. All else is a Download. Whoever serves it adds
// X-Content-Type-Options: nosniff.
func Kind(head []byte, name string) (contentType string, inline bool) {
	extension := strings.ToLower(path.Ext(name))
	for _, k := range shown {
		if k.is(head) && slices.Contains(k.extensions, extension) {
			return k.contentType, true
		}
	}
	return Download, false
}

func begins(with string) func([]byte) bool {
	return func(head []byte) bool { return bytes.HasPrefix(head, []byte(with)) }
}

// isJPEG wants a start of image and then a marker that can follow it (ITU-T T.81, B.1).
func isJPEG(head []byte) bool {
	return len(head) > 3 && bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff}) && head[3] >= 0xc0 && head[3] != 0xff
}

func isGIF(head []byte) bool {
	return bytes.HasPrefix(head, []byte("GIF87a")) || bytes.HasPrefix(head, []byte("GIF89a"))
}

func isWebP(head []byte) bool {
	return len(head) > 15 && string(head[:4]) == "RIFF" && string(head[8:15]) == "WEBPVP8"
}
