// Package heard keeps the sheets of a round of judging in memory. Marks are only ever added,
// so whoever reads a round again needs the new marks alone, and not the 16,000 of a large
// event. It does not know what a mark says, and reads no database itself.
package heard

import (
	"fmt"
	"maps"
	"sync"
)

// Said is a mark, on a line of the sheet K.
type Said[K comparable, M any] interface {
	Number() string // rises with each mark that one program adds
	Sheet() K
	Line() string
	Outdates(older M) bool // whether it counts rather than the other one of its line
	Withdrawn() bool
}

// Sheets are what counts of the marks read so far. Nobody changes them: others read them.
type Sheets[K comparable, M Said[K, M], S ~map[string]M] struct {
	Marks  int     // read so far
	Count  map[K]S // by line, without what was withdrawn
	newest map[K]S
	last   string
}

// With are the sheets with more marks, in whatever order they come.
func (s Sheets[K, M, S]) With(more []M) Sheets[K, M, S] {
	next := s
	next.Marks += len(more)
	next.newest, next.Count = maps.Clone(s.newest), maps.Clone(s.Count)
	if next.newest == nil {
		next.newest, next.Count = map[K]S{}, map[K]S{}
	}
	own := map[K]bool{} // sheets that are not shared with s
	for _, m := range more {
		k := m.Sheet()
		next.last = max(next.last, m.Number())
		if !own[k] {
			sheet := S{}
			maps.Copy(sheet, next.newest[k])
			next.newest[k], own[k] = sheet, true
		}
		if old, there := next.newest[k][m.Line()]; !there || m.Outdates(old) {
			next.newest[k][m.Line()] = m
		}
	}
	for k := range own {
		next.Count[k] = counting[M](next.newest[k])
	}
	return next
}

// counting is the sheet without what was withdrawn.
func counting[M interface{ Withdrawn() bool }, S ~map[string]M](sheet S) S {
	for _, m := range sheet {
		if m.Withdrawn() {
			sheet = maps.Clone(sheet)
			maps.DeleteFunc(sheet, func(_ string, m M) bool { return m.Withdrawn() })
			return sheet
		}
	}
	return sheet
}

// most is how many rounds are kept.
const most = 8

// Rounds keeps the sheets of the rounds read last. Its zero value is ready, for many goroutines.
type Rounds[R, K comparable, M Said[K, M], S ~map[string]M] struct {
	mu    sync.Mutex
	known map[R]Sheets[K, M, S]
}

// Read are the sheets of a round: those known, with the marks after the last one known. What
// another program added out of turn, or was taken away, does not add up to the number of
// marks: then all are read.
func (r *Rounds[R, K, M, S]) Read(round R, after func(last string) ([]M, error), count func() (int, error)) (Sheets[K, M, S], error) {
	r.mu.Lock()
	known := r.known[round]
	r.mu.Unlock()
	if known.Marks > 0 {
		more, err := after(known.last)
		if err != nil {
			return known, fmt.Errorf("reading the new marks: %w", err)
		}
		n, err := count()
		switch {
		case err != nil:
			return known, fmt.Errorf("counting the marks: %w", err)
		case n == known.Marks && len(more) == 0:
			return known, nil
		case n == known.Marks+len(more):
			known = known.With(more)
			r.keep(round, known)
			return known, nil
		}
	}
	all, err := after("")
	if err != nil {
		return Sheets[K, M, S]{}, fmt.Errorf("reading the marks: %w", err)
	}
	read := Sheets[K, M, S]{}.With(all)
	r.keep(round, read)
	return read, nil
}

func (r *Rounds[R, K, M, S]) keep(round R, s Sheets[K, M, S]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[R]Sheets[K, M, S]{}
	}
	if _, is := r.known[round]; !is && len(r.known) >= most {
		for other := range r.known { // any one: it is read again where somebody asks
			delete(r.known, other)
			break
		}
	}
	r.known[round] = s
}
