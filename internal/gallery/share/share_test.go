package share_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"h48/internal/gallery/share"
)

var update = flag.Bool("update", false, "write the pictures of testdata again")

var cards = map[string]share.Card{
	"laureate": {Above: "Hackathon de l’habitat · Amiens 2018", Title: "Le Guichet malin", Text: "Une demande, une réponse, un seul endroit.",
		Badge: "Premier prix", Below: "Équipe Les Voisins du 3e"},
	"long": {Above: strings.Repeat("Une édition au nom interminable ", 4), Title: "L’anticonstitutionnellement longue question des cages d’escalier qui se parlent entre elles la nuit",
		Text: strings.Repeat("Et une phrase qui n’en finit pas. ", 5), Badge: strings.Repeat("Prix spécial ", 9), Below: "Équipe " + strings.Repeat("Interminable ", 8),
		Accent: color.RGBA{0x8a, 0x2b, 0x52, 0xff}},
	"cover": {Above: "Hackathon de l’habitat", Title: "Cour verte", Text: "Un potager sur le toit.", Below: "Équipe Balcon sud", Cover: meadow()},
}

// meadow is a picture of nothing.
func meadow() image.Image {
	img := image.NewRGBA(image.Rect(0, 0, 300, 200))
	for y := range 200 {
		for x := range 300 {
			img.Set(x, y, color.RGBA{uint8(60 + y/2), uint8(120 + x/4), 90, 255})
		}
	}
	return img
}

// The pictures are as they were looked at; -update writes them again, to be looked at.
func TestPNG_looksAsBefore(t *testing.T) {
	t.Parallel()
	for name, card := range cards {
		got, err := share.PNG(card)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join("testdata", name+".png")
		if *update {
			if err := os.WriteFile(file, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if pixels(t, got) != pixels(t, want) {
			t.Errorf("%s is another picture than testdata has", name)
		}
		if len(got) > 300_000 {
			t.Errorf("%s has %d bytes: some networks take no more than 300 kB", name, len(got))
		}
	}
}

// pixels is a fingerprint of what one sees.
func pixels(t *testing.T, raw []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != share.Width || b.Dy() != share.Height {
		t.Errorf("%v, want 1200 × 630", b)
	}
	sum := sha256.New()
	for y := 0; y < share.Height; y++ {
		for x := 0; x < share.Width; x++ {
			r, g, b, a := img.At(x, y).RGBA()
			sum.Write([]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8), byte(a >> 8)})
		}
	}
	return hex.EncodeToString(sum.Sum(nil))
}

func TestPNG_anyWords(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "\x00\xff", "王小明", strings.Repeat("x", 500)} {
		if _, err := share.PNG(share.Card{Above: text, Title: text, Text: text, Badge: text, Below: text}); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func BenchmarkPNG(b *testing.B) {
	for b.Loop() {
		if _, err := share.PNG(cards["cover"]); err != nil {
			b.Fatal(err)
		}
	}
}
