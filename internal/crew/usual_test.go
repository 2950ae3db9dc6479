package crew

import (
	"testing"
	"time"
)

// The pitches of a thousand teams last for days, and nobody is on one shift all the while.
func TestByDay_cutsWhatLastsForDays(t *testing.T) {
	t.Parallel()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2018, 5, 21, 9, 0, 0, 0, paris)
	for _, c := range []struct {
		lasts time.Duration
		days  int
	}{{4 * time.Hour, 1}, {12 * time.Hour, 1}, {13 * time.Hour, 1}, {25 * time.Hour, 2}, {84 * time.Hour, 4}} {
		all := byDay(from, from.Add(c.lasts), 2, paris)
		if len(all) != c.days {
			t.Errorf("%v are %d pieces: %+v", c.lasts, len(all), all)
		}
		for _, h := range all {
			if err := h.check(); err != nil {
				t.Errorf("%v: %+v: %v", c.lasts, h, err)
			}
		}
	}
}
