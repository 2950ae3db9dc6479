// Package visits decides which juror goes to which project's table, and when.
// Every project is visited by the same number of different jurors; no juror sees a
// project they have a conflict of interest with; no table receives two jurors in
// one slot; and the jurors are linked by projects they share, so that the strict
// and the generous can be told apart.
//
// Within these rules a plan is the better, the more evenly jurors share projects
// two by two, the more even their loads, the shorter their walks and the more
// they stay in the tracks they know.
package visits

import (
	"errors"
	"fmt"
	"slices"

	"h48/engine/planning"
)

// Format is the name of the instance's format.
const Format = "judging-instance/1"

// Instance is one round of visits to plan.
type Instance struct {
	Format   string    `json:"format"`
	Name     string    `json:"name"`
	Visits   int       `json:"visits"` // jurors for each project
	Slots    int       `json:"slots"`
	Projects []Project `json:"projects"`
	Jurors   []Juror   `json:"jurors"`
	Weights  Weights   `json:"weights"`
}

// Project stands at a table, in steps along two axes.
type Project struct {
	ID    string `json:"id"`
	Track string `json:"track"`
	X     int    `json:"x"`
	Y     int    `json:"y"`
}

// Juror makes at most Max visits, none to the projects of Conflicts. No tracks
// means all tracks.
type Juror struct {
	ID        string   `json:"id"`
	Max       int      `json:"max"`
	Conflicts []string `json:"conflicts,omitempty"`
	Tracks    []string `json:"tracks,omitempty"`
}

// The number of projects that two jurors share is kept for every pair.
const (
	maxJurors   = 5000
	maxProjects = 60_000
)

// Weights are the prices: of unevenness in what pairs of jurors share (the sum of
// squares above the most even spread), of the difference between the largest and
// the smallest load, of a step walked, of a visit outside the juror's tracks.
type Weights struct {
	Pair  int64 `json:"pair"`
	Load  int64 `json:"load"`
	Walk  int64 `json:"walk"`
	Track int64 `json:"track"`
}

// Solution is a route for every juror, in the order of the instance.
type Solution struct {
	Name   string  `json:"name,omitempty"`
	Cost   int64   `json:"cost"`
	Bound  int64   `json:"bound"` // no plan costs less
	Routes []Route `json:"routes"`
}

// Route says where a juror is in each slot; an empty id is a pause.
type Route struct {
	Juror  string   `json:"juror"`
	Visits []string `json:"visits"`
}

// Cost is what a plan costs, by reason.
type Cost struct {
	Pair, Load, Walk, Track int64
}

// Total is the sum of the reasons.
func (c Cost) Total() int64 { return c.Pair + c.Load + c.Walk + c.Track }

// Decode reads a judging-instance/1. Its errors wrap planning.ErrUnreadable.
func Decode(data []byte) (*Instance, error) {
	in := &Instance{}
	if err := planning.Read(data, Format, in); err != nil {
		return nil, err
	}
	if err := in.validate(); err != nil {
		return nil, planning.Placed(data, err)
	}
	return in, nil
}

func (in *Instance) validate() error {
	const far = planning.MaxNumber
	if len(in.Jurors) > maxJurors || len(in.Projects) > maxProjects {
		return planning.Unreadable("%d jurors and %d projects: at most %d and %d", len(in.Jurors), len(in.Projects), maxJurors, maxProjects)
	}
	if err := errors.Join(
		planning.Bounded("visits", in.Visits, 0, far),
		planning.Bounded("slots", in.Slots, 0, far),
		planning.Bounded("weights.pair", int(in.Weights.Pair), 0, planning.MaxWeight),
		planning.Bounded("weights.load", int(in.Weights.Load), 0, planning.MaxWeight),
		planning.Bounded("weights.walk", int(in.Weights.Walk), 0, planning.MaxWeight),
		planning.Bounded("weights.track", int(in.Weights.Track), 0, planning.MaxWeight)); err != nil {
		return err
	}
	for i, p := range in.Projects {
		if err := errors.Join(
			planning.Bounded(fmt.Sprintf("projects[%d].x", i), p.X, -far, far),
			planning.Bounded(fmt.Sprintf("projects[%d].y", i), p.Y, -far, far)); err != nil {
			return err
		}
	}
	for i, j := range in.Jurors {
		if err := planning.Bounded(fmt.Sprintf("jurors[%d].max", i), j.Max, 0, far); err != nil {
			return err
		}
	}
	_, _, err := in.index()
	return err
}

func (in *Instance) index() (projects, jurors map[string]int, err error) {
	ids := make([]string, len(in.Projects))
	for i, p := range in.Projects {
		ids[i] = p.ID
	}
	if projects, err = planning.Index("projects", ids); err != nil {
		return nil, nil, err
	}
	ids = make([]string, len(in.Jurors))
	for i, j := range in.Jurors {
		ids[i] = j.ID
	}
	jurors, err = planning.Index("jurors", ids)
	return projects, jurors, err
}

// knows says whether the track is one of the juror's.
func (j *Juror) knows(track string) bool {
	return len(j.Tracks) == 0 || slices.Contains(j.Tracks, track)
}

func steps(a, b *Project) int64 { return int64(abs(a.X-b.X) + abs(a.Y-b.Y)) }

func abs(a int) int {
	if a < 0 {
		return -a
	}
	return a
}
