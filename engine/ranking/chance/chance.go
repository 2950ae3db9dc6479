// Package chance says before an event how often the truly best project would win, by the
// number of projects, jurors and visits and by the way of judging.
//
// The figures are measured, not derived: Measure plays invented events whose truth is
// known (engine/ranking/world) through the engine, and table.csv holds what came out
// (`h48 rank chance` prints it anew). Between measured sizes the package interpolates, and
// it never says more than was measured: see Table.Of. The worlds are an instrument, their
// constants are chosen; a figure from here is for comparing one plan with another.
package chance

import (
	_ "embed"
	"math"
	"slices"
	"strings"
)

// Way is how jurors say what they think.
type Way string

// The ways of judging.
const (
	Criteria   Way = "criteria"
	Comparison Way = "comparison" // of each project with the one before, and no marks
	Both       Way = "both"
)

//go:embed table.csv
var measured string

// Measured is the table of the repository.
func Measured() (Table, error) { return Read(strings.NewReader(measured)) }

// Table holds what was measured.
type Table []Row

// Range is a chance: High is what was measured, interpolated between sizes, and Low the
// lower end of its 95 % interval. Neither is rounded.
type Range struct{ Low, High float64 }

// Rounded is the range in whole steps, rounded down at both ends and at least one step
// wide: what may be said without claiming more than was measured.
func (r Range) Rounded(step float64) Range {
	down := func(x float64) float64 { return float64(step * math.Floor(x/step+1e-9)) }
	high := down(r.High)
	return Range{Low: max(0, min(down(r.Low), high-step)), High: high}
}

// Of is the chance that the truly best project wins: without a final, where finalists is
// 0, or after a final of so many before the whole jury. ok is false where nothing was
// measured that is at least as hard.
//
// At each measured number of projects the row that stands for the cell is one with no more
// visits and, where the whole jury sees everything or a final follows, with no more
// jurors: its event is at least as hard. With the visits given, a few jurors more or less
// hardly matter to an expo without a final; of the two nearest numbers the lower chance is
// taken. Between two measured numbers of projects it is interpolated in the logarithm of
// the number; below the smallest, that one's chance is taken; beyond the largest nothing
// is said.
func (t Table) Of(c Cell, finalists int) (r Range, ok bool) {
	if !c.possible() {
		return Range{}, false
	}
	final := -1
	if finalists > 0 {
		for k, size := range FinalSizes {
			if size <= finalists {
				final = k
			}
		}
		if final < 0 || finalists >= c.Projects {
			return Range{}, false
		}
	}
	below, above := point{}, point{}
	for _, projects := range t.sizes(c.Way) {
		at, ok := t.at(c, projects, final)
		switch {
		case !ok:
		case projects <= c.Projects:
			below = at
		case above.projects == 0:
			above = at
		}
	}
	switch {
	case above.projects == 0 && below.projects == c.Projects, above.projects > 0 && below.projects == c.Projects:
		return below.Range, true
	case above.projects == 0:
		return Range{}, false
	case below.projects == 0:
		return above.Range, true
	}
	return below.towards(above, c.Projects), true
}

// point is the chance at one measured number of projects.
type point struct {
	Range
	projects int
}

func (p point) towards(o point, projects int) Range {
	share := math.Log(float64(projects)/float64(p.projects)) / math.Log(float64(o.projects)/float64(p.projects))
	mix := func(a, b float64) float64 { return a + float64(share*(b-a)) }
	return Range{Low: mix(p.Low, o.Low), High: mix(p.High, o.High)}
}

func (t Table) sizes(way Way) []int {
	var all []int
	for _, r := range t {
		if r.Way == way {
			all = append(all, r.Projects)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// at finds what stands for the cell at a measured number of projects.
func (t Table) at(c Cell, projects, final int) (point, bool) {
	var rows []Row
	whole := c.Visits == c.Jurors
	for _, r := range t {
		fits := r.Way == c.Way && r.Projects == projects && r.Visits <= c.Visits
		if final >= 0 {
			fits = fits && r.Jurors <= c.Jurors && FinalSizes[final] < projects
		} else if whole {
			fits = fits && r.Jurors <= c.Jurors && r.Visits == r.Jurors
		}
		if fits {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return point{}, false
	}
	best := Range{}
	if final >= 0 || whole {
		for _, r := range rows { // each is at least as hard: the best of them is what can be promised
			if x := r.of(final); x.High > best.High {
				best = x
			}
		}
		return point{Range: best, projects: projects}, true
	}
	visits := slices.MaxFunc(rows, func(a, b Row) int { return a.Visits - b.Visits }).Visits
	rows = slices.DeleteFunc(rows, func(r Row) bool { return r.Visits != visits })
	slices.SortFunc(rows, func(a, b Row) int { return a.Jurors - b.Jurors })
	k, _ := slices.BinarySearchFunc(rows, c.Jurors, func(r Row, jurors int) int { return r.Jurors - jurors })
	best = rows[min(k, len(rows)-1)].of(final)
	if k > 0 && k < len(rows) && rows[k].Jurors != c.Jurors {
		if x := rows[k-1].of(final); x.High < best.High {
			best = x
		}
	}
	return point{Range: best, projects: projects}, true
}

// of is the row's chance with the lower end of Wilson's 95 % interval (Wilson 1927).
func (r Row) of(final int) Range {
	share := r.Best
	if final >= 0 {
		share = r.Finals[final]
	}
	const z = 1.96
	n := float64(r.Events)
	centre := share + z*z/(2*n)
	half := float64(z * math.Sqrt(share*(1-share)/n+z*z/(4*n*n)))
	return Range{Low: max(0, (centre-half)/(1+z*z/n)), High: share}
}
