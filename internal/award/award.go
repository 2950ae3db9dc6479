// Package award is the jury's deliberation and what follows from it: which team gets
// which prize, the minutes, the results page that opens at its minute, and what became
// of each prize.
//
// The ranking proposes and the jury decides: in the ranking's order, or in another with
// a written reason that stays in the minutes. A tie goes down a published ladder and
// then to a named person who gives a reason; nothing is ever drawn by lot. Closed
// minutes are not edited, they get an addendum. To publish a result and to pay a prize
// are two different things. The package computes no score: it asks for the standings.
package award

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// Scoring is the judging that a deliberation starts from.
type Scoring interface {
	// Close ends the scoring; closing it again is no error.
	Close(ctx context.Context, actor account.Actor, e edition.ID) error
	// Standings computes the ranking from the raw marks, best first.
	Standings(ctx context.Context, q sqldb.Querier, e edition.ID) ([]Standing, error)
}

// Standing is one project in the ranking.
type Standing struct {
	Team  string `json:"team"`
	Name  string `json:"name"`
	Title string `json:"title"`
	// Rank begins at 1; equal ranks are a tie.
	Rank  int     `json:"rank"`
	Score float64 `json:"score"`
	// Low and High are the ranks that the project may really hold.
	Low  int `json:"low"`
	High int `json:"high"`
	// PBest is how likely the project is the best one, from 0 to 1.
	PBest float64 `json:"p_best"`
	// Raw is the mean of the marks as they were given.
	Raw float64 `json:"raw"`
}

// Teams are those who compete.
type Teams interface {
	Competing(ctx context.Context, q sqldb.Querier, e edition.ID) ([]TeamRef, error)
}

// TeamRef is a team as a laureate is shown.
type TeamRef struct {
	ID      string
	Name    string
	Title   string // of the project
	Pitch   string
	Members []Member
}

// Member is a person of a team.
type Member struct {
	Account account.ID
	Name    string
}

// PrizeID names a prize.
type PrizeID string

// PrizeState is what became of a prize.
type PrizeState string

// The states of a prize.
const (
	Planned PrizeState = "planned"
	Awarded PrizeState = "awarded"
	Paid    PrizeState = "paid"
	Dropped PrizeState = "dropped"
)

// Prize is what a team can win.
type Prize struct {
	ID      PrizeID
	Edition edition.ID
	Title   string
	Text    string
	// Cents is the cheque; 0 is a prize without one.
	Cents int64
	// Unplanned prizes were added in the deliberation, for the Reason.
	Unplanned bool
	Reason    string
	Position  int
	// Team is the jury's choice, "" while there is none.
	Team  string
	State PrizeState
	Steps []Movement
}

// Movement is one step of what became of a prize.
type Movement struct {
	ID        string
	Prize     PrizeID
	Step      int
	State     PrizeState
	Reason    string
	Actor     account.ID
	ActorName string
	At        time.Time
}

// follows says which state may come after which. A payment or a withdrawal recorded by
// mistake is taken back by another step.
var follows = map[PrizeState][]PrizeState{
	Planned: {Awarded, Dropped}, Awarded: {Paid, Dropped}, Paid: {Awarded}, Dropped: {Planned, Awarded},
}

// mayBecome says whether the step is possible: a prize is awarded to somebody, and what
// nobody has won cannot return to being awarded.
func (p Prize) mayBecome(to PrizeState) bool {
	if !slices.Contains(follows[p.State], to) {
		return false
	}
	if p.State == Dropped {
		wasWon := slices.ContainsFunc(p.Steps, func(m Movement) bool { return m.State == Awarded })
		return wasWon == (to == Awarded)
	}
	return true
}

// Live says whether the prize can be won or has been.
func (p Prize) Live() bool { return p.State != Dropped }

// State is how far a deliberation has come.
type State string

// The states of a deliberation.
const (
	Waiting State = "waiting" // not open yet: the jury is still scoring
	Open    State = "open"
	Decided State = "decided"
	Closed  State = "closed"
)

// Presence is how a juror took part.
type Presence string

// The ways to take part.
const (
	Present Presence = "present"
	Absent  Presence = "absent"
	Recused Presence = "recused"
)

