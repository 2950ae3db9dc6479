package jury

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"h48/internal/account"
	"h48/internal/edition"
	"h48/internal/kit/errs"
	"h48/internal/kit/sqldb"
)

// PrizeRef is what the jury has to know of a prize.
type PrizeRef struct{ ID, Title string }

// Prizes says what can be won.
type Prizes interface {
	// ToWin lists the prizes that are not dropped, in their order.
	ToWin(ctx context.Context, q sqldb.Querier, id edition.ID) ([]PrizeRef, error)
}

// ChallengeRef is what the jury has to know of a challenge.
type ChallengeRef struct {
	ID, Title string
	Sponsor   string // the organisation behind it, as the organiser wrote it
}

// Challenges says what the teams work on.
type Challenges interface {
	Challenges(ctx context.Context, q sqldb.Querier, id edition.ID) ([]ChallengeRef, error)
}

// Eligible says which teams may win a prize.
type Eligible string

// Who may win.
const (
	AllTeams    Eligible = "all"
	OfChallenge Eligible = "challenge" // the teams that work on one challenge
	ChosenTeams Eligible = "chosen"
)

// Panel is who judges one prize, and who may win it. What a panel asks beyond the common
// criteria is a bonus criterion (Criterion.Prize).
type Panel struct {
	Prize     PrizeRef
	Who       Eligible
	Challenge string
	Teams     []string // chosen ones
	// Jurors are those who judge for the prize; none means the whole jury.
	Jurors []account.ID
	// Limited are those of Jurors whose marks count for this prize and for no other: a
	// sponsor's juror. They see the teams that may win it, and no others.
	Limited []account.ID
	// Gone says that the prize fell away: nobody is asked anything for it any more, and
	// who judged for it alone does not come to judge for another by that.
	Gone bool
}

// wholeJury is a prize's panel that nobody set.
func wholeJury(p PrizeRef) Panel { return Panel{Prize: p, Who: AllTeams} }

func (p Panel) check() error {
	var wrong errs.Fields
	switch p.Who {
	case AllTeams:
	case OfChallenge:
		if p.Challenge == "" {
			wrong.Add("challenge", "error.required")
		}
	case ChosenTeams:
		if len(p.Teams) == 0 {
			wrong.Add("team", "error.required")
		}
	default:
		wrong.Add("who", "error.required")
	}
	for _, j := range p.Limited {
		if !slices.Contains(p.Jurors, j) {
			wrong.Add("limited", "jury.panel.limited_is_juror")
		}
	}
	return wrong.Err()
}

// May says whether the team may win the prize.
func (p Panel) May(t TeamRef) bool {
	switch p.Who {
	case OfChallenge:
		return t.Challenge == p.Challenge
	case ChosenTeams:
		return slices.Contains(p.Teams, t.ID)
	}
	return true
}

// Has says whether the juror judges for the prize.
func (p Panel) Has(juror account.ID) bool {
	return len(p.Jurors) == 0 || slices.Contains(p.Jurors, juror)
}

// Unpaired says whether the prize is judged by limited jurors alone: nobody neutral sits
// beside them.
func (p Panel) Unpaired() bool { return len(p.Jurors) > 0 && len(p.Limited) == len(p.Jurors) }

// text is the panel in the words of the trail and of an amendment: ids, no names.
func (p Panel) text() string {
	text := p.Prize.Title + ": " + string(p.Who)
	if p.Who == OfChallenge {
		text += " " + p.Challenge
	}
	if p.Who == ChosenTeams {
		text += " " + strings.Join(p.Teams, ", ")
	}
	list := func(all []account.ID) string {
		parts := make([]string, len(all))
		for i, id := range all {
			parts[i] = string(id)
		}
		return strings.Join(parts, ", ")
	}
	return fmt.Sprintf("%s; jurors %s; limited %s", text, list(p.Jurors), list(p.Limited))
}

// panels are the panels of an edition's prizes, as rules over jurors and teams.
type panels []Panel

// of is the prize's panel, of a prize that can still be won.
func (all panels) of(prize string) (Panel, bool) {
	i := slices.IndexFunc(all, func(p Panel) bool { return p.Prize.ID == prize && !p.Gone })
	if i < 0 {
		return Panel{}, false
	}
	return all[i], true
}

// limited says whether the juror judges for certain prizes alone.
func (all panels) limited(juror account.ID) bool {
	return slices.ContainsFunc(all, func(p Panel) bool { return slices.Contains(p.Limited, juror) })
}

// counts says whether the juror's marks count for the prize; "" is the common ranking.
func (all panels) counts(juror account.ID, prize string) bool {
	if !all.limited(juror) {
		return true
	}
	p, there := all.of(prize)
	return there && slices.Contains(p.Limited, juror)
}

// sees says whether the juror judges the team at all.
func (all panels) sees(juror account.ID, t TeamRef) bool {
	return !all.limited(juror) || slices.ContainsFunc(all, func(p Panel) bool { return !p.Gone && p.Has(juror) && len(p.Jurors) > 0 && p.May(t) })
}

// asks are the criteria on which the juror judges the team: the common ones, and the bonus
// of every prize that the juror judges for and the team may win.
func (all panels) asks(juror account.ID, t TeamRef, criteria []Criterion) []Criterion {
	return slices.DeleteFunc(slices.Clone(criteria), func(c Criterion) bool {
		if c.Prize == "" {
			return false
		}
		p, there := all.of(c.Prize)
		return !there || !p.Has(juror) || !p.May(t)
	})
}
