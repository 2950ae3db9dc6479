package qr_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"strings"
	"testing"

	"h48/internal/kit/qr"
)

const link = "https://h48.example/c/01k3z9"

func code(t *testing.T) qr.Code {
	t.Helper()
	c, err := qr.New(link)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// The three finder patterns tell a reader where the code is: a ring of 7 by 7 modules
// around a square of 3 by 3, in all corners but the lower right.
func TestNew_hasFindersInAQuietZone(t *testing.T) {
	t.Parallel()
	c := code(t)
	last := c.Size() - 1
	for _, corner := range [][2]int{{4, 4}, {last - 10, 4}, {4, last - 10}} {
		for dy := range 7 {
			for dx := range 7 {
				ring := dx == 0 || dx == 6 || dy == 0 || dy == 6
				eye := dx >= 2 && dx <= 4 && dy >= 2 && dy <= 4
				if c.Dark(corner[0]+dx, corner[1]+dy) != (ring || eye) {
					t.Fatalf("no finder at %v", corner)
				}
			}
		}
	}
	for y := range c.Size() {
		for x := range c.Size() {
			edge := x < 4 || y < 4 || x > last-4 || y > last-4
			if edge && c.Dark(x, y) {
				t.Fatalf("the quiet zone is dark at %d, %d", x, y)
			}
		}
	}
}

func TestSVG_drawsTheModules(t *testing.T) {
	t.Parallel()
	c := code(t)
	var svg struct {
		Label string `xml:"aria-label,attr"`
		Paths []struct {
			D string `xml:"d,attr"`
		} `xml:"path"`
	}
	if err := xml.Unmarshal([]byte(c.SVG(`L'entrée "nord" <1>`)), &svg); err != nil {
		t.Fatal(err)
	}
	if svg.Label != `L'entrée "nord" <1>` || len(svg.Paths) != 2 {
		t.Fatalf("got %+v", svg)
	}
	drawn := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.TrimSuffix(svg.Paths[1].D, "z"), "z") {
		var x, y, n, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &n, &back); err != nil || n != back {
			t.Fatalf("%q: %v", run, err)
		}
		for i := range n {
			drawn[[2]int{x + i, y}] = true
		}
	}
	compare(t, c, func(x, y int) bool { return drawn[[2]int{x, y}] })
}

func TestPNG_drawsTheModules(t *testing.T) {
	t.Parallel()
	c := code(t)
	var b bytes.Buffer
	if err := c.PNG(&b, 3); err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got := picture.Bounds().Dx(); got != 3*c.Size() {
		t.Fatalf("%d pixels wide, want %d", got, 3*c.Size())
	}
	for corner := range 3 {
		compare(t, c, func(x, y int) bool {
			r, _, _, _ := picture.At(3*x+corner, 3*y+corner).RGBA()
			return r == 0
		})
	}
}

func compare(t *testing.T, c qr.Code, dark func(x, y int) bool) {
	t.Helper()
	for y := range c.Size() {
		for x := range c.Size() {
			if dark(x, y) != c.Dark(x, y) {
				t.Fatalf("the module %d, %d is drawn wrong", x, y)
			}
		}
	}
}

func TestNew_refusesALongText(t *testing.T) {
	t.Parallel()
	if _, err := qr.New(strings.Repeat("é", 2000)); err == nil {
		t.Error("no error")
	}
}
