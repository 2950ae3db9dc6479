package estimate_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"h48/engine/ranking"
	"h48/internal/jury/estimate"
	"h48/internal/kit/clock"
)

// large is an event whose jurors are not weighed while somebody waits.
func large(seed int) ranking.Event {
	e := ranking.Event{Criteria: []ranking.Criterion{{ID: "useful", Weight: 1, Min: 0, Max: 5}}}
	for i := range 60 {
		e.Projects = append(e.Projects, ranking.Project{ID: fmt.Sprint("p", i)})
	}
	for j := range 20 {
		juror := fmt.Sprint("j", j)
		e.Jurors = append(e.Jurors, ranking.Juror{ID: juror})
		for i, p := range e.Projects {
			e.Visits = append(e.Visits, ranking.Visit{Juror: juror, Project: p.ID, Scores: map[string]float64{"useful": float64((i*seed + j*i + i/7) % 6)}})
		}
	}
	return e
}

// Nobody waits for a large jury's influence: it is there when ready was called, the very
// one that a full computation gives, and until then the last one is, which says so.
func TestMemo_weighsWhileNobodyWaits(t *testing.T) {
	t.Parallel()
	memo, none := estimate.New(clock.NewFake(clock.Wall{}.Now()).Now), (*estimate.Memo)(nil)
	t.Cleanup(memo.Close)
	ready := make(chan struct{}, 8)
	weigh := func(seed int) (estimate.Weighed, bool) {
		t.Helper()
		w, fresh, err := memo.Weigh(t.Context(), "round 1", fmt.Sprint(seed), large(seed), ranking.Options{}, func() { ready <- struct{}{} })
		if err != nil {
			t.Fatal(err)
		}
		return w, fresh
	}
	want := func(seed int) []ranking.JurorReport {
		t.Helper()
		w, fresh, err := none.Weigh(t.Context(), "", "", large(seed), ranking.Options{}, nil)
		if err != nil || !fresh {
			t.Fatal(fresh, err)
		}
		return w.Jurors
	}
	if w, fresh := weigh(1); fresh || w.Jurors != nil {
		t.Fatalf("known before anybody computed it: %+v", w)
	}
	<-ready
	first, fresh := weigh(1)
	if diff := cmp.Diff(want(1), first.Jurors); diff != "" || !fresh || first.Visits != 60*20 {
		t.Fatalf("fresh %v, of %d visits (-want +got):\n%s", fresh, first.Visits, diff)
	}
	if older, fresh := weigh(2); fresh || cmp.Diff(first, older) != "" {
		t.Fatalf("the last one is not shown meanwhile: fresh %v", fresh)
	}
	<-ready
	if second, fresh := weigh(2); !fresh || cmp.Diff(want(2), second.Jurors) != "" {
		t.Fatalf("the newer one is not shown: fresh %v", fresh)
	}
}

// However many ask for the same marks at once, one computes; where that one goes away,
// another does.
func TestMemo_computesOnce(t *testing.T) {
	t.Parallel()
	memo := estimate.New(clock.Wall{}.Now)
	t.Cleanup(memo.Close)
	var mu sync.Mutex
	began := 0
	options := func(then func()) ranking.Options {
		return ranking.Options{Progress: func(done float64) {
			if done == 0 {
				mu.Lock()
				began++
				mu.Unlock()
				then()
			}
		}}
	}
	ctx, away := context.WithCancel(t.Context())
	inside, gone := make(chan struct{}), make(chan error)
	go func() {
		_, err := memo.Rank(ctx, "f", large(1), options(func() { close(inside); away() }))
		gone <- err
	}()
	<-inside
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if r, err := memo.Rank(t.Context(), "f", large(1), options(func() {})); err != nil || len(r.Projects) != 60 {
				t.Errorf("%d projects: %v", len(r.Projects), err)
			}
		})
	}
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who went away gets %v", err)
	}
	all.Wait()
	if began != 2 {
		t.Errorf("computed %d times, not by the one who went away and once more", began)
	}
}

// What cannot be computed is said, and not tried again by every reader: only once somebody
// asks for that. The last that is known stays known.
func TestMemo_saysWhatCannotBeComputed(t *testing.T) {
	t.Parallel()
	memo := estimate.New(clock.NewFake(clock.Wall{}.Now()).Now)
	t.Cleanup(memo.Close)
	ready := make(chan struct{}, 8)
	began := 0
	broken := ranking.Options{Progress: func(done float64) {
		if done == 0 {
			began++
			panic("a bug")
		}
	}}
	weigh := func(seed int, o ranking.Options) estimate.Weighed {
		t.Helper()
		w, fresh, err := memo.Weigh(t.Context(), "round 1", fmt.Sprint(seed), large(seed), o, func() { ready <- struct{}{} })
		if err != nil || fresh {
			t.Fatal(fresh, err)
		}
		return w
	}
	weigh(1, ranking.Options{})
	<-ready
	if w := weigh(2, broken); w.Failed != nil || w.Visits != 60*20 {
		t.Fatalf("failed before it was tried: %+v", w.Failed)
	}
	<-ready
	for range 3 {
		if w := weigh(2, broken); w.Failed == nil || w.Visits != 60*20 {
			t.Fatalf("of what failed the page says %v", w.Failed)
		}
	}
	memo.Retry("round 1")
	weigh(2, broken)
	<-ready
	if began != 2 {
		t.Errorf("computed %d times: once, and once more after somebody asked", began)
	}
	memo.Retry("round 1")
	weigh(2, ranking.Options{})
	<-ready
	if _, fresh, err := memo.Weigh(t.Context(), "round 1", "2", large(2), ranking.Options{}, func() {}); err != nil || !fresh {
		t.Errorf("computed at last, and not shown: %v", err)
	}
}
