package ui

import (
	"fmt"
	"math"
	"strconv"
	"time"
	"unicode/utf8"
)

// RingData is an edition as one circle: it starts at the top and runs clockwise.
type RingData struct {
	ID         string // unique on the page; "ring" where empty
	Start, End time.Time
	Now        time.Time
	Phases     []RingPhase
	To         time.Time // what the middle counts down to; End where zero
	Note       string    // under the countdown: "before hand-in"
	Legend     bool      // list the phases beside the circle for everyone, not for screen readers only
}

// RingPhase is one arc of the circle.
type RingPhase struct {
	Label    string
	From, To time.Time
	Tone     Tone
}

// The circle's measures, in units of its 400 × 400 box.
const (
	ringCentre = 200.0
	bandInner  = 164.0 // the phases
	bandOuter  = 192.0
	tickInner  = 150.0 // the hours
	tickOuter  = 156.0
	trackR     = 126.0 // the time gone
	ringFont   = 12.5
	ringGap    = 0.0035 // of the circle, between two phases
)

func (r RingData) id() string {
	if r.ID == "" {
		return "ring"
	}
	return r.ID
}

func (r RingData) target() time.Time {
	if r.To.IsZero() {
		return r.End
	}
	return r.To
}

// over says that nothing is left to count down to.
func (r RingData) over() bool { return !r.Now.Before(r.End) && !r.Now.Before(r.target()) }

// share is where t stands on the circle, from 0 at the start to 1 at the end.
func (r RingData) share(t time.Time) float64 {
	whole := r.End.Sub(r.Start)
	if whole <= 0 {
		return 0
	}
	return min(max(float64(t.Sub(r.Start))/float64(whole), 0), 1)
}

// current is the phase that holds at Now; ok is false between phases.
func (r RingData) current() (phase RingPhase, ok bool) {
	for _, p := range r.Phases {
		if p.holds(r.Now) {
			return p, true
		}
	}
	return RingPhase{}, false
}

func (p RingPhase) holds(t time.Time) bool { return !t.Before(p.From) && t.Before(p.To) }

// words says the circle to who does not see it.
func (r RingData) words(l Locale) string {
	total := l.Duration(r.End.Sub(r.Start))
	switch {
	case r.Now.Before(r.Start):
		return l.T("ui.ring.before", "start", r.Start, "total", total)
	case !r.Now.Before(r.End):
		return l.T("ui.ring.after", "total", total)
	}
	gone := l.Duration(r.Now.Sub(r.Start).Truncate(time.Minute))
	if p, ok := r.current(); ok {
		return l.T("ui.ring.during", "gone", gone, "total", total, "phase", p.Label)
	}
	return l.T("ui.ring.between", "gone", gone, "total", total)
}

// point is the place at a share of the circle, at a distance from its centre.
func point(share, radius float64) (x, y float64) {
	angle := share * 2 * math.Pi
	return ringCentre + radius*math.Sin(angle), ringCentre - radius*math.Cos(angle)
}

// arc is an SVG path along the circle; backwards where to is before from.
func arc(from, to, radius float64) string {
	x0, y0 := point(from, radius)
	x1, y1 := point(to, radius)
	large, sweep := 0, 1
	if math.Abs(to-from) > 0.5 {
		large = 1
	}
	if to < from {
		sweep = 0
	}
	return fmt.Sprintf("M%.2f %.2fA%.4g %.4g 0 %d %d %.2f %.2f", x0, y0, radius, radius, large, sweep, x1, y1)
}

// sector is a piece of the band between two radii, inset by the width that its rounded
// stroke adds again.
func sector(from, to float64) string {
	const inset = 3.0
	inner, outer := bandInner+inset, bandOuter-inset
	side := inset / (2 * math.Pi * (inner + outer) / 2)
	from, to = from+side, max(to-side, from+side+0.001)
	xi, yi := point(to, inner)
	back := arc(to, from, inner)
	return arc(from, to, outer) + fmt.Sprintf("L%.2f %.2f", xi, yi) + back[indexOfArc(back):] + "Z"
}

// indexOfArc is where the arc command of a path made by [arc] starts.
func indexOfArc(path string) int {
	for i, c := range path {
		if c == 'A' {
			return i
		}
	}
	return 0
}

// segment is a phase ready to draw.
type segment struct {
	RingPhase
	path     string // the sector
	textPath string // the line that its name stands on, "" where the name does not fit
	current  bool
	past     bool
}

func (r RingData) segments() []segment {
	var all []segment
	for _, p := range r.Phases {
		from, to := r.share(p.From)+ringGap, r.share(p.To)-ringGap
		if to <= from {
			continue
		}
		s := segment{RingPhase: p, path: sector(from, to), current: p.holds(r.Now), past: !r.Now.Before(p.To)}
		length := (to - from) * 2 * math.Pi * (bandInner + bandOuter) / 2
		if float64(utf8.RuneCountInString(p.Label))*ringFont*0.54+8 < length {
			s.textPath = textArc(from, to)
		}
		all = append(all, s)
	}
	return all
}

// textArc is the base line of a name: forwards on the upper half of the circle,
// backwards on the lower half so that nobody reads upside down.
func textArc(from, to float64) string {
	middle, drop := (bandInner+bandOuter)/2, ringFont*0.35
	if at := (from + to) / 2; at > 0.25 && at < 0.75 {
		return arc(to, from, middle+drop)
	}
	return arc(from, to, middle-drop)
}

// tick is one hour's mark.
type tick struct {
	x1, y1, x2, y2 string
	night, long    bool
}

// ticks are the full hours of the reader's clock; long at 0, 6, 12 and 18. Longer
// editions than four days get one mark a day.
func (r RingData) ticks(l Locale) []tick {
	step := time.Hour
	if r.End.Sub(r.Start) > 4*24*time.Hour {
		step = 24 * time.Hour
	}
	var all []tick
	for t := r.Start.Truncate(time.Hour); t.Before(r.End) && len(all) < 400; t = t.Add(step) {
		if t.Before(r.Start) {
			continue
		}
		hour := t.In(l.Zone()).Hour()
		k := tick{night: hour >= 22 || hour < 7, long: hour%6 == 0}
		inner := tickInner
		if k.long {
			inner -= 5
		}
		x1, y1 := point(r.share(t), inner)
		x2, y2 := point(r.share(t), tickOuter)
		k.x1, k.y1, k.x2, k.y2 = unit(x1), unit(y1), unit(x2), unit(y2)
		all = append(all, k)
	}
	return all
}

// done is the dash that draws the time gone on a circle of length 1000.
func (r RingData) done() string {
	return unit(r.share(r.Now)*1000) + " 1000"
}

func (r RingData) hand() string {
	return "rotate(" + unit(r.share(r.Now)*360) + " 200 200)"
}

// The cup in the middle is empty at cupBottom and full at cupTop.
const cupBottom, cupTop = 306.0, 94.0

// level raises the water in the cup with the time gone.
func (r RingData) level() string {
	return "translate(0 " + unit(cupBottom-r.share(r.Now)*(cupBottom-cupTop)) + ")"
}

// wave is the surface of the water, so high and so long from crest to crest, wide enough
// to drift by one wave without showing its end.
func wave(height, length float64) string {
	path := fmt.Sprintf("M%g 0", 90-length)
	for x := 90 - length; x < 310+length; x += length {
		path += fmt.Sprintf("q%g %g %g 0t%g 0", length/4, -height, length/2, length/2)
	}
	return path + "V230H-100Z"
}

func unit(f float64) string { return strconv.FormatFloat(f, 'f', 2, 64) }
