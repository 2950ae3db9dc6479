package clock_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"h48/internal/kit/clock"
)

// What the clocks on the wall show is a moment, no moment or two.
func TestShowing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, wall string
		want       []string
	}{
		{"Europe/Paris", "2026-05-19T08:00", []string{"06:00"}},
		{"Europe/Paris", "2026-10-25T01:59", []string{"23:59"}},
		{"Europe/Paris", "2026-10-25T02:00", []string{"00:00", "01:00"}},
		{"Europe/Paris", "2026-10-25T02:59", []string{"00:59", "01:59"}},
		{"Europe/Paris", "2026-10-25T03:00", []string{"02:00"}},
		{"Europe/Paris", "2026-03-29T02:30", nil},
		{"Europe/Paris", "2026-03-29T03:00", []string{"01:00"}},
		{"America/New_York", "2026-11-01T01:30", []string{"05:30", "06:30"}},
		{"Australia/Lord_Howe", "2026-04-05T01:45", []string{"14:45", "15:15"}}, // half an hour
		{"Asia/Kolkata", "2026-10-25T02:30", []string{"21:00"}},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		wall, err := time.Parse("2006-01-02T15:04", c.wall)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, at := range clock.Showing(zone, wall) {
			got = append(got, at.UTC().Format("15:04"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s at %s (-want +got):\n%s", c.zone, c.wall, diff)
		}
	}
}
