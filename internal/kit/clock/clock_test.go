package clock_test

import (
	"testing"
	"time"

	"h48/internal/kit/clock"
)

func TestPace_aRehearsalRunsFasterPausesAndJumps(t *testing.T) {
	t.Parallel()
	wall := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	start := time.Date(2018, 5, 19, 8, 0, 0, 0, time.UTC)
	pace := clock.Pace{Base: start, Since: wall, Speed: 60}
	if got := pace.At(wall.Add(time.Minute)); !got.Equal(start.Add(time.Hour)) {
		t.Errorf("a minute at 60 shows %v", got)
	}
	paused := pace.Restart(wall.Add(time.Minute), 0)
	if got := paused.At(wall.Add(time.Hour)); !got.Equal(start.Add(time.Hour)) {
		t.Errorf("paused, the clock went on to %v", got)
	}
	jumped := pace.Jump(wall, start.Add(24*time.Hour))
	if got := jumped.At(wall.Add(time.Second)); !got.Equal(start.Add(24*time.Hour + time.Minute)) {
		t.Errorf("after the jump it shows %v", got)
	}
	if got := (clock.Pace{}).At(wall); !got.Equal(wall) || (clock.Pace{}).Rate() != 1 {
		t.Errorf("the zero pace is not the wall's: %v", got)
	}
}
