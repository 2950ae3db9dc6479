package rehearsal

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	canvas "image/draw"
	"image/png"

	"h48/internal/project"
)

// withPictures is how many teams of a rehearsal add pictures: enough to look at, and few
// enough that an event of thousands is rehearsed in minutes.
const withPictures = 24

// motifs are what the invented pictures show, in words.
var motifs = []string{"Croquis : un immeuble au crépuscule, des fenêtres allumées (dessin inventé)", "Maquette d’un écran de téléphone (dessin inventé)"}

// illustrate adds a team's pictures, plainly invented, says what they show, and lets its
// members say whether they may be named: most do.
func (r *Rehearsal) illustrate(ctx context.Context, i int) error {
	members := r.teams[i].Members
	for k, m := range members {
		if err := r.app.Gallery.Agree(ctx, r.actorOf(m.ID), r.e.ID, k%4 != 3); err != nil {
			return err
		}
	}
	if i >= withPictures {
		return nil
	}
	who := r.actorOf(members[0].ID)
	now, err := r.now(ctx)
	if err != nil {
		return err
	}
	for k, alt := range motifs {
		var b bytes.Buffer
		if err := png.Encode(&b, sketch(i, k)); err != nil {
			return fmt.Errorf("drawing a picture: %w", err)
		}
		f, err := r.app.Project.Attach(ctx, who, r.e.ID, project.Upload{Name: fmt.Sprintf("image-%d.png", k+1), Size: int64(b.Len()), Body: &b, Begun: now})
		if err != nil {
			return err
		}
		if err := r.app.Gallery.Describe(ctx, who, r.e.ID, f.ID, alt, false); err != nil {
			return err
		}
	}
	return nil
}

// The invented pictures' size, in pixels.
const (
	sketchWidth  = 960
	sketchHeight = 640
)

// palettes are a sky from top to bottom, a wall and a light.
var palettes = [][4]color.RGBA{
	{{0x1d, 0x3b, 0x53, 0xff}, {0xf2, 0xb1, 0x7c, 0xff}, {0x2a, 0x2f, 0x45, 0xff}, {0xff, 0xd9, 0x7a, 0xff}},
	{{0x9c, 0xd3, 0xd9, 0xff}, {0xf6, 0xf1, 0xde, 0xff}, {0x2f, 0x6b, 0x5e, 0xff}, {0xf6, 0xf1, 0xde, 0xff}},
	{{0x3b, 0x2f, 0x5b, 0xff}, {0xe8, 0x9a, 0xae, 0xff}, {0x40, 0x2a, 0x4d, 0xff}, {0xff, 0xe6, 0xb0, 0xff}},
	{{0xbf, 0xe0, 0xc8, 0xff}, {0xfb, 0xf4, 0xd8, 0xff}, {0x8a, 0x4a, 0x33, 0xff}, {0xfb, 0xe3, 0xa6, 0xff}},
	{{0x17, 0x55, 0x70, 0xff}, {0xa9, 0xd6, 0xc5, 0xff}, {0x13, 0x36, 0x4a, 0xff}, {0xff, 0xc8, 0x66, 0xff}},
	{{0xf4, 0xd7, 0xb6, 0xff}, {0xe9, 0xa1, 0x7c, 0xff}, {0x55, 0x3a, 0x52, 0xff}, {0xff, 0xf0, 0xc9, 0xff}},
}

// sketch draws the k-th picture of the i-th team.
func sketch(i, k int) image.Image {
	p := palettes[i%len(palettes)]
	img := image.NewRGBA(image.Rect(0, 0, sketchWidth, sketchHeight))
	for y := range sketchHeight {
		paint(img, image.Rect(0, y, sketchWidth, y+1), between(p[0], p[1], y, sketchHeight))
	}
	if k == 0 {
		drawStreet(img, i, p)
	} else {
		drawPhone(img, i, p)
	}
	return img
}

// drawStreet draws houses with lit windows, other ones for each team.
func drawStreet(img *image.RGBA, i int, p [4]color.RGBA) {
	for h := range 5 {
		floors := 4 + (i*7+h*3)%5
		x, width, top := 40+h*180, 160, sketchHeight-70-floors*62
		wall := between(p[2], p[1], (h*3+i)%4, 12)
		paint(img, image.Rect(x, top, x+width, sketchHeight-40), wall)
		paint(img, image.Rect(x-6, top-10, x+width+6, top), between(wall, color.RGBA{A: 0xff}, 1, 4))
		for floor := range floors {
			for window := range 3 {
				glass := between(wall, color.RGBA{0xff, 0xff, 0xff, 0xff}, 1, 6)
				if (i*13+h*7+floor*5+window*11)%3 == 0 {
					glass = p[3]
				}
				left, upper := x+20+window*44, top+18+floor*62
				paint(img, image.Rect(left, upper, left+30, upper+38), glass)
			}
		}
	}
	paint(img, image.Rect(0, sketchHeight-40, sketchWidth, sketchHeight), between(p[2], color.RGBA{A: 0xff}, 1, 3))
}

// drawPhone draws a screen with a few things on it.
func drawPhone(img *image.RGBA, i int, p [4]color.RGBA) {
	white := color.RGBA{0xfb, 0xfd, 0xfd, 0xff}
	paint(img, image.Rect(330, 40, 630, 620), p[2])
	paint(img, image.Rect(346, 76, 614, 584), white)
	paint(img, image.Rect(346, 76, 614, 160), p[0])
	paint(img, image.Rect(366, 104, 366+120+i*13%90, 124), white)
	for row := range 5 {
		y := 184 + row*72
		paint(img, image.Rect(366, y, 594, y+56), between(white, p[1], 1, 3))
		paint(img, image.Rect(378, y+14, 406, y+42), between(p[0], p[3], row, 5))
		paint(img, image.Rect(420, y+16, 420+(60+(i*31+row*47)%100), y+26), p[2])
		paint(img, image.Rect(420, y+34, 420+(40+(i*17+row*29)%80), y+40), between(p[2], white, 1, 2))
	}
}

func paint(img *image.RGBA, r image.Rectangle, c color.RGBA) {
	canvas.Draw(img, r, image.NewUniform(c), image.Point{}, canvas.Src)
}

// between is the colour that stands at step of steps on the way from one to the other.
func between(from, to color.RGBA, step, steps int) color.RGBA {
	mix := func(a, b uint8) uint8 { return uint8((int(a)*(steps-step) + int(b)*step) / steps) }
	return color.RGBA{mix(from.R, to.R), mix(from.G, to.G), mix(from.B, to.B), 0xff}
}
