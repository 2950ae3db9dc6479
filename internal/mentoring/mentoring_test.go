package mentoring_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"h48/internal/mentoring"
)

func TestSort_bestMatchThenLongestWait(t *testing.T) {
	t.Parallel()
	rent, web := mentoring.Theme{ID: "rent"}, mentoring.Theme{ID: "web"}
	me := mentoring.Mentor{Themes: []mentoring.Theme{rent}}
	at := func(minute int) time.Time { return saturday.Add(time.Duration(minute) * time.Minute) }
	queue := []mentoring.Request{
		{ID: "other, first", Theme: web, Asked: at(0)},
		{ID: "any", Asked: at(1)},
		{ID: "mine, late", Theme: rent, Asked: at(3)},
		{ID: "mine, early", Theme: rent, Asked: at(2)},
	}
	me.Sort(queue)
	var got []mentoring.ID
	for _, r := range queue {
		got = append(got, r.ID)
	}
	want := []mentoring.ID{"mine, early", "mine, late", "any", "other, first"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWait(t *testing.T) {
	t.Parallel()
	r := mentoring.Request{State: mentoring.Open, OpenSince: saturday, Waited: 4 * time.Minute}
	if got := r.Wait(saturday.Add(10 * time.Minute)); got != 14*time.Minute {
		t.Errorf("a request that waits again for 10 min after 4 min waited %v", got)
	}
	if r.Late(saturday.Add(mentoring.Patience - time.Second)) {
		t.Error("late before the time has come")
	}
	if !r.Late(saturday.Add(mentoring.Patience)) {
		t.Error("not late when the time has come")
	}
	r.State = mentoring.Claimed
	if got := r.Wait(saturday.Add(time.Hour)); got != 4*time.Minute {
		t.Errorf("a request with a mentor goes on waiting: %v", got)
	}
}

func TestMedian_halfIsNotAboveAndHalfNotBelow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var times []time.Duration
		for _, n := range rapid.SliceOfN(rapid.IntRange(0, 7200), 1, 30).Draw(t, "seconds") {
			times = append(times, time.Duration(n)*time.Second)
		}
		kept := slices.Clone(times)
		median := mentoring.Median(times)
		below, above := 0, 0
		for _, d := range times {
			if d < median {
				below++
			}
			if d > median {
				above++
			}
		}
		if 2*below > len(times) || 2*above > len(times) {
			t.Fatalf("%v is not the middle of %v", median, times)
		}
		if !slices.Equal(kept, times) {
			t.Fatal("the times were put in another order")
		}
	})
	if mentoring.Median(nil) != 0 {
		t.Error("no times have a median")
	}
}