// Attendance is one juror in the minutes; Note says for which team they stepped back.
type Attendance struct {
	Account  account.ID
	Name     string
	Presence Presence
	Note     string
}

// Deliberation is the jury's meeting.
type Deliberation struct {
	Edition                 edition.ID
	State                   State
	Opened, Decided, Closed time.Time
	Reason                  string
	Decider, DeciderReason  string
	Guests                  string
	Ranking                 []Standing
	Revealed                int
}

// Addendum is what was added to closed minutes.
type Addendum struct {
	ID        string
	Text      string
	Actor     account.ID
	ActorName string
	At        time.Time
}

// Rung is what set a project apart from the one above it.
type Rung string

// The ladder, from the first rung down: the ranking, the mean of the raw marks, the
// likelihood of being the best. Who is equal on all of them is tied.
const (
	ByRank  Rung = "rank"
	ByRaw   Rung = "raw"
	ByPBest Rung = "p_best"
	ByNone  Rung = "none"
)

// Rungs lists the ladder as it is published.
var Rungs = []Rung{ByRank, ByRaw, ByPBest}

// Place is a project in the order that the ladder gives.
type Place struct {
	Standing
	// By is the rung that set it apart from the place above; ByRank for the first.
	By Rung
}

// Ladder puts the standings in order. Places that no rung sets apart keep the order of
// the standings and say so by ByNone.
func Ladder(standings []Standing) []Place {
	ordered := slices.Clone(standings)
	slices.SortStableFunc(ordered, func(a, b Standing) int {
		order, _ := compare(a, b)
		return order
	})
	places := make([]Place, len(ordered))
	for i, s := range ordered {
		places[i] = Place{Standing: s, By: ByRank}
		if i > 0 {
			_, places[i].By = compare(ordered[i-1], s)
		}
	}
	return places
}

// compare goes down the ladder; the better comes first.
func compare(a, b Standing) (int, Rung) {
	if c := cmp.Compare(a.Rank, b.Rank); c != 0 {
		return c, ByRank
	}
	if c := cmp.Compare(exact(b.Raw), exact(a.Raw)); c != 0 {
		return c, ByRaw
	}
	if c := cmp.Compare(exact(b.PBest), exact(a.PBest)); c != 0 {
		return c, ByPBest
	}
	return 0, ByNone
}

// exact forgets what floating point has added in the tenth digit.
func exact(f float64) float64 { return math.Round(f*1e9) / 1e9 }

// Choice says which team gets which prize.
type Choice map[PrizeID]string

// Proposal gives the prizes that can still be won to the places in order.
func Proposal(prizes []Prize, places []Place) Choice {
	choice, i := Choice{}, 0
	for _, p := range prizes {
		if !p.Live() {
			continue
		}
		if i < len(places) {
			choice[p.ID] = places[i].Team
		}
		i++
	}
	return choice
}

// tied lists the teams that share a place which a prize depends on: equal on every
// rung, and not all treated alike by the choice.
func tied(places []Place, prizes []Prize, choice Choice) []string {
	won := map[string]bool{}
	for _, p := range prizes {
		if p.Live() && choice[p.ID] != "" {
			won[choice[p.ID]] = true
		}
	}
	var teams []string
	for i := 0; i < len(places); {
		j := i + 1
		for j < len(places) && places[j].By == ByNone {
			j++
		}
		matters := slices.ContainsFunc(places[i:j], func(p Place) bool { return won[p.Team] })
		if j-i > 1 && matters {
			for _, p := range places[i:j] {
				teams = append(teams, p.Team)
			}
		}
		i = j
	}
	return teams
}

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
func (d Decision) check(prizes []Prize, places []Place) error {
	var wrong errs.Fields
	known := map[string]bool{"": true}
	for _, p := range places {
		known[p.Team] = true
	}
	proposal, same := Proposal(prizes, places), true
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
	if len(tied(places, prizes, d.Choice)) > 0 {
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

// Differs says whether two standings disagree on an order or a score, as when a
// contested result is computed again.
func Differs(a, b []Standing) bool {
	return !slices.EqualFunc(a, b, func(x, y Standing) bool {
		return x.Team == y.Team && x.Rank == y.Rank && exact(x.Score) == exact(y.Score) && exact(x.Raw) == exact(y.Raw)
	})
}
