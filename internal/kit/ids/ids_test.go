package ids_test

import (
	"slices"
	"testing"
	"time"

	"h48/internal/kit/ids"
)

func TestID_sortsByTimeAndRepeats(t *testing.T) {
	t.Parallel()
	now := time.Date(2018, 5, 19, 8, 0, 0, 0, time.UTC)
	tick := func() time.Time { now = now.Add(300 * time.Microsecond); return now }
	source := ids.Seeded(7, tick)
	var made []string
	for range 100 {
		made = append(made, source.ID())
	}
	if !slices.IsSorted(made) {
		t.Error("identifiers do not sort by the time they were made")
	}
	now = time.Date(2018, 5, 19, 8, 0, 0, 0, time.UTC)
	if again := ids.Seeded(7, tick).ID(); again != made[0] || len(again) != 26 {
		t.Errorf("the same seed gave %s, then %s", made[0], again)
	}
}

func TestBelow_isInRangeAndReachesAll(t *testing.T) {
	t.Parallel()
	source := ids.Seeded(1, time.Now)
	seen := map[int]bool{}
	for range 1000 {
		n := source.Below(6)
		if n < 0 || n > 5 {
			t.Fatalf("got %d", n)
		}
		seen[n] = true
	}
	if len(seen) != 6 {
		t.Errorf("1000 throws of a die showed %d faces", len(seen))
	}
}
