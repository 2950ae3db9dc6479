package award

import (
	"math"
	"slices"

	"h48/internal/kit/errs"
)

// Basis is what a decision stands on: the ranking of the edition, and those of the prizes
// that have a jury of their own.
type Basis struct {
	Ranking
	Own map[PrizeID]Ranking `json:"own,omitempty"`
}

// Of is the ranking that the prize follows.
func (b Basis) Of(p PrizeID) Ranking {
	if own, has := b.Own[p]; has {
		return own
	}
	return b.Ranking
}

// names are the projects of all rankings, by team.
func (b Basis) names() map[string]Standing {
	all := map[string]Standing{}
	for _, own := range b.Own {
		for _, s := range own.Standings {
			all[s.Team] = s
		}
	}
	for _, s := range b.Standings {
		all[s.Team] = s
	}
	return all
}

// Choice says which team gets which prize.
type Choice map[PrizeID]string

// Proposal gives the prizes that can still be won to the ranking's projects in order;
// one with a jury of its own goes to the first of that jury's ranking.
func Proposal(prizes []Prize, b Basis) Choice {
	choice, i := Choice{}, 0
	for _, p := range prizes {
		if !p.Live() {
			continue
		}
		if own, has := b.Own[p.ID]; has {
			if len(own.Standings) > 0 {
				choice[p.ID] = own.Standings[0].Team
			}
			continue
		}
		if i < len(b.Standings) {
			choice[p.ID] = b.Standings[i].Team
		}
		i++
	}
	return choice
}

// tied lists the teams whose tie the ladder leaves open and a prize depends on: they
// share a rank, and the choice does not treat them alike.
func tied(b Basis, prizes []Prize, choice Choice) []string {
	general := map[string]bool{}
	var teams []string
	for _, p := range prizes {
		if !p.Live() || choice[p.ID] == "" {
			continue
		}
		if own, has := b.Own[p.ID]; has {
			teams = append(teams, openTies(own.Standings, map[string]bool{choice[p.ID]: true})...)
		} else {
			general[choice[p.ID]] = true
		}
	}
	return append(teams, openTies(b.Standings, general)...)
}

// openTies lists the teams of the runs that share a rank with a winner.
func openTies(standings []Standing, won map[string]bool) []string {
	var teams []string
	for from := 0; from < len(standings); {
		to := from + 1
		for to < len(standings) && standings[to].Tie == TieOpen && standings[to].Rank == standings[from].Rank {
			to++
		}
		run := standings[from:to]
		if len(run) > 1 && slices.ContainsFunc(run, func(s Standing) bool { return won[s.Team] }) {
			for _, s := range run {
				teams = append(teams, s.Team)
			}
		}
		from = to
	}
	return teams
}

// exact forgets what floating point has added in the tenth digit.
func exact(f float64) float64 { return math.Round(f*1e9) / 1e9 }

// Decision is what the jury decides.
type Decision struct {
	// Choice may leave a prize without a team.
	Choice Choice
	// Reason is needed when the choice is not the ranking's.
	Reason string
	// Decider and DeciderReason are needed when the ladder leaves a tie that matters.
	Decider, DeciderReason string
}

// longest is how long a written reason may be, in bytes.
const longest = 4000

// check refuses a decision that the rules do not allow.
func (d Decision) check(prizes []Prize, b Basis) error {
	var wrong errs.Fields
	known := map[string]bool{"": true}
	for team := range b.names() {
		known[team] = true
	}
	proposal, same := Proposal(prizes, b), true
	for _, p := range prizes {
		if !p.Live() {
			continue
		}
		if !known[d.Choice[p.ID]] {
			wrong.Add("prize-"+string(p.ID), "award.team_unknown")
		}
		same = same && d.Choice[p.ID] == proposal[p.ID]
	}
	if !same && d.Reason == "" {
		wrong.Add("reason", "award.reason_needed")
	}
	if len(tied(b, prizes, d.Choice)) > 0 {
		if d.Decider == "" {
			wrong.Add("decider", "award.decider_needed")
		}
		if d.DeciderReason == "" {
			wrong.Add("decider_reason", "award.decider_reason_needed")
		}
	}
	for name, text := range map[string]string{"reason": d.Reason, "decider": d.Decider, "decider_reason": d.DeciderReason} {
		if len(text) > longest {
			wrong.Add(name, "award.too_long")
		}
	}
	return wrong.Err()
}

// Laureate is a prize with the team that won it.
type Laureate struct {
	Prize Prize
	Team  TeamRef
}

// Differs says whether two bases disagree on an order or a score, as when a contested
// result is computed again.
func Differs(a, b Basis) bool {
	if differ(a.Standings, b.Standings) {
		return true
	}
	for prize, own := range a.Own {
		if differ(own.Standings, b.Own[prize].Standings) {
			return true
		}
	}
	return false
}

func differ(a, b []Standing) bool {
	return !slices.EqualFunc(a, b, func(x, y Standing) bool {
		return x.Team == y.Team && x.Rank == y.Rank && exact(x.Score) == exact(y.Score) && exact(x.Raw) == exact(y.Raw)
	})
}
