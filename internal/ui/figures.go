package ui

import (
	"math"
	"strconv"
	"time"
)

// ProgressData is how far something has come.
type ProgressData struct {
	ID    string // needed where Live
	Label string
	Value int
	Max   int
	Text  string // "18 of 24"
	Tone  Tone
	Live  bool
}

// IntervalData is a range on an axis, such as the ranks that a project may really hold.
type IntervalData struct {
	Label     string // whose range: "Le Guichet malin"
	Low, High float64
	Best      float64 // drawn as a dot; NaN draws none
	Min, Max  float64 // of the axis, the same for all intervals of a list
	Ticks     int     // marks on the axis, ends included; 0 draws none
	Digits    int     // after the decimal mark, in words
	Tone      Tone
}

func (d IntervalData) at(v float64) string { return percentOf(v-d.Min, d.Max-d.Min) }

func (d IntervalData) width() string { return percentOf(max(d.High-d.Low, 0), d.Max-d.Min) }

func (d IntervalData) hasBest() bool { return !math.IsNaN(d.Best) }

func (d IntervalData) tickPlaces() []string {
	var all []string
	for i := range d.Ticks {
		all = append(all, percentOf(float64(i), float64(max(d.Ticks-1, 1))))
	}
	return all
}

func (d IntervalData) words(l Locale) string {
	key, low, high := "ui.interval.range", l.Decimal(d.Low, d.Digits), l.Decimal(d.High, d.Digits)
	if d.hasBest() {
		key = "ui.interval"
	}
	return d.Label + l.T("ui.colon") + l.T(key, "low", low, "high", high, "best", l.Decimal(d.Best, d.Digits))
}

// BarsData compares figures of one kind.
type BarsData struct {
	Label string
	Rows  []Bar
	Max   float64 // of the axis; the largest figure where 0
}

// Bar is one figure; Low and High, where they differ, draw its uncertainty.
type Bar struct {
	Label     string
	Value     float64
	Low, High float64
	Text      string // the figure, written the reader's way
	Tone      Tone
}

func (b BarsData) max() float64 {
	most := b.Max
	if most == 0 {
		for _, r := range b.Rows {
			most = max(most, r.Value, r.High)
		}
	}
	return most
}

// percentOf is a length as SVG writes it, never outside the picture.
func percentOf(part, whole float64) string {
	share := 0.0
	if whole > 0 && !math.IsNaN(part) {
		share = min(max(part/whole, 0), 1)
	}
	return strconv.FormatFloat(share*100, 'f', 2, 64) + "%"
}

// TimelineData is a programme in order of time.
type TimelineData struct {
	Now   time.Time
	Slots []Slot
}

// Slot is one session.
type Slot struct {
	From, To time.Time
	Title    string
	Place    string
	Note     string
	URL      string
	Tone     Tone
}

// state is past, now, or nothing for what is still to come.
func (s Slot) state(now time.Time) string {
	switch {
	case !now.Before(s.To):
		return "is-past"
	case !now.Before(s.From):
		return "is-now"
	}
	return ""
}

// newDay says whether slot i opens a day in the reader's zone.
func (t TimelineData) newDay(l Locale, i int) bool {
	return i == 0 || l.Day(t.Slots[i].From) != l.Day(t.Slots[i-1].From)
}

// nextIndex is the first slot still to come, or -1.
func (t TimelineData) nextIndex() int {
	for i, s := range t.Slots {
		if s.From.After(t.Now) {
			return i
		}
	}
	return -1
}
