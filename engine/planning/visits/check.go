package visits

import (
	"slices"

	"h48/engine/planning"
)

// Check verifies every rule from its definition and returns the cost. The error,
// if any, is a *planning.Invalid that names the broken rules.
func Check(in *Instance, sol *Solution) (Cost, error) {
	projectAt, jurorAt, err := in.index()
	if err != nil {
		return Cost{}, err
	}
	type place struct{ project, slot int }
	var bad planning.Invalid
	var cost Cost
	busy := map[place]bool{}
	by := make([][]int, len(in.Projects))
	load := make([]int, len(in.Jurors))
	listed := make([]bool, len(in.Jurors))
	for _, route := range sol.Routes {
		j, known := jurorAt[route.Juror]
		if !known || listed[j] {
			bad.Add("juror %q is unknown or has two routes", route.Juror)
			continue
		}
		listed[j] = true
		juror := &in.Jurors[j]
		if len(route.Visits) > in.Slots {
			bad.Add("juror %s uses %d slots of %d", juror.ID, len(route.Visits), in.Slots)
		}
		last := -1
		for s, id := range route.Visits {
			if id == "" {
				continue
			}
			p, known := projectAt[id]
			if !known || slices.Contains(by[p], j) {
				bad.Add("juror %s visits %q, unknown or for the second time", juror.ID, id)
				continue
			}
			if slices.Contains(juror.Conflicts, id) {
				bad.Add("juror %s has a conflict of interest with %s", juror.ID, id)
			}
			if busy[place{p, s}] {
				bad.Add("project %s has two jurors in slot %d", id, s)
			}
			busy[place{p, s}] = true
			by[p] = append(by[p], j)
			load[j]++
			if last >= 0 {
				cost.Walk += in.Weights.Walk * steps(&in.Projects[last], &in.Projects[p])
			}
			last = p
			if !juror.knows(in.Projects[p].Track) {
				cost.Track += in.Weights.Track
			}
		}
	}
	in.checkCounts(&bad, by, load)
	if len(load) > 0 {
		cost.Load = in.Weights.Load * int64(slices.Max(load)-slices.Min(load))
	}
	cost.Pair = in.Weights.Pair * unevenness(by, len(in.Jurors))
	return cost, bad.Err()
}

func (in *Instance) checkCounts(bad *planning.Invalid, by [][]int, load []int) {
	for p, jurors := range by {
		if len(jurors) != in.Visits {
			bad.Add("project %s has %d visits, wanted %d", in.Projects[p].ID, len(jurors), in.Visits)
		}
	}
	for j, n := range load {
		if n > in.Jurors[j].Max {
			bad.Add("juror %s has %d visits, at most %d", in.Jurors[j].ID, n, in.Jurors[j].Max)
		}
	}
	if in.Visits > 1 && len(by) > 0 && len(load) > 0 {
		if linked := len(reach(by, len(load), 0)); linked < len(load) {
			bad.Add("only %d of %d jurors are linked by projects they share: the others cannot be compared", linked, len(load))
		}
	}
}

// unevenness is the sum of squares of the numbers of projects that two jurors
// share, less its smallest possible value.
func unevenness(by [][]int, jurors int) int64 {
	shared := map[[2]int]int64{}
	var total, squares int64
	for _, list := range by {
		for i, a := range list {
			for _, b := range list[:i] {
				pair := [2]int{min(a, b), max(a, b)}
				squares += 2*shared[pair] + 1
				shared[pair]++
				total++
			}
		}
	}
	return squares - leastSquares(total, int64(jurors)*int64(jurors-1)/2)
}

// leastSquares is the sum of squares of total spread over n as evenly as can be.
func leastSquares(total, n int64) int64 {
	if n == 0 {
		return 0
	}
	q, rest := total/n, total%n
	return (n-rest)*q*q + rest*(q+1)*(q+1)
}

// reach lists the jurors linked to the first one, itself included.
func reach(by [][]int, jurors, first int) []int {
	visits := make([][]int, jurors)
	for p, list := range by {
		for _, j := range list {
			visits[j] = append(visits[j], p)
		}
	}
	seen := make([]bool, jurors)
	used := make([]bool, len(by))
	seen[first] = true
	queue := []int{first}
	for i := 0; i < len(queue); i++ {
		for _, p := range visits[queue[i]] {
			if used[p] {
				continue
			}
			used[p] = true
			for _, j := range by[p] {
				if !seen[j] {
					seen[j] = true
					queue = append(queue, j)
				}
			}
		}
	}
	return queue
}
