// Package clock is where time comes from. Nothing else in the program reads the
// machine's clock: an edition may run on a rehearsal's time, faster than the wall's.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time.
type Clock interface {
	Now() time.Time
}

// Wall is the machine's clock.
type Wall struct{}

// Now returns the machine's time in UTC, to the microsecond that the databases keep.
func (Wall) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Fake is a clock for tests: it stands still until it is moved.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake returns a clock that stands at the time.
func NewFake(now time.Time) *Fake { return &Fake{now: now.UTC()} }

// Now returns the time that the clock was set to.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Advance moves the clock on and returns the new time.
func (f *Fake) Advance(d time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	return f.now
}

// Set puts the clock at the time, which may be earlier.
func (f *Fake) Set(now time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = now.UTC()
}

// Pace says how an edition's time runs against the wall's: at the wall's moment Since
// it showed Base, and since then Speed seconds pass for each of the wall's. The zero
// Pace is the wall's own time.
type Pace struct {
	Base, Since time.Time
	Speed       float64
	Paused      bool
}

// Rehearsal says whether the pace is other than the wall's own.
func (p Pace) Rehearsal() bool { return !p.Base.IsZero() }

// At returns the edition's time at a moment of the wall clock.
func (p Pace) At(wall time.Time) time.Time {
	if !p.Rehearsal() {
		return wall
	}
	if p.Paused {
		return p.Base
	}
	passed := float64(wall.Sub(p.Since)) * p.Speed
	return p.Base.Add(time.Duration(passed)).Truncate(time.Microsecond)
}

// Rate returns how many seconds of the edition pass in one of the wall's: 0 when paused.
func (p Pace) Rate() float64 {
	switch {
	case !p.Rehearsal():
		return 1
	case p.Paused:
		return 0
	}
	return p.Speed
}

// Restart returns the pace that shows the same time at the wall's moment and goes on
// with another speed; a speed of 0 pauses.
func (p Pace) Restart(wall time.Time, speed float64) Pace {
	return Pace{Base: p.At(wall), Since: wall, Speed: speed, Paused: speed == 0}
}

// Jump returns the pace that shows the time to at the wall's moment, as fast as before.
func (p Pace) Jump(wall, to time.Time) Pace {
	speed := p.Speed
	if !p.Rehearsal() {
		speed = 1
	}
	return Pace{Base: to, Since: wall, Speed: speed, Paused: p.Paused}
}
