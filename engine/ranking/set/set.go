// Package set reads the folder of files in which judgings are handed over: a rubric
// in meta.json, and projects, jurors, conflicts, visits, rankings and comparisons as
// CSV (RFC 4180) in UTF-8. One folder holds many events.
//
// It reads strictly: what it cannot understand is an error with the file, the line,
// the column and the reason, never a guess. It reads only what it is given.
package set

import (
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"

	"h48/engine/ranking"
)

// Named is one event of a set.
type Named struct {
	Name string
	ranking.Event
}

// Error says where a file is broken and why. Line and Column count from 1; Column is
// zero where the whole line or file is meant, and so is Line where the whole file is.
type Error struct {
	File         string
	Line, Column int
	Reason       string
}

func (e *Error) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.File, e.Reason)
	case e.Column == 0:
		return fmt.Sprintf("%s: line %d: %s", e.File, e.Line, e.Reason)
	}
	return fmt.Sprintf("%s: line %d, column %d: %s", e.File, e.Line, e.Column, e.Reason)
}

// Read reads the whole set. Events are sorted by name.
func Read(files fs.FS) ([]Named, error) {
	r := reader{files: files, events: map[string]*event{}}
	for _, step := range []func() error{
		r.rubric, r.projects, r.jurors, r.conflicts, r.visits, r.rankings, r.comparisons,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	var named []Named
	for name, e := range r.events {
		for juror, ranks := range e.ranks {
			order := ranking.Order{Juror: juror}
			for _, rank := range slices.Sorted(maps.Keys(ranks)) {
				order.Places = append(order.Places, ranks[rank])
			}
			e.Orders = append(e.Orders, order)
		}
		named = append(named, Named{name, e.Event})
	}
	slices.SortFunc(named, func(x, y Named) int { return cmp.Compare(x.Name, y.Name) })
	return named, nil
}

type reader struct {
	files    fs.FS
	criteria []ranking.Criterion
	events   map[string]*event
}

// event is an event on the way in, with what is needed to refuse nonsense where it
// stands.
type event struct {
	ranking.Event
	project, juror map[string]bool
	visited        map[[2]string]int // juror, project: the line
	listed         map[[2]string]int
	walked         map[seat]int
	ranks          map[string]map[int][]string // juror, rank: projects
}

type seat struct {
	juror string
	seq   int
}

func newEvent(criteria []ranking.Criterion) *event {
	return &event{
		Event:   ranking.Event{Criteria: criteria},
		project: map[string]bool{}, juror: map[string]bool{},
		visited: map[[2]string]int{}, listed: map[[2]string]int{}, walked: map[seat]int{},
		ranks: map[string]map[int][]string{},
	}
}

// open reads a file whole; a set without it is broken.
func (r *reader) open(name string) ([]byte, error) {
	f, err := r.files.Open(name)
	if err != nil {
		return nil, &Error{File: name, Reason: "the file cannot be opened: " + reasonOf(err)}
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		return nil, &Error{File: name, Reason: "the file cannot be read: " + reasonOf(err)}
	}
	return data, nil
}
