package jury_test

import (
	"testing"
	"time"

	"h48/internal/jury"
)

// Before every team was heard nobody leads, however well the first did; once the scoring is
// closed nobody waits for the others.
func TestRanking_unheard(t *testing.T) {
	t.Parallel()
	r := jury.Ranking{Standings: []jury.Standing{{Tier: 1, Visits: 3, PBest: .18}, {Tier: 1, Visits: 0}, {Tier: 1, Visits: 0}}}
	if n := r.Unheard(); n != 2 {
		t.Errorf("%d teams were not heard, want 2", n)
	}
	r.Round.Closed = time.Date(2018, 5, 21, 12, 0, 0, 0, time.UTC)
	if n := r.Unheard(); n != 0 {
		t.Errorf("after the end %d teams are waited for", n)
	}
}
