package visits

import "slices"

// Bound is a cost that no plan can be below: the least difference of loads that the
// limits allow, the shortest step away from each table as often as jurors must go on, and
// the visits for which too few jurors know the track. Co-judging is counted as perfectly
// even, which is why the bound is weak where jurors are few.
func Bound(in *Instance) int64 {
	total := len(in.Projects) * in.Visits
	if total == 0 || len(in.Jurors) == 0 {
		return 0
	}
	w := in.Weights
	return w.Load*in.leastLoad(total) + w.Walk*in.leastWalk(total) + w.Track*in.leastStrange()
}

// leastLoad is the smallest difference between the largest and the smallest load.
func (in *Instance) leastLoad(total int) int64 {
	low := total / len(in.Jurors)
	for _, j := range in.Jurors {
		low = min(low, j.Max)
	}
	high := 0
	for held := 0; held < total; high++ {
		held = 0
		for _, j := range in.Jurors {
			held += min(j.Max, high+1)
		}
		if high > total { // no plan holds all visits
			return 0
		}
	}
	return int64(max(0, high-low))
}

// mostPaired is up to how many projects all distances are looked at.
const mostPaired = 3000

// leastWalk is what the jurors walk at least: each begins somewhere, and every other
// visit is reached by a step away from a table that is left at most once a visit.
func (in *Instance) leastWalk(total int) int64 {
	if len(in.Projects) < 2 || len(in.Projects) > mostPaired {
		return 0
	}
	var away []int64
	for a := range in.Projects {
		nearest := int64(-1)
		for b := range in.Projects {
			if d := steps(&in.Projects[a], &in.Projects[b]); a != b && (nearest < 0 || d < nearest) {
				nearest = d
			}
		}
		away = append(away, nearest)
	}
	slices.Sort(away)
	moves, sum := total-len(in.Jurors), int64(0)
	for _, d := range away {
		n := min(moves, in.Visits)
		if n <= 0 {
			break
		}
		sum += int64(n) * d
		moves -= n
	}
	return sum
}

// leastStrange counts the visits that somebody outside the project's track must make.
func (in *Instance) leastStrange() int64 {
	n := 0
	for _, p := range in.Projects {
		able := 0
		for i := range in.Jurors {
			if j := &in.Jurors[i]; j.knows(p.Track) && !slices.Contains(j.Conflicts, p.ID) {
				able++
			}
		}
		n += max(0, in.Visits-able)
	}
	return int64(n)
}
