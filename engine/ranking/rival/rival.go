// Package rival holds the other ways of ranking that ours is compared with: the raw
// mean, z-scores by juror, Copeland over jurors' lists (the rule of hackutd/jury),
// Bradley-Terry on all pairs of the lists, and Crowd-BT. They are written here from
// the literature, for the comparison only; the product ranks by package ranking.
package rival

import "math"

// Ballot is what one juror said of the projects it saw, in indices.
type Ballot struct {
	Seen   []int     // projects
	Totals []float64 // one a project seen
	Order  []int     // the same projects, best first
}

// Raw is the mean total of each project; negative infinity where nobody saw it.
func Raw(projects int, ballots []Ballot) []float64 {
	return means(projects, ballots, func(b Ballot) []float64 { return b.Totals })
}

// ZScore is the mean of totals that each juror's own mean and standard deviation have
// normalised. A juror with one visit or without spread counts zero for each.
func ZScore(projects int, ballots []Ballot) []float64 {
	return means(projects, ballots, func(b Ballot) []float64 {
		n := float64(len(b.Totals))
		mean, square := 0.0, 0.0
		for _, x := range b.Totals {
			mean += x / n
		}
		for _, x := range b.Totals {
			square += float64((x - mean) * (x - mean))
		}
		z := make([]float64, len(b.Totals))
		if sd := math.Sqrt(square / max(1, n-1)); sd > 1e-9 {
			for k, x := range b.Totals {
				z[k] = (x - mean) / sd
			}
		}
		return z
	})
}

func means(projects int, ballots []Ballot, values func(Ballot) []float64) []float64 {
	sum, n := make([]float64, projects), make([]float64, projects)
	for _, b := range ballots {
		for k, x := range values(b) {
			sum[b.Seen[k]] += x
			n[b.Seen[k]]++
		}
	}
	for i := range sum {
		if sum[i] /= n[i]; n[i] == 0 {
			sum[i] = math.Inf(-1)
		}
	}
	return sum
}

// Copeland is the number of duels won less those lost over all jurors' lists
// (Copeland 1951), summed as hackutd/jury sums it.
func Copeland(projects int, ballots []Ballot) []float64 {
	score := make([]float64, projects)
	for _, b := range ballots {
		for k, i := range b.Order {
			score[i] += float64(len(b.Order) - 1 - 2*k)
		}
	}
	return score
}

// BradleyTerry is the posterior mode of strengths with a normal prior of variance
// prior, every pair of every list counted as a duel (Bradley and Terry 1952), by
// coordinate-wise Newton steps.
func BradleyTerry(projects int, ballots []Ballot, prior float64) []float64 {
	type duel struct {
		other int
		won   float64
	}
	duels := make([][]duel, projects)
	for _, b := range ballots {
		for k, i := range b.Order {
			for _, j := range b.Order[k+1:] {
				duels[i] = append(duels[i], duel{j, 1})
				duels[j] = append(duels[j], duel{i, 0})
			}
		}
	}
	strength := make([]float64, projects)
	for range 200 {
		moved := 0.0
		for i := range strength {
			slope, curve := -strength[i]/prior, 1/prior
			for _, d := range duels[i] {
				p := 1 / (1 + math.Exp(strength[d.other]-strength[i]))
				slope += d.won - p
				curve += float64(p * (1 - p))
			}
			step := slope / curve
			strength[i] += step
			moved = max(moved, math.Abs(step))
		}
		if moved < 1e-6 {
			break
		}
	}
	return strength
}
