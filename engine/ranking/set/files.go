package set

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"h48/engine/place"
	"h48/engine/ranking"
)

// visitColumns are those of visits.csv beside the criteria's.
var visitColumns = [...]string{"event", "juror", "project", "seq", "minute"}

// meta is the rubric's file.
type meta struct {
	Format   int `json:"format"`
	Criteria []struct {
		ID     string   `json:"id"`
		Min    *float64 `json:"min"`
		Max    *float64 `json:"max"`
		Weight *float64 `json:"weight"`
	} `json:"criteria"`
}

func (r *reader) rubric() error {
	const name = "meta.json"
	data, err := r.open(name)
	if err != nil {
		return err
	}
	if err := checkUTF8(name, data); err != nil {
		return err
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var m meta
	d := json.NewDecoder(bytes.NewReader(data))
	if err := d.Decode(&m); err != nil {
		return brokenJSON(name, data, d.InputOffset(), err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return brokenJSON(name, data, d.InputOffset(), errors.New("text follows the object"))
	}
	if field, at, twice := place.Twice(data); twice {
		return &Error{File: name, Line: at.Line, Column: at.Column, Reason: fmt.Sprintf("the field %q stands twice", field)}
	}
	if m.Format != 1 {
		return misfit(name, data, "format", fmt.Sprintf("the format is %d; 1 is the one that is known", m.Format))
	}
	seen, weighed := map[string]bool{}, false
	for k, c := range m.Criteria {
		bad := func(reason string) error {
			return misfit(name, data, fmt.Sprintf("criteria[%d]", k), fmt.Sprintf("criterion %d (%q): %s", k+1, c.ID, reason))
		}
		switch {
		case c.ID == "" || seen[c.ID]:
			return bad("the id is empty or stands twice")
		case c.Min == nil || c.Max == nil || !(*c.Min < *c.Max):
			return bad("min and max are not a scale")
		case slices.Contains(visitColumns[:], c.ID):
			return bad("the id is that of another column of visits.csv")
		case c.Weight != nil && *c.Weight < 0:
			return bad("the weight is negative")
		case math.Abs(*c.Min) > ranking.Largest || math.Abs(*c.Max) > ranking.Largest || c.Weight != nil && *c.Weight > ranking.Largest:
			return bad(fmt.Sprintf("a number is beyond %g", ranking.Largest))
		}
		seen[c.ID] = true
		weight := 1.0
		if c.Weight != nil {
			weight = *c.Weight
		}
		weighed = weighed || weight > 0
		r.criteria = append(r.criteria, ranking.Criterion{ID: c.ID, Min: *c.Min, Max: *c.Max, Weight: weight})
	}
	if len(m.Criteria) > 0 && !weighed {
		return misfit(name, data, "criteria", "no criterion has a weight: there is no total")
	}
	return nil
}

// brokenJSON finds the line and the column of an error in JSON.
func brokenJSON(name string, data []byte, offset int64, err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		offset = syntax.Offset
	case errors.As(err, &kind):
		offset = kind.Offset
	}
	at := place.At(data, int(offset)-1)
	return &Error{File: name, Line: at.Line, Column: at.Column, Reason: "not the JSON that was expected: " + err.Error()}
}

// misfit is an error at the value of a path in JSON.
func misfit(name string, data []byte, path, reason string) error {
	at, _ := place.Find(data, path)
	return &Error{File: name, Line: at.Line, Column: at.Column, Reason: reason}
}

func (r *reader) projects() error {
	return r.rows("projects.csv", []string{"event", "project", "table"}, func(t *table) error {
		name, err := t.id("event")
		if err != nil {
			return err
		}
		e := r.events[name]
		if e == nil {
			e = newEvent(r.criteria)
			r.events[name] = e
		}
		id, err := t.id("project")
		if err != nil {
			return err
		}
		if e.project[id] {
			return t.wrong("project", "project %q stands twice in event %q", id, name)
		}
		e.project[id] = true
		place, given, err := t.whole("table", math.MinInt32)
		if err != nil {
			return err
		}
		e.Projects = append(e.Projects, ranking.Project{ID: id, Table: place, NoTable: !given})
		return nil
	})
}

func (r *reader) jurors() error {
	return r.rows("jurors.csv", []string{"event", "juror", "capacity"}, func(t *table) error {
		e, name, err := r.eventOf(t)
		if err != nil {
			return err
		}
		id, err := t.id("juror")
		if err != nil {
			return err
		}
		if e.juror[id] {
			return t.wrong("juror", "juror %q stands twice in event %q", id, name)
		}
		e.juror[id] = true
		capacity, given, err := t.whole("capacity", 0)
		if err != nil {
			return err
		}
		if given && capacity == 0 {
			capacity = -1
		}
		e.Jurors = append(e.Jurors, ranking.Juror{ID: id, Capacity: capacity})
		return nil
	})
}

func (r *reader) conflicts() error {
	return r.rows("conflicts.csv", []string{"event", "juror", "project"}, func(t *table) error {
		e, juror, project, err := r.pairOf(t, "project")
		if err != nil {
			return err
		}
		e.Conflicts = append(e.Conflicts, ranking.Conflict{Juror: juror, Project: project})
		return nil
	})
}

func (r *reader) visits() error {
	columns := slices.Clone(visitColumns[:])
	for _, c := range r.criteria {
		columns = append(columns, c.ID)
	}
	return r.rows("visits.csv", columns, func(t *table) error {
		e, juror, project, err := r.pairOf(t, "project")
		if err != nil {
			return err
		}
		if first := e.visited[[2]string{juror, project}]; first > 0 {
			return t.wrong("project", "juror %q visits project %q again; the first visit is on line %d", juror, project, first)
		}
		e.visited[[2]string{juror, project}] = t.line()
		seq, given, err := t.whole("seq", 1)
		if err != nil {
			return err
		}
		if given {
			if first := e.walked[seat{juror, seq}]; first > 0 {
				return t.wrong("seq", "juror %q has visit %d already on line %d", juror, seq, first)
			}
			e.walked[seat{juror, seq}] = t.line()
		}
		if _, _, err := t.number("minute"); err != nil {
			return err
		}
		v := ranking.Visit{Juror: juror, Project: project, Seq: seq, Scores: map[string]float64{}}
		for _, c := range r.criteria {
			x, given, err := t.number(c.ID)
			if err != nil {
				return err
			}
			if given && (x < c.Min || x > c.Max) {
				return t.wrong(c.ID, "the score %v is not between %v and %v", x, c.Min, c.Max)
			}
			if given {
				v.Scores[c.ID] = x
			}
		}
		e.Visits = append(e.Visits, v)
		return nil
	})
}

func (r *reader) rankings() error {
	return r.rows("rankings.csv", []string{"event", "juror", "rank", "project"}, func(t *table) error {
		e, juror, project, err := r.pairOf(t, "project")
		if err != nil {
			return err
		}
		if first := e.listed[[2]string{juror, project}]; first > 0 {
			return t.wrong("project", "juror %q ranks project %q again; the first time is on line %d", juror, project, first)
		}
		e.listed[[2]string{juror, project}] = t.line()
		rank, given, err := t.whole("rank", 1)
		if err != nil {
			return err
		}
		if !given {
			return t.wrong("rank", "the rank is empty")
		}
		if e.ranks[juror] == nil {
			e.ranks[juror] = map[int][]string{}
		}
		e.ranks[juror][rank] = append(e.ranks[juror][rank], project)
		return nil
	})
}

func (r *reader) comparisons() error {
	return r.rows("comparisons.csv", []string{"event", "juror", "seq", "winner", "loser"}, func(t *table) error {
		e, juror, winner, err := r.pairOf(t, "winner")
		if err != nil {
			return err
		}
		_, _, loser, err := r.pairOf(t, "loser")
		if err != nil {
			return err
		}
		if winner == loser {
			return t.wrong("loser", "project %q is compared with itself", loser)
		}
		seq, _, err := t.whole("seq", math.MinInt32)
		if err != nil {
			return err
		}
		e.Comparisons = append(e.Comparisons, ranking.Comparison{Juror: juror, Seq: seq, Winner: winner, Loser: loser})
		return nil
	})
}

// rows hands every row under the header to row.
func (r *reader) rows(name string, columns []string, row func(*table) error) error {
	t, err := r.header(name, columns...)
	if err != nil {
		return err
	}
	for {
		more, err := t.next()
		if err != nil || !more {
			return err
		}
		if err := row(t); err != nil {
			return err
		}
	}
}

func (r *reader) eventOf(t *table) (*event, string, error) {
	name, err := t.id("event")
	if err != nil {
		return nil, "", err
	}
	e := r.events[name]
	if e == nil {
		return nil, "", t.wrong("event", "event %q has no project in projects.csv", name)
	}
	return e, name, nil
}

// pairOf reads the event, the juror and one project column, which must all be known.
func (r *reader) pairOf(t *table, column string) (e *event, juror, project string, err error) {
	e, name, err := r.eventOf(t)
	if err != nil {
		return nil, "", "", err
	}
	if juror, err = t.id("juror"); err != nil {
		return nil, "", "", err
	}
	if !e.juror[juror] {
		return nil, "", "", t.wrong("juror", "juror %q is not among the jurors of event %q", juror, name)
	}
	if project, err = t.id(column); err != nil {
		return nil, "", "", err
	}
	if !e.project[project] {
		return nil, "", "", t.wrong(column, "project %q is not among the projects of event %q", project, name)
	}
	return e, juror, project, nil
}
